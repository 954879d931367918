"""Calibration: how much each piece of evidence weighs, fitted by `recueil calibrate` and read from a file.

Two logistic models. One chooses among findings; the other turns the evidence for the chosen one into a confidence, the
probability that what is shown answers the question. The file names the data, the method and the encoder.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from search.answering.answer import Verdict
from search.answering.asked import Asked
from search.answering.evidence import FINDING, PRODUCTS, QUESTION, Row, with_products
from search.answering.fault import BadCalibration

NAME = "calibration.json"


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model of named evidence."""

    weights: Mapping[str, float]
    bias: float

    def odds(self, names: Sequence[str], evidence: Row) -> float:
        """The log-odds for some evidence, whose columns have these names."""
        return self.bias + float(np.array([self.weights[name] for name in names]) @ evidence)


@dataclass(frozen=True, slots=True)
class Confidence:
    """How evidence of `of_question` becomes a confidence, and where answering begins."""

    centre: Mapping[str, float]  # means of evidence.QUESTION
    scale: Mapping[str, float]  # and standard deviations
    model: Logistic  # of evidence.PRODUCTS, standardised
    closest_from: float  # a confidence below this is refused an answer

    def of(self, evidence: Row) -> float:
        """The probability that what is shown answers, from evidence as `of_question` gives it.

        What cannot be known, an editorial record where there is none, counts as its mean does.
        """
        centre, scale = (np.array([by_name[name] for name in QUESTION]) for by_name in (self.centre, self.scale))
        standardised = np.nan_to_num((evidence - centre) / scale)
        return 1 / (1 + exp(-self.model.odds(PRODUCTS, with_products(standardised))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights by the names of `evidence`, and where the verdicts begin."""

    model: str  # digest of the encoder
    method: str
    data: str
    finding: Logistic  # of evidence.FINDING: whether a finding says the right thing
    one: Confidence  # for questions that ask for one thing
    lists: Confidence  # for questions that ask for several initiatives
    words: Confidence  # for words typed into a search box
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
        weighed = [
            (set(one.centre), set(one.scale), set(one.model.weights)) for one in (read.one, read.lists, read.words)
        ]
        expected = (set(QUESTION), set(QUESTION), set(PRODUCTS))
        if set(read.finding.weights) != set(FINDING) or weighed != [expected] * len(weighed):
            raise BadCalibration("The calibration weighs other evidence than this program gathers", str(path), mend)
        if read.model != model:
            raise BadCalibration("The calibration was fitted for another encoder", str(path), mend)
        return read

    def save(self, folder: Path) -> None:
        """Write `calibration.json`."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf8")

    def choice(self, evidence: Row) -> float:
        """The log-odds of a finding, `evidence` as `of_finding` gives it."""
        return self.finding.odds(FINDING, evidence)

    def confidence(self, evidence: Row, asked: Asked) -> float:
        """The probability that what is shown answers the question; `evidence` as `of_question` gives it."""
        return self._for(asked).of(evidence)

    def verdict(self, confidence: float, asked: Asked) -> Verdict:
        """What is done with a confidence."""
        if confidence < self._for(asked).closest_from:
            return Verdict.REFUSED
        return Verdict.ANSWERED if confidence >= self.answered_from else Verdict.CLOSEST

    def _for(self, asked: Asked) -> Confidence:
        return {Asked.LIST: self.lists, Asked.TOPIC: self.words}.get(asked, self.one)


CALIBRATION = TypeAdapter(Calibration)
