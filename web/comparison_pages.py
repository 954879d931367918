"""The page that sets initiatives side by side, how to choose them, and the comparison as a file.

The choice is kept in the address and nowhere else: /compare?id=…&id=…
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from corpus import Initiative
from opened import OpenEngine
from search import Engine, UnknownInitiative
from search.comparing import FEWEST, MOST, compare
from web.comparison import Comparison
from web.comparison_csv import comparison_csv
from web.comparison_odt import comparison_odt
from web.reader import Parameter, Reader, reader_of
from web.rendering import SAFE_HEADERS, page
from web.sheet_pages import no_such_sheet, origin_of

PROPOSED = 8  # initiatives to add

ODT = "application/vnd.oasis.opendocument.text"


@dataclass(frozen=True, slots=True)
class Choice:
    """An initiative that may be compared."""

    id: str
    title: str
    place: str
    address: str  # of its sheet


def show_comparison(request: Request, engine: OpenEngine) -> HTMLResponse:
    """The initiatives of the address side by side, or the choice of them while there are too few or too many."""
    reader, ids = reader_of(request), chosen(request)
    try:
        initiatives = [engine.initiative(id) for id in ids]
    except UnknownInitiative as fault:
        return no_such_sheet(request, engine, next(id for id in ids if f"'{id}'" in fault.what))
    words = request.query_params.get("add", "").strip()
    if words or not FEWEST <= len(initiatives) <= MOST:
        return _show_choice(request, engine, initiatives, words, reader)
    exports = {ending: reader.link(f"/compare.{ending}", _parameters(ids)) for ending in ("csv", "odt")}
    comparison = _comparison(engine, initiatives, reader)
    without = {id: reader.link("/compare", _parameters([one for one in ids if one != id])) for id in ids}
    return page(request, "compare.html", reader, comparison=comparison, exports=exports, without=without, most=MOST)


def _show_choice(
    request: Request, engine: Engine, initiatives: Sequence[Initiative], words: str, reader: Reader
) -> HTMLResponse:
    chosen = [_choice(one, reader) for one in initiatives]
    proposals = [_choice(one, reader) for one in _proposals(engine, initiatives, words, reader)]
    return page(
        request,
        "compare_choice.html",
        reader,
        chosen=chosen,
        proposals=proposals,
        words=words,
        fewest=FEWEST,
        most=MOST,
        is_too_many=len(chosen) > MOST,
    )


def comparison_as_csv(request: Request, engine: OpenEngine) -> Response:
    """The comparison for a spreadsheet. Raises UnknownInitiative or BadComparison."""
    reader = reader_of(request)
    comparison = _comparison(engine, _initiatives(request, engine), reader, origin_of(request))
    return _file("csv", comparison_csv(comparison, reader.texts), "text/csv; charset=utf-8")


def comparison_as_odt(request: Request, engine: OpenEngine) -> Response:
    """The comparison for a word processor. Raises UnknownInitiative or BadComparison."""
    reader = reader_of(request)
    comparison = _comparison(engine, _initiatives(request, engine), reader, origin_of(request))
    return _file("odt", comparison_odt(comparison, reader.texts), ODT)


def chosen(request: Request) -> list[str]:
    """The ids of an address, each once, in order."""
    return list(dict.fromkeys(id for id in request.query_params.getlist("id") if id))


def _initiatives(request: Request, engine: Engine) -> list[Initiative]:
    return [engine.initiative(id) for id in chosen(request)]


def _comparison(engine: Engine, initiatives: Sequence[Initiative], reader: Reader, origin: str = "") -> Comparison:
    def address(id: str, lines: tuple[int, int] | None) -> str:
        cited: list[Parameter] = [("from", lines[0]), ("to", lines[1])] if lines else []
        return origin + reader.link(f"/sheet/{id}", cited, "cited" if lines else "")

    documents = {document.id: document for document in engine.index.contents.documents}
    editorials = [engine.editorial(one, reader.language) for one in initiatives]
    return Comparison.of(compare(initiatives), documents, editorials, address, reader.texts)


def _parameters(ids: Sequence[str]) -> list[Parameter]:
    return [("id", id) for id in ids]


def _proposals(engine: Engine, initiatives: Sequence[Initiative], words: str, reader: Reader) -> list[Initiative]:
    """What to add: what the words find, else what is like the first one chosen."""
    if words:
        hits = engine.search(words, PROPOSED, language=reader.language).hits
    elif initiatives:
        hits = engine.similar(initiatives[0].id, PROPOSED, reader.language)
    else:
        return []
    known = {one.id for one in initiatives}
    return [hit.initiative for hit in hits if hit.initiative.id not in known]


def _choice(one: Initiative, reader: Reader) -> Choice:
    place = ", ".join(departement.name for departement in one.departements) or one.territory or ""
    return Choice(one.id, one.title, place, reader.link(f"/sheet/{one.id}"))


def _file(ending: str, content: bytes, media_type: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="comparison.{ending}"'}
    return Response(content, headers=SAFE_HEADERS | disposition, media_type=media_type)
