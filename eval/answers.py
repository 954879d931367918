"""Answers: questions with known answers put to a system, and what is right of what comes back.

    qa.jsonl, qa_kept_out.jsonl    {"qid", "lang", "type", "question", "answers": [[text, …], …] or null,
                                    "supports": [{"support"}, …], "least", "says", "cluster"}
    no_answer.jsonl                {"qid", "lang", "query"}

An answer is right when its first statement alone, which is what people read, holds the gold words, cites an initiative
whose sheet holds one of the supports, or another telling of it, and is made of whole sentences. What follows the first
statement counts for nothing. A question without answers is one that no sheet answers: a near miss asks of a sheet's
subject what no sheet says, others ask about other subjects.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field

from corpus.text import fold, strip_markup
from eval.collection import NO_ANSWER, Catalogue, Question, Sheet, Text, each_once
from eval.errors import BadCollection
from eval.formats import read_as, read_if_there
from eval.gold import Gold, Polarity
from eval.metrics import Series, Slice
from eval.run import Ask
from eval.whole import Flaw, flaws_of, lead_of
from search import Citation
from search.answer import Answer, Verdict

FILE, FILE_KEPT_OUT = "qa.jsonl", "qa_kept_out.jsonl"

# The parts of a collection's questions: those about initiatives that nothing of the answers is trained on, and others.
KEPT_OUT, OTHERS = "kept out", "others"

NEAR_MISS = "near_miss"  # the type of a question about a sheet's subject whose answer no sheet gives
CONTACT = "contact"  # the type of one for names, telephones and addresses, which no figure repeats

Told = TypeVar("Told")


def _in_groups(told: Any) -> Any:  # noqa: ANN401 — whatever a file may hold
    """A list of texts, any of which is enough, is one group."""
    return [told] if isinstance(told, list) and told and all(isinstance(one, str) for one in told) else told or ()


Groups = Annotated[tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...], BeforeValidator(_in_groups)]
OR_NONE = BeforeValidator(lambda told: told or ())
Support = Annotated[Text, BeforeValidator(lambda told: told.get("support") if isinstance(told, dict) else told)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Question):
    """A question with what a right answer says."""

    type: Annotated[Text, Field(validation_alias=AliasChoices("subtype", "type"))]
    answers: Groups = ()  # none for a question that no sheet answers
    least: int | None = None  # as `Gold` has it
    says: Polarity | None = None  # as `Gold` has it
    supports: Annotated[tuple[Support, ...], OR_NONE] = ()  # words of the sheets that answer
    part: str = OTHERS

    def __post_init__(self) -> None:
        if bool(self.answers) != bool(self.supports):
            raise ValueError("'answers' and 'supports' do not belong together: give both, or neither")
        if self.answers:
            Gold(self.answers, self.least, self.says)  # or it says what is wrong with it

    @property
    def gold(self) -> Gold:
        """What the first statement of a right answer holds."""
        return Gold(self.answers, self.least, self.says)

    @property
    def kept_out(self) -> bool:
        """Whether nothing of the answers is trained on the initiative that it is about."""
        return self.part == KEPT_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """One question and what came back, judged by its first statement; of a refusal nothing holds."""

    question: AnswerQuestion
    answer: Answer
    holds: bool  # the gold words
    cited: bool  # a right source
    flaws: tuple[Flaw, ...]  # of how it is shown
    quotes: int  # of the whole answer
    exact: int  # quotes that stand, character for character, in the lines they name

    @property
    def right(self) -> bool:
        """Whether it answers, rightly cited, in whole sentences."""
        return self.holds and self.cited and not self.flaws

    @property
    def sure(self) -> bool:
        """Whether people are told that this is the answer, and not what comes closest to one."""
        return self.answer.verdict is Verdict.ANSWERED


def read_answer_questions(folder: Path) -> tuple[AnswerQuestion, ...]:
    """Read the questions of a collection; raises BadCollection for a line that is none, and one that stands twice."""
    questions = read_as(AnswerQuestion, folder / FILE, part=OTHERS)
    questions += read_if_there(AnswerQuestion, folder / FILE_KEPT_OUT, part=KEPT_OUT)
    questions += read_if_there(AnswerQuestion, folder / "no_answer.jsonl", type=NO_ANSWER, part=OTHERS)
    each_once((f"question '{question.id}'", question.where) for question in questions)
    return questions


def judge_answers(catalogue: Catalogue, ask: Ask, questions: Iterable[AnswerQuestion]) -> tuple[JudgedAnswer, ...]:
    """Ask every question and judge what comes back. Raises BadCollection for a support that no sheet holds."""
    sheets = catalogue.sheets
    texts = {one.id: fold(strip_markup(one.text)) for one in sheets.values()}
    judged = []
    for question in questions:
        sources = _sources(question, sheets, texts)  # before it is asked: a bad collection is told at once
        judged.append(judge(question, ask(question.text), sources, sheets))
    return tuple(judged)


def judge(question: AnswerQuestion, answer: Answer, sources: set[str], sheets: Mapping[str, Sheet]) -> JudgedAnswer:
    """Judge one answer; `sources` are the ids of the initiatives that answer rightly."""
    given = not answer.abstained and bool(answer.statements)
    first = answer.statements[0] if given else None
    cited = {answer.citations[number].initiative for number in first.citations} if first else set()
    holds = False
    if first and question.answers:
        lead = lead_of(first, answer.citations, sheets)
        holds = question.gold.is_held(first.text) and not question.gold.is_contradicted(lead)
    return JudgedAnswer(
        question=question,
        answer=answer,
        holds=holds,
        cited=bool(cited & sources),
        flaws=flaws_of(first, answer.citations, sheets) if first else (),
        quotes=len(answer.citations),
        exact=sum(is_exact(citation, sheets[citation.initiative]) for citation in answer.citations),
    )


def _sources(question: AnswerQuestion, sheets: Mapping[str, Sheet], texts: Mapping[str, str]) -> set[str]:
    """Ids of the initiatives whose sheets hold a support, and of their other tellings."""
    found = {id for id, text in texts.items() for support in question.supports if fold(strip_markup(support)) in text}
    if question.supports and not found:
        what = f"No sheet holds the support of '{question.id}'"
        raise BadCollection(what, question.where, "Give words as they stand in the sheet.")
    return found | {other for id in found for other in sheets[id].same_as}


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
    if one.answer.abstained:
        return "withheld, though a sheet answers it"
    if not one.holds:
        return "the first statement does not answer"
    return "from a wrong source" if not one.cited else "answered, but not in whole sentences"


def measured_part(judged: Iterable[JudgedAnswer]) -> list[JudgedAnswer]:
    """Those that figures are made of: the ones kept out of training, or all where a collection has none of them."""
    judged = list(judged)
    return [one for one in judged if one.question.kept_out] or judged


def by_name(
    judged: Iterable[JudgedAnswer],
    name_of: Callable[[JudgedAnswer], str],
    told_of: Callable[[Sequence[JudgedAnswer]], Told],
) -> dict[str, Told]:
    """What is told of each group of judged answers, by the groups' names in order."""
    of_name: dict[str, list[JudgedAnswer]] = {}
    for one in judged:
        of_name.setdefault(name_of(one), []).append(one)
    return {name: told_of(some) for name, some in sorted(of_name.items())}


