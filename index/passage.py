"""A passage: one piece of an initiative, short enough to embed, long enough to quote."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from corpus.document import Document
from corpus.initiative import Initiative

# Characters of source text a passage aims at: the length that ranked best on the development collection
# (docs/decisions/0003-ranking.md).
TARGET_LENGTH = 900

PARAGRAPH_END = re.compile(r"\n\s*")
# A closing quotation mark belongs to the sentence before it.
SENTENCE_END = re.compile(r"(?:(?<=[.!?…;:])|(?<=[.!?…;:]»)|(?<=[.!?…;:]\s»))\s+(?=[^\s»])")
WORD_END = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous stretch of the source, as printed."""

    id: str  # "<initiative id>#<n>", n from 0
    initiative: str
    heading: str | None  # the section's, as printed
    start_line: int  # 1-based in the document
    end_line: int  # inclusive
    text: str


def split(initiative: Initiative, document: Document, fits: Callable[[str], bool]) -> list[Passage]:
    """Cut an initiative into passages, in the order of the text; a passage never crosses a section.

    Cuts fall at the ends of paragraphs, then of sentences, then of words. `fits` says whether a text is within the
    encoder's limit.
    """
    passages: list[Passage] = []
    for section in initiative.sections:
        text = document.text(section.start_line, section.end_line)
        for start, end in cut(text, fits):
            first = section.start_line + text.count("\n", 0, start)
            last = first + text.count("\n", start, end)
            name = f"{initiative.id}#{len(passages)}"
            passages.append(Passage(name, initiative.id, section.heading, first, last, text[start:end]))
    return passages


def cut(text: str, fits: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Spans of a text that are each short enough to embed, cut at the ends of paragraphs, sentences, or else words."""
    return list(_pack(text, _pieces(text, fits), fits))


def _pieces(text: str, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Spans that are never cut again: paragraphs, or parts of those that are too long alone."""
    for start, end in _between(text, 0, len(text), PARAGRAPH_END):
        yield from _shortened(text, start, end, fits, [SENTENCE_END, WORD_END])


def _shortened(
    text: str, start: int, end: int, fits: Callable[[str], bool], ends: list[re.Pattern[str]]
) -> Iterator[tuple[int, int]]:
    if not ends or (end - start <= TARGET_LENGTH and fits(text[start:end])):
        yield start, end
        return
    for a, b in _pack(text, _between(text, start, end, ends[0]), fits):
        yield from _shortened(text, a, b, fits, ends[1:])


def _between(text: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Spans between the matches of `at` within text[start:end], empty ones left out."""
    for match in at.finditer(text, start, end):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:end].strip():
        yield start, end


def _pack(text: str, spans: Iterable[tuple[int, int]], fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Join neighbouring spans into stretches that fit and are at most TARGET_LENGTH long, unless one span is longer.

    Example: spans of 400, 400 and 400 characters → two stretches of 400 + 400 and 400.
    """
    stretch: tuple[int, int] | None = None
    for start, end in spans:
        if stretch is None:
            stretch = (start, end)
        elif end - stretch[0] <= TARGET_LENGTH and fits(text[stretch[0] : end]):
            stretch = (stretch[0], end)
        else:
            yield stretch
            stretch = (start, end)
    if stretch is not None:
        yield stretch
