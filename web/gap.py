"""The gap: one click to say that what was looked for is not here."""

import asyncio
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse

from opened import OpenEngine, OpenFeedback
from search.feedback.giving import reported
from web.reader import reader_of
from web.rendering import page


async def report_gap(request: Request, writer: OpenFeedback, engine: OpenEngine) -> HTMLResponse:
    """Keep that the question of a form finds nothing, and thank. Raises BadQuestion for one that is blank."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    question = form.get("q", [""])[0]
    miss = await asyncio.to_thread(reported, engine, question)
    await asyncio.wrap_future(writer.write(miss))
    return page(request, "gap.html", reader_of(request), question=question)
