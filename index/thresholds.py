"""Thresholds: the scores below which nothing is relevant, fitted to the scores of questions about something else.

They are quantiles of the best scores of the sample questions, taken anew at every build: another encoder or another
collection has another scale (docs/decisions/0004-nothing-relevant.md).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.adaptation import Adaptation, adapted_bonus
from index.encoder import Encoded
from index.expansion import ExpansionIndex, combine_scores
from index.multivector import MultiVectorIndex
from index.questions import QuestionCentre

# The share of the sample questions whose best passage scores below `best_threshold`.
BEST_QUANTILE = 0.15

# The same where there are records, and of `expansion_threshold`. Two signs must agree there, the best score and the
# nearest expansions, so that each may ask for more: the median.
BEST_QUANTILE_WITH_RECORDS = 0.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores below which nothing is relevant, on the scale of the scores that passages are ranked by."""

    best_threshold: float  # the best passage must reach it for anything to be relevant
    hit_threshold: float  # every hit must reach it: the lowest of the sample questions' best scores
    expansion_threshold: float  # what the expansions of some record must reach; -inf where there are no records
    longest: int  # tokens of the longest sample question

    @classmethod
    def fit(
        cls,
        sample: Sequence[Encoded],
        centre: QuestionCentre,
        multivector: MultiVectorIndex,
        expansion: ExpansionIndex | None,
        records: NDArray[np.int64],
        adaptation: Adaptation | None,
        adapted_rows: NDArray[np.int64],
    ) -> "Thresholds":
        """See how the sample questions score.

        `records` and `adapted_rows` [passages] are the rows of the passages' records and of their initiatives in the
        adaptation, or -1.
        """
        best, similarities = [], []
        for question in sample:
            states, weights = centre.states(question.states), multivector.weights(question.tokens)
            scores = multivector.scores(states, weights, np.arange(len(multivector)))
            if expansion is not None:
                of_records = expansion.records.scores(states, weights, np.arange(len(expansion.records)))
                similar = expansion.similarities(centre.vector(question.vector))
                scores = combine_scores(scores, records, of_records, similar)
                similarities.append(similar.max())
            if adaptation is not None:
                scores = scores + adapted_bonus(adaptation.log_probabilities(question), adapted_rows)
            best.append(scores.max())
        quantile = BEST_QUANTILE if expansion is None else BEST_QUANTILE_WITH_RECORDS
        return cls(
            best_threshold=float(np.quantile(best, quantile)),
            hit_threshold=float(min(best)),
            expansion_threshold=float(np.quantile(similarities, quantile)) if similarities else -np.inf,
            longest=max(len(one.tokens) for one in sample),
        )

    def best_of(self, tokens: int) -> float:
        """The score that the best passage must reach for a question of so many tokens to have an answer here.

        The more words a text has, the lower it scores, whatever it is about: of statements longer than any sample
        question no more than `hit_threshold` is asked.
        """
        return self.best_threshold if tokens <= self.longest else self.hit_threshold

    @classmethod
    def open(cls, path: Path) -> "Thresholds":
        """Open what `save` wrote."""
        with np.load(path) as stored:
            return cls(**{name: stored[name].item() for name in stored.files})

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, **asdict(self))
