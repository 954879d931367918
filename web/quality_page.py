"""The quality page: what the latest evaluation report is and when it was written, and the report itself."""

from datetime import UTC, datetime
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from web.dates import in_words
from web.reader import reader_of
from web.rendering import SAFE_HEADERS, page

# Where `recueil eval report --to` puts the report that the page shows, under RECUEIL_VAR.
REPORT = "report.html"

# The report is a page of its own, whose style and pictures stand in it.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


def quality_page(request: Request) -> HTMLResponse:
    """Lead to the report, else say how it is made."""
    path, reader = _report(request), reader_of(request)
    written = None
    if path.is_file():
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        written = in_words(day.isoformat(), reader.texts)
    return page(request, "quality.html", reader, written=written)


def quality_report(request: Request) -> Response:
    """Give the report; where there is none, the page that says how it is made."""
    path = _report(request)
    if not path.is_file():
        return quality_page(request)
    headers = SAFE_HEADERS | {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(path.read_bytes(), headers=headers)


def _report(request: Request) -> Path:
    var: Path = request.app.state.var
    return var / REPORT
