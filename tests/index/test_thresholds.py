"""Thresholds are quantiles of how well questions about something else score."""

import numpy as np
import pytest

from index import ExpansionIndex, MultiVectorIndex, QuestionCentre, Thresholds
from tests.word_encoder import WordEncoder

ENCODER = WordEncoder(("eau", "vélo", "pont"))
ORIGIN = QuestionCentre(
    state_mean=np.zeros(4, np.float32),
    vector_mean=np.zeros(4, np.float32),
    english=np.zeros(4, np.float32),
    boundary=0.0,
)
NO_RECORDS = np.array([-1, -1])


def multivector_of(*texts: str) -> MultiVectorIndex:
    encoded = ENCODER.passages(texts)
    return MultiVectorIndex.build(encoded, [one.spans for one in encoded])


@pytest.fixture(scope="module")
def passages() -> MultiVectorIndex:
    """Two passages, whose centred states lie at 45° to the axis of their word and at 90° to those of other words."""
    return multivector_of("eau", "vélo")


SAMPLE = ENCODER.questions(["eau", "vélo", "pont", "pont pont pont"])
BEST = [0.7071, 0.7071, 0, 0]  # cos 45°, cos 90°


def test_without_records_few_sample_questions_score_below(passages):
    thresholds = Thresholds.fit(SAMPLE[:3], ORIGIN, passages, None, NO_RECORDS, None, NO_RECORDS)
    assert thresholds.hit_threshold == pytest.approx(0, abs=0.01)
    # The quantile 0.15 of three scores lies 0.3 of the way from the first to the second.
    assert thresholds.best_threshold == pytest.approx(0.3 * 0.7071, abs=0.01)
    assert thresholds.expansion_threshold == -np.inf


def test_with_records_thresholds_are_medians_of_combined_scores(passages):
    expansions = np.array([[0, 1, 0, 0], [0, 0.6, 0.8, 0]], np.float32)
    expansion = ExpansionIndex(multivector_of("eau", "vélo"), expansions, np.array([0, 1, 2]))
    thresholds = Thresholds.fit(SAMPLE, ORIGIN, passages, expansion, np.array([0, 1]), None, NO_RECORDS)
    # Best similarities with an expansion: "eau" 1, "vélo" 0.8, "pont" 0 twice.
    assert thresholds.expansion_threshold == pytest.approx(0.4)
    # Best scores: (0.7071 + 0.75 × 0.7071 + 0.5 × similarity) / 2.25, thus 0.772, 0.728, 0 and 0.
    assert thresholds.best_threshold == pytest.approx(0.728 / 2, abs=0.01)
    assert thresholds.hit_threshold == pytest.approx(0, abs=0.01)


def test_a_question_longer_than_the_sample_must_only_reach_what_every_hit_must(passages):
    thresholds = Thresholds(best_threshold=0.5, hit_threshold=0.2, expansion_threshold=0.4, longest=3)
    assert [thresholds.best_of(tokens) for tokens in (1, 3, 4)] == [0.5, 0.5, 0.2]
    assert Thresholds.fit(SAMPLE, ORIGIN, passages, None, NO_RECORDS, None, NO_RECORDS).longest == 3


@pytest.mark.parametrize("expansion_threshold", [0.4, -np.inf])
def test_what_was_saved_is_the_same(tmp_path, expansion_threshold):
    thresholds = Thresholds(1 / 3, 0.1, expansion_threshold, 3)
    thresholds.save(tmp_path / "thresholds.npz")
    assert Thresholds.open(tmp_path / "thresholds.npz") == thresholds


def test_the_thresholds_of_the_shipped_corpus_lie_in_order(searcher):
    thresholds = searcher.index.thresholds
    assert 0 < thresholds.hit_threshold < thresholds.best_threshold < 1
    assert 0 < thresholds.expansion_threshold < 1
