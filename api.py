"""The HTTP door: the routes for programs and the pages for people, over an engine that is opened when the app starts.

    app = create_app(read_settings())

Nothing happens at import. Until the engine and the asker are open, /ready says no. An asker that cannot be opened takes
the routes that need it with it and no other.
"""

import logging
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from opening import open_asker, open_engine, open_store

from corpus import Fault
from feedback import Writer
from search import Searcher
from search.answer import Answerer
from settings import Settings
from web.dependencies import Service
from web.errors import show_faults
from web.routes import router
from web.views import add_views

# Many times the longest text that is read; it keeps a stranger from filling the memory.
MOST_BODY_BYTES = 64 * 1024

log = logging.getLogger("recueil.http")


def create_app(settings: Settings, engine: Searcher | None = None) -> FastAPI:
    """Make the app. Unless given, its engine is opened when it starts, in the background: /health answers at once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        feedback = Writer(open_store(settings)) if settings.feedback else None
        with ThreadPoolExecutor(1, "open-engine") as background:
            opened = background.submit(lambda: engine or open_engine(settings))
            asker = background.submit(lambda: open_asker(settings, opened.result()))
            asker.add_done_callback(_log_fault)
            app.state.service = Service(var=settings.var, engine=opened, asker=asker, feedback=feedback)
            try:
                yield
            finally:
                if feedback is not None:
                    feedback.close()

    app = FastAPIOffline(
        title="recueil",
        description="Semantic search over collections of public initiative sheets, in French and English.",
        redoc_url=None,
        lifespan=lifespan,
    )
    app.include_router(router)
    add_views(app)
    show_faults(app, MOST_BODY_BYTES)
    return app


def _log_fault(opened: Future[Answerer]) -> None:
    """Let the log say at the start, and not only the first asker, that there will be no answers."""
    if isinstance(fault := opened.exception(), Fault):
        log.error("There will be no answers: %s", fault)
