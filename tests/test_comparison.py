"""Several systems on one collection: figures, differences, and the questions that changed with both rankings."""

import pytest

from eval.comparison import Line, compare
from eval.fault import CannotMeasure
from tests.small_collection import catalogue_of, collection_of, run_of

COLLECTION = collection_of({f"q{n}": {"a": 3, "b": 1} for n in range(8)})
CATALOGUE = catalogue_of(COLLECTION)
GOOD = run_of("good", CATALOGUE, {f"q{n}": ["a", "b"] for n in range(8)})
BAD = run_of("bad", CATALOGUE, {f"q{n}": ["x", "b"] for n in range(8)})
NEARLY = run_of("nearly", CATALOGUE, {f"q{n}": ["a", "b"] for n in range(7)} | {"q7": ["b", "a"]})


def test_each_system_has_its_figures_the_first_one_first():
    comparison = compare(COLLECTION, [GOOD, BAD])
    assert (comparison.collection, comparison.first) == ("small", "good")
    assert [(one.system, one.retrieval.overall.success_1) for one in comparison.evaluations] == [
        ("good", 1),
        ("bad", 0),
    ]


def test_any_system_may_be_the_one_that_others_are_compared_with():
    comparison = compare(COLLECTION, [GOOD, BAD, NEARLY], first="bad")
    assert [one.system for one in comparison.evaluations] == ["bad", "good", "nearly"]
    assert {one.system for one in comparison.differences} == {"good", "nearly"}


def test_a_loss_on_every_question_is_significant_overall_and_on_slices():
    found = {one.label: one for one in compare(COLLECTION, [GOOD, BAD]).differences if one.series == "success_1"}
    assert (found["all"].gain, found["all"].p) == (-1, pytest.approx(2 / 2**8))
    assert found["type q"].questions == found["length short"].questions == 8


def test_the_questions_that_changed_are_shown_with_both_rankings_and_their_grades():
    (change,) = compare(COLLECTION, [GOOD, NEARLY]).changes
    assert (change.system, change.question, change.text, change.type) == ("nearly", "q7", "text of q7", "q")
    assert (change.before, change.after) == (1, pytest.approx(0.7098, abs=1e-4))
    assert change.ranking_before == (Line("a", "A", 3), Line("b", "B", 1))
    assert change.ranking_after == (Line("b", "B", 1), Line("a", "A", 3))


def test_what_nobody_judged_is_shown_without_a_grade():
    assert compare(COLLECTION, [GOOD, BAD]).changes[0].ranking_after[0] == Line("x", "x", None)


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
        compare(COLLECTION, runs, first)
