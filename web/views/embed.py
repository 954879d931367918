"""The search box that other sites show: one script, which the sites may load that the setting names."""

from fastapi import Request, Response

from web.address import origin, prefix
from web.dependencies import LANGUAGES, CurrentVisitor
from web.rendering import html
from web.visitor import texts_in

WORDS = "embed."


def search_box(request: Request, visitor: CurrentVisitor) -> Response:
    """The script, with the address of this service and its words in both languages."""
    texts = {
        language: {
            key.removeprefix(WORDS): text for key, text in texts_in(language).by_key.items() if key.startswith(WORDS)
        }
        for language in LANGUAGES
    }
    home = f"{origin(request)}{prefix(request)}"
    script = html("embed.js", visitor, home=home, sheets_in=visitor.sheets_in, texts=texts)
    headers = {"Cache-Control": "public, max-age=3600"}
    if request.app.state.embedding:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return Response(script, headers=headers, media_type="text/javascript")
