"""The page /docs, on which people try the routes for programs: its files are ours, and its one script is known."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi_offline import FastAPIOffline

from web.address import prefix

ASSETS = "/static-offline-docs"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

# Swagger UI carries its pictures in its style sheet.
POLICY = (
    "default-src 'none'; script-src 'self' {script}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def app_with_docs(**about: object) -> FastAPI:
    """An app with the page; `about` as FastAPI takes it."""
    app: FastAPI = FastAPIOffline(docs_url=None, redoc_url=None, static_url=ASSETS, **about)

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        before = prefix(request)
        page = get_swagger_ui_html(
            openapi_url=f"{before}{app.openapi_url}",
            title=f"{app.title} · routes",
            swagger_js_url=f"{before}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{before}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{before}{ASSETS}/favicon.png",
        )
        page.headers["Content-Security-Policy"] = POLICY.format(script=_hashes(bytes(page.body)))
        return page

    return app


def _hashes(page: bytes) -> str:
    """The scripts that stand in a page, as a policy names them: that of /docs holds the address of its schema."""
    digests = (b64encode(sha256(script).digest()).decode() for script in INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{digest}'" for digest in digests)
