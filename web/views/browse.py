"""What is there without a question: the start page, and all initiatives by theme, place or year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from corpus import Initiative
from search import NO_FILTERS, Catalogue
from web.dependencies import AskedSearch, CurrentVisitor, OpenCatalogue, RunningService
from web.parameters import Parameter
from web.rendering import page
from web.suggestions import title_in
from web.views.results import NarrowedList, facet_views, map_view
from web.visitor import Link, SearchRequest, Visitor

# Questions to begin with, in the texts under start.example.
EXAMPLES = ("1", "2", "3", "4")
TOPICS = 12  # the most frequent ones

PATH = "/browse"
ARRANGEMENTS = ("theme", "place", "year")


# --- the start: the search page before anything is asked, and suggestions while somebody types ---


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """Something to search for."""

    kind: str  # key of the texts: title, place, theme
    text: str
    address: str


def start_page(request: Request, catalogue: Catalogue, asked: SearchRequest, visitor: Visitor) -> HTMLResponse:
    """Give examples, the map and the topics of the whole collection."""
    facets = catalogue.count_facets(catalogue.allowed(NO_FILTERS), visitor.language)
    examples = _examples(catalogue, visitor)
    everything = NarrowedList(visitor, PATH, SearchRequest("", (), ()))
    return page(
        request,
        "start.html",
        visitor,
        query=asked,
        examples=[Link(text, visitor.link("/", [("q", text)])) for text in examples],
        initiatives=len(catalogue.initiatives),
        documents=len(catalogue.documents),
        map=map_view(facets, catalogue, everything),
        topics=[Link(value.label, visitor.link(PATH, [("topic", value.value)])) for value in facets["topic"][:TOPICS]],
    )


def _examples(catalogue: Catalogue, visitor: Visitor) -> list[str]:
    """What one may ask: the examples of the profile, else titles from the first sheet to the last."""
    written = [visitor.texts(key) for n in EXAMPLES if (key := f"start.example.{n}") in visitor.texts.by_key]
    stride = max(1, len(catalogue.initiatives) // len(EXAMPLES))
    return written or [one.title for one in catalogue.initiatives[::stride][: len(EXAMPLES)]]


def give_suggestions(
    request: Request, service: RunningService, _: OpenCatalogue, visitor: CurrentVisitor
) -> HTMLResponse:
    """Give the list of suggestions, which may be empty. Raises BadQuestion when too much is typed."""
    typed = request.query_params.get("q", "").strip()
    found = [
        SuggestionView(one.kind, one.text, visitor.link(one.path, one.parameters))
        for one in service.suggesters[visitor.language].suggest(typed)
    ]
    return page(request, "parts/suggestions.html", visitor, suggestions=found)


# --- all initiatives ---


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
    request: Request, catalogue: OpenCatalogue, asked: AskedSearch, visitor: CurrentVisitor
) -> HTMLResponse:
    """Give the page for the conditions of its address."""
    arrangement = request.query_params.get("by", "")
    arrangement = arrangement if arrangement in ARRANGEMENTS else ARRANGEMENTS[0]
    filters = asked.filters(catalogue.gazetteer)
    found = catalogue.once_each(catalogue.select(filters))
    facets = catalogue.count_facets(catalogue.allowed(NO_FILTERS), visitor.language, filters)
    kept: list[Parameter] = [] if arrangement == ARRANGEMENTS[0] else [("by", arrangement)]
    shown = NarrowedList(visitor, PATH, asked, kept)
    return page(
        request,
        "browse.html",
        visitor,
        query=asked,
        total=len(found),
        groups=tuple(_groups(found, arrangement, catalogue, visitor)),
        arrangements=_arrangements(asked, arrangement, visitor),
        facets=facet_views(facets, shown),
        without=visitor.link(PATH, kept) if asked.conditions else None,
        map=map_view(facets, catalogue, shown),
    )


def _groups(
    found: Sequence[Initiative], arrangement: str, catalogue: Catalogue, visitor: Visitor
) -> Iterator[GroupView]:
    headed: dict[str, list[Initiative]] = {}
    for one in found:
        for heading in _headings(one, arrangement, visitor):
            headed.setdefault(heading, []).append(one)
    last = visitor.texts(f"browse.without_{arrangement}")
    for heading in sorted(headed, key=lambda heading: (heading == last, heading)):
        yield GroupView(heading, tuple(_entry(one, catalogue, visitor) for one in headed[heading]))


def _headings(one: Initiative, arrangement: str, visitor: Visitor) -> list[str]:
    match arrangement:
        case "place":
            headings = [f"{place.name} ({place.code})" for place in one.departements]
        case "year":
            headings = [str(one.start_year)] if one.start_year else []
        case _:
            headings = [one.theme] if one.theme else []
    return headings or [visitor.texts(f"browse.without_{arrangement}")]


def _entry(one: Initiative, catalogue: Catalogue, visitor: Visitor) -> EntryView:
    place = ", ".join(departement.name for departement in one.departements)
    return EntryView(
        title_in(visitor.language, one, catalogue), visitor.sheet(one.id), place, str(one.start_year or "")
    )


def _arrangements(asked: SearchRequest, arrangement: str, visitor: Visitor) -> list[tuple[Link, bool]]:
    return [
        (
            Link(visitor.texts(f"browse.by_{by}"), visitor.link(PATH, [*asked.parameters(), ("by", by)])),
            by == arrangement,
        )
        for by in ARRANGEMENTS
    ]
