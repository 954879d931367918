"""The page of a sheet: all that one document says of an initiative, beside it what the project adds; and its files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from corpus import Document, Initiative
from corpus.text import STAR, SUPERSCRIPT, readable_line, strip_markup
from search import Catalogue, Hit, RecordView, Searcher, first_words, quoted_text
from web.address import permalink
from web.contacts import ContactView, contact_views
from web.dependencies import CurrentVisitor, OpenCatalogue, OpenMissLog, OpenSearcher
from web.exports import FORMATS, Field, Reference, citation, corrections_of, exported_sheet, fields_of, licence_of
from web.rendering import download, page
from web.schemas import InitiativeSheet
from web.views.feedback import asked_before
from web.views.files import file_links, file_of, listed, mail_link
from web.views.linked_data import JsonLd, description_of, linked_data
from web.views.results import place_of
from web.visitor import Link, Say, Visitor, date_in_words, lines_in_words

SIMILAR = 6  # initiatives shown below a sheet
LONGEST_REASON = 240  # characters of the passage that speaks for a similar initiative
NEAR_IDS = 3  # shown where nobody has the id that was asked for

# Bold, italics and superscripts as the texts have them: **so**, *so*, 1^{er} and n^o.
RUN = re.compile(
    r"""
    \*\*(?P<bold>[^*]+)\*\* | \*(?P<italic>[^*\s][^*]*)\* | \^\{?(?P<raised> (?<=\{)[^}]*(?=\}) | (?<=\^)\w )\}?
    """,
    re.VERBOSE,
)


# --- the text as printed: what the conversion left as markup shown as it looked in print ---


class Look(StrEnum):
    """How words looked in print."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the document."""

    number: int  # in the document, from 1
    runs: tuple[Run, ...]  # none for a blank line
    is_heading: bool  # of a section
    is_cited: bool
    is_first_cited: bool


def lines_of(initiative: Initiative, cited: range) -> tuple[Line, ...]:
    """The lines of a sheet; those with a number in `cited` are marked. Of several blank lines the first is shown."""
    headings = {strip_markup(section.heading) for section in initiative.sections if section.heading}
    numbered = list(enumerate(initiative.text.split("\n"), start=initiative.source.start_line))
    first = next((number for number, text in numbered if number in cited and text.strip()), None)
    return tuple(
        Line(
            number=number,
            runs=runs_of(text),
            is_heading=strip_markup(readable_line(text)) in headings,
            is_cited=number in cited and bool(text.strip()),
            is_first_cited=number == first,
        )
        for position, (number, text) in enumerate(numbered)
        if text.strip() or (position and numbered[position - 1][1].strip())
    )


def runs_of(text: str) -> tuple[Run, ...]:
    """The words of a line by their looks; none for a blank line.

    Example: "le 1^{er} **mai**" → "le 1", "er" raised, " ", "mai" bold
    """
    runs, end = [], 0
    for found in RUN.finditer(text):
        runs += [_unmarked(text[end : found.start()]), _marked(found)]
        end = found.end()
    runs.append(_unmarked(text[end:]))
    return tuple(run for run in runs if run.text) if text.strip() else ()


def _unmarked(text: str) -> Run:
    """Words without mark; a star that opens or closes nothing was not printed."""
    return Run(STAR.sub("", text), Look.PLAIN)


def _marked(found: re.Match[str]) -> Run:
    look = Look(found.lastgroup or Look.PLAIN)
    return Run(SUPERSCRIPT.sub(lambda m: m[1] or m[2], found[found.lastgroup or 0]), look)


# --- the page ---


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
    record_title: str | None
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
    record_title: str | None  # for visitors of another language
    summary: str | None
    labels: tuple[Link, ...]  # publics and topics, each leading to a search
    author: str | None  # of the editorial record
    fields: tuple[FieldView, ...]
    corrections: tuple[str, ...]  # what was mended in the fields, and why
    contacts: tuple[ContactView, ...]
    lead_organisations: str  # whom to ask where no contact is printed
    contacts_elsewhere: tuple[Link, ...]  # sheets of the same initiative that print some, where this one prints none
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
    mail: str  # the address that writes the permalink to somebody
    description: str  # for those who list the page, or show it before it is opened
    linked_data: JsonLd


def sheet_page(
    request: Request, searcher: OpenSearcher, misses: OpenMissLog, visitor: CurrentVisitor, id: str
) -> HTMLResponse:
    """The page of one sheet; `from` and `to` mark lines of its document."""
    catalogue = searcher.catalogue
    if id not in catalogue.rows:
        return no_such_sheet(request, id, catalogue, visitor)
    first = _line(request, "from")
    cited = range(first, max(first, _line(request, "to")) + 1)
    sheet = sheet_view(catalogue.initiative(id), cited, permalink(request, id), searcher, visitor)
    reply = page(
        request, "sheet.html", visitor, sheet=sheet, keeps_feedback=misses.is_kept, asked=asked_before(request)
    )
    kinds = {ending: one.media_type for ending, one in FORMATS.items()} | {"json": "application/json"}
    formats = (
        f'<{visitor.prefix}/sheet/{id}.{ending}>; rel="alternate"; type="{kind}"' for ending, kind in kinds.items()
    )
    reply.headers["Link"] = ", ".join([f'<{sheet.permalink}>; rel="canonical"', *formats])
    return reply


