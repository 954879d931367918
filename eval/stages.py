"""Stages: the parts of our own search as systems of their own, to see what each of them is worth.

All are built from the parts that serve. "words", "vectors" and "fusion" are the rankings that candidates come from,
"late-interaction" looks closely at every passage rather than at the candidates, "full" is what is served.
"""

from enum import StrEnum

import numpy as np

from eval.catalogue import Catalogue
from eval.measures import DEPTH, Ranking
from eval.system import Rank, Similar, System
from search import Engine
from search.candidates import find_candidates
from search.part import Part, ranked_by
from search.ranking import prepare

# Similar initiatives that are looked at: what every door shows when it is not told how many.
SIMILAR_SHOWN = 10


class Stage(StrEnum):
    """What can be compared with the full search."""

    FULL = "full"
    WORDS = Part.WORDS
    VECTORS = Part.VECTORS
    FUSION = Part.FUSION
    LATE_INTERACTION = Part.LATE_INTERACTION


def stage_of(engine: Engine, stage: Stage) -> System:
    """One stage of an engine's search as a system."""
    return System(stage, _ranking_of(engine, stage), catalogue_of(engine))


def full_search(engine: Engine, name: str = "recueil") -> System:
    """The search as it is served, with the similar initiatives."""
    return System(name, _full(engine), catalogue_of(engine), _similar_of(engine))


def catalogue_of(engine: Engine) -> Catalogue:
    """What an engine can find."""
    return Catalogue.of(engine.initiatives, engine.index.contents.documents)


def _ranking_of(engine: Engine, stage: Stage) -> Rank:
    return _full(engine) if stage is Stage.FULL else _by_part(engine, Part(stage))


def _full(engine: Engine) -> Rank:
    return lambda text: [hit.initiative.id for hit in engine.search(text, k=DEPTH).hits]


def _by_part(engine: Engine, part: Part) -> Rank:
    """Initiatives as one part alone ranks them, wherever they are."""

    def rank(text: str) -> Ranking:
        query, encoded = engine.understood(text)
        everywhere = np.ones(len(engine.groups), bool)
        candidates = find_candidates(engine.index, query, encoded, everywhere, ~everywhere)
        question = prepare(engine.index, query.text, encoded)
        found = ranked_by(part, engine.index, question, candidates, engine.groups, everywhere)
        return [engine.initiatives[int(engine.groups[one.passage])].id for one in found[:DEPTH]]

    return rank


def _similar_of(engine: Engine) -> Similar:
    """The similar initiatives and their twins; and the twins of the initiative itself, shown beside it."""

    def similar(initiative: str) -> set[str]:
        hits = engine.similar(initiative, k=SIMILAR_SHOWN)
        found = {id_ for hit in hits for id_ in (hit.initiative.id, *hit.also_in)}
        return found | set(engine.initiative(initiative).same_as)

    return similar
