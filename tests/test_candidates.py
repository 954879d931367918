"""Candidates: rankings by words and by vectors, fused by reciprocal rank."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Encoded
from search.candidates import CANDIDATES, RRF_K, find_candidates, ranks_of
from search.query import Query


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ([0.0, 2.5, 0.1], [0, 1, 2]),
        ([1.0, 1.0, 2.0, 1.0], [2, 3, 1, 4]),
        ([0.0, 0.0], [0, 0]),
        ([-1.0, 0.5], [0, 1]),
        ([], []),
    ],
)
def test_ranks_count_from_one_down_from_the_highest_positive_score(scores, ranks):
    assert ranks_of(np.array(scores)).tolist() == ranks


@given(st.lists(st.floats(-5, 5, allow_subnormal=False)))
def test_better_ranks_have_higher_scores(scores):
    ranks = ranks_of(np.array(scores))
    positive = [score for score in scores if score > 0]
    assert sorted(ranks[ranks > 0].tolist()) == list(range(1, len(positive) + 1))
    assert [scores[n] for n in np.argsort(ranks) if ranks[n]] == sorted(positive, reverse=True)


class StoredRankings:
    """The parts of an index that candidates ask, with the answers given: scores by words, rows by nearness."""

    def __init__(self, word_scores, nearest):
        self.words = self.vectors = self.questions = self.analyser = self
        self.vector = np.zeros(2, np.float32)
        self.word_scores, self.rows = np.array(word_scores, np.float32), np.array(nearest)
        self.owners = np.arange(len(nearest))
        self.vocabulary = {"bus": 0}
        self.asked = []
        self.editorial, self.records = None, np.full(len(nearest), -1)

    def question_terms(self, text, language):
        self.asked.append((text, language))
        return text.split()

    def scores(self, terms):
        return self.word_scores

    def nearest(self, question, k):
        return np.zeros(k), self.rows[:k]


QUERY = Query("un bus", "fr", (), (), ())
ENCODED = Encoded(np.ones(2, np.float32), np.ones((1, 2), np.float32), np.array([1]), np.array([[0, 2]]))
NOBODY = np.zeros(4, bool)
EVERYBODY = np.ones(4, bool)


def found(index, allowed=EVERYBODY, in_place=NOBODY, query=QUERY):
    return find_candidates(index, query, ENCODED, allowed, in_place)


def test_both_rankings_are_told():
    candidates = found(StoredRankings([0, 3, 0, 1], [2, 3, 0, 1]))
    assert candidates.passages.tolist() == [0, 1, 2, 3]
    assert candidates.word_ranks.tolist() == [0, 1, 0, 2]
    assert candidates.vector_ranks.tolist() == [3, 4, 1, 2]


def test_a_filter_changes_no_rank():
    candidates = found(StoredRankings([0, 3, 0, 1], [2, 3, 0, 1]), allowed=np.array([True, False, True, True]))
    assert candidates.word_ranks.tolist() == [0, 1, 0, 2]
    assert candidates.vector_ranks.tolist() == [3, 4, 1, 2]


def test_the_best_of_those_allowed_come_along_however_far_down():
    count = CANDIDATES + 10
    scores, nearest = far_down(count, count)
    alone = np.arange(count) == 0
    everybody, nobody = np.ones(count, bool), np.zeros(count, bool)
    unfiltered = found(StoredRankings(scores, nearest), everybody, nobody).passages.tolist()
    assert found(StoredRankings(scores, nearest), alone, nobody).passages.tolist() == [0, *unfiltered]
    assert found(StoredRankings(scores, nearest), nobody, nobody).passages.tolist() == unfiltered


def far_down(count, rank):
    """Rankings of `count` passages in which passage 0 stands at `rank` by vectors, and nowhere by words."""
    return [0] * count, [*range(1, rank), 0, *range(rank, count)]


@pytest.mark.parametrize(("rank", "kept"), [(CANDIDATES, True), (CANDIDATES + 1, False)])
def test_only_the_first_go_on(rank, kept):
    count = CANDIDATES + 10
    candidates = found(StoredRankings(*far_down(count, rank)), np.ones(count, bool), np.zeros(count, bool))
    assert (0 in candidates.passages) == kept
    assert len(candidates.passages) == CANDIDATES


def test_a_match_by_words_brings_a_passage_up():
    count = CANDIDATES + 10
    scores, nearest = far_down(count, count)
    scores[0] = 1
    candidates = found(StoredRankings(scores, nearest), np.ones(count, bool), np.zeros(count, bool))
    assert 1 / (RRF_K + 1) + 1 / (RRF_K + count) > 1 / (RRF_K + 1)
    assert 0 in candidates.passages


def test_a_passage_of_the_place_asked_for_comes_along():
    count = CANDIDATES + 10
    in_place = np.arange(count) == 0
    candidates = found(StoredRankings(*far_down(count, count)), np.ones(count, bool), in_place)
    assert 0 in candidates.passages


def test_words_are_looked_up_in_both_forms_of_an_acronym(engine):
    query = engine.understand("accueil à la MDPH")
    index = StoredRankings([0, 0, 0, 0], [0, 1, 2, 3])
    found(index, query=replace(query, places=()))
    ((text, language),) = index.asked
    assert text.startswith("accueil à la MDPH MDPH Maison")
    assert language == "fr"


def test_the_share_of_words_that_the_corpus_knows_is_told():
    assert found(StoredRankings([0, 0, 0, 0], [0, 1, 2, 3])).known == 0.5  # of "un" and "bus" it knows "bus"
