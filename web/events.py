"""Server-sent events: an answer sent while it is made, as JSON to programs and as fragments of HTML to the page."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from fastapi import Request
from fastapi.sse import EventSourceResponse, format_sse_event

from web.errors import told

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
            yield _encoded(("fault", told(error, request.scope).model_dump_json()))

    return EventSourceResponse(events(), headers={**headers, **UNBUFFERED})


def _encoded(event: Event) -> bytes:
    name, data = event
    return format_sse_event(event=name, data_str=data)
