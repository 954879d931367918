"""Answers: questions with known answers put to a system, and figures of what comes back.

    qa.jsonl          {"qid", "lang", "type", "question", "answers": [text, …] or null,
                       "supports": [{"document", "support"}, …]}
    no_answer.jsonl   {"qid", "lang", "query"}

An answer is right when the system did not abstain, its text holds one of the known answers (casing, accents, markup and
punctuation aside), and it cites an initiative whose sheet holds one of the supports, or another telling of it. A
question without answers is one that no sheet answers. Confidence is judged by its calibration error, by the AUROC of
telling answerable from unanswerable questions, and by risk over coverage; not at all over texts that it was not fitted
on, where answers have none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AliasChoices, BeforeValidator, Field

from corpus.text import fold, strip_markup
from eval.collection import NO_ANSWER, Catalogue, Question, Sheet, Text, each_once
from eval.errors import BadCollection
from eval.formats import read_as, read_if_there
from eval.metrics import Series, Slice
from eval.run import Ask
from search import Citation, holds_words
from search.answer import Answer

FILE = "qa.jsonl"

# Groups of answers of like confidence, of which the expected calibration error compares confidence and success (Naeini,
# Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015).
BINS = 10

# Shares of the questions, the most confident first, of which the risk is told.
COVERAGES = (0.25, 0.5, 0.75, 1.0)

Told = TypeVar("Told")

OR_NONE = BeforeValidator(lambda told: told or ())
Support = Annotated[Text, BeforeValidator(lambda told: told.get("support") if isinstance(told, dict) else told)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Question):
    """A question with its known answers."""

    type: Annotated[Text, Field(validation_alias=AliasChoices("subtype", "type"))]
    answers: Annotated[tuple[Text, ...], OR_NONE] = ()  # none for a question that no sheet answers
    supports: Annotated[tuple[Support, ...], OR_NONE] = ()  # words of the sheets that answer

    def __post_init__(self) -> None:
        if bool(self.answers) != bool(self.supports):
            raise ValueError("'answers' and 'supports' do not belong together: give both, or neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """One question and what came back."""

    question: AnswerQuestion
    answer: Answer
    right: bool  # answered, with a known answer in its text and a right source cited
    quotes: int
    exact: int  # quotes that stand, character for character, in the lines they name


def read_answer_questions(folder: Path) -> tuple[AnswerQuestion, ...]:
    """Read the questions of a collection; raises BadCollection for a line that is none, and one that stands twice."""
    questions = read_as(AnswerQuestion, folder / FILE)
    questions += read_if_there(AnswerQuestion, folder / "no_answer.jsonl", type=NO_ANSWER)
    each_once((f"question '{question.id}'", question.where) for question in questions)
    return questions


def judge_answers(catalogue: Catalogue, ask: Ask, questions: Iterable[AnswerQuestion]) -> tuple[JudgedAnswer, ...]:
    """Ask every question and judge what comes back. Raises BadCollection for a support that no sheet holds."""
    sheets = catalogue.sheets
    texts = {one.id: fold(strip_markup(one.text)) for one in sheets.values()}
    judged = []
    for question in questions:
        sources = _sources(question, sheets, texts)
        answer = ask(question.text)
        cited = {cited.initiative for cited in answer.citations}
        judged.append(
            JudgedAnswer(
                question=question,
                answer=answer,
                right=not answer.abstained and bool(cited & sources) and holds_any(answer.text, question.answers),
                quotes=len(answer.citations),
                exact=sum(is_exact(citation, sheets[citation.initiative]) for citation in answer.citations),
            )
        )
    return tuple(judged)


def _sources(question: AnswerQuestion, sheets: Mapping[str, Sheet], texts: Mapping[str, str]) -> set[str]:
    """Ids of the initiatives whose sheets hold a support, and of their other tellings."""
    found = {id for id, text in texts.items() for support in question.supports if fold(strip_markup(support)) in text}
    if question.supports and not found:
        what = f"No sheet holds the support of '{question.id}'"
        raise BadCollection(what, question.where, "Give words as they stand in the sheet.")
    return found | {other for id in found for other in sheets[id].same_as}


def holds_any(text: str, answers: Sequence[str]) -> bool:
    """Whether a text holds the words of one of some answers."""
    return any(holds_words(text, answer) for answer in answers)


def is_exact(citation: Citation, sheet: Sheet) -> bool:
    """Whether a quote stands, character for character, in the lines it names."""
    first = citation.source.start_line - sheet.start_line
    last = citation.source.end_line - sheet.start_line
    return first >= 0 and citation.quote in "\n".join(sheet.text.split("\n")[first : last + 1])


def what_went_wrong(one: JudgedAnswer) -> str | None:
    """Say what is wrong with a reply: it is wrong, or withheld, or answers what no sheet does. None when nothing is."""
    if not one.question.answers:
        return None if one.answer.abstained else "answered, though no sheet answers it"
    if one.right:
        return None
    return "withheld, though a sheet answers it" if one.answer.abstained else "answered, but not rightly"


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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    calibration_error: float | None  # expected, of the confidence against being right, over all questions
    risk: dict[str, float]  # share of the questions, most confident first → share of them that is not right
    characters_median: float | None  # of the answers that were given
    characters_90: float | None
    ms_median: float
    ms_95: float


def figures_of_answers(judged: Sequence[JudgedAnswer]) -> AnswerFigures:
    """The figures of some judged answers, one at least."""
    answerable = [one for one in judged if one.question.answers]
    unanswerable = [one for one in judged if not one.question.answers]
    sure = confident(judged)
    lengths = [len(one.answer.text) for one in answerable if not one.answer.abstained]
    took = [one.answer.took_ms for one in judged]
    quotes = sum(one.quotes for one in judged)
    return AnswerFigures(
        answerable=_shares(answerable) if answerable else None,
        by_type=_by(answerable, lambda one: one.question.type, _shares),
        by_language=_by(answerable, lambda one: one.question.language, _shares),
        quotes=quotes,
        quotes_exact=sum(one.exact for one in judged) / quotes if quotes else None,
        unanswerable=_refusals(unanswerable) if unanswerable else None,
        refused_by_type=_by(unanswerable, lambda one: one.question.type, _refusals),
        auroc=_auroc(sure),
        calibration_error=calibration_error(*confidences_of(sure)) if sure else None,
        risk=_risk(sure) if sure else {},
        characters_median=float(np.median(lengths)) if lengths else None,
        characters_90=float(np.quantile(lengths, 0.9)) if lengths else None,
        ms_median=float(np.median(took)),
        ms_95=float(np.quantile(took, 0.95)),
    )


def _by(
    judged: Iterable[JudgedAnswer],
    name_of: Callable[[JudgedAnswer], str],
    told_of: Callable[[Sequence[JudgedAnswer]], Told],
) -> dict[str, Told]:
    of_name: dict[str, list[JudgedAnswer]] = {}
    for one in judged:
        of_name.setdefault(name_of(one), []).append(one)
    return {name: told_of(some) for name, some in sorted(of_name.items())}


def _shares(judged: Sequence[JudgedAnswer]) -> Shares:
    right = float(np.mean([one.right for one in judged]))
    return Shares(len(judged), right, float(np.mean([one.answer.abstained for one in judged])))


def _refusals(judged: Sequence[JudgedAnswer]) -> Refusals:
    return Refusals(len(judged), float(np.mean([one.answer.abstained for one in judged])))


def confident(judged: Iterable[JudgedAnswer]) -> list[JudgedAnswer]:
    """Those whose answer has a confidence."""
    return [one for one in judged if one.answer.confidence is not None]


def confidences_of(judged: Sequence[JudgedAnswer]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The confidence of answers that have one, and whether each is right: [n] and [n]."""
    return np.array([one.answer.confidence for one in judged], float), np.array([one.right for one in judged], bool)


