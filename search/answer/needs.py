"""Needs: whether a text tells what somebody lives through or wishes for, or asks for something that a sheet may say.

    needs.are_told(context.asked.vector)      # → a list of initiatives helps more than one sentence of one of them

"Je n'ouvre plus mes factures, est-ce que ça existe, quelqu'un pour m'aider ?" has the form of a question and is none
that a sentence answers. The form does not tell the two apart, the sense does: a logistic regression on the sentence
vector, fitted by `recueil calibrate` on situations and on questions that facts answer.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.answer.confidence import BadCalibration, probability_of

NEEDS = "needs.json"

# From this probability on a text is taken as told: of the questions of the collections that name a sheet nearly none
# reaches it, of what real people wrote four in five do (docs/decisions/0015-needs-and-facts.md).
TOLD_FROM = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """A logistic model of sentence vectors."""

    model: str  # digest of the encoder
    data: str  # what it was fitted on, in words
    weights: NDArray[np.float32]  # [d]
    bias: float

    @classmethod
    def open(cls, folder: Path, model: str) -> "Needs":
        """Read the model of a folder for the encoder with this digest.

        Raises BadCalibration when there is none, when it is damaged, or when it was fitted for another encoder.
        """
        path, mend = folder / NEEDS, "Run `recueil calibrate`."
        try:
            read = json.loads(path.read_text(encoding="utf8"))
            needs = cls(
                model=read["model"],
                data=read["data"],
                weights=np.array(read["weights"], np.float32),
                bias=float(read["bias"]),
            )
        except FileNotFoundError:
            raise BadCalibration("There is nothing that tells needs from questions", str(path), mend) from None
        except (ValueError, KeyError, TypeError) as error:
            raise BadCalibration(f"What tells needs from questions is damaged: {error}", str(path), mend) from None
        if needs.model != model:
            raise BadCalibration("What tells needs from questions was fitted for another encoder", str(path), mend)
        return needs

    def save(self, folder: Path) -> None:
        """Write `needs.json`."""
        weights = [float(f"{one:.5g}") for one in self.weights.tolist()]
        kept = {"model": self.model, "data": self.data, "bias": round(self.bias, 5), "weights": weights}
        (folder / NEEDS).write_text(json.dumps(kept) + "\n", encoding="utf8")

    def probability(self, vector: NDArray[np.float32]) -> float:
        """How probable it is that a text with this sentence vector [d] tells a need, 0 to 1."""
        return probability_of(float(self.weights @ vector) + self.bias)

    def are_told(self, vector: NDArray[np.float32]) -> bool:
        """Whether a text with this sentence vector [d] is taken as the telling of a need."""
        return self.probability(vector) >= TOLD_FROM
