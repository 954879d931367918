"""The page of a sheet, and the sheet as a file: Markdown, JSON, BibTeX and RIS."""

from difflib import get_close_matches

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from corpus import Document, Initiative
from opened import OpenEngine
from search import Engine, UnknownInitiative
from web.citation import Cited, bibtex, ris
from web.hit_view import Link
from web.markdown import markdown
from web.reader import reader_of
from web.rendering import SAFE_HEADERS, page
from web.sheet import SheetPage
from wire import InitiativeSheet

NEAR_IDS = 3  # shown where nobody has the id that was asked for

TYPES = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}


def show_sheet(request: Request, engine: OpenEngine, id: str) -> HTMLResponse:
    """The page of one sheet; `from` and `to` mark lines of its document."""
    reader = reader_of(request)
    try:
        initiative = engine.initiative(id)
    except UnknownInitiative:
        return no_such_sheet(request, engine, id)
    cited = range(_line(request, "from"), max(_line(request, "from"), _line(request, "to")) + 1)
    sheet = SheetPage.of(engine, initiative, _document(engine, initiative), cited, reader, origin_of(request))
    return page(request, "sheet.html", reader, sheet=sheet)


def no_such_sheet(request: Request, engine: Engine, id: str) -> HTMLResponse:
    """The page for an id that nobody has: what to do, and the sheets with ids most like it."""
    reader = reader_of(request)
    near = get_close_matches(id, [one.id for one in engine.initiatives], NEAR_IDS)
    links = [Link(engine.initiative(one).title, reader.link(f"/sheet/{one}")) for one in near]
    return page(request, "no_such_sheet.html", reader, 404, near=links)


def sheet_as_markdown(request: Request, engine: OpenEngine, id: str) -> Response:
    """A sheet as Markdown."""
    reader, initiative = reader_of(request), engine.initiative(id)
    editorial = engine.editorial(initiative, reader.language)
    document = _document(engine, initiative)
    return _file(id, "md", markdown(initiative, document, editorial, permalink_of(request, id), reader.texts))


def sheet_as_json(request: Request, engine: OpenEngine, id: str) -> Response:
    """A sheet as /initiatives/{id} gives it."""
    initiative = engine.initiative(id)
    editorial = engine.editorial(initiative, reader_of(request).language)
    return _file(id, "json", InitiativeSheet.of(initiative, editorial).model_dump_json(indent=2))


def sheet_as_bibtex(request: Request, engine: OpenEngine, id: str) -> Response:
    """The citation of a sheet for BibTeX."""
    reader = reader_of(request)
    return _file(id, "bib", bibtex(_cited(request, engine, id), reader.texts))


def sheet_as_ris(request: Request, engine: OpenEngine, id: str) -> Response:
    """The citation of a sheet in RIS."""
    reader = reader_of(request)
    return _file(id, "ris", ris(_cited(request, engine, id), reader.texts))


def origin_of(request: Request) -> str:
    """Where the service is, as the reader's browser knows it."""
    return str(request.base_url).rstrip("/")


def permalink_of(request: Request, id: str) -> str:
    """The address of a sheet that others can follow."""
    return f"{origin_of(request)}/sheet/{id}"


def _cited(request: Request, engine: Engine, id: str) -> Cited:
    initiative = engine.initiative(id)
    return Cited.of(initiative, _document(engine, initiative), permalink_of(request, id))


def _document(engine: Engine, initiative: Initiative) -> Document:
    return next(one for one in engine.index.contents.documents if one.id == initiative.source.document)


def _file(id: str, ending: str, content: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{id}.{ending}"'}
    return Response(content, headers=SAFE_HEADERS | disposition, media_type=TYPES[ending])


def _line(request: Request, name: str) -> int:
    """A line number of the address; 0, which no line has, for anything else."""
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0
