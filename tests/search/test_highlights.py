"""Highlights: the words of a passage that answer words of the question."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Concept
from index import Acronym, Index
from search import Query, Searcher, word_around
from search.concepts import ConceptMention
from search.highlights import Highlight, Highlighter, PassageWords
from tests.small_index import index_of_tokens, query


def highlights_of(index: Index, asked: Query, passage: int, cosines: np.ndarray) -> tuple[Highlight, ...]:
    return Highlighter.of(PassageWords.of(index), asked).highlights(passage, cosines)


# --- words ---


@pytest.mark.parametrize(
    ("text", "part", "word"),
    [
        ("l'hébergement citoyen", (4, 7), "hébergement"),
        ("l'hébergement citoyen", (13, 16), "citoyen"),
        ("un bus.", (2, 7), "bus"),
        ("rendez-vous", (7, 9), "vous"),
        ("(MDPH 63)", (0, 3), "MDPH"),
        ("fin", (2, 3), "fin"),
        ("15 000 €", (3, 4), "000"),
        ("un bus", (2, 3), ""),
        ("…", (0, 1), ""),
        ("un bus", (3, 3), ""),
    ],
)
def test_a_part_of_a_word_stands_for_the_whole(text, part, word):
    start, end = word_around(text, *part)
    assert text[start:end] == word


@given(st.text(alphabet="aé1'’ -.", min_size=1), st.data())
def test_a_word_is_bounded_by_what_is_no_letter(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    first, last = word_around(text, start, data.draw(st.integers(start, len(text))))
    if first < last:
        assert text[first].isalnum()
        assert text[last - 1].isalnum()
        assert not text[:first][-1:].isalnum()
        assert not text[last:][:1].isalnum()


# --- highlights ---

TEXT = "Un foyer accueille des femmes."
SPANS = [(3, 8), (9, 12), (12, 18), (23, 29), (-1, -1)]  # foyer · acc|ueille · femmes · a token of the context


def highlighted(cosines, weights=(2, 2), question="women shelter") -> dict[str, tuple[str, float]]:
    """What is highlighted of TEXT for a question of two words: word of the passage → word of the question, cosine."""
    index = index_of_tokens(TEXT, SPANS)
    asked = query(question, words=question.split(), weights=weights)
    found = highlights_of(index, asked, 0, np.array(cosines, np.float32))
    return {TEXT[one.start : one.end]: (one.question_word, one.similarity) for one in found}


def test_a_translation_is_highlighted_from_a_high_cosine_on():
    cosines = [[0.1, 0, 0, 0.6, 0], [0.599, 0, 0, 0.2, 0]]
    assert highlighted(cosines) == {"femmes": ("women", 0.6)}


def test_a_word_of_the_same_stem_is_highlighted_from_a_low_cosine_on():
    assert highlighted([[0, 0, 0, 0.3, 0], [0, 0, 0, 0, 0]], question="femme shelter") == {"femmes": ("femme", 0.3)}


@pytest.mark.parametrize("asked", ["Solinum", "MNA", "2016"])
def test_names_acronyms_and_numbers_highlight_nothing_by_mere_likeness(asked: str):
    assert highlighted([[0, 0, 0, 0.9, 0], [0, 0, 0, 0, 0]], question=f"{asked} shelter") == {}


def test_stop_words_acronyms_and_names_of_a_passage_are_highlighted_for_nothing_else():
    for text in ("sans", "ANAH", "Solinum", "2016"):
        asked = query("homeless", words=("homeless",), weights=(2,))
        assert highlights_of(index_of_tokens(text, [(0, len(text))]), asked, 0, np.array([[0.9]], np.float32)) == ()


def test_a_concept_said_in_other_words_is_highlighted_as_a_whole_phrase():
    concept = Concept(
        id="mna",
        official=("mineur non accompagné",),
        lay=(),
        en=("unaccompanied minor",),
        acronym="MNA",
        field="enfance",
    )
    text = "Un foyer accueille des mineurs non accompagnés."
    asked = query("aide aux MNA", words=("MNA",), weights=(2,), concepts=(ConceptMention(9, 12, (0,), ()),))
    (one,) = highlights_of(index_of_tokens(text, [(3, 8)], [concept]), asked, 0, np.zeros((1, 1), np.float32))
    assert (text[one.start : one.end], one.question_word) == ("mineurs non accompagnés", "MNA")


def test_a_concept_said_by_its_acronym_is_highlighted_in_capitals_only():
    concept = Concept(
        id="caf", official=("caisse d'allocations familiales",), lay=(), en=(), acronym="CAF", field="aide-sociale"
    )
    text = "La CAF tient un café."
    question = "caisse d'allocations familiales"
    asked = query(question, concepts=(ConceptMention(0, len(question), (0,), ()),))
    (one,) = highlights_of(index_of_tokens(text, [(3, 6)], [concept]), asked, 0, np.zeros((0, 1), np.float32))
    assert (text[one.start : one.end], one.question_word, one.names_concept) == ("CAF", question, True)


def test_an_acronym_that_the_corpus_explains_is_highlighted_in_its_long_form():
    text = "Le revenu de solidarité active est versé."
    asked = query("aide et RSA", acronyms=(Acronym("RSA", "Revenu de Solidarité Active"),))
    (one,) = highlights_of(index_of_tokens(text, [(3, 9)]), asked, 0, np.zeros((0, 1), np.float32))
    assert (text[one.start : one.end], one.question_word) == ("revenu de solidarité active", "RSA")


def test_a_negation_is_highlighted_alone_by_nothing():
    asked = query("femmes sans abri", words=("sans",), weights=(2,))
    assert highlights_of(index_of_tokens("sans", [(0, 4)]), asked, 0, np.array([[0.9]], np.float32)) == ()


def test_one_word_of_a_concept_is_highlighted_where_the_question_names_it_in_several():
    asked = query("femmes isolées", words=("femmes isolées",), weights=(2,))
    (one,) = highlights_of(index_of_tokens(TEXT, SPANS), asked, 0, np.array([[0, 0, 0, 0.4, 0]], np.float32))
    assert (TEXT[one.start : one.end], one.question_word) == ("femmes", "femmes isolées")


@pytest.mark.parametrize("word", ["collectivite\u0301", "béné\u00advoles", "mobi\u200blité"])
def test_a_highlight_cuts_no_letter_from_its_accent_and_no_word_at_what_cannot_be_seen(word: str):
    text = f"la {word} locale"
    assert word_around(text, 4, 6) == (3, 3 + len(word))


def test_a_word_answers_the_word_of_the_question_that_it_is_nearest_to():
    cosines = [[0.6, 0, 0, 0.9, 0], [0.75, 0, 0, 0.6, 0]]
    assert highlighted(cosines) == {"foyer": ("shelter", 0.75), "femmes": ("women", 0.9)}


def test_parts_of_a_word_are_highlighted_once_by_the_best_of_them():
    assert highlighted([[0, 0, 0, 0, 0], [0, 0.6, 0.8, 0, 0]]) == {"accueille": ("shelter", 0.8)}
    assert highlighted([[0, 0.8, 0, 0, 0], [0, 0, 0.6, 0, 0]]) == {"accueille": ("women", 0.8)}


def test_the_context_written_before_a_passage_is_not_highlighted():
    assert highlighted([[0, 0, 0, 0, 0.9], [0, 0, 0, 0, 0.9]]) == {}


def test_words_of_the_question_that_a_fifth_of_the_passages_hold_highlight_nothing():
    cosines = [[0, 0, 0, 0.9, 0], [0.9, 0, 0, 0, 0]]
    assert highlighted(cosines, weights=(1.61, 1.59)) == {"femmes": ("women", 0.9)}  # ln 5 = 1.609


def test_a_highlight_names_the_whole_word_of_the_question():
    asked = query("women's shelter", words=("wom",), weights=(2,))
    index = index_of_tokens(TEXT, [(23, 25)])
    (one,) = highlights_of(index, asked, 0, np.array([[0.9]], np.float32))
    assert (TEXT[one.start : one.end], one.question_word) == ("femmes", "women")


def test_highlights_of_the_shipped_model_cross_languages_and_leave_out_words_without_a_subject(searcher: Searcher):
    hits = searcher.search("shelter for homeless women", k=20).hits
    pairs = {
        (hit.passage.text[one.start : one.end].lower(), one.question_word) for hit in hits for one in hit.highlights
    }
    assert ("femmes", "women") in pairs
    assert {asked for _, asked in pairs} <= {"shelter", "homeless", "women"}


def test_highlights_of_the_shipped_model_are_whole_words_in_order_and_apart(searcher: Searcher):
    for question in (
        "qui fait de l'hébergement citoyen ?",
        "help for carers of people with Alzheimer's disease",
        "RSA",
    ):
        hits = searcher.search(question, k=20).hits
        assert any(hit.highlights for hit in hits)
        for hit in hits:
            bounds = [bound for one in hit.highlights for bound in (one.start, one.end)]
            assert bounds == sorted(bounds)
            for one in hit.highlights:
                assert word_around(hit.passage.text, one.start, one.end) == (one.start, one.end)
                assert one.start < one.end
                assert one.question_word in question
                assert 0.3 <= one.similarity <= 1.01


def test_the_words_of_a_passage_are_read_once_however_often_it_is_shown():
    words = PassageWords.of(index_of_tokens(TEXT, SPANS))
    assert words.read(0) is words.read(0)
