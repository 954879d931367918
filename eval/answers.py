"""Answers: questions with known answers put to `ask`, and figures of what comes back.

    qa.jsonl          {"qid", "lang", "type", "question", "answers": [text, …] or null,
                       "supports": [{"document", "support"}, …]}
    no_answer.jsonl   {"qid", "lang", "query"}

An answer is right when it was not withheld, its text holds one of the known answers (casing, accents, markup and
punctuation aside), and it cites an initiative whose sheet holds one of the supports, or a twin of it. A question without
answers is one that no sheet answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.metrics import roc_auc_score

from corpus.initiative import Initiative
from corpus.markup import plain
from eval.collection import NO_ANSWER
from eval.fault import BadCollection
from eval.record import Record, read_records
from index.words import fold, plain_words
from search.answering.answer import Answer, Citation
from search.engine import Engine

Ask = Callable[[str], Answer]

# Groups of answers of like confidence, of which the expected calibration error compares confidence and success (Naeini,
# Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015).
BINS = 10


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its known answers."""

    id: str
    text: str
    language: str
    type: str
    answers: tuple[str, ...]  # empty for a question that no sheet answers
    supports: tuple[str, ...]  # words of the sheets that answer
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Judged:
    """One question and what came back."""

    question: AskedQuestion
    answer: Answer
    right: bool  # answered, with a known answer in its text and a right source cited
    quotes: int
    exact: int  # quotes that stand, character for character, in the lines they name


@dataclass(frozen=True, slots=True)
class Shares:
    """Of some questions that sheets answer."""

    questions: int
    right: float
    withheld: float


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """All figures of one run. `dataclasses.asdict` makes it ready for JSON."""

    answerable: Shares
    by_type: dict[str, Shares]
    by_language: dict[str, Shares]
    quotes: int
    quotes_exact: float
    unanswerable: int
    refused: float  # of the unanswerable
    refused_by_type: dict[str, float]
    auroc: float  # of the confidence, answerable against unanswerable
    calibration_error: float  # expected, of the confidence against being right, over all questions
    characters_median: float  # of the answers to questions that ask for one thing
    characters_90: float
    ms_median: float
    ms_95: float


def read_asked_questions(folder: Path) -> tuple[AskedQuestion, ...]:
    """Read the questions of a collection; raises BadCollection for a line that is none."""
    questions = [_asked(record) for record in read_records(folder / "qa.jsonl")]
    path = folder / "no_answer.jsonl"
    unanswerable = read_records(path) if path.exists() else []
    questions += [
        AskedQuestion(one.text("qid"), one.text("query"), one.text("lang"), NO_ANSWER, (), (), one.where)
        for one in unanswerable
    ]
    return tuple(questions)


def _asked(record: Record) -> AskedQuestion:
    answers, supports = record.fields.get("answers") or [], record.fields.get("supports") or []
    well_formed = isinstance(answers, list) and all(isinstance(one, str) and one.strip() for one in answers)
    if not well_formed or bool(answers) != bool(supports):
        what = "'answers' and 'supports' do not belong together"
        raise BadCollection(what, record.where, "Give both as lists, or neither for what no sheet answers.")
    held = tuple(Record(support, record.where).text("support") for support in supports)
    return AskedQuestion(
        record.text("qid"),
        record.text("question"),
        record.text("lang"),
        str(record.fields.get("subtype") or record.text("type")),
        tuple(answers),
        held,
        record.where,
    )


def judge_answers(engine: Engine, ask: Ask, questions: Iterable[AskedQuestion]) -> tuple[Judged, ...]:
    """Ask every question and judge what comes back. Raises BadCollection for a support that no sheet holds."""
    sheets = {one.id: one for one in engine.initiatives}
    texts = {one.id: fold(plain(one.text)) for one in engine.initiatives}
    judged = []
    for question in questions:
        sources = _sources(question, sheets, texts)
        answer = ask(question.text)
        cited = {cited.initiative for cited in answer.citations}
        right = not answer.abstained and bool(cited & sources) and holds_any(answer.text, question.answers)
        exact = sum(is_exact(citation, sheets[citation.initiative]) for citation in answer.citations)
        judged.append(Judged(question, answer, right, len(answer.citations), exact))
    return tuple(judged)


