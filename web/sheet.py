"""A sheet as a page shows it: everything one document says of an initiative, and beside it what the project adds."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus import Document, Initiative
from corpus.contact import Contact
from search import Engine, Hit
from search.answering.quoting import opening, shown
from search.editorial import Editorial
from web.citation import Cited, licence_of, one_line
from web.dates import Say, in_words
from web.hit_view import Link
from web.lines import lines_in_words
from web.markdown import Field, fields_of
from web.printed import Line, lines_of
from web.reader import Reader

SIMILAR = 6  # initiatives shown below a sheet
LONGEST_REASON = 240  # characters of the passage that speaks for a similar initiative
EXPORTS = ("md", "json", "bib", "ris")  # endings of the addresses


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with its name in the reader's language."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
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


@dataclass(frozen=True, slots=True)
class SheetPage:
    """All that the template of a sheet needs."""

    id: str
    title: str  # as the document has it
    editorial_title: str | None  # for readers of another language
    summary: str | None
    labels: tuple[Link, ...]  # publics and topics, each leading to a search
    author: str | None  # of the editorial record
    fields: tuple[ShownField, ...]
    contacts: tuple[Contact, ...]
    year: str  # of the document
    lines: tuple[Line, ...]
    document: Document
    date: str
    licence: str
    place_in_document: str
    twins: tuple[Link, ...]
    similar: tuple[Similar, ...]
    exports: tuple[Link, ...]
    citation: str
    permalink: str

    @classmethod
    def of(
        cls, engine: Engine, initiative: Initiative, document: Document, cited: range, reader: Reader, origin: str
    ) -> "SheetPage":
        """The page of one sheet; the lines of the document in `cited` are marked, `origin` is where the service is."""
        say = reader.texts
        source = initiative.source
        editorial = engine.editorial(initiative, reader.language)
        permalink = f"{origin}/sheet/{initiative.id}"
        return cls(
            id=initiative.id,
            title=initiative.title,
            editorial_title=_other_title(initiative, editorial),
            summary=editorial.summary if editorial else None,
            labels=tuple(_labels(editorial, reader)),
            author=say(f"sheet.author.{editorial.author.name.lower()}") if editorial else None,
            fields=tuple(_shown(field, say) for field in fields_of(initiative, say)),
            contacts=initiative.contacts,
            year=document.date[:4],
            lines=lines_of(initiative, cited),
            document=document,
            date=in_words(document.date, say),
            licence=licence_of(document, say),
            place_in_document=lines_in_words(source.start_line, source.end_line, say),
            twins=tuple(_twin(engine.initiative(id), engine, reader) for id in initiative.same_as),
            similar=tuple(
                _similar(hit, editorial, reader) for hit in engine.similar(initiative.id, SIMILAR, reader.language)
            ),
            exports=tuple(
                Link(say(f"sheet.export.{ending}"), reader.link(f"/sheet/{initiative.id}.{ending}"))
                for ending in EXPORTS
            ),
            citation=one_line(Cited.of(initiative, document, permalink), say),
            permalink=permalink,
        )


def _other_title(initiative: Initiative, editorial: Editorial | None) -> str | None:
    """What the project calls it, where that is another title than the document's."""
    return editorial.title if editorial is not None and editorial.title != initiative.title else None


def _labels(editorial: Editorial | None, reader: Reader) -> Iterator[Link]:
    if editorial is None:
        return
    for name, labels in (("public", editorial.publics), ("topic", editorial.topics)):
        for one in labels:
            yield Link(one.label, reader.link("/", [("q", one.label), (name, one.key)]))


def _shown(field: Field, say: Say) -> ShownField:
    return ShownField(say(f"sheet.field.{field.name}"), field.values)


def _twin(twin: Initiative, engine: Engine, reader: Reader) -> Link:
    titles = {document.id: document.title for document in engine.index.contents.documents}
    return Link(f"{twin.title} — {titles[twin.source.document]}", reader.link(f"/sheet/{twin.id}"))


def _similar(hit: Hit, editorial: Editorial | None, reader: Reader) -> Similar:
    one, passage = hit.initiative, hit.passage
    lines = passage.start_line, passage.end_line
    return Similar(
        id=one.id,
        title=one.title,
        editorial_title=_other_title(one, hit.editorial),
        place=", ".join(departement.name for departement in one.departements) or one.territory or "",
        address=reader.link(f"/sheet/{one.id}"),
        shared=tuple(_shared(editorial, hit.editorial)),
        passage=_beginning(passage.text),
        lines=lines_in_words(*lines, reader.texts),
        passage_address=reader.link(f"/sheet/{one.id}", [("from", lines[0]), ("to", lines[1])], "cited"),
    )


def _shared(one: Editorial | None, other: Editorial | None) -> Iterator[str]:
    """The labels of publics and topics that both records have."""
    if one is not None and other is not None:
        keys = {label.key for label in (*other.publics, *other.topics)}
        yield from (label.label for label in (*one.publics, *one.topics) if label.key in keys)


def _beginning(text: str) -> str:
    """The first words of a passage, as an answer quotes them."""
    return shown(text, *opening(text, 0, len(text), LONGEST_REASON))
