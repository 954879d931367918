"""The searcher: an open index and an open encoder, and what they can be asked.

    question ─analyse→ Query ─retrieve→ Candidates ─rerank→ Ranking ─present→ Results

Whoever needs more than results, as answering does, takes the `Ranking`: nothing is analysed or ranked twice.
"""

import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Language, Weights
from corpus.places import Gazetteer
from index import Encoder, Index, Signs, open_encoder
from search.catalogue import NO_FILTERS, Catalogue, Filters
from search.highlights import Highlighter, PassageWords
from search.hits import Hit, Results
from search.observation import came_to, stage
from search.query import Query, QueryAnalyser
from search.rerank import RankedInitiative, RerankedPassages, rank_clusters, ranks_of_clusters, rerank
from search.retrieve import Candidates, retrieve
from search.similar import InitiativeEmbedding, embedding_of_initiative, embedding_of_text, rank_by_similarity
from search.subject import MOST_FURTHER, is_on_subject

NOTHING_FOUND = {
    "fr": "Rien de pertinent dans ce recueil. Essayez d'autres mots, ou moins de filtres.",
    "en": "Nothing relevant in this collection. Try other words, or fewer filters.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The initiatives of an index ranked for one question, and what they were ranked by."""

    query: Query
    filters: Filters
    candidates: Candidates
    reranked: RerankedPassages
    allowed: NDArray[np.bool_]  # by the filters, over the passages of the index
    on_subject: NDArray[np.bool_]  # whatever the filters: candidates of the clusters on it, over the same passages
    nearest: tuple[RankedInitiative, ...]  # of the candidates that the filters allow, whatever they score, best first
    relevant: tuple[RankedInitiative, ...]  # those of them that are on the subject
    further: tuple[RankedInitiative, ...]  # the first of the others; none where nothing at all is on the subject
    took_ms: float


@dataclass(frozen=True)
class Searcher:
    """Searches one index. Nothing in it changes, so threads may share it."""

    index: Index
    encoder: Encoder
    catalogue: Catalogue
    analyser: QueryAnalyser

    @classmethod
    def open(cls, index_folder: Path, model_folder: Path, threads: int, private: bool = False) -> "Searcher":
        """Open model and index; whoever serves for long wants `private` copies of their files (`Index.open`).

        Raises BadModel or BadIndex when they are missing, damaged or do not fit each other.
        """
        encoder = open_encoder(model_folder, threads, private=private)
        index = Index.open(index_folder, encoder.digest, private)
        return cls.of(index, encoder, Gazetteer.open(index.contents.profile.places))

    def over(self, index_folder: Path) -> "Searcher":
        """Search another index with the model that is open; its files are `private`. Raises BadIndex."""
        index = Index.open(index_folder, self.encoder.digest, private=True)
        places = index.contents.profile.places
        known = self.index.contents.profile.places == places
        return Searcher.of(index, self.encoder, self.catalogue.gazetteer if known else Gazetteer.open(places))

    @classmethod
    def of(cls, index: Index, encoder: Encoder, gazetteer: Gazetteer) -> "Searcher":
        """Search an index that was made with this encoder."""
        catalogue = Catalogue.of(index.contents, gazetteer)
        return cls(index, encoder, catalogue, QueryAnalyser.of(index, encoder, gazetteer))

    def search(
        self,
        text: str,
        k: int = 10,
        filters: Filters = NO_FILTERS,
        language: Language | None = None,
        ignored: AbstractSet[str] = frozenset(),
    ) -> Results:
        """The k best initiatives for a question in French or English. Raises what `rank` raises."""
        return self.results(self.rank(text, filters, ignored), k, language)

    def rank(self, text: str, filters: Filters = NO_FILTERS, ignored: AbstractSet[str] = frozenset()) -> Ranking:
        """Rank the initiatives for a question; `ignored` names what shall not be recognised in it (`analyse`).

        Raises BadQuestion for a question without words or too long, UnknownFilter for a filter that nothing can meet.
        """
        began = time.perf_counter()
        with stage("analyse"):
            query = self.analyser.analyse(text, ignored)
        allowed = self._passages_where(self.catalogue.allowed(filters))
        in_place = self._passages_where(self.catalogue.in_places(query.places))
        with stage("retrieve"):
            candidates = retrieve(self.index, query, in_place)
        with stage("rerank"):
            reranked = rerank(self.index, query, candidates)
        added = self._added(candidates, reranked.passages)
        on_subject = self._on_subject(candidates, reranked, added, in_place)
        kept = allowed[reranked.passages]
        passages = reranked.passages[kept]
        scores = reranked.scores[kept] + added[kept] + self.weights.place_bonus.value * in_place[passages]
        nearest = rank_clusters(passages, scores, self.passage_clusters)
        others = [one for one in nearest if not on_subject[one.passage]] if on_subject.any() else []
        return Ranking(
            query=query,
            filters=filters,
            candidates=candidates,
            reranked=reranked,
            allowed=allowed,
            on_subject=on_subject,
            nearest=nearest,
            relevant=tuple(one for one in nearest if on_subject[one.passage]),
            further=tuple(others[:MOST_FURTHER]),
            took_ms=_milliseconds_since(began),
        )

    def results(self, ranking: Ranking, k: int = 10, language: Language | None = None) -> Results:
        """Present the k best initiatives of a ranking, those on the subject first, with facets over all of these.

        Labels, summaries and hint are in `language`, the question's own unless given.
        """
        began = time.perf_counter()
        language = language or ranking.query.language
        on_subject = np.zeros(len(self.catalogue.initiatives), bool)
        on_subject[self.index.owners[ranking.on_subject]] = True
        with stage("present"):
            hits = self.hits(ranking, (*ranking.relevant, *ranking.further)[:k], language)
            facets = self.catalogue.count_facets(on_subject, language, ranking.filters)
        came_to("search", "found" if ranking.relevant else "nothing")
        return Results(
            query=ranking.query,
            total=len(ranking.relevant),
            further=len(ranking.further),
            hits=hits,
            facets=facets,
            language=language,
            hint=None if ranking.relevant else NOTHING_FOUND[language],
            took_ms=round(ranking.took_ms + _milliseconds_since(began), 1),
        )

    def hits(self, ranking: Ranking, shown: Sequence[RankedInitiative], language: Language) -> tuple[Hit, ...]:
        """Some initiatives of a ranking as hits, counted from 1: with highlights, and their rank in each list."""
        clusters, reranked = self.passage_clusters, ranking.reranked
        lexical_ranks = ranks_of_clusters(ranking.candidates.lexical_ranks, clusters)
        dense_ranks = ranks_of_clusters(ranking.candidates.dense_ranks, clusters)
        highlighter = Highlighter.of(self.passage_words, ranking.query)
        hits = []
        for rank, one in enumerate(shown, start=1):
            position, cluster = reranked.position(one.passage), int(clusters[one.passage])
            initiative = self.index.owner(one.passage)
            cosines = reranked.similarities.cosines(position)
            hit = Hit(
                rank=rank,
                score=round(one.score, 4),
                initiative=initiative,
                also_in=initiative.same_as,
                passage=self.index.contents.passages[one.passage],
                highlights=highlighter.highlights(one.passage, cosines),
                lexical_rank=lexical_ranks.get(cluster),
                dense_rank=dense_ranks.get(cluster),
                record=self.catalogue.record(initiative, language),
                by_record=reranked.is_by_record(position),
            )
            hits.append(hit)
        return tuple(hits)

    def similar(self, id: str, k: int = 10, language: Language = "fr") -> tuple[Hit, ...]:
        """The k initiatives most like this one in aim and public, other sheets of the same one left out.

        Raises UnknownInitiative.
        """
        row = self.catalogue.row(id)
        embedding = embedding_of_initiative(self.index, row)
        return self._similar_hits(embedding, int(self.catalogue.clusters[row]), k, language)

    def similar_to(self, text: str, k: int = 10, language: Language = "fr") -> tuple[Hit, ...]:
        """The k initiatives most like a description. Raises BadQuestion when it is too long or without a word."""
        return self._similar_hits(embedding_of_text(self.index, self.encoder, text), None, k, language)

    @property
    def weights(self) -> Weights:
        """The fitted numbers of the profile of what is searched.

        What an initiative gains that takes place where the question asks, `place_bonus`, alone puts such initiatives
        first of those on the subject, for the name of the place is no word to be scored: the best scores differ by less
        from the bar. Of the questions with a place of the development collection nDCG@10 is .95 with 0.1, .974 with 0.2
        and .975 with 0.3.
        """
        return self.index.contents.profile.weights

    def _added(self, candidates: Candidates, passages: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the fusion of lists adds to the scores of passages, float64 [m].

        Where there is neither record nor adaptation, late interaction alone is too sure of single words: on two
        foreign corpora the fusion of lists, as a share of its best, mends that.
        """
        return self.weights.fusion_weight.value * candidates.fused_shares(passages)

    @cached_property
    def passage_clusters(self) -> NDArray[np.int64]:
        """[passages]: the cluster of each passage's initiative."""
        return self.catalogue.clusters[self.index.owners]

    @cached_property
    def passage_words(self) -> PassageWords:
        """The words of the passages that were shown."""
        return PassageWords.of(self.index)

    def _similar_hits(
        self, embedding: InitiativeEmbedding, own: int | None, k: int, language: Language
    ) -> tuple[Hit, ...]:
        hits = []
        for rank, one in enumerate(rank_by_similarity(self.index, embedding, self.passage_clusters, own)[:k], start=1):
            initiative = self.index.owner(one.passage)
            hit = Hit(
                rank=rank,
                score=round(one.score, 4),
                initiative=initiative,
                also_in=initiative.same_as,
                passage=self.index.contents.passages[one.passage],
                record=self.catalogue.record(initiative, language),
            )
            hits.append(hit)
        return tuple(hits)

    def _passages_where(self, initiatives: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A mask over initiatives → the mask over their passages."""
        return np.asarray(initiatives[self.index.owners], bool)

    def _on_subject(
        self,
        candidates: Candidates,
        reranked: RerankedPassages,
        added: NDArray[np.float64],
        in_place: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Which passages of the index are candidates of the clusters on the subject: none when nothing is relevant.

        Decided by the subject alone, for the whole question: what the place adds puts nothing on the subject, and a
        filter neither adds to the group nor makes anything more relevant.
        """
        mask = np.zeros(len(self.index.owners), bool)
        if self._is_anything_relevant(candidates, reranked):
            ranked = rank_clusters(reranked.passages, reranked.scores + added, self.passage_clusters)
            clusters = self.passage_clusters[[one.passage for one in ranked]]
            there = np.isin(clusters, self.passage_clusters[in_place])
            shares = self.weights.share_of_best.value, self.weights.share_in_place.value
            clusters = clusters[is_on_subject(np.array([one.score for one in ranked]), there, *shares)]
            mask[reranked.passages] = np.isin(self.passage_clusters[reranked.passages], clusters)
        return mask

    def _is_anything_relevant(self, candidates: Candidates, reranked: RerankedPassages) -> bool:
        """Whether the corpus holds anything for a question: not when all signs say that it is about something else.

        Without records the share of the question's terms that the corpus knows is a second sign: above `low_coverage`
        something always is, for everyday wording scores as low as questions about something else do
        (docs/decisions/0004-nothing-relevant.md).
        """
        similarity, reading = candidates.expansion_similarity, candidates.reading
        signs = Signs(
            best=float(reranked.scores.max()),
            expansion=float(similarity.max()) if len(similarity) else np.nan,
            energy=np.nan if reading is None else reading.energy,
        )
        is_known = self.index.expansion is None and candidates.term_coverage > self.weights.low_coverage.value
        return is_known or self.index.thresholds.are_met(signs)


def _milliseconds_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
