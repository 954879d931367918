"""Answer types: every question has one, told by its words in French and in English; and what words name."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.places import Gazetteer
from eval.training import READER, read_training_questions
from search.answer import AnswerType, answer_type_of
from search.answer.answer_type import QUESTION_WORDS, EntityType, entities_in, expected_entities


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Qui contacter pour le bus des aidants ?", AnswerType.CONTACT),
        ("Comment joindre l'équipe du bus ?", AnswerType.CONTACT),
        ("les coordonnées du responsable", AnswerType.CONTACT),
        ("Qui pilote le bus ? J'ai besoin d'une adresse.", AnswerType.CONTACT),
        ("le nom de la responsable du bus", AnswerType.CONTACT),
        ("Quels départements prêtent des vélos ?", AnswerType.LIST),
        ("Quelles initiatives aident les aidants ?", AnswerType.LIST),
        ("exemples d'épiceries solidaires", AnswerType.LIST),
        ("Combien de foyers testent le kit ?", AnswerType.HOW_MANY),
        ("Quel est le montant de la prime ?", AnswerType.HOW_MANY),
        ("Quelle part des foyers garde le kit ?", AnswerType.HOW_MANY),
        ("À quel âge peut-on en profiter ?", AnswerType.HOW_MANY),
        ("Quand le bus a-t-il démarré ?", AnswerType.WHEN),
        ("En quelle année le bus est-il né ?", AnswerType.WHEN),
        ("Tous les combien passe le bus ?", AnswerType.WHEN),
        ("Où roule le bus ?", AnswerType.WHERE),
        ("D'où viennent les légumes ?", AnswerType.WHERE),
        ("Dans quelle petite ville roule le bus ?", AnswerType.WHERE),
        ("Qui finance le bus ?", AnswerType.WHO),
        ("Avec qui le bus a-t-il été monté ?", AnswerType.PARTNERS),
        ("À quels publics le bus est-il destiné ?", AnswerType.FOR_WHOM),
        ("Quels sont les résultats du bus ?", AnswerType.RESULTS),
        ("Le bus est-il gratuit ?", AnswerType.YES_NO),
        ("Que fait-on pour les aidants ?", AnswerType.LIST),
        ("Je cherche de l'aide pour ma mère", AnswerType.WISH),
        ("Quelle association conduit le bus ?", AnswerType.WHO),
        ("Comment le bus est-il financé ?", AnswerType.HOW),
        ("Pourquoi prêter des vélos ?", AnswerType.WHY),
        ("Comment s'appelle le bus ?", AnswerType.WHAT),
        ("Que veut dire MDPH ?", AnswerType.ACRONYM),
        ("Qu'est-ce que le RSA ?", AnswerType.WHAT),
        ("mobilité des jeunes en milieu rural", AnswerType.TOPIC),
        ("l'âge des aidants", AnswerType.TOPIC),
        ("un point de contact pour les aidants", AnswerType.TOPIC),
    ],
)
def test_a_french_question_says_what_it_asks_for(question: str, kind: AnswerType):
    assert answer_type_of(question) is kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who can I contact about the bus?", AnswerType.CONTACT),
        ("email address of the project lead", AnswerType.CONTACT),
        ("name of the person in charge of the bus", AnswerType.CONTACT),
        ("Which departments lend bikes?", AnswerType.LIST),
        ("What projects help young people?", AnswerType.LIST),
        ("examples of social groceries", AnswerType.LIST),
        ("How many homes test the kit?", AnswerType.HOW_MANY),
        ("How long does the trial last?", AnswerType.HOW_MANY),
        ("What is the amount of the grant?", AnswerType.HOW_MANY),
        ("When did the bus start?", AnswerType.WHEN),
        ("In which year was it founded?", AnswerType.WHEN),
        ("How often does the bus come?", AnswerType.WHEN),
        ("Where does the bus run?", AnswerType.WHERE),
        ("In which small town does the bus run?", AnswerType.WHERE),
        ("In what part of France does the bus run?", AnswerType.WHERE),
        ("Who funds the bus?", AnswerType.WHO),
        ("With whom was the bus set up?", AnswerType.PARTNERS),
        ("Who can use the bus?", AnswerType.FOR_WHOM),
        ("What are the results of the bus?", AnswerType.RESULTS),
        ("Is the bus free?", AnswerType.YES_NO),
        ("what is being done for carers?", AnswerType.LIST),
        ("I need help for my mother", AnswerType.WISH),
        ("Which local charity drives the bus?", AnswerType.WHO),
        ("How is the bus paid for?", AnswerType.HOW),
        ("Why lend bikes?", AnswerType.WHY),
        ("What is the bus called?", AnswerType.WHAT),
        ("What does MDPH stand for?", AnswerType.ACRONYM),
        ("rural mobility", AnswerType.TOPIC),
        ("whole families", AnswerType.TOPIC),
    ],
)
def test_an_english_question_says_what_it_asks_for(question: str, kind: AnswerType):
    assert answer_type_of(question) is kind


@pytest.mark.parametrize(
    "typed", ["COMBIEN DE FOYERS", "combien  de foyers ?!", "« Combien » de foyers", "Combién de foyers"]
)
def test_casing_accents_and_punctuation_change_nothing(typed: str):
    assert answer_type_of(typed) is AnswerType.HOW_MANY


@pytest.mark.parametrize("text", ["", "?", "MDPH", "🚌", "vélos ?"])
def test_words_that_ask_nothing_are_a_topic(text: str):
    assert answer_type_of(text) is AnswerType.TOPIC


def test_what_ends_with_a_question_mark_and_is_long_enough_is_asked():
    assert answer_type_of("le bus du soir roule encore, selon la fiche ?") is AnswerType.WHAT


LITTLE_WORDS = st.lists(st.sampled_from(["qui", "what", "où", "which", "est", "le", "the", "ans", "?", "d'"])).map(
    " ".join
)


@given(st.text(max_size=60) | LITTLE_WORDS)
def test_any_text_has_a_kind(text: str):
    assert answer_type_of(text) in AnswerType


def test_every_kind_has_its_words_but_the_topic_and_the_need_that_is_told_by_its_sense():
    tables = tomllib.loads(QUESTION_WORDS.read_text(encoding="utf8"))
    assert set(tables) == set(AnswerType) - {AnswerType.TOPIC, AnswerType.NEED}
    assert all(table.keys() <= {"phrases", "which"} for table in tables.values())


# The questions were written for fewer kinds.
ONCE = {
    AnswerType.PARTNERS: "who",
    AnswerType.FOR_WHOM: "who",
    AnswerType.WHY: "how",
    AnswerType.RESULTS: "what",
    AnswerType.ACRONYM: "what",
}


def test_five_of_six_training_questions_have_the_kind_they_were_written_for():
    questions = read_training_questions(READER)
    kinds = [answer_type_of(question.text) for question in questions]
    agreed = [ONCE.get(kind, kind) == question.kind for kind, question in zip(kinds, questions, strict=True)]
    assert sum(agreed) / len(agreed) > 5 / 6


NUMBER, DATE, PERSON, ORGANISATION, PLACE = EntityType


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
def test_words_name_what_their_form_says(gazetteer: Gazetteer, text: str, named: set[EntityType]):
    assert entities_in(text, gazetteer) == named


@pytest.mark.parametrize("text", ["chaque année", "CHAQUE ANNÉE", "chaque annee"])
def test_casing_and_accents_change_no_date(gazetteer: Gazetteer, text: str):
    assert DATE in entities_in(text, gazetteer)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (AnswerType.HOW_MANY, {NUMBER}),
        (AnswerType.WHEN, {DATE}),
        (AnswerType.WHERE, {PLACE}),
        (AnswerType.WHO, {PERSON, ORGANISATION}),
        (AnswerType.CONTACT, {PERSON}),
        (AnswerType.HOW, set()),
        (AnswerType.WHAT, set()),
        (AnswerType.LIST, set()),
        (AnswerType.TOPIC, set()),
    ],
)
def test_a_question_expects_what_it_asks_for(asked: AnswerType, wanted: set[EntityType]):
    assert expected_entities(asked) == wanted


@given(text=st.text(max_size=60))
def test_any_text_can_be_looked_at(gazetteer: Gazetteer, text: str):
    assert entities_in(text, gazetteer) <= set(EntityType)


@given(text=st.text(alphabet="aé ,-", max_size=20), number=st.integers(0, 10**6))
def test_digits_are_always_a_number(gazetteer: Gazetteer, text: str, number: int):
    assert NUMBER in entities_in(f"{text}{number}{text}", gazetteer)
