"""What is asked: every question has a kind, told by its words in French and in English."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answering.asked import QUESTION_WORDS, Asked, what_is_asked
from search.answering.training_question import READER, read_training_questions


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Qui contacter pour le bus des aidants ?", Asked.CONTACT),
        ("Comment joindre l'équipe du bus ?", Asked.CONTACT),
        ("les coordonnées du responsable", Asked.CONTACT),
        ("Quels départements prêtent des vélos ?", Asked.LIST),
        ("Quelles initiatives aident les aidants ?", Asked.LIST),
        ("exemples d'épiceries solidaires", Asked.LIST),
        ("Combien de foyers testent le kit ?", Asked.HOW_MANY),
        ("Quel est le montant de la prime ?", Asked.HOW_MANY),
        ("Quelle part des foyers garde le kit ?", Asked.HOW_MANY),
        ("À quel âge peut-on en profiter ?", Asked.HOW_MANY),
        ("Quand le bus a-t-il démarré ?", Asked.WHEN),
        ("En quelle année le bus est-il né ?", Asked.WHEN),
        ("Tous les combien passe le bus ?", Asked.WHEN),
        ("Où roule le bus ?", Asked.WHERE),
        ("D'où viennent les légumes ?", Asked.WHERE),
        ("Dans quelle petite ville roule le bus ?", Asked.WHERE),
        ("Qui finance le bus ?", Asked.WHO),
        ("Avec qui le bus a-t-il été monté ?", Asked.WHO),
        ("Quelle association conduit le bus ?", Asked.WHO),
        ("Comment le bus est-il financé ?", Asked.HOW),
        ("Pourquoi prêter des vélos ?", Asked.HOW),
        ("Comment s'appelle le bus ?", Asked.WHAT),
        ("Que veut dire MDPH ?", Asked.WHAT),
        ("Qu'est-ce que le RSA ?", Asked.WHAT),
        ("mobilité des jeunes en milieu rural", Asked.TOPIC),
        ("l'âge des aidants", Asked.TOPIC),
        ("un point de contact pour les aidants", Asked.TOPIC),
    ],
)
def test_a_french_question_says_what_it_asks_for(question: str, kind: Asked):
    assert what_is_asked(question) is kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who can I contact about the bus?", Asked.CONTACT),
        ("email address of the project lead", Asked.CONTACT),
        ("Which departments lend bikes?", Asked.LIST),
        ("What projects help young people?", Asked.LIST),
        ("examples of social groceries", Asked.LIST),
        ("How many homes test the kit?", Asked.HOW_MANY),
        ("How long does the trial last?", Asked.HOW_MANY),
        ("What is the amount of the grant?", Asked.HOW_MANY),
        ("When did the bus start?", Asked.WHEN),
        ("In which year was it founded?", Asked.WHEN),
        ("How often does the bus come?", Asked.WHEN),
        ("Where does the bus run?", Asked.WHERE),
        ("In which small town does the bus run?", Asked.WHERE),
        ("In what part of France does the bus run?", Asked.WHERE),
        ("Who funds the bus?", Asked.WHO),
        ("With whom was the bus set up?", Asked.WHO),
        ("Which local charity drives the bus?", Asked.WHO),
        ("How is the bus paid for?", Asked.HOW),
        ("Why lend bikes?", Asked.HOW),
        ("What is the bus called?", Asked.WHAT),
        ("What does MDPH stand for?", Asked.WHAT),
        ("rural mobility", Asked.TOPIC),
        ("whole families", Asked.TOPIC),
    ],
)
def test_an_english_question_says_what_it_asks_for(question: str, kind: Asked):
    assert what_is_asked(question) is kind


@pytest.mark.parametrize(
    "typed", ["COMBIEN DE FOYERS", "combien  de foyers ?!", "« Combien » de foyers", "Combién de foyers"]
)
def test_casing_accents_and_punctuation_change_nothing(typed: str):
    assert what_is_asked(typed) is Asked.HOW_MANY


@pytest.mark.parametrize("text", ["", "?", "MDPH", "🚌"])
def test_words_that_ask_nothing_are_a_topic(text: str):
    assert what_is_asked(text) is Asked.TOPIC


LITTLE_WORDS = st.lists(st.sampled_from(["qui", "what", "où", "which", "est", "le", "the", "ans", "?", "d'"])).map(
    " ".join
)


@given(st.text(max_size=60) | LITTLE_WORDS)
def test_any_text_has_a_kind(text: str):
    assert what_is_asked(text) in Asked


def test_every_kind_but_the_topic_has_its_words():
    tables = tomllib.loads(QUESTION_WORDS.read_text(encoding="utf8"))
    assert set(tables) == set(Asked) - {Asked.TOPIC}
    assert all(table.keys() <= {"phrases", "which"} for table in tables.values())


def test_five_of_six_training_questions_have_the_kind_they_were_written_for():
    questions = read_training_questions(READER)
    agreed = [what_is_asked(question.text) == question.kind for question in questions]
    assert sum(agreed) / len(agreed) > 5 / 6
