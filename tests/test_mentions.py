"""Mentions: the numbers, dates, people, organisations and places that words name, told by their form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Gazetteer
from search.answering.asked import Asked
from search.answering.mentions import Mention, expected, mentions

NUMBER, DATE, PERSON, ORGANISATION, PLACE = Mention


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("86 personnes sur deux années", {NUMBER, DATE, PERSON}),
        ("trois kits", {NUMBER}),
        ("la moitié du prix", {NUMBER}),
        ("depuis 2016", {NUMBER, DATE}),
        ("12 mois", {NUMBER, DATE}),
        ("tous les mardis", {DATE}),
        ("chaque semaine", {DATE}),
        ("Jeanne Moulin", {PERSON, ORGANISATION}),  # a name may be anybody's
        ("les conseillers numériques", {PERSON}),
        ("les jeunes", {PERSON}),
        ("l'association Solinum", {ORGANISATION}),
        ("la CAF", {ORGANISATION}),
        ("dans la Gironde", {PLACE}),
        ("à Marseille", {PLACE}),
        ("au bord du canton", {PLACE}),
        ("le vélo électrique", set()),
        ("", set()),
        ("…", set()),
    ],
)
def test_words_name_what_their_form_says(gazetteer: Gazetteer, text: str, named: set[Mention]):
    assert mentions(text, gazetteer) == named


@pytest.mark.parametrize("text", ["chaque année", "CHAQUE ANNÉE", "chaque annee"])
def test_casing_and_accents_change_no_date(gazetteer: Gazetteer, text: str):
    assert DATE in mentions(text, gazetteer)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (Asked.HOW_MANY, {NUMBER}),
        (Asked.WHEN, {DATE}),
        (Asked.WHERE, {PLACE}),
        (Asked.WHO, {PERSON, ORGANISATION}),
        (Asked.CONTACT, {PERSON}),
        (Asked.HOW, set()),
        (Asked.WHAT, set()),
        (Asked.LIST, set()),
        (Asked.TOPIC, set()),
    ],
)
def test_a_question_expects_what_it_asks_for(asked: Asked, wanted: set[Mention]):
    assert expected(asked) == wanted


@given(text=st.text(max_size=60))
def test_any_text_can_be_looked_at(gazetteer: Gazetteer, text: str):
    assert mentions(text, gazetteer) <= set(Mention)


@given(text=st.text(alphabet="aé ,-", max_size=20), number=st.integers(0, 10**6))
def test_digits_are_always_a_number(gazetteer: Gazetteer, text: str, number: int):
    assert NUMBER in mentions(f"{text}{number}{text}", gazetteer)
