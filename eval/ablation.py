"""Ablations: our own search without one of its parts, to see what each of them is worth.

    ablated(searcher, Ablation.FUSION).rank("un bus en Ardèche")

All are built from the parts that serve.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from search.ranking import prepare

from eval.metrics import DEPTH, Ranking
from eval.run import Rank, System, catalogue_of, rank_of
from search import Candidates, QueryTokens, Searcher, rank_clusters, retrieve
from search.concepts import ConceptMatcher


class Ablation(StrEnum):
    """What can be compared with the full search: one of its rankings alone, or the search without what it is given."""

    FULL = "full"  # what is served
    LEXICAL = "words"  # BM25 alone
    DENSE = "vectors"  # sentence vectors alone
    FUSION = "fusion"  # the reciprocal ranks of both, which candidates come from
    LATE_INTERACTION = "late-interaction"  # MaxSim over every passage rather than over the candidates
    SHEETS_ALONE = "sheets-alone"  # without all that the project adds to the sheets: the next two
    WITHOUT_ENRICHMENT = "without-layer"
    WITHOUT_THESAURUS = "without-lexicon"


def ablated(searcher: Searcher, ablation: Ablation) -> System:
    """A searcher's search under an ablation, as a system that only ranks."""
    return System(name=ablation, rank=_rank(searcher, ablation), catalogue=catalogue_of(searcher))


def _rank(searcher: Searcher, ablation: Ablation) -> Rank:
    match ablation:
        case Ablation.FULL:
            return rank_of(searcher)
        case Ablation.SHEETS_ALONE:
            return rank_of(_without_enrichment(_without_thesaurus(searcher)))
        case Ablation.WITHOUT_ENRICHMENT:
            return rank_of(_without_enrichment(searcher))
        case Ablation.WITHOUT_THESAURUS:
            return rank_of(_without_thesaurus(searcher))
        case _:
            return _rank_alone(searcher, ablation)


def _without_enrichment(searcher: Searcher) -> Searcher:
    """The same searcher without editorial records; without floors, because those of the index are for enriched scores."""
    norms = replace(searcher.index.centre, best_threshold=-np.inf, hit_threshold=-np.inf)
    return replace(searcher, index=replace(searcher.index, editorial=None, questions=norms))


def _without_thesaurus(searcher: Searcher) -> Searcher:
    lexicon = ConceptMatcher.of((), searcher.index.lexical.analyser, frozenset())
    return replace(searcher, understanding=replace(searcher.understanding, lexicon=lexicon))


def _rank_alone(searcher: Searcher, ablation: Ablation) -> Rank:
    """The ranking of initiatives by one score of passages; a passage that scores 0 was not found."""

    def rank(text: str) -> Ranking:
        query, encoded = searcher.understood(text)
        everywhere = np.ones(len(searcher.groups), bool)
        candidates = retrieve(searcher.index, query, encoded, everywhere, ~everywhere)
        scores = _scores(searcher, ablation, candidates, prepare(searcher.index, query.text, encoded))
        found = np.flatnonzero(scores > 0)
        ranked = rank_clusters(found, scores[found], searcher.groups)
        return [searcher.initiatives[int(searcher.groups[one.passage])].id for one in ranked[:DEPTH]]

    return rank


def _scores(
    searcher: Searcher, ablation: Ablation, candidates: Candidates, question: QueryTokens
) -> NDArray[np.floating]:
    """A score for each passage of the index, [passages]; higher is better."""
    match ablation:
        case Ablation.LEXICAL:
            return _reciprocal(candidates.word_ranks)
        case Ablation.DENSE:
            return _reciprocal(candidates.vector_ranks)
        case Ablation.FUSION:
            return candidates.fused
        case _:
            everything = np.arange(len(searcher.index.owners))
            return searcher.index.multivector.scores(question.states, question.weights, everything)


def _reciprocal(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0)
