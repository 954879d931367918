"""The lexical index: how French text becomes index terms, and BM25 over them."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import fold
from index import Analyser, LexicalIndex


@pytest.fixture(scope="module")
def analyser():
    return Analyser.open()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Les aides à l'EHPAD en 2016", ["aid", "ehpad", "2016"]),
        ("aidants, aidante", ["aid", "aid"]),
        ("Le cœur du métier", ["coeur", "meti"]),
        ("MDPH 63", ["mdph", "63"]),
        ("5 personnes, un 1er accueil", ["5", "person", "1er", "accueil"]),
        ("comment et pourquoi", []),
    ],
)
def test_terms_are_stems_but_acronyms_and_numbers_stay(analyser, text, terms):
    assert analyser.terms(text) == terms


def test_accents_and_ligatures_do_not_divide_words(analyser):
    assert analyser.terms("ŒUVRES évaluées") == analyser.terms("oeuvres evaluees")


def test_english_words_that_look_french_do_not_count_in_an_english_question(analyser):
    assert analyser.question_terms("How can on or but help son at a bus?", "en") == ["help", "bus"]
    assert analyser.question_terms("MDPH in 63", "en") == ["mdph", "63"]


def test_a_french_question_is_read_as_a_passage(analyser):
    assert analyser.question_terms("Qui aide les aidants ?", "fr") == analyser.terms("Qui aide les aidants ?")


@given(st.text())
def test_any_text_has_terms_or_none(text):
    terms = Analyser.open().terms(text)
    assert all(term and term == fold(term) for term in terms)


TEXTS = ["le bus rural", "un bus urbain urbain", "le jardin"]


@pytest.fixture(scope="module")
def words(analyser):
    return LexicalIndex.build(TEXTS, analyser)


def idf(df):
    return log(1 + (3 - df + 0.5) / (df + 0.5))


def gain(tf, length):
    """Term frequency, damped as k1 = 1.2 and b = 0.75 say; the texts have 2, 3 and 1 terms, on average 2."""
    return tf / (tf + 1.2 * (1 - 0.75 + 0.75 * length / 2))


def test_scores_are_those_of_bm25(analyser, words):
    assert [analyser.terms(text) for text in TEXTS] == [["bus", "rural"], ["bus", "urbain", "urbain"], ["jardin"]]
    expected = [idf(2) * gain(1, 2), idf(2) * gain(1, 3) + idf(1) * gain(2, 3), 0]
    assert words.scores(["bus", "urbain"]).tolist() == pytest.approx(expected, abs=1e-6)
    assert words.scores(["bus", "urbain"]).tolist() == pytest.approx([0.2136, 0.7148, 0], abs=1e-4)


def test_a_question_without_a_known_word_scores_nothing(words):
    assert words.scores([]).tolist() == words.scores(["tramway"]).tolist() == [0, 0, 0]


def test_what_was_saved_scores_the_same(tmp_path, analyser, words):
    words.save(tmp_path / "lexical")
    again = LexicalIndex.open(tmp_path / "lexical", analyser)
    assert again.scores(["rural"]).tolist() == words.scores(["rural"]).tolist()
    assert again.scores(["tramway"]).tolist() == [0, 0, 0]


def test_a_single_text_can_be_indexed(analyser):
    (score,) = LexicalIndex.build(["le bus"], analyser).scores(["bus"]).tolist()
    assert score == pytest.approx(log(1 + 0.5 / 1.5) / 2.2)
