"""A comparison as an OpenDocument text: title, table, and for each aspect the quotes with their sources.

Office suites of all makers open it. The columns of a table of five stay readable because the page lies on its side.
"""

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from web.comparison import Column, Comparison, ShownCell, ShownSaid
from web.dates import Say

if TYPE_CHECKING:
    from odfdo import Document, Element

CELL, QUOTE, NOTE, SMALL = "Cell", "Quote", "Note", "Small"  # names of styles

# Characters that XML cannot hold; a sheet converted from another format may.
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def comparison_odt(comparison: Comparison, say: Say) -> bytes:
    """The whole file."""
    # Slow to import, and needed by those alone who export.
    from odfdo import Document, Header, Paragraph

    document = Document("text")
    document.language = say("language.tag")
    document.meta.title = say("compare.title")
    _lay_on_its_side(document)
    _add_styles(document)
    body = document.body
    body.clear()
    body.append(Header(1, say("compare.title")))
    body.append(Paragraph(say("compare.lead"), style=SMALL))
    body.append(_table(comparison, say))
    body.append(Header(2, say("compare.sources")))
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


def _table(comparison: Comparison, say: Say) -> "Element":
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
    paragraph.append(Span(_fit(text), style="Strong"))
    return [paragraph]


def _told(cell: ShownCell) -> list["Element"]:
    from odfdo import Paragraph

    note = [Paragraph(cell.note, style=NOTE)] if cell.note else []
    return [*note, *(_said(one) for one in cell.said)]


def _said(one: ShownSaid) -> "Element":
    from odfdo import Link, Paragraph

    if one.address is None:
        return Paragraph(_fit(one.text), style=CELL)
    paragraph = Paragraph(_fit(f"«\u00a0{one.text}\u00a0» "), style=QUOTE)
    paragraph.append(Link(one.address, text=one.lines))
    return paragraph


def _source(column: Column) -> "Element":
    from odfdo import Link, Paragraph

    paragraph = Paragraph(_fit(f"{column.title} — {column.document}, {column.lines}. "), style=SMALL)
    paragraph.append(Link(column.address, text=column.address))
    return paragraph


def _fit(text: str) -> str:
    return NO_XML.sub("", text)
