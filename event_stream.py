"""Server-sent events: whether a client asked for them, and how one is written."""

import re
from collections.abc import Iterable

from pydantic import BaseModel

EVENTS, JSON = "text/event-stream", "application/json"
QUALITY = re.compile(r"q\s*=\s*(?:(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$)?", re.IGNORECASE)


def asked_for(accept: Iterable[str]) -> bool:
    """Whether a client's Accept headers put the event stream before JSON; JSON it is when they do not care.

    Example: ["text/event-stream"] → True, ["*/*"] → False, ["application/json, text/event-stream;q=0.5"] → False
    """
    ranges = [_range(part) for part in ",".join(accept).split(",")]
    events, json = _liking(EVENTS, ranges), _liking(JSON, ranges)
    return events > json and events[0] > 0


def event(name: str, shape: BaseModel) -> str:
    """Write one event; JSON has no line ends of its own, so that it is one line of data."""
    return f"event: {name}\ndata: {shape.model_dump_json()}\n\n"


def _range(part: str) -> tuple[str, float]:
    """Read a range of media types and its quality, 0 to 1.

    Example: "text/*; q=0.5" → ("text/*", 0.5); a quality that cannot be read is none.
    """
    name, *parameters = (piece.strip() for piece in part.split(";"))
    quality = next(filter(None, map(QUALITY.match, parameters)), None)
    return name.lower(), 1.0 if quality is None else float(quality[1] or 0)


def _liking(media_type: str, ranges: Iterable[tuple[str, float]]) -> tuple[float, int]:
    """How much a media type is liked: the quality of the narrowest range that holds it, and how narrow that is."""
    widths = {"*/*": 0, f"{media_type.split('/')[0]}/*": 1, media_type: 2}
    narrowness, quality = max(((widths[name], quality) for name, quality in ranges if name in widths), default=(0, 0.0))
    return quality, narrowness
