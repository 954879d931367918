"""Differences of means, over the same questions, with p-values corrected by family."""

import pytest

from eval.differences import differences
from eval.slices import Slice

EIGHT = [f"q{n}" for n in range(8)]
BEFORE = {"mrr": dict.fromkeys(EIGHT, 0.5)}


def series(*values: float):
    return {"mrr": dict(zip(EIGHT, values, strict=True))}


def test_a_difference_tells_both_means_and_the_exact_p_value():
    (found,) = differences(BEFORE, {"new": series(*[0.75] * 8)}, [])
    assert (found.system, found.series, found.label, found.questions) == ("new", "mrr", "all", 8)
    assert (found.before, found.after, found.gain) == (0.5, 0.75, 0.25)
    assert found.p == found.corrected_p == pytest.approx(2 / 2**8)
    assert found.interval == (0.25, 0.25)


def test_identical_systems_do_not_differ():
    (found,) = differences(BEFORE, {"new": BEFORE}, [])
    assert (found.gain, found.p, found.interval) == (0, 1, (0, 0))


def test_slices_are_compared_by_themselves_and_corrected_among_their_kind():
    slices = [Slice("type", "a", tuple(EIGHT[:6])), Slice("type", "b", tuple(EIGHT[1:]))]
    overall, a, b = differences(BEFORE, {"new": series(*[0.75] * 8)}, slices)
    assert (a.label, a.questions, b.label, b.questions) == ("type a", 6, "type b", 7)
    assert (a.p, b.p) == pytest.approx((2 / 2**6, 2 / 2**7))
    assert (a.corrected_p, b.corrected_p) == pytest.approx((2 / 2**6, 2 * 2 / 2**7))
    assert overall.corrected_p == overall.p


def test_several_systems_are_several_comparisons():
    better, same = series(*[0.75] * 8), BEFORE
    first, second = differences(BEFORE, {"better": better, "same": same}, [])
    assert first.corrected_p == pytest.approx(2 * 2 / 2**8)
    assert second.corrected_p == 1


def test_slices_too_small_ever_to_differ_are_left_out():
    assert [one.label for one in differences(BEFORE, {"new": BEFORE}, [Slice("type", "a", tuple(EIGHT[:5]))])] == [
        "all"
    ]


def test_only_what_both_have_is_compared():
    found = differences(BEFORE, {"new": {"mrr": dict.fromkeys([*EIGHT[:7], "x"], 1.0), "other": {"x": 1.0}}}, [])
    assert [(one.series, one.questions) for one in found] == [("mrr", 7)]
