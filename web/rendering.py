"""Rendering: a template and values become a page, escaped, with headers that let it do no harm."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.assets import address
from web.reader import Reader

TEMPLATES = Path(__file__).with_name("templates")

# No script or style stands in a page, nothing comes from elsewhere, no other site may frame it.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
SAFE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cache-Control": "no-store",  # what somebody asked is of the moment, and theirs
    "Vary": "Accept-Language, HX-Request",
}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = address
    return environment


def html(template: str, reader: Reader, **values: Any) -> str:  # noqa: ANN401
    """A template filled in; `t` gives a text, `link` a link."""
    return _templates().get_template(template).render(reader=reader, t=reader.texts, link=reader.link, **values)


def page(
    request: Request,
    template: str,
    reader: Reader,
    status: int = 200,
    **values: Any,  # noqa: ANN401
) -> HTMLResponse:
    """A whole page, or a fragment of one, as a reply."""
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    switches = {
        language: str(request.url.replace(query="").path) + _query([*others, ("lang", language)])
        for language in ("fr", "en")
    }
    return HTMLResponse(html(template, reader, switches=switches, **values), status, SAFE_HEADERS)


def _query(parameters: list[tuple[str, str]]) -> str:
    return f"?{urlencode(parameters)}"
