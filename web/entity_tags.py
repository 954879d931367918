"""Entity tags for what is looked up: whoever has a reply already, and asks whether it holds, need not get it again.

app.add_middleware(EntityTags)        # inside of what compresses: a tag is of what is said, not of its packing
"""

from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.admission import path_of

# The first part of the paths that look up and do not search: their replies change with the index alone.
LOOKED_UP = frozenset({"initiatives", "documents", "facets", "comparison"})
TAG_LENGTH = 20  # hexadecimal digits


class EntityTags:
    """Tags replies by their bytes, and answers 304 to whoever has the same (RFC 9110, 13.1.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and scope["method"] == "GET" and path_of(scope).partition("/")[0] in LOOKED_UP:
            known = Headers(scope=scope).get("if-none-match", "")
            await self.app(scope, receive, _Tagged(known, send).send)
        else:
            await self.app(scope, receive, send)


class _Tagged:
    """One reply, kept until it is whole, as all of these are when they are sent."""

    def __init__(self, known: str, send: Send) -> None:
        self._known = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take the next message of the reply."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = self._body
        if self._start["status"] == 200:
            tag = f'"{sha256(body).hexdigest()[:TAG_LENGTH]}"'
            headers = MutableHeaders(scope=self._start)
            headers["ETag"] = f"W/{tag}"
            headers.setdefault("Cache-Control", "no-cache")  # to be kept, and asked about before it is used
            if self._known & {tag, "*"}:
                self._start["status"], body = 304, b""
                del headers["content-length"]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
