"""Grounding: whether the passages that a language model's sentence cites say what it says (attribution check).

    why_unsupported(sentence, passages, SentenceSimilarity.of(index, encoder, rows))   # None: it may be shown

Its figures and dates (`corpus.text.claimed_figures`) and its names are extracted in forms that a French source and an
English sentence share, and must stand in the passages cited; so must its quotes; and it must be near to one of them by
late interaction.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from corpus import Initiative
from corpus.text import CALENDAR, claimed_figures, figures_held, fold, holds_contact
from index import Encoder, Index, Passage
from search import QueryTokens, best_sentence, trim_edges
from search.language_model import redact_for_llm

# A sentence and the number of a passage → how near they are by late interaction, the sentence as a question, -1 to 1.
Closeness = Callable[[str, int], float]

# Set on 40 faithful sentences about 20 passages of these texts, half of them in English: all reach this against their
# own passage, and 0.7 % do against another. So did all of 26 that were written after it was set, and 24 of 26 more
# about passages drawn by lot (tests/search/answer/test_grounding.py).
LEAST_CLOSENESS = 0.38

# Below the nearest of the passages shown by more than this, a passage is the wrong one to cite: all 40 keep within it,
# and 35 of them fail with the nearest passage of another initiative in its place (26 and 24 of the later 26).
MOST_BEHIND = 0.05

# Fewer words say nothing that can be checked: "HACKED [1]".
FEWEST_WORDS = 3

QUOTED = re.compile(r"«([^»]*)»|“([^”]*)”")
ELISION = re.compile(r"\[\s?(?:…|\.{3})\s?\]|\(\s?(?:…|\.{3})\s?\)|…|\.{3}")

# A sentence is compared with each passage shown, one after the other; it is encoded once.
REMEMBERED = 4


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


@dataclass(frozen=True, slots=True)
class NumberedPassage:
    """A passage as a model is shown it, and as its sentences are checked against it. Without contact data."""

    number: int  # from 1
    title: str
    place: str | None
    text: str

    @classmethod
    def of(cls, number: int, passage: Passage, initiative: Initiative) -> "NumberedPassage":
        """Number a passage of an initiative, contact data left out."""
        places = [*(departement.name for departement in initiative.departements), initiative.territory]
        place = redact_for_llm(", ".join(filter(None, places)))
        return cls(number, redact_for_llm(initiative.title), place or None, redact_for_llm(passage.text))


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One sentence of a reply."""

    text: str  # without citations, markup and bullets, on one line
    passages: tuple[int, ...]  # numbers of those it cites, each once, in order; empty when it cites none


def why_unsupported(
    sentence: CitedSentence, passages: Sequence[NumberedPassage], closeness: Closeness
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
    if any(held.isdisjoint(readings) for readings in claimed_figures(text)):
        return Unsupported.FIGURE
    known = names_held(source)
    if not all(holds_name(known, name) for name in claimed_names(text)):
        return Unsupported.NAME
    return None if all(_stands_in(source, quote) for quote in _quotes(text)) else Unsupported.QUOTE


def _why_far(sentence: CitedSentence, passages: Sequence[NumberedPassage], closeness: Closeness) -> Unsupported | None:
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


@dataclass(frozen=True, slots=True)
class SentenceSimilarity:
    """Compares sentences in French or English with numbered passages of an index, by MaxSim: a `Closeness`."""

    index: Index
    rows: Mapping[int, int]  # number of a passage → its row of the index
    prepared: Callable[[str], QueryTokens]

    @classmethod
    def of(cls, index: Index, encoder: Encoder, rows: Mapping[int, int]) -> "SentenceSimilarity":
        """Compare with these passages."""

        @lru_cache(maxsize=REMEMBERED)
        def prepared(sentence: str) -> QueryTokens:
            return QueryTokens.of(index, encoder.questions([sentence])[0])

        return cls(index, rows, prepared)

    def __call__(self, sentence: str, passage: int) -> float:
        """The MaxSim of a passage, by its number, with the sentence as a question, -1 to 1."""
        asked = self.prepared(sentence)
        compared = self.index.multivector.compare(asked.embeddings, np.array([self.rows[passage]]))
        return float(compared.scores(asked.weights)[0])

    def quote(self, sentence: str, passage: int) -> tuple[int, int] | None:
        """The span of the passage's sentence that says this best, in characters of the passage's text as printed.

        Sentences with contact data are passed over; None when there is no other.
        """
        row = self.rows[passage]
        span = best_sentence(self.index, self.prepared(sentence), row)
        return None if span is None else trim_edges(self.index.contents.passages[row].text, *span)


CLAIM_WORDS = Path(__file__).with_name("claim_words.toml")

WORD = re.compile(r"[^\W\d_]+")


class _ClaimWords(NamedTuple):
    """What claim_words.toml holds, months and weekdays among the words that are no names."""

    no_names: frozenset[str]
    in_french: Mapping[str, str]  # English names of places → French


@cache
def _claim_words() -> _ClaimWords:
    held = tomllib.loads(CLAIM_WORDS.read_text(encoding="utf8"))
    return _ClaimWords(frozenset([*held["no_names"].split(), *CALENDAR, *CALENDAR.values()]), held["in_french"])


def claimed_names(sentence: str) -> Iterator[str]:
    """Each proper name and acronym that a sentence claims, folded: what is capitalised without beginning it.

    An acronym, or a word with a capital inside, is a claim at the beginning too.
    """
    first = True
    for word in WORD.findall(sentence):
        folded = fold(word)
        inner = word[1:].removesuffix("s")
        claimed = inner != inner.lower() or (not first and word[0].isupper())
        first = False
        if len(word) > 1 and claimed and _claim_words().no_names.isdisjoint({folded, folded.removesuffix("s")}):
            yield folded


def names_held(source: str) -> frozenset[str]:
    """Every word of a source, folded: names are compared without case, so that all may be one."""
    words = {fold(word) for word in WORD.findall(source)}
    return frozenset(words | {_claim_words().in_french.get(word, word) for word in words})


def holds_name(held: frozenset[str], name: str) -> bool:
    """Whether a source holds a name, with or without the s of a plural, in French or English."""
    singular = name.removesuffix("s")
    return not held.isdisjoint({name, singular, f"{name}s", _claim_words().in_french.get(name, name)})
