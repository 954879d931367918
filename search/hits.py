"""Hits: the real-world initiatives of a ranking as people see them, each with its best passage and its highlights."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import Initiative, Language
from index import Passage
from search.catalogue import FacetValue, RecordView
from search.highlights import Highlight
from search.query import Query

GAP = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An initiative in one ranking."""

    rank: int  # from 1
    # Of a search: the weighted mean of the passage's MaxSim, its record's, and the cosine of its expansions (at most 1,
    # mostly 0.2 to 0.8), plus 0.2 where the place fits. Of similar initiatives: a cosine, -1 to 1. Scores can be
    # compared within one ranking only: they fall with the length of the question.
    score: float
    initiative: Initiative  # of the sheets in several documents, the one that matched best
    also_in: tuple[str, ...]  # ids of the same initiative in other documents
    passage: Passage
    highlights: tuple[Highlight, ...] = ()  # in the order of the text, without overlap
    lexical_rank: int | None = None  # the initiative's rank by BM25 alone, None when no term matched
    dense_rank: int | None = None  # its rank by sentence vectors alone
    record: RecordView | None  # what the project says of it, in the reader's language
    by_record: bool = False  # the editorial record answers the question's words better than the passage does


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a search found. Hits, total and facets come from one ranking."""

    query: Query
    total: int  # initiatives on the subject: the hits of rank 1 to `total`
    further: int  # initiatives further from the subject, which follow them
    hits: tuple[Hit, ...]  # the first of both
    facets: dict[str, tuple[FacetValue, ...]]  # by the facet's name, of those on the subject
    language: Language  # of labels, summaries and hint: the reader's, else the question's
    hint: str | None  # what to try, when nothing relevant was found
    took_ms: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a snippet, on one line and without marks of emphasis."""

    text: str
    question_word: str | None = None  # the word of the question that it answers, if it does


def snippet(text: str, highlights: Sequence[Highlight], width: int) -> tuple[Piece, ...]:
    """At most `width` characters of a passage, around its matches; cuts fall between words and are shown by dots."""
    start, end = _window(text, highlights, width)
    pieces, at = [Piece(f"{GAP} ")] if start else [], start
    for highlight in highlights:
        if start <= highlight.start and highlight.end <= end:
            pieces.append(Piece(_one_line(text[at : highlight.start])))
            pieces.append(Piece(_one_line(text[highlight.start : highlight.end]), highlight.question_word))
            at = highlight.end
    pieces.append(Piece(_one_line(text[at:end])))
    if end < len(text):
        pieces.append(Piece(f" {GAP}"))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, highlights: Sequence[Highlight], width: int) -> tuple[int, int]:
    """The stretch of a text that holds most of the similarity of its highlights, its ends between words."""
    if len(text) <= width:
        return 0, len(text)

    def weight(start: int) -> float:
        return sum(one.similarity for one in highlights if start <= one.start and one.end <= start + width)

    # A third of the width stands before the first match, so that one reads what it follows.
    starts = [0, *(min(max(0, one.start - width // 3), len(text) - width) for one in highlights)]
    start = max(starts, key=weight)
    end = start + width
    if start:
        start = text.find(" ", start, start + width // 3) + 1 or start
    last_space = text.rfind(" ", start + 1, end)
    return start, last_space if end < len(text) and last_space > 0 else end


def _one_line(text: str) -> str:
    """Leave out line breaks and marks of emphasis. Example: "un **bus**" → "un bus"."""
    return re.sub(r"\s+", " ", text.replace("*", ""))
