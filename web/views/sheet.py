"""The page of a sheet: all that one document says of an initiative, beside it what the project adds; and its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from corpus import Contact, Document, Initiative
from search import Hit, RecordView, Searcher, opening, shown
from web.dependencies import Catalogue, CurrentVisitor, OpenCatalogue, OpenSearcher
from web.rendering import download, origin, page
from web.schemas import InitiativeSheet
from web.sheet_exports import Field, Reference, bibtex, citation, fields_of, licence_of, markdown, ris
from web.texts import Say, date_in_words, lines_in_words
from web.views.hits import place_of
from web.views.printed import Line, lines_of
from web.visitor import Link, Visitor

SIMILAR = 6  # initiatives shown below a sheet
LONGEST_REASON = 240  # characters of the passage that speaks for a similar initiative
NEAR_IDS = 3  # shown where nobody has the id that was asked for

# The files of a sheet by the endings of their addresses, in the order of the page.
TYPES = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field with its name in the visitor's language."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarView:
    """A similar initiative, and why it is one."""

    id: str
    title: str
    editorial_title: str | None
    place: str
    address: str
    shared: tuple[str, ...]  # publics and topics that both have
    passage: str  # the words that are nearest
    lines: str
    passage_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """All that the template of a sheet needs."""

    id: str
    title: str  # as the document has it
    editorial_title: str | None  # for visitors of another language
    summary: str | None
    labels: tuple[Link, ...]  # publics and topics, each leading to a search
    author: str | None  # of the editorial record
    fields: tuple[FieldView, ...]
    contacts: tuple[Contact, ...]
    year: str  # of the document
    lines: tuple[Line, ...]
    document: Document
    date: str
    licence: str
    place_in_document: str
    duplicates: tuple[Link, ...]  # sheets of the same initiative in other documents
    similar: tuple[SimilarView, ...]
    exports: tuple[Link, ...]
    citation: str
    permalink: str


def sheet_page(
    request: Request, searcher: OpenSearcher, catalogue: OpenCatalogue, visitor: CurrentVisitor, id: str
) -> HTMLResponse:
    """The page of one sheet; `from` and `to` mark lines of its document."""
    if id not in catalogue.initiatives:
        return no_such_sheet(request, id, catalogue, visitor)
    first = _line(request, "from")
    cited = range(first, max(first, _line(request, "to")) + 1)
    sheet = sheet_view(catalogue.initiatives[id], cited, permalink(request, id), searcher, catalogue, visitor)
    return page(request, "sheet.html", visitor, sheet=sheet)


def sheet_view(
    initiative: Initiative, cited: range, permalink: str, searcher: Searcher, catalogue: Catalogue, visitor: Visitor
) -> SheetView:
    """The view of one sheet; the lines of its document in `cited` are marked."""
    say, source = visitor.texts, initiative.source
    document, editorial = catalogue.document_of(initiative), searcher.editorial(initiative, visitor.language)
    return SheetView(
        id=initiative.id,
        title=initiative.title,
        editorial_title=_other_title(initiative, editorial),
        summary=editorial.summary if editorial else None,
        labels=tuple(_labels(editorial, visitor)),
        author=say(f"sheet.author.{editorial.author.name.lower()}") if editorial else None,
        fields=tuple(_field(field, say) for field in fields_of(initiative, say)),
        contacts=initiative.contacts,
        year=document.date[:4],
        lines=lines_of(initiative, cited),
        document=document,
        date=date_in_words(document.date, say),
        licence=licence_of(document, say),
        place_in_document=lines_in_words(source.start_line, source.end_line, say),
        duplicates=tuple(_duplicate(catalogue.initiatives[id], catalogue, visitor) for id in initiative.same_as),
        similar=tuple(
            _similar(hit, editorial, visitor) for hit in searcher.similar(initiative.id, SIMILAR, visitor.language)
        ),
        exports=tuple(
            Link(say(f"sheet.export.{ending}"), visitor.link(f"/sheet/{initiative.id}.{ending}")) for ending in TYPES
        ),
        citation=citation(Reference.of(initiative, document, permalink), say),
        permalink=permalink,
    )


def no_such_sheet(request: Request, id: str, catalogue: Catalogue, visitor: Visitor) -> HTMLResponse:
    """The page for an id that nobody has: what to do, and the sheets with ids most like it."""
    near = get_close_matches(id, catalogue.initiatives, NEAR_IDS)
    links = [Link(catalogue.initiatives[one].title, visitor.sheet(one)) for one in near]
    return page(request, "no_such_sheet.html", visitor, 404, near=links)


def permalink(request: Request, id: str) -> str:
    """The address of a sheet that others can follow."""
    return f"{origin(request)}/sheet/{id}"


def _line(request: Request, name: str) -> int:
    """A line number of the address; 0, which no line has, for anything else."""
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0


def _other_title(initiative: Initiative, editorial: RecordView | None) -> str | None:
    """What the project calls it, where that is another title than the document's."""
    return editorial.title if editorial is not None and editorial.title != initiative.title else None


