"""Comparing: what the sheet of an initiative says of each aspect that people compare, in its own words.

    compare([searcher.catalogue.initiative(id) for id in ids])[0].cells[0].said   # of the first aspect, the problem

A cell holds fields of the sheet, or one or two of its sentences, chosen by headings and words (aspect_words.toml): each
sentence is given points for what it says of the aspect. A cell is empty where the sheet says nothing that these find:
nothing is guessed, nothing is reworded, and no cell holds the address or the telephone number of a person, nor the name
of one whom the sheet gives as contact.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from corpus import Initiative, Section
from corpus.text import fold, holds_contact, sentence_spans, strip_markup
from search.errors import BadComparison
from search.quotes import Citation, cite, find_words, first_words, line_start, quoted_text, trim_edges

# --- Aspects, and the words that speak of them ------------------------------------------------------------------------

ASPECT_WORDS = Path(__file__).with_name("aspect_words.toml")

# Points of a sentence, as aspect_words.toml explains them.
LABEL_POINTS, HEADING_POINTS, SAYS_POINTS, HINT_POINTS = 5, 2, 2, 1

MATCHES_NOTHING = re.compile(r"(?!)")


class Aspect(StrEnum):
    """What initiatives are compared by, in the order of a table."""

    PROBLEM = "problem"
    PUBLIC = "public"
    PLACE = "place"
    LEAD_ORGANISATIONS = "carriers"  # the name that the addresses and texts of the web keep
    PARTNERS = "partners"
    START = "start"
    STATUS = "status"
    COST = "cost"
    RESULTS = "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The words that speak of one aspect, as patterns over what `folded_words` gives."""

    headings: re.Pattern[str]  # of sections about it
    title: bool  # whether the title may say it
    labels: re.Pattern[str]  # that name it at the beginning of a sentence
    says: tuple[re.Pattern[str], ...]
    hints: tuple[re.Pattern[str], ...]  # that count only beside the others
    never: re.Pattern[str]  # of sentences that say something else
    hoped: re.Pattern[str] | None  # None where hopes and findings are not told apart

    def points(self, sentence: str, heading: str | None) -> int:
        """The points of a sentence under this heading, 0 or more: how clearly it speaks of the aspect.

        Example: of the cost, "Le montant est de 750 €" has 5, and "Un service de proximité" none.
        """
        words = folded_words(sentence)
        if self.never.search(words):
            return 0
        points = HEADING_POINTS * self.is_about(heading) + SAYS_POINTS * _count(self.says, words)
        points += LABEL_POINTS * bool(self.labels.match(words))
        return points + HINT_POINTS * _count(self.hints, words) if points else 0

    def points_of_title(self, title: str) -> int:
        """The points of a title; one that speaks of the aspect at all also has those of a heading about it."""
        words = folded_words(title)
        said, hinted = _count(self.says, words), _count(self.hints, words)
        return HEADING_POINTS + SAYS_POINTS * said + HINT_POINTS * hinted if self.title and said + hinted else 0

    def is_hoped(self, sentence: str, heading: str | None) -> bool:
        """Whether a sentence tells what is hoped for, or to be measured, rather than what was found."""
        if self.hoped is None:
            return False
        words = folded_words(sentence)
        below = f"{folded_words(heading or '')} {words}"
        return not _count(self.says + self.hints, words) or bool(self.hoped.search(below))

    def is_about(self, heading: str | None) -> bool:
        """Whether a section with this heading is about the aspect."""
        return bool(heading and self.headings.search(folded_words(heading)))


def _count(patterns: Sequence[re.Pattern[str]], words: str) -> int:
    """How many of the patterns fit."""
    return sum(bool(one.search(words)) for one in patterns)


def folded_words(text: str) -> str:
    """The words of a text as the cues are written. Example: "L'âge moyen : 9,2 %" → "l age moyen 9 2 %"."""
    return " ".join(re.findall(r"\w+|[€%]", fold(strip_markup(text))))


