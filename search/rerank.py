"""Reranking by late interaction: MaxSim of passages and of records, with concepts in whatever words they are said."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import COSINE_STEPS, ExpansionIndex, Index, TokenSimilarities, adapted_bonus, combine_scores
from search.query import Query
from search.retrieve import Candidates

# What a concept said in other words is worth beside the question's own words for it
# (docs/decisions/0010-editorial-records.md).
SYNONYM_WEIGHT = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankedPassages:
    """The scores of m passages for one question.

    A score is a weighted mean of cosines, thus at most 1 and in practice 0.2 to 0.8; it falls with the length of the
    question, so that scores of different questions cannot be compared.
    """

    passages: NDArray[np.int64]  # [m], rows of the index, ascending
    similarities: TokenSimilarities  # of the question's informative tokens with the passages' tokens
    source_scores: NDArray[np.float32]  # [m], MaxSim of the passages themselves
    record_scores: NDArray[np.float32]  # [m], MaxSim of their editorial records, -inf without one
    scores: NDArray[np.float32]  # [m], passage, record and expansions combined, less what the adaptation takes off

    def position(self, passage: int) -> int:
        """Where a passage, by its row of the index, stands among these; it must be one of them."""
        return int(np.searchsorted(self.passages, passage))

    def is_by_record(self, position: int) -> bool:
        """Whether the editorial record answers the question's words better than the passage does."""
        return bool(self.record_scores[position] > self.source_scores[position])


def rerank(index: Index, query: Query, candidates: Candidates) -> RerankedPassages:
    """Compare the candidates with a question token by token, and combine what passages, records and expansions say."""
    passages, weights = candidates.passages, index.contents.profile.weights
    similarities = index.multivector.compare(query.tokens.embeddings, passages)
    source = concept_aware_scores(query, similarities.best(), index.concepts.passages[:, passages])
    if index.expansion is None:
        nothing = np.full(len(passages), -np.inf, np.float32)
        record, combined = nothing, source
    else:
        rows = index.records[passages]
        records = _record_scores(index, index.expansion, query, np.unique(rows[rows >= 0]))
        record = np.where(rows < 0, -np.inf, records[rows]).astype(np.float32)
        combined = combine_scores(source, rows, records, candidates.expansion_similarity, weights)
    if candidates.reading is not None:
        bonus = adapted_bonus(candidates.reading.log_probabilities, index.adapted_rows[passages], weights)
        combined = combined + bonus
    return RerankedPassages(
        passages=passages, similarities=similarities, source_scores=source, record_scores=record, scores=combined
    )


def concept_aware_scores(
    query: Query, best: NDArray[np.float32], concept_scores: NDArray[np.int8]
) -> NDArray[np.float32]:
    """MaxSim of m texts, float32 [m], in which a concept counts in whatever words it is said.

    MaxSim is the mean of the best cosines of the question's tokens, weighted by their idf. `best` [m, t] are these
    cosines, `concept_scores` [concepts, m] how well each concept of the thesaurus is said in each text
    (`index.expansion`). A concept never counts less than the question's own words for it do.
    """
    weights = query.tokens.weights
    total = best @ weights
    for mention in query.concepts:
        own = query.tokens_of(mention)
        if len(own):
            as_synonym = (
                SYNONYM_WEIGHT * concept_scores[list(mention.rows)].max(axis=0).astype(np.float32) / COSINE_STEPS
            )
            total += np.maximum(weights[own].sum() * as_synonym - best[:, own] @ weights[own], 0)
    return np.asarray(total / weights.sum(), np.float32)


def _record_scores(
    index: Index, expansion: ExpansionIndex, query: Query, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """MaxSim of the records in `rows`, float32 [records]; 0 for the others, which are not compared."""
    scores = np.zeros(len(expansion.starts) - 1, np.float32)
    if len(rows):
        best = expansion.records.compare(query.tokens.embeddings, rows).best()
        scores[rows] = concept_aware_scores(query, best, index.concepts.records[:, rows])
    return scores


@dataclass(frozen=True, slots=True)
class RankedInitiative:
    """A real-world initiative in a ranking, by the passage of its sheets that scored best."""

    passage: int  # row of the index
    score: float  # of the passage, with what the place adds; comparable within one ranking only


def rank_clusters(
    passages: NDArray[np.int64], scores: NDArray[np.floating], clusters: NDArray[np.int64]
) -> tuple[RankedInitiative, ...]:
    """The best passage of each cluster, best cluster first; ties in the order of the index.

    `passages` and `scores` are aligned; `clusters[i]` is the cluster of passage i of the index.
    """
    best: dict[int, RankedInitiative] = {}
    for position in np.argsort(-scores, kind="stable"):
        passage = int(passages[position])
        best.setdefault(int(clusters[passage]), RankedInitiative(passage, float(scores[position])))
    return tuple(best.values())


def ranks_of_clusters(ranks: NDArray[np.int64], clusters: NDArray[np.int64]) -> dict[int, int]:
    """Ranks from 1 of clusters, by the best rank of their passages; a cluster without a ranked passage is left out.

    Example: passages ranked [2, 0, 1] of clusters [7, 7, 9] → {9: 1, 7: 2}
    """
    best = np.full(int(clusters.max()) + 1, np.iinfo(np.int64).max)
    ranked = np.flatnonzero(ranks)
    np.minimum.at(best, clusters[ranked], ranks[ranked])
    order = np.argsort(best, kind="stable")[: len(np.unique(clusters[ranked]))]
    return {int(cluster): rank for rank, cluster in enumerate(order, start=1)}
