"""The sentences of a sheet: what an answer may quote, each whole.

    for unit in units_of(initiative): [initiative.text[start:end] for start, end in unit.pieces]

A unit is a sentence, an entry of a list with the line that introduces it, or a short list with that line. Spans are
(start, end) in characters of the initiative's text, 0-based, end exclusive.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus import Initiative, Section
from corpus.text import FULL_STOP, fold, sentence_spans, strip_markup
from search import trim_edges

Span = tuple[int, int]

# What begins an entry of a list.
BULLET = re.compile(r"\s*(?:[-•–✓>▪*]|\d{1,2}[.)°])\s+")
BULLET_INSIDE = re.compile(r"\s*\n\s*(?:[-•–✓>▪]|\d{1,2}[.)])?\s*")

# A list is quoted whole up to so many characters: a sentence of the sheets has 255 or fewer in nine of ten.
LONGEST_LIST = 700
# A line without a stop at its end, no longer than this, is a heading of what follows.
LONGEST_HEADING = 60

_PAIRS = (("«", "»"), ("(", ")"), ("“", "”"), ("[", "]"))


class Part(StrEnum):
    """What a section of a sheet is about, by its heading."""

    CONTEXT = "context"
    DESCRIPTION = "description"
    RESULTS = "results"
    OTHER = "other"


# Folded words of headings.
_PARTS = (
    (Part.RESULTS, re.compile(r"impact|resultat|bilan|evaluation|benefice|evolution")),
    (Part.CONTEXT, re.compile(r"contexte|objectif|defi|constat|enjeu|pourquoi|besoin")),
    (Part.DESCRIPTION, re.compile(r"description|descriptif|presentation|solution|experimentation|projet|action")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, or an entry of a list, as it stands in a sheet."""

    start: int
    end: int
    part: Part
    is_entry: bool  # of a list
    introduced_by: int | None  # the position of the line that introduces the list, for an entry
    is_heading: bool  # introduces what follows, and says nothing alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is quoted together."""

    pieces: tuple[Span, ...]  # each quoted between marks of its own: one, or a heading and one entry
    members: tuple[int, ...]  # positions of its sentences
    main: int  # the position of the sentence that says it


def units_of(sentences: Sequence[Sentence]) -> Iterator[Unit]:
    """What may be quoted of the sentences of a sheet: every sentence and entry, and short lists whole."""
    entries: dict[int, list[int]] = {}
    for position, one in enumerate(sentences):
        if one.introduced_by is not None:
            entries.setdefault(one.introduced_by, []).append(position)
        if one.is_heading:
            continue
        if one.introduced_by is None:
            yield Unit(pieces=((one.start, one.end),), members=(position,), main=position)
            continue
        head = sentences[one.introduced_by]
        yield Unit(
            pieces=((head.start, head.end), (one.start, one.end)),
            members=(one.introduced_by, position),
            main=position,
        )
    for heading, listed in entries.items():
        span = (sentences[heading].start, sentences[listed[-1]].end)
        if len(listed) > 1 and span[1] - span[0] <= LONGEST_LIST:
            yield Unit(pieces=(span,), members=(heading, *listed), main=heading)


@lru_cache(maxsize=4096)
def _sentences(text: str, title: str, first_line: int, sections: tuple[Section, ...]) -> tuple[Sentence, ...]:
    lines, offsets = text.split("\n"), [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    found: list[Sentence] = []
    for section in sections:
        first, last = section.start_line - first_line, section.end_line - first_line
        part = _part(section.heading)
        stretch = [(offsets[number], lines[number]) for number in range(first, last + 1) if lines[number].strip()]
        head: int | None = None
        for number, (offset, line) in enumerate(stretch):
            is_entry = bool(BULLET.match(line))
            followed = number + 1 < len(stretch) and bool(BULLET.match(stretch[number + 1][1]))
            head = head if is_entry else None
            spans = [_trimmed(text, offset + start, offset + end) for start, end in _whole_spans(line)]
            spans = [(_after_heading(text, start, end, section.heading), end) for start, end in spans]
            spans = [(start + _after_title(text[start:end], title), end) for start, end in spans]
            spans = [(start, end) for start, end in spans if start < end]
            for start, end in spans:
                is_last = (start, end) == spans[-1]
                bare = strip_markup(text[start:end])
                opens = is_last and not is_entry and followed and (bare.endswith(":") or _is_heading(bare))
                lone = not is_entry and len(spans) == 1 and _is_heading(bare)
                found.append(
                    Sentence(
                        start=start,
                        end=end,
                        part=part,
                        is_entry=is_entry,
                        introduced_by=head,
                        is_heading=opens or lone,
                    )
                )
                if opens:
                    head = len(found) - 1
    return tuple(found)


def sentences_of_sheet(initiative: Initiative) -> tuple[Sentence, ...]:
    """The sentences of the prose of a sheet, in its order; title, header fields and contacts are none."""
    return _sentences(initiative.text, initiative.title, initiative.source.start_line, initiative.sections)


def _after_heading(text: str, start: int, end: int, heading: str | None) -> int:
    """Where a sentence begins that its section's heading and a colon stand before on the same line."""
    words = re.findall(r"\w+", heading or "")
    begins = r"[\W_]*" + r"[\W_]+".join(map(re.escape, words)) + r"[*\s]*:[*\s]*"
    found = re.match(begins, text[start:end], re.IGNORECASE) if words else None
    return start + found.end() if found and text[start + found.end() : end] else start


def _after_title(text: str, title: str) -> int:
    """Where a sentence begins that stands behind the title of its sheet without anything between; else 0.

    Example: "**Un bus**Il roule." of "Un bus" → 10; "Un bus roule." → 0
    """
    words = re.findall(r"\w+", strip_markup(title))
    found = re.match(r"[\W_]*" + r"[\W_]+".join(map(re.escape, words)) + r"[*»\s:–-]*", text) if words else None
    return found.end() if found and text[found.end() : found.end() + 1].isupper() else 0


def _whole_spans(line: str) -> Iterator[Span]:
    """Spans of the whole sentences of a line: none ends between brackets or quotation marks that it opened."""
    begun: int | None = None
    for start, end in sentence_spans(line, FULL_STOP):
        begun = start if begun is None else begun
        if not _is_open(line[begun:end]):
            yield begun, end
            begun = None
    if begun is not None:
        yield begun, len(line.rstrip())


def _is_open(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in _PAIRS)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without bullets and white space at the ends; a colon that ends a heading stays."""
    first, last = trim_edges(text, start, end)
    colon = re.match(r"\s*:", text[last:end]) if last > first else None
    return first, last + colon.end() if colon else last


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and text[-1:] not in ".!?…;," and len(text.split()) <= 8


def _part(heading: str | None) -> Part:
    folded = fold(heading or "")
    return next((part for part, pattern in _PARTS if pattern.search(folded)), Part.OTHER)


def readable(text: str) -> str:
    r"""Words of a source on one line: without markup, the entries of a list parted by dashes.

    Example: "Il y a :\n- un **bus**\n- un car" → "Il y a : un bus – un car"
    """
    # Two stretches in bold that touch are cells of a table.
    text = text.replace("****", " ")
    printed = (line for line in text.split("\n") if line.strip(" -•–✓>▪*"))
    lines = [strip_markup(line[begun.end() if (begun := BULLET.match(line)) else 0 :]) for line in printed]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += (" " if joined.endswith((":", ".", "!", "?", "…")) else " – ") + line.strip(" –-")
    return joined
