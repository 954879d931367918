"""How the routes for programs are described: /openapi.json, and the page /docs on which people try them.

The description says of every route its group, a stable name, and an example of each reply, taken from its schema. The
files of the page are ours, and its one script is known.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from web.address import prefix

ASSETS = "/static-offline-docs"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

# Swagger UI carries its pictures in its style sheet.
POLICY = (
    "default-src 'none'; script-src 'self' {script}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


LICENCE = {"name": "MIT", "identifier": "MIT"}  # of the program; of each document /documents tells it

# Groups of routes: their name, what they are for, and the first parts of their paths, without an ending.
GROUPS = (
    ("search", "Find initiatives by what a question means, and have it answered.", ("search", "ask", "similar")),
    ("collection", "Read what there is: sheets, documents, what to narrow by.", (
        "initiatives", "documents", "facets", "comparison",
    )),
    ("export", "Take the collection along, or what of it meets conditions.", ("export",)),
    ("feedback", "Say how good a hit is, or that something is missing.", ("feedback",)),
    ("openai", "The same in the shapes of OpenAI's interface and of the Albert API.", ("v1",)),
    ("state", "How the service is, for whoever watches it.", ("health", "ready", "metrics")),
    ("administration", "For whoever runs the service, with a key.", ("admin",)),
)  # fmt: skip


def app_with_docs(**about: object) -> FastAPI:
    """An app with the page; `about` as FastAPI takes it. A route is named after its function."""
    app: FastAPI = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        static_url=ASSETS,
        license_info=LICENCE,
        openapi_tags=[{"name": name, "description": purpose} for name, purpose, _ in GROUPS],
        generate_unique_id_function=lambda route: route.name,
        **about,
    )
    describe_also(app, lambda schema: _describe(schema, app.routes))

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


def describe_also(app: FastAPI, add: Callable[[dict[str, Any]], None]) -> None:
    """Have something added to the description of the routes, each time that it is made."""
    plainly_described = app.openapi

    def described() -> dict[str, Any]:
        before = app.openapi_schema
        if (schema := plainly_described()) is not before:
            add(schema)
        return schema

    app.openapi = described  # type: ignore[method-assign]


def routes_in(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a description says of each route, with its path."""
    return ((path, route) for path, methods in schema["paths"].items() for route in methods.values())


def _describe(schema: dict[str, Any], routes: Iterable[BaseRoute]) -> None:
    """Add to a description the group of every route, and an example of every reply that has a schema of ours."""
    shapes = schema["components"]["schemas"]
    for name, examples in _examples(routes):
        shapes[name]["examples"] = examples
    group_of = {part: name for name, _, parts in GROUPS for part in parts}
    for path, route in routes_in(schema):
        route["tags"] = [group_of.get(path.split("/")[1].partition(".")[0], "other")]
        for reply in route["responses"].values():
            for content in reply.get("content", {}).values():
                name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
                for example in shapes.get(name, {}).get("examples", [])[:1]:
                    content["example"] = example


def _examples(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, list[Any]]]:
    """The examples of the schemas of replies, by their names. The framework leaves every null out of its own."""
    every = (context.original_route for context in iter_route_contexts(list(routes)))
    described = [route for route in every if isinstance(route, APIRoute) and route.include_in_schema]
    models = [route.response_model for route in described]
    models += [reply.get("model") for route in described for reply in route.responses.values()]
    shapes = [one for one in dict.fromkeys(models) if isinstance(one, type) and issubclass(one, BaseModel)]
    _, told = models_json_schema([(shape, "serialization") for shape in shapes])
    return ((name, shape["examples"]) for name, shape in told["$defs"].items() if "examples" in shape)


def _hashes(page: bytes) -> str:
    """The scripts that stand in a page, as a policy names them: that of /docs holds the address of its schema."""
    digests = (b64encode(sha256(script).digest()).decode() for script in INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{digest}'" for digest in digests)
