"""Confidence: how probable it is that what is shown is right.

Two logistic models. One says which short answers are right; the other turns the features of the question, seen from the
sentence chosen, into a confidence: the probability that the first statement is right. `recueil calibrate` fits them
(eval.training); the file `calibration.json` names the data, the method, the encoder and the texts they were fitted on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus import Fault
from search.answer.answer import Verdict
from search.answer.features import (
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    Features,
    with_products,
)

NAME = "calibration.json"

ConfidenceLabel = Literal["sure", "likely", "possible", "unsure"]

# The least confidence for each label. From .9 on .82 of answers are right, from .8 to .9 .71 (docs/decisions/0014);
# below it "likely" is told from what is more likely right than not.
LEAST_CONFIDENCE: dict[ConfidenceLabel, float] = {"sure": 0.9, "likely": 0.7, "possible": 0.5}


class BadCalibration(Fault):
    """The calibration is missing, damaged, or was fitted for another encoder."""


def confidence_label(confidence: float) -> ConfidenceLabel:
    """How sure an answer is, in one word for every door, from a confidence of 0 to 1.

    Example: 0.9 → "sure", 0.89 → "likely", 0.49 → "unsure"
    """
    return next((label for label, least in LEAST_CONFIDENCE.items() if confidence >= least), "unsure")


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic model of named features."""

    weights: Mapping[str, float]
    bias: float

    def log_odds(self, names: Sequence[str], features: Features) -> float:
        """The log-odds for some features [n], which have these names."""
        return self.bias + float(np.array([self.weights[name] for name in names]) @ features)


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """How the features of a question become a confidence, and where answering begins."""

    centre: Mapping[str, float]  # means of QUESTION_FEATURES
    scale: Mapping[str, float]  # and standard deviations
    model: LogisticModel  # of PRODUCT_FEATURES, standardised
    closest_from: float  # a confidence below this is refused an answer

    def of(self, features: Features) -> float:
        """The probability that what is shown answers, from question features [QUESTION_FEATURES].

        A feature that cannot be known (nan: an editorial record where there is none) counts as its mean does.
        """
        centre, scale = (np.array([of[name] for name in QUESTION_FEATURES]) for of in (self.centre, self.scale))
        standardised = np.nan_to_num((features - centre) / scale)
        return probability_of(self.model.log_odds(PRODUCT_FEATURES, with_products(standardised)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The fitted models, and where the verdicts begin."""

    model: str  # digest of the encoder
    texts: str  # sha256 of the source texts fitted on, as the manifest of an index has it
    method: str
    data: str
    finding: LogisticModel  # of CANDIDATE_FEATURES: whether a short answer says the right thing
    answering: ConfidenceModel
    answered_from: float  # from this confidence on what is found is called the answer, below the closest match

    @classmethod
    def open(cls, folder: Path, model: str) -> "Calibration":
        """Read the calibration of a folder for the encoder with this digest.

        Raises BadCalibration when there is none, when it is damaged, or when it was fitted for another encoder.
        """
        path, mend = folder / NAME, "Run `recueil calibrate`."
        try:
            read = CALIBRATION.validate_json(path.read_bytes(), strict=True)
        except FileNotFoundError:
            raise BadCalibration("There is no calibration", str(path), mend) from None
        except ValidationError as error:
            first = error.errors()[0]
            raise BadCalibration(f"The calibration is damaged: {first['msg']}", str(path), mend) from None
        answering = read.answering
        named = (set(answering.centre), set(answering.scale), set(answering.model.weights))
        expected = (set(QUESTION_FEATURES), set(QUESTION_FEATURES), set(PRODUCT_FEATURES))
        if set(read.finding.weights) != set(CANDIDATE_FEATURES) or named != expected:
            raise BadCalibration("The calibration has other features than this program computes", str(path), mend)
        if read.model != model:
            raise BadCalibration("The calibration was fitted for another encoder", str(path), mend)
        return read

    def save(self, folder: Path) -> None:
        """Write `calibration.json`."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf8")

    def confidence(self, features: Features) -> float:
        """The probability that what is shown is right, from question features [QUESTION_FEATURES]."""
        return self.answering.of(features)

    def verdict(self, confidence: float) -> Verdict:
        """What is done with a confidence."""
        if confidence < self.answering.closest_from:
            return Verdict.REFUSED
        return Verdict.ANSWERED if confidence >= self.answered_from else Verdict.CLOSEST


CALIBRATION = TypeAdapter(Calibration)


def probability_of(log_odds: float) -> float:
    """The logistic function, 1 / (1 + e^-x)."""
    return 1 / (1 + exp(-log_odds))
