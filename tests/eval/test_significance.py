"""Intervals and p-values against enumeration, scipy's t-test and published examples."""

from itertools import product
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from eval.significance import holm, interval, randomisation_p

# Darwin's Zea mays: height of cross- less self-fertilised plants of 15 pairs, in eighths of an inch. Fisher, "The
# Design of Experiments", 1935, section 21, enumerates the signs: 863 of the 32768 sums are as large as that found.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def enumerated_p(differences: list[float]) -> float:
    """The share of all assignments of signs whose mean is as far from 0."""
    signed = [
        fmean(s * d for s, d in zip(signs, differences, strict=True))
        for signs in product((1, -1), repeat=len(differences))
    ]
    return fmean(abs(one) >= abs(fmean(differences)) - 1e-12 for one in signed)


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([1, 2, 3], 2 / 8),  # only all up and all down are as far
        ([1, 2, -3], 1.0),
        ([0.1] * 6, 2 / 64),
        ([-0.1] * 6, 2 / 64),
        ([1, 1, 1, -1], 10 / 16),  # one sign or none against the others: (1 + 4) × 2
    ],
)
def test_the_p_value_of_few_differences_is_exact(differences: list[float], p: float):
    assert randomisation_p(differences) == pytest.approx(p)


@settings(max_examples=25)
@given(st.lists(st.integers(-4, 4).map(lambda n: n / 8), min_size=2, max_size=8))
def test_the_p_value_is_that_of_all_signs_tried(differences: list[float]):
    assert randomisation_p(differences) == pytest.approx(enumerated_p(differences))


def test_fishers_figure_for_darwins_plants_is_met():
    assert randomisation_p(DARWIN) == pytest.approx(2 * 863 / 32768, abs=0.006)


def test_many_differences_have_nearly_the_p_value_of_the_t_test():
    differences = np.random.default_rng(1).normal(0.03, 0.15, 120).tolist()
    assert randomisation_p(differences) == pytest.approx(ttest_1samp(differences, 0).pvalue, abs=0.01)
    assert randomisation_p(differences) < 0.1


@pytest.mark.parametrize("differences", [[], [0, 0, 0], [0, 0.4, 0]])
def test_what_does_not_differ_or_once_only_may_well_be_chance(differences: list[float]):
    assert randomisation_p(differences) == 1


def test_equal_pairs_change_no_p_value():
    assert randomisation_p([1, 2, 3, 0, 0]) == randomisation_p([1, 2, 3])


@pytest.mark.parametrize(
    ("ps", "corrected"),
    [
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.08, 0.09, 0.09, 0.09]),  # R's p.adjust(1:5 / 100, "holm")
        ([0.6, 0.7], [1, 1]),
        ([0.2], [0.2]),
        ([], []),
    ],
)
def test_holm_multiplies_by_the_number_of_comparisons_left(ps: list[float], corrected: list[float]):
    assert holm(ps) == pytest.approx(corrected)


def test_an_interval_holds_the_mean_and_has_the_width_of_the_normal_one():
    values = np.random.default_rng(2).normal(0.5, 0.2, 200).tolist()
    found = interval(values)
    assert found is not None
    low, high = ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.003)


def test_an_interval_of_yes_and_no_has_the_quantiles_of_the_binomial():
    found = interval([1] * 60 + [0] * 40)
    assert found == pytest.approx((0.50, 0.70), abs=0.011)  # 50 and 69 or 70 of 100 at p = .6


def test_an_interval_of_one_value_over_and_over_is_that_value():
    assert interval([0.5, 0.5, 0.5]) == (0.5, 0.5)


@pytest.mark.parametrize("values", [[], [0.7]])
def test_fewer_than_two_values_have_no_interval(values: list[float]):
    assert interval(values) is None


def test_the_same_values_have_the_same_interval_and_p_value_each_time():
    values = np.random.default_rng(3).normal(0, 1, 50).tolist()
    assert (interval(values), randomisation_p(values)) == (interval(values), randomisation_p(values))
