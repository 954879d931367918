"""A comparison in the visitor's language, links in place: for the page, and as files that office suites open as meant.

The files are a table in CSV and a text in OpenDocument.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus import Document
from corpus.text import spreadsheet_cell
from search import Cell, CellText, ComparedInitiative, RecordView
from web.exports import printable
from web.visitor import Say, lines_in_words

if TYPE_CHECKING:
    import odfdo

# Office suites take CSV without it for another encoding than UTF-8.
BYTE_ORDER_MARK = "\ufeff"

CELL, QUOTE, NOTE, SMALL = "Cell", "Quote", "Note", "Small"  # names of styles in OpenDocument

# Id of a sheet, and lines to show → its address.
Address = Callable[[str, tuple[int, int] | None], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """One of the initiatives."""

    id: str
    title: str  # as the document has it
    record_title: str | None  # in the visitor's language, where the project gives one and it is another
    document: str
    lines: str
    address: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """Words of a sheet, with a link to their lines; or a field that is not printed in these words, without."""

    text: str
    lines: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class CellView:
    """What one sheet says of one aspect."""

    said: tuple[SaidView, ...]
    note: str | None  # what the visitor must know: that it is empty, or hoped for


@dataclass(frozen=True, slots=True)
class RowView:
    """One aspect, a cell for each column."""

    aspect: str  # key of the texts
    label: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Two to five initiatives side by side."""

    columns: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]

    @classmethod
    def of(
        cls,
        compared: Sequence[ComparedInitiative],
        documents: Mapping[str, Document],
        records: Sequence[RecordView | None],
        address: Address,
        say: Say,
    ) -> "ComparisonView":
        """Show a comparison; `records` are those of the initiatives, in order."""
        columns = tuple(
            _column(one, documents, record, address, say) for one, record in zip(compared, records, strict=True)
        )
        rows = tuple(
            RowView(
                cells[0].aspect,
                say(f"compare.aspect.{cells[0].aspect}"),
                tuple(_cell(cell, address, say) for cell in cells),
            )
            for cells in zip(*(one.cells for one in compared), strict=True)
        )
        return cls(columns, rows)


def _column(
    one: ComparedInitiative, documents: Mapping[str, Document], record: RecordView | None, address: Address, say: Say
) -> ColumnView:
    source, title = one.initiative.source, one.initiative.title
    return ColumnView(
        id=one.initiative.id,
        title=title,
        record_title=record.title if record is not None and record.title != title else None,
        document=documents[source.document].title,
        lines=lines_in_words(source.start_line, source.end_line, say),
        address=address(one.initiative.id, None),
    )


def _cell(cell: Cell, address: Address, say: Say) -> CellView:
    note = say("compare.hoped") if cell.hoped else None if cell.said else say("compare.empty")
    return CellView(tuple(_said(said, address, say) for said in cell.said), note)


def _said(said: CellText, address: Address, say: Say) -> SaidView:
    if said.citation is None:
        return SaidView(said.text, None, None)
    source = said.citation.source
    lines = source.start_line, source.end_line
    return SaidView(said.text, lines_in_words(*lines, say), address(said.citation.initiative, lines))


# --- CSV: one row for each aspect, one column for each initiative ---


def comparison_csv(comparison: ComparisonView, say: Say) -> bytes:
    """The whole file, in UTF-8, its cells parted as office suites in the visitor's language expect.

    Rows end in carriage return and line feed, cells hold line feeds only.
    """
    written = io.StringIO()
    csv.writer(written, delimiter=say("compare.separator")).writerows(
        [spreadsheet_cell(printable(cell)) for cell in row] for row in _rows(comparison, say)
    )
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def _rows(comparison: ComparisonView, say: Say) -> Iterator[Iterable[str]]:
    columns = comparison.columns
    yield [say("compare.aspect.title"), *(column.title for column in columns)]
    for row in comparison.rows:
        yield [row.label, *(_text(cell) for cell in row.cells)]
    yield [say("compare.source"), *(f"{column.document}, {column.lines}" for column in columns)]
    yield [say("compare.address"), *(column.address for column in columns)]


