"""Unmet needs: what people look for and the catalogue does not hold, with nobody to be recognised."""

from datetime import date
from itertools import chain

import pytest

from feedback import Kept, Miss, MissKind, find_unmet_needs
from feedback.unmet_needs import GeneralWords, MissedQuestion, may_be_printed, missed_questions
from search import Searcher

FOUND, REFUSED, REPORTED = MissKind.NOTHING_FOUND, MissKind.REFUSED, MissKind.REPORTED


def missed(query, *days, kind=FOUND, language="fr"):
    return [Kept(0, date.fromisoformat(day), Miss(query, language, kind)) for day in days]


def asked(text, times=1):
    return MissedQuestion(text, tuple(date(2026, 3, day + 1) for day in range(times)), frozenset({FOUND}))


@pytest.fixture(scope="module")
def general(searcher: Searcher) -> GeneralWords:
    return GeneralWords.of(searcher)


# --- what was asked ---


def test_the_spellings_of_a_question_are_one_and_the_most_frequent_is_shown():
    (one,) = missed_questions(
        missed("Crèche de nuit ?", "2026-01-05", "2026-02-01") + missed("creche de  nuit", "2026-02-09", kind=REFUSED)
    )
    assert (one.text, one.times, one.by_month) == ("Crèche de nuit ?", 3, {"2026-01": 1, "2026-02": 2})
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
    assert (needs.first, needs.last) == ("2026-01", "2026-03")


def test_a_need_shows_what_comes_nearest_in_the_catalogue(needs, searcher):
    for need in needs.needs:
        assert len(need.nearest) == 3
        assert all(searcher.initiative(near.id).title == near.title for near in need.nearest)


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
