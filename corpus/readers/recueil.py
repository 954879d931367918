"""The reader of a recueil: chapters of sheets, then of short notes, behind a contents page.

    Chapitre 1                    a chapter, its name below
    » Theme                       running header: missing before some sheets, outdated or damaged before others
    Title                         a sheet: title, département, fields in no fixed order, headings in capitals
    Département de …
    » Autres démarches            the notes of the chapter (the header may be missing): a département, its notes
    Name, month and year          the last line

The theme of a sheet is the one of the contents page; running headers serve for titles that it lacks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.errors import BadDocument
from corpus.fields import MONTH, domains_in, read_contacts, told_start
from corpus.model import Departement, Document, Initiative, Kind, Section, Source
from corpus.organisations import lead_organisations_of_field, lead_organisations_told, partners_told
from corpus.places import Gazetteer
from corpus.readers.layout import (
    THEME_SIGN,
    Block,
    Contents,
    Header,
    blocks_of,
    departements_of,
    is_place_line,
    read_contents,
    read_header,
    sections_of,
    territory_of,
)
from corpus.readers.notes import note_title, planned_status, split_notes, without_debris
from corpus.text import fold_words, sentences_of, strip_markup

CHAPTER_LINE = re.compile(r"^Chapitre \d+$")
NOTES = "Autres démarches"
FOOTER = re.compile(rf"^\w[\w ]* [–-] {MONTH} \d{{4}}$", re.I)
PAGE_NUMBER = re.compile(r"^\d+")
# What says that a département is named because it does the same.
ALIKE = re.compile(
    r"\b(?:similaires?|semblables?|analogues?|identiques?|dispositif proche"
    r"|autres départements|également (?:en place|développé)|N\.? ?B\.?|à noter)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as the body announces it; printed as "Chapitre 1 – Insertion"."""

    number: int
    name: str

    def __str__(self) -> str:
        return f"Chapitre {self.number} – {self.name}"


@dataclass(kw_only=True)
class Part:
    """A sheet, or the notes of one département, while its blocks are gathered."""

    chapter: Chapter
    running: str | None
    place: str
    header: Header | None  # None for notes
    first_line: int  # of the title, or of the département's name above its notes
    header_end: int  # the last line before the prose
    blocks: list[Block] = field(default_factory=list)


def read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """Read the sheets and notes of a recueil, in the order of the document.

    Raises BadDocument where the text has no chapter, no initiative, or a line that belongs to none.
    """
    contents = read_contents(document.lines)
    domains = domains_in("\n".join(document.lines))
    drafts: list[Initiative] = []
    for part in _parts(document, gazetteer, contents):
        if part.header:
            drafts.append(_sheet(document, gazetteer, contents, domains, part, part.header))
        else:
            drafts += _notes(document, gazetteer, part)
    if not drafts:
        raise BadDocument(
            "The document holds no sheet and no note",
            f"{document.file}:{len(document.lines)}",
            "Check that it is a recueil: a title, then a line such as « Département de l'Ain », for each sheet.",
        )
    return drafts


def _parts(document: Document, gazetteer: Gazetteer, contents: Contents) -> list[Part]:
    """Give every line after the front matter its part; what fits nowhere is a fault."""
    blocks = blocks_of(document.lines)
    at = _first_chapter(document, blocks)
    chapter, running = Chapter(0, ""), None
    parts: list[Part] = []
    open_part: Part | None = None
    while at < len(blocks):
        block = blocks[at]
        if at == len(blocks) - 1 and FOOTER.match(block.text):
            at += 1
        elif CHAPTER_LINE.match(block.text):
            chapter, running, open_part = _chapter(document, blocks, at), None, None
            at += 2
        elif theme := _running_header(block.text, contents):
            running, open_part = theme, None
            at += 1
        elif header := read_header(blocks, at, gazetteer):
            at += header.blocks
            open_part = Part(
                chapter=chapter,
                running=running,
                place=header.place,
                header=header,
                first_line=block.start,
                header_end=blocks[at - 1].end,
            )
            parts.append(open_part)
        elif is_place_line(block.text, gazetteer):
            open_part = Part(
                chapter=chapter,
                running=running,
                place=block.text,
                header=None,
                first_line=block.start,
                header_end=block.end,
            )
            parts.append(open_part)
            at += 1
        elif open_part:
            open_part.blocks.append(block)
            at += 1
        else:
            raise BadDocument(
                f"The line belongs to no sheet and no note: {block.text[:60]!r}",
                f"{document.file}:{block.start}",
                "Put a title and a line such as « Département de l'Ain » above it, or take it out.",
            )
    return parts


