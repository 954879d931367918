"""What people say of what they found, in one click and without script; and, where its owner has it so, what is missing.

A form is answered by a page that thanks and shows what was kept; a script that sends it gets the thanks alone, in place
of the form.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse

from feedback import FeedbackOff, judged, reported
from search import BadQuestion
from web.address import origin, prefix
from web.dependencies import CurrentVisitor, OpenFeedback, OpenSearcher, RunningService, VisitorAddress
from web.needs import MIN_DAYS, NeedsOfTheDay
from web.rendering import page
from web.views.sign_in import form_of
from web.visitor import Link, Visitor

# What a button says → how well the sheet answers the question (feedback/store.py).
GRADES = {"yes": 3, "no": 0}


@dataclass(frozen=True, slots=True)
class NeedView:
    """What several questions look for that no sheet holds."""

    name: str
    times: int
    nearest: tuple[Link, ...]


async def judge_sheet(
    request: Request, writer: OpenFeedback, giver: VisitorAddress, searcher: OpenSearcher, visitor: CurrentVisitor
) -> HTMLResponse:
    """Keep whether a sheet answers a question, as a form says it, and thank.

    Raises BadQuestion and UnknownInitiative for a form that cannot be used, BusyFeedback and TooMuchFeedback.
    """
    form = await form_of(request)
    if (verdict := form.get("useful", "")) not in GRADES:
        raise BadQuestion("The form does not say whether it was useful", "useful", "Send 'yes' or 'no'.")
    judgement = await asyncio.to_thread(
        judged, searcher, form.get("q", ""), form.get("initiative", ""), GRADES[verdict]
    )
    kept = await asyncio.wrap_future(writer.write(judgement, giver))
    return _thanks(request, visitor, kept.entry.query, "useful.judged")


async def report_gap(
    request: Request, writer: OpenFeedback, giver: VisitorAddress, searcher: OpenSearcher, visitor: CurrentVisitor
) -> HTMLResponse:
    """Keep that the question of a form finds nothing, and thank. Raises BadQuestion for one that is blank.

    Raises BusyFeedback and TooMuchFeedback too.
    """
    miss = await asyncio.to_thread(reported, searcher, (await form_of(request)).get("q", ""))
    kept = await asyncio.wrap_future(writer.write(miss, giver))
    return _thanks(request, visitor, kept.entry.query, "useful.gap")


def asked_before(request: Request) -> str:
    """The question of our page that somebody comes from, blank where there is none: browsers tell us alone."""
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    is_search = f"{came_from.scheme}://{came_from.netloc}{came_from.path}" == f"{origin(request)}{prefix(request)}/"
    return parse_qs(came_from.query).get("q", [""])[0].strip() if is_search else ""


def needs_page(
    request: Request, service: RunningService, searcher: OpenSearcher, visitor: CurrentVisitor
) -> HTMLResponse:
    """What people looked for that the collection does not hold. Raises FeedbackOff where its owner keeps that."""
    needs_of_the_day: NeedsOfTheDay | None = request.app.state.needs_of_the_day.get(service.corpus)
    if needs_of_the_day is None:
        mend = "Whoever runs it shows it to everybody with RECUEIL_PUBLIC_NEEDS=true."
        raise FeedbackOff("What people look for in vain is not shown here", "the service", mend)
    needs = [
        NeedView(str(need.name), need.times, tuple(Link(one.title, visitor.sheet(one.id)) for one in need.nearest))
        for need in needs_of_the_day.shown(searcher)
    ]
    return page(request, "needs.html", visitor, needs=needs, days=MIN_DAYS)


def _thanks(request: Request, visitor: Visitor, kept: str, said: str) -> HTMLResponse:
    """Thank, and show the question as it is kept."""
    template = "parts/thanks.html" if "hx-request" in request.headers else "thanks.html"
    return page(request, template, visitor, question=kept, said=said)
