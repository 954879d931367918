"""What can be taken along, as files: a sheet, a comparison, a list, what a search found; and how a sheet is cited.

    FORMATS["odt"].write(exported_sheet(listed, say, "fr"), say)     -> bytes

What is taken along is described once (`blocks`): a text, a table, references. Each format writes one of them:
Markdown, OpenDocument and Word the text, CSV and XLSX the table, BibTeX and RIS the references (`formats`).
"""

from web.exports.blocks import Exported, Grid, Heading, Look, Paragraph, Run, Table, Text
from web.exports.fields import Field, contact_in_words, corrections_of, fields_of
from web.exports.formats import FORMATS, Format
from web.exports.initiatives import Listed, Quote, exported_list, exported_sheet
from web.exports.references import Reference, bibtex, citation, licence_of, ris, stated_licence
from web.exports.text import markdown_line, markdown_prose, one_line, printable

__all__ = [
    "FORMATS",
    "Exported",
    "Field",
    "Format",
    "Grid",
    "Heading",
    "Listed",
    "Look",
    "Paragraph",
    "Quote",
    "Reference",
    "Run",
    "Table",
    "Text",
    "bibtex",
    "citation",
    "contact_in_words",
    "corrections_of",
    "exported_list",
    "exported_sheet",
    "fields_of",
    "licence_of",
    "markdown_line",
    "markdown_prose",
    "one_line",
    "printable",
    "ris",
    "stated_licence",
]
