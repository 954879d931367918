"""Query analysis: language, places, acronyms, concepts and informative tokens of a question, from one encoding."""

from dataclasses import replace

import numpy as np
import pytest

from corpus import Concept
from corpus.places import Gazetteer
from index import Acronym
from search import BadQuestion, Query, Searcher
from search.concepts import ConceptMention
from search.query import LanguageDetector
from tests.small_index import language_parts, query, searcher_of, sheet

RSA = Acronym("RSA", "Revenu de Solidarité Active")
PRISON = Concept(id="prison", official=("prison",), lay=("taule",), en=("jail",), acronym=None, field="justice")


@pytest.fixture(scope="module")
def searcher(gazetteer: Gazetteer) -> Searcher:
    """Two sheets, one of which explains an acronym, and a thesaurus of one concept."""
    return searcher_of(
        sheet("atlas-bus", "navette village"),
        sheet("atlas-rsa", "Le Revenu de Solidarité Active (RSA) finance la prison."),
        gazetteer=gazetteer,
        thesaurus=[PRISON],
    )


def analysed(searcher: Searcher, text: str, ignored: frozenset[str] = frozenset()) -> Query:
    return searcher.analyser.analyse(text, ignored)


# --- language ---

FRENCH_SIDE, ENGLISH_SIDE = np.array([-1, 0], np.float32), np.array([1, 0], np.float32)


@pytest.mark.parametrize(
    ("text", "vector", "language"),
    [
        ("Qui finance les bus itinérants ?", ENGLISH_SIDE, "fr"),  # "qui" and "les" outweigh the vector
        ("who helps family carers?", FRENCH_SIDE, "en"),
        ("insertion RSA", ENGLISH_SIDE, "fr"),  # no stop word, and the corpus knows both words
        ("homeless women", ENGLISH_SIDE, "en"),  # it knows neither
        ("homeless women", FRENCH_SIDE, "fr"),
        ("mobility RSA", ENGLISH_SIDE, "en"),  # one of two is not enough
    ],
)
def test_stop_words_tell_the_language_then_the_words_of_the_corpus_then_the_vector(text, vector, language):
    words, norms = language_parts("L'insertion des allocataires du RSA", "Un bus itinérant")
    assert LanguageDetector.of(words, norms).detect(text, vector) == language


@pytest.mark.parametrize("text", ["Gironde 2016", "33000 Bordeaux", "Côte d'Or", "RSA 33"])
def test_a_question_of_names_and_numbers_is_french(gazetteer: Gazetteer, text: str):
    detector = LanguageDetector.of(*language_parts("Un bus"))
    assert detector.detect(text, ENGLISH_SIDE, gazetteer.places_in_query(text)) == "fr"


def test_an_english_word_beside_a_name_says_otherwise(gazetteer: Gazetteer):
    detector = LanguageDetector.of(*language_parts("Un bus"))
    text = "carers Gironde"
    assert detector.detect(text, ENGLISH_SIDE, gazetteer.places_in_query(text)) == "en"


def test_one_question_in_other_writing_is_one_question_and_shows_as_it_was_typed(gazetteer: Gazetteer):
    searcher = searcher_of(sheet("atlas-bus", "une épicerie à l'arrêt du bus"), gazetteer=gazetteer)
    plain = analysed(searcher, "épicerie à l'arrêt du bus")
    for typed in (
        "ÉPICERIE À L'ARRÊT DU BUS",
        "« epicerie a larret du bus » ?",
        "e\u0301picerie à l´ar\u00adrêt du bus 🚌",
    ):
        query = analysed(searcher, typed)
        assert (query.text, query.typed) == (plain.text, typed)
        assert query.tokens.spans.tolist() == plain.tokens.spans.tolist()


def test_as_many_stop_words_of_both_languages_tell_nothing():
    words, norms = language_parts("Un bus itinérant")
    detector = LanguageDetector.of(words, norms)
    assert [detector.detect("the inconnu avec", vector) for vector in (FRENCH_SIDE, ENGLISH_SIDE)] == ["fr", "en"]


def test_words_that_are_stop_words_of_both_languages_count_for_neither():
    detector = LanguageDetector.of(*language_parts("Un bus"))
    assert not detector.french & detector.english
    assert "on" not in detector.french | detector.english


# --- places ---


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("navette en Gironde", [["33"]]),
        ("youth mobility in Gironde", [["33"]]),
        ("navette", []),
    ],
)
def test_places_are_those_where_something_is_asked_for(searcher: Searcher, text: str, codes: list[list[str]]):
    places = analysed(searcher, text).places
    assert [[departement.code for departement in place.departements] for place in places] == codes


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("garde d'enfants en Ariège", "garde d'enfants"),
        ("Qui aide les jeunes dans le département de la Gironde ?", "Qui aide les jeunes ?"),
        ("youth mobility in the Gironde", "youth mobility"),
        ("logement en Gironde et dans le Var", "logement"),
        ("aide aux aidants", "aide aux aidants"),
        ("un bus (Gironde)", "un bus"),
        ("Gironde", ""),
    ],
)
def test_a_question_can_be_asked_without_its_places(gazetteer: Gazetteer, text: str, left: str):
    assert query(text, places=gazetteer.places_in_query(text)).without_places() == left


