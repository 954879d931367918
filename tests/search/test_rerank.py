"""Reranking: MaxSim weighted by idf, concepts in whatever words, what records add; clusters by their best passage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Concept
from corpus.places import Gazetteer
from search import RankedInitiative, rank_clusters, ranks_of_clusters
from search.concepts import ConceptMention
from search.rerank import SYNONYM_WEIGHT, concept_aware_scores
from tests.small_index import query, record, searcher_of, sheet

# --- MaxSim ---

BEST = np.array([[0.1, 0.4]], np.float32)  # of one passage, the best cosines of "taule" and of "lyon"


def asked(*mentions: ConceptMention):
    """A question of two tokens, of the weights 2 and 1."""
    return query("taule lyon", words=("taule", "lyon"), weights=(2, 1), concepts=mentions)


def said(*cosines: float) -> np.ndarray:
    """How well each concept is said in the passage, as the index keeps it: in steps of 1/127."""
    return np.array([[round(cosine * 127)] for cosine in cosines], np.int8)


def test_without_concepts_the_score_is_the_mean_of_the_best_cosines_by_their_idf():
    assert concept_aware_scores(asked(), BEST, said(1)).tolist() == pytest.approx([(2 * 0.1 + 1 * 0.4) / 3])


def test_a_concept_said_in_other_words_counts_nine_tenths_of_its_cosine():
    score = concept_aware_scores(asked(ConceptMention(0, 5, (0,), ("prison",))), BEST, said(1))
    assert SYNONYM_WEIGHT == 0.9
    assert score.tolist() == pytest.approx([(2 * 0.9 + 1 * 0.4) / 3])


def test_the_question_s_own_words_count_where_they_are_nearer():
    score = concept_aware_scores(asked(ConceptMention(0, 5, (0,), ("prison",))), BEST, said(0.05))
    assert score.tolist() == pytest.approx([(2 * 0.1 + 1 * 0.4) / 3])


def test_of_several_concepts_of_the_same_words_the_one_said_best_counts():
    score = concept_aware_scores(asked(ConceptMention(0, 5, (0, 2), ("prison", "jail"))), BEST, said(0, 1, 1))
    assert score.tolist() == pytest.approx([(2 * 0.9 + 1 * 0.4) / 3])
    worse = concept_aware_scores(asked(ConceptMention(0, 5, (0,), ("prison",))), BEST, said(0, 1, 1))
    assert worse.tolist() == pytest.approx([(2 * 0.1 + 1 * 0.4) / 3])


def test_a_concept_of_several_words_replaces_them_all():
    score = concept_aware_scores(asked(ConceptMention(0, 10, (0,), ("prison",))), BEST, said(1))
    assert score.tolist() == pytest.approx([0.9])


def test_a_concept_whose_words_are_all_too_common_adds_nothing():
    common = query("de la taule", words=("taule",), weights=(2,), concepts=(ConceptMention(0, 5, (0,), ("x",)),))
    assert concept_aware_scores(common, BEST[:, :1], said(1)).tolist() == pytest.approx([0.1])


@given(st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=2), st.floats(-1, 1))
def test_a_concept_never_lowers_a_score(best: list[float], cosine: float):
    rows = np.array([best], np.float32)
    with_it = concept_aware_scores(asked(ConceptMention(0, 5, (0,), ("prison",))), rows, said(cosine))
    assert with_it[0] >= concept_aware_scores(asked(), rows, said(cosine))[0] - 1e-6


# --- on a small index ---


def test_a_passage_that_holds_every_word_of_the_question_scores_near_one(gazetteer: Gazetteer):
    searcher = searcher_of(sheet("atlas-a", "navette village"), sheet("atlas-b", "navette"), gazetteer=gazetteer)
    reranked = searcher.rank("navette village").reranked
    assert reranked.passages[:2].tolist() == [0, 1]
    # "navette" of two passages weighs ln(23/3) = 2.04, "village" of one ln(23/2) = 2.44.
    assert reranked.scores[:2].tolist() == pytest.approx([1, 2.04 / (2.04 + 2.44)], abs=0.1)
    assert reranked.source_scores.tolist() == reranked.scores.tolist()


def test_a_concept_finds_the_sheet_that_says_it_in_the_preferred_term(gazetteer: Gazetteer):
    sheets = [sheet("atlas-a", "potager"), sheet("atlas-b", "prison")]
    prison = Concept(id="prison", official=("prison",), lay=("taule",), en=(), acronym=None, field="justice")
    plain = searcher_of(*sheets, gazetteer=gazetteer).rank("taule")
    aware = searcher_of(*sheets, gazetteer=gazetteer, thesaurus=[prison]).rank("taule")
    assert plain.reranked.scores[1] == pytest.approx(0, abs=0.1)
    assert aware.reranked.scores[1] == pytest.approx(0.9, abs=0.1)


OTHER_RECORDS = [record(f"filler-{n}", f"demande{n}") for n in range(10)]


def test_a_record_lifts_its_sheet_above_an_equal_one_and_the_passage_shown_is_the_sheet_s(gazetteer: Gazetteer):
    searcher = searcher_of(
        sheet("atlas-a", "navette", "horaires"),
        sheet("atlas-b", "navette", "tarifs"),
        gazetteer=gazetteer,
        records=[record("atlas-a", "potager"), record("atlas-b", "navette"), *OTHER_RECORDS],
    )
    ranking = searcher.rank("navette")
    first, second = searcher.hits(ranking, ranking.nearest[:2], "fr")
    assert (first.initiative.id, second.initiative.id) == ("atlas-b", "atlas-a")
    assert (first.passage.text, second.passage.text) == ("navette", "navette")
    # Passage 1, record 0.75, expansions 0.5 of 2.25: all say it of the one, the passage alone of the other.
    assert (first.score, second.score) == pytest.approx((1, 1 / 2.25), abs=0.1)


def test_a_hit_is_by_its_record_when_that_answers_the_words_of_the_question_better(gazetteer: Gazetteer):
    searcher = searcher_of(
        sheet("atlas-a", "navette"), gazetteer=gazetteer, records=[record("atlas-a", "boulot"), *OTHER_RECORDS]
    )
    by_record = {}
    for question in ("navette", "boulot"):
        ranking = searcher.rank(question)
        (hit,) = searcher.hits(ranking, ranking.nearest[:1], "fr")
        by_record[question] = (hit.initiative.id, hit.by_record)
    assert by_record == {"navette": ("atlas-a", False), "boulot": ("atlas-a", True)}


def test_without_a_record_the_score_of_a_passage_is_its_own(gazetteer: Gazetteer):
    searcher = searcher_of(
        sheet("atlas-a", "navette"), sheet("atlas-b", "jardin"), gazetteer=gazetteer, records=[record("atlas-b", "x")]
    )
    reranked = searcher.rank("navette").reranked
    assert reranked.record_scores[0] == -np.inf
    assert reranked.scores[0] == reranked.source_scores[0]
    assert not reranked.is_by_record(0)


# --- clusters ---


def test_a_cluster_ranks_by_its_best_passage():
    clusters = np.array([7, 7, 9, 4])
    ranked = rank_clusters(np.array([0, 1, 2, 3]), np.array([0.2, 0.9, 0.5, 0.7]), clusters)
    assert ranked == (RankedInitiative(1, 0.9), RankedInitiative(3, 0.7), RankedInitiative(2, 0.5))


def test_scores_belong_to_the_passages_given():
    ranked = rank_clusters(np.array([3, 1]), np.array([0.25, 0.5]), np.array([7, 7, 9, 4]))
    assert ranked == (RankedInitiative(1, 0.5), RankedInitiative(3, 0.25))


def test_ties_keep_the_order_of_the_index():
    ranked = rank_clusters(np.arange(4), np.array([0.5, 0.5, 0.5, 0.5]), np.array([5, 6, 6, 8]))
    assert [one.passage for one in ranked] == [0, 1, 3]


def test_nothing_ranks_nothing():
    assert rank_clusters(np.zeros(0, np.int64), np.zeros(0), np.array([1])) == ()


@pytest.mark.parametrize(
    ("ranks", "clusters", "expected"),
    [
        ([2, 0, 1], [7, 7, 9], {9: 1, 7: 2}),
        ([1, 2, 3], [7, 7, 9], {7: 1, 9: 2}),
        ([0, 0, 0], [7, 7, 9], {}),
    ],
)
def test_clusters_have_the_rank_of_their_best_passage(ranks, clusters, expected):
    assert ranks_of_clusters(np.array(ranks), np.array(clusters)) == expected
