"""The search page: the box, and for a question the answer, the initiatives, the facets and the map."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from fastapi import Request
from fastapi.responses import HTMLResponse

from corpus import Bilingual
from corpus.places import Place, PlaceKind
from feedback import missed_by_search
from index import Analyser
from search import Catalogue, Results, Searcher
from web.dependencies import AnswererIfAny, AskedSearch, CurrentVisitor, OpenMissLog, OpenSearcher, RecentRankings
from web.rendering import page
from web.views.answer import AnswerView, answer_to
from web.views.browse import start_page
from web.views.facets import Chip, Named, NarrowedList, NarrowingView
from web.views.files import TakeAlong
from web.views.results import HitView, in_order
from web.visitor import SORTS, Link, SearchRequest, Visitor

PATH = "/"
HITS = 10
MOST_HITS = 100
KEPT = 4_096  # labels of facets, analysed once rather than at every question
LIVE = "X-Live"  # the header of a page that asks while somebody types


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place that the question names, which ranks and leaves nothing out."""

    name: str
    only: str | None  # the address that leaves out what is elsewhere, None where a filter does already
    ignored: str  # the address that does not take it for a place


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """Everything below the box."""

    total: int  # initiatives on the subject
    further_total: int
    hits: tuple[HitView, ...]  # on the subject
    further: tuple[HitView, ...]
    more: str | None  # the address that shows more of both
    places: tuple[PlaceView, ...]
    narrowing: NarrowingView
    sorts: Mapping[str, str]  # the orders there are and their addresses, none where there is nothing to sort
    recognised: tuple[Chip, ...]
    wider: tuple[Link, ...]  # searches that may find something where this finds nothing
    answer: AnswerView | None  # None where it is streamed, or cannot be given
    stream: str | None  # the address that streams it, None where nothing is answered
    is_typing: bool  # somebody is, and is answered when they have done

    @property
    def narrows(self) -> bool:
        """Whether there is anything to narrow, or to widen again."""
        return bool(self.total or self.narrowing.facets or self.narrowing.chips)

    @classmethod
    def of(
        cls,
        results: Results,
        answer: AnswerView | None,
        is_answered: bool,
        is_typing: bool,
        asked: SearchRequest,
        searcher: Searcher,
        visitor: Visitor,
    ) -> "SearchView":
        """The view of what a search found, and of its answer, where questions are answered."""
        catalogue = searcher.catalogue
        shown = NarrowedList(visitor, PATH, asked)
        narrowing = NarrowingView.of(results.facets, catalogue, shown, set(_named(results, searcher)))
        more = visitor.link(PATH, [*asked.parameters(), ("all", 1)], f"hit-{HITS + 1}")
        hits = tuple(HitView.of(hit, catalogue, visitor, results.query.places) for hit in results.hits)
        return cls(
            total=results.total,
            further_total=results.further,
            hits=hits[: results.total],
            further=hits[results.total :],
            more=more if len(hits) == HITS < results.total + results.further else None,
            places=tuple(_place(place, asked, catalogue, visitor) for place in results.query.places),
            narrowing=narrowing,
            sorts=_sorts(results, shown),
            recognised=tuple(_recognised(results, asked, visitor)),
            wider=tuple(_wider(results, asked, narrowing, visitor)),
            answer=answer,
            stream=visitor.link("/answer/stream", asked.parameters()) if is_answered else None,
            is_typing=is_typing,
        )


