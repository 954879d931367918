"""A comparison as a file that office suites open as it is meant: a table in CSV, a text in OpenDocument."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from web.comparison import CellView, ColumnView, ComparisonView, SaidView
from web.export_text import readable, spreadsheet_cell
from web.texts import Say

if TYPE_CHECKING:
    from odfdo import Document, Element

# Office suites take CSV without it for another encoding than UTF-8.
BYTE_ORDER_MARK = "\ufeff"

CELL, QUOTE, NOTE, SMALL = "Cell", "Quote", "Note", "Small"  # names of styles in OpenDocument


# --- CSV: one row for each aspect, one column for each initiative ---


def comparison_csv(comparison: ComparisonView, say: Say) -> bytes:
    """The whole file, in UTF-8. Rows end in carriage return and line feed, cells hold line feeds only."""
    written = io.StringIO()
    csv.writer(written).writerows([spreadsheet_cell(cell) for cell in row] for row in _rows(comparison, say))
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
    from odfdo import Document, Header, Paragraph

    document = Document(id="text")
    document.language = say("language.tag")
    document.meta.title = say("compare.title")
    _lay_on_its_side(document)
    _add_styles(document)
    body = document.body
    body.clear()
    body.append(Header(title=1, place=say("compare.title")))
    body.append(Paragraph(say("compare.lead"), style=SMALL))
    body.append(_table(comparison, say))
    body.append(Header(title=2, place=say("compare.sources")))
    for column in comparison.columns:
        body.append(_source(column))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _lay_on_its_side(document: "Document") -> None:
    from odfdo import StylePageLayout

    size = {"fo:page-width": "29.7cm", "fo:page-height": "21cm", "style:print-orientation": "landscape"}
    for layout in document.get_styles("page-layout"):
        if isinstance(layout, StylePageLayout):
            layout.set_properties({**size, "fo:margin": "1.5cm"})


def _add_styles(document: "Document") -> None:
    from odfdo import Style

    sizes = {CELL: "9pt", QUOTE: "9pt", NOTE: "9pt", SMALL: "10pt"}
    for name, size in sizes.items():
        document.insert_style(Style("paragraph", name=name, area="text", size=size, italic=name == NOTE))
    bordered = Style("table-cell", name="Bordered", area="table-cell", border="0.5pt solid #888888", padding="0.15cm")
    # Office suites read the look of cells from the styles of the text alone.
    document.insert_style(bordered, automatic=True)
    document.insert_style(Style("text", name="Strong", area="text", bold=True))


def _table(comparison: ComparisonView, say: Say) -> "Element":
    from odfdo import Element, Table

    table = Table("comparison")
    head = Element.from_tag("table:table-header-rows")
    head.append(_row([_titled(say("compare.aspect.title")), *(_titled(column.title) for column in comparison.columns)]))
    table.append(head)
    for row in comparison.rows:
        table.append(_row([_titled(row.label), *(_told(cell) for cell in row.cells)]))
    return table


def _row(cells: Iterable[list["Element"]]) -> "Element":
    from odfdo import Cell, Row

    row = Row()
    for paragraphs in cells:
        cell = Cell(style="Bordered")
        for paragraph in paragraphs:
            cell.append(paragraph)
        row.append(cell)
    return row


def _titled(text: str) -> list["Element"]:
    from odfdo import Paragraph, Span

    paragraph = Paragraph(style=CELL)
    paragraph.append(Span(readable(text), style="Strong"))
    return [paragraph]


def _told(cell: CellView) -> list["Element"]:
    from odfdo import Paragraph

    note = [Paragraph(cell.note, style=NOTE)] if cell.note else []
    return [*note, *(_said(one) for one in cell.said)]


def _said(one: SaidView) -> "Element":
    from odfdo import Link, Paragraph

    if one.address is None:
        return Paragraph(readable(one.text), style=CELL)
    paragraph = Paragraph(readable(f"«\u00a0{one.text}\u00a0» "), style=QUOTE)
    paragraph.append(Link(one.address, text=one.lines))
    return paragraph


def _source(column: ColumnView) -> "Element":
    from odfdo import Link, Paragraph

    paragraph = Paragraph(readable(f"{column.title} — {column.document}, {column.lines}. "), style=SMALL)
    paragraph.append(Link(column.address, text=column.address))
    return paragraph
