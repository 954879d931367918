"""A stand-in for a model: one axis for each word it knows, so that every cosine can be done by hand.

    index = index_of("l'eau", "un vélo", words=("eau", "vélo"))
    (question,) = WordEncoder(("eau", "vélo")).questions(["le vélo"])

Instant and deterministic. `index_of` makes an index of a few texts in memory, each the passage of an initiative.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus import Initiative
from index import Encoded, Index, Passage, unit_rows
from tests import atlas


class StandIn:
    """What an `Encoder` without a model does beside `_encode`, which makes of one text what it will."""

    max_tokens: int

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        return [self._encode(text) for text in texts]

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = lambda n: None) -> list[Encoded]:
        done(len(texts))
        return [self._encode(text) for text in texts]

    def fits(self, text: str) -> bool:
        return len(text.split()) <= self.max_tokens

    def _encode(self, text: str) -> Encoded:
        raise NotImplementedError


@dataclass(frozen=True)
class WordEncoder(StandIn):
    """An `Encoder` whose tokens are words: word n of `words` has id n + 1 and lies along axis n + 1, others along 0."""

    words: tuple[str, ...]
    name: str = "words"
    digest: str = "words"
    max_tokens: int = 64
    multi_vector: bool = False

    def _encode(self, text: str) -> Encoded:
        """The states of its words are their axes, its vector their mean scaled to length 1."""
        found = list(re.finditer(r"\w+", text))
        tokens = [1 + self.words.index(word) if (word := one[0].lower()) in self.words else 0 for one in found]
        states = np.eye(1 + len(self.words), dtype=np.float32)[tokens]
        spans = np.array([one.span() for one in found], np.int32).reshape(-1, 2)
        return Encoded(unit_rows(states.sum(axis=0)[None])[0], states, np.array(tokens, np.int32), spans)


def initiative_of(text: str, number: int) -> Initiative:
    """An initiative that says nothing of itself but this text, so that its passage has no context."""
    return replace(
        atlas.initiative(),
        id=f"initiative-{number}",
        title="",
        text=text,
        theme=None,
        departements=(),
        territory=None,
        same_as=(),
    )


def index_of(*texts: str, words: tuple[str, ...], **more: object) -> Index:
    """An index of these texts; questions are centred on the mean of the words. `more` as `Index.of` takes it."""
    initiatives = [initiative_of(text, number) for number, text in enumerate(texts)]
    passages = [
        Passage(id=f"{one.id}#0", initiative=one.id, heading=None, start_line=1, end_line=1, text=one.text)
        for one in initiatives
    ]
    return Index.of(initiatives, passages, WordEncoder(words), **({"sample": words * 2} | more))
