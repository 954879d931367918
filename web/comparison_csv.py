"""A comparison as CSV that office suites open as it is meant: one row for each aspect, one column for each initiative.

UTF-8 with a byte order mark, without which they take it for another encoding. A text of a sheet is never a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from web.comparison import Column, Comparison, ShownCell
from web.dates import Say

BYTE_ORDER_MARK = "\ufeff"

# Office suites read what begins like this as a formula, white space before it or not.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def comparison_csv(comparison: Comparison, say: Say) -> bytes:
    """The whole file. Rows end in carriage return and line feed, cells hold line feeds only."""
    written = io.StringIO()
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in _rows(comparison, say))
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def harmless(text: str) -> str:
    """A text that no office suite calculates. Example: "=1+1" → "'=1+1"."""
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) else text


def _rows(comparison: Comparison, say: Say) -> Iterator[Iterable[str]]:
    columns = comparison.columns
    yield [say("compare.aspect.title"), *(column.title for column in columns)]
    for row in comparison.rows:
        yield [row.label, *(_text(cell) for cell in row.cells)]
    yield [say("compare.source"), *(_source(column) for column in columns)]
    yield [say("compare.address"), *(column.address for column in columns)]


def _text(cell: ShownCell) -> str:
    note = [f"[{cell.note}]"] if cell.note else []
    return "\n".join(
        [*note, *(f"«\u00a0{one.text}\u00a0» ({one.lines})" if one.lines else one.text for one in cell.said)]
    )


def _source(column: Column) -> str:
    return f"{column.document}, {column.lines}"
