"""Unmet needs: what people look for and the catalogue does not hold, with nobody to be recognised; and their report."""

import csv
import re
from datetime import date
from html.parser import HTMLParser
from itertools import chain
from types import SimpleNamespace

import pytest

from feedback import Kept, Miss, MissKind, UnmetNeeds, find_unmet_needs, write_report
from feedback.unmet_needs import (
    COLUMNS,
    GeneralWords,
    MissedQuestion,
    Need,
    may_be_printed,
    missed_questions,
    render,
)
from search import Searcher

FOUND, REFUSED, REPORTED = MissKind.NOTHING_FOUND, MissKind.REFUSED, MissKind.REPORTED


def missed(query, *days, kind=FOUND, language="fr"):
    return [Kept(0, date.fromisoformat(day), Miss(query, language, kind)) for day in days]


def asked(text, times=1):
    return MissedQuestion(text, tuple(date(2026, 3, day + 1) for day in range(times)), frozenset({FOUND}))


@pytest.fixture(scope="module")
def general(searcher: Searcher) -> GeneralWords:
    return GeneralWords(searcher)


# --- what was asked ---


def test_the_spellings_of_a_question_are_one_and_the_most_frequent_is_shown():
    (one,) = missed_questions(
        missed("Crèche de nuit ?", "2026-01-05", "2026-02-01") + missed("creche de  nuit", "2026-02-09", kind=REFUSED)
    )
    assert (one.text, [f"{day}" for day in one.days]) == (
        "Crèche de nuit ?",
        ["2026-01-05", "2026-02-01", "2026-02-09"],
    )
    assert one.kinds == {FOUND, REFUSED}


def test_a_day_counts_once_because_a_second_time_may_be_the_same_person():
    (one,) = missed_questions(
        missed("crèche", "2026-01-05", "2026-01-05") + missed("crèche", "2026-01-05", kind=REFUSED)
    )
    assert one.times == 1


def test_the_most_frequent_question_comes_first():
    questions = missed_questions(missed("a b", "2026-01-05") + missed("c d", "2026-01-05", "2026-01-06"))
    assert [one.text for one in questions] == ["c d", "a b"]


# --- anonymity ---


@pytest.mark.parametrize(
    "text",
    [
        "Accompagnement des parents",
        "logement des jeunes en Bretagne",
        "aide aux personnes âgées dans les Hautes-Pyrénées",
        "RSA et emploi",
    ],
)
def test_a_question_of_general_words_is_printed_though_it_was_asked_once(general, text):
    assert may_be_printed(asked(text), general)


@pytest.mark.parametrize(
    "text",
    [
        "accompagnement de Kevin Petit",  # a name
        "accompagnement de kevin petit",
        "logement à Paimpont",  # a village
        "accompagnement d'une drépanocytose",  # a rare word
        "logement au 12 pour les parents",  # a figure
        "je suis seule avec les enfants et le travail est loin de la maison",  # a story
        "مساعدة الشباب",  # a script whose words cannot be told apart
        "жильё",
    ],
)
def test_what_may_be_particular_is_printed_only_when_it_was_asked_on_two_days(general, text):
    assert not may_be_printed(asked(text), general)
    assert may_be_printed(asked(text, times=2), general)


# --- needs ---

NIGHT = ["garde d'enfants la nuit", "crèche ouverte la nuit"]
SEASON = ["logements saisonniers", "hébergement des travailleurs saisonniers", "housing for seasonal workers"]
DRONES = ["drones pour la surveillance des feux de forêt", "surveiller les forêts avec des drones"]


@pytest.fixture(scope="module")
def needs(searcher: Searcher):
    told = [
        *(missed(text, "2026-01-05", "2026-03-02") for text in SEASON),
        *(missed(text, "2026-01-05", "2026-01-06") for text in NIGHT),
        *(missed(text, "2026-02-01", kind=REPORTED) for text in DRONES),
    ]
    return find_unmet_needs(searcher, chain.from_iterable(told))


def test_questions_about_one_thing_are_one_need_named_by_one_of_them(needs):
    first, second, third = needs.needs
    assert {one.text for one in first.questions} == set(SEASON)
    assert {one.text for one in second.questions} == set(NIGHT)
    assert first.name in SEASON
    assert second.name in NIGHT
    assert (third.name, third.questions, third.withheld) == (None, (), 2)


