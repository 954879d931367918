"""Assets: the files of `static/`, each under an address with its digest, so that browsers may keep it for ever."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

STATIC = Path(__file__).with_name("static")
DIGEST_LENGTH = 10
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def address(name: str) -> str:
    """Where a file is served. Example: "page.css" → "/static/0a1b2c3d4e/page.css"."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:DIGEST_LENGTH]
    return f"/static/{digest}/{name}"


async def give_asset(digest: str, name: str, request: Request) -> Response:
    """Give a file of `static/`, and no other: an outdated digest is gone."""
    path = STATIC / name
    known = path.suffix in TYPES and path.resolve().is_relative_to(STATIC.resolve()) and path.is_file()
    if not known or address(name) != request.url.path:
        raise HTTPException(404)
    return FileResponse(path, media_type=TYPES[path.suffix], headers=FOR_EVER)