# --- What a gate may hold answers to


def answer_series(judged: Iterable[JudgedAnswer]) -> Series:
    """What a gate compares question by question; in all of them, more is better.

    "answers_right" of the questions that sheets answer, and "answers_given", those of them that are not withheld;
    "near_misses_refused" and "others_refused" of those that none does; "quotes_exact" of all that quote, the share of
    their quotes.
    """
    judged = list(judged)
    answerable = [one for one in judged if one.question.answers]
    refused = {series_name(one): float(one.answer.abstained) for one in judged if not one.question.answers}
    near = {series_name(one) for one in judged if one.question.type == NEAR_MISS}
    return {
        "answers_right": {series_name(one): float(one.right) for one in answerable},
        "answers_given": {series_name(one): float(not one.answer.abstained) for one in answerable},
        "near_misses_refused": {name: value for name, value in refused.items() if name in near},
        "others_refused": {name: value for name, value in refused.items() if name not in near},
        "quotes_exact": {series_name(one): one.exact / one.quotes for one in judged if one.quotes},
    }


def answer_slices(judged: Iterable[JudgedAnswer]) -> tuple[Slice, ...]:
    """The slices of those series: by part of the collection; by type and language those of the measured part."""
    judged = list(judged)
    parts = by_name(judged, lambda one: one.question.part, _members)
    types = by_name(measured_part(judged), lambda one: one.question.type, _members)
    languages = by_name(measured_part(judged), lambda one: one.question.language, _members)
    return (
        *(Slice("answer part", name, members) for name, members in parts.items()),
        *(Slice("answer type", name, members) for name, members in types.items()),
        *(Slice("answer language", name, members) for name, members in languages.items()),
    )


def _members(judged: Iterable[JudgedAnswer]) -> tuple[str, ...]:
    return tuple(series_name(one) for one in judged)


def series_name(one: JudgedAnswer) -> str:
    """The name that a question put to `ask` has in a series; a search question may have its id. Example: "ask:q1"."""
    return f"ask:{one.question.id}"
