"""The quality page: what the latest evaluation report is and when it was written, and the report itself."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from web.dependencies import CurrentVisitor, RunningService
from web.rendering import SAFE_HEADERS, page
from web.texts import date_in_words

# Where `recueil eval report --to` puts the report that the page shows, under RECUEIL_VAR.
REPORT = "report.html"

# The report is a page of its own, whose style and pictures stand in it.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


def quality_page(request: Request, service: RunningService, visitor: CurrentVisitor) -> HTMLResponse:
    """Lead to the report, else say how it is made."""
    path, written = service.var / REPORT, None
    if path.is_file():
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        written = date_in_words(day.isoformat(), visitor.texts)
    return page(request, "quality.html", visitor, written=written)


def quality_report(request: Request, service: RunningService, visitor: CurrentVisitor) -> Response:
    """Give the report; where there is none, the page that says how it is made."""
    path = service.var / REPORT
    if not path.is_file():
        return quality_page(request, service, visitor)
    headers = SAFE_HEADERS | {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(path.read_bytes(), headers=headers)
