"""A snippet: the stretch of a passage that holds most of what matched, in pieces, its matched words apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.hit import Highlight

GAP = "…"


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
    """Leave out line breaks and marks of emphasis. Example: "un **bus**" -> "un bus"."""
    return re.sub(r"\s+", " ", text.replace("*", ""))