def test_a_need_counts_its_questions_by_month_and_tells_how_they_came_out(needs):
    first, _, third = needs.needs
    assert (first.times, first.by_month, first.kinds) == (6, {"2026-01": 3, "2026-03": 3}, (FOUND,))
    assert (third.times, third.by_month, third.kinds) == (2, {"2026-02": 2}, (REPORTED,))


def test_the_whole_counts_what_is_not_printed_too(needs):
    assert (needs.questions, needs.withheld, needs.left_out) == (7, 2, 0)
    assert needs.months == ("2026-01", "2026-02", "2026-03")


def test_a_need_shows_what_comes_nearest_in_the_catalogue(needs, searcher):
    for need in needs.needs:
        assert len(need.nearest) == 3
        assert all(searcher.catalogue.initiative(near.id).title == near.title for near in need.nearest)


@pytest.mark.parametrize("number", [0, 1])
def test_no_question_and_a_single_one_are_no_special_case(searcher, number):
    needs = find_unmet_needs(searcher, missed("garde d'enfants", "2026-01-05")[:number])
    assert (len(needs.needs), needs.questions) == (number, number)


def test_more_questions_than_can_be_compared_lose_the_least_frequent(searcher, monkeypatch):
    monkeypatch.setattr("feedback.unmet_needs.MAX_QUESTIONS", 2)
    told = missed("un bus", "2026-01-05", "2026-01-06") + missed("un vélo", "2026-01-05") + missed("vin", "2026-01-05")
    needs = find_unmet_needs(searcher, told)
    assert (needs.questions, needs.left_out) == (3, 1)
    assert {one.text for need in needs.needs for one in need.questions} <= {"un bus", "un vélo"}


# --- the report ---

CRECHE = SimpleNamespace(id="press-creche-44", title="Une crèche & ses horaires")
NOTHING = UnmetNeeds(needs=(), questions=0, withheld=0, left_out=0, months=())


def asked_on(text, *days):
    return MissedQuestion(text, tuple(map(date.fromisoformat, days)), frozenset({MissKind.NOTHING_FOUND}))


CHILDCARE = Need(
    name="crèche de nuit",
    questions=(
        asked_on("crèche de nuit", "2025-12-30", "2026-02-02"),
        asked_on("garde la nuit", "2026-02-02", "2026-02-03"),
    ),
    withheld=0,
    by_month={"2025-12": 1, "2026-02": 3},
    kinds=(MissKind.NOTHING_FOUND, MissKind.REFUSED),
    nearest=(CRECHE,),
)
COUNTED = Need(
    name=None,
    questions=(),
    withheld=2,
    by_month={"2026-01": 2},
    kinds=(MissKind.REPORTED,),
    nearest=(),
)
MONTHS = ("2025-12", "2026-01", "2026-02")
REPORT = UnmetNeeds(needs=(CHILDCARE, COUNTED), questions=4, withheld=2, left_out=0, months=MONTHS)


def report_of(*texts):
    """A report of needs with these names, each asked on the same two days."""
    needs = [
        Need(
            name=text,
            questions=(asked_on(text, "2026-01-05", "2026-01-06"),),
            withheld=0,
            by_month={"2026-01": 2},
            kinds=(MissKind.NOTHING_FOUND,),
            nearest=(),
        )
        for text in texts
    ]
    return UnmetNeeds(needs=tuple(needs), questions=len(texts), withheld=0, left_out=1, months=("2026-01",))


# --- the report: the page ---


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


# --- the report: the table ---


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
        list(COLUMNS),
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


def test_no_cell_of_the_table_begins_like_a_formula(tmp_path):
    _, table = write_report(tmp_path, report_of("=HYPERLINK(un bus)", "\t=cmd|' /C calc'!A0", "＝1+1"))
    _, *rows = read_table(table)
    assert [row[0] for row in rows] == ["'=HYPERLINK(un bus)", "'\t=cmd|' /C calc'!A0", "'＝1+1"]
    assert [row[6][0] for row in rows] == ["'", "'", "'"]