def _auroc(judged: Sequence[JudgedAnswer]) -> float | None:
    """None unless some are answerable and some are not."""
    from sklearn.metrics import roc_auc_score

    answerable = [bool(one.question.answers) for one in judged]
    return float(roc_auc_score(answerable, confidences_of(judged)[0])) if len(set(answerable)) == 2 else None


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


def risk_by_coverage(judged: Sequence[JudgedAnswer]) -> tuple[list[float], list[float]]:
    """Coverage and risk: of the most confident answers, more and more of them, the share that is not right."""
    confidences, right = confidences_of(judged)
    wrong = np.cumsum(~right[np.argsort(-confidences, kind="stable")])
    counts = np.arange(1, len(right) + 1)
    return (counts / len(right)).tolist(), (wrong / counts).tolist()


def _risk(judged: Sequence[JudgedAnswer]) -> dict[str, float]:
    coverage, risk = risk_by_coverage(judged)
    return {f"{least:.0%}": risk[int(np.searchsorted(coverage, least - 1e-9))] for least in COVERAGES}


def answer_series(judged: Iterable[JudgedAnswer]) -> Series:
    """What a gate may hold answers to, question by question; in all of them, more is better.

    "answers_right" of the questions that sheets answer, "answers_refused" of those that none does, "quotes_exact" of
    all that quote, the share of their quotes.
    """
    judged = list(judged)
    return {
        "answers_right": {_name(one): float(one.right) for one in judged if one.question.answers},
        "answers_refused": {_name(one): float(one.answer.abstained) for one in judged if not one.question.answers},
        "quotes_exact": {_name(one): one.exact / one.quotes for one in judged if one.quotes},
    }


def answer_slices(judged: Iterable[JudgedAnswer]) -> tuple[Slice, ...]:
    """The slices of those series, by type and by language of the question."""
    judged = list(judged)
    types = _by(judged, lambda one: one.question.type, _members)
    languages = _by(judged, lambda one: one.question.language, _members)
    return (
        *(Slice("answer type", name, members) for name, members in types.items()),
        *(Slice("answer language", name, members) for name, members in languages.items()),
    )


def _members(judged: Iterable[JudgedAnswer]) -> tuple[str, ...]:
    return tuple(_name(one) for one in judged)


def _name(one: JudgedAnswer) -> str:
    """The name that a question put to `ask` has in a series; a search question may have its id. Example: "ask:q1"."""
    return f"ask:{one.question.id}"