def sheet_view(initiative: Initiative, cited: range, permalink: str, searcher: Searcher, visitor: Visitor) -> SheetView:
    """The view of one sheet; the lines of its document in `cited` are marked."""
    say, source, catalogue = visitor.texts, initiative.source, searcher.catalogue
    document, record = catalogue.document(initiative), catalogue.record(initiative, visitor.language)
    description = description_of(initiative, document, record)
    return SheetView(
        id=initiative.id,
        title=initiative.title,
        record_title=_other_title(initiative, record),
        summary=record.summary if record else None,
        labels=tuple(_labels(record, visitor)),
        author=say(f"sheet.author.{record.author.name.lower()}") if record else None,
        fields=tuple(_field(field, say) for field in fields_of(initiative, say)),
        corrections=tuple(corrections_of(initiative, say)),
        contacts=contact_views(initiative.contacts),
        lead_organisations=", ".join(initiative.lead_organisations),
        contacts_elsewhere=tuple(_contacts_elsewhere(initiative, catalogue, visitor)),
        year=document.date[:4],
        lines=lines_of(initiative, cited),
        document=document,
        date=date_in_words(document.date, say),
        licence=licence_of(document, say),
        place_in_document=lines_in_words(source.start_line, source.end_line, say),
        duplicates=tuple(_duplicate(catalogue.initiative(id), catalogue, visitor) for id in initiative.same_as),
        similar=tuple(
            _similar(hit, record, visitor) for hit in searcher.similar(initiative.id, SIMILAR, visitor.language)
        ),
        exports=(
            *file_links(visitor, f"/sheet/{initiative.id}"),
            Link(say("export.json"), visitor.link(f"/sheet/{initiative.id}.json")),
        ),
        citation=citation(Reference.of(initiative, document, permalink), say),
        permalink=permalink,
        mail=mail_link(initiative.title, initiative.title, permalink),
        description=description,
        linked_data=linked_data(initiative, document, description, permalink, visitor.sheets_in),
    )


def no_such_sheet(request: Request, id: str, catalogue: Catalogue, visitor: Visitor) -> HTMLResponse:
    """The page for an id that nobody has: what to do, and the sheets with ids most like it."""
    near = get_close_matches(id, catalogue.rows, NEAR_IDS)
    links = [Link(catalogue.initiative(one).title, visitor.sheet(one)) for one in near]
    return page(request, "no_such_sheet.html", visitor, 404, near=links)


def _line(request: Request, name: str) -> int:
    """A line number of the address; 0, which no line has, for anything else."""
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0


def _other_title(initiative: Initiative, record: RecordView | None) -> str | None:
    """What the project calls it, where that is another title than the document's."""
    return record.title if record is not None and record.title != initiative.title else None


def _labels(record: RecordView | None, visitor: Visitor) -> Iterator[Link]:
    if record is None:
        return
    for name, labels in (("public", record.publics), ("topic", record.topics)):
        for one in labels:
            yield Link(one.label, visitor.link("/", [("q", one.label), (name, one.key)]))


def _field(field: Field, say: Say) -> FieldView:
    return FieldView(say(f"sheet.field.{field.name}"), field.values)


def _duplicate(other: Initiative, catalogue: Catalogue, visitor: Visitor) -> Link:
    return Link(f"{other.title} — {catalogue.document(other).title}", visitor.sheet(other.id))


def _contacts_elsewhere(initiative: Initiative, catalogue: Catalogue, visitor: Visitor) -> Iterator[Link]:
    if not initiative.contacts:
        for other in map(catalogue.initiative, initiative.same_as):
            if other.contacts:
                yield _duplicate(other, catalogue, visitor)


def _similar(hit: Hit, record: RecordView | None, visitor: Visitor) -> SimilarView:
    one, text, lines = hit.initiative, hit.passage.text, (hit.passage.start_line, hit.passage.end_line)
    return SimilarView(
        id=one.id,
        title=one.title,
        record_title=_other_title(one, hit.record),
        place=place_of(one),
        address=visitor.sheet(one.id),
        shared=tuple(_shared(record, hit.record)),
        passage=quoted_text(text, *first_words(text, 0, len(text), LONGEST_REASON)),
        lines=lines_in_words(*lines, visitor.texts),
        passage_address=visitor.sheet(one.id, lines),
    )


def _shared(one: RecordView | None, other: RecordView | None) -> Iterator[str]:
    """The labels of publics and topics that both records have."""
    if one is not None and other is not None:
        keys = {label.key for label in (*other.publics, *other.topics)}
        yield from (label.label for label in (*one.publics, *one.topics) if label.key in keys)


# --- files ---


def sheet_file(request: Request, catalogue: OpenCatalogue, visitor: CurrentVisitor, id: str) -> Response:
    """A sheet in the format that the ending of its address names. Raises UnknownInitiative."""
    one = listed(request, id, catalogue, visitor)
    return file_of(request, exported_sheet(one, visitor.texts, visitor.sheets_in), visitor)


def sheet_as_json(catalogue: OpenCatalogue, visitor: CurrentVisitor, id: str) -> Response:
    """A sheet as /initiatives/{id} gives it. Raises UnknownInitiative."""
    initiative = catalogue.initiative(id)
    record = catalogue.record(initiative, visitor.language)
    written = InitiativeSheet.of(initiative, record).model_dump_json(indent=2)
    return download(f"{id}.json", written, "application/json")