def search_page(
    request: Request,
    searcher: OpenSearcher,
    answerer: AnswererIfAny,
    rank: RecentRankings,
    misses: OpenMissLog,
    asked: AskedSearch,
    visitor: CurrentVisitor,
) -> HTMLResponse:
    """Give the page; only what changes, to a page that asks for it by itself. Where nothing is answered, the rest."""
    if not asked.text:
        return start_page(request, searcher.catalogue, asked, visitor)
    ranking = rank(asked)
    most = MOST_HITS if request.query_params.get("all") else HITS
    results = searcher.results(in_order(ranking, asked.sort, searcher), most, visitor.language)
    is_typing = LIVE in request.headers  # what is asked may be half of what somebody means
    if not is_typing:
        misses.keep(missed_by_search(results, ranking.filters))
    in_place = "hx-request" in request.headers
    answer = None if in_place or answerer is None else answer_to(ranking, answerer, misses, visitor)
    found = SearchView.of(results, answer, answerer is not None, is_typing, asked, searcher, visitor)
    template = "found_in_place.html" if in_place else "search.html"
    return page(
        request,
        template,
        visitor,
        query=asked,
        found=found,
        take_along=TakeAlong.of(request, PATH, asked, asked.text, visitor),
        keeps_gaps=misses.is_kept,
    )


def _sorts(results: Results, shown: NarrowedList) -> dict[str, str]:
    """The orders that tell initiatives apart, and the addresses of the list in them."""
    known = [sort for sort, facet in SORTS.items() if results.facets[facet]]
    if not known or results.total == 1:
        return {}
    return {sort or "relevance": shown.link(replace(shown.asked, sort=sort)) for sort in ("", *known)}


def _named(results: Results, searcher: Searcher) -> Iterator[Named]:
    """The values of facets that a question names: by all words of a label in either language, or as its places."""
    query, analyser = results.query, searcher.index.lexical.analyser
    terms = {*query.terms(analyser), *analyser.terms(query.expanded_text())}
    for place in query.places:
        yield from (("departement", one.code) for one in place.departements)
        yield from (("region", searcher.catalogue.gazetteer.region_of(one).code) for one in place.departements)
    for name, values in results.facets.items():
        labels = searcher.catalogue.facets[name].labels
        for one in values:
            if any(terms.issuperset(form) for form in _forms(labels[one.value], analyser)):
                yield name, one.value


@lru_cache(KEPT)
def _forms(label: Bilingual, analyser: Analyser) -> tuple[frozenset[str], ...]:
    """The words of a label in either language, as a question has them; none of a label without any."""
    forms = (analyser.terms(label.fr), analyser.question_terms(label.en, "en"))
    return tuple(frozenset(form) for form in forms if form)


def _recognised(results: Results, asked: SearchRequest, visitor: Visitor) -> Iterator[Chip]:
    """What was understood of the question."""
    query = results.query
    understood = [
        *(("chip.acronym", f"{one.short} = {one.long}", one.short) for one in query.acronyms),
        *(("chip.concept", f"{words} → {', '.join(also)}", words) for words, also in query.synonyms()),
    ]
    for kind, text, name in understood:
        yield Chip(kind, text, visitor.link(PATH, asked.ignoring(name).parameters()))
    for name in asked.ignored:
        yield Chip("chip.ignored", name, visitor.link(PATH, asked.heeding(name).parameters()))


def _place(place: Place, asked: SearchRequest, catalogue: Catalogue, visitor: Visitor) -> PlaceView:
    """A place of the question, and the filter it would make: a region of today, else its départements."""
    region = catalogue.gazetteer.region(place.name) if place.kind is PlaceKind.REGION else None
    if region is not None and not region.former:
        conditions = [("region", region.code)]
    else:
        conditions = [("departement", departement.code) for departement in place.departements]
    narrowed = asked.narrowed_to(conditions)
    return PlaceView(
        name=place.name,
        only=None if narrowed == asked else visitor.link(PATH, narrowed.parameters()),
        ignored=visitor.link(PATH, asked.ignoring(place.name).parameters()),
    )


def _wider(results: Results, asked: SearchRequest, narrowing: NarrowingView, visitor: Visitor) -> Iterator[Link]:
    """The same question about anywhere, then without each condition."""
    anywhere = results.query.without_places()
    if results.query.places and any(character.isalnum() for character in anywhere):
        address = visitor.link(PATH, replace(asked, text=anywhere, ignored=()).parameters())
        yield Link(visitor.texts("nothing.anywhere", question=anywhere), address)
    for chip in narrowing.chips:
        yield Link(visitor.texts("nothing.without", what=chip.text), chip.address)
