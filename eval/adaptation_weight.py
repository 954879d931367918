"""How much the adaptation weighs: chosen by cross-validation over the collection and real people's words.

chosen = choose_adaptation_weight(searcher, {"collection": collection, "real_words": real_words})
chosen.weights["adaptation"], chosen.held_out
"""

from collections.abc import Mapping

import numpy as np

from eval.collection import Collection, Qrels, Question
from eval.errors import CannotMeasure
from eval.run import catalogue_of
from eval.weights import Chosen, QuestionScores, cross_validate
from index import likelihoods
from search import Searcher

BASE, ADAPTATION = "search", "adaptation"
WEIGHTS = (0, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.16)


def choose_adaptation_weight(searcher: Searcher, fronts: Mapping[str, Collection]) -> Chosen:
    """Choose among `WEIGHTS`. Raises CannotMeasure for an index without an adaptation, and too few questions."""
    if searcher.index.adaptation is None:
        raise CannotMeasure("The index has no adaptation", "the index", "Run `recueil adapt`, then `recueil build`.")
    catalogue = catalogue_of(searcher)
    questions = [
        _scores(searcher, question, front, qrels)
        for front, collection in fronts.items()
        for qrels in [Qrels.of(collection, catalogue)]
        for question in collection.questions
    ]
    return cross_validate(questions, {ADAPTATION: WEIGHTS}, base=BASE)


def _scores(searcher: Searcher, question: Question, front: str, qrels: Qrels) -> QuestionScores:
    """The candidates of one question: their score without the adaptation, and what that makes of them."""
    ranking = searcher.rank(question.text)
    reading = ranking.candidates.reading
    assert reading is not None  # the index has an adaptation
    rows = searcher.index.adapted_rows[[one.passage for one in ranking.nearest]]
    of_candidates = likelihoods(reading.log_probabilities, rows)
    in_use = searcher.index.contents.profile.weights.adapted_weight.value
    return QuestionScores(
        question=question.id,
        front=front,
        components={
            BASE: np.array([one.score for one in ranking.nearest]) - in_use * of_candidates,
            ADAPTATION: of_candidates,
        },
        grades=np.array(
            [qrels.grade(question.id, searcher.index.owner(one.passage).id) or 0 for one in ranking.nearest]
        ),
        judged=tuple(qrels.grades[question.id].values()),
    )
