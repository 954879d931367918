"""Stages: the parts of our own search as systems of their own, to see what each of them is worth.

All are built from the parts that serve. "words", "vectors" and "fusion" are the rankings that candidates come from,
"late-interaction" looks closely at every passage rather than at the candidates, "full" is what is served.
"sheets-alone" is the full search without what the project adds to the sheets, "without-layer" and "without-lexicon"
without one of both.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from eval.catalogue import Catalogue
from eval.measures import DEPTH, Ranking
from eval.system import Rank, Similar, System
from search import Engine
from search.candidates import find_candidates
from search.lexicon import Lexicon
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
    SHEETS_ALONE = "sheets-alone"
    WITHOUT_LAYER = "without-layer"
    WITHOUT_LEXICON = "without-lexicon"


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
    match stage:
        case Stage.FULL:
            return _full(engine)
        case Stage.SHEETS_ALONE:
            return _full(_without_layer(_without_lexicon(engine)))
        case Stage.WITHOUT_LAYER:
            return _full(_without_layer(engine))
        case Stage.WITHOUT_LEXICON:
            return _full(_without_lexicon(engine))
        case _:
            return _by_part(engine, Part(stage))


def _without_layer(engine: Engine) -> Engine:
    """The same engine without editorial records; without floors, because those of the index are for lifted scores."""
    norms = replace(engine.index.questions, best_floor=-np.inf, hit_floor=-np.inf)
    return replace(engine, index=replace(engine.index, editorial=None, questions=norms))


def _without_lexicon(engine: Engine) -> Engine:
    lexicon = Lexicon.of((), engine.index.words.analyser, frozenset())
    return replace(engine, understanding=replace(engine.understanding, lexicon=lexicon))


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
