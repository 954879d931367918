"""The routes for programs: search, answers, initiatives and their likes, and feedback, as JSON."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse

from feedback import Judgement, Miss, judged, missed_by_answer, missed_by_search, reported
from search import Citation
from search.answer import Answer, Statement
from web.dependencies import SOON, OpenAsker, OpenEngine, OpenFeedback, OpenMissLog, RunningService
from web.errors import NotReady, faults
from web.events import Event, stream
from web.negotiation import EVENTS, prefers_events
from web.parameters import (
    AskParameters,
    GapReport,
    JudgedHit,
    LanguageParameters,
    NoParameters,
    PageParameters,
    SearchParameters,
    SimilarParameters,
    SimilarText,
)
from web.schemas import (
    AskReply,
    GapReply,
    HealthReply,
    InitiativeSheet,
    JudgementReply,
    PageReply,
    ReadyReply,
    SearchReply,
    SimilarReply,
    StatementEvent,
)

# An answer is of the moment, and in the shape that its asker accepts.
OF_AN_ANSWER = {"Cache-Control": "no-store", "Vary": "Accept"}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `Accept: text/event-stream` an event `statement` for each of its statements "
        "as soon as it is ready (StatementEvent), then an event `answer` with all of it, which replaces them, or an "
        "event `fault` (FaultReply).",
        "content": {EVENTS: {"schema": {"type": "string"}}},
    }
}

NothingAsked = Annotated[NoParameters, Query()]

router = APIRouter()


@router.get("/search", responses=faults(422, 503))
def search(engine: OpenEngine, misses: OpenMissLog, asked: Annotated[SearchParameters, Query()]) -> SearchReply:
    """Find initiatives by what a question means, in French or English; each hit says why it is there."""
    filters = asked.filters(engine.gazetteer)
    results = engine.search(asked.q, asked.k, filters, asked.lang, asked.ignore)
    misses.keep(missed_by_search(results, filters))
    return SearchReply.of(results)


@router.get("/ask", response_model=AskReply, responses=STREAMED | faults(422, 503))
def ask(
    request: Request,
    reply: Response,
    asker: OpenAsker,
    misses: OpenMissLog,
    asked: Annotated[AskParameters, Query()],
) -> AskReply | EventSourceResponse:
    """Answer a question with the exact words of its sources, or say that no sheet holds an answer."""
    filters = asked.filters(asker.engine.gazetteer)

    def kept(answer: Answer) -> AskReply:
        misses.keep(missed_by_answer(answer, filters))
        return AskReply.of(answer)

    def event(said: tuple[Statement, tuple[Citation, ...]] | Answer) -> Event:
        if isinstance(said, Answer):
            return "answer", kept(said).model_dump_json()
        return "statement", StatementEvent.of(*said).model_dump_json()

    if prefers_events(", ".join(request.headers.getlist("accept"))):
        return stream(request, asker.stream(asked.q, filters, asked.ignore), event, OF_AN_ANSWER)
    reply.headers.update(OF_AN_ANSWER)
    return kept(asker.ask(asked.q, filters, asked.ignore))


@router.get("/initiatives", responses=faults(422, 503))
def list_initiatives(engine: OpenEngine, asked: Annotated[PageParameters, Query()]) -> PageReply:
    """List the initiatives that meet the conditions, whole sheets, page by page in the order of the documents."""
    page, following = asked.page_of(engine.select(asked.filters(engine.gazetteer)))
    language = asked.lang or "fr"
    sheets = [InitiativeSheet.of(initiative, engine.editorial(initiative, language)) for initiative in page]
    return PageReply(items=sheets, next=following)


@router.get("/initiatives/{id}", responses=faults(404, 422, 503))
def show_initiative(engine: OpenEngine, id: str, asked: Annotated[LanguageParameters, Query()]) -> InitiativeSheet:
    """Show the whole sheet of one initiative, its text exactly as the document has it."""
    initiative = engine.initiative(id)
    return InitiativeSheet.of(initiative, engine.editorial(initiative, asked.lang or "fr"))


@router.get("/initiatives/{id}/similar", responses=faults(404, 422, 503))
def similar_initiatives(engine: OpenEngine, id: str, asked: Annotated[SimilarParameters, Query()]) -> SimilarReply:
    """Find initiatives with a similar aim and public, wherever they are; its own twins are left out."""
    return SimilarReply.of(engine.similar(id, asked.k, asked.lang or "fr"))


@router.post("/similar", responses=faults(400, 413, 422, 503))
def similar_to_text(engine: OpenEngine, described: SimilarText, _: NothingAsked) -> SimilarReply:
    """Find initiatives like the project that a text describes."""
    return SimilarReply.of(engine.similar_to(described.text, described.k, described.lang or "fr"))


def judgement(_: OpenFeedback, engine: OpenEngine, hit: JudgedHit) -> Judgement:
    """Check a judgement; in the thread pool, because the question is encoded."""
    return judged(engine, hit.query, hit.initiative, hit.grade, hit.comment)


@router.post("/feedback", status_code=201, responses=faults(400, 404, 413, 422, 503))
async def give_feedback(
    writer: OpenFeedback, judgement: Annotated[Judgement, Depends(judgement)], _: NothingAsked
) -> JudgementReply:
    """Keep how well an initiative answers a question, without personal data; the reply is what is kept."""
    kept = await asyncio.wrap_future(writer.write(judgement))
    return JudgementReply.of(kept, writer.store.kept_until(kept.at))


def reported_miss(_: OpenFeedback, engine: OpenEngine, gap: GapReport) -> Miss:
    """Check a report of something missing; in the thread pool, because the question is encoded."""
    return reported(engine, gap.query)


@router.post("/feedback/gap", status_code=201, responses=faults(400, 404, 413, 422, 503))
async def report_gap(writer: OpenFeedback, miss: Annotated[Miss, Depends(reported_miss)], _: NothingAsked) -> GapReply:
    """Keep that what a question looks for is not there, without personal data; the reply is what is kept."""
    kept = await asyncio.wrap_future(writer.write(miss))
    return GapReply.of(kept, writer.store.kept_until(kept.at))


@router.get("/health", responses=faults(422))
async def health(_: NothingAsked) -> HealthReply:
    """Say that the process is alive; not in the thread pool, where searches under load would keep it waiting."""
    return HealthReply(status="alive")


@router.get("/ready", responses=faults(422, 503))
def ready(service: RunningService, engine: OpenEngine, _: NothingAsked) -> ReadyReply:
    """Say that index and model are loaded, and that nothing is being opened any more."""
    if not service.asker.done():
        raise NotReady("What answers questions is still being opened", "the service", SOON)
    manifest = engine.index.manifest
    return ReadyReply(
        status="ready", documents=manifest.documents, initiatives=manifest.initiatives, encoder=manifest.encoder
    )
