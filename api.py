"""The HTTP door: the routes for programs and the pages for people, over a searcher that is opened when the app starts.

    app = create_app(read_settings())

Nothing happens at import. Until the searcher and the answerer are open, /ready says no. An answerer that cannot be
opened takes /ask and the answers of pages with it, and no list. A new generation of the index is served as soon as it
is published, without a stop (web/serving.py).
"""

import asyncio
import sys
import weakref
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from threading import Lock

import uvicorn
from fastapi import FastAPI, Security

from feedback import Store, Writer
from index import BadIndex
from recueil import version
from search import Searcher
from search.answer import Answerer
from settings import BadSetting, Settings
from web.access import Access
from web.access_log import log_request, write_lines_to
from web.address import AddressLimit, HeadAsGet, PublicAddress
from web.admin import router as admin_router
from web.administration import Administration
from web.admission import Admission, Kind, Limits
from web.building import Building
from web.bulk_routes import router as bulk_router
from web.caller import KEY_SCHEME
from web.collection import router as collection_router
from web.connections import BoundedConnection, ConnectionLimits, Server, room_for_connections
from web.corpora import name_corpora
from web.corpora import router as corpora_router
from web.dependencies import Service, SignInDoor
from web.docs import app_with_docs
from web.entity_tags import EntityTags
from web.errors import faults, show_faults
from web.kept_replies import KeepReplies
from web.keys import KeyFile
from web.metrics import Metrics
from web.needs import NeedsOfTheDay
from web.observation import Observation, RouteNote
from web.openai import router as openai_router
from web.openai_errors import OpenAIErrors
from web.places import Places
from web.publication import Publication
from web.routes import router, state_router
from web.safety import SafeHeaders, allow_scripts_of
from web.serving import Exchange, OneGeneration
from web.sessions import Sessions
from web.time_limit import TimeLimit
from web.together import router as together_router
from web.tracing import open_tracing
from web.views import add_views, refusal_page

# Many times the longest text that is read; it keeps a stranger from filling the memory.
MOST_BODY_BYTES = 64 * 1024

# Pages and routes of whoever runs the service at work at once: so many find room when everything else is full.
ADMIN_AT_ONCE = 2
# Whole collections that are written at once: who reads sheets and searches goes first.
EXPORTS_AT_ONCE = 1

# Seconds of Python after which a thread lets another go on. With the usual 5 ms the event loop, which hands the lock
# back at every call of the system, answered /health in 67 ms beside two busy threads; so in 23.
SWITCH_S = 0.0005


