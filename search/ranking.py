"""Late interaction: how well a question's words are answered, one by one, by the words of a passage."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, States, unit_rows
from index.index import Index
from index.lexicon import STEPS
from index.tokens import asked
from search.hit import Highlight
from search.lexicon import Notion

# A word of a passage is shown as matching when its cosine with a word of the question reaches this: near-synonyms and
# translations lie above, words of the same field below.
MATCHING = 0.5

# Tokens this common (in a fifth of the passages or more) carry no subject and are not shown as matching: ln 5.
SHOWN_WEIGHT = 1.6


# What a notion said in other words is worth beside the question's own (docs/decisions/0010-editorial-layer.md).
OTHERWISE = 0.9


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question ready for late interaction: those of its tokens that are not too common."""

    text: str
    length: int  # all tokens, common ones too
    states: States  # [t, d], centred rows of length 1
    weights: NDArray[np.float32]  # [t], inverse document frequencies
    spans: NDArray[np.int32]  # [t, 2], characters of the text
    notions: tuple[Notion, ...] = ()

    def tokens_of(self, notion: Notion) -> NDArray[np.int64]:
        """The positions of the tokens that a notion is named by; none when they are all too common."""
        return np.flatnonzero((self.spans[:, 0] < notion.end) & (self.spans[:, 1] > notion.start))


def prepare(index: Index, text: str, encoded: Encoded, notions: tuple[Notion, ...] = ()) -> Weighed:
    """Centre and weigh the tokens of an encoded question, which names these notions of the lexicon."""
    states = unit_rows(encoded.states - index.questions.states)
    weights = index.tokens.weights(encoded.tokens)
    kept = asked(weights)
    return Weighed(text, len(weights), states[kept], weights[kept], encoded.spans[kept], notions)


def understood_scores(question: Weighed, best: NDArray[np.float32], said: NDArray[np.int8]) -> NDArray[np.float32]:
    """Late-interaction scores of m texts that count a notion in whatever words it is said, float32 [m].

    `best` [m, t] are the best cosines of the question's tokens in each text, `said` [entries, m] how well each entry of
    the lexicon is said there (`index.lexicon`). A notion never counts less than the question's own words for it do.
    """
    total = best @ question.weights
    for notion in question.notions:
        own = question.tokens_of(notion)
        if len(own):
            weight = question.weights[own].sum()
            otherwise = OTHERWISE * said[list(notion.entries)].max(axis=0).astype(np.float32) / STEPS
            total += np.maximum(weight * otherwise - best[:, own] @ question.weights[own], 0)
    return np.asarray(total / question.weights.sum(), np.float32)


def highlights(index: Index, question: Weighed, passage: int, cosines: NDArray[np.float32]) -> tuple[Highlight, ...]:
    """The words of a passage that answer a word of the question, in the order of the text, without overlap.

    `cosines` are those of the question's tokens with the passage's, [t, n].
    """
    cosines = np.where(question.weights[:, None] >= SHOWN_WEIGHT, cosines, -1.0)
    text = index.contents.passages[passage].text
    spans = index.tokens.spans_of(passage)
    found: dict[tuple[int, int], Highlight] = {}
    for column in np.flatnonzero((cosines.max(axis=0) >= MATCHING) & (spans[:, 0] >= 0)):
        row = int(cosines[:, column].argmax())
        start, end = word_around(text, *spans[column])
        similarity = round(float(cosines[row, column]), 3)
        question_word = question.text[slice(*word_around(question.text, *question.spans[row]))]
        if start < end and (found.get((start, end)) is None or found[start, end].similarity < similarity):
            found[start, end] = Highlight(start, end, question_word, similarity)
    return tuple(found[span] for span in sorted(found))


def word_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole word that a part of a word belongs to, apostrophes apart; an empty span where there is none.

    Example: word_around("l'hébergement citoyen", 4, 7) → (2, 13)
    """
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if start == end:
        return start, end
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


@dataclass(frozen=True, slots=True)
class Ranked:
    """One group of tellings in a ranking, by the passage that scored best."""

    passage: int  # row of the index
    score: float


def rank_groups(passages: NDArray[np.int64], scores: NDArray[np.floating], groups: NDArray[np.int64]) -> list[Ranked]:
    """The best passage of each group, best group first; ties in the order of the index.

    `passages` and `scores` are aligned; `groups[i]` is the real-world initiative of passage i of the index.
    """
    best: dict[int, Ranked] = {}
    for position in np.argsort(-scores, kind="stable"):
        passage = int(passages[position])
        best.setdefault(int(groups[passage]), Ranked(passage, float(scores[position])))
    return list(best.values())


def ranks_of_groups(ranks: NDArray[np.int64], groups: NDArray[np.int64]) -> dict[int, int]:
    """Ranks from 1 of groups, by the best rank of their passages; a group without a ranked passage is left out.

    Example: passages ranked [2, 0, 1] of groups [7, 7, 9] → {9: 1, 7: 2}
    """
    best = np.full(int(groups.max()) + 1, np.iinfo(np.int64).max)
    ranked = np.flatnonzero(ranks)
    np.minimum.at(best, groups[ranked], ranks[ranked])
    order = np.argsort(best, kind="stable")[: len(np.unique(groups[ranked]))]
    return {int(group): rank for rank, group in enumerate(order, start=1)}
