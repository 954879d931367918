"""The visitor of a page: the language they read, the search that the address asks for, and links that keep both."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from fastapi import Request
from pydantic import ValidationError

from corpus import Language
from corpus.places import Gazetteer
from search import BadQuestion, Filters
from web.negotiation import preferred_language
from web.parameters import FilterParameters
from web.texts import Texts, texts_in

# A name and a value in the query of a link; without a value it is left out.
Parameter = tuple[str, object]

FILTERS = tuple(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class Link:
    """Some words that lead somewhere."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads a page."""

    language: Language
    chosen: bool  # by the address rather than by the browser
    texts: Texts

    @classmethod
    def of(cls, request: Request) -> "Visitor":
        """A visitor reads the language that the address asks for, else the one the browser prefers, else French."""
        asked = request.query_params.get("lang")
        chosen = asked in ("fr", "en")
        by_browser = preferred_language(request.headers.get("accept-language", ""))
        language: Language = ("en" if asked == "en" else "fr") if chosen else by_browser
        return cls(language, chosen, texts_in(language))

    def link(self, path: str, parameters: Iterable[Parameter] = (), anchor: str = "") -> str:
        """A link to a page of ours, in the language that was chosen."""
        kept = [(name, str(value)) for name, value in parameters if value not in (None, "")]
        query = urlencode([*kept, *([("lang", self.language)] if self.chosen else [])])
        return path + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")

    def sheet(self, id: str, lines: tuple[int, int] | None = None) -> str:
        """A link to a sheet, or to some lines of its document there."""
        if lines is None:
            return self.link(f"/sheet/{id}")
        return self.link(f"/sheet/{id}", [("from", lines[0]), ("to", lines[1])], "cited")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question, conditions by the names of filters, and what shall not be understood, as an address has them."""

    text: str  # blank: nothing is asked yet
    conditions: tuple[tuple[str, str], ...]  # in the order of FILTERS
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, request: Request) -> "SearchRequest":
        """What an address asks; names it does not know are somebody else's."""
        given = request.query_params
        conditions = tuple((name, given[name]) for name in FILTERS if given.get(name, "").strip())
        return cls(given.get("q", "").strip(), conditions, tuple(given.getlist("ignore")))

    def filters(self, gazetteer: Gazetteer) -> Filters:
        """The filters. Raises UnknownFilter or BadQuestion for a value that cannot be used."""
        try:
            return FilterParameters.model_validate(dict(self.conditions)).filters(gazetteer)
        except ValidationError as error:
            first = error.errors()[0]
            raise BadQuestion(
                f"The filter '{first['loc'][0]}' cannot be used: {first['msg']}", str(first["loc"][0]), "Take it out."
            ) from None

    def parameters(self) -> list[Parameter]:
        """The query of an address that asks the same."""
        return [("q", self.text), *self.conditions, *(("ignore", name) for name in self.ignored)]

    def with_conditions(self, changes: Iterable[tuple[str, str | None]]) -> "SearchRequest":
        """The same request with some conditions set, or taken out where there is no value."""
        conditions = dict(self.conditions)
        for name, value in changes:
            if value is None:
                conditions.pop(name, None)
            else:
                conditions[name] = value
        return replace(self, conditions=tuple((name, conditions[name]) for name in FILTERS if name in conditions))

    def toggled(self, name: str, value: str) -> "SearchRequest":
        """The same request with a condition set, or taken out where it is set already."""
        return self.with_conditions([(name, None if dict(self.conditions).get(name) == value else value)])

    def ignoring(self, understood: str) -> "SearchRequest":
        """The same request, with something not understood any more."""
        return replace(self, ignored=(*self.ignored, understood))
