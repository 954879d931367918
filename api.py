"""The HTTP door: search, answers, initiatives and their likes as JSON. Every refusal says what, where and the mend.

    app = create_app(read_settings())

Nothing happens at import. The engine and the asker are opened once, when the app starts; until then /ready says no. An
asker that cannot be opened takes its own route with it and no other.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import chain
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi_offline import FastAPIOffline

from corpus import Fault
from event_stream import EVENTS, asked_for, event
from http_faults import NotReady, faults, show_faults, told
from opened import OpenAsker, OpenEngine, OpenFeedback, OpenSearch
from opening import open_asker, open_engine, open_store
from parameters import (
    AskParameters,
    GapReport,
    JudgedHit,
    Nothing,
    PageParameters,
    ReaderParameters,
    SearchParameters,
    SimilarParameters,
    SimilarText,
)
from search import Engine, Filters
from search.answering.answer import Answer, Citation, Statement
from search.answering.asker import Asker
from search.feedback.entry import GivenJudgement, Miss
from search.feedback.giving import judged, missed_by_answer, missed_by_search, reported
from search.feedback.writer import Writer
from search.interleaved_search import InterleavedSearch
from search.interleaving import toss
from search.part import Part
from settings import Settings
from web.pages import add_pages
from wire import HealthReply, InitiativeSheet, PageReply, ReadyReply, SearchReply, SimilarReply
from wire_answer import AskReply, StatementEvent
from wire_feedback import GapReply, JudgementReply

# Many times the longest text that is read; it keeps a stranger from filling the memory.
MOST_BODY_BYTES = 64 * 1024

# An answer is of the moment, and in the shape that its asker accepts.
OF_AN_ANSWER = {"Cache-Control": "no-store", "Vary": "Accept"}
# Proxies would otherwise gather a stream before they pass it on.
OF_A_STREAM = {**OF_AN_ANSWER, "X-Accel-Buffering": "no"}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `Accept: text/event-stream` an event `statement` for each of its statements "
        "as soon as it is ready (StatementEvent), then an event `answer` with all of it, which replaces them, or an "
        "event `fault` (FaultReply).",
        "content": {EVENTS: {"schema": {"type": "string"}}},
    }
}

log = logging.getLogger("recueil.http")


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """Make the app. Unless given, its engine is opened when it starts, in the background: /health answers at once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.feedback = Writer(open_store(settings)) if settings.feedback else None
        with ThreadPoolExecutor(1, "open-engine") as background:
            app.state.engine = background.submit(lambda: engine or open_engine(settings))
            app.state.asker = background.submit(lambda: open_asker(settings, app.state.engine.result()))
            app.state.asker.add_done_callback(_log_fault)
            try:
                yield
            finally:
                if app.state.feedback is not None:
                    app.state.feedback.close()

    app = FastAPIOffline(
        title="recueil",
        description="Semantic search over collections of public initiative sheets, in French and English.",
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.var = settings.var
    app.state.interleave = Part(settings.interleave) if settings.interleave is not None else None
    app.get("/search", responses=faults(422, 503))(search)
    app.get("/ask", response_model=AskReply, responses=STREAMED | faults(422, 503))(ask)
    app.get("/initiatives", responses=faults(422, 503))(list_initiatives)
    app.get("/initiatives/{id}", responses=faults(404, 422, 503))(show_initiative)
    app.get("/initiatives/{id}/similar", responses=faults(404, 422, 503))(similar_initiatives)
    app.post("/similar", responses=faults(400, 413, 422, 503))(similar_to_text)
    app.post("/feedback", status_code=201, responses=faults(400, 404, 413, 422, 503))(give_feedback)
    app.post("/feedback/gap", status_code=201, responses=faults(400, 404, 413, 422, 503))(report_gap)
    app.get("/health", responses=faults(422))(health)
    app.get("/ready", responses=faults(422, 503))(ready)
    add_pages(app)
    show_faults(app, MOST_BODY_BYTES)
    return app


def _log_fault(opened: Future[Asker]) -> None:
    """Let the log say at the start, and not only the first asker, that there will be no answers."""
    if isinstance(fault := opened.exception(), Fault):
        log.error("There will be no answers: %s", fault)


NoParameters = Annotated[Nothing, Query()]


def search(
    request: Request, engine: OpenEngine, searching: OpenSearch, asked: Annotated[SearchParameters, Query()]
) -> SearchReply:
    """Find initiatives by what a question means, in French or English; each hit says why it is there."""
    filters = asked.filters(engine.gazetteer)
    results = searching.search(asked.q, asked.k, filters, asked.lang)
    _keep(request, missed_by_search(results, filters))
    return SearchReply.of(results)


def ask(
    request: Request, reply: Response, asker: OpenAsker, asked: Annotated[AskParameters, Query()]
) -> AskReply | StreamingResponse:
    """Answer a question with the exact words of its sources, or say that no sheet holds an answer."""
    filters = asked.filters(asker.engine.gazetteer)
    if not asked_for(request.headers.getlist("accept")):
        reply.headers.update(OF_AN_ANSWER)
        answer = asker.ask(asked.q, filters)
        _keep(request, missed_by_answer(answer, filters))
        return AskReply.of(answer)
    ready = asker.stream(asked.q, filters)
    first = next(ready)  # before the reply begins, so that a question that cannot be read has a status of its own
    return StreamingResponse(_events(request, chain([first], ready), filters), headers=OF_A_STREAM, media_type=EVENTS)


def _events(
    request: Request, ready: Iterable[tuple[Statement, tuple[Citation, ...]] | Answer], filters: Filters
) -> Iterator[str]:
    try:
        for one in ready:
            if isinstance(one, Answer):
                _keep(request, missed_by_answer(one, filters))
                yield event("answer", AskReply.of(one))
            else:
                yield event("statement", StatementEvent.of(*one))
    except Exception as error:
        # The status is sent already; an event is the only place left to say it.
        yield event("fault", told(error, request.scope))


def list_initiatives(engine: OpenEngine, asked: Annotated[PageParameters, Query()]) -> PageReply:
    """List the initiatives that meet the conditions, whole sheets, page by page in the order of the documents."""
    page, following = asked.page_of(engine.select(asked.filters(engine.gazetteer)))
    language = asked.lang or "fr"
    sheets = [InitiativeSheet.of(initiative, engine.editorial(initiative, language)) for initiative in page]
    return PageReply(items=sheets, next=following)


def show_initiative(engine: OpenEngine, id: str, asked: Annotated[ReaderParameters, Query()]) -> InitiativeSheet:
    """Show the whole sheet of one initiative, its text exactly as the document has it."""
    initiative = engine.initiative(id)
    return InitiativeSheet.of(initiative, engine.editorial(initiative, asked.lang or "fr"))


def similar_initiatives(
    engine: OpenEngine,
    id: str,
    asked: Annotated[SimilarParameters, Query()],
) -> SimilarReply:
    """Find initiatives with a similar aim and public, wherever they are; its own twins are left out."""
    return SimilarReply.of(engine.similar(id, asked.k, asked.lang or "fr"))


def similar_to_text(engine: OpenEngine, described: SimilarText, _: NoParameters) -> SimilarReply:
    """Find initiatives like the project that a text describes."""
    return SimilarReply.of(engine.similar_to(described.text, described.k, described.lang or "fr"))


def judge(request: Request, _: OpenFeedback, engine: OpenEngine, hit: JudgedHit) -> GivenJudgement:
    """Check a judgement; in the thread pool, because the question is encoded."""
    second: Part | None = request.app.state.interleave
    teams = () if second is None else InterleavedSearch(engine, second, toss).teams
    return judged(engine, hit.query, hit.initiative, hit.grade, hit.comment, hit.team, teams)


async def give_feedback(
    writer: OpenFeedback,
    judgement: Annotated[GivenJudgement, Depends(judge)],
    _: NoParameters,
) -> JudgementReply:
    """Keep how well an initiative answers a question, without personal data; the reply is what is kept."""
    kept = await asyncio.wrap_future(writer.write(judgement))
    return JudgementReply.of(kept, writer.store.kept_until(kept.at))


def report(_: OpenFeedback, engine: OpenEngine, gap: GapReport) -> Miss:
    """Check a report of something missing; in the thread pool, because the question is encoded."""
    return reported(engine, gap.query)


async def report_gap(writer: OpenFeedback, miss: Annotated[Miss, Depends(report)], _: NoParameters) -> GapReply:
    """Keep that what a question looks for is not there, without personal data; the reply is what is kept."""
    kept = await asyncio.wrap_future(writer.write(miss))
    return GapReply.of(kept, writer.store.kept_until(kept.at))


def _keep(request: Request, miss: Miss | None) -> None:
    """Keep a miss when there is time, where feedback is kept."""
    writer: Writer | None = request.app.state.feedback
    if writer is not None and miss is not None:
        writer.write_later(miss)


async def health(_: NoParameters) -> HealthReply:
    """Say that the process is alive; not in the thread pool, where searches under load would keep it waiting."""
    return HealthReply(status="alive")


def ready(request: Request, engine: OpenEngine, _: NoParameters) -> ReadyReply:
    """Say that index and model are loaded, and that nothing is being opened any more."""
    if not request.app.state.asker.done():
        raise NotReady("What answers questions is still being opened", "the service", "Ask again in a second.")
    manifest = engine.index.manifest
    return ReadyReply(
        status="ready", documents=manifest.documents, initiatives=manifest.initiatives, encoder=manifest.encoder
    )
