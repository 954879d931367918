"""Rendering: a template and values become a page, escaped, with headers that let it do no harm; and files."""

import hashlib
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException

from web.address import origin, prefix
from web.conformity import conformity
from web.corpora import CorporaBar
from web.exports import printable
from web.parameters import MOST_LISTED, known_parameters
from web.safety import NO_PAGE, SAFE_HEADERS
from web.typography import typeset
from web.visitor import Visitor, date_in_words

TEMPLATES = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")

# No script or style stands in a page, nothing comes from elsewhere, and no other site frames it but where one is told.
UNFRAMED = "frame-ancestors 'none'"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        UNFRAMED,
    ]
)
PAGE_HEADERS = {
    **SAFE_HEADERS,
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",  # what somebody asked is of the moment, and theirs
    "Vary": "Accept-Language, HX-Request",
}

# Files of `static/` have their digest in their address, so that browsers may keep them for ever.
FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": f"{NO_PAGE}; style-src 'unsafe-inline'",  # the pictures have their colours inside
}
DIGEST_LENGTH = 10
ASSET_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["most_listed"] = MOST_LISTED
    environment.globals["conformity"] = conformity
    return environment


def _shown(value: object) -> object:
    """What a template fills in: texts without characters that nobody sees, or that turn the direction of others.

    JSON has them as the document does, for its texts and quotes are compared with the lines they come from.
    """
    if not isinstance(value, str):
        return value
    text = printable(value)
    return value if text == value else Markup(text) if isinstance(value, Markup) else text


def html(template: str, visitor: Visitor, **values: Any) -> str:  # noqa: ANN401
    """A template filled in; `t` gives a text, `link` a link, `asset` the address of a file of `static/`.

    Texts of ours are set as a printer sets them, editorial ones by `typeset`; what fills a text stays as it is.
    """

    def asset(name: str) -> str:
        return visitor.prefix + asset_address(name)

    found = _templates().get_template(template)
    values |= {"typeset": partial(typeset, language=visitor.language)}
    return found.render(visitor=visitor, t=visitor.texts.typeset, link=visitor.link, asset=asset, **values)


def page(
    request: Request,
    template: str,
    visitor: Visitor,
    status: int = 200,
    **values: Any,  # noqa: ANN401
) -> HTMLResponse:
    """A whole page, or a fragment of one, as a reply."""
    known = known_parameters(request)
    others = [(name, value) for name, value in known if name != "lang"]
    switches = {language: f"{request.url.path}?{urlencode([*others, ('lang', language)])}" for language in ("fr", "en")}
    # On paper a page says where it is and of which day.
    here = f"{origin(request)}{request.url.path}" + (f"?{urlencode(known)}" if known else "")
    paper = {"address": here, "date": date_in_words(datetime.now(UTC).date().isoformat(), visitor.texts)}
    shown = html(
        template,
        visitor,
        switches=switches,
        corpora=CorporaBar.of(request, visitor),
        paper=paper,
        shows_needs=bool(getattr(request.app.state, "needs_of_the_day", None)),
        **values,
    )
    return HTMLResponse(shown, status, _page_headers(request))


def private_page(
    request: Request,
    template: str,
    visitor: Visitor,
    status: int = 200,
    **values: Any,  # noqa: ANN401
) -> HTMLResponse:
    """A page that is not for everybody: no other site frames it, no search engine lists it."""
    reply = page(request, template, visitor, status, **values)
    reply.headers.update({"Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex"})
    return reply


def _page_headers(request: Request) -> dict[str, str]:
    """The headers of a page, which lets those sites frame it that the setting names."""
    origins: tuple[str, ...] = getattr(request.app.state, "embedding", ())
    if not origins:
        return PAGE_HEADERS
    policy = POLICY.replace(UNFRAMED, f"frame-ancestors {' '.join(origins)}")
    return PAGE_HEADERS | {"Content-Security-Policy": policy}


def download(name: str, content: str | bytes, media_type: str) -> Response:
    """A file that a browser keeps under this name rather than shows."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=PAGE_HEADERS | disposition, media_type=media_type)


@cache
def asset_address(name: str) -> str:
    """Where a file of `static/` is served. Example: "page.css" → "/static/0a1b2c3d4e/page.css"."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:DIGEST_LENGTH]
    return f"/static/{digest}/{name}"


async def give_asset(digest: str, name: str, request: Request) -> Response:
    """Give a file of `static/`, and no other: an outdated digest is gone."""
    path = STATIC / name
    known = path.suffix in ASSET_TYPES and path.resolve().is_relative_to(STATIC.resolve()) and path.is_file()
    if not known or asset_address(name) != request.url.path.removeprefix(prefix(request)):
        raise HTTPException(404)
    return FileResponse(path, media_type=ASSET_TYPES[path.suffix], headers=FOR_EVER)
