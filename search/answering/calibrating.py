"""Calibrating: fit what weighs findings and what gives confidence, on questions with known answers.

Both are logistic regressions with an L2 penalty (scikit-learn), on standardised evidence whose scale is then folded
into the weights. The first learns which findings say the right thing; the second, with the first in
place, which answers do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.words import plain_words
from search.answering.answer import Verdict, text_of
from search.answering.calibration import Calibration, Confidence, Logistic
from search.answering.composing import compose
from search.answering.evidence import FINDING, QUESTION, Row, of_finding
from search.answering.gathering import Found, Gathered, gather, weigh
from search.answering.quoting import readable
from search.answering.span_reader import SpanReader
from search.answering.training_question import TrainingQuestion
from search.engine import Engine

PENALTY = 1.0  # the inverse strength C of the L2 penalty, scikit-learn's default

# A question that a sheet answers may be refused this often; below the confidence that does, answers are withheld.
WITHHELD = 0.025

# Words typed into a search box, which get a list: more of these, because many that no sheet answers look like those
# that some sheet does, and because the hits are shown all the same.
WITHHELD_LISTS = 0.15

# Of the answers called so, at least this share is right on the questions fitted on; below, they are "closest matches".
CALLED_ANSWER = 0.5

Matrix = NDArray[np.float32]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Case:
    question: TrainingQuestion
    gathered: Gathered


def calibrate(
    engine: Engine, reader: SpanReader, questions: Sequence[TrainingQuestion], done: Callable[[int], None]
) -> Calibration:
    """Fit a calibration; `done` is told of every question gathered for."""
    cases = []
    for question in questions:
        cases.append(_Case(question, gather(engine, reader, question.text)))
        done(1)
    chosen = _with_choice(engine.encoder.digest, cases, f"{len(questions)} questions")
    return _with_confidence(chosen, cases)


def _with_choice(model: str, cases: Sequence[_Case], data: str) -> Calibration:
    """Learn which findings say the right thing, from questions with an answer of words."""
    rows: list[Row] = []
    labels: list[bool] = []
    for case in cases:
        if case.question.answer:
            for finding in case.gathered.findings:
                rows.append(of_finding(case.gathered.asking, finding))
                labels.append(says(finding.lead, case.question.answer))
    choice = _fitted(FINDING, np.stack(rows), np.array(labels))
    method = f"logistic regressions, L2, C = {PENALTY:g}, on standardised evidence (scikit-learn)"
    unfitted = Confidence(Logistic(dict.fromkeys(QUESTION, 0.0), 0.0), 0.0)
    return Calibration(model, method, data, choice, unfitted, unfitted, 0.0)


def _with_confidence(chosen: Calibration, cases: Sequence[_Case]) -> Calibration:
    """Learn which answers are right, and where to withhold them."""
    weighed = [(case, weigh(case.gathered, chosen)) for case in cases]
    one, several = (
        _confidence(
            [(case, found) for case, found in weighed if case.gathered.asking.asked.several is listed], withheld
        )
        for listed, withheld in ((False, WITHHELD), (True, WITHHELD_LISTS))
    )
    return replace(chosen, one=one, several=several, answered_from=CALLED_ANSWER)


def _confidence(weighed: Sequence[tuple[_Case, Found]], withheld: float) -> Confidence:
    """A model of being right, and the confidence below which this share of what sheets answer lies."""
    judged = [
        (found.evidence, _is_right(case, found), case.question.initiative is not None)
        for case, found in weighed
        if found.evidence is not None
    ]
    rows, right, answerable = (np.array(column) for column in zip(*judged, strict=True))
    model = _fitted(QUESTION, rows, right)
    confidences = [1 / (1 + np.exp(-model.odds(QUESTION, row))) for row in rows[answerable]]
    return Confidence(model, round(float(np.quantile(confidences, withheld)), 4))


def _is_right(case: _Case, found: Found) -> bool:
    """Whether the answer made of what was found says what the sheet says, or lists the initiative that fits."""
    if case.question.initiative is None:
        return False
    asking = case.gathered.asking
    composed = compose(asking, found, Verdict.ANSWERED)
    told = {id for cited in composed.citations for id in (cited.initiative, *cited.also_in)}
    return case.question.initiative in told and says(text_of(composed.statements), case.question.answer or "")


def says(text: str, answer: str) -> bool:
    """Whether a text holds the words of an answer, one after the other; casing, accents and punctuation aside."""
    words, wanted = f" {' '.join(plain_words(text))} ", f" {' '.join(plain_words(readable(answer)))} "
    return wanted in words or not wanted.strip()


def _fitted(names: Sequence[str], rows: Matrix, labels: Labels) -> Logistic:
    """A logistic regression for evidence as it is, named in the order of its columns."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scale = StandardScaler().fit(rows)
    model = LogisticRegression(C=PENALTY, max_iter=1000).fit(scale.transform(rows), labels)
    weights = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - weights @ scale.mean_)
    return Logistic(dict(zip(names, weights.round(4).tolist(), strict=True)), round(bias, 4))
