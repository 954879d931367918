"""A text in OpenDocument (ODT)."""

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from web.exports.blocks import Aside, Block, Grid, Heading, Look, Paragraph, Prose, Run, Text
from web.exports.text import printable

if TYPE_CHECKING:
    import odfdo

SIZES: Mapping[str, str] = {
    Look.BODY: "11pt",
    Look.ITEM: "11pt",
    Look.QUOTE: "11pt",
    Look.NOTE: "10pt",
    Look.SMALL: "10pt",
}
CELL = "Cell"  # style of the paragraphs of a table, but for our notes


def open_document(text: Text) -> bytes:
    """The whole file."""
    import odfdo

    document = odfdo.Document("text")
    document.language = text.locale
    document.meta.title = printable(text.title)
    if text.is_wide:
        _lay_on_its_side(document)
    _add_styles(document)
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, printable(text.title)))
    for block in text.blocks:
        for element in _elements(block):
            body.append(element)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _lay_on_its_side(document: "odfdo.Document") -> None:
    """So that the columns of a table of five stay readable."""
    import odfdo

    size = {"fo:page-width": "29.7cm", "fo:page-height": "21cm", "style:print-orientation": "landscape"}
    for layout in document.get_styles("page-layout"):
        if isinstance(layout, odfdo.StylePageLayout):
            layout.set_properties({**size, "fo:margin": "1.5cm"})


def _add_styles(document: "odfdo.Document") -> None:
    import odfdo

    for name, size in {**SIZES, CELL: "9pt"}.items():
        style = odfdo.Style("paragraph", name=str(name), area="text", size=size, italic=name is Look.NOTE)
        spread = {"fo:margin-bottom": "0cm" if name == CELL else "0.2cm"}
        if name in (Look.QUOTE, Look.ITEM):
            spread["fo:margin-left"] = "0.6cm"
        style.set_properties(spread, area="paragraph")
        document.insert_style(style)
    bordered = odfdo.Style(
        "table-cell", name="Bordered", area="table-cell", border="0.5pt solid #888888", padding="0.15cm"
    )
    # Office suites read the look of cells from the styles of the text alone.
    document.insert_style(bordered, automatic=True)
    document.insert_style(odfdo.Style("text", name="Strong", area="text", bold=True))


def _elements(block: Block) -> Iterator["odfdo.Element"]:
    import odfdo

    match block:
        case Heading():
            yield odfdo.Header(block.level, printable(block.text))
        case Paragraph():
            yield _paragraph(block)
        case Aside():
            yield from (_paragraph(Paragraph(one.runs, Look.QUOTE)) for one in block.paragraphs)
        case Prose():
            yield from (_paragraph(Paragraph.of(line)) for line in block.lines)
        case Grid():
            yield _table(block)


def _paragraph(paragraph: Paragraph, style: str | None = None) -> "odfdo.Element":
    import odfdo

    made = odfdo.Paragraph(style=style or paragraph.look.value)
    before = "• " if paragraph.look is Look.ITEM else ""
    for number, run in enumerate(paragraph.runs):
        made.append(_run(Run(before + run.text, run.address, run.is_strong)))
        before = ""
        if number + 1 < len(paragraph.runs):
            made.append(odfdo.Span(" "))
    return made


def _run(run: Run) -> "odfdo.Element":
    import odfdo

    text = printable(run.text)
    if run.address is not None:
        return odfdo.Link(run.address, text=text)
    return odfdo.Span(text, style="Strong" if run.is_strong else None)


def _table(grid: Grid) -> "odfdo.Element":
    import odfdo

    first, *others = grid.rows
    table = odfdo.Table("table")
    head = odfdo.Element.from_tag("table:table-header-rows")
    head.append(_row(first))
    table.append(head)
    for row in others:
        table.append(_row(row))
    return table


def _row(cells: Iterable[Iterable[Paragraph]]) -> "odfdo.Element":
    import odfdo

    row = odfdo.Row()
    for paragraphs in cells:
        cell = odfdo.Cell(style="Bordered")
        for one in paragraphs:
            cell.append(_paragraph(one, Look.NOTE if one.look is Look.NOTE else CELL))
        row.append(cell)
    return row
