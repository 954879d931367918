"""Sentences of a reply, with the passages that each of them cites as [1], [1][2] or [1, 2]."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.markup import plain
from search.query import clean

WHITE = re.compile(r"\s+")

_MARK = r"\[\s?[0-9]{1,3}(?:\s?[,;]\s?[0-9]{1,3})*\s?\]"

CITATIONS = re.compile(rf"\s?{_MARK}(?:\s?[,;]?\s?{_MARK})*")

# A stop with what closes after it, then citations, which belong to the sentence before; or an end of line. What follows
# is looked at, so that a sentence whose citation has not arrived yet is not taken for a whole one. White space is
# folded before, and stops are taken in one go, so that odd texts take no longer than others.
SENTENCE_END = re.compile(
    rf"""
    (?: (?<![.!?…])[.!?…]++ (?:[)"”’']|\s?»)*+ (?:(?P<cited>(?:\s?[,;]?\s?{_MARK})+)\s?|\s) | \n )
    (?= [^\s\[.,;:!?…)»”] | \[[^0-9\s] )
    """,
    re.VERBOSE,
)

# Stops that end no sentence: courtesies, initials, "art. 2", "e.g.", and the number of an entry in a list.
ABBREVIATION = re.compile(
    r"""
    (?: (?:^|[\s('’«"-]) (?: MM?|Mmes?|Mlles?|Drs?|Prs?|St|Ste|Mrs?|Ms|[Aa]rt|[Aa]l|[Cc]f|[Ee]x|[Ee]nv|[Nn]o?|pp?|vol
        |chap|fig|[Éé]d|[Tt]él|av|apr|hab|vs|approx|incl|i\.\s?e|e\.\s?g|J\.-C )\.
    | (?<!\w)[^\W\d_]\.
    | ^\s?\d{1,2}\. )
    \s?$
    """,
    re.VERBOSE,
)

LONGEST_STOP = 12  # characters that an abbreviation takes at most, with what stands around it

BULLET = re.compile(r"^(?:[-–—•*>]+\s+|#+\s+|\d{1,2}[.)]\s+|[.,;:]+\s*)")

_PAIRS = (("«", "»"), ("“", "”"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply."""

    text: str  # without citations, markup and bullets, on one line
    passages: tuple[int, ...]  # numbers of those it cites, each once, in order; empty when it cites none


def read_sentences(pieces: Iterable[str]) -> Iterator[Sentence]:
    """Read the sentences of a text that arrives in pieces, each as soon as it is whole; what has no word is none.

    Where the pieces are cut changes nothing.
    Example: ["Le bus roule. [", "1] Il est vert [2, 3]."] → "Le bus roule." of (1,) and "Il est vert." of (2, 3)
    """
    rest, examined = "", 0
    for piece in pieces:
        rest = rest[:-1] + _folded(rest[-1:] + piece)
        start = 0
        for end in SENTENCE_END.finditer(rest, examined):
            examined = end.end()
            if _is_end(rest[start:examined], end, rest[examined]):
                yield from _readable(rest[start:examined])
                start = examined
        rest, examined = rest[start:], examined - start
    yield from _readable(rest)


def _folded(text: str) -> str:
    """Fold each run of white space into one space, or into one line end if it holds any."""
    return WHITE.sub(lambda run: "\n" if "\n" in run[0] else " ", text)


def _is_end(part: str, end: re.Match[str], following: str) -> bool:
    if "\n" in end[0]:
        return True
    if any(part.count(opening) > part.count(closing) for opening, closing in _PAIRS):
        return False
    return end["cited"] is not None or not (following.islower() or ABBREVIATION.search(part[-LONGEST_STOP:]))


def _readable(part: str) -> Iterator[Sentence]:
    text = BULLET.sub("", plain(clean(CITATIONS.sub("", part))))
    if any(character.isalnum() for character in text):
        cited = (int(number) for run in CITATIONS.findall(part) for number in re.findall("[0-9]+", run))
        yield Sentence(text, tuple(dict.fromkeys(cited)))
