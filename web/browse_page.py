"""The browse page: all initiatives, by theme, place or year, with a picture of the whole corpus."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from corpus import Initiative
from opened import OpenEngine
from search import Engine
from search.facets import facets_of
from web.facet_view import facet_views
from web.hit_view import Link
from web.map_view import map_view
from web.page_query import PageQuery
from web.reader import Parameter, Reader, reader_of
from web.rendering import page

PATH = "/browse"
ARRANGEMENTS = ("theme", "place", "year")

# The picture, in units of its view box.
WIDTH, HEIGHT, MARGIN = 640, 420, 12

# Themes with a colour of their own, the largest ones; the others share one.
COLOURED = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One initiative in a group."""

    title: str
    address: str
    place: str
    year: str


@dataclass(frozen=True, slots=True)
class Group:
    """Initiatives under one heading."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One initiative in the picture."""

    x: float
    y: float
    tone: int  # of its theme, COLOURED for the small ones
    title: str
    address: str
    is_shown: bool  # meets the conditions


@dataclass(frozen=True, slots=True)
class Tone:
    """A theme and its colour, as the legend tells them."""

    tone: int
    label: str
    count: int


def browse_page(request: Request, engine: OpenEngine) -> HTMLResponse:
    """Give the page for the conditions of its address."""
    query, reader = PageQuery.of(request), reader_of(request)
    arrangement = request.query_params.get("by", "")
    arrangement = arrangement if arrangement in ARRANGEMENTS else ARRANGEMENTS[0]
    found = once_each(engine, engine.select(query.filters(engine.gazetteer)))
    kept: list[Parameter] = [] if arrangement == ARRANGEMENTS[0] else [("by", arrangement)]
    titles = {document.id: document.title for document in engine.index.contents.documents}
    facets = facets_of(found, titles, engine.gazetteer, engine.layer, reader.language)
    chosen = dict(query.conditions).get("departement")

    def narrowed(code: str) -> str:
        changed = query.with_conditions([("departement", None if code == chosen else code)])
        return reader.link(PATH, [*changed.parameters(), *kept])

    points, tones = _picture(engine, {one.id for one in found}, reader)
    return page(
        request,
        "browse.html",
        reader,
        query=query,
        total=len(found),
        groups=tuple(_groups(found, arrangement, engine, reader)),
        arrangements=_arrangements(query, arrangement, reader),
        facets=facet_views(facets, query, reader, PATH, kept),
        without=reader.link(PATH, kept) if query.conditions else None,
        map=map_view(facets["departement"], engine.gazetteer.departement_names, chosen, narrowed),
        points=points,
        tones=tones,
        box=f"0 0 {WIDTH} {HEIGHT}",
    )


def once_each(engine: Engine, found: Iterable[Initiative]) -> list[Initiative]:
    """Real-world initiatives, each by the first of its tellings found."""
    first: dict[int, Initiative] = {}
    rows = {one.id: row for row, one in enumerate(engine.initiatives)}
    for one in found:
        first.setdefault(int(engine.rows_of_groups[rows[one.id]]), one)
    return list(first.values())


def _groups(found: Sequence[Initiative], arrangement: str, engine: Engine, reader: Reader) -> Iterator[Group]:
    headed: dict[str, list[Initiative]] = {}
    for one in found:
        for heading in _headings(one, arrangement, reader):
            headed.setdefault(heading, []).append(one)
    last = reader.texts(f"browse.without_{arrangement}")
    for heading in sorted(headed, key=lambda heading: (heading == last, heading)):
        yield Group(heading, tuple(_entry(one, engine, reader) for one in headed[heading]))


def _headings(one: Initiative, arrangement: str, reader: Reader) -> list[str]:
    match arrangement:
        case "place":
            headings = [f"{place.name} ({place.code})" for place in one.departements]
        case "year":
            headings = [str(one.start_year)] if one.start_year else []
        case _:
            headings = [one.theme] if one.theme else []
    return headings or [reader.texts(f"browse.without_{arrangement}")]


def _entry(one: Initiative, engine: Engine, reader: Reader) -> Entry:
    editorial = engine.editorial(one, reader.language)
    place = ", ".join(place.name for place in one.departements)
    title = editorial.title if editorial else one.title
    return Entry(title, reader.link(f"/sheet/{one.id}"), place, str(one.start_year or ""))


def _arrangements(query: PageQuery, arrangement: str, reader: Reader) -> list[tuple[Link, bool]]:
    return [
        (Link(reader.texts(f"browse.by_{by}"), reader.link(PATH, [*query.parameters(), ("by", by)])), by == arrangement)
        for by in ARRANGEMENTS
    ]


def _picture(engine: Engine, shown: set[str], reader: Reader) -> tuple[tuple[Point, ...], tuple[Tone, ...]]:
    """Every real-world initiative where the index put it, and the themes by their colours."""
    everyone = once_each(engine, engine.initiatives)
    rows = {one.id: row for row, one in enumerate(engine.initiatives)}
    counts: dict[str, int] = {}
    for one in everyone:
        if one.theme:
            counts[one.theme] = counts.get(one.theme, 0) + 1
    largest = sorted(counts, key=lambda theme: (-counts[theme], theme))[:COLOURED]
    tones = {theme: tone for tone, theme in enumerate(largest)}
    points = []
    for one in everyone:
        x, y = engine.index.overview[rows[one.id]].tolist()
        editorial = engine.editorial(one, reader.language)
        points.append(
            Point(
                round(MARGIN + x * (WIDTH - 2 * MARGIN), 1),
                round(MARGIN + y * (HEIGHT - 2 * MARGIN), 1),
                tones.get(one.theme or "", COLOURED),
                editorial.title if editorial else one.title,
                reader.link(f"/sheet/{one.id}"),
                one.id in shown,
            )
        )
    others = len(everyone) - sum(counts[theme] for theme in largest)
    legend = [Tone(tone, theme, counts[theme]) for theme, tone in tones.items()]
    return tuple(points), (*legend, Tone(COLOURED, reader.texts("browse.others"), others))
