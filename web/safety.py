"""What keeps browsers from doing harm with our replies, and other sites from having them send us forms.

app.add_middleware(SafeHeaders)                                  # JSON, files, refusals and pages alike
APIRouter(dependencies=[Depends(refuse_cross_site)])             # of pages: forms are sent by our own alone
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from fastapi import Request
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus import Fault

# What is no page needs nothing at all; what is one says what it needs (web/rendering.py).
NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

SAFE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": NO_PAGE,
    # Other sites learn nothing of where somebody comes from, for addresses hold what was asked. With "no-referrer"
    # browsers would not name our own pages as the origin of their forms either (`refuse_cross_site`).
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}

PREFLIGHT_S = 600  # that a browser need not ask again whether it may ask

READING = ("GET", "HEAD", "OPTIONS")
# What browsers say of where a request comes from that was made by our own pages, or by somebody at the keyboard.
OURS = ("same-origin", "none")


class CrossSite(Fault):
    """A page of another site has somebody's browser send a form to us."""


class SafeHeaders:
    """Gives every reply the headers that it has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def allow_scripts_of(app: Starlette, origins: Sequence[str]) -> None:
    """Let scripts of these sites read replies, with a key that they send, and never with somebody's session (CORS)."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
        expose_headers=["ETag", "Link", "Retry-After", "X-Recueil-Generation", "X-Request-ID"],
        allow_credentials=False,
        max_age=PREFLIGHT_S,
    )


async def refuse_cross_site(request: Request) -> None:
    """Raise CrossSite for a request that writes and that a page of another site sends.

    Browsers say so with Sec-Fetch-Site, or, the older ones and those of a service without TLS, with Origin alone.
    Programs, which nobody can have send what they do not mean to, need say neither.
    """
    if request.method in READING:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    is_ours = site in OURS if site is not None else origin is None or _is_our_origin(origin, request)
    if not is_ours:
        raise CrossSite(
            "A form of another site was sent", "the header Origin or Sec-Fetch-Site", "Send it from our own page."
        )


def _is_our_origin(origin: str, request: Request) -> bool:
    """Whether an origin is the host that was asked, which is one of ours (web/address.py), or our public address.

    Whatever its scheme: a proxy that ends TLS need not say so. "null", the origin of nothing, is none of ours.
    """
    try:
        name = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    ours = (request.headers.get("host", ""), urlsplit(str(request.state.origin)).netloc)
    return bool(name) and name in {one.lower() for one in ours}
