"""The pages of the service: their routes, and the page that a refusal is."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from corpus import Fault
from http_faults import status_of, told
from web.answer_panel import give_answer, stream_answer
from web.assets import give_asset
from web.browse_page import browse_page
from web.comparison_pages import comparison_as_csv, comparison_as_odt, show_comparison
from web.gap import report_gap
from web.quality_page import quality_page, quality_report
from web.reader import reader_of
from web.rendering import page
from web.search_page import search_page
from web.sheet_pages import sheet_as_bibtex, sheet_as_json, sheet_as_markdown, sheet_as_ris, show_sheet
from web.suggestions import give_suggestions

# Smaller replies fit into one packet as they are.
LEAST_TO_COMPRESS = 1_000  # bytes

# Statuses that the texts say something of; whatever else goes wrong is a bug of ours.
SAID = (404, 422, 503)


class PageRoute(APIRoute):
    """A route whose refusals are pages: what went wrong, where, and the mend."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the handler, with faults shown."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Fault as fault:
                shown = told(fault, request.scope)
                status = status_of(fault)
                says = f"fault.status_{status}" if status in SAID else "fault.status_500"
                return page(
                    request, "fault.html", reader_of(request), status, fault=shown, title="fault.title", says=says
                )

        return handled


def add_pages(app: FastAPI) -> None:
    """Add the pages to the service's app, which must hold what `opened` gives to routes."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.get("/")(search_page)
    pages.get("/answer")(give_answer)
    pages.get("/answer/stream")(stream_answer)
    pages.get("/browse")(browse_page)
    pages.get("/quality")(quality_page)
    pages.get("/quality/report")(quality_report)
    pages.get("/suggest")(give_suggestions)
    pages.post("/gap")(report_gap)
    # The files first: a sheet's own address would take their names for ids.
    pages.get("/sheet/{id}.md")(sheet_as_markdown)
    pages.get("/sheet/{id}.json")(sheet_as_json)
    pages.get("/sheet/{id}.bib")(sheet_as_bibtex)
    pages.get("/sheet/{id}.ris")(sheet_as_ris)
    pages.get("/sheet/{id}")(show_sheet)
    pages.get("/compare")(show_comparison)
    pages.get("/compare.csv")(comparison_as_csv)
    pages.get("/compare.odt")(comparison_as_odt)
    pages.get("/static/{digest}/{name:path}")(give_asset)
    app.include_router(pages)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_TO_COMPRESS)