def _first_chapter(document: Document, blocks: Sequence[Block]) -> int:
    for at, block in enumerate(blocks):
        if CHAPTER_LINE.match(block.text):
            return at
    raise BadDocument(
        "The document has no chapter",
        f"{document.file}:1",
        "Write « Chapitre 1 » on a line of its own where the sheets begin, and the name of the chapter below.",
    )


def _chapter(document: Document, blocks: Sequence[Block], at: int) -> Chapter:
    number = int(blocks[at].text.split()[-1])
    if at + 1 == len(blocks) or len(blocks[at + 1].lines) > 1:
        raise BadDocument(
            f"Chapter {number} has no name",
            f"{document.file}:{blocks[at].start}",
            "Write its name on the next line, between blank lines.",
        )
    return Chapter(number, blocks[at + 1].text)


def _running_header(text: str, contents: Contents) -> str | None:
    """The theme a running header announces. One may have lost its sign and its first letters to a page number."""
    if text.startswith(THEME_SIGN) and "\n" not in text:
        return text.removeprefix(THEME_SIGN).strip()
    words = PAGE_NUMBER.sub("", text.replace("\n", " "))
    return contents.theme_named(words) if PAGE_NUMBER.match(text) else None


def _sheet(
    document: Document, gazetteer: Gazetteer, contents: Contents, domains: Mapping[str, int], part: Part, header: Header
) -> Initiative:
    first, body_line = part.first_line, part.header_end + 1
    last = part.blocks[-1].end if part.blocks else part.header_end
    entry = contents.find(part.chapter.number, header.title, part.running)
    prose = document.text(body_line, last)
    own = departements_of(header.place, gazetteer)
    leads = lead_organisations_of_field(header.lead_organisations)
    start = header.start or told_start(prose)
    return Initiative(
        id="",
        kind=Kind.SHEET,
        title=header.title,
        title_derived=False,
        source=Source(document.id, first, last),
        text=document.text(first, last),
        sections=sections_of(document.lines[body_line - 1 : last], body_line, header.heading),
        chapter=str(part.chapter),
        theme=entry.theme if entry else part.running,
        departements=own,
        cited_departements=_cited(f"{header.place}\n{prose}", own, gazetteer),
        territory=territory_of(header.place),
        lead_organisations=leads,
        partners=partners_told(prose, leads),
        start_year=start.year if start else None,
        start_text=start.text if start else None,
        status=header.status,
        contacts=read_contacts(header.contacts, domains) if header.contacts else (),
        also_titled=(entry.title,) if entry and fold_words(entry.title) != fold_words(header.title) else (),
    )


def _notes(document: Document, gazetteer: Gazetteer, part: Part) -> list[Initiative]:
    own = departements_of(part.place, gazetteer)
    drafts = []
    for blocks in split_notes(part.blocks):
        kept = without_debris(blocks)
        first, last = kept[0].start, kept[-1].end
        text = document.text(first, last)
        title = note_title(kept[0])
        start = told_start(text)
        leads = lead_organisations_told(text, part.place)
        drafts.append(
            Initiative(
                id="",
                kind=Kind.NOTE,
                title=title.words,
                title_derived=title.derived,
                source=Source(document.id, first, last),
                text=text,
                sections=(Section(None, first, last),),
                chapter=str(part.chapter),
                theme=NOTES,
                departements=own,
                cited_departements=_cited(text, own, gazetteer),
                territory=territory_of(part.place),
                lead_organisations=leads,
                partners=partners_told(text, leads),
                start_year=start.year if start else None,
                start_text=start.text if start else None,
                status=planned_status(strip_markup(text)),
                contacts=(),
            )
        )
    return drafts


def _cited(text: str, own: Sequence[Departement], gazetteer: Gazetteer) -> tuple[Departement, ...]:
    """The départements of the sentences that say others do the same."""
    sentences = [strip_markup(sentence) for sentence in sentences_of(text)]
    named = [one for sentence in sentences if ALIKE.search(sentence) for one in gazetteer.departements_in(sentence)]
    return tuple(one for one in dict.fromkeys(named) if one not in own)
