"""Retrieval: the lists by BM25, by sentence vectors and by expansions, fused by reciprocal rank."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.places import Gazetteer
from index import Acronym
from search.retrieve import CANDIDATES, ranks_of, retrieve
from tests.small_index import index_of_lists, query, record, searcher_of, sheet


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


QUERY = query("un bus")
NOBODY = np.zeros(4, bool)


def found(index, in_place=NOBODY, query=QUERY):
    return retrieve(index, query, in_place)


def test_both_rankings_are_kept():
    candidates = found(index_of_lists([0, 3, 0, 1], [2, 3, 0, 1]))
    assert candidates.passages.tolist() == [0, 1, 2, 3]
    assert candidates.lexical_ranks.tolist() == [0, 1, 0, 2]
    assert candidates.dense_ranks.tolist() == [3, 4, 1, 2]


def test_a_passage_is_fused_by_the_sum_of_its_reciprocal_ranks_damped_by_60():
    fused = found(index_of_lists([0, 3, 0, 1], [2, 3, 0, 1]), in_place=np.array([True, False, False, False])).fused
    assert fused.tolist() == pytest.approx([1 / 63 + 1 / 61, 1 / 61 + 1 / 64, 1 / 61, 1 / 62 + 1 / 62])


def test_words_are_looked_up_in_both_forms_of_an_acronym():
    index = index_of_lists([0, 0, 0, 0], [0, 1, 2, 3])
    found(index, query=query("accueil MDPH", acronyms=(Acronym("MDPH", "Maison du handicap"),)))
    assert index.asked == [("accueil MDPH MDPH Maison du handicap", "fr")]


@pytest.mark.parametrize(("known", "coverage"), [((), 0), (("bus",), 0.5), (("un", "bus"), 1)])
def test_term_coverage_is_the_share_of_the_terms_that_the_corpus_holds(known, coverage):
    assert found(index_of_lists([0, 0, 0, 0], [0, 1, 2, 3], known)).term_coverage == coverage


def test_a_question_of_no_term_is_covered_by_nothing():
    assert found(index_of_lists([0, 0, 0, 0], [0, 1, 2, 3]), query=query("")).term_coverage == 0


# --- which passages go on ---

COUNT = CANDIDATES + 10
NONE = np.zeros(COUNT, bool)
FIRST = np.arange(COUNT) == 0


def far_down(rank: int, lexical_score: float = 0):
    """Rankings in which passage 0 stands at `rank` by vectors; no other passage has a score by words."""
    return index_of_lists([lexical_score, *[0] * (COUNT - 1)], [*range(1, rank), 0, *range(rank, COUNT)])


@pytest.mark.parametrize(("rank", "kept"), [(CANDIDATES, True), (CANDIDATES + 1, False)])
def test_only_the_first_go_on(rank: int, kept: bool):
    passages = retrieve(far_down(rank), QUERY, NONE).passages
    assert (0 in passages) == kept
    assert len(passages) == CANDIDATES


def test_the_first_match_by_words_outweighs_the_last_rank_by_vectors():
    """1/61 + 1/220 = 0.0209 in place of 1/220 = 0.0045; the first by vectors alone has 1/61 = 0.0164."""
    candidates = retrieve(far_down(COUNT, lexical_score=1), QUERY, NONE)
    assert COUNT == 160
    assert candidates.fused[0] == pytest.approx(1 / 61 + 1 / 220)
    assert candidates.fused.argmax() == 0
    assert 0 in candidates.passages


def test_a_passage_of_the_place_asked_for_comes_along():
    assert 0 in retrieve(far_down(COUNT), QUERY, FIRST).passages


# --- expansions ---


def test_all_passages_of_an_initiative_have_the_rank_of_its_record(gazetteer: Gazetteer):
    """Of two records that of the second sheet is nearer to the question; the first sheet has none."""
    searcher = searcher_of(
        sheet("atlas-a", "un"),
        sheet("atlas-b", "deux", "trois"),
        sheet("atlas-c", "quatre"),
        records=[record("atlas-c", "louer chercher trouver"), record("atlas-b", "louer")],
        gazetteer=gazetteer,
    )
    candidates = searcher.rank("louer").candidates
    by_lists = sum(
        np.where(ranks > 0, 1 / (60 + ranks), 0) for ranks in (candidates.lexical_ranks, candidates.dense_ranks)
    )
    by_records = [0, 1 / 61, 1 / 61, 1 / 62, 0]
    assert (candidates.fused - by_lists)[:5].tolist() == pytest.approx(by_records)
    assert candidates.expansion_similarity.tolist() == pytest.approx([3**-0.5, 1], abs=0.1)


def test_without_records_nothing_is_similar_to_expansions():
    assert found(index_of_lists([0, 0, 0, 0], [0, 1, 2, 3])).expansion_similarity.tolist() == []
