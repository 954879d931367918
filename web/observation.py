"""What is seen of every request from outside: its id, its route, how long it took and what came of it.

    app.add_middleware(RouteNote)                       # the innermost
    app.add_middleware(Observation, tell=[metrics.count, log_request])   # the outermost

Nothing that anybody typed is seen: no path, only the route's template, no query, no address, no text.
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search import observed_by

REQUEST_ID = "X-Request-ID"
WELL_FORMED = re.compile(r"[\w.-]{1,64}", re.ASCII)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
OTHER = "other"  # a method that nobody knows, a path that is no route of ours
MOST_STEPS = 64  # that are told one by one; beyond, of a stage that is gone through again and again, only the sum
GONE = 499  # the status, as nginx has it, of a request whose client hung up before a reply


@dataclass(slots=True)
class Seen:
    """What is seen of one request; complete when it has ended."""

    id: str
    method: str
    began: float = field(default_factory=time.perf_counter)
    route: str = OTHER  # template
    status: int = GONE
    bytes: int = 0  # of the reply's body, as sent
    seconds: float = 0.0
    fault: str | None = None  # kind of the refusal, where it has a name
    stages: dict[str, float] = field(default_factory=dict)  # seconds
    steps: list[tuple[str, float, float]] = field(default_factory=list)  # stage, moment it began, seconds
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    traceparent: str | None = None  # the trace of a proxy or client that this goes on with

    def took(self, stage: str, seconds: float) -> None:
        """Note a stage of the work that has ended just now, which may have been gone through more than once."""
        if len(self.steps) < MOST_STEPS:
            self.steps.append((stage, time.perf_counter() - seconds, seconds))
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds

    def came_to(self, work: str, outcome: str) -> None:
        """Note what came of the work."""
        self.outcomes.append((work, outcome))


Watcher = Callable[[Seen], None]


class Observation:
    """Sees every request, gives it an id that its reply names, and tells when it has ended."""

    def __init__(self, app: ASGIApp, tell: Sequence[Watcher], begin: Sequence[Callable[[], None]] = ()) -> None:
        self.app = app
        self.tell = tell
        self.begin = begin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else OTHER
        seen = Seen(request_id(scope), method, traceparent=Headers(scope=scope).get("traceparent"))

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = seen.id
            elif message["type"] == "http.response.body":
                seen.bytes += len(message.get("body", b""))
            await send(message)

        for began in self.begin:
            began()
        try:
            with observed_by(seen):
                await self.app({**scope, "state": {**scope.get("state", {}), "seen": seen}}, receive, watched)
        finally:
            seen.seconds = time.perf_counter() - seen.began
            for ended in self.tell:
                ended(seen)


class RouteNote:
    """Notes which route a request was for, which only what is inside of it knows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        try:
            await self.app(scope, receive, send)
        finally:
            if (seen := seen_of(scope)) is not None:
                seen.route = str(getattr(scope.get("route"), "path", OTHER))


def seen_of(scope: Scope) -> Seen | None:
    """What is seen of a request, None where nobody looks."""
    seen: Seen | None = scope.get("state", {}).get("seen")
    return seen


def request_id(scope: Scope) -> str:
    """The id that a proxy or a client gave to a request, if it is one, else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
