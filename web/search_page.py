"""The search page: the box, and for a question the answer, the initiatives, the facets and the map."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from opened import OpenAsker, OpenSearch
from search import Results
from search.answering.asker import Asker
from search.facets import facets_of
from search.feedback.giving import missed_by_search
from web.answer_panel import AnswerView, ask, keeps_gaps, views_of
from web.facet_view import FacetView, facet_views
from web.hit_view import HitView, Link
from web.map_view import MapView, map_view
from web.page_query import PageQuery
from web.reader import Reader, reader_of
from web.rendering import page

HITS = 10
MOST_HITS = 50

# Questions to begin with, in the texts under start.example.
EXAMPLES = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was understood or set, and the address without it."""

    kind: str  # key of the texts
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything below the box."""

    total: int
    hits: tuple[HitView, ...]
    more: str | None  # the address that shows more of them
    facets: tuple[FacetView, ...]
    chips: tuple[Chip, ...]
    wider: tuple[Link, ...]  # searches that may find something where this finds nothing
    map: MapView
    answer: AnswerView | None  # None where it is streamed
    stream: str  # the address that streams it


def search_page(request: Request, asker: OpenAsker, searching: OpenSearch) -> HTMLResponse:
    """Give the page; only what changes, to a page that asks for it by itself."""
    query, reader = PageQuery.of(request), reader_of(request)
    if not query.text:
        return page(request, "start.html", reader, query=query, **_start(asker, reader))
    filters = query.filters(asker.engine.gazetteer)
    shown = MOST_HITS if request.query_params.get("all") else HITS
    results = searching.search(query.text, shown, filters, reader.language, query.ignored)
    if request.app.state.feedback is not None and (miss := missed_by_search(results, filters)) is not None:
        request.app.state.feedback.write_later(miss)
    in_place = "hx-request" in request.headers
    answer = None if in_place else ask(request, asker, query, reader)
    found = _found(results, query, reader, asker, answer, shown)
    template = "found_in_place.html" if in_place else "search.html"
    return page(request, template, reader, query=query, found=found, keeps_gaps=keeps_gaps(request))


def _found(
    results: Results, query: PageQuery, reader: Reader, asker: Asker, answer: AnswerView | None, shown: int
) -> Found:
    views = views_of(asker, reader)
    conditions = dict(query.conditions)

    def narrowed(code: str) -> str:
        changed = query.with_conditions([("departement", None if conditions.get("departement") == code else code)])
        return reader.link("/", changed.parameters())

    chips = _chips(results, query, reader, asker)
    more = reader.link("/", [*query.parameters(), ("all", 1)], f"hit-{shown + 1}")
    return Found(
        results.total,
        tuple(views.of(hit) for hit in results.hits),
        more if shown == HITS < results.total else None,
        facet_views(results.facets, query, reader),
        chips,
        tuple(_wider(results, query, reader, chips)),
        map_view(results.facets["departement"], departement_names(asker), conditions.get("departement"), narrowed),
        answer,
        reader.link("/answer/stream", query.parameters()),
    )


def _chips(results: Results, query: PageQuery, reader: Reader, asker: Asker) -> tuple[Chip, ...]:
    """What was understood, then the conditions; each can be taken out."""
    understood = results.query
    ignorable = [
        *(("chip.place", place.name, place.name) for place in understood.places),
        *(("chip.acronym", f"{one.short} = {one.long}", one.short) for one in understood.acronyms),
        *(("chip.notion", f"{words} → {', '.join(also)}", words) for words, also in understood.understood_as()),
    ]
    chips = [Chip(kind, text, reader.link("/", query.ignoring(name).parameters())) for kind, text, name in ignorable]
    labels = {(name, value.value): value.label for name, values in results.facets.items() for value in values}
    names = departement_names(asker)
    for name, value in query.conditions:
        label = names.get(value) if name == "departement" else labels.get((name, value))
        without = reader.link("/", query.with_conditions([(name, None)]).parameters())
        chips.append(Chip(f"chip.{name}", label or value, without))
    return tuple(chips)


def _wider(results: Results, query: PageQuery, reader: Reader, chips: tuple[Chip, ...]) -> Iterator[Link]:
    """The same question about anywhere, then without each condition."""
    anywhere = results.query.anywhere()
    if results.query.places and any(character.isalnum() for character in anywhere):
        address = reader.link("/", replace(query, text=anywhere, ignored=()).parameters())
        yield Link(reader.texts("nothing.anywhere", question=anywhere), address)
    conditions = {f"chip.{name}" for name, _ in query.conditions}
    for chip in chips:
        if chip.kind in conditions:
            yield Link(reader.texts("nothing.without", what=chip.text), chip.address)


def _start(asker: Asker, reader: Reader) -> dict[str, Any]:
    """What the page shows before anything is asked."""
    engine = asker.engine
    contents = engine.index.contents
    titles = {document.id: document.title for document in contents.documents}
    facets = facets_of(engine.initiatives, titles, engine.gazetteer, engine.layer, reader.language)
    examples = [reader.texts(f"start.example.{number}") for number in EXAMPLES]
    return {
        "examples": [Link(text, reader.link("/", [("q", text)])) for text in examples],
        "initiatives": len(engine.initiatives),
        "documents": len(contents.documents),
        "map": map_view(
            facets["departement"],
            departement_names(asker),
            None,
            lambda code: reader.link("/browse", [("departement", code)]),
        ),
        "topics": [
            Link(value.label, reader.link("/browse", [("topic", value.value)])) for value in facets["topic"][:12]
        ],
    }


def departement_names(asker: Asker) -> dict[str, str]:
    """The names of all départements by their codes."""
    return asker.engine.gazetteer.departement_names
