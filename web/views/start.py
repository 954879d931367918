"""The start: the search page before anything is asked, and suggestions while somebody types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from search.facets import facets_of

from corpus.text import fold
from search import Searcher
from web.dependencies import Catalogue, CurrentVisitor, OpenSearcher
from web.rendering import page
from web.views.browse import PATH as BROWSE
from web.views.facets import NarrowedList, map_view
from web.visitor import Link, SearchRequest, Visitor

# Questions to begin with, in the texts under start.example.
EXAMPLES = ("1", "2", "3", "4")
TOPICS = 12  # the most frequent ones

LEAST_TYPED = 2  # characters before anything is suggested
MOST_SUGGESTED = 3  # of each kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for."""

    kind: str  # key of the texts: title, place, theme
    text: str
    address: str


def start_page(
    request: Request, searcher: Searcher, catalogue: Catalogue, asked: SearchRequest, visitor: Visitor
) -> HTMLResponse:
    """Give examples, the map and the topics of the whole collection."""
    facets = facets_of(
        searcher.initiatives, catalogue.document_titles, searcher.gazetteer, searcher.layer, visitor.language
    )
    examples = [visitor.texts(f"start.example.{number}") for number in EXAMPLES]
    everything = NarrowedList(visitor, BROWSE, SearchRequest("", (), ()))
    return page(
        request,
        "start.html",
        visitor,
        query=asked,
        examples=[Link(text, visitor.link("/", [("q", text)])) for text in examples],
        initiatives=len(searcher.initiatives),
        documents=len(catalogue.documents),
        map=map_view(facets["departement"], searcher.gazetteer.departement_names, everything),
        topics=[
            Link(value.label, visitor.link(BROWSE, [("topic", value.value)])) for value in facets["topic"][:TOPICS]
        ],
    )


def give_suggestions(request: Request, searcher: OpenSearcher, visitor: CurrentVisitor) -> HTMLResponse:
    """Give the list of suggestions, which may be empty."""
    typed = request.query_params.get("q", "").strip()
    found = list(suggestions(typed, searcher, visitor)) if len(typed) >= LEAST_TYPED else []
    return page(request, "parts/suggestions.html", visitor, suggestions=found)


def suggestions(typed: str, searcher: Searcher, visitor: Visitor) -> Iterator[Suggestion]:
    """Places first, then themes, then titles; in each those that begin with what was typed come first."""
    places = {one.name: one.code for initiative in searcher.initiatives for one in initiative.departements}
    for name in _matching(typed, places):
        yield Suggestion("place", name, visitor.link(BROWSE, [("departement", places[name])]))
    themes = {initiative.theme for initiative in searcher.initiatives if initiative.theme}
    for theme in _matching(typed, themes):
        yield Suggestion("theme", theme, visitor.link(BROWSE, [("theme", theme)]))
    titles: dict[str, str] = {}
    for initiative in searcher.initiatives:
        editorial = searcher.editorial(initiative, visitor.language)
        titles.setdefault(editorial.title if editorial else initiative.title, initiative.id)
    for title in _matching(typed, titles):
        yield Suggestion("title", title, visitor.sheet(titles[title]))


def _matching(typed: str, texts: Iterable[str]) -> list[str]:
    """The first few texts with a word that begins with every word typed."""
    words = fold(typed).split()
    found = [text for text in texts if all(f" {word}" in f" {_spaced(text)}" for word in words)]
    return sorted(found, key=lambda text: (not fold(text).startswith(fold(typed)), len(text), text))[:MOST_SUGGESTED]


def _spaced(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
