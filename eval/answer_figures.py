"""Answer figures: how many answers are right, refused when they should be, and as sure as they are right.

    figures = figures_of_answers(judge_answers(catalogue, ask, questions))
    figures.answerable.right, figures.near_misses.refused, figures.sure.right, figures.calibration_error

Confidence is judged on the answers that people are shown, for theirs is the promise: by the expected calibration error,
and by risk over coverage. The AUROC of telling answerable from unanswerable questions is that of all. Where the
calibration was fitted on other texts, answers have no confidence, and it is not judged.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.answers import NEAR_MISS, JudgedAnswer, by_name, measured_part, series_name
from eval.metrics import Series

# Groups of answers of like confidence, of which the expected calibration error compares confidence and success (Naeini,
# Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015).
BINS = 10

LONGEST_MS = 120.0  # an answer may take so long

# Shares of the answers, the most confident first, of which the risk is told.
COVERAGES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of some questions that sheets answer."""

    questions: int
    right: float  # in whole sentences, rightly cited
    holds: float  # the first statement holds the gold words, however it is shown and cited
    whole: float | None  # of the answers given; None when all are withheld
    withheld: float


@dataclass(frozen=True, slots=True)
class Refusals:
    """Of some questions that no sheet answers."""

    questions: int
    refused: float


@dataclass(frozen=True, slots=True)
class Sure:
    """Of the answers that are told as the answer, not as what comes closest; of all questions, answerable or not."""

    answers: int
    right: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence."""

    least: float  # confidence
    answers: int
    confidence: float  # mean
    right: float  # share


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """All figures of one run. `dataclasses.asdict` makes it ready for JSON. None for what nothing was asked of."""

    answerable: Shares | None
    by_type: dict[str, Shares]
    by_language: dict[str, Shares]
    by_part: dict[str, Shares]  # of all questions; the other figures are those of the ones kept out, if there are any
    flaws: dict[str, int]  # what is wrong with how first statements are shown → of how many
    quotes: int
    quotes_exact: float | None
    near_misses: Refusals | None
    other_subjects: Refusals | None
    sure: Sure | None  # None when nothing is marked sure
    auroc: float | None  # of the confidence, answerable against unanswerable
    calibration_error: float | None  # expected, of the confidence of shown answers against being right
    reliability: tuple[Bin, ...]
    risk: dict[str, float]  # share of the shown answers, most confident first → share of them that is not right
    characters_median: float | None  # of the answers that were given
    characters_90: float | None
    ms_median: float
    ms_95: float


def figures_of_answers(judged: Sequence[JudgedAnswer]) -> AnswerFigures:
    """The figures of some judged answers, one at least."""
    all_answerable = [one for one in judged if one.question.answers]
    judged = measured_part(judged)
    answerable = [one for one in judged if one.question.answers]
    unanswerable = [one for one in judged if not one.question.answers]
    sure, shown = [one for one in judged if one.sure], shown_with_confidence(judged)
    lengths = [len(one.answer.text) for one in answerable if not one.answer.abstained]
    took = [one.answer.took_ms for one in judged]
    quotes = sum(one.quotes for one in judged)
    return AnswerFigures(
        answerable=_shares(answerable) if answerable else None,
        by_type=by_name(answerable, lambda one: one.question.type, _shares),
        by_language=by_name(answerable, lambda one: one.question.language, _shares),
        by_part=by_name(all_answerable, lambda one: one.question.part, _shares),
        flaws=dict(Counter(flaw.value for one in answerable for flaw in one.flaws).most_common()),
        quotes=quotes,
        quotes_exact=sum(one.exact for one in judged) / quotes if quotes else None,
        near_misses=_refusals([one for one in unanswerable if one.question.type == NEAR_MISS]),
        other_subjects=_refusals([one for one in unanswerable if one.question.type != NEAR_MISS]),
        sure=Sure(len(sure), float(np.mean([one.right for one in sure]))) if sure else None,
        auroc=_auroc([one for one in judged if one.answer.confidence is not None]),
        calibration_error=calibration_error(*confidences_of(shown)) if shown else None,
        reliability=reliability_of(*confidences_of(shown)),
        risk=_risk(shown) if shown else {},
        characters_median=float(np.median(lengths)) if lengths else None,
        characters_90=float(np.quantile(lengths, 0.9)) if lengths else None,
        ms_median=float(np.median(took)),
        ms_95=float(np.quantile(took, 0.95)),
    )


def floored_answer_series(judged: Sequence[JudgedAnswer]) -> Series:
    """What a gate holds to floors alone, for its members or values change from run to run; in all, more is better.

    Of the questions that figures are made of: "answers.sure_right", of those marked sure, whether they are right;
    "answers.in_time", within LONGEST_MS; "answers.calibrated", 1 less the expected calibration error, one value.
    """
    judged = measured_part(judged)
    shown = shown_with_confidence(judged)
    return {
        "answers.sure_right": {series_name(one): float(one.right) for one in judged if one.sure},
        "answers.in_time": {series_name(one): float(one.answer.took_ms <= LONGEST_MS) for one in judged},
        "answers.calibrated": {"ask": 1 - calibration_error(*confidences_of(shown))} if shown else {},
    }


def _shares(judged: Sequence[JudgedAnswer]) -> Shares:
    given = [one for one in judged if not one.answer.abstained]
    return Shares(
        questions=len(judged),
        right=float(np.mean([one.right for one in judged])),
        holds=float(np.mean([one.holds for one in judged])),
        whole=float(np.mean([not one.flaws for one in given])) if given else None,
        withheld=1 - len(given) / len(judged),
    )


def _refusals(judged: Sequence[JudgedAnswer]) -> Refusals | None:
    return Refusals(len(judged), float(np.mean([one.answer.abstained for one in judged]))) if judged else None


def shown_with_confidence(judged: Iterable[JudgedAnswer]) -> list[JudgedAnswer]:
    """Those that are not refused and have a confidence."""
    return [one for one in judged if one.answer.confidence is not None and not one.answer.abstained]


def confidences_of(judged: Sequence[JudgedAnswer]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The confidence of answers that have one, and whether each is right: [n] and [n]."""
    return np.array([one.answer.confidence for one in judged], float), np.array([one.right for one in judged], bool)


