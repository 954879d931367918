"""Several systems on one collection: figures, differences with p-values corrected by family, and what changed."""

import pytest

from eval.compare import Line, compare_runs, differences
from eval.errors import CannotMeasure
from eval.metrics import Slice
from tests.small_collection import catalogue_of, collection_of, run_of

COLLECTION = collection_of({f"q{n}": {"a": 3, "b": 1} for n in range(8)})
CATALOGUE = catalogue_of(COLLECTION)
GOOD = run_of("good", CATALOGUE, {f"q{n}": ["a", "b"] for n in range(8)})
BAD = run_of("bad", CATALOGUE, {f"q{n}": ["x", "b"] for n in range(8)})
NEARLY = run_of("nearly", CATALOGUE, {f"q{n}": ["a", "b"] for n in range(7)} | {"q7": ["b", "a"]})


def test_each_system_has_its_figures_the_first_one_first():
    comparison = compare_runs(COLLECTION, [GOOD, BAD])
    assert (comparison.collection, comparison.first) == ("small", "good")
    assert [(one.system, one.retrieval.overall.success_1) for one in comparison.evaluations] == [
        ("good", 1),
        ("bad", 0),
    ]


def test_any_system_may_be_the_one_that_others_are_compared_with():
    comparison = compare_runs(COLLECTION, [GOOD, BAD, NEARLY], first="bad")
    assert [one.system for one in comparison.evaluations] == ["bad", "good", "nearly"]
    assert {one.system for one in comparison.differences} == {"good", "nearly"}


def test_a_loss_on_every_question_is_significant_overall_and_on_slices():
    found = {one.label: one for one in compare_runs(COLLECTION, [GOOD, BAD]).differences if one.series == "success_1"}
    assert (found["all"].gain, found["all"].p) == (-1, pytest.approx(2 / 2**8))
    assert found["type q"].questions == found["length short"].questions == 8


def test_the_questions_that_changed_are_shown_with_both_rankings_and_their_grades():
    (change,) = compare_runs(COLLECTION, [GOOD, NEARLY]).changes
    assert (change.system, change.question, change.text, change.type) == ("nearly", "q7", "text of q7", "q")
    assert (change.before, change.after) == (1, pytest.approx(0.7098, abs=1e-4))
    assert change.ranking_before == (Line("a", "A", 3), Line("b", "B", 1))
    assert change.ranking_after == (Line("b", "B", 1), Line("a", "A", 3))


def test_what_nobody_judged_is_shown_without_a_grade():
    assert compare_runs(COLLECTION, [GOOD, BAD]).changes[0].ranking_after[0] == Line("x", "x", None)


@pytest.mark.parametrize(
    ("runs", "first", "message"),
    [
        ([GOOD], None, r"nothing to compare with .*Give two or more\. The systems are: good\."),
        ([GOOD, GOOD], None, r"Two systems have one name .*Give each once"),
        ([GOOD, BAD], "ugly", r"no system 'ugly' .*The systems are: good, bad\."),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, first, message):
    with pytest.raises(CannotMeasure, match=message):
        compare_runs(COLLECTION, runs, first)


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
