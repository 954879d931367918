"""Replies that are kept: what was asked before of the same index is answered at once, beside whatever is at work.

    app.add_middleware(KeepReplies, most_bytes=16 * 2**20)

It stands inside of what decides who may ask, and outside of what makes people wait.

Many people ask the same: a question that is linked to, the examples of a page, a program that polls. The reply to a
question is a function of the index and the address alone, so that one that was kept is the same but for `took_ms`,
which stays what the search took. Those of one generation of the index go when another is served.
"""

from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.admission import path_of
from web.observation import Seen, seen_of

# Beside body and address, for headers and the entry itself.
BYTES_OF_AN_ENTRY = 1024

# What must happen anew each time: a miss that is counted, and what a language model says.
OF_THE_MOMENT = ("feedback", "language model")

# A path, its parameters in the order of their names, and whether the reply may be compressed.
Key = tuple[str, tuple[tuple[str, str], ...], bool]


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A whole reply, and what was seen of the request that it was made for."""

    start: Message
    body: bytes
    route: str
    outcomes: tuple[tuple[str, str], ...]


class KeptReplies:
    """The replies that were asked for last, of one generation; the event loop alone may use them."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._by_key: OrderedDict[Key, KeptReply] = OrderedDict()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._by_key)

    def get(self, key: Key) -> KeptReply | None:
        """The reply to a request, if it is kept."""
        if key in self._by_key:
            self._by_key.move_to_end(key)
        return self._by_key.get(key)

    def keep(self, key: Key, reply: KeptReply) -> None:
        """Keep a reply; those that were not asked for longest make room. One larger than all the room is not kept."""
        if key in self._by_key or _size(key, reply) > self.most_bytes:
            return
        self._by_key[key] = reply
        self.bytes += _size(key, reply)
        while self.bytes > self.most_bytes:
            self.bytes -= _size(*self._by_key.popitem(last=False))


def _size(key: Key, reply: KeptReply) -> int:
    path, parameters, _ = key
    characters = len(path) + sum(len(name) + len(value) for name, value in parameters)
    return BYTES_OF_AN_ENTRY + len(reply.body) + 4 * characters


class KeepReplies:
    """Answers from what is kept, and keeps what is answered."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        """`most_bytes` are those of all replies of one generation of one corpus together; with 0 none is kept."""
        self.app = app
        self.most_bytes = most_bytes
        # Of each corpus, by the name that is asked for: the service of the current generation, and the replies of it.
        self._by_corpus: dict[str, tuple[object, KeptReplies]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        key = key_of(scope)
        seen = seen_of(scope)
        if key is None or seen is None:
            await self.app(scope, receive, send)
            return
        replies = self._replies_of(scope["state"]["service"], scope["state"].get("corpus", ""))
        if (kept := replies.get(key)) is not None:
            seen.route = kept.route
            seen.outcomes += [*kept.outcomes, ("reply", "kept")]
            await send({**kept.start, "headers": list(kept.start["headers"])})
            await send({"type": "http.response.body", "body": kept.body})
        else:
            await self._answer(key, replies, seen, scope, receive, send)

    def _replies_of(self, service: object, corpus: str) -> KeptReplies:
        """Those of the generation that a request is answered from; what it adds later cannot get among others."""
        kept = self._by_corpus.get(corpus)
        if kept is None or kept[0] is not service:
            kept = self._by_corpus[corpus] = service, KeptReplies(self.most_bytes)
        return kept[1]

    async def _answer(
        self, key: Key, replies: KeptReplies, seen: Seen, scope: Scope, receive: Receive, send: Send
    ) -> None:
        start: Message = {}
        body = b""

        async def watched(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = {**message, "headers": list(message["headers"])}
            elif message["type"] == "http.response.body" and start.get("status") == 200:
                body += message.get("body", b"")
            await send(message)

        await self.app(scope, receive, watched)
        is_lasting = not any(work in OF_THE_MOMENT for work, _ in seen.outcomes)
        if start.get("status") == 200 and is_lasting:
            replies.keep(key, KeptReply(start, body, seen.route, tuple(seen.outcomes)))


def key_of(scope: Scope) -> Key | None:
    """What names the reply to a request; None for what is not kept: all but hits and answers as JSON.

    Parameters that come in another order or are written otherwise ask the same; those of one name keep their order.
    """
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path = path_of(scope)
    first, _, rest = path.partition("/")
    is_kept = path in ("search", "ask") or (first == "initiatives" and rest.endswith("/similar"))
    headers = Headers(scope=scope)
    if not is_kept or any("event-stream" in accept for accept in headers.getlist("accept")):
        return None
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    # What is kept is as it was sent: compressed for those who take that.
    return path, tuple(sorted(asked, key=lambda one: one[0])), "gzip" in headers.get("accept-encoding", "")