def _sources(question: AskedQuestion, sheets: Mapping[str, Initiative], texts: Mapping[str, str]) -> set[str]:
    """Ids of the initiatives whose sheets hold a support, and of their twins."""
    found = {id for id, text in texts.items() for support in question.supports if fold(plain(support)) in text}
    if question.supports and not found:
        what = f"No sheet holds the support of '{question.id}'"
        raise BadCollection(what, question.where, "Give words as they stand in the sheet.")
    return found | {twin for id in found for twin in sheets[id].same_as}


def holds_any(text: str, answers: Sequence[str]) -> bool:
    """Whether a text holds the words of an answer, in order; casing, accents, markup and punctuation aside.

    Example: "« 86 personnes » en deux ans" holds "86 personnes" and not "6 personnes"
    """
    words = f" {' '.join(plain_words(plain(text)))} "
    return any(f" {' '.join(plain_words(plain(answer)))} " in words for answer in answers)


def is_exact(citation: Citation, initiative: Initiative) -> bool:
    """Whether a quote stands, character for character, in the lines it names."""
    first = citation.source.start_line - initiative.source.start_line
    last = citation.source.end_line - initiative.source.start_line
    return first >= 0 and citation.quote in "\n".join(initiative.text.split("\n")[first : last + 1])


def figures_of(judged: Sequence[Judged]) -> AnswerFigures:
    """The figures of some judged answers, of which there are answerable and unanswerable ones."""
    answerable = [one for one in judged if one.question.answers]
    unanswerable = [one for one in judged if not one.question.answers]
    confidences = np.array([one.answer.confidence for one in judged])
    lengths = [len(one.answer.text) for one in answerable if not one.answer.abstained]
    took = [one.answer.took_ms for one in judged]
    quotes = sum(one.quotes for one in judged)
    return AnswerFigures(
        answerable=_shares(answerable),
        by_type=_by(answerable, lambda one: one.question.type),
        by_language=_by(answerable, lambda one: one.question.language),
        quotes=quotes,
        quotes_exact=sum(one.exact for one in judged) / max(quotes, 1),
        unanswerable=len(unanswerable),
        refused=_refused(unanswerable),
        refused_by_type={
            type: _refused([one for one in unanswerable if one.question.type == type])
            for type in sorted({one.question.type for one in unanswerable})
        },
        auroc=float(roc_auc_score([bool(one.question.answers) for one in judged], confidences)),
        calibration_error=calibration_error(confidences, np.array([one.right for one in judged])),
        characters_median=float(median(lengths)),
        characters_90=float(np.quantile(lengths, 0.9)),
        ms_median=float(median(took)),
        ms_95=float(np.quantile(took, 0.95)),
    )


def _by(judged: Sequence[Judged], name_of: Callable[[Judged], str]) -> dict[str, Shares]:
    names = sorted({name_of(one) for one in judged})
    return {name: _shares([one for one in judged if name_of(one) == name]) for name in names}


def _shares(judged: Sequence[Judged]) -> Shares:
    right = float(np.mean([one.right for one in judged]))
    return Shares(len(judged), right, float(np.mean([one.answer.abstained for one in judged])))


def _refused(judged: Sequence[Judged]) -> float:
    return float(np.mean([one.answer.abstained for one in judged]))


def calibration_error(confidences: np.ndarray, right: np.ndarray) -> float:
    """The expected calibration error: the mean distance of confidence and success, over bins of equal width."""
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    of_bins = (bins == number for number in range(BINS))
    distances = (
        chosen.mean() * abs(confidences[chosen].mean() - right[chosen].mean()) for chosen in of_bins if chosen.any()
    )
    return float(sum(distances))


def risk_by_coverage(judged: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """Coverage and risk: of the most confident answers, more and more of them, the share that is not right."""
    ordered = sorted(judged, key=lambda one: -one.answer.confidence)
    wrong = np.cumsum([not one.right for one in ordered])
    counts = np.arange(1, len(ordered) + 1)
    return (counts / len(ordered)).tolist(), (wrong / counts).tolist()
