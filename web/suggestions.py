"""Suggestions while somebody types: places, themes and titles with words that begin as what was typed does.

Every text is folded once for as long as the index is open, and what is typed is short: a key pressed costs a few
thousand comparisons of short texts, whatever is typed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus import Initiative, Language
from corpus.text import ELIDED, fold, visible_form, words_of
from search import BadQuestion, Catalogue
from web.parameters import Parameter

LEAST_TYPED = 2  # characters before anything is suggested
LONGEST_TYPED = 100  # characters; page.js asks for no suggestion beyond them
MOST_SUGGESTED = 3  # of each kind

KINDS = ("place", "theme", "title")  # in the order in which they are shown


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for, and where that is: a path and its parameters."""

    kind: str  # one of KINDS, a key of the texts
    text: str
    path: str
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A suggestion with what it is found by."""

    suggestion: Suggestion
    folded: str
    words: str  # folded, each with a space before it


@dataclass(frozen=True, slots=True)
class Suggester:
    """All that may be suggested to the readers of one language."""

    candidates: tuple[_Candidate, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, language: Language) -> "Suggester":
        """Take the places, themes and titles of a catalogue, each text once."""
        found: dict[tuple[str, str], Suggestion] = {}
        for one in _suggestions(catalogue, language):
            found.setdefault((one.kind, one.text), one)
        return cls(tuple(_Candidate(one, fold(one.text), f" {_spaced(one.text)}") for one in found.values()))

    def suggest(self, typed: str) -> Iterator[Suggestion]:
        """Places first, then themes, then titles; in each those that begin with what was typed come first.

        A text is suggested that has, for every word typed, a word that begins with it. Raises BadQuestion when more
        than LONGEST_TYPED characters are typed, unfolded as they are read.
        """
        shown = visible_form(typed)
        if max(len(typed), len(shown)) > LONGEST_TYPED:
            what = (
                f"{max(len(typed), len(shown))} characters are typed, for at most {LONGEST_TYPED} there are suggestions"
            )
            raise BadQuestion(what, "q", "Type less, or search for all of it.")
        words = {f" {word}" for word in _words_typed(shown)}
        if len(shown) < LEAST_TYPED or not words:
            return
        start = fold(shown)
        for kind in KINDS:
            found = [
                one
                for one in self.candidates
                if one.suggestion.kind == kind and all(word in one.words for word in words)
            ]
            found.sort(key=lambda one: (not one.folded.startswith(start), len(one.folded), one.suggestion.text))
            yield from (one.suggestion for one in found[:MOST_SUGGESTED])


def title_in(language: Language, initiative: Initiative, catalogue: Catalogue) -> str:
    """The title of an initiative in a language, where the project gives one there, else that of its document."""
    record = catalogue.record(initiative, language)
    return record.title if record else initiative.title


def _suggestions(catalogue: Catalogue, language: Language) -> Iterator[Suggestion]:
    for one in catalogue.initiatives:
        for place in one.departements:
            yield Suggestion("place", place.name, "/browse", (("departement", place.code),))
        if one.theme:
            yield Suggestion("theme", one.theme, "/browse", (("theme", one.theme),))
        yield Suggestion("title", title_in(language, one, catalogue), f"/sheet/{one.id}")


def _words_typed(text: str) -> Iterable[str]:
    """The folded words typed so far, those that an apostrophe cuts off left out: "l'éco-l" → ["eco", "l"]."""
    return (
        fold(text[w.start : w.end])
        for w in words_of(text)
        if not (text[w.end : w.end + 1] == "'" and w.folded in ELIDED)
    )


def _spaced(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
