"""Texts: every word of the interface, one file for each language; and dates and lines in words."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus import Language

FOLDER = Path(__file__).with_name("texts")

# A key of the texts, and what it is filled with → words in the visitor's language.
Say = Callable[..., str]


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by dotted keys; `texts("results.total", count=3)` fills one in."""

    language: Language
    by_key: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """A text with its fields filled in; with `count`, the form for that number: `key.one` or `key.other`.

        Raises KeyError for a key that the language does not have.
        """
        if "count" in fields:
            key = f"{key}.{self._form(fields['count'])}"
        return self.by_key[key].format(**fields)

    def _form(self, count: object) -> str:
        """French has zero in the singular, English in the plural."""
        singular = count in (0, 1) if self.language == "fr" else count == 1
        return "one" if singular else "other"


@cache
def texts_in(language: Language) -> Texts:
    """The texts of a language."""
    read = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
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
