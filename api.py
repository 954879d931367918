"""The HTTP door: search, initiatives and their likes as JSON. Every refusal says what, where and the mend.

    app = create_app(read_settings())

Nothing happens at import. The engine is opened once, when the app starts; until then /ready says no.
"""

from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi_offline import FastAPIOffline

from http_faults import NotReady, faults, show_faults
from index.build import index_folder, model_folder
from parameters import Nothing, PageParameters, SearchParameters, SimilarParameters, SimilarText
from search import Engine
from settings import Settings
from wire import HealthReply, InitiativeSheet, PageReply, ReadyReply, SearchReply, SimilarReply

# Many times the longest text that is read; it keeps a stranger from filling the memory.
MOST_BODY_BYTES = 64 * 1024


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """Make the app. Unless given, its engine is opened when it starts, in the background: /health answers at once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ThreadPoolExecutor(1, "open-engine") as background:
            app.state.engine = background.submit(lambda: engine or open_engine(settings))
            yield

    app = FastAPIOffline(
        title="recueil",
        description="Semantic search over collections of public initiative sheets, in French and English.",
        redoc_url=None,
        lifespan=lifespan,
    )
    app.get("/search", responses=faults(422, 503))(search)
    app.get("/initiatives", responses=faults(422, 503))(list_initiatives)
    app.get("/initiatives/{id}", responses=faults(404, 422, 503))(show_initiative)
    app.get("/initiatives/{id}/similar", responses=faults(404, 422, 503))(similar_initiatives)
    app.post("/similar", responses=faults(400, 413, 422, 503))(similar_to_text)
    app.get("/health", responses=faults(422))(health)
    app.get("/ready", responses=faults(422, 503))(ready)
    show_faults(app, MOST_BODY_BYTES)
    return app


def open_engine(settings: Settings) -> Engine:
    """Open the engine that the settings ask for. Raises BadIndex or BadModel."""
    return Engine.open(index_folder(settings.var), model_folder(settings.var, settings.encoder), settings.threads)


async def opened_engine(request: Request) -> Engine:
    """Give the engine. Raises NotReady while it is being opened, and BadIndex or BadModel when it cannot be."""
    opening: Future[Engine] = request.app.state.engine
    if not opening.done():
        raise NotReady("Index and model are still being opened", "the service", "Ask again in a second.")
    return opening.result()


OpenEngine = Annotated[Engine, Depends(opened_engine)]
NoParameters = Annotated[Nothing, Query()]


def search(engine: OpenEngine, asked: Annotated[SearchParameters, Query()]) -> SearchReply:
    """Find initiatives by what a question means, in French or English; each hit says why it is there."""
    return SearchReply.of(engine.search(asked.q, asked.k, asked.filters(engine.gazetteer)))


def list_initiatives(engine: OpenEngine, asked: Annotated[PageParameters, Query()]) -> PageReply:
    """List the initiatives that meet the conditions, whole sheets, page by page in the order of the documents."""
    page, following = asked.page_of(engine.select(asked.filters(engine.gazetteer)))
    return PageReply(items=[InitiativeSheet.of(initiative) for initiative in page], next=following)


def show_initiative(engine: OpenEngine, id: str, _: NoParameters) -> InitiativeSheet:
    """Show the whole sheet of one initiative, its text exactly as the document has it."""
    return InitiativeSheet.of(engine.initiative(id))


def similar_initiatives(
    engine: OpenEngine,
    id: str,
    asked: Annotated[SimilarParameters, Query()],
) -> SimilarReply:
    """Find initiatives with a similar aim and public, wherever they are; its own twins are left out."""
    return SimilarReply.of(engine.similar(id, asked.k))


def similar_to_text(engine: OpenEngine, described: SimilarText, _: NoParameters) -> SimilarReply:
    """Find initiatives like the project that a text describes."""
    return SimilarReply.of(engine.similar_to(described.text, described.k))


async def health(_: NoParameters) -> HealthReply:
    """Say that the process is alive; not in the thread pool, where searches under load would keep it waiting."""
    return HealthReply(status="alive")


def ready(engine: OpenEngine, _: NoParameters) -> ReadyReply:
    """Say that index and model are loaded."""
    manifest = engine.index.manifest
    return ReadyReply(
        status="ready", documents=manifest.documents, initiatives=manifest.initiatives, encoder=manifest.encoder
    )
