"""Dependencies: what a route needs of the service and of the request, as types that FastAPI fills in."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, get_args

from fastapi import Depends, Request

from corpus import Language
from feedback import FeedbackOff, Miss, Writer
from index import Contents, Generation
from search import Catalogue, Ranking, Searcher, came_to
from search.answer import Answerer
from web.address import client_address
from web.administration import Administration
from web.building import Building
from web.errors import NotReady
from web.keys import KeyFile
from web.sessions import Sessions
from web.suggestions import Suggester
from web.visitor import SearchRequest, Visitor

SOON = "Ask again in a second."
KEPT_RANKINGS = 16
LANGUAGES: tuple[Language, ...] = get_args(Language)

# What a page asks → its ranking. Raises BadQuestion or UnknownFilter.
RankPage = Callable[[SearchRequest], Ranking]


@dataclass(frozen=True)
class Service:
    """What the routes share, of one generation of the index of one corpus.

    The current ones lie in `app.state.services`, by the names of their corpora.
    """

    var: Path  # where reports are written
    searcher: Future[Searcher]
    answerer: Future[Answerer]
    feedback: Writer | None  # None where none is kept
    building: Building | None = None  # None where nothing is built beside the service
    corpus: str = ""  # its name, where there are several

    @property
    def searcher_if_open(self) -> Searcher | None:
        """What searches, None while it is being opened, and where it cannot be."""
        is_open = self.searcher.done() and self.searcher.exception() is None
        return self.searcher.result() if is_open else None

    @property
    def generation(self) -> Generation | None:
        """The generation that is searched, None while there is none, and of an index that is not on the disk."""
        searcher = self.searcher_if_open
        return None if searcher is None else searcher.index.generation

    @property
    def contents(self) -> Contents | None:
        """What the index that is searched holds, None while there is none."""
        searcher = self.searcher_if_open
        return None if searcher is None else searcher.index.contents

    @property
    def built_beside(self) -> str | None:
        """What is being made beside it, or that this failed."""
        return self.building.state if self.building is not None else None

    @cached_property
    def recent_rankings(self) -> RankPage:
        """Rank for pages, and keep the last rankings; the searcher must be open. Threads may share it.

        With JavaScript a page and its streamed answer ask the same question in two requests: the second finds the
        ranking of the first. Most of a ranking are int32 products of tokens, whatever the size of the index: 0.3 MB
        for a question of ten words, half a megabyte for a long one, 14 MB for 1,000 characters of rare words. So 16
        of them are 5 to 8 MB as people ask, and never more than 220 MB.
        """
        searcher = self.searcher.result()

        @lru_cache(KEPT_RANKINGS)
        def rank(asked: SearchRequest) -> Ranking:
            return searcher.rank(asked.text, asked.filters(searcher.catalogue.gazetteer), frozenset(asked.ignored))

        return rank

    @cached_property
    def suggesters(self) -> Mapping[Language, Suggester]:
        """What is suggested to the readers of each language; the searcher must be open. Threads may share it."""
        searcher = self.searcher.result()
        acronyms = searcher.index.contents.acronyms
        return {language: Suggester.of(searcher.catalogue, language, acronyms) for language in LANGUAGES}


@dataclass(frozen=True)
class MissLog:
    """Keeps the questions that the collection does not meet, where feedback is kept."""

    writer: Writer | None
    giver: str  # address of whoever asks, which is counted and not kept

    @property
    def is_kept(self) -> bool:
        """Whether anything is."""
        return self.writer is not None

    def keep(self, miss: Miss | None) -> None:
        """Keep a miss, if it is one, when there is time: nobody who searches waits for the disk."""
        if self.writer is not None and miss is not None:
            came_to("feedback", "missed")
            self.writer.write_later(miss, self.giver)


# None of these waits for anything, so that they run in the event loop and need no thread of the pool.


async def running_service(request: Request) -> Service:
    """Give what the routes share, the same to everything that answers one request (web/serving.py)."""
    service: Service = request.state.service
    return service


async def running_services(request: Request) -> Mapping[str, Service]:
    """Give the current services of all corpora, by name; that of a service of one corpus by ""."""
    services: Mapping[str, Service] = request.app.state.services
    return dict(services)


RunningService = Annotated[Service, Depends(running_service)]
RunningServices = Annotated[Mapping[str, Service], Depends(running_services)]


@dataclass(frozen=True)
class SignInDoor:
    """What signing in needs. It lies in `app.state.sign_in`."""

    keys: KeyFile
    sessions: Sessions


async def sign_in_door(request: Request) -> SignInDoor:
    """Give what signing in needs."""
    door: SignInDoor = request.app.state.sign_in
    return door


async def running_administration(request: Request, service: RunningService) -> Administration:
    """Give what whoever runs the service sees and does of a corpus."""
    administration: Administration = request.app.state.administrations[service.corpus]
    return administration


RunningAdministration = Annotated[Administration, Depends(running_administration)]
SignIn = Annotated[SignInDoor, Depends(sign_in_door)]


async def open_searcher(service: RunningService) -> Searcher:
    """Give the searcher. Raises NotReady while it is being opened, and BadIndex or BadModel when it cannot be."""
    if not service.searcher.done():
        raise NotReady(service.built_beside or "Index and model are still being opened", "the service", SOON)
    return service.searcher.result()


OpenSearcher = Annotated[Searcher, Depends(open_searcher)]


async def open_answerer(service: RunningService, _: OpenSearcher) -> Answerer:
    """Give the answerer. Raises what `open_searcher` does, and BadReader or BadCalibration when it cannot be opened."""
    return _opened_answerer(service).result()


async def answerer_if_any(service: RunningService, _: OpenSearcher) -> Answerer | None:
    """Give the answerer, None when it cannot be opened: what it is, its own routes say. Raises what those before do."""
    answerer = _opened_answerer(service)
    return None if answerer.exception() else answerer.result()


def _opened_answerer(service: Service) -> Future[Answerer]:
    if not service.answerer.done():
        raise NotReady("What answers questions is still being opened", "the service", SOON)
    return service.answerer


async def open_catalogue(searcher: OpenSearcher) -> Catalogue:
    """Give what can be looked up without a question. Raises what `open_searcher` does."""
    return searcher.catalogue


async def recent_rankings(service: RunningService, _: OpenSearcher) -> RankPage:
    """Give what ranks for pages. Raises what `open_searcher` does."""
    return service.recent_rankings


async def open_feedback(service: RunningService) -> Writer:
    """Give what keeps feedback. Raises FeedbackOff."""
    if service.feedback is None:
        raise FeedbackOff(
            "This service keeps no feedback", "the service", "Whoever runs it turns it on with RECUEIL_FEEDBACK=true."
        )
    return service.feedback


async def visitor_address(request: Request) -> str:
    """Give the address of whoever asks."""
    return client_address(request)


VisitorAddress = Annotated[str, Depends(visitor_address)]


async def miss_log(service: RunningService, giver: VisitorAddress) -> MissLog:
    """Give what keeps misses, which does nothing where no feedback is kept."""
    return MissLog(service.feedback, giver)


OpenAnswerer = Annotated[Answerer, Depends(open_answerer)]
AnswererIfAny = Annotated[Answerer | None, Depends(answerer_if_any)]
OpenCatalogue = Annotated[Catalogue, Depends(open_catalogue)]
RecentRankings = Annotated[RankPage, Depends(recent_rankings)]
OpenFeedback = Annotated[Writer, Depends(open_feedback)]
OpenMissLog = Annotated[MissLog, Depends(miss_log)]


async def current_visitor(request: Request, service: RunningService) -> Visitor:
    """Give who visits a page."""
    return Visitor.of(request, service.contents)


def visitor_of(request: Request) -> Visitor:
    """Give who visits a page that no route answers, such as that of a refusal."""
    service: Service | None = getattr(request.state, "service", None)
    return Visitor.of(request, service.contents if service is not None else None)


async def asked_search(request: Request) -> SearchRequest:
    """Give what the address of a page asks for."""
    return SearchRequest.of(request)


CurrentVisitor = Annotated[Visitor, Depends(current_visitor)]
AskedSearch = Annotated[SearchRequest, Depends(asked_search)]
