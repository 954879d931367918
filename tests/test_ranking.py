"""Late interaction ranks groups of tellings by their best passage, and shows the words that matched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking import Ranked, rank_groups, ranks_of_groups, word_around


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


def test_a_group_ranks_by_its_best_passage():
    groups = np.array([7, 7, 9, 4])
    found = rank_groups(np.array([0, 1, 2, 3]), np.array([0.2, 0.9, 0.5, 0.7]), groups)
    assert found == [Ranked(1, 0.9), Ranked(3, 0.7), Ranked(2, 0.5)]


def test_scores_belong_to_the_passages_given():
    groups = np.array([7, 7, 9, 4])
    assert rank_groups(np.array([3, 1]), np.array([0.25, 0.5]), groups) == [Ranked(1, 0.5), Ranked(3, 0.25)]


def test_ties_keep_the_order_of_the_index():
    groups = np.array([5, 6, 6, 8])
    found = rank_groups(np.arange(4), np.array([0.5, 0.5, 0.5, 0.5]), groups)
    assert [one.passage for one in found] == [0, 1, 3]


def test_nothing_ranks_nothing():
    assert rank_groups(np.zeros(0, np.int64), np.zeros(0), np.array([1])) == []


@pytest.mark.parametrize(
    ("ranks", "groups", "expected"),
    [
        ([2, 0, 1], [7, 7, 9], {9: 1, 7: 2}),
        ([1, 2, 3], [7, 7, 9], {7: 1, 9: 2}),
        ([0, 0, 0], [7, 7, 9], {}),
    ],
)
def test_groups_have_the_rank_of_their_best_passage(ranks, groups, expected):
    assert ranks_of_groups(np.array(ranks), np.array(groups)) == expected


QUESTIONS = [
    "homeless women",
    "qui fait de l'hébergement citoyen ?",
    "mobilité des jeunes en milieu rural",
    "help for family carers of people with Alzheimer's disease",
    "l'accueil des mineurs non accompagnés",
    "RSA",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_highlights_are_whole_words_of_the_passage_in_order_and_apart(engine, question):
    results = engine.search(question, k=20)
    assert any(hit.highlights for hit in results.hits)
    for hit in results.hits:
        ends = [0]
        for word in hit.highlights:
            shown = hit.passage.text[word.start : word.end]
            assert word_around(hit.passage.text, word.start, word.end) == (word.start, word.end)
            assert shown
            assert word.start >= ends[-1]
            assert word.question_word in results.query.text
            assert word.question_word
            assert 0.5 <= word.similarity <= 1.01
            ends.append(word.end)


def matched(engine, question):
    """Words shown, with the words of the question that they answer, in the first hit."""
    hit = engine.search(question).hits[0]
    return {(hit.passage.text[word.start : word.end].lower(), word.question_word) for word in hit.highlights}


def test_words_match_across_languages(engine):
    assert ("femmes", "women") in matched(engine, "homeless women")
    assert {asked for _, asked in matched(engine, "homeless women")} == {"homeless", "women"}


def test_words_match_within_a_language(engine):
    assert ("hébergement", "hébergement") in matched(engine, "hébergement des femmes sans domicile")


def test_words_without_a_subject_are_not_shown(engine):
    asked = {asked for _, asked in matched(engine, "hébergement des femmes sans domicile")}
    assert not asked & {"des", "de", "la"}
