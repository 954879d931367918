"""The address of the service: its names, where its links lead, how long an address may be, and HEAD on what is read.

    app.add_middleware(PublicAddress, public_url="https://exemple.fr/recueil", known=["127.0.0.1"], proxies=[])

A name in the header Host is believed where it is one of ours: what is exported is cited for years. A prefix before our
paths comes from the public address, or from a proxy (X-Forwarded-Prefix), be it cut off there or not. Believed are
proxies on this machine, and those that we were told of.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import fault_response
from web.schemas import FaultReply

PREFIX = re.compile(r"(?:/[\w.~-]+)+/?", re.ASCII)
SIGNS_OF_A_PROXY = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via")
SCHEMES = ("http", "https")
UNKNOWN_HOST = FaultReply(
    what="This service does not answer under this name",
    where="the header Host",
    mend="Ask where it listens; whoever runs it tells other names with RECUEIL_PUBLIC_URL or RECUEIL_HOSTS.",
)
# Of the path and the query together. A question of 1,000 letters, accents among them, and filters have some 3,000; a
# page repeats what was asked in 200 links.
MOST_ADDRESS_BYTES = 8 * 1024
LONG_ADDRESS = FaultReply(
    what=f"The address is longer than the {MOST_ADDRESS_BYTES} bytes that are read",
    where="the path and the query string",
    mend="Ask in fewer words, and with fewer parameters.",
)


class AddressLimit:
    """Refuses an address that is longer than any of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        path = scope.get("raw_path") or scope.get("path", "").encode()
        if scope["type"] == "http" and len(path) + len(scope["query_string"]) > MOST_ADDRESS_BYTES:
            await fault_response(414, LONG_ADDRESS)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class PublicAddress:
    """Refuses requests to other hosts, and gives routes the prefix of our paths (`root_path`) and `state.origin`."""

    def __init__(
        self, app: ASGIApp, public_url: str | None, known: Collection[str], proxies: Collection[str] = ()
    ) -> None:
        """Take an address that others know, "https://host/prefix", and names or numbers that are ours besides.

        `proxies` are numbers or networks of those on other machines that are believed like one on this.
        """
        self.app = app
        public = urlsplit(public_url or "")
        self.origin = f"{public.scheme}://{public.netloc}" if public_url else None
        self.prefix = public.path.rstrip("/")
        self.proxies = [ip_network(number) for number in proxies]
        self.hosts = {name.lower() for name in (*known, *filter(None, [public.hostname]))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        server = scope.get("server") or ("localhost", None)
        host = headers.get("host") or _with_port(*server)
        name = hostname(host)
        # The address that the connection reached is ours, whatever we were told to listen on.
        if not (name in self.hosts or is_loopback(name) or name == str(server[0]).lower()):
            await fault_response(400, UNKNOWN_HOST)(scope, receive, send)
            return
        client = str((scope.get("client") or ("",))[0])
        scope = {**scope, "state": {**scope.get("state", {}), "client": client, "forwarded": False}}
        if is_loopback(client) or self._is_proxy(client):
            self._heed_proxy(scope, headers)
        prefix = self.prefix or scope.get("root_path", "")
        if prefix:
            path = scope["path"]
            inside = path.startswith(f"{prefix}/")
            scope.update(root_path=prefix, path=path if inside else f"{prefix}{'/' if path == prefix else path}")
        scope["state"]["origin"] = self.origin or f"{scope['scheme']}://{host}"
        await self.app(scope, receive, send)

    def _is_proxy(self, client: str) -> bool:
        return is_number(client) and any(ip_address(client) in network for network in self.proxies)

    @staticmethod
    def _heed_proxy(scope: Scope, headers: Headers) -> None:
        # Each proxy adds whom it has heard from: the last of them is what the one that we believe says.
        *_, visitor = [""] + [one.strip() for one in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        if is_number(visitor):
            scope["state"]["client"] = visitor
        scope["state"]["forwarded"] = any(name in headers for name in SIGNS_OF_A_PROXY)
        prefix = headers.get("x-forwarded-prefix", "")
        if PREFIX.fullmatch(prefix):
            scope["root_path"] = prefix.rstrip("/")
        scheme = headers.get("x-forwarded-proto", "").lower()
        if scheme in SCHEMES:
            scope["scheme"] = scheme


class HeadAsGet:
    """Answers HEAD as GET, without the body: monitors, load balancers and link checkers ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


def origin(request: Request) -> str:
    """Where the service is, as others know it, without the prefix. Example: "http://127.0.0.1:8000"."""
    return str(request.state.origin)


def client_address(request: Request) -> str:
    """The number of whoever asks, as a proxy that we believe tells it. Example: "192.0.2.7"."""
    return str(request.state.client)


def is_at_this_machine(request: Request) -> bool:
    """Whether somebody asks who is at this machine, and not through a proxy on it."""
    return is_loopback(request.state.client) and not request.state.forwarded


def prefix(request: Request) -> str:
    """What stands before every path of ours. Example: "/recueil", or "" where nothing does.

    Where a corpus is named that is one of several, its own: "/recueil/c/odas".
    """
    return str(request.scope.get("root_path", ""))


def site_prefix(request: Request) -> str:
    """What stands before the paths of all corpora, as that of a cookie does."""
    return str(getattr(request.state, "site_prefix", prefix(request)))


def permalink(request: Request, id: str, lines: tuple[int, int] | None = None) -> str:
    """The address of a sheet, or of some lines of its document there, that others can follow."""
    cited = f"?from={lines[0]}&to={lines[1]}#cited" if lines is not None else ""
    return f"{origin(request)}{prefix(request)}/sheet/{id}{cited}"


def hostname(host: str) -> str:
    """The name or number in a header Host, in lower case. Example: "[::1]:8000" -> "::1"."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(name: str) -> bool:
    """Whether a name or number means this very machine."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def is_number(name: str) -> bool:
    """Whether this is an address of IPv4 or IPv6, and nothing else."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def _with_port(name: str, port: int | None) -> str:
    shown = f"[{name}]" if ":" in name else name
    return f"{shown}:{port}" if port else shown
