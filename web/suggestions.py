"""Suggestions while somebody types: titles, places and themes that hold what stands there."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from index.words import fold
from opened import OpenEngine
from search import Engine
from web.reader import Reader, reader_of
from web.rendering import page

LEAST = 2  # characters before anything is suggested
MOST = 3  # of each kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for."""

    kind: str  # key of the texts: title, place, theme
    text: str
    address: str


def give_suggestions(request: Request, engine: OpenEngine) -> HTMLResponse:
    """Give the list of suggestions, which may be empty."""
    reader, typed = reader_of(request), request.query_params.get("q", "").strip()
    found = list(suggestions(typed, engine, reader)) if len(typed) >= LEAST else []
    return page(request, "parts/suggestions.html", reader, suggestions=found)


def suggestions(typed: str, engine: Engine, reader: Reader) -> Iterator[Suggestion]:
    """Places first, then themes, then titles; in each those that begin with what was typed come first."""
    places = {one.name: one.code for initiative in engine.initiatives for one in initiative.departements}
    for name in _matching(typed, places):
        yield Suggestion("place", name, reader.link("/browse", [("departement", places[name])]))
    themes = {initiative.theme for initiative in engine.initiatives if initiative.theme}
    for theme in _matching(typed, themes):
        yield Suggestion("theme", theme, reader.link("/browse", [("theme", theme)]))
    titles: dict[str, str] = {}
    for initiative in engine.initiatives:
        editorial = engine.editorial(initiative, reader.language)
        titles.setdefault(editorial.title if editorial else initiative.title, initiative.id)
    for title in _matching(typed, titles):
        yield Suggestion("title", title, reader.link(f"/sheet/{titles[title]}"))


def _matching(typed: str, texts: Iterator[str] | dict[str, str] | set[str]) -> list[str]:
    """The first few texts with a word that begins with every word typed."""
    words = fold(typed).split()
    found = [text for text in texts if all(f" {word}" in f" {_spaced(text)}" for word in words)]
    return sorted(found, key=lambda text: (not fold(text).startswith(fold(typed)), len(text), text))[:MOST]


def _spaced(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
