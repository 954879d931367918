"""The routes for programs: search, answers, initiatives and their likes, and feedback, as JSON."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse
from pydantic import BaseModel

from feedback import Judgement, Miss, judged, missed_by_answer, missed_by_search, reported
from search import Citation
from search.answer import Answer, Statement
from web import examples
from web.address import is_at_this_machine, prefix
from web.caller import caller_of
from web.corpora import with_corpora
from web.dependencies import (
    AnswererIfAny,
    OpenAnswerer,
    OpenCatalogue,
    OpenFeedback,
    OpenMissLog,
    OpenSearcher,
    RunningService,
    RunningServices,
    VisitorAddress,
)
from web.errors import faults
from web.feedback_replies import GapReply, JudgementReply
from web.keys import Scope
from web.metrics import CONTENT_TYPE, Metrics, NoMetrics
from web.negotiation import EVENTS, JSON, Event, prefers_events, stream
from web.parameters import (
    AskParameters,
    GapReport,
    JudgedHit,
    LanguageParameters,
    NothingAsked,
    PageParameters,
    SearchParameters,
    SimilarParameters,
    SimilarText,
    check_address,
)
from web.schemas import (
    NEAREST,
    AskReply,
    HealthReply,
    InitiativeSheet,
    PageReply,
    ReadyReply,
    SearchReply,
    SimilarReply,
    StatementEvent,
)

# An answer is of the moment, and in the shape that its client accepts.
OF_AN_ANSWER = {"Cache-Control": "no-store", "Vary": "Accept"}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `Accept: text/event-stream` an event `statement` for each of its statements "
        "as soon as it is ready (StatementEvent), then an event `answer` with all of it, which replaces them, or an "
        "event `fault` (FaultReply).",
        "content": {EVENTS: {"schema": {"type": "string"}, "example": examples.ANSWER_AS_EVENTS}},
    }
}

FIGURES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The figures.",
        "content": {"text/plain": {"schema": {"type": "string"}, "example": "recueil_index_initiatives 239.0\n"}},
    }
}

InitiativeId = Annotated[str, Path(description="Id of an initiative, as hits and lists give it.")]

router = APIRouter(dependencies=[Depends(check_address)])

# How the service is, for whoever watches it.
state_router = APIRouter(dependencies=[Depends(check_address)])


@router.get("/search", response_model=SearchReply, responses=faults(422, 503))
def search(searcher: OpenSearcher, misses: OpenMissLog, asked: Annotated[SearchParameters, Query()]) -> Response:
    """Find initiatives by what a question means, in French or English; each hit says why it is there."""
    filters = asked.filters(searcher.catalogue.gazetteer)
    results = searcher.search(asked.q, asked.k, filters, asked.lang, frozenset(asked.ignore))
    misses.keep(missed_by_search(results, filters))
    return _written(SearchReply.of(results))


@router.get("/ask", response_model=AskReply, responses=STREAMED | faults(422, 503))
def ask(
    request: Request,
    reply: Response,
    answerer: OpenAnswerer,
    misses: OpenMissLog,
    asked: Annotated[AskParameters, Query()],
) -> AskReply | EventSourceResponse:
    """Answer a question with the exact words of its sources, or say that no sheet holds an answer."""
    searcher = answerer.searcher
    ranking = searcher.rank(asked.q, asked.filters(searcher.catalogue.gazetteer), frozenset(asked.ignore))

    def kept(answer: Answer) -> AskReply:
        misses.keep(missed_by_answer(answer, ranking.filters))
        return AskReply.of(answer, searcher.hits(ranking, ranking.nearest[:NEAREST], answer.language))

    def event(said: tuple[Statement, tuple[Citation, ...]] | Answer) -> Event:
        if isinstance(said, Answer):
            return "answer", kept(said).model_dump_json()
        return "statement", StatementEvent.of(*said).model_dump_json()

    if prefers_events(", ".join(request.headers.getlist("accept"))):
        return stream(request, answerer.stream(ranking), event, OF_AN_ANSWER)
    reply.headers.update(OF_AN_ANSWER)
    return kept(answerer.answer(ranking))


@router.get("/initiatives", responses=faults(422, 503))
def list_initiatives(
    request: Request, reply: Response, catalogue: OpenCatalogue, asked: Annotated[PageParameters, Query()]
) -> PageReply:
    """List the initiatives that meet the conditions, whole sheets, page by page in the order of the documents.

    The header `Link` names the first, the previous and the next page.
    """
    initiatives = catalogue.select(asked.filters(catalogue.gazetteer))
    page, following = asked.page_of(initiatives)
    reply.headers["Link"] = _links(request, asked.cursors_around(initiatives))
    return PageReply.of(catalogue, page, following, asked.lang or "fr")


@router.get("/initiatives/{id}", responses=faults(404, 422, 503))
def show_initiative(
    request: Request,
    reply: Response,
    catalogue: OpenCatalogue,
    id: InitiativeId,
    asked: Annotated[LanguageParameters, Query()],
) -> InitiativeSheet:
    """Show the whole sheet of one initiative, its text exactly as the document has it."""
    initiative = catalogue.initiative(id)
    reply.headers["Link"] = f'<{prefix(request)}/sheet/{initiative.id}>; rel="alternate"; type="text/html"'
    return InitiativeSheet.of(initiative, catalogue.record(initiative, asked.lang or "fr"))


@router.get("/initiatives/{id}/similar", responses=faults(404, 422, 503))
def similar_initiatives(
    searcher: OpenSearcher, id: InitiativeId, asked: Annotated[SimilarParameters, Query()]
) -> SimilarReply:
    """Find initiatives with a similar aim and public, wherever they are; other sheets of the same one are left out."""
    return SimilarReply.of(searcher.similar(id, asked.k, asked.lang or "fr"))


@router.post("/similar", responses=faults(400, 413, 422, 503))
def similar_to_text(searcher: OpenSearcher, described: SimilarText, _: NothingAsked) -> SimilarReply:
    """Find initiatives like the project that a text describes."""
    return SimilarReply.of(searcher.similar_to(described.text, described.k, described.lang or "fr"))


def checked_judgement(_: OpenFeedback, searcher: OpenSearcher, hit: JudgedHit) -> Judgement:
    """Check a judgement; in the thread pool, because the question is encoded."""
    return judged(searcher, hit.query, hit.initiative, hit.grade, hit.comment)


@router.post("/feedback", status_code=201, responses=faults(400, 404, 413, 422, 429, 503))
async def give_feedback(
    writer: OpenFeedback,
    giver: VisitorAddress,
    judgement: Annotated[Judgement, Depends(checked_judgement)],
    _: NothingAsked,
) -> JudgementReply:
    """Keep how well an initiative answers a question, without personal data; the reply is what is kept."""
    kept = await asyncio.wrap_future(writer.write(judgement, giver))
    return JudgementReply.of(kept, writer.store.kept_until(kept.at))


def reported_miss(_: OpenFeedback, searcher: OpenSearcher, gap: GapReport) -> Miss:
    """Check a report of something missing; in the thread pool, because the question is encoded."""
    return reported(searcher, gap.query)


@router.post("/feedback/gap", status_code=201, responses=faults(400, 404, 413, 422, 429, 503))
async def report_gap(
    writer: OpenFeedback, giver: VisitorAddress, miss: Annotated[Miss, Depends(reported_miss)], _: NothingAsked
) -> GapReply:
    """Keep that what a question looks for is not there, without personal data; the reply is what is kept."""
    kept = await asyncio.wrap_future(writer.write(miss, giver))
    return GapReply.of(kept, writer.store.kept_until(kept.at))


@state_router.get("/health", responses=faults(422))
async def health(_: NothingAsked) -> HealthReply:
    """Say that the process is alive; not in the thread pool, where searches under load would keep it waiting."""
    return HealthReply(status="alive")


@state_router.get("/ready", response_model=ReadyReply, responses=faults(422, 503))
async def ready(
    service: RunningService, services: RunningServices, searcher: OpenSearcher, answerer: AnswererIfAny, _: NothingAsked
) -> Response:
    """Say that index and model are loaded, that nothing is being opened any more, and whether there are answers."""
    manifest = searcher.index.manifest
    reply = ReadyReply(
        status="ready",
        documents=manifest.documents,
        initiatives=manifest.initiatives,
        encoder=manifest.encoder,
        answers=answerer is not None,
        generation=searcher.index.generation,
        build=service.built_beside,
    )
    return _written(with_corpora(reply, services))


@state_router.get("/metrics", response_class=Response, responses=FIGURES | faults(401, 403, 422, 429))
async def give_metrics(request: Request, _: NothingAsked) -> Response:
    """Give the figures of the service to Prometheus: to one on the same machine, or with a key for `statistics`."""
    metrics: Metrics | None = request.app.state.metrics
    is_allowed = request.app.state.metrics_for_all or is_at_this_machine(request)
    if metrics is None or not (is_allowed or caller_of(request).may(Scope.STATISTICS)):
        raise NoMetrics(
            "The figures of this service are not given to you",
            "the path",
            "Ask from the machine it runs on, or with a key for 'statistics'; or whoever runs it sets "
            "RECUEIL_METRICS=all.",
        )
    return Response(metrics.text(), media_type=CONTENT_TYPE)


def _links(request: Request, cursors: Mapping[str, str | None]) -> str:
    """The header that leads to other pages of a list, by their cursors (RFC 8288)."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]

    def address(cursor: str | None) -> str:
        query = urlencode([*kept, *([("cursor", cursor)] if cursor else [])])
        return f"{request.url.path}{'?' if query else ''}{query}"

    return ", ".join(f'<{address(cursor)}>; rel="{name}"' for name, cursor in cursors.items())


def _written(reply: BaseModel) -> Response:
    """A reply of ours as bytes, made where the work was done.

    The framework would check what we made ourselves in another thread, and write it in the event loop.
    """
    return Response(reply.model_dump_json(), media_type=JSON)
