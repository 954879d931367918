"""The reader of a page: the language of the interface, and links that keep it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from corpus.editorial_record import Language
from web.texts import Texts, texts_in

# A name and a value in the query of a link; without a value it is left out.
Parameter = tuple[str, object]

ACCEPTED = re.compile(r"\s*([a-zA-Z]+)[^,;]*(?:;\s*q\s*=\s*([\d.]+))?")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page."""

    language: Language
    chosen: bool  # by the URL rather than by the browser
    texts: Texts

    def link(self, path: str, parameters: Iterable[Parameter] = (), anchor: str = "") -> str:
        """A link to a page of ours, in the language that was chosen."""
        kept = [(name, str(value)) for name, value in parameters if value not in (None, "")]
        query = urlencode([*kept, *([("lang", self.language)] if self.chosen else [])])
        return path + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def reader_of(request: Request) -> Reader:
    """The language that the URL asks for, else the one the browser prefers, else French."""
    asked = request.query_params.get("lang")
    chosen = asked in ("fr", "en")
    by_browser = preferred(request.headers.get("accept-language", ""))
    language: Language = ("en" if asked == "en" else "fr") if chosen else by_browser
    return Reader(language, chosen, texts_in(language))


def preferred(accept_language: str) -> Language:
    """The language that a browser prefers of those we speak. Example: "de, en;q=0.8, fr;q=0.5" → "en"."""
    liking: dict[str, float] = {}
    for part in accept_language.split(","):
        if match := ACCEPTED.match(part):
            try:
                liking.setdefault(match[1].lower(), float(match[2] or 1))
            except ValueError:
                continue
    return "en" if liking.get("en", 0) > liking.get("fr", 0) else "fr"
