"""What files of any format are read into: tables of records, each of cells by column, and where each stands.

A value of several parts, such as a list in JSON, is one cell with a line for each part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Format(StrEnum):
    """What a file holds, told by its content before its name."""

    CSV = "csv"  # any text of columns: TSV too
    WORKBOOK = "workbook"  # XLSX, XLS, ODS
    JSON = "json"
    JSONL = "jsonl"
    XML = "xml"
    FEED = "feed"  # RSS, Atom
    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"


# Formats that hold one sheet a file, or one a heading; the others hold one a row or element.
PROSE = frozenset({Format.MARKDOWN, Format.TEXT, Format.HTML, Format.DOCX, Format.ODT, Format.PDF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file is to be read; None, or "", where it does not apply or is found by looking."""

    format: Format
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None  # the name of a sheet of a workbook
    heading_row: int | None = None  # 1-based; 0 where no row names the columns
    first_row: int | None = None  # 1-based, the first row that is a record
    records: str | None = None  # path of the records: "$.aides" in JSON, an element of XML; "file", "heading 2", "list"


@dataclass(frozen=True, slots=True)
class Record:
    """One row, element, or file."""

    cells: Mapping[str, str]  # by column; empty cells may be missing
    where: str  # inside its file: "row 4", "line 12", "$.aides[3]", "" for a whole file


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What did not become a sheet, or only in part, and how to mend it."""

    file: str
    where: str  # "" for a whole file
    column: str
    what: str
    mend: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The records of one file, or of one sheet of a workbook."""

    file: str  # relative to the folder, with "/"
    layout: Layout
    columns: tuple[str, ...]
    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()  # what was noticed: "the file says count = 110 and holds 10"
    set_aside: tuple[SetAside, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)  # of the layout, by its field


def columns_of(records: Iterable[Record]) -> tuple[str, ...]:
    """The columns of records that need not all have the same, in the order in which they first come."""
    return tuple(dict.fromkeys(name for record in records for name in record.cells))
