"""What is there without a question: the start page, and all initiatives in groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from corpus import Initiative
from corpus.text import fold
from search import NO_FILTERS, Catalogue
from web.dependencies import AskedSearch, CurrentVisitor, OpenCatalogue, RunningService
from web.parameters import Parameter
from web.rendering import page
from web.suggestions import title_in
from web.views.facets import NarrowedList, NarrowingView
from web.views.files import TakeAlong
from web.views.map import map_view
from web.visitor import Link, Say, SearchRequest, Visitor

# Questions to begin with, in the texts under start.example.
EXAMPLES = ("1", "2", "3", "4")
NAMED = 10  # topics, and publics, that the start leads to: the most frequent ones

PATH = "/browse"
# What the list is arranged by, the first that anything is known of unless another is asked for → the facet that tells.
ARRANGEMENTS = {"topic": "topic", "public": "public", "theme": "theme", "place": "departement", "year": "year"}
MOST_UNFOLDED = 40  # initiatives that are shown without unfolding their groups


# --- the start: the search page before anything is asked, and suggestions while somebody types ---


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """Something to search for."""

    kind: str  # key of the texts
    text: str
    address: str


def start_page(request: Request, catalogue: Catalogue, asked: SearchRequest, visitor: Visitor) -> HTMLResponse:
    """Give examples, the map, and the topics and publics of the whole collection."""
    facets = catalogue.count_facets(catalogue.allowed(NO_FILTERS), visitor.language)
    examples = _examples(catalogue, visitor)
    initiatives = len(catalogue.once_each(catalogue.initiatives))
    everything = NarrowedList(visitor, PATH, SearchRequest("", (), ()))
    return page(
        request,
        "start.html",
        visitor,
        query=asked,
        examples=[Link(text, visitor.link("/", [("q", text)])) for text in examples],
        sheets=len(catalogue.initiatives),
        told=_told(initiatives, len(catalogue.initiatives), visitor.texts.typeset),
        documents=len(catalogue.documents),
        map=map_view(facets["departement"], catalogue, everything),
        named=[
            (name, [Link(one.label, visitor.link(PATH, [(name, one.value)])) for one in facets[name][:NAMED]])
            for name in ("topic", "public")
        ],
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
    known = [by for by, facet in ARRANGEMENTS.items() if catalogue.facets[facet].values] or ["theme"]
    arrangement = request.query_params.get("by", "")
    arrangement = arrangement if arrangement in known else known[0]
    filters = asked.filters(catalogue.gazetteer)
    sheets = catalogue.select(filters)
    found = catalogue.once_each(sheets)
    facets = catalogue.count_facets(catalogue.allowed(NO_FILTERS), visitor.language, filters)
    kept: list[Parameter] = [] if arrangement == known[0] else [("by", arrangement)]
    return page(
        request,
        "browse.html",
        visitor,
        query=asked,
        total=len(found),
        told=_told(len(found), len(sheets), visitor.texts.typeset),
        groups=tuple(_groups(found, arrangement, catalogue, visitor)),
        is_unfolded=len(found) <= MOST_UNFOLDED,
        arrangement=arrangement,
        arrangements=[_arranged(asked, by, visitor) for by in known],
        narrowing=NarrowingView.of(facets, catalogue, NarrowedList(visitor, PATH, asked, kept)),
        take_along=TakeAlong.of(request, PATH, asked, visitor.texts("browse.title"), visitor),
    )


def _told(initiatives: int, sheets: int, say: Say) -> str:
    """How many initiatives, and in how many sheets where several tell of the same."""
    return say("results.told" if sheets > initiatives else "results.total", count=initiatives, sheets=sheets)


def _groups(
    found: Sequence[Initiative], arrangement: str, catalogue: Catalogue, visitor: Visitor
) -> Iterator[GroupView]:
    """The largest topics and publics first, the latest years, the rest by the alphabet; what is in none comes last."""
    headed: dict[str, list[Initiative]] = {}
    last = visitor.texts(f"browse.without_{arrangement}")
    for one in found:
        for heading in _headings(one, arrangement, catalogue, visitor) or [last]:
            headed.setdefault(heading, []).append(one)

    def order(heading: str) -> tuple[bool, int, str]:
        first = 0
        if arrangement in ("topic", "public"):
            first = -len(headed[heading])
        elif arrangement == "year" and heading != last:
            first = -int(heading)
        return heading == last, first, fold(heading)

    for heading in sorted(headed, key=order):
        yield GroupView(heading, tuple(_entry(one, catalogue, visitor) for one in headed[heading]))


def _headings(one: Initiative, arrangement: str, catalogue: Catalogue, visitor: Visitor) -> list[str]:
    record = catalogue.record(one, visitor.language)
    match arrangement:
        case "topic":
            return [topic.label for topic in record.topics] if record else []
        case "public":
            return [public.label for public in record.publics] if record else []
        case "place":
            return [f"{place.name} ({place.code})" for place in one.departements]
        case "year":
            return [str(one.start_year)] if one.start_year else []
        case _:
            return [one.theme] if one.theme else []


def _entry(one: Initiative, catalogue: Catalogue, visitor: Visitor) -> EntryView:
    place = ", ".join(departement.name for departement in one.departements)
    title = title_in(visitor.language, one, catalogue).removesuffix(f", {place}")
    return EntryView(title, visitor.sheet(one.id), place, str(one.start_year or ""))


def _arranged(asked: SearchRequest, by: str, visitor: Visitor) -> tuple[str, Link]:
    """A way to arrange the list, and the link that does it."""
    return by, Link(visitor.texts(f"browse.by_{by}"), visitor.link(PATH, [*asked.parameters(), ("by", by)]))
