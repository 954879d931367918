"""Gaps: what people look for and the catalogue does not hold, gathered into needs, with nobody to be recognised."""

import csv
import re
from datetime import date
from html.parser import HTMLParser
from itertools import chain

import pytest
from typer.testing import CliRunner

from cli import app
from eval.anonymity import GeneralWords, may_be_printed
from eval.asked import Asked, gather
from eval.needs import unmet_needs
from eval.needs_report import HEADINGS, page_of, write_report
from search import Engine
from search.feedback.entry import Kept, Miss, MissKind
from search.feedback.store import Store, feedback_file
from tests.conftest import environment_of

FOUND, REFUSED, REPORTED = MissKind.NOTHING_FOUND, MissKind.REFUSED, MissKind.REPORTED


def missed(query, *days, kind=FOUND, language="fr"):
    return [Kept(0, date.fromisoformat(day), Miss(query, language, kind)) for day in days]


def asked(text, times=1):
    return Asked(text, "fr", tuple(date(2026, 3, day + 1) for day in range(times)), frozenset({FOUND}))


@pytest.fixture(scope="module")
def general(engine: Engine) -> GeneralWords:
    return GeneralWords.of(engine)


# --- what was asked ---


def test_the_spellings_of_a_question_are_one_and_the_most_frequent_is_shown():
    (one,) = gather(
        missed("Crèche de nuit ?", "2026-01-05", "2026-02-01") + missed("creche de  nuit", "2026-02-09", kind=REFUSED)
    )
    assert (one.text, one.times, one.by_month) == ("Crèche de nuit ?", 3, {"2026-01": 1, "2026-02": 2})
    assert one.kinds == {FOUND, REFUSED}


def test_a_day_counts_once_because_a_second_time_may_be_the_same_person():
    (one,) = gather(missed("crèche", "2026-01-05", "2026-01-05") + missed("crèche", "2026-01-05", kind=REFUSED))
    assert one.times == 1


def test_the_most_frequent_question_comes_first():
    questions = gather(missed("a b", "2026-01-05") + missed("c d", "2026-01-05", "2026-01-06"))
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
def needs(engine: Engine):
    told = [
        *(missed(text, "2026-01-05", "2026-03-02") for text in SEASON),
        *(missed(text, "2026-01-05", "2026-01-06") for text in NIGHT),
        *(missed(text, "2026-02-01", kind=REPORTED) for text in DRONES),
    ]
    return unmet_needs(engine, gather(chain.from_iterable(told)))


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
    assert (needs.first, needs.last) == ("2026-01", "2026-03")


def test_a_need_shows_what_comes_nearest_in_the_catalogue(needs, engine):
    for need in needs.needs:
        assert len(need.nearest) == 3
        assert all(engine.initiative(near.id).title == near.title for near in need.nearest)


@pytest.mark.parametrize("number", [0, 1])
def test_no_question_and_a_single_one_are_no_special_case(engine, number):
    needs = unmet_needs(engine, gather(missed("garde d'enfants", "2026-01-05")[:number]))
    assert (len(needs.needs), needs.questions) == (number, number)
    assert ("No question has gone unmet yet" in page_of(needs)) == (number == 0)


def test_more_questions_than_can_be_compared_lose_the_least_frequent(engine, monkeypatch):
    monkeypatch.setattr("eval.needs.MOST_QUESTIONS", 2)
    told = missed("un bus", "2026-01-05", "2026-01-06") + missed("un vélo", "2026-01-05") + missed("vin", "2026-01-05")
    needs = unmet_needs(engine, gather(told))
    assert (needs.questions, needs.left_out) == (3, 1)
    assert "1 least frequent question" in page_of(needs)


# --- the report ---


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


def test_the_page_needs_no_network_and_runs_nothing(needs):
    page = Page(page_of(needs))
    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(page.tags)
    assert [
        value for name, value in page.attributes if name in ("src", "href", "srcset") or name.startswith("on")
    ] == []
    assert re.findall(r"url\(|@import|https?://", page_of(needs)) == []


def test_the_page_shows_printed_questions_and_not_the_others(needs):
    text = Page(page_of(needs)).text
    assert all(question in text for question in [*SEASON, *NIGHT])
    assert not any(question in text for question in DRONES)
    assert "2 of 7" in text


def test_every_month_has_its_place_and_a_bar_only_where_something_was_asked(needs):
    page = page_of(needs)
    assert page.count('<svg width="30"') == 3
    assert page.count("<rect") == 2 + 1 + 1
    assert "2026-01: 3, 2026-03: 3" in page


NASTY = "<script>alert(1)</script> & =cmd|' /C calc'!A0"


def test_what_people_typed_is_text_on_the_page_and_in_the_table(engine, tmp_path):
    days = ("2026-01-05", "2026-01-06")
    needs = unmet_needs(engine, gather(missed(NASTY, *days) + missed("=HYPERLINK(un bus)", *days)))
    write_report(tmp_path, needs)
    page = (tmp_path / "gaps.html").read_text(encoding="utf-8")
    assert ("<script>" in page, "&lt;script&gt;" in page) == (False, True)
    heading, *rows = read_table(tmp_path)
    assert heading == list(HEADINGS)
    assert any(row[0] == "'=HYPERLINK(un bus)" for row in rows)
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_the_table_has_a_line_for_each_need(needs, tmp_path):
    write_report(tmp_path / "new" / "folder", needs)
    _, first, second, third = read_table(tmp_path / "new" / "folder")
    assert first[1:6] == ["6", "3", "0", "2026-01: 3; 2026-03: 3", "nothing found"]
    assert all(f"{text} (2)" in second[6] for text in NIGHT)
    assert (third[0], third[1:4], third[6]) == ("", ["2", "2", "2"], "")
    assert not any(question in " ".join(third) for question in DRONES)


def read_table(folder):
    with (folder / "gaps.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_command_line_writes_the_report_from_what_is_kept(built, tmp_path, monkeypatch):
    for name, value in environment_of(built).items():
        if name.startswith("RECUEIL_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    for folder in ("index", "models"):
        (tmp_path / folder).symlink_to(built.var / folder)
    store = Store(feedback_file(tmp_path), 365)
    for text in NIGHT:
        store.add(Miss(text, "fr", FOUND))
    done = CliRunner().invoke(app, ["eval", "gaps", "--to", str(tmp_path / "gaps")])
    assert done.exit_code == 0, done.stderr
    assert "Questions: 2. Needs: 1." in done.stdout
    assert {path.name for path in (tmp_path / "gaps").iterdir()} == {"gaps.html", "gaps.csv"}
