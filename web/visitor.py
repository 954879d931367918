"""The visitor of a page: the language they read and its texts, the search an address asks for, links that keep both.

The texts are every word of the interface, one file for each language in `texts/`.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from pydantic import ValidationError

from corpus import Language, SheetLanguage, bundled_profile
from corpus.places import Gazetteer
from index import Contents
from search import BadQuestion, Filters
from web.address import prefix
from web.caller import caller_of
from web.negotiation import preferred_language
from web.parameters import FilterParameters, Parameter
from web.typography import typeset

TEXTS = Path(__file__).with_name("texts")

# A key of the texts, and what it is filled with → words in the visitor's language.
Say = Callable[..., str]

FILTERS = tuple(field.name for field in fields(Filters))
YEARS = ("year_from", "year_to")  # these take one value
# The orders of what is found, else by relevance: the latest first, the alphabet → the facet of what they sort by.
SORTS = {"year": "year", "place": "departement"}


# --- texts ---


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by dotted keys; `texts("results.total", count=3)` fills one in."""

    language: Language
    by_key: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """A text with its fields filled in; with `count`, the form for that number: `key.one` or `key.other`.

        Raises KeyError for a key that the language does not have.
        """
        return self._text(key, fields).format(**fields)

    def typeset(self, key: str, **fields: object) -> str:
        """The same as a page shows it: fields are filled in afterwards, so that what is quoted stays as it is."""
        return typeset(self._text(key, fields), self.language).format(**fields)

    def with_words(self, words: Mapping[str, str]) -> "Texts":
        """The same texts with those of a profile, by their keys, in place of some."""
        return replace(self, by_key={**self.by_key, **words}) if words else self

    def _text(self, key: str, fields: Mapping[str, object]) -> str:
        return self.by_key[f"{key}.{self._form(fields['count'])}" if "count" in fields else key]

    def _form(self, count: object) -> str:
        """French has zero in the singular, English in the plural."""
        singular = count in (0, 1) if self.language == "fr" else count == 1
        return "one" if singular else "other"


