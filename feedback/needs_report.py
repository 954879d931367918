"""The report of unmet needs: a page that needs no network, and a table for spreadsheets."""

import csv
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedback.unmet_needs import MAX_WORDS, MIN_DAYS, MIN_SHEETS, Need, UnmetNeeds

HEADINGS = ("need", "times", "questions", "not shown", "months", "how it came out", "printed questions", "nearest")

# Office suites run what begins like this as a formula, spaces before it or not; to some, full-width signs are alike.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def write_report(folder: Path, report: UnmetNeeds) -> tuple[Path, Path]:
    """Write the page and the table, gaps.html and gaps.csv, into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / "gaps.html", folder / "gaps.csv"
    page.write_text(render(report), encoding="utf-8")
    with table.open("w", encoding="utf-8-sig", newline="") as file:  # the mark that spreadsheets look for
        csv.writer(file).writerows(_rows(report))
    return page, table


def render(report: UnmetNeeds) -> str:
    """The page, self-contained; what people typed is escaped."""
    environment = Environment(
        loader=PackageLoader("feedback"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    most = max((times for need in report.needs for times in need.by_month.values()), default=1)
    return environment.get_template("gaps.html").render(
        report=report, months=_months(report), most=most, days=MIN_DAYS, sheets=MIN_SHEETS, words=MAX_WORDS
    )


def csv_cell(text: str) -> str:
    """A text that no office suite calculates (CSV injection). Example: "=1+1" → "'=1+1"."""
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA_STARTS) else text


def _months(report: UnmetNeeds) -> list[str]:
    """All months from the first to the last, those without a question too."""
    if report.first is None or report.last is None:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (report.first, report.last))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _rows(report: UnmetNeeds) -> Iterator[tuple[str, ...]]:
    yield HEADINGS
    for need in report.needs:
        yield tuple(csv_cell(cell) for cell in _cells(need))


def _cells(need: Need) -> tuple[str, ...]:
    return (
        need.name or "",
        str(need.times),
        str(len(need.questions) + need.withheld),
        str(need.withheld),
        "; ".join(f"{month}: {times}" for month, times in need.by_month.items()),
        "; ".join(need.kinds),
        " | ".join(f"{one.text} ({one.times})" for one in need.questions),
        "; ".join(near.id for near in need.nearest),
    )
