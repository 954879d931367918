"""The service over the almanac, in this process: six initiatives, one editorial record, and a stand-in answerer."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from time import monotonic, sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

import api
from corpus import Author, Bilingual, EditorialRecord, Enrichment, Expansions, Source, Vocabulary
from corpus.places import Gazetteer
from search import Citation, Filters, Ranking, Searcher
from search.answer import Answer, MadeBy, Statement, Verdict
from settings import Settings
from tests.almanac import RECORD, VOCABULARY, Made

BIKES = "almanac-preter-un-velo-aux-jeunes-apprentis-de-la-gironde-qui-n-ont-33"
BUS = "almanac-faire-circuler-un-bus-qui-amene-le-medecin-dans-les-villages"
REFUSED = "introuvable"  # a question with this word is refused an answer
OPEN_S = 30  # seconds until an app must be open, on a machine busy with other things


class QuotingAnswerer:
    """Stands for the answerer: its answer quotes the passage of the first hit, or refuses; sure at .83."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher

    def answer(self, ranking: Ranking) -> Answer:
        *_, answer = self.stream(ranking)
        return answer

    def stream(self, ranking: Ranking) -> Iterator[Any]:
        query, hits = ranking.query, self.searcher.results(ranking, 1).hits
        is_refused = REFUSED in query.text or not hits
        statements, citations = (Statement("Pas de réponse.", ()),), ()
        if not is_refused:
            (hit,) = hits
            passage, document = hit.passage, hit.initiative.source.document
            source = Source(document, passage.start_line, passage.end_line)
            statements = (Statement(f"{hit.initiative.title} : « {passage.text} »", (0,)),)
            citations = (Citation(hit.initiative.id, hit.also_in, passage.text, source),)
            yield statements[0], citations
        yield Answer(
            question=query.text,
            language=query.language,
            verdict=Verdict.REFUSED if is_refused else Verdict.ANSWERED,
            confidence=0.2 if is_refused else 0.93,
            statements=statements,
            citations=citations,
            path=MadeBy.EXTRACTIVE,
            fallback=None,
            removed=0,
            took_ms=1.0,
        )

    def searched(self, filters: Filters) -> int:
        return len(self.searcher.catalogue.select(filters))


@pytest.fixture(scope="session")
def small_searcher(almanac: Made, gazetteer: Gazetteer) -> Searcher:
    """The searcher of the almanac, with an editorial record of the bikes that is shown and not searched."""
    searcher = almanac.searcher()
    record = EditorialRecord(
        initiative=BIKES,
        author=Author.PERSON,
        date=RECORD["date"],
        title_en=RECORD["title_en"],
        summary=Bilingual(**RECORD["summary"]),
        publics=tuple(RECORD["publics"]),
        topics=tuple(RECORD["topics"]),
        expansions=Expansions((), ()),
    )
    labels = {name: {key: Bilingual(**label) for key, label in keys.items()} for name, keys in VOCABULARY.items()}
    enrichment = Enrichment((record,), Vocabulary(**labels))
    contents = replace(searcher.index.contents, enrichment=enrichment)
    return Searcher.of(replace(searcher.index, contents=contents), searcher.encoder, gazetteer)


@pytest.fixture(scope="session")
def small_settings(almanac: Made) -> Settings:
    return Settings(documents=almanac.documents, var=almanac.var, encoder=almanac.encoder, threads=1)


@contextmanager
def client_of(settings: Settings, searcher: Searcher, answerer: object) -> Iterator[TestClient]:
    """A client of an app that is open and answers with this answerer."""
    with ExitStack() as running:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(api, "open_answerer", lambda settings, searcher: answerer)
            client = running.enter_context(TestClient(api.create_app(settings, searcher)))
            await_open(client)
        yield client


def await_open(client: TestClient) -> None:
    deadline = monotonic() + OPEN_S
    while client.get("/ready").status_code != 200:
        assert monotonic() < deadline, "the app did not open"
        sleep(0.02)


@pytest.fixture(scope="session")
def client(small_settings: Settings, small_searcher: Searcher) -> Iterator[TestClient]:
    with client_of(small_settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        yield client
