"""An interleaved search: hits of the full search and of one part of it, so that judgements tell which finds better."""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace

from corpus.editorial_record import Language
from search.engine import Engine, Trail
from search.filters import Filters
from search.hit import Results
from search.interleaving import Chance, Team, interleave
from search.part import Part, ranked_by
from search.ranking import Ranked

FULL = "full"  # the name of the full search as a system

# How many initiatives the other system puts forward: as many as people look at. Whatever it would find farther down
# neither the reader nor the facets should meet.
PUT_FORWARD = 10


@dataclass(frozen=True, slots=True)
class InterleavedSearch:
    """Searches with two systems at once. Threads may share it when they may share `chance`."""

    engine: Engine
    second: Part
    chance: Chance

    @property
    def teams(self) -> tuple[str, str]:
        """The names of the two systems, as hits tell them."""
        return FULL, self.second

    def search(
        self,
        text: str,
        k: int = 10,
        filters: Filters | None = None,
        language: Language | None = None,
        ignored: Collection[str] = (),
    ) -> Results:
        """As `Engine.search`, which decides whether anything is relevant at all; hits tell their team.

        The second system's first initiatives are drafted with those of the full search. The rest of the full search
        follows, in no team. Hits, total and facets are of both together.
        """
        began = time.perf_counter()
        trail = self.engine.trail(text, k, filters, language, ignored)
        if not trail.ranked:
            return trail.results
        drafted = self._drafted(trail)
        results = self.engine.rearranged(trail, [one for one, _ in drafted], k)
        hits = tuple(replace(hit, team=team) for hit, (_, team) in zip(results.hits, drafted, strict=False))
        return replace(results, hits=hits, took_ms=round((time.perf_counter() - began) * 1000, 1))

    def _drafted(self, trail: Trail) -> list[tuple[Ranked, str | None]]:
        groups = self.engine.groups
        others = ranked_by(self.second, self.engine.index, trail.question, trail.candidates, groups, trail.allowed)
        first = {int(groups[one.passage]): one for one in trail.ranked}
        second = {int(groups[one.passage]): one for one in others[:PUT_FORWARD]}
        drafted: dict[int, tuple[Ranked, str | None]] = {}
        for group, team in interleave(list(first), list(second), self.chance):
            drafted[group] = (first[group], FULL) if team is Team.FIRST else (second[group], self.second)
        for group, one in first.items():
            drafted.setdefault(group, (one, None))
        return list(drafted.values())