def _text(cell: CellView) -> str:
    note = [f"[{cell.note}]"] if cell.note else []
    return "\n".join(
        [*note, *(f"«\u00a0{one.text}\u00a0» ({one.lines})" if one.lines else one.text for one in cell.said)]
    )


# --- OpenDocument: title, table, and for each aspect the quotes with their sources ---


def comparison_odt(comparison: ComparisonView, say: Say) -> bytes:
    """The whole file. Its page lies on its side, so that the columns of a table of five stay readable."""
    # Slow to import, and needed by those alone who export.
    import odfdo

    document = odfdo.Document("text")
    document.language = say("language.tag")
    document.meta.title = say("compare.title")
    _lay_on_its_side(document)
    _add_styles(document)
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, say("compare.title")))
    body.append(odfdo.Paragraph(say("compare.lead"), style=SMALL))
    body.append(_table(comparison, say))
    body.append(odfdo.Header(2, say("compare.sources")))
    for column in comparison.columns:
        body.append(_source(column))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _lay_on_its_side(document: "odfdo.Document") -> None:
    import odfdo

    size = {"fo:page-width": "29.7cm", "fo:page-height": "21cm", "style:print-orientation": "landscape"}
    for layout in document.get_styles("page-layout"):
        if isinstance(layout, odfdo.StylePageLayout):
            layout.set_properties({**size, "fo:margin": "1.5cm"})


def _add_styles(document: "odfdo.Document") -> None:
    import odfdo

    sizes = {CELL: "9pt", QUOTE: "9pt", NOTE: "9pt", SMALL: "10pt"}
    for name, size in sizes.items():
        document.insert_style(odfdo.Style("paragraph", name=name, area="text", size=size, italic=name == NOTE))
    bordered = odfdo.Style(
        "table-cell", name="Bordered", area="table-cell", border="0.5pt solid #888888", padding="0.15cm"
    )
    # Office suites read the look of cells from the styles of the text alone.
    document.insert_style(bordered, automatic=True)
    document.insert_style(odfdo.Style("text", name="Strong", area="text", bold=True))


def _table(comparison: ComparisonView, say: Say) -> "odfdo.Element":
    import odfdo

    table = odfdo.Table("comparison")
    head = odfdo.Element.from_tag("table:table-header-rows")
    head.append(
        _table_row([_titled(say("compare.aspect.title")), *(_titled(column.title) for column in comparison.columns)])
    )
    table.append(head)
    for row in comparison.rows:
        table.append(_table_row([_titled(row.label), *(_told(cell) for cell in row.cells)]))
    return table


def _table_row(cells: Iterable[list["odfdo.Element"]]) -> "odfdo.Element":
    import odfdo

    row = odfdo.Row()
    for paragraphs in cells:
        cell = odfdo.Cell(style="Bordered")
        for paragraph in paragraphs:
            cell.append(paragraph)
        row.append(cell)
    return row


def _titled(text: str) -> list["odfdo.Element"]:
    import odfdo

    paragraph = odfdo.Paragraph(style=CELL)
    paragraph.append(odfdo.Span(printable(text), style="Strong"))
    return [paragraph]


def _told(cell: CellView) -> list["odfdo.Element"]:
    import odfdo

    note = [odfdo.Paragraph(cell.note, style=NOTE)] if cell.note else []
    return [*note, *(_paragraph(one) for one in cell.said)]


def _paragraph(one: SaidView) -> "odfdo.Element":
    import odfdo

    if one.address is None:
        return odfdo.Paragraph(printable(one.text), style=CELL)
    paragraph = odfdo.Paragraph(printable(f"«\u00a0{one.text}\u00a0» "), style=QUOTE)
    paragraph.append(odfdo.Link(one.address, text=one.lines))
    return paragraph


def _source(column: ColumnView) -> "odfdo.Element":
    import odfdo

    paragraph = odfdo.Paragraph(printable(f"{column.title} — {column.document}, {column.lines}. "), style=SMALL)
    paragraph.append(odfdo.Link(column.address, text=column.address))
    return paragraph
