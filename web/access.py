"""Access: who asks, whether they may, and whether they ask too often; before a place is taken or a body is read.

    app.add_middleware(Access, keys=KeyFile(…), sessions=Sessions(), reading_is_keyed=False, per_minute=None, as_page=…)

Reading is open or keyed, as a setting has it. Keyed is then whatever is not named here as open, so that a new route is
closed until somebody opens it. What /admin holds takes a key always, and each of its routes says which (`needs`).
"""

import math
import time
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus import Fault
from feedback import household
from web.admission import ABOUT, AsPage, is_page, path_of, refusal
from web.caller import ANYBODY, MAKE_ONE, Caller, NoKey, TooManyRequests
from web.errors import fault_reply, headers_of, status_of
from web.keys import PREFIX, Key, KeyFile
from web.keys import Scope as KeyScope
from web.sessions import COOKIE, Sessions

# The first part of a path. Of these nobody asks who comes, nor counts how often: monitors and style sheets.
FREE = frozenset({"health", "ready", "static", "static-offline-docs"})
# These are open where reading is keyed: they hold no sheet, or see to it themselves.
OPEN = frozenset({"docs", "embed.js", "openapi.json", "metrics", "sign-in", "sign-out", *ABOUT})
ADMIN = "admin"
OPENAI = "v1"
SIGN_IN = "/sign-in"


class Rates:
    """Counts requests within a minute, by key and by address. Threads may share it.

    By two counters for each, that of this minute and that of the last: no burst passes where two minutes meet, and
    what one costs in memory does not grow with the limit.
    """

    def __init__(self, per_address: int | None) -> None:
        """Take how many requests one address may make in a minute without a key, None for as many as it likes."""
        self.per_address = per_address
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, key: Key | None, address: str) -> None:
        """Count one more. Raises TooManyRequests when that is one too many."""
        if key is not None:
            self._take(key.per_minute, f"With the key '{key.name}' came", "key", key.digest)
        elif self.per_address is not None:
            self._take(self.per_address, "From your address came", "address", household(address))

    def _take(self, most: int, came: str, kind: str, name: str) -> None:
        limit = RateLimitItemPerMinute(most)
        if not self._counter.hit(limit, kind, name):
            wait_s = math.ceil(self._counter.get_window_stats(limit, kind, name).reset_time - time.time())
            mend = "Ask again after the seconds that the header Retry-After tells; or have a key made that may do more."
            what = f"{came} the {most} requests that may come within a minute"
            raise TooManyRequests(what, "the service", mend, max(1, wait_s))


class Access:
    """Lets requests in by who asks; routes find that in `state.caller`."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        keys: KeyFile,
        sessions: Sessions,
        reading_is_keyed: bool,
        per_minute: int | None,
        as_page: AsPage,
    ) -> None:
        self.app = app
        self.keys = keys
        self.sessions = sessions
        self.reading_is_keyed = reading_is_keyed
        self.rates = Rates(per_minute)
        self.as_page = as_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or (part := path_of(scope).partition("/")[0]) in FREE:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            caller = self._caller(request)
            if part == ADMIN:
                caller.checked_key()
            elif self.reading_is_keyed and part not in OPEN:
                caller.check(KeyScope.READ)
        except Fault as fault:
            await self._refusal(fault, request)(scope, receive, send)
            return
        scope = {**scope, "state": {**scope.get("state", {}), "caller": caller}}
        await self.app(scope, receive, kept_private(send) if caller.key is not None else send)

    def _caller(self, request: Request) -> Caller:
        """Who asks, counted. Raises NoKey for a key that opens nothing, TooManyRequests and BadKeys."""
        secret, token = _secret_of(request), request.cookies.get(COOKIE)
        caller = ANYBODY
        if secret is not None:
            caller = Caller(self.keys.of(secret))
        elif token is not None and (session := self.sessions.of(token)) and self.keys.still(session.key):
            caller = Caller(session.key, session)
        self.rates.count(caller.key, request.state.client)
        if secret is not None and caller.key is None and not self._is_any_clients(secret, request):
            what = "This key opens nothing: it was never made, was revoked, or its last day is over"
            raise NoKey(what, "the header Authorization", MAKE_ONE)
        return caller

    def _is_any_clients(self, secret: str, request: Request) -> bool:
        """Whether it is what clients of OpenAI send where no key is asked for: they never leave it out."""
        opened = not self.reading_is_keyed and path_of(request.scope).partition("/")[0] == OPENAI
        return opened and not secret.startswith(PREFIX)

    def _refusal(self, fault: Fault, request: Request) -> Response:
        if isinstance(fault, NoKey) and is_page(request.scope) and _secret_of(request) is None:
            fault_reply(fault, request.scope)  # which notes it for whoever observes
            return _to_sign_in(request)
        status, headers = status_of(fault), headers_of(fault)
        return refusal(request.scope, status, fault_reply(fault, request.scope), headers, self.as_page)


def kept_private(send: Send) -> Send:
    """Let no cache between us and somebody with a key keep a reply for others, whatever the route says of it."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            said = [part.strip() for part in headers.get("cache-control", "").split(",") if part.strip()]
            kept = [part for part in said if part.lower() not in ("public", "private")]
            headers["Cache-Control"] = ", ".join(kept if "no-store" in kept else ["private", *kept])
        await send(message)

    return told


def _secret_of(request: Request) -> str | None:
    """The key that a request brings, None where it brings none; what else stands there is for a proxy before us."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _to_sign_in(request: Request) -> Response:
    """Send somebody to the page on which they sign in, and from there back to where they are, if it is read."""
    path = f"/{path_of(request.scope)}"
    back = f"{path}?{request.url.query}" if request.url.query else path
    if request.method != "GET":
        back = f"/{ADMIN}" if path == f"/{ADMIN}" else "/"
    address = f"{request.scope.get('root_path', '')}{SIGN_IN}?to={quote(back, safe='')}"
    headers = {"Cache-Control": "no-store"}
    if "hx-request" in request.headers:  # a part of a page must not become another page
        return Response(status_code=204, headers={**headers, "HX-Redirect": address})
    return RedirectResponse(address, 303, headers)
