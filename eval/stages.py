"""Stages: the parts of our own search as systems of their own, to see what each of them is worth.

All are built from the parts that serve. "words", "vectors" and "fusion" are the rankings that candidates come from,
"late-interaction" looks closely at every passage rather than at the candidates, "full" is what is served.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from eval.catalogue import Catalogue
from eval.measures import DEPTH, Ranking
from eval.system import Rank, Similar, System
from index.encoder import Encoded
from search import Engine
from search.candidates import Candidates, find_candidates
from search.query import Query, readable_question
from search.ranking import prepare, rank_groups, ranks_of_groups

# Similar initiatives that are looked at: what every door shows when it is not told how many.
SIMILAR_SHOWN = 10


class Stage(StrEnum):
    """What can be compared with the full search."""

    FULL = "full"
    WORDS = "words"
    VECTORS = "vectors"
    FUSION = "fusion"
    LATE_INTERACTION = "late-interaction"


def stage_of(engine: Engine, stage: Stage) -> System:
    """One stage of an engine's search as a system."""
    return System(stage, _ranking_of(engine, stage), _catalogue_of(engine))


def full_search(engine: Engine, name: str = "recueil") -> System:
    """The search as it is served, with the similar initiatives."""
    return System(name, _full(engine), _catalogue_of(engine), _similar_of(engine))


def _catalogue_of(engine: Engine) -> Catalogue:
    return Catalogue.of(engine.initiatives, engine.index.contents.documents)


def _ranking_of(engine: Engine, stage: Stage) -> Rank:
    match stage:
        case Stage.FULL:
            return _full(engine)
        case Stage.WORDS:
            return _by_candidates(engine, lambda found: ranks_of_groups(found.word_ranks, engine.groups))
        case Stage.VECTORS:
            return _by_candidates(engine, lambda found: ranks_of_groups(found.vector_ranks, engine.groups))
        case Stage.FUSION:
            return _fused(engine)
        case Stage.LATE_INTERACTION:
            return _late_interaction(engine)


def _full(engine: Engine) -> Rank:
    return lambda text: [hit.initiative.id for hit in engine.search(text, k=DEPTH).hits]


def _by_candidates(engine: Engine, ranks: Callable[[Candidates], dict[int, int]]) -> Rank:
    """Initiatives in the order of the ranks of their groups, which `ranks` gives best first."""

    def rank(text: str) -> Ranking:
        query, encoded = _understood(engine, text)
        return _first(engine, list(ranks(_candidates(engine, query, encoded))))

    return rank


def _fused(engine: Engine) -> Rank:
    def rank(text: str) -> Ranking:
        query, encoded = _understood(engine, text)
        fused = _candidates(engine, query, encoded).fused
        return _first(engine, _groups(engine, fused))

    return rank


def _late_interaction(engine: Engine) -> Rank:
    def rank(text: str) -> Ranking:
        query, encoded = _understood(engine, text)
        question = prepare(engine.index, query.text, encoded)
        everywhere = np.arange(len(engine.groups))
        return _first(
            engine, _groups(engine, engine.index.tokens.scores(question.states, question.weights, everywhere))
        )

    return rank


def _groups(engine: Engine, scores: NDArray[np.floating]) -> list[int]:
    """The groups of all passages, best first, given a score for each passage; a passage that scores 0 was not found."""
    found = np.flatnonzero(scores > 0)
    return [int(engine.groups[one.passage]) for one in rank_groups(found, scores[found], engine.groups)]


def _first(engine: Engine, groups: list[int]) -> Ranking:
    return [engine.initiatives[group].id for group in groups[:DEPTH]]


def _understood(engine: Engine, text: str) -> tuple[Query, Encoded]:
    asked = readable_question(text)
    encoded = engine.encoder.questions([asked])[0]
    return engine.understanding.understand(asked, encoded.vector), encoded


def _candidates(engine: Engine, query: Query, encoded: Encoded) -> Candidates:
    everywhere = np.ones(len(engine.groups), bool)
    return find_candidates(engine.index, query, encoded, everywhere, ~everywhere)


def _similar_of(engine: Engine) -> Similar:
    """The similar initiatives and their twins; and the twins of the initiative itself, shown beside it."""

    def similar(initiative: str) -> set[str]:
        hits = engine.similar(initiative, k=SIMILAR_SHOWN)
        found = {id_ for hit in hits for id_ in (hit.initiative.id, *hit.also_in)}
        return found | set(engine.initiative(initiative).same_as)

    return similar
