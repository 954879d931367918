"""Ablations: our own search without one of its parts, to see what each of them is worth.

    ablated(searcher, Ablation.FUSION).rank("un bus en Ardèche")

All are built from the parts that serve.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from eval.metrics import DEPTH, Ranking
from eval.run import Rank, System, catalogue_of, rank_of
from index import Index
from search import Candidates, Query, Searcher, rank_clusters, retrieve


class Ablation(StrEnum):
    """What can be compared with the full search: one of its rankings alone, or the search without what it is given."""

    FULL = "full"  # what is served
    LEXICAL = "words"  # BM25 alone
    DENSE = "vectors"  # sentence vectors alone
    FUSION = "fusion"  # reciprocal rank fusion of these and of expansions: what candidates come from, places apart
    LATE_INTERACTION = "late-interaction"  # MaxSim over every passage rather than over the candidates
    SHEETS_ALONE = "sheets-alone"  # without all that the project adds to the sheets: the last two
    WITHOUT_ADAPTATION = "without-adaptation"
    WITHOUT_ENRICHMENT = "without-layer"  # nor what the encoder learned from it
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
        case Ablation.WITHOUT_ADAPTATION:
            return rank_of(_without_adaptation(searcher))
        case Ablation.WITHOUT_ENRICHMENT:
            return rank_of(_without_enrichment(searcher))
        case Ablation.WITHOUT_THESAURUS:
            return rank_of(_without_thesaurus(searcher))
        case _:
            return _rank_alone(searcher, ablation)


def _without_adaptation(searcher: Searcher) -> Searcher:
    """The same search without the adapted layers, and without thresholds: those are for scores with them."""
    thresholds = replace(searcher.index.thresholds, least=-np.inf)
    return replace(searcher, index=replace(searcher.index, adaptation=None, thresholds=thresholds))


def _without_enrichment(searcher: Searcher) -> Searcher:
    """The same search without editorial records, and without what was learned from them."""
    bare = _without_adaptation(searcher)
    return replace(bare, index=replace(bare.index, expansion=None))


def _without_thesaurus(searcher: Searcher) -> Searcher:
    """The same search with an analyser that knows no form of any concept."""
    concepts = replace(
        searcher.analyser.concepts, rows_by_form={}, rows_by_acronym={}, acronyms_in_any_case=frozenset()
    )
    return replace(searcher, analyser=replace(searcher.analyser, concepts=concepts))


def _rank_alone(searcher: Searcher, ablation: Ablation) -> Rank:
    """The ranking of initiatives by one score of passages, wherever they are; a passage that scores 0 was not found."""
    index, clusters = searcher.index, searcher.passage_clusters
    nowhere = np.zeros(len(clusters), bool)

    def rank(text: str) -> Ranking:
        query = searcher.analyser.analyse(text)
        scores = _scores(ablation, index, query, retrieve(index, query, nowhere))
        found = np.flatnonzero(scores > 0)
        ranked = rank_clusters(found, scores[found], clusters)
        return [searcher.catalogue.initiatives[int(clusters[one.passage])].id for one in ranked[:DEPTH]]

    return rank


def _scores(ablation: Ablation, index: Index, query: Query, candidates: Candidates) -> NDArray[np.floating]:
    """A score for each passage of the index, [passages]; higher is better."""
    match ablation:
        case Ablation.LEXICAL:
            return _reciprocal(candidates.lexical_ranks)
        case Ablation.DENSE:
            return _reciprocal(candidates.dense_ranks)
        case Ablation.FUSION:
            return candidates.fused
        case _:
            return index.multivector.scores(query.tokens.embeddings, query.tokens.weights, np.arange(len(index.owners)))


def _reciprocal(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0)
