"""The layout of a printed recueil: blocks of lines, the contents page, and the header and headings of a sheet."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from corpus.fields import Start, opens_with_date, printed_start
from corpus.model import Departement, Section
from corpus.places import Gazetteer
from corpus.text import edit_distance, fold_words, strip_markup


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines that are not blank; `start` is 1-based in the document."""

    start: int
    lines: tuple[str, ...]

    @property
    def end(self) -> int:
        """The last line, 1-based, inclusive."""
        return self.start + len(self.lines) - 1

    @property
    def text(self) -> str:
        """The lines without markup, joined by newlines."""
        return "\n".join(strip_markup(line) for line in self.lines)

    @property
    def is_list(self) -> bool:
        """Whether it opens with a list item."""
        return self.lines[0].lstrip().startswith(("- ", "> ")) or self.lines[0].strip() == "-"


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """Cut lines into blocks; lines[0] is line 1."""
    found = []
    for blank, run in groupby(enumerate(lines, start=1), key=lambda numbered: not numbered[1].strip()):
        if not blank:
            numbers, texts = zip(*run, strict=True)
            found.append(Block(numbers[0], texts))
    return found


ROW = re.compile(r"^\|(?P<words>[^|]*[^|\s-][^|]*)\|\s*\d+\s*\|$")
CHAPTER = re.compile(r"^Chapitre (?P<number>\d+)\b")
THEME_SIGN = "»"

# Contents and body are set by different hands: "Wimoov" and "Wimooov", "CREA I ARA" and "CREAI ARA".
SLIPS = 2  # letters
# Short titles would otherwise take each other's place.
LETTERS_PER_SLIP = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One title of the contents page."""

    chapter: int
    theme: str | None  # None in a chapter without themes
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The titles and themes of a document, in the order of its contents page; both may be empty."""

    entries: tuple[Entry, ...]
    themes: tuple[str, ...]

    def find(self, chapter: int, title: str, running: str | None) -> Entry | None:
        """The entry of a title. When a chapter lists it twice, the one under the running header is meant."""
        found = [entry for entry in self.entries if entry.chapter == chapter and same_words(entry.title, title)]
        return next((entry for entry in found if entry.theme == running), found[0] if found else None)

    def theme_named(self, words: str) -> str | None:
        """The theme that is printed as `words`, give or take a slip."""
        return next((theme for theme in self.themes if same_words(theme, words)), None)


