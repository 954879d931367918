"""Retrieval: the passages worth reranking, by reciprocal rank fusion of lexical, dense, expansion and place lists."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import AdaptedReading, Index
from search.query import Query

# Damps the top ranks so that no single list decides alone (Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion
# outperforms Condorcet and individual rank learning methods", SIGIR 2009).
RRF_K = 60

# Passages that go on to late interaction. For the first ten 75 rank as well (docs/decisions/0003-ranking.md); those
# beyond give the background that tells what is on the subject, and what is further away.
CANDIDATES = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Passages worth reranking, and the ranked lists they come from."""

    passages: NDArray[np.int64]  # [m], rows of the index, ascending
    lexical_ranks: NDArray[np.int64]  # [passages of the index], by BM25, from 1; 0 where no term matched
    dense_ranks: NDArray[np.int64]  # [passages of the index], by the cosine of sentence vectors, from 1
    fused: NDArray[np.float64]  # [passages of the index], sums of reciprocal ranks; 0 where no list has it
    expansion_similarity: NDArray[np.float32]  # [records], mean cosine with the nearest expansions of each, -1 to 1
    reading: AdaptedReading | None  # what the adaptation makes of the question, None without one
    term_coverage: float  # share of the question's terms that the corpus holds, 0 to 1

    def fused_shares(self, passages: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sums of some passages [m], by their rows, as shares of the best there is, float64 [m], 0 to 1."""
        return np.asarray(self.fused[passages] / max(float(self.fused.max()), 1e-9), np.float64)


def retrieve(index: Index, query: Query, in_place: NDArray[np.bool_]) -> Candidates:
    """Fuse the lists by BM25, by sentence vectors and by expansions, and passages of the places asked for.

    `in_place` is a mask over the passages of the index. No filter has a say: filters choose from what one question
    found, so that what a facet counts is what its filter gives.
    """
    terms = query.terms(index.lexical.analyser)
    similarity = index.expansion.similarities(query.vector) if index.expansion is not None else np.zeros(0, np.float32)
    lexical, dense = ranks_of(index.lexical.scores(terms)), _dense_ranks(index, query.vector)
    reading = index.adaptation.read(query.encoded) if index.adaptation is not None else None
    lists = (lexical, dense, _expansion_ranks(index, similarity), _adapted_ranks(index, reading))
    fused = sum((np.where(ranks > 0, 1.0 / (RRF_K + ranks), 0.0) for ranks in lists), np.zeros(len(lexical)))
    fused += np.where(in_place, 1.0 / (RRF_K + 1), 0.0)
    order = np.argsort(-fused, kind="stable")
    return Candidates(
        passages=np.sort(order[:CANDIDATES]),
        lexical_ranks=lexical,
        dense_ranks=dense,
        fused=fused,
        expansion_similarity=similarity,
        reading=reading,
        term_coverage=sum(term in index.lexical.vocabulary for term in terms) / max(len(terms), 1),
    )


def ranks_of(scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """Ranks from 1 of the positive scores, highest first, ties in the order given; 0 for the others.

    Example: [0.0, 2.5, 0.1] → [0, 1, 2]
    """
    ranks = np.zeros(len(scores), np.int64)
    positive = np.flatnonzero(scores > 0)
    ranks[positive[np.argsort(-scores[positive], kind="stable")]] = np.arange(1, len(positive) + 1)
    return ranks


def _expansion_ranks(index: Index, similarity: NDArray[np.float32]) -> NDArray[np.int64]:
    """Each passage's rank by its editorial record, the same for all passages of an initiative; 0 without one."""
    if index.expansion is None:
        return np.zeros(len(index.owners), np.int64)
    return _ranks_by_row(similarity, index.records)


def _adapted_ranks(index: Index, reading: AdaptedReading | None) -> NDArray[np.int64]:
    """Each passage's rank by the adaptation, the same for all of an initiative; 0 where it does not know it."""
    if reading is None:
        return np.zeros(len(index.owners), np.int64)
    return _ranks_by_row(reading.log_probabilities, index.adapted_rows)


def _ranks_by_row(scores: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ranks from 1 of the scores [n], highest first, for passages with these rows [passages]; 0 for row -1."""
    ranks = np.zeros(len(scores) + 1, np.int64)  # the last, row -1, is that of passages without a score
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.asarray(ranks[rows], np.int64)


def _dense_ranks(index: Index, vector: NDArray[np.float32]) -> NDArray[np.int64]:
    _, rows = index.dense.nearest(vector, len(index.owners))
    ranks = np.zeros(len(index.owners), np.int64)
    ranks[rows] = np.arange(1, len(rows) + 1)
    return ranks
