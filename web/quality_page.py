"""The quality page: the latest evaluation report, where one has been written."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from web.reader import reader_of
from web.rendering import SAFE_HEADERS, page

# Where `recueil eval report --to` puts the report that the page shows, under RECUEIL_VAR.
REPORT = "report.html"

# The report is a page of its own, whose style and pictures stand in it.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


def quality_page(request: Request) -> Response:
    """Give the report, else say how it is made."""
    path = request.app.state.var / REPORT
    if not path.is_file():
        return page(request, "quality.html", reader_of(request))
    headers = SAFE_HEADERS | {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(path.read_bytes(), headers=headers)
