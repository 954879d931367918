"""Findings: words of a sheet that may answer, found by the span reader or in a field of the sheet."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.initiative import Initiative
from index.passage import Passage
from search.answering.asked import Asked
from search.answering.quoting import holds_contact, readable


class Origin(StrEnum):
    """Where a finding comes from."""

    SPAN = "span"  # the span reader
    CARRIER = "carrier"
    PARTNER = "partner"
    PLACE = "place"
    START = "start"
    STATUS = "status"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of an initiative that may answer a question."""

    row: int  # of the initiative in the index
    start: int  # characters of the initiative's text, 0-based
    end: int  # exclusive
    lead: str  # the words as a short answer
    origin: Origin
    score: float  # of the span reader, 0 for a field


def offset_of(passage: Passage, initiative: Initiative) -> int:
    """Where a passage begins in the text of its initiative, in characters."""
    lines = initiative.text.split("\n")[: passage.start_line - initiative.source.start_line]
    return initiative.text.index(passage.text, sum(len(line) + 1 for line in lines))


def from_fields(row: int, initiative: Initiative, asked: Asked) -> Iterator[Finding]:
    """The fields of a sheet that answer a question of this kind, as far as they stand in its text."""
    for origin, value in _values(initiative, asked):
        place = written(value, initiative.text)
        if place:
            yield Finding(row, *place, value, origin, 0.0)


def written(value: str, text: str) -> tuple[int, int] | None:
    """Where a text has these words, whatever stands between them; None where it has not."""
    words = re.findall(r"\w+", readable(value))
    if not words:
        return None
    found = re.search(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)", text, re.IGNORECASE)
    return found.span() if found else None


def _values(initiative: Initiative, asked: Asked) -> Iterable[tuple[Origin, str]]:
    if asked in (Asked.WHO, Asked.CONTACT):
        yield from ((Origin.CONTACT, named) for named in _people(initiative))
    if asked is Asked.WHO:
        yield from ((Origin.CARRIER, carrier) for carrier in initiative.carriers)
        yield from ((Origin.PARTNER, partner) for partner in initiative.partners)
    if asked is Asked.WHERE:
        yield from ((Origin.PLACE, departement.name) for departement in initiative.departements)
        yield from ((Origin.PLACE, territory) for territory in (initiative.territory,) if territory)
    if asked is Asked.WHEN:
        start = initiative.start_text or (str(initiative.start_year) if initiative.start_year else None)
        yield from ((Origin.START, text) for text in (start,) if text)
    if asked in (Asked.WHEN, Asked.HOW_MANY) and initiative.status and any(map(str.isdigit, initiative.status)):
        yield Origin.STATUS, initiative.status


def _people(initiative: Initiative) -> Iterator[str]:
    """Name and role of each contact; a name without its role answers no question but who."""
    for contact in initiative.contacts:
        named = ", ".join(part for part in (contact.name, contact.role) if part)
        if named and not holds_contact(named):
            yield named
