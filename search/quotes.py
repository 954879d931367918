"""Quotes: where words stand in a sheet, the sentence around them, and how it reads in an answer.

    start, end = sentence_around(initiative.text, *find_words("250 foyers", initiative.text))
    cite(initiative, start, end).quote    # the exact characters, line ends included
    quoted_text(initiative.text, start, end)    # the same on one line, without markup, "…" where it is cut

A span is (start, end) in characters of a text, 0-based, end exclusive.
"""

import re
from dataclasses import dataclass

import numpy as np

from corpus import Initiative, Source
from corpus.text import holds_contact, plain_words, sentence_spans, strip_markup
from index import Index, Passage
from search.query import QueryTokens

# Characters of a quote in an answer: half of the sentences of the sheets are shorter; a longer one is cut around the
# words.
LONGEST_QUOTE = 120

WORD_END = re.compile(r"\s+")
STOPS = ".!?…;:\n"
# Left out at the ends of a quote: white space, bullets and separators; a dash before a digit is a minus and stays.
EDGES = " \n\t•–-✓>▪;:,"
MINUS = re.compile(r"[–-]\d")


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of a source that a statement rests on."""

    initiative: str  # id
    also_in: tuple[str, ...]  # ids of the same initiative in other documents
    quote: str  # character for character in the lines of `source`, line ends included
    source: Source  # the lines of the quote
    corrected: tuple[str, ...] = ()  # fields of the initiative that are mended; the quote is the source's all the same


def sentence_around(text: str, start: int, end: int, longest: int = LONGEST_QUOTE) -> tuple[int, int]:
    """The span of the sentence of `text` that holds text[start:end], cut between words when it is too long.

    Words that reach over several sentences give a span of all of them.
    """
    first, last = start, end
    for begin, stop in sentence_spans(text):
        if begin <= start < stop:
            first = begin
        if begin < end <= stop:
            last = stop
    return _without_edges(text, *_shortened(text, first, last, start, end, longest), (start, end))


def first_words(text: str, start: int, end: int, longest: int) -> tuple[int, int]:
    """The span of the first words of text[start:end], at most `longest` characters, edges left out."""
    if end - start > longest:
        end = max((m.start() for m in WORD_END.finditer(text, start, start + longest)), default=start + longest)
    return trim_edges(text, start, end)


def trim_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of text[start:end] without bullets and white space at its ends; empty when there is nothing else."""
    while start < end and text[start] in EDGES and not MINUS.match(text, start):
        start += 1
    while start < end and text[end - 1] in EDGES:
        end -= 1
    return start, end


def cite(initiative: Initiative, start: int, end: int) -> Citation:
    """Cite text[start:end] of an initiative, with its lines in the document."""
    first = initiative.source.start_line + initiative.text.count("\n", 0, start)
    last = first + initiative.text.count("\n", start, end)
    source = Source(initiative.source.document, first, last)
    mended = tuple(one.field for one in initiative.corrections)
    return Citation(initiative.id, initiative.same_as, initiative.text[start:end], source, mended)


def quoted_text(text: str, start: int, end: int) -> str:
    """text[start:end] as an answer quotes it, with an ellipsis where it begins or ends within a sentence."""
    before, after = text[:start].rstrip(" \t•–-✓>▪*"), text[end:].lstrip(" \t*»")
    begins = not before or before[-1] in STOPS or text[start : start + 1].isupper()
    ends = not after or after[0] in STOPS or text[end - 1] in STOPS
    return f"{'' if begins else '… '}{strip_markup(text[start:end])}{'' if ends else ' …'}"


def holds_words(text: str, answer: str) -> bool:
    """Whether a text holds the words of an answer, in order; casing, accents, markup and punctuation aside.

    Example: "« 86 personnes » en deux ans" holds "86 personnes" and not "6 personnes"
    """
    words, wanted = (f" {' '.join(plain_words(strip_markup(one)))} " for one in (text, answer))
    return bool(wanted.strip()) and wanted in words


def find_words(words: str, text: str) -> tuple[int, int] | None:
    """The span of the first place where a text has these words, whatever stands between them; None where it has not.

    Example: find_words("Pas-de-Calais", "dans le Pas de Calais") → (8, 21)
    """
    wanted = re.findall(r"\w+", strip_markup(words))
    if not wanted:
        return None
    found = re.search(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, wanted)) + r"(?!\w)", text, re.IGNORECASE)
    return found.span() if found else None


def line_start(initiative: Initiative, line: int) -> int:
    """Where a line of the document, by its number, begins in the text of an initiative, in characters."""
    lines = initiative.text.split("\n")[: line - initiative.source.start_line]
    return sum(len(one) + 1 for one in lines)


def passage_start(initiative: Initiative, passage: Passage) -> int:
    """Where a passage begins in the text of its initiative, in characters."""
    return initiative.text.index(passage.text, line_start(initiative, passage.start_line))


def best_sentence(index: Index, question: QueryTokens, passage: int) -> tuple[int, int] | None:
    """The span of the sentence of a passage (a row of the index) that answers a question best; the first of equals.

    MaxSim over the tokens of the sentence alone: each token of the question counts with its best cosine there, at least
    0, times its idf. The span is in characters of the passage's text. Sentences with contact data are passed over; None
    when there is no other.
    """
    cosines = index.multivector.compare(question.embeddings, np.array([passage])).cosines(0)
    tokens, text = index.multivector.spans_of(passage), index.contents.passages[passage].text

    def score(span: tuple[int, int]) -> float:
        inside = (tokens[:, 0] >= span[0]) & (tokens[:, 1] <= span[1])
        return float(cosines[:, inside].max(axis=1, initial=0.0) @ question.weights)

    return max(
        (span for span in sentence_spans(text) if not holds_contact(text[slice(*span)])), key=score, default=None
    )


def _shortened(text: str, first: int, last: int, start: int, end: int, longest: int) -> tuple[int, int]:
    """Cut a span around text[start:end] to `longest` characters, as even on both sides as the text allows."""
    if last - first <= longest:
        return first, last
    if end - start >= longest:
        return start, end
    room = longest - (end - start)
    before = min(start - first, max(room // 2, room - (last - end)))
    low, high = start - before, end + room - before
    if low > first:
        low = next((m.end() for m in WORD_END.finditer(text, low, start)), start)
    if high < last:
        high = max((m.start() for m in WORD_END.finditer(text, end, high)), default=end)
    return low, min(high, last)


def _without_edges(text: str, first: int, last: int, kept: tuple[int, int]) -> tuple[int, int]:
    """Leave out bullets and white space at the ends, but nothing of the words that are quoted."""
    begin, stop = trim_edges(text, first, last)
    return min(begin, kept[0]), max(stop, kept[1])