@cache
def texts_in(language: Language) -> Texts:
    """The texts of a language."""
    read = tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, dict(_flat(read)))


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Dotted keys. Example: {"a": {"b": "x"}} → [("a.b", "x")]"""
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{before}{name}"
        pairs += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, value)]
    return pairs


def date_in_words(date: str, say: Say) -> str:
    """A date in ISO 8601, as exact as it is known. Example: "2018-10" → "octobre 2018", "2019" → "2019"."""
    year, month, day = [*date.split("-"), "", ""][:3]
    name = say("dates.months").split()[int(month) - 1] if month else ""
    return " ".join(filter(None, [day.lstrip("0"), name, year]))


def lines_in_words(start: int, end: int, say: Say) -> str:
    """Which lines of a document. Example: 3, 3 → "line 3"; 3, 5 → "lines 3 to 5"."""
    return say("lines.one", start=start) if start == end else say("lines.many", start=start, end=end)


# --- visitors and what they ask for ---


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
    prefix: str = ""  # before every path of ours
    sheets_in: SheetLanguage = "fr"  # the language that the sheets are in
    has_places: bool = True  # whether any place is known of the sheets
    has_records: bool = True  # whether editorial records stand beside them
    signed_in: bool = False
    published: bool = False  # whether a setting names who publishes the pages

    @classmethod
    def of(cls, request: Request, contents: Contents | None = None) -> "Visitor":
        """A visitor reads the language that the address asks for, else the one the browser prefers, else the sheets'.

        What is said of the sheets, and in which words, is that of the contents of the index, once one is open.
        """
        asked = request.query_params.get("lang")
        chosen = asked in ("fr", "en")
        profile = contents.profile if contents is not None else bundled_profile()
        by_browser = preferred_language(request.headers.get("accept-language", ""), profile.reading_language)
        language: Language = ("en" if asked == "en" else "fr") if chosen else by_browser
        return cls(
            language=language,
            chosen=chosen,
            texts=texts_in(language).with_words(profile.words.get(language, {})),
            prefix=prefix(request),
            sheets_in=profile.language,
            has_places=profile.places != "none",
            has_records=contents is None or bool(contents.enrichment.records),
            signed_in=caller_of(request).session is not None,
            published=getattr(request.app.state, "publication", None) is not None,
        )

    def link(self, path: str, parameters: Iterable[Parameter] = (), anchor: str = "") -> str:
        """A link to a page of ours, in the language that was chosen."""
        kept = [(name, str(value)) for name, value in parameters if value not in (None, "")]
        query = urlencode([*kept, *([("lang", self.language)] if self.chosen else [])])
        return self.prefix + path + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")

    def link_to(self, address: str) -> str:
        """A link to an address of ours, path and query, as it was given: in the language that it has, if any."""
        return self.prefix + address

    def sheet(self, id: str, lines: tuple[int, int] | None = None) -> str:
        """A link to a sheet, or to some lines of its document there."""
        if lines is None:
            return self.link(f"/sheet/{id}")
        return self.link(f"/sheet/{id}", [("from", lines[0]), ("to", lines[1])], "cited")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question, conditions by the names of filters, and what shall not be recognised, as an address has them."""

    text: str  # blank: nothing is asked yet
    conditions: tuple[tuple[str, str], ...]  # in the order of FILTERS; a name that repeats is met by either value
    ignored: tuple[str, ...]
    sort: str = field(default="", compare=False)  # one of SORTS; blank: by relevance, and the same ranking always

    @classmethod
    def of(cls, request: Request) -> "SearchRequest":
        """What an address asks; names it does not know are somebody else's."""
        given = request.query_params
        each_once = dict.fromkeys((name, value) for name in FILTERS for value in given.getlist(name) if value.strip())
        sort = given.get("sort", "")
        return cls(
            given.get("q", "").strip(),
            tuple(_in_order(each_once)),
            tuple(dict.fromkeys(given.getlist("ignore"))),
            sort if sort in SORTS else "",
        )

    def filters(self, gazetteer: Gazetteer) -> Filters:
        """The filters. Raises UnknownFilter or BadQuestion for a value that cannot be used."""
        values = {name: self.values_of(name) for name in FILTERS}
        years = {name: values.pop(name)[-1:] for name in YEARS}
        try:
            return FilterParameters.model_validate(
                values | {name: year[0] for name, year in years.items() if year}
            ).filters(gazetteer)
        except ValidationError as error:
            first = error.errors()[0]
            raise BadQuestion(
                f"The filter '{first['loc'][0]}' cannot be used: {first['msg']}", str(first["loc"][0]), "Take it out."
            ) from None

    def values_of(self, name: str) -> list[str]:
        """The values of one condition, none where it is not set."""
        return [value for one, value in self.conditions if one == name]

    def parameters(self) -> list[Parameter]:
        """The query of an address that asks the same."""
        return [("q", self.text), *self.conditions, *(("ignore", name) for name in self.ignored), ("sort", self.sort)]

    def narrowed_to(self, conditions: Sequence[tuple[str, str]]) -> "SearchRequest":
        """The same request with these values, and no others, for the conditions they name."""
        named = {_facet_of(*one) for one in conditions}
        kept = [one for one in self.conditions if _facet_of(*one) not in named]
        return replace(self, conditions=tuple(sorted([*kept, *conditions], key=lambda one: FILTERS.index(one[0]))))

    def without(self, name: str, value: str) -> "SearchRequest":
        """The same request without one value of a condition."""
        return replace(self, conditions=tuple(one for one in self.conditions if one != (name, value)))

    def without_conditions(self) -> "SearchRequest":
        """The same request with nothing left out."""
        return replace(self, conditions=())

    def toggled(self, name: str, value: str) -> "SearchRequest":
        """The same request with one value more, or without it where it is set already."""
        if (name, value) in self.conditions:
            return self.without(name, value)
        conditions = (*self.conditions, (name, value))
        return replace(self, conditions=tuple(sorted(conditions, key=lambda one: FILTERS.index(one[0]))))

    def ignoring(self, name: str) -> "SearchRequest":
        """The same request, in which this place, acronym or concept is not recognised any more."""
        return replace(self, ignored=(*self.ignored, name))

    def heeding(self, name: str) -> "SearchRequest":
        """The same request, in which this is recognised again."""
        return replace(self, ignored=tuple(one for one in self.ignored if one != name))


def _in_order(conditions: Iterable[Parameter]) -> list[tuple[str, str]]:
    """The conditions as they stand, years that are given the wrong way round in their order."""
    listed = [(name, str(value)) for name, value in conditions]
    years = dict(one for one in listed if one[0] in YEARS)
    if len(years) == len(YEARS) and all(value.isdecimal() for value in years.values()):
        first, last = sorted(years.values(), key=int)
        years = {"year_from": first, "year_to": last}
    return [(name, years.get(name, value)) for name, value in listed]


def _facet_of(name: str, value: str) -> str:
    """What a condition narrows: own columns share one filter, and each is a facet of its own."""
    return f"{name}:{value.partition(':')[0]}" if name == "field" else name