def _labels(editorial: RecordView | None, visitor: Visitor) -> Iterator[Link]:
    if editorial is None:
        return
    for name, labels in (("public", editorial.publics), ("topic", editorial.topics)):
        for one in labels:
            yield Link(one.label, visitor.link("/", [("q", one.label), (name, one.key)]))


def _field(field: Field, say: Say) -> FieldView:
    return FieldView(say(f"sheet.field.{field.name}"), field.values)


def _duplicate(other: Initiative, catalogue: Catalogue, visitor: Visitor) -> Link:
    return Link(f"{other.title} — {catalogue.document_of(other).title}", visitor.sheet(other.id))


def _similar(hit: Hit, editorial: RecordView | None, visitor: Visitor) -> SimilarView:
    one, text, lines = hit.initiative, hit.passage.text, (hit.passage.start_line, hit.passage.end_line)
    return SimilarView(
        id=one.id,
        title=one.title,
        editorial_title=_other_title(one, hit.editorial),
        place=place_of(one),
        address=visitor.sheet(one.id),
        shared=tuple(_shared(editorial, hit.editorial)),
        passage=shown(text, *opening(text, 0, len(text), LONGEST_REASON)),
        lines=lines_in_words(*lines, visitor.texts),
        passage_address=visitor.sheet(one.id, lines),
    )


def _shared(one: RecordView | None, other: RecordView | None) -> Iterator[str]:
    """The labels of publics and topics that both records have."""
    if one is not None and other is not None:
        keys = {label.key for label in (*other.publics, *other.topics)}
        yield from (label.label for label in (*one.publics, *one.topics) if label.key in keys)


# --- files ---


def sheet_as_markdown(
    request: Request, searcher: OpenSearcher, catalogue: OpenCatalogue, visitor: CurrentVisitor, id: str
) -> Response:
    """A sheet as Markdown. Raises UnknownInitiative, as all files do."""
    initiative = searcher.initiative(id)
    document, editorial = catalogue.document_of(initiative), searcher.editorial(initiative, visitor.language)
    return _file(id, "md", markdown(initiative, document, editorial, permalink(request, id), visitor.texts))


def sheet_as_json(searcher: OpenSearcher, visitor: CurrentVisitor, id: str) -> Response:
    """A sheet as /initiatives/{id} gives it."""
    initiative = searcher.initiative(id)
    editorial = searcher.editorial(initiative, visitor.language)
    return _file(id, "json", InitiativeSheet.of(initiative, editorial).model_dump_json(indent=2))


def sheet_as_bibtex(
    request: Request, searcher: OpenSearcher, catalogue: OpenCatalogue, visitor: CurrentVisitor, id: str
) -> Response:
    """The citation of a sheet for BibTeX."""
    return _file(id, "bib", bibtex(_reference(request, searcher, catalogue, id), visitor.texts))


def sheet_as_ris(
    request: Request, searcher: OpenSearcher, catalogue: OpenCatalogue, visitor: CurrentVisitor, id: str
) -> Response:
    """The citation of a sheet in RIS."""
    return _file(id, "ris", ris(_reference(request, searcher, catalogue, id), visitor.texts))


def _reference(request: Request, searcher: Searcher, catalogue: Catalogue, id: str) -> Reference:
    initiative = searcher.initiative(id)
    return Reference.of(initiative, catalogue.document_of(initiative), permalink(request, id))


def _file(id: str, ending: str, content: str) -> Response:
    return download(f"{id}.{ending}", content, TYPES[ending])
