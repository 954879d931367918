"""The engine: an open index and an open encoder, and what they can be asked."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import EditorialLayer, Gazetteer, Initiative, Place
from corpus.editorial_record import Language
from index.encoder import Encoded, Encoder
from index.index import Index
from index.model import open_encoder
from search.candidates import Candidates, find_candidates
from search.close_look import CloseLook, look_closely
from search.editorial import Editorial
from search.facets import FacetValue, facets_of
from search.fault import UnknownInitiative
from search.filters import Filters
from search.hit import Highlight, Hit, Results
from search.query import Query, Understanding, readable_question
from search.ranking import Ranked, Weighed, highlights, prepare, rank_groups, ranks_of_groups
from search.similar import Gist, gist_of_initiative, gist_of_text, most_alike

# What an initiative gains that takes place where the question asks. Neighbouring ranks of one question differ by about
# 0.01, so that place decides first and subject second (docs/decisions/0003-ranking.md has the figures of other values).
PLACE_BONUS = 0.1

# A question of which the corpus knows more than this share of the words always has something relevant: everyday wording
# scores as low as questions about something else do (docs/decisions/0004-nothing-relevant.md).
FEW_KNOWN = 0.25

# The rank of each group by words, and by vectors.
GroupRanks = tuple[dict[int, int], dict[int, int]]

NOTHING_FOUND = {
    "fr": "Rien de pertinent dans ce recueil. Essayez d'autres mots, ou moins de filtres.",
    "en": "Nothing relevant in this collection. Try other words, or fewer filters.",
}


@dataclass(frozen=True, slots=True)
class Trail:
    """How a search went, for whoever needs more than its results."""

    results: Results
    encoded: Encoded  # the question
    question: Weighed
    candidates: Candidates
    look: CloseLook  # at the candidates
    allowed: NDArray[np.bool_]  # by the filters, over the passages of the index
    ranked: tuple[Ranked, ...]  # the initiatives found, of which the results show the first


@dataclass(frozen=True)
class Engine:
    """Answers questions over one index. Nothing in it changes, so threads may share it."""

    index: Index
    encoder: Encoder
    gazetteer: Gazetteer
    understanding: Understanding

    @classmethod
    def open(cls, index_folder: Path, model_folder: Path, threads: int) -> "Engine":
        """Open model and index. Raises BadModel or BadIndex when they are missing, damaged or do not fit each other."""
        encoder = open_encoder(model_folder, threads)
        index = Index.open(index_folder, encoder.digest)
        gazetteer = Gazetteer.open()
        return cls(index, encoder, gazetteer, Understanding.of(gazetteer, index))

    def search(
        self,
        text: str,
        k: int = 10,
        filters: Filters | None = None,
        language: Language | None = None,
        ignored: Collection[str] = (),
    ) -> Results:
        """The k best initiatives for a question in French or English; hits, total and facets are of one candidate set.

        Labels, summaries and hint are in `language`, the question's own unless given. `ignored` names what shall not
        be understood, as `Query.without` takes it.

        Raises BadQuestion for a question without words or too long, UnknownFilter for a filter that nothing can meet.
        """
        return self.trail(text, k, filters, language, ignored).results

    def trail(
        self,
        text: str,
        k: int,
        filters: Filters | None = None,
        language: Language | None = None,
        ignored: Collection[str] = (),
        *,
        even_irrelevant: bool = False,
    ) -> Trail:
        """Search, and keep what it went by; `even_irrelevant` finds the nearest initiatives whatever they score.

        Raises what `search` raises.
        """
        began = time.perf_counter()
        query, encoded = self.understood(text)
        query = query.without(ignored)
        language = language or query.language
        question = prepare(self.index, query.text, encoded, query.notions)
        allowed = self._passages_where(self._allowed(filters))
        in_place = self._passages_where(self._lying_in(query.places))
        candidates = find_candidates(self.index, query, encoded, allowed, in_place)
        look = look_closely(self.index, question, candidates.passages, candidates.nearness)
        scores = look.scores
        relevant = self._is_relevant(question, scores, candidates)
        floor = -np.inf if even_irrelevant else self.index.questions.hit_floor if relevant else np.inf
        positions = np.flatnonzero((scores >= floor) & allowed[candidates.passages])
        passages = candidates.passages[positions]
        found = rank_groups(passages, scores[positions] + PLACE_BONUS * in_place[passages], self.groups)
        results = Results(
            query,
            len(found),
            self._hits(found[:k], question, look, candidates, language),
            self._facets(found, language),
            language,
            None if found else NOTHING_FOUND[language],
            round((time.perf_counter() - began) * 1000, 1),
        )
        return Trail(results, encoded, question, candidates, look, allowed, tuple(found))

    def rearranged(self, trail: Trail, ranked: Sequence[Ranked], k: int) -> Results:
        """The results of a trail with these initiatives, in this order, instead of those it found; one or more."""
        shown = ranked[:k]
        passages = np.unique([one.passage for one in shown])
        look = look_closely(self.index, trail.question, passages, trail.candidates.nearness)
        language = trail.results.language
        return replace(
            trail.results,
            total=len(ranked),
            hits=self._hits(shown, trail.question, look, trail.candidates, language),
            facets=self._facets(ranked, language),
        )

    def similar(self, id: str, k: int = 10, language: Language = "fr") -> tuple[Hit, ...]:
        """The k initiatives most like this one in aim and public, tellings of the same one left out.

        Raises UnknownInitiative.
        """
        row = self._rows[self.initiative(id).id]
        return self._alike(gist_of_initiative(self.index, row), int(self.rows_of_groups[row]), k, language)

    def similar_to(self, text: str, k: int = 10, language: Language = "fr") -> tuple[Hit, ...]:
        """The k initiatives most like a description. Raises BadQuestion when it is too long or without a word."""
        return self._alike(gist_of_text(self.index, self.encoder, text), None, k, language)

    def understand(self, text: str) -> Query:
        """What is understood of a question. Raises BadQuestion for one without words or too long."""
        return self.understood(text)[0]

    def understood(self, text: str) -> tuple[Query, Encoded]:
        """What is understood of a question, and what the encoder makes of it. Raises what `understand` raises."""
        asked = readable_question(text)
        encoded = self.encoder.questions([asked])[0]
        return self.understanding.understand(asked, encoded.vector), encoded

    @property
    def initiatives(self) -> tuple[Initiative, ...]:
        """All initiatives, in the order of the corpus."""
        return self.index.contents.initiatives

    def initiative(self, id: str) -> Initiative:
        """One initiative. Raises UnknownInitiative."""
        if id not in self._rows:
            raise UnknownInitiative(f"There is no initiative '{id}'", "id", "Take an id from /search or /initiatives.")
        return self.initiatives[self._rows[id]]

    def select(self, filters: Filters | None = None) -> tuple[Initiative, ...]:
        """The initiatives that meet the filters, in the order of the corpus. Raises UnknownFilter as `search` does."""
        allowed = self._allowed(filters)
        return tuple(initiative for initiative, fits in zip(self.initiatives, allowed, strict=True) if fits)

    def editorial(self, initiative: Initiative, language: Language) -> Editorial | None:
        """What the editorial layer says of an initiative, None where it says nothing."""
        record = self.layer.of(initiative.id, initiative.same_as)
        return None if record is None else Editorial.of(record, initiative, self.layer.vocabulary, language)

    @property
    def layer(self) -> EditorialLayer:
        """The editorial records and their vocabulary."""
        return self.index.contents.editorial

    def _alike(self, gist: Gist, without: int | None, k: int, language: Language) -> tuple[Hit, ...]:
        found = most_alike(self.index, gist, self.groups, without)[:k]
        return tuple(
            self._hit(rank, one, (), ({}, {}), self.editorial(self.index.owner(one.passage), language))
            for rank, one in enumerate(found, start=1)
        )

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """[passages]: one number for each real-world initiative, the row of its first telling."""
        return self.rows_of_groups[self.index.owners]

    @cached_property
    def rows_of_groups(self) -> NDArray[np.int64]:
        """[initiatives]: one number for each real-world initiative, the row of its first telling."""
        first = [min(self._rows[id] for id in (one.id, *one.same_as)) for one in self.initiatives]
        return np.array(first, np.int64)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {initiative.id: row for row, initiative in enumerate(self.initiatives)}

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {document.id: document.title for document in self.index.contents.documents}

    def _allowed(self, filters: Filters | None) -> NDArray[np.bool_]:
        """Which initiatives the filters allow, bool [initiatives]."""
        if filters is None or filters == Filters():
            return np.ones(len(self.initiatives), bool)
        filters.check(self.initiatives, self.gazetteer, self.layer)
        return np.array([filters.allow(initiative, self.gazetteer, self.layer) for initiative in self.initiatives])

    def _lying_in(self, places: Sequence[Place]) -> NDArray[np.bool_]:
        """Which initiatives take place in one of the départements of these places, bool [initiatives]."""
        asked = {departement.code for place in places for departement in place.departements}
        if not asked:
            return np.zeros(len(self.initiatives), bool)
        return np.array([any(one.code in asked for one in initiative.departements) for initiative in self.initiatives])

    def _passages_where(self, initiatives: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A mask over initiatives → the mask over their passages."""
        return np.asarray(initiatives[self.index.owners], bool)

    def _is_relevant(self, question: Weighed, scores: NDArray[np.float32], candidates: Candidates) -> bool:
        """Whether anything is: not when the best scores as on something else, and a second sign agrees.

        That sign is that no record has phrasings near the question, or without records that the corpus knows few of the
        words. `scores` are those of all candidates, allowed or not: a filter makes nothing more relevant.
        """
        norms = self.index.questions
        if scores.max() >= norms.floor(question.length):
            return True
        if self.index.editorial is None:
            return candidates.known > FEW_KNOWN
        return bool(candidates.nearness.max() >= norms.near_floor)

    def _facets(self, found: Sequence[Ranked], language: Language) -> dict[str, tuple[FacetValue, ...]]:
        initiatives = [self.index.owner(one.passage) for one in found]
        return facets_of(initiatives, self._titles, self.gazetteer, self.layer, language)

    def _hits(
        self,
        shown: Sequence[Ranked],
        question: Weighed,
        look: CloseLook,
        candidates: Candidates,
        language: Language,
    ) -> tuple[Hit, ...]:
        ranks = (
            ranks_of_groups(candidates.word_ranks, self.groups),
            ranks_of_groups(candidates.vector_ranks, self.groups),
        )
        hits = []
        for rank, one in enumerate(shown, start=1):
            position = look.position(one.passage)
            words = highlights(self.index, question, one.passage, look.comparison.cosines(position))
            editorial = self.editorial(self.index.owner(one.passage), language)
            hits.append(self._hit(rank, one, words, ranks, editorial, look.by_record(position)))
        return tuple(hits)

    def _hit(
        self,
        rank: int,
        one: Ranked,
        words: tuple[Highlight, ...],
        ranks: GroupRanks,
        editorial: Editorial | None,
        by_editorial: bool = False,
    ) -> Hit:
        initiative = self.index.owner(one.passage)
        group = int(self.groups[one.passage])
        word_rank, vector_rank = (of.get(group) for of in ranks)
        return Hit(
            rank,
            round(one.score, 4),
            initiative,
            initiative.same_as,
            self.index.contents.passages[one.passage],
            words,
            word_rank,
            vector_rank,
            editorial,
            by_editorial,
        )
