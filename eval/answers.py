"""Answers: questions with known answers put to `ask`, and what comes back judged.

    qa.jsonl          {"qid", "lang", "type", "question", "answers": [text, …] or null,
                       "supports": [{"document", "support"}, …]}
    no_answer.jsonl   {"qid", "lang", "query"}

An answer is right when it was not withheld, its text holds one of the known answers (casing, accents, markup and
punctuation aside), and it cites an initiative whose sheet holds one of the supports, or a twin of it. A question
without answers is one that no sheet answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.markup import plain
from eval.catalogue import Catalogue, Sheet
from eval.collection import NO_ANSWER, each_once
from eval.fault import BadCollection
from eval.record import Record, read_records
from eval.system import Ask
from index.words import fold
from search.answering.answer import Answer, Citation
from search.answering.quoting import holds_words

FILE = "qa.jsonl"


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


def read_asked_questions(folder: Path) -> tuple[AskedQuestion, ...]:
    """Read the questions of a collection; raises BadCollection for a line that is none, and one that stands twice."""
    questions = [_asked(record) for record in read_records(folder / FILE)]
    path = folder / "no_answer.jsonl"
    unanswerable = read_records(path) if path.exists() else []
    questions += [
        AskedQuestion(one.text("qid"), one.text("query"), one.text("lang"), NO_ANSWER, (), (), one.where)
        for one in unanswerable
    ]
    each_once([(f"question '{question.id}'", question.where) for question in questions])
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


def judge_answers(catalogue: Catalogue, ask: Ask, questions: Iterable[AskedQuestion]) -> tuple[Judged, ...]:
    """Ask every question and judge what comes back. Raises BadCollection for a support that no sheet holds."""
    sheets = catalogue.sheets
    texts = {one.id: fold(plain(one.text)) for one in sheets.values()}
    judged = []
    for question in questions:
        sources = _sources(question, sheets, texts)
        answer = ask(question.text)
        cited = {cited.initiative for cited in answer.citations}
        right = not answer.abstained and bool(cited & sources) and holds_any(answer.text, question.answers)
        exact = sum(is_exact(citation, sheets[citation.initiative]) for citation in answer.citations)
        judged.append(Judged(question, answer, right, len(answer.citations), exact))
    return tuple(judged)


def _sources(question: AskedQuestion, sheets: Mapping[str, Sheet], texts: Mapping[str, str]) -> set[str]:
    """Ids of the initiatives whose sheets hold a support, and of their twins."""
    found = {id for id, text in texts.items() for support in question.supports if fold(plain(support)) in text}
    if question.supports and not found:
        what = f"No sheet holds the support of '{question.id}'"
        raise BadCollection(what, question.where, "Give words as they stand in the sheet.")
    return found | {twin for id in found for twin in sheets[id].same_as}


def holds_any(text: str, answers: Sequence[str]) -> bool:
    """Whether a text holds the words of one of some answers."""
    return any(holds_words(text, answer) for answer in answers)


def is_exact(citation: Citation, sheet: Sheet) -> bool:
    """Whether a quote stands, character for character, in the lines it names."""
    first = citation.source.start_line - sheet.start_line
    last = citation.source.end_line - sheet.start_line
    return first >= 0 and citation.quote in "\n".join(sheet.text.split("\n")[first : last + 1])


def what_went_wrong(one: Judged) -> str | None:
    """Say what is wrong with a reply: it is wrong, or withheld, or answers what no sheet does. None when nothing is."""
    if not one.question.answers:
        return None if one.answer.abstained else "answered, though no sheet answers it"
    if one.right:
        return None
    return "withheld, though a sheet answers it" if one.answer.abstained else "answered, but not rightly"
