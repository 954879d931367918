"""What is searched for of a question: not the names of its places, and one standard term for one concept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Concept, load_thesaurus
from corpus.places import Gazetteer
from index import Acronym, Analyser
from search import Query, Searcher
from search.searched import SearchedText, place_spans, standard_forms, without_places
from tests.small_index import searcher_of, sheet

THESAURUS = load_thesaurus()
ANALYSER = Analyser.open()


@pytest.fixture(scope="module")
def searcher(gazetteer: Gazetteer) -> Searcher:
    """One sheet, and the thesaurus that ships."""
    return searcher_of(sheet("atlas-bus", "navette village"), gazetteer=gazetteer, thesaurus=THESAURUS)


def searched(searcher: Searcher, question: str) -> str:
    return searcher.analyser.analyse(question).searched.text


# --- places ---


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("mineurs isolés en Gironde", "mineurs isolés"),
        ("navettes dans le 33", "navettes"),
        ("navettes (33)", "navettes"),
        ("navettes de village à Lyon et dans l'Ain", "navettes de village"),
        ("un laboratoire grenoblois de recherche", "un laboratoire de recherche"),
        ("what are Finistère's afternoon talks about", "what are afternoon talks about"),
        ("navettes (jeunes en Gironde)", "navettes (jeunes)"),
    ],
)
def test_the_name_of_a_place_is_not_searched_for_as_a_word(searcher: Searcher, question: str, left: str):
    assert searched(searcher, question) == left


@pytest.mark.parametrize(
    "question", ["Gironde", "en Gironde", "que fait la Gironde", "initiatives en Bretagne", "in Ain"]
)
def test_a_question_that_asks_for_nothing_but_a_place_keeps_its_words(searcher: Searcher, question: str):
    assert searched(searcher, question) == question


def test_tokens_stand_where_their_words_stand_in_the_question(searcher: Searcher):
    query = searcher.analyser.analyse("des navettes en Gironde pour le village")
    assert query.searched.text == "des navettes pour le village"
    assert [query.text[start:end] for start, end in query.tokens.spans] == ["des", "navettes", "pour", "le", "village"]


@given(st.text(alphabet="ab ()é'", max_size=30), st.data())
def test_what_is_left_of_a_question_stands_in_it_in_its_order(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    left = SearchedText.without(text, [(start, data.draw(st.integers(start, len(text))))])
    assert left.text == left.text.strip()
    assert "  " not in left.text
    assert (
        "".join(text[at] if letter != " " else " " for letter, at in zip(left.text, left.starts, strict=True))
        == left.text
    )
    assert sorted(set(left.starts.tolist())) == left.starts.tolist()


# --- one concept, one list ---


def understood(searcher: Searcher, form: str) -> tuple[str, list[str], Query]:
    query = searcher.analyser.analyse(form)
    return query.searched.text, query.terms(searcher.index.lexical.analyser), query


@pytest.mark.parametrize("concept", [one for one in THESAURUS if one.acronym and one.en], ids=lambda one: one.id)
def test_acronym_long_form_and_english_are_one_question(searcher: Searcher, concept: Concept):
    asked = [understood(searcher, form) for form in (concept.acronym, concept.official[0], concept.en[0])]
    assert {text for text, _, _ in asked} == {concept.official[0]}
    assert len({tuple(terms) for _, terms, _ in asked}) == 1


def test_nine_in_ten_of_all_ways_to_name_a_concept_are_the_question_of_its_standard_term(searcher: Searcher):
    """The others are shared by two concepts, or are stop words without their accents."""
    forms = [(one, form) for one in THESAURUS for form in one.forms]
    same = [searched(searcher, form) == concept.official[0] for concept, form in forms]
    assert sum(same) / len(same) >= 0.9


@pytest.mark.parametrize("question", ["le RSA", "RSA ?", "qu'est-ce que le RSA", "RSA en Gironde", "RSA (33)"])
def test_what_adds_nothing_to_a_concept_changes_nothing(searcher: Searcher, question: str):
    assert searched(searcher, question) == "revenu de solidarité active"


@pytest.mark.parametrize("question", ["sans le RSA", "pas de RSA", "retour à l'emploi et RSA", "RSA et MDPH"])
def test_a_question_that_says_more_than_a_concept_is_searched_for_as_it_is(searcher: Searcher, question: str):
    query = searcher.analyser.analyse(question)
    assert (query.searched.text, query.standard) == (query.text, ())


def test_what_is_ignored_is_no_concept(searcher: Searcher):
    assert searcher.analyser.analyse("RSA", {"RSA"}).searched.text == "RSA"


@pytest.mark.parametrize(("form", "language"), [("homelessness", "en"), ("SDF", "fr"), ("sans-abrisme", "fr")])
def test_the_language_is_that_of_the_form_that_was_typed(searcher: Searcher, form: str, language: str):
    assert searcher.analyser.analyse(form).language == language


def test_an_acronym_that_the_corpus_explains_is_one_question_with_its_long_form():
    panjo = Acronym("PANJO", "Promotion de la santé des nouveau-nés")
    for question in ("PANJO", "la promotion de la santé des nouveau-nés"):
        forms = standard_forms(question, [], [], [panjo], (), ANALYSER)
        assert forms is not None
        assert (forms[0].text, forms[1]) == (panjo.long, (panjo.long, panjo.short))
    assert standard_forms("le bilan de PANJO", [], [], [panjo], (), ANALYSER) is None


def test_a_place_and_what_leads_up_to_it_stand_together(gazetteer: Gazetteer):
    question = "aide dans le département de la Gironde"
    places = gazetteer.places_in_query(question)
    assert [question[start:end] for start, end in place_spans(question, places)] == [
        "dans le département de la Gironde"
    ]
    assert without_places(question, places, ANALYSER).text == "aide"
