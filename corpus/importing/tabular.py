"""Tables: CSV and its kin, and workbooks (XLSX, XLS, ODS) → rows of cells → records.

What people do to sheets is undone here: banners above the heading row, empty rows and columns, merged cells, names of
columns that are empty or stand twice, several sheets of which one holds the records.
"""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import BadDocument
from corpus.importing.decoding import decoded
from corpus.importing.record import Format, Layout, Record, SetAside, Table

DELIMITERS = ";,\t|"
LOOKED_AT = 60  # rows in which delimiter and heading row are looked for
HIGHEST_HEADING = 25  # rows above it at most
LONGEST_NAME = 120  # characters of a column's name; longer ones are prose
TABLE = "table"  # what `Layout.records` says of a page whose rows are the records
# A page is a table when the largest is so much of its text, and has so many rows and columns.
SHARE_OF_TABLE, FEWEST_ROWS, FEWEST_COLUMNS = 0.6, 4, 3
# A sheet beside the best is read too when it has the same columns and at least so many records; fewer are an example.
FEWEST_OF_ANOTHER_SHEET = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells as they stand, each with where it stands: "row 4" of a workbook, "line 12" of a text."""

    name: str | None  # of the sheet
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # (number, cells)
    unit: str  # "row" or "line"
    hidden: bool = False


# --- reading ---


def csv_table(octets: bytes, file: str, layout: Layout | None) -> Table:
    """The records of a text of columns. Raises BadDocument."""
    text, encoding, why_encoding = decoded(octets, file, layout.encoding if layout else None)
    if layout and layout.delimiter:
        delimiter, why = layout.delimiter, "as corpus.toml says"
    else:
        delimiter, why = guess_delimiter(text)
    grid = Grid(None, tuple(_csv_rows(text, delimiter)), "line")
    told = Layout(
        format=Format.CSV,
        encoding=encoding,
        delimiter=delimiter,
        heading_row=layout.heading_row if layout else None,
        first_row=layout.first_row if layout else None,
    )
    table = _table(grid, file, told)
    return replace(table, reasons={"encoding": why_encoding, "delimiter": why, **table.reasons})


def workbook_tables(path: Path, file: str, layout: Layout | None) -> list[Table]:
    """The records of each sheet that is asked for, or of all that hold any. Raises BadDocument."""
    grids = _sheets(path, file)
    if layout is not None and layout.sheet is not None:
        found = [grid for grid in grids if grid.name == layout.sheet]
        if not found:
            raise BadDocument(
                f"The workbook has no sheet '{layout.sheet}'",
                file,
                f"Its sheets are {', '.join(repr(grid.name) for grid in grids)}.",
            )
        return [_table(found[0], file, replace(layout, format=Format.WORKBOOK))]
    tables = []
    for grid in grids:
        if not grid.hidden and grid.rows:
            tables.append(_table(grid, file, Layout(format=Format.WORKBOOK, sheet=grid.name)))
    return [table for table in tables if table.records]


def html_table(octets: bytes, file: str, layout: Layout | None) -> Table | None:
    """The records of the largest table of a page, None where the page is none but prose around small tables."""
    from corpus.importing.markup import element_text, parsed, tidied

    text, encoding, why = decoded(octets, file, layout.encoding if layout else None)
    root = parsed(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    tables = [] if root is None else [one for one in root.iter("table") if one.find(".//table") is None]
    if not tables:
        return None
    table = max(tables, key=lambda one: len(one.text_content()))
    rows = [[tidied(element_text(cell)) for cell in row.iter("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    told = layout is not None and layout.records == TABLE
    most = len(table.text_content().strip()) >= SHARE_OF_TABLE * len(root.text_content().strip())
    if not told and not (most and len(rows) >= FEWEST_ROWS and max(map(len, rows)) >= FEWEST_COLUMNS):
        return None
    grid = Grid(None, tuple((number, tuple(row)) for number, row in enumerate(rows, start=1)), "row")
    heading = (layout.heading_row, layout.first_row) if layout else (None, None)
    of_page = Layout(format=Format.HTML, encoding=encoding, records=TABLE, heading_row=heading[0], first_row=heading[1])
    found = _table(grid, file, of_page)
    return replace(found, reasons={"encoding": why, "records": "the page is one large table", **found.reasons})


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows with the line in which each begins; a quotation mark that nothing closes is one like any other letter."""
    csv.field_size_limit(10_000_000)
    lines = io.StringIO(text, newline=None).readlines()
    start = 1 if text[:4].lower() == "sep=" else 0  # Excel's own line about the delimiter
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter)
        first = start
        for row in reader:
            begun, start = start, first + reader.line_num
            if start == len(lines) and start - begun > 1 and "".join(lines[begun:]).count('"') % 2:
                yield begun + 1, tuple(lines[begun].rstrip("\n").split(delimiter))
                start = begun + 1
                break
            yield begun + 1, tuple(row)


