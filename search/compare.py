"""Comparing: what the sheet of an initiative says of each aspect that people compare, in its own words.

A cell holds fields of the sheet, or one or two of its sentences, chosen by headings and words (aspect_words.toml). It
is empty where the sheet says nothing that these find: nothing is guessed, nothing is reworded, and no cell holds the
address or the telephone number of a person, nor the name of one whom the sheet gives as contact.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from corpus import Initiative, Section
from corpus.text import fold, holds_contact, sentence_spans
from search.aspects import Aspect, Cues, cues
from search.errors import BadComparison
from search.quotes import Citation, cite, find_words, opening, readable, shown, trimmed

MIN_COMPARED, MAX_COMPARED = 2, 5  # initiatives side by side

LEAST_POINTS = 2  # a heading above, or words that say it: hints alone are none
LEAST_SECOND = 3  # of a second sentence, which may lie behind the first by
CLOSE = 1
LONGEST = 300  # characters of a quote; the longest sentences are cut
SHORTEST = 15  # characters of a sentence that says something
MORE_ITEMS = 3  # lines of a list, with the sentence that opens it
LABEL_WORDS = 3  # of a label, at most

# What parts a label, or the title of a note, from the sentence that follows it on the line.
LABEL_END = re.compile(r"\s*\**\s*[:–-]\s+")


@dataclass(frozen=True, slots=True)
class CellText:
    """Something that a sheet says: a sentence of it, or a field."""

    text: str  # on one line, without markup, with an ellipsis where a sentence is cut
    citation: Citation | None  # the exact words; None for a field that is not printed in these words


@dataclass(frozen=True, slots=True)
class Cell:
    """What a sheet says of one aspect; empty when it says nothing."""

    aspect: Aspect
    said: tuple[CellText, ...]
    hoped: bool = False  # the sentences tell what is hoped for, not what was found


@dataclass(frozen=True, slots=True)
class ComparedInitiative:
    """One initiative of a comparison."""

    initiative: Initiative
    cells: tuple[Cell, ...]  # one for each aspect, in their order


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int  # characters of the initiative's text
    end: int
    points: int
    hoped: bool


def compare(initiatives: Sequence[Initiative]) -> tuple[ComparedInitiative, ...]:
    """Set two to five initiatives side by side. Raises BadComparison for fewer, more, or the same one twice."""
    if not MIN_COMPARED <= len(initiatives) <= MAX_COMPARED:
        what = f"{len(initiatives)} initiatives cannot be compared"
        raise BadComparison(what, "id", f"Choose {MIN_COMPARED} to {MAX_COMPARED}.")
    if len({one.id for one in initiatives}) < len(initiatives):
        raise BadComparison("An initiative cannot be compared with itself", "id", "Choose each one once.")
    return tuple(ComparedInitiative(one, cells_of(one)) for one in initiatives)


def cells_of(initiative: Initiative) -> tuple[Cell, ...]:
    """What the sheet of an initiative says of each aspect, in the order of the aspects."""
    return tuple(
        _from_prose(initiative, aspect, cues()[aspect]) if aspect in cues() else _from_fields(initiative, aspect)
        for aspect in Aspect
    )


def _from_fields(initiative: Initiative, aspect: Aspect) -> Cell:
    values = (value for value in _values(initiative, aspect) if not holds_contact(value))
    return Cell(aspect, tuple(_field(initiative, aspect, value) for value in values))


def _field(initiative: Initiative, aspect: Aspect, value: str) -> CellText:
    place = find_words(value, initiative.text)
    # "Nord" is a place, and the "nord" of "au nord" is not.
    is_other_word = aspect is Aspect.PLACE and place is not None and initiative.text[place[0]].islower()
    if place is None or is_other_word:
        return CellText(value, None)
    return CellText(readable(initiative.text[slice(*place)]), cite(initiative, *place))


def _values(initiative: Initiative, aspect: Aspect) -> Iterable[str]:
    match aspect:
        case Aspect.PLACE:
            names = [departement.name for departement in initiative.departements]
            territory = initiative.territory
            yield from names
            if territory and fold(territory) not in map(fold, names):
                yield territory
        case Aspect.CARRIERS:
            yield from initiative.carriers
        case Aspect.PARTNERS:
            yield from initiative.partners
        case Aspect.START:
            yield from filter(None, [initiative.start_text or str(initiative.start_year or "")])
        case Aspect.STATUS:
            yield from filter(None, [initiative.status])


def _from_prose(initiative: Initiative, aspect: Aspect, words: Cues) -> Cell:
    found = [one for one in _candidates(initiative, words) if one.points >= LEAST_POINTS]
    told = [one for one in found if not one.hoped]
    chosen = _clearest(told or found)
    said = tuple(_quote(initiative, one.start, one.end) for one in chosen)
    return Cell(aspect, said, hoped=bool(said) and not told)


def _clearest(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The clearest sentence, and a second that is nearly as clear, in the order of the text."""
    ranked = sorted(candidates, key=lambda one: (-one.points, one.start))
    first = ranked[:1]
    seconds = (
        other
        for one in first
        for other in ranked
        if other.points >= max(one.points - CLOSE, LEAST_SECOND) and not _overlap(one, other)
    )
    return sorted([*first, *islice(seconds, 1)], key=lambda one: one.start)


