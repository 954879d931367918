"""Admission: how many requests are at work at once, how many may wait, and how long any of them may take.

    app.add_middleware(Admission, limits=Limits(...), as_page=refusal_page)
    app.add_middleware(TimeLimit, seconds=30, as_page=refusal_page)

Threads of Python share one lock: forty searches at once are no faster than two, and keep the event loop from telling
anybody that the service lives. So each kind of work has places of its own, and a line before them that is short in
heads and in seconds. Whoever finds it full is told at once to come back (503, Retry-After), before anything is read or
routed; whoever hangs up while waiting is never worked for. What costs next to nothing takes no place and never waits.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import anyio
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import fault_response
from web.schemas import FaultReply

TOO_MANY = FaultReply(
    what="More is asked at once than this service can do",
    where="the service",
    mend="Ask again after the seconds that the header Retry-After tells.",
)

# How much the newest request says about how long the next will take; the rest is what those before it said.
NEWEST_SHARE = 0.3


class Kind(StrEnum):
    """Kinds of work, each with places of its own, so that none can hold up another."""

    SEARCH = "search"  # encodes a question, or reads the whole index
    ASK = "ask"  # makes an answer, perhaps with a language model
    SUGGEST = "suggest"
    LOOKUP = "lookup"  # pages and files of what is there, without a question
    WRITE = "write"  # waits for the disk


# The first part of a path, or the whole of one below v1 → what it costs; None: next to nothing. What is not named here
# is looked up.
KINDS: dict[str, Kind | None] = {
    "health": None,
    "ready": None,
    "metrics": None,
    "static": None,
    "search": Kind.SEARCH,
    "search.atom": Kind.SEARCH,
    "similar": Kind.SEARCH,
    "ask": Kind.ASK,
    "v1/chat/completions": Kind.ASK,
    "v1/embeddings": Kind.SEARCH,
    "v1/search": Kind.SEARCH,
    "answer": Kind.ASK,
    "suggest": Kind.SUGGEST,
    "feedback": Kind.WRITE,
    "gap": Kind.WRITE,
}
PAGES = frozenset({"", "answer", "browse", "compare", "gap", "quality", "sheet", "suggest"})

# A refusal as a page, for those who would be shown a page: its status, what it says, and its headers.
AsPage = Callable[[Request, int, FaultReply, dict[str, str]], Response]


def kind_of(scope: Scope) -> Kind | None:
    """What a request costs. The start page with a question searches and answers, for a script it only searches."""
    first, _, rest = _path(scope).partition("/")
    if first == "" and any(one.startswith(b"q=") and len(one) > 2 for one in scope["query_string"].split(b"&")):
        return Kind.SEARCH if any(name == b"hx-request" for name, _ in scope["headers"]) else Kind.ASK
    if first == "initiatives" and rest.endswith("/similar"):
        return Kind.SEARCH
    return KINDS.get(f"v1/{rest}" if first == "v1" else first, Kind.LOOKUP)


def refusal(scope: Scope, status: int, fault: FaultReply, headers: dict[str, str], as_page: AsPage) -> Response:
    """A refusal in the shape of the route that was asked, which need not have been reached."""
    if _path(scope).partition("/")[0] in PAGES:
        return as_page(Request(scope), status, fault, headers)
    return fault_response(status, fault, headers)


def _path(scope: Scope) -> str:
    """The path below our prefix, without its first slash."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")).removeprefix("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is done at once, by kind, and who may wait for it."""

    at_once: dict[Kind, int]  # requests at work
    waiting: int  # requests in line, for each kind
    longest_wait_s: float  # whoever would wait longer is told so at once


class Places:
    """The places of one kind of work, and the line before them: first come, first served."""

    def __init__(self, at_once: int, waiting: int, longest_wait_s: float) -> None:
        self.limiter = anyio.CapacityLimiter(at_once)
        self.most_waiting = waiting
        self.longest_wait_s = longest_wait_s
        self.usual_s = 0.0  # that a request takes, once it has a place; the latest count most

    def expected_wait_s(self) -> float:
        """How long one more would wait, if all take as long as usual."""
        if self.limiter.available_tokens > 0:
            return 0.0
        return (self.limiter.statistics().tasks_waiting + 1) * self.usual_s / self.limiter.total_tokens

    def is_full(self) -> bool:
        """Whether one more would be too many, or would wait too long."""
        if self.limiter.available_tokens > 0:
            return False
        is_crowded = self.limiter.statistics().tasks_waiting >= self.most_waiting
        return is_crowded or self.expected_wait_s() > self.longest_wait_s

    async def take(self, incoming: "Incoming") -> "Place | None":
        """Wait for a place; None when there was none in time, or when the client hung up (`incoming.is_gone`)."""
        place = Place(self)
        with anyio.move_on_after(self.longest_wait_s):
            async with anyio.create_task_group() as waiting:

                async def watch() -> None:
                    await incoming.until_gone()
                    waiting.cancel_scope.cancel()

                waiting.start_soon(watch)
                await self.limiter.acquire_on_behalf_of(place)
                place.begin()
                waiting.cancel_scope.cancel()
        return place if place.is_held else None


class Place:
    """One place, held from `begin` until it is left."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.is_held = False

    def begin(self) -> None:
        """Note that it was taken, and when."""
        self.is_held, self._began = True, time.perf_counter()

    def leave(self) -> None:
        """Give it back; once, however often this is called."""
        if self.is_held:
            self.is_held = False
            took_s = time.perf_counter() - self._began
            self.places.usual_s += NEWEST_SHARE * (took_s - self.places.usual_s)
            self.places.limiter.release_on_behalf_of(self)


class Incoming:
    """What a client sends: its body, read before anything waits for it, and then that it is gone."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self.is_gone = False
        self._receive = receive
        self._most_bytes = most_bytes
        self._read: list[Message] = []

    async def read_body(self) -> None:
        """Read the body, or as much of it as anybody would take: a slow sender keeps no place from others."""
        length, more = 0, True
        while more and length <= self._most_bytes:
            message = await self._receive()
            self._read.append(message)
            length += len(message.get("body", b""))
            more = message.get("more_body", False)
            self.is_gone = message["type"] == "http.disconnect"

    async def until_gone(self) -> None:
        """Return when the client has hung up; what it sends beyond its body stays to be received."""
        message = await self._receive()
        self._read.append(message)
        self.is_gone = message["type"] == "http.disconnect"
        if not self.is_gone:
            await anyio.sleep_forever()

    async def receive(self) -> Message:
        """What was read already, then what comes."""
        return self._read.pop(0) if self._read else await self._receive()


class Admission:
    """Lets requests in as there are places for what they cost."""

    def __init__(self, app: ASGIApp, limits: Limits, most_body_bytes: int, as_page: AsPage) -> None:
        self.app = app
        self.most_body_bytes = most_body_bytes
        self.as_page = as_page
        self.places = {
            kind: Places(limits.at_once[kind], limits.waiting, limits.longest_wait_s) for kind in limits.at_once
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, now or after a short wait, or refuse it."""
        kind = kind_of(scope) if scope["type"] == "http" else None
        if kind is None:
            await self.app(scope, receive, send)
            return
        places = self.places[kind]
        if places.is_full():
            await self._refuse(places, scope, receive, send)
            return
        incoming = Incoming(receive, self.most_body_bytes)
        await incoming.read_body()
        if incoming.is_gone:
            return
        place = await places.take(incoming)
        if place is not None:
            await self._at(place, scope, incoming.receive, send)
        elif not incoming.is_gone:
            await self._refuse(places, scope, receive, send)

    async def _at(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        """Work at a place until the reply begins, a stream until it ends; a slow reader keeps no place from others."""

        async def leaving(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_stream(message):
                place.leave()
            await send(message)

        try:
            await self.app(scope, receive, leaving)
        finally:
            place.leave()

    async def _refuse(self, places: Places, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Retry-After": str(max(1, math.ceil(places.expected_wait_s())))}
        await refusal(scope, 503, TOO_MANY, headers, self.as_page)(scope, receive, send)


def is_stream(start: Message) -> bool:
    """Whether the reply that begins with this message is made while it is sent."""
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/event-stream")
