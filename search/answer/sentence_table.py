"""The sentences of all sheets of an index, and what is known of them whatever is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.places import Gazetteer
from corpus.text import fold, holds_contact, plain_words
from index import Index
from search import line_start, passage_start
from search.answer.answer_type import EntityType, entities_in
from search.answer.sentences import Sentence, Unit, sentences_of_sheet, units_of

FIGURE = re.compile(r"\d+(?:[ .,]\d+)*")
# A number and the three words after it.
COUNTED = re.compile(
    r"(?:\d+(?:[ .,]\d+)*|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille))"
    r"\s*((?:[^\W\d]+\W{1,2}){0,3}[^\W\d]*)"
)
HELD = 0.5  # the share of a quote, or of a sentence if that is shorter, from which the sentence holds it


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sentences of one sheet, and which of them each compared token of its passages stands in."""

    sentences: tuple[Sentence, ...]
    units: tuple[Unit, ...]
    tokens: Mapping[int, NDArray[np.int64]]  # row of a passage → [n], the sentence of each token, -1 for none


class Known(NamedTuple):
    """What is told of some words whatever is asked."""

    entities: frozenset[EntityType]
    figures: int
    folded: str
    counted: tuple[frozenset[str], ...]  # the words after each number
    holds_contact: bool


class SentenceTable:
    """The sentences of all sheets of an index; a sheet is read when it is first asked for, and kept."""

    def __init__(self, index: Index, gazetteer: Gazetteer) -> None:
        self.index, self.gazetteer = index, gazetteer
        self.sheet = lru_cache(maxsize=4096)(self._sheet)
        # Kept, because looking for places takes a while.
        self.known = lru_cache(maxsize=16384)(self._known)
        self.places_of = lru_cache(maxsize=16384)(self._places_of)
        self.words_of_fact = lru_cache(maxsize=16384)(self._words_of_fact)
        self._rows = {initiative.id: row for row, initiative in enumerate(index.contents.initiatives)}

    def _places_of(self, fact: int) -> tuple[tuple[int, int], ...]:
        """The sentences, by row of the sheet and position, in which the quotes of a fact stand, by half at least."""
        found = []
        for quote in self.index.contents.enrichment.facts[fact].quotes:
            row = self._rows[quote.initiative]
            initiative = self.index.contents.initiatives[row]
            start = initiative.text.index(quote.text, line_start(initiative, quote.source.start_line))
            end = start + len(quote.text)
            for number, one in enumerate(self.sheet(row).sentences):
                shared = min(end, one.end) - max(start, one.start)
                if shared > HELD * min(end - start, one.end - one.start):
                    found.append((row, number))
        return tuple(found)

    def _words_of_fact(self, fact: int) -> frozenset[str]:
        """The beginnings of the longer words of a fact's wordings and answers, in both languages."""
        one = self.index.contents.enrichment.facts[fact]
        texts = (*one.questions.fr, *one.questions.en, one.answer.fr, one.answer.en)
        return frozenset(word[:5] for text in texts for word in plain_words(text) if len(word) > 3)

    def _known(self, words: str) -> "Known":
        folded = fold(words)
        return Known(
            entities=entities_in(words, self.gazetteer),
            figures=len(FIGURE.findall(words)),
            folded=folded,
            counted=tuple(frozenset(plain_words(match[1])) for match in COUNTED.finditer(folded)),
            holds_contact=holds_contact(words),
        )

    def _sheet(self, row: int) -> Sheet:
        index = self.index
        initiative = index.contents.initiatives[row]
        sentences = sentences_of_sheet(initiative)
        starts = np.array([one.start for one in sentences], np.int64)
        ends = np.array([one.end for one in sentences], np.int64)
        tokens = {}
        for passage in np.flatnonzero(index.owners == row).tolist():
            spans = index.multivector.spans_of(passage)
            first = spans[:, 0].astype(np.int64) + passage_start(initiative, index.contents.passages[passage])
            at = np.searchsorted(starts, first, side="right") - 1
            inside = (spans[:, 0] >= 0) & (at >= 0)
            if len(ends):
                inside &= first < ends[np.maximum(at, 0)]
            tokens[passage] = np.where(inside, at, -1)
        return Sheet(sentences, tuple(units_of(sentences)), tokens)