def _overlap(one: _Candidate, other: _Candidate) -> bool:
    return one.start < other.end and other.start < one.end


def _candidates(initiative: Initiative, words: Cues) -> Iterator[_Candidate]:
    if words.title and (title := find_words(initiative.title, initiative.text)):
        yield _Candidate(*title, words.points_of_title(initiative.title), hoped=False)
    for section in initiative.sections:
        for start, end in _statements(initiative, section):
            sentence = initiative.text[start:end]
            hoped = words.is_hoped(sentence, section.heading)
            if not hoped or words.are_about(section.heading):
                yield _Candidate(start, end, words.points(sentence, section.heading), hoped)


def _statements(initiative: Initiative, section: Section) -> Iterator[tuple[int, int]]:
    """Spans of what a section says, in the initiative's text: sentences, with the list that one opens by a colon."""
    base = _offset(initiative, section.start_line)
    text = initiative.text[base : _offset(initiative, section.end_line + 1) - 1]
    for start, end in _with_lists(text, _joined(text)):
        start, end = trimmed(text, *_without_label(initiative, section, text, start, end))
        if end - start >= SHORTEST and not _is_private(text[start:end], initiative):
            yield base + start, base + end


def _joined(text: str) -> list[tuple[int, int]]:
    """Spans of sentences; what follows a colon on the same line belongs to what stands before it."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        if spans and _ends_in_colon(text[slice(*spans[-1])]) and "\n" not in text[spans[-1][1] : start]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def _with_lists(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same; a sentence or label that opens a list takes up its first lines, which are then none of their own."""
    done = 0
    for position, (start, end) in enumerate(spans):
        if start < done:
            continue
        if _opens_list(text[start:end]):
            following = takewhile(lambda span: not _opens_list(text[slice(*span)]), spans[position + 1 :])
            end = max((stop for _, stop in islice(following, MORE_ITEMS) if stop - start <= LONGEST), default=end)
        done = end
        yield start, end


def _opens_list(sentence: str) -> bool:
    """Whether a sentence ends in a colon, or is but a label on a line of its own, as "Publics concernés"."""
    is_label = len(sentence.split()) <= LABEL_WORDS and sentence[0].isupper() and sentence[-1].isalpha()
    return _ends_in_colon(sentence) or is_label


def _ends_in_colon(sentence: str) -> bool:
    return sentence.rstrip(" *").endswith(":")


def _offset(initiative: Initiative, line: int) -> int:
    """Where a line of the document begins in the initiative's text, in characters."""
    lines = initiative.text.split("\n")[: line - initiative.source.start_line]
    return sum(len(one) + 1 for one in lines)


def _without_label(initiative: Initiative, section: Section, text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out what only repeats the heading, or the title, at the beginning of a sentence."""
    for label in filter(None, (section.heading, initiative.title)):
        found = find_words(label, text[start:end])
        if found and not text[start : start + found[0]].strip(" *•"):
            separator = LABEL_END.match(text, start + found[1], end)
            start = separator.end() if separator else start
    return start, end


def _is_private(text: str, initiative: Initiative) -> bool:
    names = [fold(contact.name) for contact in initiative.contacts if contact.name]
    return holds_contact(text) or any(name in fold(text) for name in names)


def _quote(initiative: Initiative, start: int, end: int) -> CellText:
    start, end = opening(initiative.text, start, end, LONGEST)
    return CellText(shown(initiative.text, start, end), cite(initiative, start, end))
