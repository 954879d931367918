"""Entries: a judgement of a hit, a miss of the catalogue; made of what somebody says or of what a search came to."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from corpus import Language
from corpus.text import fold
from feedback.redaction import redact
from search import NO_FILTERS, BadQuestion, Filters, Query, Results, Searcher, UnknownInitiative
from search.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How well somebody found that an initiative answers a question."""

    query: str
    language: Language  # of the query
    initiative: str  # id
    grade: int  # 0 (not at all) to 3 (exactly), as in the collections of the evaluation
    comment: str | None = None


class MissKind(StrEnum):
    """How it came out that something is missing."""

    NOTHING_FOUND = "nothing found"  # a search had no hit
    REFUSED = "refused"  # no sheet held an answer
    REPORTED = "reported"  # somebody said that what they looked for is not there


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that the catalogue does not meet."""

    query: str
    language: Language
    kind: MissKind


Entry = TypeVar("Entry", Judgement, Miss)


@dataclass(frozen=True, slots=True)
class Kept(Generic[Entry]):
    """An entry as it is kept."""

    id: int
    at: date  # UTC; of the time, only the date is kept
    entry: Entry  # without personal data


def judged(searcher: Searcher, query: str, initiative: str, grade: int, comment: str | None = None) -> Judgement:
    """A judgement of one hit. Raises BadQuestion and UnknownInitiative; `where` is "query" or "initiative"."""
    language = _analysed(searcher, query).language
    try:
        id_ = searcher.catalogue.initiative(initiative).id
    except UnknownInitiative as unknown:
        raise UnknownInitiative(unknown.what, "initiative", unknown.mend) from None
    return Judgement(query=query, language=language, initiative=id_, grade=grade, comment=comment)


def reported(searcher: Searcher, query: str) -> Miss:
    """What somebody says is not there. Raises BadQuestion, whose `where` is "query"."""
    analysed = _analysed(searcher, query)
    return Miss(analysed.text, analysed.language, MissKind.REPORTED)


def missed_by_search(results: Results, filters: Filters) -> Miss | None:
    """The miss that a search without a hit is. Where filters narrowed it they may be the cause: then none."""
    if results.hits or filters != NO_FILTERS:
        return None
    return Miss(results.query.text, results.query.language, MissKind.NOTHING_FOUND)


def missed_by_answer(answer: Answer, filters: Filters) -> Miss | None:
    """The miss that a refused answer is. Where filters narrowed it they may be the cause: then none."""
    if not answer.abstained or filters != NO_FILTERS:
        return None
    return Miss(answer.question, answer.language, MissKind.REFUSED)


def without_personal_data(entry: Entry) -> Entry:
    """The same entry with its texts redacted. Raises BadQuestion when nothing readable is left of the question."""
    query = redact(entry.query)
    if not any(character.isalnum() for character in query):
        raise BadQuestion(
            "Nothing is left of the question without personal data",
            "query",
            "Ask without names, addresses and numbers of people.",
        )
    if isinstance(entry, Judgement):
        return replace(entry, query=query, comment=redact(entry.comment or "") or None)
    return replace(entry, query=query)


def question_key(query: str) -> str:
    """What all spellings of one question share: case, accents, white space and closing marks make no difference.

    Example: "  Garde d'Enfants, la nuit ?" → "garde d'enfants, la nuit"
    """
    return " ".join(fold(query).split()).strip(" ?!.…")


def _analysed(searcher: Searcher, query: str) -> Query:
    try:
        return searcher.analyser.analyse(query)
    except BadQuestion as bad:
        raise BadQuestion(bad.what, "query", bad.mend) from None
