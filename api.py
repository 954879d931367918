"""The HTTP door: the routes for programs and the pages for people, over a searcher that is opened when the app starts.

    app = create_app(read_settings())

Nothing happens at import. Until the searcher and the answerer are open, /ready says no. An answerer that cannot be
opened takes /ask and the answers of pages with it, and no list.
"""

import logging
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI

from corpus import Fault
from feedback import Store, Writer
from index import built_at
from search import Searcher
from search.answer import Answerer
from settings import BadSetting, Settings
from web.access_log import log_request, write_lines_to
from web.address import AddressLimit, HeadAsGet, PublicAddress
from web.dependencies import Service
from web.docs import app_with_docs
from web.errors import show_faults
from web.metrics import Metrics
from web.observation import Observation, RouteNote
from web.routes import router
from web.safety import SafeHeaders
from web.views import add_views

# Many times the longest text that is read; it keeps a stranger from filling the memory.
MOST_BODY_BYTES = 64 * 1024

log = logging.getLogger("recueil.http")


def create_app(settings: Settings, searcher: Searcher | None = None) -> FastAPI:
    """Make the app. Unless given, its searcher is opened when it starts, in the background: /health answers at once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        feedback = feedback_writer(settings)
        with ThreadPoolExecutor(1, "open-searcher") as background:
            opened = background.submit(lambda: searcher or open_searcher(settings))
            answerer = background.submit(lambda: open_answerer(settings, opened.result()))
            answerer.add_done_callback(_log_fault)
            app.state.service = Service(var=settings.var, searcher=opened, answerer=answerer, feedback=feedback)
            try:
                yield
            finally:
                if feedback is not None:
                    feedback.close()

    app = app_with_docs(
        title="recueil",
        description="Semantic search over collections of public initiative sheets, in French and English.",
        lifespan=lifespan,
    )
    app.add_middleware(RouteNote)
    app.include_router(router)
    add_views(app)
    show_faults(app, MOST_BODY_BYTES)
    app.add_middleware(HeadAsGet)
    app.add_middleware(AddressLimit)
    app.add_middleware(PublicAddress, public_url=settings.public_address, known=settings.known_hosts)
    app.add_middleware(SafeHeaders)
    _observe(app, settings)
    return app


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


def _observe(app: FastAPI, settings: Settings) -> None:
    """See every request from outside, and count and log as the settings have it."""

    def searcher() -> Searcher | None:
        service: Service | None = getattr(app.state, "service", None)
        is_open = service is not None and service.searcher.done() and service.searcher.exception() is None
        return service.searcher.result() if service is not None and is_open else None

    metrics = None if settings.metrics == "off" else Metrics(searcher, lambda: built_at(settings.index_folder))
    app.state.metrics, app.state.metrics_for_all = metrics, settings.metrics == "all"
    tell = ([] if metrics is None else [metrics.end]) + ([] if settings.access_log is None else [log_request])
    app.add_middleware(Observation, tell=tell, begin=[] if metrics is None else [metrics.begin])


def open_searcher(settings: Settings) -> Searcher:
    """Open what searches. Raises BadIndex or BadModel."""
    return Searcher.open(settings.index_folder, settings.model_folder, settings.threads)


def open_answerer(settings: Settings, searcher: Searcher) -> Answerer:
    """Open what answers. Raises BadReader or BadCalibration."""
    return Answerer.open(searcher, settings.answer_folder, settings.language_model())


def _log_fault(opened: Future[Answerer]) -> None:
    """Let the log say at the start, and not only to the first who asks, that there will be no answers."""
    if isinstance(fault := opened.exception(), Fault):
        log.error("There will be no answers: %s", fault)
