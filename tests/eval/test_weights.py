"""Weights chosen on some questions are worth what they are worth on others."""

import numpy as np
import pytest

from eval.collection import Qrels
from eval.errors import CannotMeasure
from eval.metrics import values_of
from eval.weights import QuestionScores, cross_validate, ndcg_10
from tests.small_collection import catalogue_of, collection_of

GRID = {"record": (0.0, 0.5, 1.0)}


def scores(question: str, front: str = "collection", grades=(0, 3), judged=None, **components) -> QuestionScores:
    return QuestionScores(
        question=question,
        front=front,
        components={name: np.array(of, np.float32) for name, of in components.items()},
        grades=np.array(grades),
        judged=grades if judged is None else judged,
    )


def helped(question: str, front: str = "collection") -> QuestionScores:
    """The record alone knows which of two initiatives is right; half its score is enough."""
    return scores(question, front, late=[0.6, 0.5], record=[0.0, 0.4])


def harmed(question: str, front: str) -> QuestionScores:
    """The record is wrong, and wins when all its score counts."""
    return scores(question, front, late=[0.4, 0.7], record=[0.4, 0.0])


def test_the_figure_is_that_of_the_evaluation():
    collection = collection_of({"k1": {"a": 3, "b": 1, "c": 0, "d": 2}})
    qrels = Qrels.of(collection, catalogue_of(collection))
    expected = values_of(qrels, {"k1": ["b", "c", "a"]})["ndcg_10"]["k1"]
    one = scores("k1", grades=(3, 1, 0), judged=(3, 1, 0, 2), late=[0.1, 0.9, 0.5])
    assert ndcg_10(one, "late", {}) == pytest.approx(expected)


def test_a_component_that_helps_gets_its_weight_on_every_fold():
    chosen = cross_validate([helped(f"k{n}") for n in range(10)], GRID, base="late")
    assert chosen.weights == {"record": 0.5}
    assert set(map(str, chosen.by_fold)) == {"{'record': 0.5}"}
    assert (len(chosen.by_fold), chosen.held_out) == (5, {"collection": 1.0})


def test_fronts_count_alike_however_many_questions_they_have():
    """Forty questions that the whole weight would not harm do not outvote two that it would."""
    many, few = [helped(f"k{n}") for n in range(40)], [harmed(f"r{n}", "real_words") for n in range(2)]
    chosen = cross_validate([*many, *few], GRID, base="late", folds=2)
    assert (chosen.weights, chosen.held_out) == ({"record": 0.5}, {"collection": 1.0, "real_words": 1.0})


def test_what_nothing_was_chosen_on_is_told_with_the_weights_of_the_others():
    chosen = cross_validate(
        [helped(f"k{n}") for n in range(6)],
        {"record": (0.0, 1.0)},
        base="late",
        elsewhere=[harmed("f1", "foreign"), scores("f2", "foreign", late=[0.1, 0.2])],
    )
    assert chosen.weights == {"record": 1.0}
    # The record is wrong for the first, and the second, which has none, is ordered by its base score.
    assert chosen.elsewhere == {"foreign": pytest.approx((ndcg_10(harmed("f", ""), "late", chosen.weights) + 1) / 2)}
    assert chosen.elsewhere["foreign"] < 1


def test_a_question_is_held_out_of_the_choice_of_its_own_weights():
    """The only question that wants a weight does not get it when it is held out itself."""
    alone = [helped("k0"), *(scores(f"k{n}", late=[0.1, 0.2], record=[0.0, 0.0]) for n in range(1, 5))]
    chosen = cross_validate(alone, GRID, base="late")
    assert chosen.by_fold[0] == {"record": 0.0}
    assert chosen.held_out["collection"] == pytest.approx((ndcg_10(alone[0], "late", {}) + 4) / 5)


def test_a_component_that_changes_nothing_gets_no_weight():
    chosen = cross_validate([scores(f"k{n}", late=[0.1, 0.9], record=[0.5, 0.5]) for n in range(5)], GRID, base="late")
    assert chosen.weights == {"record": 0.0}


def test_a_grid_too_large_and_too_few_questions_are_refused():
    with pytest.raises(CannotMeasure, match=r"1000000 combinations .*Give fewer values"):
        cross_validate([helped("k1")], {name: range(100) for name in "abc"}, base="late")
    with pytest.raises(CannotMeasure, match="1 questions cannot be dealt to 5 folds"):
        cross_validate([helped("k1")], GRID, base="late")
