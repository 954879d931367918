"""Content negotiation: what a client prefers of that which we can give, by its Accept and Accept-Language headers."""

import re
from collections.abc import Sequence

from corpus import Language

EVENTS, JSON = "text/event-stream", "application/json"

# A quality is 0 to 1 (RFC 9110, 12.4.2); a parameter that begins as one and goes on otherwise has no group.
QUALITY = re.compile(r"q\s*=\s*(?:(0(?:\.\d*)?|1(?:\.0*)?)$)?", re.IGNORECASE)


def quality_list(header: str) -> list[tuple[str, float]]:
    """The values that a header lists, in lower case and in its order, each with its quality, 0 to 1.

    A value without a quality has 1, one whose quality cannot be read 0.

    Example: "text/html, */*;q=0.1, text/*; q=9" → [("text/html", 1.0), ("*/*", 0.1), ("text/*", 0.0)]
    """
    values = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next(filter(None, map(QUALITY.match, parameters)), None)
        values.append((name.lower(), 1.0 if quality is None else float(quality[1] or 0)))
    return values


def prefers_events(accept: str) -> bool:
    """Whether an Accept header puts the event stream before JSON; JSON it is where neither is liked better.

    Example: "text/event-stream" → True, "*/*" → False, "application/json, text/event-stream;q=0.5" → False
    """
    ranges = quality_list(accept)
    events, json = _preference(EVENTS, ranges), _preference(JSON, ranges)
    return events > json and events[0] > 0


def preferred_language(accept_language: str) -> Language:
    """The language that a browser prefers of those we speak. Example: "de, en-GB;q=0.8, fr;q=0.5" → "en"."""
    qualities: dict[str, float] = {}
    for tag, quality in quality_list(accept_language):
        qualities.setdefault(tag.partition("-")[0], quality)
    return "en" if qualities.get("en", 0) > qualities.get("fr", 0) else "fr"


def _preference(media_type: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality of the narrowest range that holds a media type, and how narrow that is; (0, 0) where none does."""
    widths = {"*/*": 0, f"{media_type.partition('/')[0]}/*": 1, media_type: 2}
    narrowness, quality = max(((widths[name], quality) for name, quality in ranges if name in widths), default=(0, 0.0))
    return quality, narrowness
