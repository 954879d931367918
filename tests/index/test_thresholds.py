"""What is asked of a question is fitted to what questions about something else show."""

import numpy as np
import pytest

from corpus import bundled_profile
from index import ExpansionIndex, MultiVectorIndex, QuestionCentre, Signs, Thresholds
from tests.word_encoder import WordEncoder

ENCODER = WordEncoder(("eau", "vélo", "pont"))
ORIGIN = QuestionCentre(
    state_mean=np.zeros(4, np.float32),
    vector_mean=np.zeros(4, np.float32),
    english=np.zeros(4, np.float32),
    boundary=0.0,
)
WEIGHTS = bundled_profile().weights
OWNERS = np.array([0, 1])
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


def test_without_records_the_best_score_is_the_only_sign(passages):
    thresholds = Thresholds.fit(SAMPLE[:3], ORIGIN, passages, None, NO_RECORDS, None, NO_RECORDS, OWNERS, WEIGHTS)
    # Scores 0.7071, 0.7071 and 0: mean 0.4714, standard deviation 0.3333, standard scores 0.71 twice and -1.41.
    assert thresholds.means[0] == pytest.approx(0.4714, abs=0.01)
    assert thresholds.deviations[0] == pytest.approx(0.3333, abs=0.01)
    # The quantile 0.15 of three lies 0.3 of the way from the first to the second.
    assert thresholds.least == pytest.approx(-1.41 + 0.3 * 2.12, abs=0.02)
    assert thresholds.are_met(Signs(best=0.5))
    assert not thresholds.are_met(Signs(best=0.1))


def test_with_records_the_standard_scores_of_both_signs_are_summed(passages):
    expansions = np.array([[0, 1, 0, 0], [0, 0.6, 0.8, 0]], np.float32)
    expansion = ExpansionIndex(multivector_of("eau", "vélo"), expansions, np.array([0, 1, 2]))
    thresholds = Thresholds.fit(
        SAMPLE, ORIGIN, passages, expansion, np.array([0, 1]), None, NO_RECORDS, OWNERS, WEIGHTS
    )
    # Best similarities with an expansion: "eau" 1, "vélo" 0.8, "pont" 0 twice.
    # Best scores: (0.7071 + 0.75 × 0.7071 + 0.5 × similarity) / 2.25, thus 0.772, 0.728, 0 and 0.
    assert thresholds.means[:2] == pytest.approx((0.375, 0.45), abs=0.01)
    assert thresholds.deviations[2] == np.inf
    mean = Signs(best=thresholds.means[0], expansion=thresholds.means[1])
    assert thresholds.sum_of(mean) == pytest.approx(0)
    far = Signs(best=thresholds.means[0] + thresholds.deviations[0], expansion=thresholds.means[1])
    assert thresholds.sum_of(far) == pytest.approx(1)


def test_one_sign_makes_up_for_another():
    thresholds = Thresholds(means=(0.5, 0.5, 6), deviations=(0.1, 0.1, 0.5), least=1)
    assert thresholds.are_met(Signs(best=0.4, expansion=0.71, energy=6))
    assert not thresholds.are_met(Signs(best=0.4, expansion=0.6, energy=6))
    assert thresholds.are_met(Signs(best=0.4, expansion=0.61, energy=6.5))


def test_a_sign_that_never_changes_tells_nothing():
    thresholds = Thresholds.of([Signs(best=0.2, energy=5), Signs(best=0.4, energy=5)], 0.5)
    assert thresholds.sum_of(Signs(best=0.3, energy=5)) == pytest.approx(0)


def test_what_was_saved_is_the_same(tmp_path):
    thresholds = Thresholds.of([Signs(best=1 / 3, energy=5), Signs(best=0.4, energy=6)], 0.3)
    thresholds.save(tmp_path / "thresholds.npz")
    assert Thresholds.open(tmp_path / "thresholds.npz") == thresholds


def test_the_sample_questions_of_the_shipped_corpus_show_all_three_signs(searcher):
    thresholds = searcher.index.thresholds
    assert 0 < thresholds.means[0] < 1
    assert 0 < thresholds.means[1] < 1
    assert thresholds.means[2] > 0
    assert min(thresholds.deviations) > 0
    assert -3 < thresholds.least < 3
