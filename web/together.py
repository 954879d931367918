"""Several corpora searched together, for programs: GET /corpora/search, or /search?corpus=a&corpus=b, or corpus=*.

Each corpus is ranked by its own profile (`search.together`). Of one that is not open, and of one in which a filter has
no meaning, the reply says so, and holds the others.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from search import CORPUS, Hit, Searcher, TogetherResults, search_together
from web.corpora import ALL, chosen_of, title_of
from web.dependencies import SOON, RunningServices, Service
from web.errors import NotReady, faults
from web.negotiation import JSON
from web.parameters import SearchParameters, Value, check_address
from web.schemas import FacetReply, HitReply, QueryReply, SearchReply, facets_told

NOT_OPEN = "It is not open"


class TogetherParameters(SearchParameters):
    """What is asked, and of which corpora."""

    corpus: list[Value] = Field([], description=f"Names of corpora; all unless given, or where one is '{ALL}'.")


class CorpusHitReply(HitReply):
    """A hit with its corpus, in which its id and its facets have their meaning."""

    corpus: str
    score: float = Field(
        description="Standard score: how far it lies above what questions about something else find in its corpus."
    )

    @classmethod
    def in_corpus(cls, corpus: str, hit: Hit) -> "CorpusHitReply":
        """Give a hit as JSON shows it."""
        return cls(corpus=corpus, **dict(HitReply.of(hit)))


class TogetherReply(SearchReply):
    """What a search found in several corpora; the facet `corpus` says how many on the subject there are in each."""

    hits: Sequence[CorpusHitReply]  # type: ignore[assignment]
    generations: dict[str, str | None] = Field(description="Of each corpus that was searched, that of its index.")
    left_out: dict[str, str] = Field(description="Corpora that were not searched, and why.")

    @classmethod
    def of_all(
        cls, results: TogetherResults, services: Mapping[str, Service], left_out: Mapping[str, str]
    ) -> "TogetherReply":
        """Give the results as JSON shows them."""
        return cls(
            query=QueryReply.of(results.query),
            total=results.total,
            further=results.further,
            hits=[CorpusHitReply.in_corpus(corpus, hit) for corpus, hit in results.hits],
            facets=facets_told(results.facets) | {CORPUS: _titled(results, services)},
            hint=results.hint,
            took_ms=round(results.took_ms, 2),
            generations={
                name: one.generation.name if one.generation is not None else None
                for name, one in services.items()
                if name not in left_out
            },
            left_out=dict(left_out),
        )


def _titled(results: TogetherResults, services: Mapping[str, Service]) -> list[FacetReply]:
    return [
        FacetReply(value=one.value, label=title_of(services[one.value], results.language), count=one.count)
        for one in results.facets[CORPUS]
    ]


def open_searchers(services: Mapping[str, Service]) -> dict[str, Searcher]:
    """What searches each corpus that is open. Raises NotReady where none is."""
    opened = {name: one.searcher_if_open for name, one in services.items()}
    searchers = {name: one for name, one in opened.items() if one is not None}
    if not searchers:
        raise NotReady("None of these corpora is open", "the service", SOON)
    return searchers


router = APIRouter(dependencies=[Depends(check_address)])


@router.get("/corpora/search", response_model=TogetherReply, responses=faults(404, 422, 503))
def search_corpora(services: RunningServices, asked: Annotated[TogetherParameters, Query()]) -> Response:
    """Find initiatives in several corpora, merged by how far each stands out in its own."""
    chosen = chosen_of(services, asked.corpus)
    searchers = open_searchers(chosen)
    results = search_together(
        searchers, asked.q, k=asked.k, filters=asked.filters, language=asked.lang, ignored=frozenset(asked.ignore)
    )
    left_out = {name: NOT_OPEN for name in chosen if name not in searchers} | results.left_out
    return Response(TogetherReply.of_all(results, chosen, left_out).model_dump_json(), media_type=JSON)
