"""Thresholds: what a question must show for anything to be relevant to it, fitted to questions about something else.

Several signs tell a question that the collection has something for: the score of the best passage, the nearest
expansions of a record, how sure the adaptation is. Each is taken as a standard score among those of the sample
questions, which are about something else, and they are summed: no sign has a scale of its own, and those that an index
does not have are left out (unit weighting; Dawes, "The robust beauty of improper linear models", 1979). All of it is
fitted anew at every build (docs/decisions/0013-adapted-encoder.md).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Weights
from index.adaptation import Adaptation, adapted_bonus
from index.encoder import Encoded
from index.expansion import ExpansionIndex, combine_scores
from index.multivector import MultiVectorIndex
from index.questions import QuestionCentre

# The best initiative is compared with the one of this rank: those between may tell of the same thing.
RIVAL = 6

SMALLEST = 1e-6  # stands for a standard deviation of 0, that of signs which are all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a question shows; NaN for a sign that an index does not have."""

    best: float  # the highest score of a passage
    expansion: float = np.nan  # the highest similarity of a record's expansions
    energy: float = np.nan  # of the adaptation's reading

    @property
    def values(self) -> NDArray[np.float64]:
        """The three of them, [3]."""
        return np.array([self.best, self.expansion, self.energy])


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Means and standard deviations of the sample questions' signs, and what the standard scores must sum to.

    A sign that the index does not have has an infinite deviation: its standard score is always 0.
    """

    means: tuple[float, ...]  # [3], in the order of `Signs.values`
    deviations: tuple[float, ...]  # [3]
    least: float
    lead: float = -np.inf  # how clearly the best initiative must lead for a question to be answered, uncalibrated
    clear_lead: float = -np.inf  # the same, for what is found to be called the answer

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
        owners: NDArray[np.int64],
        weights_of: Weights,
    ) -> "Thresholds":
        """See how the sample questions score.

        Of the profile come the weights of scores, and the quantile: the share of the sample questions whose signs sum
        up to less than is asked for. From .2 to .3 no question of the development collection that has an answer is
        lost, from .35 on some are (docs/decisions/0013-adapted-encoder.md); without records the score is the only sign,
        and everyday wording scores as low.

        `records` and `adapted_rows` [passages] are the rows of the passages' records and of their initiatives in the
        adaptation, or -1; `owners` [passages] those of their initiatives.
        """
        signs, leads = [], []
        asked = [(centre.states(question.states), multivector.weights(question.tokens)) for question in sample]
        of_passages = multivector.all_scores(asked)
        of_records = None if expansion is None else expansion.records.all_scores(asked)
        for row, question in enumerate(sample):
            scores = of_passages[row]
            leads.append(lead_of(scores, owners))
            similar, energy = np.nan, np.nan
            if expansion is not None and of_records is not None:
                similarities = expansion.similarities(centre.vector(question.vector))
                scores = combine_scores(scores, records, of_records[row], similarities, weights_of)
                similar = float(similarities.max())
            if adaptation is not None:
                reading = adaptation.read(question)
                scores = scores + adapted_bonus(reading.log_probabilities, adapted_rows, weights_of)
                energy = reading.energy
            signs.append(Signs(best=float(scores.max()), expansion=similar, energy=energy))
        quantile = weights_of.quantile if expansion is not None else weights_of.quantile_without_records
        answered, clear = np.quantile(leads, [weights_of.answer_quantile.value, weights_of.clear_quantile.value])
        return replace(cls.of(signs, quantile.value), lead=float(answered), clear_lead=float(clear))

    @classmethod
    def of(cls, sample: Sequence[Signs], quantile: float) -> "Thresholds":
        """Ask for more than this share of a sample of signs shows."""
        values = np.stack([signs.values for signs in sample])  # [questions, 3]
        there = ~np.isnan(values).any(axis=0)
        means = np.where(there, values.mean(axis=0), 0)
        deviations = np.where(there, np.maximum(values.std(axis=0), SMALLEST), np.inf)
        fitted = cls(means=tuple(means.tolist()), deviations=tuple(deviations.tolist()), least=-np.inf)
        return cls(
            means=fitted.means,
            deviations=fitted.deviations,
            least=float(np.quantile([fitted.sum_of(signs) for signs in sample], quantile)),
        )

    def sum_of(self, signs: Signs) -> float:
        """The sum of the standard scores of the signs that the sample has too."""
        return float(np.nansum((signs.values - np.array(self.means)) / np.array(self.deviations)))

    def are_met(self, signs: Signs) -> bool:
        """Whether a question with these signs is not like those about something else."""
        return self.sum_of(signs) >= self.least

    @classmethod
    def open(cls, path: Path) -> "Thresholds":
        """Open what `save` wrote."""
        with np.load(path) as stored:
            means, deviations = tuple(stored["means"].tolist()), tuple(stored["deviations"].tolist())
            floats = {name: float(stored[name]) for name in ("least", "lead", "clear_lead")}
            return cls(means=means, deviations=deviations, **floats)

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, **asdict(self))


def lead_of(scores: NDArray[np.floating], owners: NDArray[np.int64]) -> float:
    """How clearly the best initiative leads: its best score less that of the sixth, or the last, 0 or more.

    `scores` [m] are late-interaction scores of passages, `owners` [m] name their initiatives or clusters. Unlike a
    score it can be compared between questions, and tells where no confidence was fitted whether anything stands out.
    """
    best = np.full(int(owners.max()) + 1, -np.inf)
    np.maximum.at(best, owners, scores)
    ranked = np.sort(best[np.isfinite(best)])[::-1][:RIVAL]
    return float(ranked[0] - ranked[-1])