@cache
def cues() -> Mapping[Aspect, Cues]:
    """The cues of every aspect that is read from prose."""
    tables = tomllib.loads(ASPECT_WORDS.read_text(encoding="utf8"))
    named = {name: f"(?:{'|'.join(words)})" for name, words in tables.pop("named").items()}
    return {Aspect(name): _cues(table, named) for name, table in tables.items()}


def _cues(table: Mapping[str, Any], named: Mapping[str, str]) -> Cues:
    def patterns(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(words, named) for words in table.get(key, ()))

    def any_of(key: str) -> re.Pattern[str] | None:
        return _pattern("|".join(table[key]), named) if key in table else None

    return Cues(
        headings=any_of("headings") or MATCHES_NOTHING,
        title=table.get("title", False),
        labels=any_of("labels") or MATCHES_NOTHING,
        says=patterns("says"),
        hints=patterns("hints"),
        never=any_of("never") or MATCHES_NOTHING,
        hoped=any_of("hoped"),
    )


def _pattern(words: str, named: Mapping[str, str]) -> re.Pattern[str]:
    for name, meaning in named.items():
        words = words.replace(f"{{{name}}}", meaning)
    return re.compile(rf"(?<![\w€%])(?:{words})(?!\w)")


# --- The table --------------------------------------------------------------------------------------------------------

MIN_COMPARED, MAX_COMPARED = 2, 5  # initiatives side by side

LEAST_POINTS = 2  # of a sentence that is shown
LEAST_SECOND = 3  # points of a second sentence
MOST_BEHIND = 1  # points that a second sentence may have less than the first
LONGEST = 300  # characters of a quote; longer sentences are cut
SHORTEST = 15  # characters of a sentence that says something
MORE_ITEMS = 3  # lines of a list that are shown with the sentence that opens it
LABEL_WORDS = 3  # words of a label, at most

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
    return CellText(strip_markup(initiative.text[slice(*place)]), cite(initiative, *place))


def _values(initiative: Initiative, aspect: Aspect) -> Iterable[str]:
    match aspect:
        case Aspect.PLACE:
            names = [departement.name for departement in initiative.departements]
            territory = initiative.territory
            yield from names
            if territory and fold(territory) not in map(fold, names):
                yield territory
        case Aspect.LEAD_ORGANISATIONS:
            yield from initiative.lead_organisations
        case Aspect.PARTNERS:
            yield from initiative.partners
        case Aspect.START:
            yield from filter(None, [initiative.start_text or str(initiative.start_year or "")])
        case Aspect.STATUS:
            yield from filter(None, [initiative.status])


def _from_prose(initiative: Initiative, aspect: Aspect, words: Cues) -> Cell:
    found = [one for one in _candidates(initiative, words) if one.points >= LEAST_POINTS]
    seen = [one for one in found if not one.hoped]
    chosen = _clearest(seen or found)
    said = tuple(_quote(initiative, one.start, one.end) for one in chosen)
    return Cell(aspect, said, hoped=bool(said) and not seen)


def _clearest(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The clearest sentence, and a second that is nearly as clear, in the order of the text."""
    ranked = sorted(candidates, key=lambda one: (-one.points, one.start))
    first = ranked[:1]
    seconds = (
        other
        for one in first
        for other in ranked
        if other.points >= max(one.points - MOST_BEHIND, LEAST_SECOND) and not _overlap(one, other)
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
            if not hoped or words.is_about(section.heading):
                yield _Candidate(start, end, words.points(sentence, section.heading), hoped)


def _statements(initiative: Initiative, section: Section) -> Iterator[tuple[int, int]]:
    """Spans of what a section says, in the initiative's text: sentences, with the list that one opens by a colon."""
    base = line_start(initiative, section.start_line)
    text = initiative.text[base : line_start(initiative, section.end_line + 1) - 1]
    for start, end in _with_lists(text, _joined(text)):
        start, end = trim_edges(text, *_without_label(initiative, section, text, start, end))
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
    start, end = first_words(initiative.text, start, end, LONGEST)
    return CellText(quoted_text(initiative.text, start, end), cite(initiative, start, end))
