"""The pages: one file for each, with its routes and the values that its template shows; and the page that a refusal is.

search    the box, what was recognised in the question, and what was found: cards (results), and what narrows it
          (facets, map)
answer    the panel above the initiatives, whole or streamed
browse    without a question: the start page, all initiatives by topic, public, place …
quality   how good the search is, as it was measured, and the report of the evaluation
about     of the pages themselves: accessibility, and where a publisher is named the legal notice and privacy
sheet     one initiative, its lines as printed, and its files
admin     of whoever runs the service
sign_in   with a key, and out again
together  several corpora searched at once, where there are several
compare   two to five initiatives side by side, and the files of the comparison
shortlist initiatives that somebody has put together, and the files of their list
feedback  whether something was useful, that something is missing, and what people look for in vain
files     the files of what a search finds, and how all of them are offered and given
embed     the search box that other sites show
engines   what browsers, search engines and feed readers look for: OpenSearch, robots.txt, the sitemap, Atom feeds
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from corpus import Fault
from feedback import TooMuchFeedback
from web.dependencies import visitor_of
from web.errors import fault_reply, status_of
from web.exports import FORMATS
from web.parameters import check_address
from web.rendering import give_asset, page
from web.safety import CrossSite, refuse_cross_site
from web.schemas import FaultReply
from web.views.about import accessibility_page, legal_page, privacy_page
from web.views.admin import act, admin_page
from web.views.answer import give_answer, stream_answer
from web.views.browse import browse_page, give_suggestions
from web.views.compare import comparison_file, comparison_page
from web.views.embed import search_box
from web.views.engines import favicon, opensearch_description, robots, search_feed, sitemap, sitemap_file
from web.views.feedback import judge_sheet, needs_page, report_gap
from web.views.files import search_file
from web.views.quality import quality_page, quality_report
from web.views.search import search_page
from web.views.sheet import sheet_as_json, sheet_file, sheet_page
from web.views.shortlist import list_file, list_page
from web.views.sign_in import sign_in, sign_in_page, sign_out
from web.views.together import together_page

__all__ = ["add_views", "refusal_page"]

# Smaller replies fit into one packet as they are.
LEAST_TO_COMPRESS = 1_000  # bytes

# Statuses that the texts say something of; whatever else goes wrong is a bug of ours.
SAID = (401, 403, 404, 409, 422, 429, 503)
# And faults that they say something of, whatever else has the same status.
SAID_OF: dict[type[Fault], str] = {CrossSite: "fault.cross_site", TooMuchFeedback: "fault.too_much_feedback"}


class PageRoute(APIRoute):
    """A route whose refusals are pages: what went wrong, where, and the mend."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the handler, with faults shown."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Fault as fault:
                shown, status = fault_reply(fault, request.scope), status_of(fault)
                says = SAID_OF.get(type(fault), f"fault.status_{status if status in SAID else 500}")
                return page(request, "fault.html", visitor_of(request), status, fault=shown, says=says)

        return handled


def refusal_page(request: Request, status: int, fault: FaultReply, headers: dict[str, str]) -> Response:
    """A refusal as a page, for those who have not reached its route."""
    reply = page(request, "fault.html", visitor_of(request), status, fault=fault, says=f"fault.status_{status}")
    reply.headers.update(headers)
    return reply


def add_views(app: FastAPI, several: bool = False) -> None:
    """Add the pages and their files to the app, whose state must hold the services, of `several` corpora or of one."""
    pages = APIRouter(
        route_class=PageRoute,
        include_in_schema=False,
        dependencies=[Depends(refuse_cross_site), Depends(check_address)],
    )
    pages.get("/")(search_page)
    pages.get("/answer")(give_answer)
    pages.get("/answer/stream")(stream_answer)
    if several:
        pages.get("/together")(together_page)
    pages.get("/browse")(browse_page)
    pages.get("/quality")(quality_page)
    pages.get("/quality/report")(quality_report)
    pages.get("/accessibility")(accessibility_page)
    pages.get("/legal")(legal_page)
    pages.get("/privacy")(privacy_page)
    pages.get("/suggest")(give_suggestions)
    pages.post("/gap")(report_gap)
    pages.post("/useful")(judge_sheet)
    pages.get("/needs")(needs_page)
    pages.get("/admin")(admin_page)
    pages.post("/admin")(act)
    pages.get("/sign-in")(sign_in_page)
    pages.post("/sign-in")(sign_in)
    pages.post("/sign-out")(sign_out)
    # The files first: a sheet's own address would take their names for ids.
    for ending in FORMATS:
        pages.get(f"/sheet/{{id}}.{ending}")(sheet_file)
        pages.get(f"/compare.{ending}")(comparison_file)
        pages.get(f"/list.{ending}")(list_file)
        pages.get(f"/search.{ending}")(search_file)
    pages.get("/sheet/{id}.json")(sheet_as_json)
    pages.get("/sheet/{id}")(sheet_page)
    pages.get("/compare")(comparison_page)
    pages.get("/list")(list_page)
    pages.get("/embed.js")(search_box)
    pages.get("/search.atom")(search_feed)
    pages.get("/opensearch.xml")(opensearch_description)
    pages.get("/robots.txt")(robots)
    pages.get("/sitemap.xml")(sitemap)
    pages.get("/sitemap-{number}.xml")(sitemap_file)
    pages.get("/favicon.ico")(favicon)
    pages.get("/static/{digest}/{name:path}")(give_asset)
    app.include_router(pages)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_TO_COMPRESS)
