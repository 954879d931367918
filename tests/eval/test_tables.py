"""Tables are made once: the terminal and the page show the same."""

from io import StringIO

import pytest
from rich.console import Console

from eval.compare import compare_runs
from eval.report import template
from eval.significance import Interval
from eval.tables import Table, around, chance, figure, show_table, signed, slices_table, systems_table
from tests.small_collection import catalogue_of, collection_of, run_of

COLLECTION = collection_of({f"q{n}": {"a": 3, "b": 1} for n in range(8)})
CATALOGUE = catalogue_of(COLLECTION)
GOOD = run_of("good", CATALOGUE, {f"q{n}": ["a", "b"] for n in range(8)})
BAD = run_of("bad", CATALOGUE, {f"q{n}": ["x", "b"] for n in range(8)})
COMPARISON = compare_runs(COLLECTION, [GOOD, BAD])


def printed(table: Table, narrow: bool = False) -> str:
    console = Console(file=StringIO(), width=100)
    show_table(table, console, narrow)
    assert isinstance(console.file, StringIO)
    return " ".join(console.file.getvalue().split())


def test_a_system_that_differs_has_a_star_and_every_mean_its_interval():
    rows = [row for rows in systems_table(COMPARISON).groups.values() for row in rows]
    assert [(row[0], row[5]) for row in rows] == [("good", "1.000 \n1.00–1.00"), ("bad", "0.000*\n0.00–0.00")]


def test_slices_hold_every_system_beside_the_number_of_questions():
    groups = slices_table(COMPARISON).groups
    assert groups["By type of question"] == [("q", "8", "1.000 \n1.00–1.00", "0.083*\n0.08–0.08")]


def test_the_terminal_and_the_page_show_every_cell_of_a_table():
    table = systems_table(COMPARISON)
    page = str(template("report_words.html").module.shown(table))  # type: ignore[attr-defined]
    cells = [line.strip("* ") for rows in table.groups.values() for row in rows for line in "\n".join(row).split("\n")]
    assert all(cell in printed(table) and cell in page for cell in cells)
    assert all(heading in printed(table) and heading in page for heading in table.headings)
    assert page.count(">*</span>") == printed(table).count("*") - 1 == 6  # the caption has one, too


def test_a_narrow_table_leaves_the_small_print_out():
    assert "1.00–1.00" not in printed(slices_table(COMPARISON), narrow=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (figure(None), "–"),
        (figure(0.12345), "0.123"),
        (signed(-0.5), "−0.500"),
        (chance(0.0002), "< .001"),
        (chance(0.0416), "0.042"),
        (around(Interval(0.781, 0.869)), "0.78–0.87"),
        (around(Interval(-0.02, 0.031)), "−0.02 to 0.03"),
        (around(None), ""),
    ],
)
def test_figures_are_worded_in_one_way(told: str, expected: str):
    assert told == expected
