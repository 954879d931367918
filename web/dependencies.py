"""Dependencies: what a route needs of the service and of the request, as types that FastAPI fills in."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from corpus import Document, Initiative
from feedback import FeedbackOff, Miss, Writer
from search import Searcher
from search.answer import Answerer
from web.errors import NotReady
from web.visitor import SearchRequest, Visitor

SOON = "Ask again in a second."


@dataclass(frozen=True)
class Catalogue:
    """The documents and initiatives of an index, by their ids."""

    documents: Mapping[str, Document]
    initiatives: Mapping[str, Initiative]

    def document_of(self, initiative: Initiative) -> Document:
        """The document that tells of an initiative."""
        return self.documents[initiative.source.document]

    @property
    def document_titles(self) -> dict[str, str]:
        """The titles of all documents, by their ids."""
        return {id: document.title for id, document in self.documents.items()}


@dataclass(frozen=True)
class Service:
    """What the routes share, opened once when the app starts. It lies in `app.state.service`."""

    var: Path  # where reports are written
    searcher: Future[Searcher]
    answerer: Future[Answerer]
    feedback: Writer | None  # None where none is kept

    @cached_property
    def catalogue(self) -> Catalogue:
        """Made on first use; the searcher must be open."""
        contents = self.searcher.result().index.contents
        return Catalogue({one.id: one for one in contents.documents}, {one.id: one for one in contents.initiatives})


@dataclass(frozen=True)
class MissLog:
    """Keeps the questions that the collection does not meet, where feedback is kept."""

    writer: Writer | None

    @property
    def is_kept(self) -> bool:
        """Whether anything is."""
        return self.writer is not None

    def keep(self, miss: Miss | None) -> None:
        """Keep a miss, if it is one, when there is time: nobody who searches waits for the disk."""
        if self.writer is not None and miss is not None:
            self.writer.write_later(miss)


# None of these waits for anything, so that they run in the event loop and need no thread of the pool.


async def running_service(request: Request) -> Service:
    """Give what the routes share."""
    service: Service = request.app.state.service
    return service


RunningService = Annotated[Service, Depends(running_service)]


async def open_searcher(service: RunningService) -> Searcher:
    """Give the searcher. Raises NotReady while it is being opened, and BadIndex or BadModel when it cannot be."""
    if not service.searcher.done():
        raise NotReady("Index and model are still being opened", "the service", SOON)
    return service.searcher.result()


OpenSearcher = Annotated[Searcher, Depends(open_searcher)]


async def open_answerer(service: RunningService, _: OpenSearcher) -> Answerer:
    """Give the answerer. Raises what `open_searcher` does, and BadReader or BadCalibration when it cannot be opened."""
    if not service.answerer.done():
        raise NotReady("What answers questions is still being opened", "the service", SOON)
    return service.answerer.result()


async def open_catalogue(service: RunningService, _: OpenSearcher) -> Catalogue:
    """Give documents and initiatives by their ids. Raises what `open_searcher` does."""
    return service.catalogue


async def open_feedback(service: RunningService) -> Writer:
    """Give what keeps feedback. Raises FeedbackOff."""
    if service.feedback is None:
        raise FeedbackOff(
            "This service keeps no feedback", "the service", "Whoever runs it turns it on with RECUEIL_FEEDBACK=true."
        )
    return service.feedback


async def miss_log(service: RunningService) -> MissLog:
    """Give what keeps misses, which does nothing where no feedback is kept."""
    return MissLog(service.feedback)


OpenAnswerer = Annotated[Answerer, Depends(open_answerer)]
OpenCatalogue = Annotated[Catalogue, Depends(open_catalogue)]
OpenFeedback = Annotated[Writer, Depends(open_feedback)]
OpenMissLog = Annotated[MissLog, Depends(miss_log)]


async def current_visitor(request: Request) -> Visitor:
    """Give who visits a page."""
    return Visitor.of(request)


async def asked_search(request: Request) -> SearchRequest:
    """Give what the address of a page asks for."""
    return SearchRequest.of(request)


CurrentVisitor = Annotated[Visitor, Depends(current_visitor)]
AskedSearch = Annotated[SearchRequest, Depends(asked_search)]
