"""Passages: pieces of an initiative, short enough to embed, long enough to quote; and what the encoder reads."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Document, Initiative
from corpus.text import SENTENCE_END, NormalisedText, normalise_text

# Characters of source text a passage aims at: the length that ranked best on the development collection
# (docs/decisions/0003-ranking.md).
TARGET_LENGTH = 900

PARAGRAPH_END = re.compile(r"\n\s*")
WORD_END = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A contiguous stretch of the source, as printed."""

    id: str  # "<initiative id>#<n>", n from 0
    initiative: str
    heading: str | None  # the section's, as printed
    start_line: int  # 1-based in the document
    end_line: int  # inclusive
    text: str


def passages_of(
    initiatives: Sequence[Initiative], documents: Sequence[Document], fits: Callable[[str], bool]
) -> list[Passage]:
    """The passages of initiatives, in their order; `documents` are those in which they stand."""
    by_id = {document.id: document for document in documents}
    return [passage for one in initiatives for passage in split(one, by_id[one.source.document], fits)]


def split(initiative: Initiative, document: Document, fits: Callable[[str], bool]) -> list[Passage]:
    """Cut an initiative into passages, in the order of the text; a passage never crosses a section.

    Cuts fall at the ends of paragraphs, then of sentences, then of words. `fits` says whether a text is within the
    encoder's limit.
    """
    passages: list[Passage] = []
    for section in initiative.sections:
        text = document.text(section.start_line, section.end_line)
        for start, end in passage_spans(text, fits):
            first = section.start_line + text.count("\n", 0, start)
            last = first + text.count("\n", start, end)
            passages.append(
                Passage(
                    id=f"{initiative.id}#{len(passages)}",
                    initiative=initiative.id,
                    heading=section.heading,
                    start_line=first,
                    end_line=last,
                    text=text[start:end],
                )
            )
    return passages


def passage_spans(text: str, fits: Callable[[str], bool]) -> list[tuple[int, int]]:
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


@dataclass(frozen=True, slots=True)
class EmbeddedText:
    """What the encoder reads of a passage: its context, then its text without markup and contact data."""

    context: str
    passage: NormalisedText

    @classmethod
    def of(cls, initiative: Initiative, passage: Passage) -> "EmbeddedText":
        """Put what the initiative says of itself before a passage of it."""
        return cls(context(initiative), normalise_text(passage.text))

    @property
    def text(self) -> str:
        """All of it, as one string."""
        return self.context + self.passage.text

    def source_spans(self, spans: NDArray[np.int32]) -> NDArray[np.int32]:
        """Spans of the embedded text → of the passage as printed, int32 [t, 2]; (-1, -1) for tokens of the context."""
        own = spans - len(self.context)
        inside = (own[:, 1] > 0) & (own[:, 1] > own[:, 0])
        found = np.full_like(spans, -1)
        starts = np.maximum(own[inside, 0], 0)
        found[inside, 0] = self.passage.origin[starts]
        found[inside, 1] = self.passage.ends[own[inside, 1] - 1]
        return found


def context(initiative: Initiative) -> str:
    """What the encoder reads before a passage: title, place and theme (docs/decisions/0003-ranking.md compares others).

    Example: "Conférence familiale. Ardèche. Actions de prévention. "
    """
    places = ", ".join(departement.name for departement in initiative.departements) or initiative.territory
    parts = (normalise_text(initiative.title).text, places, initiative.theme)
    return "".join(f"{part}. " for part in parts if part)