def guess_delimiter(text: str) -> tuple[str, str]:
    """The delimiter under which the rows have most cells alike, and why."""
    best: tuple[float, int, str, int] = (0.0, 0, ",", 1)
    for delimiter in DELIMITERS:
        counts = []
        for _, (_, row) in zip(range(LOOKED_AT), _csv_rows(text, delimiter), strict=False):
            if any(cell.strip() for cell in row):
                counts.append(len(row))
        if not counts:
            continue
        usual, often = Counter(counts).most_common(1)[0]
        if usual > 1:
            # Many columns weigh more than one row that is off; prose holds commas in any number.
            best = max(best, (often / len(counts) * min(usual, 4), usual, delimiter, usual))
    _, _, delimiter, usual = best
    name = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}[delimiter]
    return delimiter, f"{name} cut most rows into {usual} cells"


def _sheets(path: Path, file: str) -> list[Grid]:
    """Every sheet of a workbook, by its content, whatever its name says."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_object(io.BytesIO(path.read_bytes()))
        grids = []
        for meta in workbook.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            values = sheet.to_python(skip_empty_area=False)
            rows = [[as_text(value) for value in row] for row in values]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                _fill_down(rows, top, left, bottom, right)
            kept = tuple((number, tuple(row)) for number, row in enumerate(rows, start=1))
            grids.append(Grid(meta.name, kept, "row", meta.visible is not SheetVisibleEnum.Visible))
        return grids
    except (CalamineError, OSError) as error:
        raise BadDocument(
            f"The workbook cannot be read: {error}", file, "Open it in an office suite and save it anew as XLSX."
        ) from None


def _fill_down(rows: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    """Give every row of a merged cell its value; across columns it is a banner, and stays where it is."""
    if bottom <= top or left != right or top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        if left < len(row) and not row[left]:
            row[left] = rows[top][left]


def as_text(value: object) -> str:
    """A cell of a workbook as people read it: 2012.0 -> "2012", a date -> "2012-05-29"."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return str(value)


# --- heading row and records ---


def _table(grid: Grid, file: str, layout: Layout) -> Table:
    if layout.heading_row is None:
        heading, why = guess_heading([row for _, row in grid.rows[:LOOKED_AT]])
        numbers = [number for number, _ in grid.rows]
        layout = replace(layout, heading_row=numbers[heading] if heading is not None else 0)
    else:
        why = "as corpus.toml says"
        heading = next((at for at, (number, _) in enumerate(grid.rows) if number == layout.heading_row), None)
    if heading is None:
        width = max((len(row) for _, row in grid.rows), default=0)
        names = tuple(f"column {n}" for n in range(1, width + 1))
    else:
        names = column_names(grid.rows[heading][1])
    start = layout.first_row or 0
    body = grid.rows[0 if heading is None else heading + 1 :]
    records, aside = [], []
    for number, row in body:
        cells = {name: text for name, cell in zip(names, row, strict=False) if name and (text := cell.strip())}
        if number < start or not cells:
            continue
        where = f"{grid.unit} {number}"
        if extra := [cell for cell in row[len(names) :] if cell.strip()]:
            aside.append(_too_long(file, where, len(names), extra, cells))
        elif heading is None or any(cells[name] != name for name in cells):  # a heading row repeated is no record
            records.append(Record(cells, where))
    return Table(
        file=file,
        layout=layout,
        columns=tuple(name for name in names if name),
        records=tuple(records),
        set_aside=tuple(aside),
        reasons={"heading_row": why},
    )


def _too_long(file: str, where: str, width: int, extra: Sequence[str], cells: dict[str, str]) -> SetAside:
    return SetAside(
        file=file,
        where=where,
        column="",
        what=f"The row has {len(extra)} cells more than the {width} columns, so that its values stand in wrong ones",
        mend="Put values that hold the delimiter or a line end between quotes.",
        cells={**cells, "beyond the last column": "\n".join(extra)},
    )


def column_names(row: Sequence[str]) -> tuple[str, ...]:
    """Names of columns: one line each, no two alike, "" for a column without one that comes after all named ones."""
    named = [" ".join(cell.split()) for cell in row]
    while named and not named[-1]:
        named.pop()
    seen: Counter[str] = Counter()
    names = []
    for number, name in enumerate(named, start=1):
        name = name or f"column {number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def guess_heading(rows: Sequence[Sequence[str]]) -> tuple[int | None, str]:
    """Which row (0-based) names the columns, None where none does; and why.

    It is the first with about as many filled cells as the widest, all short words, no two alike or nearly so, none a
    number, a date or an address.
    """
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    widest = max(widths, default=0)
    for at, row in enumerate(rows[:HIGHEST_HEADING]):
        filled = [" ".join(cell.split()) for cell in row if cell.strip()]
        if len(filled) < max(1, 0.5 * widest) or (len(filled) == 1 and widest > 1):
            continue
        if _is_heading(filled, rows[at + 1 :]):
            why = f"it is the first that names {len(filled)} of {widest} columns"
            return at, why
    return None, "no row looks like names of columns"


DATA = re.compile(r"[\d\s.,:/€%+-]*\d[\d\s.,:/€%+-]*|https?://\S+|\S+@\S+\.\S+")


def _is_heading(filled: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    if len(set(filled)) < 0.6 * len(filled):
        return False
    words = [cell for cell in filled if not DATA.fullmatch(cell) and len(cell) <= LONGEST_NAME]
    if len(words) < 0.7 * len(filled):
        return False
    # The values of a record come back below it, the names of columns do not.
    later = {" ".join(cell.split()) for row in below for cell in row}
    return len(filled) <= 2 or sum(cell in later for cell in filled) <= 0.3 * len(filled)
