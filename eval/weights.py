"""Weights: those of a linear score, chosen by cross-validation, and what they are worth where nothing was chosen.

    chosen = cross_validate(questions, {"record": (0, 0.2, 0.4), "expansion": (0, 0.1)}, base="late_interaction")
    chosen.weights, chosen.held_out["real_words"], chosen.elsewhere["foreign"]

The score of an initiative for a question is its base score plus each other component times its weight. A fold's weights
are the ones that are best on all other folds; held-out figures are of questions that had no part in choosing them.
Fronts count alike, however many questions they have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from eval.errors import CannotMeasure
from eval.metrics import GAINS

FOLDS = 5
CUT = 10  # of nDCG@10
MOST_COMBINATIONS = 20_000  # of weights that are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionScores:
    """One question: its candidates' scores, by component, and how they are judged."""

    question: str  # id
    front: str  # "collection", "real_words", …
    components: Mapping[str, NDArray[np.floating]]  # name → finite [m], of the candidates; one left out counts as 0
    grades: NDArray[np.integer]  # [m], 0 to 3; 0 where nobody judged
    judged: Sequence[int]  # the grades of everything that is judged for the question, candidate or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The weights that were chosen, and nDCG@10 by front."""

    weights: Mapping[str, float]  # the best on all questions that were chosen on
    by_fold: tuple[Mapping[str, float], ...]  # the best on all but each fold: how firmly they are chosen
    held_out: Mapping[str, float]  # front → mean over its questions, each with the weights of its fold
    elsewhere: Mapping[str, float]  # front that nothing was chosen on → mean with `weights`


def cross_validate(
    questions: Sequence[QuestionScores],
    grid: Mapping[str, Sequence[float]],
    *,
    base: str,
    elsewhere: Sequence[QuestionScores] = (),
    folds: int = FOLDS,
) -> Chosen:
    """Choose the weight of each component of `grid` among its values there; that of `base` is 1.

    The questions of each front are dealt to the folds in turn, in their order: the same folds every time. Of equally
    good weights the first of the grid are chosen, so begin each component with 0. Raises CannotMeasure for a grid of
    too many combinations, and fewer questions than folds.
    """
    combinations = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    if len(combinations) > MOST_COMBINATIONS:
        what = f"The grid has {len(combinations)} combinations of weights"
        raise CannotMeasure(what, "the grid", f"Give fewer values: at most {MOST_COMBINATIONS} combinations are tried.")
    if not 2 <= folds <= len(questions):
        what = f"{len(questions)} questions cannot be dealt to {folds} folds"
        raise CannotMeasure(what, "the questions", "Give two folds or more, and a question for each.")
    gains = np.array([[ndcg_10(one, base, weights) for weights in combinations] for one in questions])
    fronts, fold_of = np.array([one.front for one in questions]), _folds(questions, folds)
    best = [_best(gains[fold_of != fold], fronts[fold_of != fold]) for fold in range(folds)]
    held_out = gains[np.arange(len(questions)), np.array(best)[fold_of]]
    weights = combinations[_best(gains, fronts)]
    return Chosen(
        weights=weights,
        by_fold=tuple(combinations[one] for one in best),
        held_out={f"{front}": float(held_out[fronts == front].mean()) for front in dict.fromkeys(fronts)},
        elsewhere={
            front: fmean(ndcg_10(one, base, weights) for one in elsewhere if one.front == front)
            for front in dict.fromkeys(one.front for one in elsewhere)
        },
    )


def ndcg_10(question: QuestionScores, base: str, weights: Mapping[str, float]) -> float:
    """nDCG@10 of a question's candidates ordered by the weighted score, ties in their order; 0 without candidates."""
    components = question.components
    total = np.array(components[base], np.float64)
    for name, weight in weights.items():
        if name in components:
            total += weight * np.asarray(components[name], np.float64)
    order = np.argsort(-total, kind="stable")[:CUT]
    ideal = _discounted(sorted(question.judged, reverse=True)[:CUT])
    return _discounted(question.grades[order].tolist()) / ideal if ideal else 0.0


def _discounted(grades: Sequence[int]) -> float:
    """The gains of grades in their order, each divided by the logarithm of its rank."""
    return float(sum(GAINS[grade] / np.log2(rank + 1) for rank, grade in enumerate(grades, start=1)))


def _folds(questions: Sequence[QuestionScores], folds: int) -> NDArray[np.int64]:
    """[questions]: the fold of each, dealt in turn within its front."""
    dealt: dict[str, int] = {}
    found = []
    for one in questions:
        dealt[one.front] = dealt.get(one.front, -1) + 1
        found.append(dealt[one.front] % folds)
    return np.array(found)


def _best(gains: NDArray[np.float64], fronts: NDArray[np.str_]) -> int:
    """The combination whose mean over the fronts' means is highest; gains are [questions, combinations]."""
    means = np.stack([gains[fronts == front].mean(axis=0) for front in np.unique(fronts)])
    # Sums in another order may differ behind the twelfth digit: such combinations are equally good.
    return int(np.argmax(means.mean(axis=0).round(12)))
