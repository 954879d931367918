"""What a file holds before it has a format: a text made of blocks, a table of cells, references."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus import SheetLanguage
from corpus.text import readable_line, strip_markup
from web.exports.references import Reference


class Look(StrEnum):
    """How a paragraph looks; the value names its style in office suites."""

    BODY = "Body"
    ITEM = "Item"  # of a list
    QUOTE = "Quote"
    NOTE = "Note"  # ours, beside what is told
    SMALL = "Small"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words."""

    text: str
    address: str | None = None  # where they lead
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs, with a space between them."""

    runs: tuple[Run, ...]
    look: Look = Look.BODY

    @classmethod
    def of(cls, text: str, look: Look = Look.BODY) -> "Paragraph":
        """A paragraph of plain words."""
        return cls((Run(text),), look)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; of level 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Aside:
    """Paragraphs that are set off from what stands around them."""

    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines as they were printed."""

    text: str

    @property
    def lines(self) -> Iterator[str]:
        """Its lines to be read, without marks of emphasis; blank ones are left out."""
        return filter(None, map(strip_markup, map(readable_line, self.text.split("\n"))))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to be read: rows of cells of paragraphs. The first row and the first column are headings."""

    rows: tuple[tuple[tuple[Paragraph, ...], ...], ...]


Block = Heading | Paragraph | Aside | Prose | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to be read on paper."""

    title: str
    blocks: tuple[Block, ...]
    locale: str  # as in "fr-FR"
    is_wide: bool = False  # its pages lie on their side


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be worked with, each row as long as its headings."""

    headings: tuple[str, ...]
    rows: tuple[Sequence[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What somebody takes along, whatever the format."""

    name: str  # of the file, without its ending
    text: Text
    table: Table
    references: tuple[Reference, ...]
    sheets_in: SheetLanguage
