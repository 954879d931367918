"""Content negotiation: what a client prefers of that which we can give, and the event stream that it may prefer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from fastapi import Request
from fastapi.sse import EventSourceResponse, format_sse_event

from corpus import Language
from web.errors import fault_reply

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


def preferred_language(accept_language: str, otherwise: Language = "fr") -> Language:
    """The language that a browser prefers of those we speak. Example: "de, en-GB;q=0.8, fr;q=0.5" → "en"."""
    qualities: dict[str, float] = {}
    for tag, quality in quality_list(accept_language):
        qualities.setdefault(tag.partition("-")[0], quality)
    english, french = qualities.get("en", 0), qualities.get("fr", 0)
    return otherwise if english == french else "en" if english > french else "fr"


def _preference(media_type: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality of the narrowest range that holds a media type, and how narrow that is; (0, 0) where none does."""
    widths = {"*/*": 0, f"{media_type.partition('/')[0]}/*": 1, media_type: 2}
    narrowness, quality = max(((widths[name], quality) for name, quality in ranges if name in widths), default=(0, 0.0))
    return quality, narrowness


# --- server-sent events: as JSON to programs and as fragments of HTML to the page ---

Said = TypeVar("Said")
Event = tuple[str, str]  # its name, and its data: one or more lines of text

# Proxies would otherwise gather a stream before they pass it on.
UNBUFFERED = {"X-Accel-Buffering": "no"}


def stream(
    request: Request, said: Iterator[Said], event: Callable[[Said], Event], headers: Mapping[str, str]
) -> EventSourceResponse:
    """Send each of one or more things said as an event, as soon as it is ready.

    The first is awaited before the reply begins, so that a question that cannot be read is refused with a status of
    its own: raises what `said` raises before it. Later the status is sent already, and what goes wrong becomes the last
    event, `fault`.
    """
    first = next(said)

    def events() -> Iterator[bytes]:
        try:
            for one in chain([first], said):
                yield _encoded(event(one))
        except Exception as error:
            yield _encoded(("fault", fault_reply(error, request.scope).model_dump_json()))

    return EventSourceResponse(events(), headers={**headers, **UNBUFFERED})


def _encoded(event: Event) -> bytes:
    name, data = event
    return format_sse_event(event=name, data_str=data)
