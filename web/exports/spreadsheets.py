"""A table for spreadsheets: CSV as office suites in the visitor's language expect it, and XLSX.

No cell is ever calculated: in CSV what begins like a formula has an apostrophe before it, in XLSX every cell is a text
by its type.
"""

import csv
import io

from corpus.text import spreadsheet_cell
from web.exports.blocks import Table
from web.exports.text import printable

# Office suites take CSV without it for another encoding than UTF-8.
BYTE_ORDER_MARK = "\ufeff"

LONGEST_CELL = 32_767  # characters, by the format XLSX
WIDTHS = 8, 60  # of a column, in characters: at least and at most


def comma_separated(table: Table, separator: str) -> bytes:
    """The table in CSV, in UTF-8; rows end in carriage return and line feed, cells hold line feeds only."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(
        [spreadsheet_cell(printable(cell)) for cell in row] for row in (table.headings, *table.rows)
    )
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def workbook(table: Table) -> bytes:
    """The table in XLSX: the headings stay in sight, and rows can be filtered by them."""
    # Slow to import, and needed by those alone who export; so everywhere in this package.
    import xlsxwriter

    written = io.BytesIO()
    # Nothing is left for the program to guess, and nothing is written to the disk meanwhile.
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        strong = book.add_format({"text_wrap": True, "valign": "top", "bold": True})
        for number, row in enumerate((table.headings, *table.rows)):
            for column, cell in enumerate(row):
                look = plain if number else strong
                sheet.write_string(number, column, printable(cell)[:LONGEST_CELL], look)
        for column, cells in enumerate(zip(table.headings, *table.rows, strict=True)):
            longest = max(len(line) for cell in cells for line in cell.split("\n"))
            sheet.set_column(column, column, min(max(longest, WIDTHS[0]), WIDTHS[1]))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)
    return written.getvalue()
