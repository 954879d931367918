"""The HTTP door: the routes for programs and the pages for people, over a searcher that is opened when the app starts.

    app = create_app(read_settings())

Nothing happens at import. Until the searcher and the answerer are open, /ready says no. An answerer that cannot be
opened takes /ask and the answers of pages with it, and no list. A new generation of the index is served as soon as it is
published, without a stop (web/serving.py).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from feedback import Store, Writer
from index import BadIndex
from search import Searcher
from search.answer import Answerer
from settings import Settings
from web.address import AddressLimit, HeadAsGet, PublicAddress
from web.dependencies import Building
from web.docs import app_with_docs
from web.errors import show_faults
from web.routes import router
from web.safety import SafeHeaders
from web.serving import Exchange, OneGeneration
from web.views import add_views

# Many times the longest text that is read; it keeps a stranger from filling the memory.
MOST_BODY_BYTES = 64 * 1024


def create_app(settings: Settings, searcher: Searcher | None = None, building: Building | None = None) -> FastAPI:
    """Make the app. Unless given, its searcher is opened when it starts, in the background: /health answers at once.

    `building` may make the index meanwhile, or a newer one.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        feedback = Writer(Store(settings.feedback_file, settings.feedback_days)) if settings.feedback else None
        first = open_searcher if searcher is None else lambda _: searcher
        exchange = Exchange(
            settings.index_folder,
            open_searcher=lambda before: reopen_searcher(settings, before) if before else first(settings),
            open_answerer=lambda opened: open_answerer(settings, opened),
            show=lambda service: setattr(app.state, "service", service),
            var=settings.var,
            feedback=feedback,
            building=building,
        )
        app.state.service = exchange.service
        watching = asyncio.create_task(exchange.watch())
        try:
            yield
        finally:
            watching.cancel()
            if building is not None:
                building.stop()
            with suppress(asyncio.CancelledError):
                await watching
            if feedback is not None:
                feedback.close()

    app = app_with_docs(
        title="recueil",
        description="Semantic search over collections of public initiative sheets, in French and English.",
        lifespan=lifespan,
    )
    app.include_router(router)
    add_views(app)
    show_faults(app, MOST_BODY_BYTES)
    app.add_middleware(HeadAsGet)
    app.add_middleware(AddressLimit)
    app.add_middleware(PublicAddress, public_url=settings.public_address, known=settings.known_hosts)
    app.add_middleware(SafeHeaders)
    app.add_middleware(OneGeneration)
    return app


def open_searcher(settings: Settings) -> Searcher:
    """Open what searches. Raises BadIndex or BadModel."""
    return Searcher.open(settings.index_folder, settings.model_folder, settings.threads, private=True)


def reopen_searcher(settings: Settings, before: Searcher) -> Searcher:
    """Open another generation, with the model that is open where it fits. Raises BadIndex or BadModel."""
    with suppress(BadIndex):  # made with another model, or damaged: opening all of it anew will tell
        return before.over(settings.index_folder)
    return open_searcher(settings)


def open_answerer(settings: Settings, searcher: Searcher) -> Answerer:
    """Open what answers. Raises BadReader or BadCalibration."""
    return Answerer.open(searcher, settings.answer_folder, settings.language_model())