def create_app(
    settings: Settings,
    searcher: Searcher | None = None,
    building: Building | Mapping[str, Building] | None = None,
) -> FastAPI:
    """Make the app. Unless given, its searcher is opened when it starts, in the background: /health answers at once.

    `building` may make the index meanwhile, or a newer one; of several corpora each may have one, by its name.
    """
    by_corpus = settings.by_corpus
    beside = building if isinstance(building, Mapping) else dict.fromkeys(by_corpus, building)
    openings = Openings(by_corpus, beside, searcher)
    app = app_with_docs(
        title="recueil",
        version=version(),
        description="Semantic search over collections of public initiative sheets, in French and English.",
        lifespan=openings.lifespan,
        # The framework's own traces hold addresses, and with them what was asked; web/observation.py sees without.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.embedding = settings.embedding_origins
    app.state.export_contacts = settings.export_contacts
    app.state.publication = _publication(settings)
    app.state.sign_in = door = SignInDoor(KeyFile(settings.keys_file), Sessions())
    app.add_middleware(RouteNote)
    app.add_middleware(EntityTags)
    key = [Security(KEY_SCHEME)] if settings.reading == "keyed" else None
    several = (corpora_router, together_router) if settings.corpora else ()
    for routes in (router, collection_router, bulk_router, openai_router, *several):
        app.include_router(routes, dependencies=key, responses=faults(401, 403, 429))
    app.include_router(state_router)
    app.state.administrations = {
        name: _administration(one, door.keys, beside.get(name)) for name, one in by_corpus.items()
    }
    app.state.needs_of_the_day = {
        name: NeedsOfTheDay(one) for name, one in app.state.administrations.items() if settings.public_needs
    }
    app.include_router(admin_router)
    add_views(app, several=bool(settings.corpora))
    show_faults(app, MOST_BODY_BYTES)
    places = _limits(settings).places()
    app.add_middleware(Admission, places=places, most_body_bytes=MOST_BODY_BYTES, as_page=refusal_page)
    app.add_middleware(TimeLimit, seconds=settings.request_s, as_page=refusal_page)
    # Inside of what decides who may ask: what is kept is shown to whoever comes here.
    app.add_middleware(KeepReplies, most_bytes=settings.kept_replies_mb * 2**20 // len(by_corpus))
    app.add_middleware(
        Access,
        keys=door.keys,
        sessions=door.sessions,
        reading_is_keyed=settings.reading == "keyed",
        per_minute=settings.address_per_minute,
        as_page=refusal_page,
    )
    app.add_middleware(HeadAsGet)
    app.add_middleware(OpenAIErrors)
    app.add_middleware(AddressLimit)
    if scripts_of := (*settings.cors_origins, *settings.embedding_origins):
        allow_scripts_of(app, scripts_of)
    app.add_middleware(OneGeneration)
    if settings.corpora:
        name_corpora(app, by_corpus, refusal_page, told=settings.reading == "open")
    app.add_middleware(
        PublicAddress,
        public_url=settings.public_address,
        known=settings.known_hosts,
        proxies=settings.known_proxies,
    )
    app.add_middleware(SafeHeaders)
    _observe(app, settings, by_corpus, places)
    return app


def make_server(app: FastAPI, settings: Settings) -> Server:
    """Make what serves an app until the process is told to end: `run(sockets=[listening])`."""
    sys.setswitchinterval(SWITCH_S)
    most = room_for_connections(settings.connections)
    limits = ConnectionLimits(most=most, patience_s=settings.client_s)
    # No access log: its lines hold what people ask. No warnings: strangers cause them, as many as they like.
    # The app itself heeds proxies (web/address.py). A request that stalls must not keep the process from ending.
    config = uvicorn.Config(
        app,
        http=partial(BoundedConnection, limits=limits),  # type: ignore[arg-type]
        ws="none",
        access_log=False,
        log_level="error",
        proxy_headers=False,
        server_header=False,
        backlog=most,
        timeout_graceful_shutdown=settings.stop_s,
    )
    return Server(config)


def _limits(settings: Settings) -> Limits:
    # Who waits for a language model keeps no processor busy: the others are answered beside them.
    for_model = settings.llm_at_once if settings.llm_url is not None else 0
    at_once = {
        Kind.SEARCH: settings.searches,
        Kind.ASK: settings.asks + for_model,
        Kind.SUGGEST: settings.suggestions,
        Kind.LOOKUP: settings.lookups,
        Kind.EXPORT: EXPORTS_AT_ONCE,
        Kind.WRITE: settings.writes,
        Kind.ADMIN: ADMIN_AT_ONCE,
    }
    return Limits(at_once=at_once, waiting=settings.queue, longest_wait_s=settings.queue_s)


def _publication(settings: Settings) -> Publication | None:
    """Who publishes the pages, None unless the settings say."""
    if settings.publisher is None or settings.hosting is None or settings.contact is None:
        return None
    return Publication(
        publisher=settings.publisher,
        host=settings.hosting,
        contact=settings.contact,
        feedback_days=settings.feedback_days if settings.feedback else None,
        language_model=settings.llm_url.host if settings.llm_url is not None else None,
        logs=settings.access_log is not None,
    )


def _administration(settings: Settings, keys: KeyFile, building: Building | None) -> Administration:
    return Administration(
        index_folder=settings.index_folder,
        model_folder=settings.model_folder,
        set_aside_file=settings.set_aside_file,
        store=Store(settings.feedback_file, settings.feedback_days),
        keys=keys,
        building=building,
        limits=settings.limits_told(),
    )


def feedback_writer(settings: Settings) -> Writer | None:
    """What keeps feedback, None where none is kept."""
    store = Store(settings.feedback_file, settings.feedback_days)
    return Writer(store, settings.feedback_per_day) if settings.feedback else None


def open_access_log(settings: Settings) -> None:
    """Let the lines of requests go where the setting says. Raises BadSetting."""
    if settings.access_log is None:
        return
    try:
        write_lines_to(settings.access_log)
    except OSError as error:
        what = f"The access log cannot be written: {error.strerror}"
        raise BadSetting(what, settings.access_log, "Choose another file with RECUEIL_ACCESS_LOG.") from None


def _observe(app: FastAPI, settings: Settings, corpora: Collection[str], places: Mapping[Kind, Places]) -> None:
    """See every request from outside, and count, log and trace as the settings have it. Raises NoTracing."""

    def searchers() -> Mapping[str, Searcher | None]:
        services: Mapping[str, Service] = getattr(app.state, "services", {})
        return {name: services[name].searcher_if_open if name in services else None for name in corpora}

    metrics = None if settings.metrics == "off" else Metrics(searchers, places.values())
    app.state.metrics, app.state.metrics_for_all = metrics, settings.metrics == "all"
    tracing = None if settings.traces is None else open_tracing(str(settings.traces))
    app.state.tracing = tracing
    tell = ([] if metrics is None else [metrics.end]) + ([] if settings.access_log is None else [log_request])
    tell += [] if tracing is None else [tracing.end]
    app.add_middleware(Observation, tell=tell, begin=[] if metrics is None else [metrics.begin])


class Openings:
    """Opens what serves each corpus while the app runs; indexes of one model share it."""

    def __init__(
        self, by_corpus: Mapping[str, Settings], beside: Mapping[str, Building | None], searcher: Searcher | None
    ) -> None:
        """Take the settings of each corpus, what builds it, and what is open already, if it is: then that is served."""
        self._by_corpus = by_corpus
        self._beside = beside
        self._given = searcher
        self._one_at_a_time = Lock()
        self._last: Callable[[], Searcher | None] = lambda: None  # what was opened last, if it is still in use

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """Keep the services of an app up to date, in `state.services`, until it ends."""
        app.state.services = {}
        exchanges = [self._exchange(app, name) for name in self._by_corpus]
        watching = [asyncio.create_task(one.watch()) for one in exchanges]
        try:
            yield
        finally:
            for task in watching:
                task.cancel()
            for building in self._beside.values():
                if building is not None:
                    building.stop()
            for task in watching:
                with suppress(asyncio.CancelledError):
                    await task
            for one in exchanges:
                if one.service.feedback is not None:
                    one.service.feedback.close()
            if app.state.tracing is not None:
                await asyncio.to_thread(app.state.tracing.close)

    def _exchange(self, app: FastAPI, name: str) -> Exchange:
        corpus = self._by_corpus[name]
        exchange = Exchange(
            corpus.index_folder,
            open_searcher=lambda before: self._searcher(corpus, before),
            open_answerer=lambda opened: open_answerer(corpus, opened),
            show=lambda service: app.state.services.update({name: service}),
            var=corpus.made,
            feedback=feedback_writer(corpus),
            building=self._beside.get(name),
            corpus=name,
        )
        exchange.show(exchange.service)
        return exchange

    def _searcher(self, corpus: Settings, before: Searcher | None) -> Searcher:
        """Raises BadIndex or BadModel."""
        if self._given is not None and before is None:
            return self._given
        with self._one_at_a_time:
            before = before or self._last()
            searcher = reopen_searcher(corpus, before) if before else open_searcher(corpus)
            self._last = weakref.ref(searcher)
            return searcher


def open_searcher(settings: Settings) -> Searcher:
    """Open what searches. Raises BadIndex or BadModel.

    The threads are those of all searches at work together: more than there are cores would wait for each other, and the
    event loop for them.
    """
    threads = max(1, settings.threads // settings.searches)
    return Searcher.open(settings.index_folder, settings.model_folder, threads, private=True)


def reopen_searcher(settings: Settings, before: Searcher) -> Searcher:
    """Open another generation, with the model that is open where it fits. Raises BadIndex or BadModel."""
    with suppress(BadIndex):  # made with another model, or damaged: opening all of it anew will tell
        return before.over(settings.index_folder)
    return open_searcher(settings)


def open_answerer(settings: Settings, searcher: Searcher) -> Answerer:
    """Open what answers. Raises BadReader or BadCalibration."""
    return Answerer.open(searcher, settings.answer_folder, settings.language_model())
