"""Which generation of the index is served: opened when the app starts, exchanged for a newer one while it runs.

A request is answered from one `Service` from beginning to end, that which was current when it came in, and its reply
names the generation: a reply of two of them cannot be. Nobody waits for an exchange: the new index is opened beside
the old one, which is given back when the last request that uses it has ended.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus import Fault
from feedback import Writer
from index import BadIndex, Generation, current_name
from search import Searcher
from search.answer import Answerer
from web.building import Building
from web.dependencies import Service

LOOK_S = 1.0  # seconds between two looks at the link; each is one call of the system
GENERATION = b"x-recueil-generation"

Opened = TypeVar("Opened")

log = logging.getLogger("recueil.http")


class Exchange:
    """Opens the service, and exchanges it when the link of the index means another generation.

    All of it but `watch` happens in one thread of its own.
    """

    def __init__(
        self,
        index_folder: Path,
        *,
        open_searcher: Callable[[Searcher | None], Searcher],
        open_answerer: Callable[[Searcher], Answerer],
        show: Callable[[Service], None],
        var: Path,
        feedback: Writer | None,
        building: Building | None,
        corpus: str = "",
    ) -> None:
        """Take how to open what serves, given what was open before, and whom to show what requests are answered from.

        `open_searcher` raises BadIndex or BadModel, `open_answerer` BadReader or BadCalibration.
        """
        self.index_folder = index_folder
        self.open_searcher = open_searcher
        self.open_answerer = open_answerer
        self.show = show
        self.building = building
        self.service = Service(
            var=var, searcher=Future(), answerer=Future(), feedback=feedback, building=building, corpus=corpus
        )
        self.index_told = f"the index of '{corpus}'" if corpus else "the index"  # to the log
        self.seen: str | None = None  # the generation that was last opened, or could not be
        self.refused: Fault | None = None  # why, where nothing is open yet

    async def watch(self) -> None:
        """Open what there is, then look for another generation until cancelled."""
        with ThreadPoolExecutor(1, "open-searcher") as background:
            loop = asyncio.get_running_loop()
            opening = loop.run_in_executor(background, self._open)
            try:
                await asyncio.shield(opening)
                while True:
                    await asyncio.sleep(LOOK_S)
                    await asyncio.shield(loop.run_in_executor(background, self._look))
            finally:
                background.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> None:
        """Open the generation that is there; where there is none, and one is being built, that comes with a look."""
        self.seen = current_name(self.index_folder)
        opened = _kept(lambda: self.open_searcher(None))
        if self.building is not None:
            self.building.start(opened)
        if isinstance(fault := opened.exception(), Fault) and self.building is not None:
            self.refused = fault
        else:
            self._serve_first(opened)

    def _serve_first(self, opened: Future[Searcher]) -> None:
        _pass_on(opened, self.service.searcher)
        _pass_on(self._answerer_of(opened), self.service.answerer)

    def _look(self) -> None:
        """Open another generation if the link means one; one that cannot be opened is tried once."""
        is_built = self.building is None or self.building.done.done()
        name = current_name(self.index_folder)
        if name is not None and name != self.seen:
            self.seen = name
            self._exchange(name)
        if is_built and not self.service.searcher.done():
            self._serve_first(_failed(self._why_nothing_is_open()))

    def _exchange(self, name: str) -> None:
        before = self.service.searcher_if_open
        opened = _kept(lambda: self.open_searcher(before))
        if (error := opened.exception()) is not None:
            self.refused = error if isinstance(error, Fault) else None
            what = error if isinstance(error, Fault) else type(error).__name__
            log.error(
                "Generation %s of %s cannot be opened, what is open stays in use: %s", name, self.index_told, what
            )
            return
        if not self.service.searcher.done():
            self._serve_first(opened)
        else:
            self.service = replace(self.service, searcher=opened, answerer=self._answerer_of(opened))
            self.show(self.service)
        log.info("Generation %s of %s is served", name, self.index_told)

    def _answerer_of(self, opened: Future[Searcher]) -> Future[Answerer]:
        """Open what answers from a searcher; the log says at once, and not the first who asks, that nothing does."""
        answerer = _kept(lambda: self.open_answerer(opened.result()))
        if opened.exception() is None and isinstance(fault := answerer.exception(), Fault):
            log.error("There will be no answers: %s", fault)
        return answerer

    def _why_nothing_is_open(self) -> BaseException:
        if self.building is not None and self.building.done.exception() is not None:
            return BadIndex("There is no index, and none could be built", "the service", "Its log says what to mend.")
        return self.refused or RuntimeError("nothing was opened")


def _kept(make: Callable[[], Opened]) -> Future[Opened]:
    """What is made, or why it is not."""
    made: Future[Opened] = Future()
    try:
        made.set_result(make())
    except Exception as error:
        made.set_exception(error)
    return made


def _failed(why: BaseException) -> Future[Searcher]:
    failed: Future[Searcher] = Future()
    failed.set_exception(why)
    return failed


def _pass_on(made: Future[Opened], waiting: Future[Opened]) -> None:
    if (error := made.exception()) is not None:
        waiting.set_exception(error)
    else:
        waiting.set_result(made.result())


class OneGeneration:
    """Lets a request keep the service that is current when it comes in, and names its generation in the reply.

    It is that of the corpus that web/corpora.py has found, or of the first.

    X-Recueil-Generation: 20261129t140233123456; digest=<sha256 of what was read>; built=2026-11-29T14:02:33Z
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        services: dict[str, Service] = scope["app"].state.services
        state = scope.get("state", {})
        service = services[state.get("corpus", next(iter(services)))]
        is_of_one = not state.get("of_all", False)

        async def named(message: Message) -> None:
            is_told = is_of_one and message["type"] == "http.response.start"
            if is_told and (generation := service.generation) is not None:
                message = {**message, "headers": [*message["headers"], (GENERATION, _told(generation))]}
            await send(message)

        await self.app({**scope, "state": {**state, "service": service}}, receive, named)


def _told(generation: Generation) -> bytes:
    return f"{generation.name}; digest={generation.digest}; built={generation.built}".encode("ascii", "replace")
