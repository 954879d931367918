"""What several tests need: the gazetteer, the shipped corpus, what searches and answers it, and a running service."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import hypothesis
import pytest

from corpus import Corpus, Document, load_corpus, load_documents
from corpus.importing import MAPPING, propose
from corpus.places import Gazetteer
from index import index_folder, model_folder
from search import Searcher
from search.answer import Answerer, answering_folder
from settings import Settings
from tests.almanac import Made, make, write_almanac
from tests.foreign_sheets import write_sheets
from tests.tiny_model import write_tiny_model

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "corpus" / "documents"
START_S = 60  # seconds until the service must be ready, on a machine busy with other things
STOP_S = 20


# The same examples every time; what a new one finds belongs into a test of its own. A busy machine is no failure.
hypothesis.settings.register_profile("recueil", derandomize=True, deadline=None)
hypothesis.settings.load_profile("recueil")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    return {document.id: document for document in load_documents(DOCUMENTS)}


@pytest.fixture(scope="session")
def corpus(gazetteer: Gazetteer) -> Corpus:
    return load_corpus(DOCUMENTS, gazetteer)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment of a process of ours that runs with these settings and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("RECUEIL_")}
    ours = {name: value for name, value in settings.model_dump().items() if value is not None}
    if settings.llm_api_key is not None:
        ours["llm_api_key"] = settings.llm_api_key.get_secret_value()
    return others | {f"RECUEIL_{name.upper()}": str(value) for name, value in ours.items()}


@pytest.fixture(scope="session")
def built() -> Settings:
    """The settings of the checkout, with model and index built: a minute the first time, a second afterwards.

    In a process of its own, because the build loads torch and serving must not.
    """
    settings = Settings(documents=DOCUMENTS, var=ROOT / "var", encoder="bundled", threads=os.cpu_count() or 1)
    command = [sys.executable, "-m", "cli", "build"]
    done = subprocess.run(command, cwd=ROOT, env=environment_of(settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return settings


@pytest.fixture(scope="session")
def searcher(built: Settings) -> Searcher:
    return Searcher.open(index_folder(built.var), model_folder(built.var, built.encoder), built.threads)


@pytest.fixture(scope="session")
def answerer(built: Settings, searcher: Searcher) -> Answerer:
    """Answers in the words of the sheets, without a language model."""
    return Answerer.open(searcher, answering_folder(built.var, built.encoder))


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def almanac(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Made:
    """The almanac, indexed with the tiny model."""
    folder = tmp_path_factory.mktemp("almanac")
    return make(write_almanac(folder / "documents"), folder / "var", str(tiny_model))


@pytest.fixture(scope="session")
def brought(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, gazetteer: Gazetteer) -> Made:
    """Somebody else's sheets as they are understood without help, indexed with the tiny model."""
    folder = write_sheets(tmp_path_factory.mktemp("brought") / "fiches")
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    return make(folder, folder.parent / "var", str(tiny_model))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture(scope="session")
def service(built: Settings):
    """A client of a real service on this machine, started by `recueil serve` and ended with the tests."""
    settings = built.model_copy(update={"port": free_port()})
    command = [sys.executable, "-m", "cli", "serve"]
    with (
        subprocess.Popen(command, cwd=ROOT, env=environment_of(settings), stdout=subprocess.PIPE, text=True) as process,
        httpx.Client(base_url=f"http://{settings.host}:{settings.port}", timeout=START_S) as client,
    ):
        try:
            await_ready(client, process)
            yield client
        finally:
            process.terminate()
            process.wait(STOP_S)


def await_ready(client: httpx.Client, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_S
    while not is_ready(client):
        assert process.poll() is None, "the service ended while it was starting"
        assert time.monotonic() < deadline, "the service did not get ready"
        time.sleep(0.1)


def is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/ready").status_code == 200
    except httpx.TransportError:  # it does not listen yet
        return False
