"""Figures of answers: how many are right, how many questions are refused, how sure `ask` is and how rightly so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.answers import Judged
from eval.measures import Series
from eval.slices import Slice

# Groups of answers of like confidence, of which the expected calibration error compares confidence and success (Naeini,
# Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015).
BINS = 10

Told = TypeVar("Told")

# Shares of the questions, the most confident first, of which the risk is told.
COVERAGES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of some questions that sheets answer."""

    questions: int
    right: float
    withheld: float


@dataclass(frozen=True, slots=True)
class Refusals:
    """Of some questions that no sheet answers."""

    questions: int
    refused: float


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """All figures of one run. `dataclasses.asdict` makes it ready for JSON. None for what nothing was asked of."""

    answerable: Shares | None
    by_type: dict[str, Shares]
    by_language: dict[str, Shares]
    quotes: int
    quotes_exact: float | None
    unanswerable: Refusals | None
    refused_by_type: dict[str, Refusals]
    auroc: float | None  # of the confidence, answerable against unanswerable
    calibration_error: float  # expected, of the confidence against being right, over all questions
    risk: dict[str, float]  # share of the questions, most confident first → share of them that is not right
    characters_median: float | None  # of the answers that were given
    characters_90: float | None
    ms_median: float
    ms_95: float


def answer_figures_of(judged: Sequence[Judged]) -> AnswerFigures:
    """The figures of some judged answers, one at least."""
    answerable = [one for one in judged if one.question.answers]
    unanswerable = [one for one in judged if not one.question.answers]
    confidences = np.array([one.answer.confidence for one in judged])
    lengths = [len(one.answer.text) for one in answerable if not one.answer.abstained]
    took = [one.answer.took_ms for one in judged]
    quotes = sum(one.quotes for one in judged)
    told_apart = [bool(one.question.answers) for one in judged]
    return AnswerFigures(
        answerable=_shares(answerable) if answerable else None,
        by_type=_by(answerable, lambda one: one.question.type, _shares),
        by_language=_by(answerable, lambda one: one.question.language, _shares),
        quotes=quotes,
        quotes_exact=sum(one.exact for one in judged) / quotes if quotes else None,
        unanswerable=_refusals(unanswerable) if unanswerable else None,
        refused_by_type=_by(unanswerable, lambda one: one.question.type, _refusals),
        auroc=float(roc_auc_score(told_apart, confidences)) if answerable and unanswerable else None,
        calibration_error=calibration_error(confidences, np.array([one.right for one in judged])),
        risk=_risk(judged),
        characters_median=float(np.median(lengths)) if lengths else None,
        characters_90=float(np.quantile(lengths, 0.9)) if lengths else None,
        ms_median=float(np.median(took)),
        ms_95=float(np.quantile(took, 0.95)),
    )


def _by(
    judged: Iterable[Judged], name_of: Callable[[Judged], str], told_of: Callable[[Sequence[Judged]], Told]
) -> dict[str, Told]:
    of_name: dict[str, list[Judged]] = {}
    for one in judged:
        of_name.setdefault(name_of(one), []).append(one)
    return {name: told_of(some) for name, some in sorted(of_name.items())}


def _shares(judged: Sequence[Judged]) -> Shares:
    right = float(np.mean([one.right for one in judged]))
    return Shares(len(judged), right, float(np.mean([one.answer.abstained for one in judged])))


def _refusals(judged: Sequence[Judged]) -> Refusals:
    return Refusals(len(judged), float(np.mean([one.answer.abstained for one in judged])))


def calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The expected calibration error: the mean distance of confidence and success, over bins of equal width.

    Example: confidences .9, .9 of which one is right → .4
    """
    bins = bins_of(confidences)
    of_bins = (bins == number for number in range(BINS))
    distances = (
        chosen.mean() * abs(confidences[chosen].mean() - right[chosen].mean()) for chosen in of_bins if chosen.any()
    )
    return float(sum(distances))


def bins_of(confidences: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each confidence, from 0; a confidence of 1 is in the last one."""
    return np.minimum((confidences * BINS).astype(np.int64), BINS - 1)


def risk_by_coverage(judged: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """Coverage and risk: of the most confident answers, more and more of them, the share that is not right."""
    ordered = sorted(judged, key=lambda one: -one.answer.confidence)
    wrong = np.cumsum([not one.right for one in ordered])
    counts = np.arange(1, len(ordered) + 1)
    return (counts / len(ordered)).tolist(), (wrong / counts).tolist()


def _risk(judged: Sequence[Judged]) -> dict[str, float]:
    coverage, risk = risk_by_coverage(judged)
    return {f"{least:.0%}": risk[int(np.searchsorted(coverage, least - 1e-9))] for least in COVERAGES}


def answer_series(judged: Iterable[Judged]) -> Series:
    """What a gate may hold answers to, question by question; in all of them, more is better.

    "answers_right" of the questions that sheets answer, "answers_refused" of those that none does, "quotes_exact" of
    all that quote, the share of their quotes.
    """
    judged = list(judged)
    return {
        "answers_right": {member_of(one): float(one.right) for one in judged if one.question.answers},
        "answers_refused": {member_of(one): float(one.answer.abstained) for one in judged if not one.question.answers},
        "quotes_exact": {member_of(one): one.exact / one.quotes for one in judged if one.quotes},
    }


def answer_slices(judged: Iterable[Judged]) -> tuple[Slice, ...]:
    """The slices of those series, by type and by language of the question."""
    judged = list(judged)
    types = _by(judged, lambda one: one.question.type, _members)
    languages = _by(judged, lambda one: one.question.language, _members)
    return (
        *(Slice("answer type", name, members) for name, members in types.items()),
        *(Slice("answer language", name, members) for name, members in languages.items()),
    )


def _members(judged: Iterable[Judged]) -> tuple[str, ...]:
    return tuple(member_of(one) for one in judged)


def member_of(one: Judged) -> str:
    """The name that a question put to `ask` has in a series; a search question may have its id. Example: "ask:q1"."""
    return f"ask:{one.question.id}"
