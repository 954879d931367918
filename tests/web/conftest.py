"""The service over the almanac, in this process: six initiatives, one editorial record, and a stand-in answerer."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

import api
from corpus import Author, Bilingual, EditorialRecord, Enrichment, Expansions, Source, Vocabulary
from corpus.places import Gazetteer
from search import Citation, Filters, Ranking, Searcher
from search.answer import Answer, MadeBy, Statement, Verdict
from settings import Settings
from terminal import building
from terminal.building import UNREADABLE, BuildingBeside
from tests.almanac import RECORD, VOCABULARY, Made
from web.keys import KeyFile, Scope

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


def bearer(secret: str) -> dict[str, bytes]:
    """The header by which a program sends its key."""
    return {"Authorization": f"Bearer {secret}".encode()}


# --- a service that can build ---

# What stands for the process that builds: it says a step, waits to be let on, and ends as it is told.
BUILDER = """
import json, os, pathlib, shutil, sys, time
var = pathlib.Path(sys.argv[1])
print(json.dumps({"step": "Encoding the passages", "percent": 37}), flush=True)
while not (var / "go").exists():
    time.sleep(0.01)
match (var / "go").read_text():
    case "publish":
        shutil.copytree(var / ".index-20260201t120000000000", var / ".index-20260301t120000000000")
        os.symlink(".index-20260301t120000000000", var / "link")
        os.replace(var / "link", var / "index")
    case "fault":
        print(json.dumps({"fault": ["A text is empty", "a.txt:1", "Put the text into it."]}), flush=True)
        sys.exit(1)
    case "die":
        sys.exit(3)
"""


def waited(holds: Callable[[], Any]) -> Any:
    deadline = monotonic() + OPEN_S
    while not (found := holds()):
        assert monotonic() < deadline, "it did not happen"
        sleep(0.01)
    return found


@pytest.fixture
def running(small_settings, small_searcher, almanac, tmp_path, monkeypatch):
    """A service that can build, over two generations: its client, its keys, how a build ends, and its status."""
    monkeypatch.setattr(building, "TELL_DIGEST", (sys.executable, "-c", f"print({UNREADABLE!r})"))
    monkeypatch.setattr(building, "BUILD", (sys.executable, "-c", BUILDER, str(tmp_path)))
    monkeypatch.setattr(api, "open_answerer", lambda settings, searcher: QuotingAnswerer(searcher))
    settings = small_settings.model_copy(update={"var": tmp_path})
    (tmp_path / "models").symlink_to(almanac.var / "models")
    for name in ("20260101t120000000000", "20260201t120000000000"):
        shutil.copytree(almanac.index.resolve(), tmp_path / f".index-{name}")
    (tmp_path / "index").symlink_to(".index-20260201t120000000000")
    keys = KeyFile(settings.keys_file)
    given = {scope: keys.add(scope, [scope], days=1, per_minute=10_000) for scope in Scope}
    secrets = {scope: bearer(secret) for scope, secret in given.items()}
    beside = BuildingBeside(settings, nothing_to_serve=lambda: None)
    with ExitStack() as stack:
        client = stack.enter_context(TestClient(api.create_app(settings, small_searcher, beside)))
        await_open(client)
        beside.done.result(OPEN_S)

        def status():
            return client.get("/admin/status", headers=secrets[Scope.STATISTICS]).json()

        def rebuild():
            return client.post("/admin/rebuild", headers=secrets[Scope.ADMIN])

        yield SimpleNamespace(
            client=client,
            given=given,
            secrets=secrets,
            keys=keys,
            settings=settings,
            status=status,
            rebuild=rebuild,
            end=(tmp_path / "go").write_text,
            ended=lambda: waited(lambda: (b := status()["build"])["ended"] and b),
        )
        (tmp_path / "go").write_text("die")