def _auroc(judged: Sequence[JudgedAnswer]) -> float | None:
    """None unless some are answerable and some are not."""
    from sklearn.metrics import roc_auc_score

    answerable = [bool(one.question.answers) for one in judged]
    return float(roc_auc_score(answerable, confidences_of(judged)[0])) if len(set(answerable)) == 2 else None


def reliability_of(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Bins of equal width, those that hold answers: how sure these are, and how many are right."""
    numbers = bins_of(confidences)
    return tuple(
        Bin(
            least=number / BINS,
            answers=int(chosen.sum()),
            confidence=float(confidences[chosen].mean()),
            right=float(right[chosen].mean()),
        )
        for number in range(BINS)
        if (chosen := numbers == number).any()
    )


def calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The expected calibration error: the mean distance of confidence and success, over bins of equal width.

    Example: confidences .9, .9 of which one is right → .4
    """
    bins = reliability_of(confidences, right)
    return float(sum(one.answers * abs(one.confidence - one.right) for one in bins) / len(confidences))


def bins_of(confidences: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each confidence, from 0; a confidence of 1 is in the last one."""
    return np.minimum((confidences * BINS).astype(np.int64), BINS - 1)


def risk_by_coverage(judged: Sequence[JudgedAnswer]) -> tuple[list[float], list[float]]:
    """Coverage and risk: of the most confident answers, more and more of them, the share that is not right."""
    confidences, right = confidences_of(judged)
    wrong = np.cumsum(~right[np.argsort(-confidences, kind="stable")])
    counts = np.arange(1, len(right) + 1)
    return (counts / len(right)).tolist(), (wrong / counts).tolist()


def _risk(judged: Sequence[JudgedAnswer]) -> dict[str, float]:
    coverage, risk = risk_by_coverage(judged)
    return {f"{least:.0%}": risk[int(np.searchsorted(coverage, least - 1e-9))] for least in COVERAGES}
