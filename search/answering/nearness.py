"""Nearness: how near a sentence is to a passage by late interaction, and which of the passage's sentences says it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.encoder import Encoder
from index.index import Index
from search.answering.quoting import trimmed
from search.answering.telling import telling_sentence
from search.ranking import Weighed, prepare

# A sentence is compared with each passage shown, one after the other; it is encoded once.
REMEMBERED = 4


@dataclass(frozen=True, slots=True)
class Nearness:
    """Compares sentences in French or English with numbered passages of an index; call it with sentence and number."""

    index: Index
    rows: Mapping[int, int]  # number of a passage → its row of the index
    prepared: Callable[[str], Weighed]

    @classmethod
    def of(cls, index: Index, encoder: Encoder, rows: Mapping[int, int]) -> "Nearness":
        """Compare with these passages."""

        @lru_cache(maxsize=REMEMBERED)
        def prepared(sentence: str) -> Weighed:
            return prepare(index, sentence, encoder.questions([sentence])[0])

        return cls(index, rows, prepared)

    def __call__(self, sentence: str, passage: int) -> float:
        """The late-interaction score of a passage, by its number, with the sentence as a question."""
        asked = self.prepared(sentence)
        compared = self.index.tokens.compare(asked.states, np.array([self.rows[passage]]))
        return float(compared.scores(asked.weights)[0])

    def quote(self, sentence: str, passage: int) -> tuple[int, int] | None:
        """The span of the passage's sentence that says this best, in characters of the passage's text as printed.

        Sentences with contact data are passed over; None when there is no other.
        """
        row = self.rows[passage]
        span = telling_sentence(self.index, self.prepared(sentence), row)
        return None if span is None else trimmed(self.index.contents.passages[row].text, *span)
