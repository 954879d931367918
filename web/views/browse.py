"""The browse page: all initiatives, by theme, place or year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from search.facets import facets_of

from corpus import Initiative
from search import Searcher
from web.dependencies import AskedSearch, CurrentVisitor, OpenCatalogue, OpenSearcher
from web.rendering import page
from web.views.facets import NarrowedList, facet_views, map_view
from web.visitor import Link, Parameter, SearchRequest, Visitor

PATH = "/browse"
ARRANGEMENTS = ("theme", "place", "year")


@dataclass(frozen=True, slots=True)
class EntryView:
    """One initiative in a group."""

    title: str
    address: str
    place: str
    year: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """Initiatives under one heading."""

    heading: str
    entries: tuple[EntryView, ...]


def browse_page(
    request: Request, searcher: OpenSearcher, catalogue: OpenCatalogue, asked: AskedSearch, visitor: CurrentVisitor
) -> HTMLResponse:
    """Give the page for the conditions of its address."""
    arrangement = request.query_params.get("by", "")
    arrangement = arrangement if arrangement in ARRANGEMENTS else ARRANGEMENTS[0]
    found = once_each(searcher, searcher.select(asked.filters(searcher.gazetteer)))
    facets = facets_of(found, catalogue.document_titles, searcher.gazetteer, searcher.layer, visitor.language)
    kept: list[Parameter] = [] if arrangement == ARRANGEMENTS[0] else [("by", arrangement)]
    shown = NarrowedList(visitor, PATH, asked, kept)
    return page(
        request,
        "browse.html",
        visitor,
        query=asked,
        total=len(found),
        groups=tuple(_groups(found, arrangement, searcher, visitor)),
        arrangements=_arrangements(asked, arrangement, visitor),
        facets=facet_views(facets, shown),
        without=visitor.link(PATH, kept) if asked.conditions else None,
        map=map_view(facets["departement"], searcher.gazetteer.departement_names, shown),
    )


def once_each(searcher: Searcher, found: Iterable[Initiative]) -> list[Initiative]:
    """Real-world initiatives, each by the first of its sheets found."""
    first: dict[int, Initiative] = {}
    rows = {one.id: row for row, one in enumerate(searcher.initiatives)}
    for one in found:
        first.setdefault(int(searcher.rows_of_groups[rows[one.id]]), one)
    return list(first.values())


def _groups(found: Sequence[Initiative], arrangement: str, searcher: Searcher, visitor: Visitor) -> Iterator[GroupView]:
    headed: dict[str, list[Initiative]] = {}
    for one in found:
        for heading in _headings(one, arrangement, visitor):
            headed.setdefault(heading, []).append(one)
    last = visitor.texts(f"browse.without_{arrangement}")
    for heading in sorted(headed, key=lambda heading: (heading == last, heading)):
        yield GroupView(heading, tuple(_entry(one, searcher, visitor) for one in headed[heading]))


def _headings(one: Initiative, arrangement: str, visitor: Visitor) -> list[str]:
    match arrangement:
        case "place":
            headings = [f"{place.name} ({place.code})" for place in one.departements]
        case "year":
            headings = [str(one.start_year)] if one.start_year else []
        case _:
            headings = [one.theme] if one.theme else []
    return headings or [visitor.texts(f"browse.without_{arrangement}")]


def _entry(one: Initiative, searcher: Searcher, visitor: Visitor) -> EntryView:
    editorial = searcher.editorial(one, visitor.language)
    place = ", ".join(departement.name for departement in one.departements)
    title = editorial.title if editorial else one.title
    return EntryView(title, visitor.sheet(one.id), place, str(one.start_year or ""))


def _arrangements(asked: SearchRequest, arrangement: str, visitor: Visitor) -> list[tuple[Link, bool]]:
    return [
        (
            Link(visitor.texts(f"browse.by_{by}"), visitor.link(PATH, [*asked.parameters(), ("by", by)])),
            by == arrangement,
        )
        for by in ARRANGEMENTS
    ]