def same_words(one: str, other: str) -> bool:
    """Whether two printed titles are one, up to case, accents, punctuation and a slip or two."""
    a, b = _letters(one), _letters(other)
    return a == b or edit_distance(a, b, SLIPS) <= min(SLIPS, len(a) // LETTERS_PER_SLIP)


@lru_cache(maxsize=1024)
def _letters(title: str) -> str:
    return "".join(fold_words(title))


def read_contents(lines: Iterable[str]) -> Contents:
    """Read the rows "| title..... | page |" of the front matter; rows of other tables do no harm."""
    chapter, theme = 0, None
    entries: list[Entry] = []
    themes: list[str] = []
    for row in filter(None, map(ROW.match, lines)):
        words = strip_markup(row["words"]).rstrip(". ")
        if opening := CHAPTER.match(words):
            chapter, theme = int(opening["number"]), None
        elif words.startswith(THEME_SIGN):
            theme = words.removeprefix(THEME_SIGN).strip()
            themes.append(theme)
        elif chapter:
            entries.append(Entry(chapter, theme, words))
    return Contents(tuple(entries), tuple(dict.fromkeys(themes)))


# Date, status, lead organisation, contacts on a line each, a reference to another publication: more is no header.
HEADER_BLOCKS = 12
# A département line may go on ("… et Cantons de …", "(… signalée par …)") but is no sentence.
PLACE_LINE = 120  # characters
PLACE_WORD = re.compile(r"^(?:Départements?|Collectivité|Métropole|Territoire)\b", re.I)
SEVERAL = re.compile(r"^Départements\b", re.I)
HEADING_WORD = re.compile(r"\b(?:OBJECTIF|CONTEXTE|DESCRIPTI|PRESENTATION|IMPACT|CARACTERE|RESULTAT|POUR ALLER)")
BOILERPLATE = re.compile(r"^Retrouvez\b.*\bwww\.", re.S)
STATUS = re.compile(
    r"^(?:realise|en (?:cours|projet|phase|attente|service)|initial|partiel|effectif|mise? en (?:oeuvre|place|service)"
    r"|acheve|termine|suspendu|abandonne|operationnel|lancement|projet\b|\d+(?:eme|er|e)? )"
)
BULLET = "°*•- "


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands between a sheet's title and its prose, as printed."""

    title: str
    place: str  # the département line
    lead_organisations: str  # may hold several lines
    start: Start | None
    status: str | None
    contacts: str  # one line each
    heading: str | None  # of the prose that follows, when the header's own line ends with it
    blocks: int  # how many blocks it takes, title included


def is_heading(text: str) -> bool:
    """Whether a line is the heading of a stretch of prose: known words, all in capitals."""
    words = strip_markup(text)
    return words == words.upper() and HEADING_WORD.search(words) is not None


def is_place_line(text: str, gazetteer: Gazetteer) -> bool:
    """Whether a line says which département this is, and little else."""
    whole = "\n" not in text and len(text) <= PLACE_LINE and not text.endswith((".", ":"))
    if not whole or not PLACE_WORD.match(text):
        return False
    return gazetteer.departement(text) is not None or bool(SEVERAL.match(text) and gazetteer.departements_in(text))


def read_header(blocks: Sequence[Block], at: int, gazetteer: Gazetteer) -> Header | None:
    """Read the header whose title is block `at`; None when no sheet begins there.

    A sheet begins where a title, a département line and a few short fields lead to a heading. All or some of these may
    share one line, each in bold after the other.
    """
    title, first, taken = _title_and_fields(blocks, at)
    if not first or is_place_line(title, gazetteer) or not is_place_line(first[0], gazetteer):
        return None
    fields, heading = first[1:], None
    if fields and is_heading(fields[-1]):
        return _header(title, first[0], fields[:-1], fields[-1], taken)
    for block in blocks[at + taken : at + HEADER_BLOCKS]:
        text = block.text
        if is_heading(block.lines[0]):
            return _header(title, first[0], fields, heading, taken)
        if _is_other_place(text, first[0], gazetteer):
            return None
        fields.append(text)
        taken += 1
    return None


def sections_of(lines: Sequence[str], first_line: int, heading: str | None) -> tuple[Section, ...]:
    """Cut prose at its headings; lines[0] is line `first_line` of the document. Boilerplate belongs to no section."""
    sections: list[Section] = []
    inside: list[int] = []

    def close() -> None:
        if inside:
            sections.append(Section(heading, inside[0], inside[-1]))
            inside.clear()

    for number, line in enumerate(lines, start=first_line):
        if is_heading(line) or BOILERPLATE.match(strip_markup(line)):
            close()
            heading = strip_markup(line) if is_heading(line) else heading
        elif line.strip():
            inside.append(number)
    close()
    return tuple(sections)


def departements_of(place: str, gazetteer: Gazetteer) -> tuple[Departement, ...]:
    """The départements of a département line, those in brackets left out: they are named for comparison."""
    words = re.sub(r"\(.*?(?:\)|$)", "", place)
    first, named = gazetteer.departement(words), gazetteer.departements_in(words)
    return named if first in named or not first else (first,)


def territory_of(place: str) -> str | None:
    """What a département line adds to the département: a part of it after a dash, or what it is joined to."""
    words = re.sub(r"\(.*?(?:\)|$)", "", place).strip()
    part = re.search(r" [–-] (.+)$", words)
    if part:
        return part[1]
    return re.sub(r"^Département (?:de la |de l['’]|des |du |de |d['’])", "", words) if " et " in words else None


def _title_and_fields(blocks: Sequence[Block], at: int) -> tuple[str, list[str], int]:
    """Give the title, the first fields and how many blocks hold them; no fields when the block is no title."""
    block = blocks[at]
    if block.is_list or len(block.lines) > 2 or at + 1 >= len(blocks):
        return "", [], 0
    merged = _merged(block)
    if len(merged) > 2 and not block.lines[0].startswith("**"):
        return merged[0], merged[1:], 1
    below = blocks[at + 1]
    merged = _merged(below)
    return " ".join(block.text.split("\n")), merged if len(merged) > 1 else [below.text], 2


def _merged(block: Block) -> list[str]:
    """The fields of a line on which each is in bold: "Titre**Département du Nord****2016**"."""
    if len(block.lines) > 1 or "****" not in block.lines[0]:
        return []
    return [strip_markup(part) for part in block.lines[0].split("**") if part.strip()]


def _is_other_place(text: str, place: str, gazetteer: Gazetteer) -> bool:
    """Whether a field opens another sheet or note: its own département may come again, as the lead organisation."""
    return is_place_line(text, gazetteer) and departements_of(text, gazetteer) != departements_of(place, gazetteer)


def _header(title: str, place: str, fields: list[str], heading: str | None, blocks: int) -> Header | None:
    """Tell the fields apart by what they say; the first that is neither date nor status names who leads."""
    printed = [field for field in fields if not BOILERPLATE.match(field)]
    dated = [field for field in printed if printed_start(field)]
    # "1er trimestre 2017" and "01/09/2017" begin like "2ème bilan": what opens with a date is one.
    date = next((field for field in dated if opens_with_date(field) or not _is_status(field) or len(dated) == 1), None)
    status = next((field for field in printed if field != date and _is_status(field)), None)
    others = [field for field in printed if field not in (date, status)]
    if not others:
        return None
    return Header(
        title=title,
        place=place,
        lead_organisations=others[0],
        start=printed_start(date) if date else None,
        status=status.strip(BULLET) if status else None,
        contacts="\n".join(others[1:]),
        heading=heading,
        blocks=blocks,
    )


def _is_status(field: str) -> bool:
    return STATUS.match(" ".join(fold_words(field))) is not None
