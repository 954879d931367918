"""The report of unmet needs: a page that needs no network, and a table for spreadsheets."""

import csv
from collections.abc import Iterator
from pathlib import Path

from eval.anonymity import LEAST_DAYS, LEAST_SHEETS, MOST_WORDS
from eval.needs import Need, Needs
from eval.template import template

PAGE, TABLE = "gaps.html", "gaps.csv"
HEADINGS = ("need", "times", "questions", "not shown", "months", "how it came out", "printed questions", "nearest")

# With one of these at the start of a cell, spreadsheets run what people typed as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_report(folder: Path, needs: Needs) -> None:
    """Write gaps.html and gaps.csv into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(page_of(needs), encoding="utf-8")
    with (folder / TABLE).open("w", encoding="utf-8-sig", newline="") as file:  # the mark that spreadsheets look for
        csv.writer(file).writerows(_rows(needs))


def page_of(needs: Needs) -> str:
    """The page, self-contained; what people typed is escaped."""
    most = max((times for need in needs.needs for times in need.by_month.values()), default=1)
    return template(PAGE).render(
        report=needs, months=_months(needs), most=most, days=LEAST_DAYS, sheets=LEAST_SHEETS, words=MOST_WORDS
    )


def _months(needs: Needs) -> list[str]:
    """All months from the first to the last, those without a question too."""
    if needs.first is None or needs.last is None:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (needs.first, needs.last))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _rows(needs: Needs) -> Iterator[tuple[str | int, ...]]:
    yield HEADINGS
    for need in needs.needs:
        yield tuple(_safe(cell) for cell in _cells(need))


def _cells(need: Need) -> tuple[str | int, ...]:
    return (
        need.name or "",
        need.times,
        len(need.questions) + need.withheld,
        need.withheld,
        "; ".join(f"{month}: {times}" for month, times in need.by_month.items()),
        "; ".join(need.kinds),
        " | ".join(f"{one.text} ({one.times})" for one in need.questions),
        "; ".join(near.id for near in need.nearest),
    )


def _safe(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
