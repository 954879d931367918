"""A query is a question as it is understood: its words, language, places and acronyms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import BadQuestion, Engine
from search.query import LONGEST, clean, readable_question


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hébergement des femmes sans domicile", "fr"),
        ("Qui finance les bus itinérants ?", "fr"),
        ("aide à domicile", "fr"),
        ("mobilité", "fr"),
        ("MDPH Gironde", "fr"),
        ("mobility projects for rural youth", "en"),
        ("who helps family carers?", "en"),
        ("homeless women", "en"),
        ("RSA", "fr"),
        ("insertion", "fr"),
        ("transport", "fr"),
        ("rural mobility", "en"),
    ],
)
def test_a_question_is_french_or_english(engine: Engine, text: str, language: str):
    assert engine.understand(text).language == language


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("mobilité des jeunes en Gironde", [["33"]]),
        ("youth mobility in Gironde", [["33"]]),
        ("aide aux aidants", []),
    ],
)
def test_places_are_those_where_something_is_asked_for(engine: Engine, text: str, codes: list[list[str]]):
    places = engine.understand(text).places
    assert [[departement.code for departement in place.departements] for place in places] == codes


@pytest.mark.parametrize(
    ("text", "anywhere"),
    [
        ("garde d'enfants en Ariège", "garde d'enfants"),
        ("Qui aide les jeunes dans le département de la Gironde ?", "Qui aide les jeunes ?"),
        ("youth mobility in the Gironde", "youth mobility"),
        ("logement en Gironde et dans le Var", "logement"),
        ("aide aux aidants", "aide aux aidants"),
        ("Gironde", ""),
    ],
)
def test_a_question_can_be_asked_without_its_places(engine: Engine, text: str, anywhere: str):
    assert engine.understand(text).anywhere() == anywhere


@pytest.mark.parametrize(
    ("text", "acronyms"),
    [
        ("le RSA en pratique", ["RSA"]),
        ("rsa", ["RSA"]),
        ("le revenu de solidarité active en pratique", ["RSA"]),
        ("la maison departementale des personnes handicapees", ["MDPH"]),
        ("RSA et MDPH, et encore RSA", ["MDPH", "RSA"]),
        ("la solidarité active", []),
        ("un RSAS", []),
    ],
)
def test_acronyms_are_known_in_both_forms(engine: Engine, text: str, acronyms: list[str]):
    assert [one.short for one in engine.understand(text).acronyms] == acronyms


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  un\n\tbus\u00a0vert ", "un bus vert"),
        ("un\x00 bus\x1b[31m", "un bus[31m"),
        ("un\ud800bus", "unbus"),
        ("🚌 e\u0301té", "🚌 e\u0301té"),
    ],
)
def test_white_space_is_folded_and_what_is_no_text_left_out(text: str, cleaned: str):
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!…", "🙂🙂", "\x00\x01", "\u200b\u200f", "\ud800"])
def test_a_question_without_a_word_is_refused_with_an_example(text: str):
    with pytest.raises(BadQuestion, match=r"holds no word \(q\)\. Ask in a few words or sentences, for example"):
        readable_question(text)


def test_a_question_that_is_too_long_is_refused_with_its_length():
    assert readable_question("a" * LONGEST) == "a" * LONGEST
    with pytest.raises(BadQuestion, match=r"has 1001 characters, at most 1000 are read \(q\)\. Ask in a few words"):
        readable_question("a" * (LONGEST + 1))


def test_white_space_does_not_count_as_length():
    assert readable_question("a" + " " * 10_000 + "b") == "a b"


@given(text=st.text(alphabet=st.characters(), max_size=80))
def test_a_text_is_read_when_it_has_a_letter_or_digit_and_refused_otherwise(text: str):
    if any(character.isalnum() for character in clean(text)):
        assert readable_question(text) == clean(text) != ""
    else:
        with pytest.raises(BadQuestion, match="The question holds no word"):
            readable_question(text)


@settings(max_examples=50)
@given(text=st.text(max_size=40), letter=st.characters(categories=["L", "N"]))
def test_any_text_with_a_letter_or_digit_can_be_searched_for(engine, text: str, letter: str):
    results = engine.search(text + letter, k=3)
    assert len(results.hits) == min(3, results.total)
    assert (results.hint is None) == (results.total > 0)