@pytest.mark.parametrize(
    ("text", "left"),
    [("aide (en Gironde) aux jeunes", "aide aux jeunes"), ("aide (jeunes en Gironde)", "aide (jeunes)")],
)
def test_a_bracket_goes_with_a_place_only_when_it_held_nothing_else(gazetteer: Gazetteer, text: str, left: str):
    assert query(text, places=gazetteer.places_in_query(text)).without_places() == left


def test_a_departement_named_by_its_number_is_analysed_as_by_its_name(searcher: Searcher):
    by_number, by_name = analysed(searcher, "navette (33)"), analysed(searcher, "navette en Gironde")
    assert by_number == by_name
    assert by_number.tokens.spans.tolist() == by_name.tokens.spans.tolist()


# --- what is left out ---


def test_what_is_ignored_is_not_understood_and_the_question_stays_as_it_is(searcher: Searcher):
    text = "RSA et taule en Gironde"
    everything = analysed(searcher, text)
    assert ([one.name for one in everything.places], everything.acronyms) == (["Gironde"], (RSA,))
    assert everything.synonyms() == [("taule", ("prison",))]
    without = analysed(searcher, text, frozenset({"Gironde", "RSA", "taule"}))
    assert (without.places, without.acronyms, without.concepts) == ((), (), ())
    assert (without.text, without.searched.text) == (text, text)


def test_ignoring_one_of_two_keeps_the_other(searcher: Searcher):
    kept = analysed(searcher, "navette en Gironde et dans l'Ain", frozenset({"Gironde"}))
    assert [place.name for place in kept.places] == ["Ain"]


def test_ignoring_what_is_not_there_changes_nothing(searcher: Searcher):
    assert analysed(searcher, "navette", frozenset({"Gironde", "RSA"})) == analysed(searcher, "navette")


# --- expansion ---


def test_a_question_is_expanded_by_both_forms_of_acronyms_and_the_preferred_terms_of_concepts(searcher: Searcher):
    expanded = analysed(searcher, "taule et RSA").expanded_text()
    assert expanded == "taule et RSA RSA Revenu de Solidarité Active prison"


def test_a_question_that_names_nothing_is_expanded_by_nothing():
    assert query("un bus").expanded_text() == "un bus"


# --- tokens ---


def test_tokens_that_most_passages_hold_are_left_out_while_there_are_others(gazetteer: Gazetteer):
    everywhere = [sheet(f"atlas-{n}", f"projet numéro{n}") for n in range(60)]
    searcher = searcher_of(*everywhere, gazetteer=gazetteer)
    informative = {
        text: [text[slice(*span)] for span in analysed(searcher, text).tokens.spans]
        for text in ("projet numéro3", "projet")
    }
    assert informative == {"projet numéro3": ["numéro3"], "projet": ["projet"]}


def test_tokens_are_weighted_by_their_idf(searcher: Searcher):
    """ln((n + 1) / (df + 1)) of 22 passages: one holds "navette", none "yacht"."""
    assert len(searcher.index.contents.passages) == 22
    assert analysed(searcher, "navette yacht").tokens.weights == pytest.approx([np.log(23 / 2), np.log(23)])


def test_token_embeddings_and_the_sentence_vector_have_length_one(searcher: Searcher):
    analysis = analysed(searcher, "navette yacht")
    assert np.linalg.norm(analysis.tokens.embeddings, axis=1) == pytest.approx([1, 1])
    assert np.linalg.norm(analysis.vector) == pytest.approx(1)


@pytest.mark.parametrize(
    ("mention", "positions"),
    [((0, 4), [0]), ((0, 10), [0, 1]), ((2, 3), [0]), ((4, 5), []), ((11, 20), [])],
)
def test_the_tokens_of_a_concept_are_those_that_its_words_touch(mention: tuple[int, int], positions: list[int]):
    analysis = query("aide jeune", words=("aide", "jeune"), weights=(1, 1))
    assert analysis.tokens_of(ConceptMention(*mention, (0,), ())).tolist() == positions


# --- the value ---


def test_questions_are_equal_when_they_were_understood_alike_whatever_their_matrices():
    analysis = query("un bus", words=("bus",), weights=(1,))
    assert analysis == query("un bus", words=("un", "bus"), weights=(2, 3))
    assert analysis != replace(analysis, language="en")
    assert analysis != replace(analysis, text="le bus")
    assert len({analysis, query("un bus")}) == 1


def test_a_question_is_encoded_once(gazetteer: Gazetteer):
    searcher = searcher_of(sheet("atlas-bus", "navette village"), gazetteer=gazetteer)
    analysed(searcher, "  navette\n au Village en Gironde")
    assert searcher.encoder.encoded == ["navette au village"]


def test_a_question_that_is_refused_is_not_encoded(gazetteer: Gazetteer):
    searcher = searcher_of(sheet("atlas-bus", "navette village"), gazetteer=gazetteer)
    with pytest.raises(BadQuestion, match="The question holds no word"):
        analysed(searcher, "?!")
    assert searcher.encoder.encoded == []
