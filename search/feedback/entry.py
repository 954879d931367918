"""Entries: a judgement somebody gave, a question that found nothing; and what is kept of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class GivenJudgement:
    """How well somebody found that an initiative answers a question."""

    query: str
    language: str  # "fr" or "en", of the query
    initiative: str  # id
    grade: int  # 0 (not at all) to 3 (exactly), as in collections
    comment: str | None = None
    system: str | None = None  # the one that put the initiative there, where two systems played against each other
    against: str | None = None  # the other one


class MissKind(StrEnum):
    """How it came out that something is missing."""

    NOTHING_FOUND = "nothing found"  # a search had no hit
    REFUSED = "refused"  # no sheet held an answer
    REPORTED = "reported"  # somebody said that what they looked for is not there


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that the catalogue does not meet."""

    query: str
    language: str  # "fr" or "en"
    kind: MissKind


Entry = TypeVar("Entry", GivenJudgement, Miss)


@dataclass(frozen=True, slots=True)
class Kept(Generic[Entry]):
    """An entry as it is kept."""

    id: int
    at: date  # of the time, only the date is kept; UTC
    entry: Entry  # without personal data
