"""Tuning: the weights of a profile that a collection of judgements can fit, and whether they are worth writing down.

tuned = tune(searcher, collection, today="2026-11-29")
tuned.weights, tuned.before, tuned.held_out

Each weight is added to the score of a passage, so that it can be taken out again and chosen anew without encoding
anything: by cross-validation, each fold measured with what was chosen on the others (`eval.weights`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from corpus import Fitted
from eval.collection import Collection, Qrels, Question
from eval.errors import CannotMeasure
from eval.run import catalogue_of
from eval.weights import QuestionScores, cross_validate, ndcg_10
from index import likelihoods
from search import Searcher

BASE = "late interaction"
FRONT = "collection"  # all questions of one count alike
FUSION, PLACE, ADAPTED = "fusion_weight", "place_bonus", "adapted_weight"
GRID: Mapping[str, Sequence[float]] = {
    FUSION: (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0),
    PLACE: (0, 0.05, 0.1, 0.2, 0.3),
    ADAPTED: (0, 0.02, 0.04, 0.05, 0.06, 0.08, 0.1, 0.16),
}

# With fewer the weights of the folds differ so much that any choice is one by chance.
FEWEST = 20  # questions
FEWEST_WITH_PLACE = 10  # of them with a place, for the weight of places


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What was chosen on a collection, and nDCG@10 of its questions."""

    weights: Mapping[str, Fitted]
    before: float  # with the weights in use
    held_out: float  # each question with the weights that were chosen on others
    by_fold: tuple[Mapping[str, float], ...]  # how firmly they are chosen

    @property
    def is_better(self) -> bool:
        """Whether questions that had no part in choosing gain by it."""
        return self.held_out > self.before


def tune(searcher: Searcher, collection: Collection, today: str) -> Tuned:
    """Choose the weights that a collection of this corpus can tell; `today` in ISO 8601.

    Raises CannotMeasure for fewer questions than FEWEST, and BadCollection for one of another corpus.
    """
    if len(collection.questions) < FEWEST:
        what = f"The collection has {len(collection.questions)} questions that something answers"
        raise CannotMeasure(what, str(collection.folder), f"Judge {FEWEST} or more: fewer would be fitted by chance.")
    qrels = Qrels.of(collection, catalogue_of(searcher))
    asked = [_scores(searcher, question, qrels) for question in collection.questions]
    grid = {FUSION: GRID[FUSION]}
    if sum(bool(one.components[PLACE].any()) for one in asked) >= FEWEST_WITH_PLACE:
        grid[PLACE] = GRID[PLACE]
    if searcher.index.adaptation is not None:
        grid[ADAPTED] = GRID[ADAPTED]
    in_use = {name: getattr(searcher.weights, name).value for name in GRID}
    fixed = [_with(one, {name: value for name, value in in_use.items() if name not in grid}) for one in asked]
    chosen = cross_validate(fixed, grid, base=BASE)
    on = f"the questions of '{collection.name}'"
    return Tuned(
        weights={
            name: Fitted(value=float(value), on=on, n=len(asked), date=today) for name, value in chosen.weights.items()
        },
        before=fmean(ndcg_10(one, BASE, in_use) for one in asked),
        held_out=fmean(chosen.held_out.values()),
        by_fold=chosen.by_fold,
    )


def _scores(searcher: Searcher, question: Question, qrels: Qrels) -> QuestionScores:
    """The candidates of one question: their score without any of the weights, and what each would add."""
    ranking, index = searcher.rank(question.text), searcher.index
    passages = np.array([one.passage for one in ranking.nearest])
    in_place = searcher.catalogue.in_places(ranking.query.places)
    components = {
        FUSION: ranking.candidates.fused_shares(passages),
        PLACE: in_place[index.owners[passages]].astype(float),
        ADAPTED: np.zeros(len(passages)),
    }
    if ranking.candidates.reading is not None:
        rows = index.adapted_rows[passages]
        components[ADAPTED] = likelihoods(ranking.candidates.reading.log_probabilities, rows)
    added = sum(getattr(searcher.weights, name).value * values for name, values in components.items())
    return QuestionScores(
        question=question.id,
        front=FRONT,
        components={BASE: np.array([one.score for one in ranking.nearest]) - added, **components},
        grades=np.array([qrels.grade(question.id, index.owner(one.passage).id) or 0 for one in ranking.nearest]),
        judged=tuple(qrels.grades[question.id].values()),
    )


def _with(question: QuestionScores, weights: Mapping[str, float]) -> QuestionScores:
    """A question whose base score holds what some weights add already."""
    components = dict(question.components)
    components[BASE] = components[BASE] + sum(weight * components[name] for name, weight in weights.items())
    return replace(question, components=components)
