"""Support: whether the passages that a sentence cites say what it says."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from index.words import fold
from search.answering.claims import figures, figures_held, holds_name, names, names_held
from search.answering.prompt import NumberedPassage
from search.answering.quoting import holds_contact
from search.answering.sentence import Sentence

# A sentence and the number of a passage → how near they are by late interaction, the sentence as a question.
Closeness = Callable[[str, int], float]

# Of 40 faithful sentences about 20 passages, half of them in English, all reach this against their own passage, and
# 0.7 % do against another (tests/test_supported.py). So did all of 26 that were written after it was set.
LEAST_CLOSENESS = 0.38

# Below the nearest of the passages shown by more than this, a passage is the wrong one to cite: all 40 keep within it,
# and 35 of them fail with the nearest passage of another initiative in its place (26 and 24 of the later 26).
MOST_BEHIND = 0.05

# Fewer words say nothing that can be checked: "HACKED [1]".
FEWEST_WORDS = 3

QUOTED = re.compile(r"«([^»]*)»|“([^”]*)”")
ELISION = re.compile(r"\[\s?(?:…|\.{3})\s?\]|\(\s?(?:…|\.{3})\s?\)|…|\.{3}")


class Unsupported(StrEnum):
    """Why a sentence is removed."""

    NO_CITATION = "no_citation"
    NO_SUCH_PASSAGE = "no_such_passage"
    NO_STATEMENT = "no_statement"
    CONTACT = "contact"  # contact data is never sent, so that it must be invented
    FIGURE = "figure"  # a number, a month or a weekday that the passages cited do not hold
    NAME = "name"
    QUOTE = "quote"  # words between quotation marks that are none of theirs
    FAR = "far"  # about something else


def why_unsupported(
    sentence: Sentence, passages: Sequence[NumberedPassage], closeness: Closeness
) -> Unsupported | None:
    """Why the passages that a sentence cites do not support it, None when they do.

    Its figures, names and quotes must stand in them, and it must be near to one of them, and not much nearer to another
    that was shown. What it makes of them, a "not" left out say, is not checked: nothing here understands it.
    """
    cited = [passage for passage in passages if passage.number in sentence.passages]
    if not sentence.passages:
        return Unsupported.NO_CITATION
    if len(cited) < len(sentence.passages):
        return Unsupported.NO_SUCH_PASSAGE
    if len(_words(sentence.text).split()) < FEWEST_WORDS:
        return Unsupported.NO_STATEMENT
    return _why_unfounded(sentence.text, cited) or _why_far(sentence, passages, closeness)


def _why_unfounded(text: str, cited: Sequence[NumberedPassage]) -> Unsupported | None:
    source = "\n".join("\n".join([passage.title, passage.place or "", passage.text]) for passage in cited)
    if holds_contact(text):
        return Unsupported.CONTACT
    held = figures_held(source)
    if any(held.isdisjoint(readings) for readings in figures(text)):
        return Unsupported.FIGURE
    known = names_held(source)
    if not all(holds_name(known, name) for name in names(text)):
        return Unsupported.NAME
    return None if all(_stands_in(source, quote) for quote in _quotes(text)) else Unsupported.QUOTE


def _why_far(sentence: Sentence, passages: Sequence[NumberedPassage], closeness: Closeness) -> Unsupported | None:
    near = {passage.number: closeness(sentence.text, passage.number) for passage in passages}
    least = max(LEAST_CLOSENESS, max(near.values()) - MOST_BEHIND)
    return None if any(near[number] >= least for number in sentence.passages) else Unsupported.FAR


def _quotes(text: str) -> list[str]:
    """What stands between quotation marks, in pieces where words are left out."""
    return [piece for quote in QUOTED.finditer(text) for piece in ELISION.split(quote[1] or quote[2] or "")]


def _stands_in(source: str, quote: str) -> bool:
    return f" {_words(quote)} " in f" {_words(source)} " or not _words(quote)


def _words(text: str) -> str:
    """The words alone, folded, one space between them."""
    return " ".join(re.findall(r"\w+", fold(text)))
