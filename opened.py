"""Opened: what a request needs of the service, as FastAPI hands it to a route; until it is open, NotReady."""

from concurrent.futures import Future
from typing import Annotated

from fastapi import Depends, Request

from http_faults import NotReady
from search import Engine
from search.answering.asker import Asker
from search.feedback.fault import FeedbackOff
from search.feedback.writer import Writer
from search.interleaved_search import InterleavedSearch
from search.interleaving import toss
from search.part import Part

Searching = Engine | InterleavedSearch


async def opened_engine(request: Request) -> Engine:
    """Give the engine. Raises NotReady while it is being opened, and BadIndex or BadModel when it cannot be."""
    opening: Future[Engine] = request.app.state.engine
    if not opening.done():
        raise NotReady("Index and model are still being opened", "the service", "Ask again in a second.")
    return opening.result()


async def opened_asker(request: Request, _: Annotated[Engine, Depends(opened_engine)]) -> Asker:
    """Give the asker. Raises what `opened_engine` does, and BadReader or BadCalibration when it cannot be opened."""
    opening: Future[Asker] = request.app.state.asker
    if not opening.done():
        raise NotReady("What answers questions is still being opened", "the service", "Ask again in a second.")
    return opening.result()


async def opened_search(request: Request, engine: Annotated[Engine, Depends(opened_engine)]) -> Searching:
    """Give what searches: the engine, or two systems of it that play against each other."""
    second: Part | None = request.app.state.interleave
    return engine if second is None else InterleavedSearch(engine, second, toss)


async def feedback_writer(request: Request) -> Writer:
    """Give what keeps feedback. Raises FeedbackOff."""
    writer: Writer | None = request.app.state.feedback
    if writer is None:
        raise FeedbackOff(
            "This service keeps no feedback", "the service", "Whoever runs it turns it on with RECUEIL_FEEDBACK=true."
        )
    return writer


OpenEngine = Annotated[Engine, Depends(opened_engine)]
OpenSearch = Annotated[Searching, Depends(opened_search)]
OpenAsker = Annotated[Asker, Depends(opened_asker)]
OpenFeedback = Annotated[Writer, Depends(feedback_writer)]
