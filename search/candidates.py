"""Candidates: the passages worth a close look, found by words, sentence vectors, place and editorial phrasings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, unit_rows
from index.index import Index
from search.query import Query

# Damps the top ranks so that no single list decides alone (Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion
# outperforms Condorcet and individual rank learning methods", SIGIR 2009).
RRF_K = 60

# Passages that go on to late interaction. With 100 everyday wording loses, above 110 nothing is gained
# (docs/decisions/0003-ranking.md).
CANDIDATES = 75


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages worth a close look, and the two rankings they come from."""

    passages: NDArray[np.int64]  # [m], rows of the index, ascending
    word_ranks: NDArray[np.int64]  # [passages of the index], from 1; 0 where no word matched
    vector_ranks: NDArray[np.int64]  # [passages of the index], from 1
    fused: NDArray[np.float64]  # [passages of the index], sums of reciprocal ranks; 0 where no list has it
    nearness: NDArray[np.float32]  # [records], of the question to the phrasings of each editorial record
    known: float  # share of the question's terms that the corpus holds, 0 to 1


def find_candidates(
    index: Index, query: Query, encoded: Encoded, allowed: NDArray[np.bool_], in_place: NDArray[np.bool_]
) -> Candidates:
    """Fuse the rankings by words, by vectors and by editorial phrasings, and passages of the places asked for.

    `allowed` and `in_place` are masks over the passages of the index. The best of all passages are candidates and the
    best of those allowed: what a facet counts is found again by its filter, and a narrow filter is not left empty.
    """
    terms = index.words.analyser.question_terms(_spelt_out(query), query.language)
    known = sum(term in index.words.vocabulary for term in terms) / max(len(terms), 1)
    centred = unit_rows((encoded.vector - index.questions.vector)[None])[0]
    nearness = index.editorial.nearness(centred) if index.editorial is not None else np.zeros(0, np.float32)
    words, vectors = ranks_of(index.words.scores(terms)), _vector_ranks(index, centred)
    lists = (words, vectors, _record_ranks(index, nearness))
    fused = sum((np.where(ranks > 0, 1.0 / (RRF_K + ranks), 0.0) for ranks in lists), np.zeros(len(words)))
    fused += np.where(in_place, 1.0 / (RRF_K + 1), 0.0)
    order = np.argsort(-fused, kind="stable")
    best = np.union1d(order[:CANDIDATES], order[allowed[order]][:CANDIDATES])
    return Candidates(best, words, vectors, fused, nearness, known)


def ranks_of(scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """Ranks from 1 of the positive scores, highest first, ties in the order given; 0 for the others.

    Example: [0.0, 2.5, 0.1] → [0, 1, 2]
    """
    ranks = np.zeros(len(scores), np.int64)
    positive = np.flatnonzero(scores > 0)
    ranks[positive[np.argsort(-scores[positive], kind="stable")]] = np.arange(1, len(positive) + 1)
    return ranks


def _spelt_out(query: Query) -> str:
    """The question with both forms of each acronym, and the standard terms of its notions."""
    acronyms = (f"{acronym.short} {acronym.long}" for acronym in query.acronyms)
    return " ".join([query.text, *acronyms, *(term for notion in query.notions for term in notion.also)])


def _record_ranks(index: Index, nearness: NDArray[np.float32]) -> NDArray[np.int64]:
    """Each passage's rank by its editorial record, the same for all passages of an initiative; 0 without one."""
    if index.editorial is None:
        return np.zeros(len(index.owners), np.int64)
    ranks = np.empty(len(nearness) + 1, np.int64)
    ranks[np.argsort(-nearness, kind="stable")] = np.arange(1, len(nearness) + 1)
    ranks[-1] = 0  # the row of those without a record
    return np.asarray(ranks[index.records], np.int64)


def _vector_ranks(index: Index, centred: NDArray[np.float32]) -> NDArray[np.int64]:
    _, rows = index.vectors.nearest(centred, len(index.owners))
    ranks = np.zeros(len(index.owners), np.int64)
    ranks[rows] = np.arange(1, len(rows) + 1)
    return ranks
