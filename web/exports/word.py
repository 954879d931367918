"""A text in the format of Word (DOCX)."""

import io
from typing import TYPE_CHECKING

from web.exports.blocks import Aside, Block, Grid, Heading, Look, Paragraph, Prose, Run, Text
from web.exports.text import printable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as Written

# Ids of styles that the template of python-docx brings along; what is not named here has its ordinary one. Setting a
# style by its name looks through all of them each time, which took most of the time of a long list.
STYLES = {Look.ITEM: "ListBullet", Look.QUOTE: "Quote"}
HEADING = "Heading{level}"
SMALL_PT = 9.5
CELL_PT = 9
MARGIN_CM = 1.5


def word_document(text: Text) -> bytes:
    """The whole file."""
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    document.core_properties.title = printable(text.title)
    document.core_properties.author = ""
    document.core_properties.language = text.locale
    languages = document.styles.element.find(f".//{qn('w:lang')}")
    if languages is not None:
        languages.set(qn("w:val"), text.locale)
    if text.is_wide:
        _lay_on_its_side(document)
    _add_heading(document, Heading(text.title, 1))
    for block in text.blocks:
        _add(document, block)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _lay_on_its_side(document: "Document") -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    (section,) = document.sections
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)


def _add(document: "Document", block: Block) -> None:
    match block:
        case Heading():
            _add_heading(document, block)
        case Paragraph():
            _fill(_styled(document, STYLES.get(block.look)), block)
        case Aside():
            for one in block.paragraphs:
                _fill(_styled(document, STYLES[Look.QUOTE]), one)
        case Prose():
            for line in block.lines:
                document.add_paragraph(printable(line))
        case Grid():
            _add_table(document, block)


def _add_heading(document: "Document", heading: Heading) -> None:
    _styled(document, HEADING.format(level=heading.level)).add_run(printable(heading.text))


def _styled(document: "Document", style: str | None) -> "Written":
    """A new paragraph at the end, in the style of an id."""
    written = document.add_paragraph()
    if style is not None:
        written._p.style = style
    return written


def _add_table(document: "Document", grid: Grid) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(len(grid.rows), len(grid.rows[0]), "Table Grid")
    # Repeated where the table goes on, and told as headings to those who hear it.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, cells in zip(table.rows, grid.rows, strict=True):
        for cell, paragraphs in zip(row.cells, cells, strict=True):
            written = cell.paragraphs[0]
            for number, one in enumerate(paragraphs):
                _fill(cell.add_paragraph() if number else written, one, CELL_PT)


def _fill(written: "Written", paragraph: Paragraph, size_pt: float | None = None) -> None:
    from docx.shared import Pt

    size_pt = size_pt or (SMALL_PT if paragraph.look in (Look.SMALL, Look.NOTE) else None)
    for number, run in enumerate(paragraph.runs):
        if number:
            written.add_run(" ")
        if run.address is not None:
            _link(written, run)
            continue
        added = written.add_run(printable(run.text))
        added.bold, added.italic = run.is_strong or None, paragraph.look is Look.NOTE or None
        if size_pt:
            added.font.size = Pt(size_pt)


def _link(written: "Written", run: Run) -> None:
    """A link, which the library can read and not make."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), written.part.relate_to(str(run.address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    shown = written.add_run(printable(run.text))
    shown.font.underline = True
    link.append(shown._r)
    written._p.append(link)
