"""A part: one of the rankings that the search is made of, alone, to see what it is worth."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.index import Index
from search.candidates import Candidates
from search.ranking import Ranked, Weighed, rank_groups


class Part(StrEnum):
    """What candidates come from, their fusion, and late interaction over every passage rather than over candidates."""

    WORDS = "words"
    VECTORS = "vectors"
    FUSION = "fusion"
    LATE_INTERACTION = "late-interaction"


def ranked_by(
    part: Part,
    index: Index,
    question: Weighed,
    candidates: Candidates,
    groups: NDArray[np.int64],
    allowed: NDArray[np.bool_],
) -> list[Ranked]:
    """What one part alone finds, best first; a passage that scores 0 was not found.

    `groups` and `allowed` are over the passages of the index: real-world initiatives, and which may be found.
    """
    scores = np.where(allowed, _scores(part, index, question, candidates), 0.0)
    found = np.flatnonzero(scores > 0)
    return rank_groups(found, scores[found], groups)


def _scores(part: Part, index: Index, question: Weighed, candidates: Candidates) -> NDArray[np.floating]:
    """A score for each passage of the index, [passages]; higher is better."""
    match part:
        case Part.WORDS:
            return _of_ranks(candidates.word_ranks)
        case Part.VECTORS:
            return _of_ranks(candidates.vector_ranks)
        case Part.FUSION:
            return candidates.fused
        case Part.LATE_INTERACTION:
            return index.tokens.scores(question.states, question.weights, np.arange(len(index.owners)))


def _of_ranks(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0)
