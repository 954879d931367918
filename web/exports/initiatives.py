"""Initiatives to be taken along: a whole sheet, and a list of several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import Document, Initiative, SheetLanguage
from search import RecordView
from web.exports.blocks import Aside, Block, Exported, Heading, Look, Paragraph, Prose, Run, Table, Text
from web.exports.fields import contact_in_words, corrections_of, fields_of
from web.exports.references import Reference, citation
from web.visitor import Say, lines_in_words


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a sheet that speak for it."""

    text: str
    lines: str  # in words
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An initiative, and what is told of it."""

    initiative: Initiative
    document: Document
    record: RecordView | None
    permalink: str
    quote: Quote | None = None

    @property
    def title(self) -> str:
        """The title in the visitor's language, where there is one."""
        return self.record.title if self.record else self.initiative.title

    @property
    def reference(self) -> Reference:
        """How it is cited."""
        return Reference.of(self.initiative, self.document, self.permalink)


def exported_sheet(one: Listed, say: Say, sheets_in: SheetLanguage) -> Exported:
    """A whole sheet; words of ours are in the language that `say` speaks."""
    return Exported(
        name=one.initiative.id,
        text=Text(title=one.initiative.title, blocks=tuple(_whole_sheet(one, say)), locale=say("language.tag")),
        table=_table([one], with_contacts=True, say=say),
        references=(one.reference,),
        sheets_in=sheets_in,
    )


def exported_list(
    name: str,
    title: str,
    about: Sequence[str],
    listed: Sequence[Listed],
    say: Say,
    sheets_in: SheetLanguage,
    *,
    with_contacts: bool,
) -> Exported:
    """Several initiatives, below lines that say what they are.

    Contacts are told of those that somebody chose one by one; of all that a search finds only whether there are any,
    for nobody shall gather them by the hundred.
    """
    head = [Paragraph.of(line, Look.SMALL) for line in about]
    told = [block for one in listed for block in _entry(one, say, with_contacts)]
    return Exported(
        name=name,
        text=Text(title=title, blocks=(*head, *told), locale=say("language.tag")),
        table=_table(listed, with_contacts, say),
        references=tuple(one.reference for one in listed),
        sheets_in=sheets_in,
    )


# --- a sheet ---


def _whole_sheet(one: Listed, say: Say) -> Iterator[Block]:
    initiative, source = one.initiative, one.initiative.source
    if one.record is not None:
        yield Aside(tuple(_record(one.record, say)))
    for field in fields_of(initiative, say):
        yield _item(say(f"sheet.field.{field.name}"), " ; ".join(field.values))
    for correction in corrections_of(initiative, say):
        yield _item(say("sheet.corrections.title"), correction)
    yield Heading(say("sheet.text.title"))
    yield Paragraph.of(
        say("sheet.text.lines", document=one.document.title, start=source.start_line, end=source.end_line)
    )
    yield Prose(initiative.text)
    if initiative.contacts:
        yield Heading(say("sheet.contacts.title"))
        yield Paragraph.of(say("sheet.contacts.check", year=one.document.date[:4]))
        for contact in initiative.contacts:
            yield Paragraph.of(contact_in_words(contact), Look.ITEM)
    yield Heading(say("sheet.citation.title"))
    yield Paragraph.of(citation(one.reference, say))


def _record(record: RecordView, say: Say) -> Iterator[Paragraph]:
    yield Paragraph.of(record.summary)
    yield Paragraph.of(say("sheet.editorial.note"), Look.NOTE)
    if labels := ", ".join(label.label for label in (*record.publics, *record.topics)):
        yield Paragraph.of(labels)


# --- an entry of a list ---


def _entry(one: Listed, say: Say, with_contacts: bool) -> Iterator[Block]:
    yield Heading(one.title)
    if one.title != one.initiative.title:
        yield Paragraph.of(one.initiative.title, Look.NOTE)
    for field in fields_of(one.initiative, say):
        if field.name in ("departements", "territory", "carriers", "start"):
            yield _item(say(f"sheet.field.{field.name}"), " ; ".join(field.values))
    if with_contacts:
        for contact in one.initiative.contacts:
            yield _item(say("list.contact", year=one.document.date[:4]), contact_in_words(contact))
    if one.record is not None:
        yield Paragraph((Run(one.record.summary), Run(f"({say('editorial.mark')})")))
    if one.quote is not None:
        words = Run(f"«\u00a0{one.quote.text}\u00a0»")
        yield Paragraph((words, Run(one.quote.lines, one.quote.address)), Look.QUOTE)
    yield Paragraph.of(citation(one.reference, say), Look.SMALL)


def _item(name: str, value: str) -> Paragraph:
    return Paragraph((Run(name, is_strong=True), Run(value)), Look.ITEM)


# --- a table of them ---


def _table(listed: Sequence[Listed], with_contacts: bool, say: Say) -> Table:
    names = ["title", "printed", "place", "carriers", "start", "kind", "publics", "topics", "summary", "contact"]
    names += ["quote", "quote_lines"] if any(one.quote for one in listed) else []
    names += ["document", "published", "lines", "address"]
    rows = [_row(one, with_contacts, say) for one in listed]
    return Table(
        tuple(say(f"list.column.{name}") for name in names), tuple([row[name] for name in names] for row in rows)
    )


def _row(one: Listed, with_contacts: bool, say: Say) -> dict[str, str]:
    initiative, record, source = one.initiative, one.record, one.initiative.source
    contacts = "\n".join(map(contact_in_words, initiative.contacts)) if with_contacts else say("list.contact_printed")
    return {
        "title": one.title,
        "printed": initiative.title,
        "place": ", ".join(place.name for place in initiative.departements) or initiative.territory or "",
        "carriers": ", ".join(initiative.lead_organisations),
        "start": str(initiative.start_year or ""),
        "kind": say(f"kind.{initiative.kind}"),
        "publics": ", ".join(label.label for label in record.publics) if record else "",
        "topics": ", ".join(label.label for label in record.topics) if record else "",
        "summary": record.summary if record else "",
        "contact": contacts if initiative.contacts else "",
        "quote": one.quote.text if one.quote else "",
        "quote_lines": one.quote.lines if one.quote else "",
        "document": one.document.title,
        "published": one.document.date,
        "lines": lines_in_words(source.start_line, source.end_line, say),
        "address": one.permalink,
    }
