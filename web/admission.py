"""Admission: how many requests are at work at once, how many may wait, and how long any of them may take.

    app.add_middleware(Admission, limits=Limits(...), as_page=refusal_page)
    app.add_middleware(TimeLimit, seconds=30, as_page=refusal_page)

Threads of Python share one lock: forty searches at once are no faster than two, and keep the event loop from telling
anybody that the service lives. So each kind of work has places of its own, and a line before them that is short in
heads and in seconds. Whoever finds it full is told at once to come back (503, Retry-After), before anything is read or
routed; whoever hangs up while waiting is never worked for. What costs next to nothing takes no place and never waits.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import anyio
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import fault_response
from web.places import Pace, Place, Places, Refused
from web.schemas import FaultReply

TOO_MANY = FaultReply(
    what="More is asked at once than this service can do",
    where="the service",
    mend="Ask again after the seconds that the header Retry-After tells.",
)


class Kind(StrEnum):
    """Kinds of work, each with places of its own, so that none can hold up another."""

    SEARCH = "search"  # encodes a question, or reads the whole index
    ASK = "ask"  # makes an answer, perhaps with a language model
    SUGGEST = "suggest"
    LOOKUP = "lookup"  # pages and files of what is there, without a question
    EXPORT = "export"  # writes the whole collection, while it is sent
    WRITE = "write"  # waits for the disk
    ADMIN = "admin"  # what whoever runs the service asks for, however full the rest is


# The first part of a path, with its ending or without, or the whole of one below v1 → what it costs; None: nearly none.
# What is not named here is looked up.
KINDS: dict[str, Kind | None] = {
    "health": None,
    "ready": None,
    "metrics": None,
    "static": None,
    "search": Kind.SEARCH,
    "similar": Kind.SEARCH,
    "together": Kind.SEARCH,
    "ask": Kind.ASK,
    "v1/chat/completions": Kind.ASK,
    "v1/embeddings": Kind.SEARCH,
    "v1/search": Kind.SEARCH,
    "answer": Kind.ASK,
    "suggest": Kind.SUGGEST,
    "export.jsonl": Kind.EXPORT,
    "export.csv": Kind.EXPORT,
    "export.parquet": Kind.EXPORT,
    "export.services.jsonl": Kind.EXPORT,
    "feedback": Kind.WRITE,
    "gap": Kind.WRITE,
    "useful": Kind.WRITE,
    "needs": Kind.SEARCH,
    "admin": Kind.ADMIN,
    "sign-in": Kind.ADMIN,
    "sign-out": Kind.ADMIN,
}
ABOUT = ("accessibility", "legal", "privacy")
PAGES = frozenset(
    {
        *("", "answer", "browse", "compare", "gap", "list", "quality", "sheet", "sign-in", "sign-out", "suggest"),
        *("together", *ABOUT),
    }
)

# A refusal as a page, for those who would be shown a page: its status, what it says, and its headers.
AsPage = Callable[[Request, int, FaultReply, dict[str, str]], Response]


def kind_of(scope: Scope) -> Kind | None:
    """What a request costs. The start page with a question searches and answers, for a script it only searches."""
    first, _, rest = path_of(scope).partition("/")
    if first == "" and any(one.startswith(b"q=") and len(one) > 2 for one in scope["query_string"].split(b"&")):
        return Kind.SEARCH if any(name == b"hx-request" for name, _ in scope["headers"]) else Kind.ASK
    if (first == "initiatives" and rest.endswith("/similar")) or (first, rest) == ("corpora", "search"):
        return Kind.SEARCH
    named = f"v1/{rest}" if first == "v1" else first
    return KINDS[named] if named in KINDS else KINDS.get(first.partition(".")[0], Kind.LOOKUP)


def refusal(scope: Scope, status: int, fault: FaultReply, headers: dict[str, str], as_page: AsPage) -> Response:
    """A refusal in the shape of the route that was asked, which need not have been reached."""
    if is_page(scope):
        return as_page(Request(scope), status, fault, headers)
    return fault_response(status, fault, headers)


def is_page(scope: Scope) -> bool:
    """Whether a path is that of a page for people; below /admin, which is one, lie routes for programs."""
    path = path_of(scope)
    return path.partition("/")[0] in PAGES or path == "admin"


def path_of(scope: Scope) -> str:
    """The path below our prefix, without its first slash."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")).removeprefix("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is done at once, by kind, and who may wait for it."""

    at_once: dict[Kind, int]  # requests at work
    waiting: int  # requests in line, for each kind
    longest_wait_s: float  # whoever would wait longer is told so at once

    def places(self) -> "dict[Kind, Places]":
        """The places for each kind of work, empty."""
        return {kind: Places(kind, most, self.waiting, self.longest_wait_s) for kind, most in self.at_once.items()}


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

    def __init__(self, app: ASGIApp, places: Mapping[Kind, Places], most_body_bytes: int, as_page: AsPage) -> None:
        self.app = app
        self.most_body_bytes = most_body_bytes
        self.as_page = as_page
        self.places = places
        self.pace = Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, now or after a short wait, or refuse it."""
        kind = kind_of(scope) if scope["type"] == "http" else None
        if kind is None:
            await self.app(scope, receive, send)
            return
        places = self.places[kind]
        if places.is_full():
            await self._refuse(places, Refused.FULL, scope, receive, send)
            return
        incoming = Incoming(receive, self.most_body_bytes)
        await incoming.read_body()
        if incoming.is_gone:
            return
        place = await places.take(incoming)
        if place is not None:
            await self._at(place, kind, scope, incoming.receive, send)
        elif incoming.is_gone:
            places.refused[Refused.GONE] += 1
        else:
            await self._refuse(places, Refused.LATE, scope, receive, send)

    async def _at(self, place: Place, kind: Kind, scope: Scope, receive: Receive, send: Send) -> None:
        """Work at a place until the reply begins, or ends where it is made while it is sent.

        So a slow reader keeps no place from others, but for those who want the same.
        """

        async def leaving(message: Message) -> None:
            if message["type"] == "http.response.start" and not (kind is Kind.EXPORT or is_stream(message)):
                place.leave()
            await send(message)

        try:
            await self.app(scope, receive, leaving)
        finally:
            place.leave()

    async def _refuse(self, places: Places, why: Refused, scope: Scope, receive: Receive, send: Send) -> None:
        places.refused[why] += 1
        await self.pace.wait()
        headers = {"Retry-After": str(max(1, math.ceil(places.expected_wait_s())))}
        await refusal(scope, 503, TOO_MANY, headers, self.as_page)(scope, receive, send)


def is_stream(start: Message) -> bool:
    """Whether the reply that begins with this message is made while it is sent."""
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/event-stream")
