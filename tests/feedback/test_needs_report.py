"""The report of unmet needs: a page that needs no network and a table that no office suite calculates."""

import csv
import re
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from feedback import MissKind, UnmetNeeds, csv_cell, write_report
from feedback.needs_report import HEADINGS, render
from feedback.unmet_needs import MissedQuestion, Need

CRECHE = SimpleNamespace(id="press-creche-44", title="Une crèche & ses horaires")
NOTHING = UnmetNeeds(needs=(), questions=0, withheld=0, left_out=0, first=None, last=None)


def asked(text, *days):
    return MissedQuestion(text, tuple(map(date.fromisoformat, days)), frozenset({MissKind.NOTHING_FOUND}))


NIGHT = Need(
    name="crèche de nuit",
    questions=(asked("crèche de nuit", "2025-12-30", "2026-02-02"), asked("garde la nuit", "2026-02-02", "2026-02-03")),
    withheld=0,
    times=4,
    by_month={"2025-12": 1, "2026-02": 3},
    kinds=(MissKind.NOTHING_FOUND, MissKind.REFUSED),
    nearest=(CRECHE,),
)
DRONES = Need(
    name=None,
    questions=(),
    withheld=2,
    times=2,
    by_month={"2026-01": 2},
    kinds=(MissKind.REPORTED,),
    nearest=(),
)
REPORT = UnmetNeeds(needs=(NIGHT, DRONES), questions=4, withheld=2, left_out=0, first="2025-12", last="2026-02")


def report_of(*texts):
    """A report of needs with these names, each asked on the same two days."""
    needs = [
        Need(
            name=text,
            questions=(asked(text, "2026-01-05", "2026-01-06"),),
            withheld=0,
            times=2,
            by_month={"2026-01": 2},
            kinds=(MissKind.NOTHING_FOUND,),
            nearest=(),
        )
        for text in texts
    ]
    return UnmetNeeds(needs=tuple(needs), questions=len(texts), withheld=0, left_out=1, first="2026-01", last="2026-01")


# --- the page ---


class Page(HTMLParser):
    """The tags, addresses and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def text_of(report):
    return " ".join(Page(render(report)).text.split())


def test_the_page_needs_no_network_and_runs_nothing():
    page = Page(render(REPORT))
    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(page.tags)
    assert [
        value for name, value in page.attributes if name in ("src", "href", "srcset") or name.startswith("on")
    ] == []
    assert re.findall(r"url\(|@import|https?://", render(REPORT)) == []
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_the_page_shows_needs_with_their_questions_and_what_comes_nearest():
    text = text_of(REPORT)
    assert "4 different questions, 2 needs, 2025-12 to 2026-02." in text
    assert "crèche de nuit crèche de nuit × 2 garde la nuit × 2" in text
    assert "Nearest in the catalogue: Une crèche & ses horaires" in text
    assert "nothing found, refused" in text


def test_the_page_says_how_many_questions_are_only_counted_or_left_out():
    assert "Questions that are only counted" in text_of(REPORT)
    assert "All others are only counted (2 of 4)." in text_of(REPORT)
    assert "1 least frequent question is left out." in text_of(report_of("un bus"))


def test_where_nothing_was_missed_the_page_says_so():
    assert "No question has gone unmet yet." in text_of(NOTHING)
    assert "No question has gone unmet yet." not in text_of(REPORT)


def test_every_month_has_its_place_and_a_bar_only_where_something_was_asked():
    page = render(REPORT)
    assert page.count('<svg width="30"') == 2  # December, January, February: 10 each
    assert page.count("<rect") == 2 + 1
    assert "2025-12: 1, 2026-02: 3" in page
    assert re.findall(r'rect x="(\d+)" y="([\d.]+)"', page) == [
        ("1", "22.3"),  # a third of the highest bar
        ("21", "1.0"),
        ("11", "11.7"),
    ]


def test_what_people_typed_is_text_on_the_page():
    page = render(report_of("<script>alert(1)</script> & more"))
    assert ("<script>" in page, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page) == (False, True)


# --- the table ---


def read_table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_page_and_table_are_written_into_a_folder_that_is_made(tmp_path):
    page, table = write_report(tmp_path / "new" / "folder", REPORT)
    assert page.read_text(encoding="utf-8") == render(REPORT)
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == ["gaps.csv", "gaps.html"]
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_table_has_a_line_for_each_need(tmp_path):
    _, table = write_report(tmp_path, REPORT)
    assert read_table(table) == [
        list(HEADINGS),
        [
            "crèche de nuit",
            "4",
            "2",
            "0",
            "2025-12: 1; 2026-02: 3",
            "nothing found; refused",
            "crèche de nuit (2) | garde la nuit (2)",
            "press-creche-44",
        ],
        ["", "2", "2", "2", "2026-01: 2", "reported", "", ""],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\n", " \n "])
def test_what_begins_like_a_formula_is_text_in_a_cell(before, start):
    typed = f"{before}{start}HYPERLINK(A1)"
    assert csv_cell(typed) == f"'{typed}"


@pytest.mark.parametrize("text", ["", "un bus", "1 - 2", "garde = nuit", "a@b", "'=1", "«\u00a0-\u00a0»"])
def test_what_begins_otherwise_stays_as_it_is(text):
    assert csv_cell(text) == text


def test_no_cell_of_the_table_begins_like_a_formula(tmp_path):
    _, table = write_report(tmp_path, report_of("=HYPERLINK(un bus)", "\t=cmd|' /C calc'!A0", "＝1+1"))
    _, *rows = read_table(table)
    assert [row[0] for row in rows] == ["'=HYPERLINK(un bus)", "'\t=cmd|' /C calc'!A0", "'＝1+1"]
    assert [row[6][0] for row in rows] == ["'", "'", "'"]
