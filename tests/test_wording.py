"""Wording: frames in the language of the question, around quotes in that of the source."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Departement
from search.answering import wording
from tests.atlas import initiative


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "partout — Le bus (Ain) : « va partout. »"), ("en", "partout — Le bus (Ain): « va partout. »")],
)
def test_a_statement_is_the_short_answer_then_the_initiative_then_the_quote(language: str, said: str):
    assert wording.statement(language, "partout", initiative(), "va partout.") == said


def test_a_short_answer_is_shown_without_markup_and_marks_at_its_ends():
    assert wording.statement("fr", " **86** :", initiative(), "86 personnes") == "86 — Le bus (Ain) : « 86 personnes »"


@pytest.mark.parametrize("quote", ["va partout.", "… va partout …", "va partout"])
def test_a_quote_that_is_no_longer_than_the_short_answer_stands_alone(quote: str):
    assert wording.statement("fr", "va partout", initiative(), quote) == f"Le bus (Ain) : « {quote} »"


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Ain — Le bus : « va partout. »"), ("en", "Ain — Le bus: « va partout. »")],
)
def test_a_line_of_a_list_begins_with_the_place(language: str, said: str):
    assert wording.line(language, initiative(), "va partout.") == said


@pytest.mark.parametrize(
    ("language", "closest", "differs"),
    [
        ("fr", "Le plus proche : oui", "Une autre source dit : « va partout. » (Le bus (Ain))."),
        ("en", "Closest match: oui", "Another source says: « va partout. » (Le bus (Ain))."),
    ],
)
def test_what_is_less_than_sure_is_said_so(language: str, closest: str, differs: str):
    assert wording.closest(language, "oui") == closest
    assert wording.differs(language, initiative(), "va partout.") == differs


def test_a_refusal_tells_what_was_searched_and_what_comes_nearest():
    car = replace(initiative(), title="Le car", departements=(Departement("33", "Gironde"),))
    assert wording.nothing("fr", 120, 4, False, [initiative(), car]) == (
        "Pas de réponse dans ce recueil. Cherché dans 120 fiches de 4 documents, par les mots et par le sens. "
        "Le plus proche : Le bus (Ain) ; Le car (Gironde)."
    )
    assert wording.nothing("en", 120, 4, False, [initiative(), car]) == (
        "No answer in this collection. Searched 120 sheets of 4 documents, by words and by meaning. "
        "Nearest: Le bus (Ain); Le car (Gironde)."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Pas de réponse dans ce recueil. Cherché dans 7 fiches retenues par les filtres, par les mots et par "),
        ("en", "No answer in this collection. Searched 7 sheets that pass the filters, by words and by "),
    ],
)
def test_a_refusal_under_filters_tells_how_many_sheets_passed(language: str, said: str):
    meaning = {"fr": "le sens.", "en": "meaning."}
    assert wording.nothing(language, 7, 4, True, []) == said + meaning[language]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Le bus (Ain)"),
        ({"title": "Le **bus**."}, "Le bus (Ain)"),
        ({"departements": ()}, "Le bus (Bourg)"),
        ({"departements": (), "territory": None}, "Le bus"),
        ({"departements": (Departement("01", "Ain"), Departement("33", "Gironde"))}, "Le bus (Ain, Gironde)"),
        ({"departements": tuple(Departement(c, c * 3) for c in "ABCD")}, "Le bus (AAA, BBB, CCC)"),
        (
            {"departements": (), "territory": "Le pays entre les deux rivières et la mer"},
            "Le bus (Le pays entre les deux…)",
        ),
        ({"title": "Un bus " * 10}, "Un bus Un bus Un bus Un bus Un bus Un bus… (Ain)"),
    ],
)
def test_an_initiative_is_named_by_its_title_and_place(changes: dict[str, object], said: str):
    assert wording.where(replace(initiative(), **changes)) == said


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(19, "Un toit pour toutes"), (18, "Un toit pour…"), (12, "Un toit…"), (3, "Un…"), (2, "U…")],
)
def test_a_title_is_shortened_between_words(longest: int, expected: str):
    assert wording.shortened("Un toit pour toutes", longest) == expected


def test_no_mark_stands_before_an_ellipsis():
    assert wording.shortened("Un toit, des clés", 10) == "Un toit…"


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_shortened_text_fits(text: str, longest: int):
    short = wording.shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
