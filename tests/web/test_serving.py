"""A new generation of the index is served without a stop: no reply fails, and none is of two generations."""

import asyncio
import re
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest

import api
from corpus import BadDocument, Fault
from corpus.places import Gazetteer
from index import Index, publish_generation
from index.generations import current_name, name_of, new_generation
from search import Searcher
from settings import Settings
from terminal import building
from terminal.building import BuildingBeside
from tests.replies import is_fault, run, when_opened
from tests.small_index import searcher_of, sheet
from tests.web.conftest import QuotingAnswerer
from web import serving

PUBLISHES = 4
MARKS = ("printemps", "automne", "hiver")
PATHS = ("/search?q=apprentis", "/ask?q=apprentis", "/initiatives?limit=2", "/?q=apprentis", "/sheet/a-bus")
SOON_S = 30  # seconds until something must have happened, on a machine busy with other things


@pytest.fixture(scope="module")
def marked(gazetteer: Gazetteer) -> dict[str, Searcher]:
    """Searchers of two sheets that say a word of their own wherever they are shown."""

    def searcher(mark: str) -> Searcher:
        texts = [f"Un bus pour les apprentis du {mark}.", f"Une tablette pour les apprentis du {mark}."]
        sheets = [sheet(name, text, title=text) for name, text in zip(("a-bus", "a-tablet"), texts, strict=True)]
        return searcher_of(*sheets, gazetteer=gazetteer)

    return {mark: searcher(mark) for mark in MARKS}


@pytest.fixture
def small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marked: dict[str, Searcher], gazetteer: Gazetteer
) -> Settings:
    """Settings of a folder whose indexes are of a word encoder, which alone is not opened from the disk."""

    def open_searcher(settings: Settings) -> Searcher:
        index = Index.open(settings.index_folder, "words", private=True)
        mark = next(mark for mark in MARKS if mark in index.contents.initiatives[0].text)
        return Searcher.of(index, marked[mark].encoder, gazetteer)

    monkeypatch.setattr(api, "open_searcher", open_searcher)
    monkeypatch.setattr(api, "reopen_searcher", lambda settings, before: open_searcher(settings))
    monkeypatch.setattr(api, "open_answerer", lambda settings, searcher: QuotingAnswerer(searcher))
    monkeypatch.setattr(serving, "LOOK_S", 0.01)
    # Whoever comes waits for a place, on a machine busy with other things too: this is about generations.
    return Settings(var=tmp_path, queue_s=60)


@pytest.fixture
def publish(small: Settings, marked: dict[str, Searcher]) -> Callable[[str], str]:
    """Write a generation that says a mark, as a build does; gives its name."""

    def write(mark: str) -> str:
        with new_generation(small.index_folder, kept=2) as fresh:
            marked[mark].index.save(fresh)
        return str(current_name(small.index_folder))

    return write


def generation(reply: httpx.Response) -> str:
    return reply.headers["x-recueil-generation"].partition(";")[0]


async def once_served(client: httpx.AsyncClient, name: str) -> httpx.Response:
    """The reply of /ready when it is that of a generation."""

    async def asking() -> httpx.Response:
        while generation(reply := await client.get("/ready")) != name:
            await asyncio.sleep(0.01)
        return reply

    return await asyncio.wait_for(asking(), SOON_S)


def test_under_load_no_reply_fails_and_none_is_of_two_generations(small, publish, marked):
    marks = {publish(MARKS[0]): MARKS[0]}
    wrong, asked, told = [], [], set()
    ended = asyncio.Event()

    async def ask(client: httpx.AsyncClient, path: str) -> None:
        while not ended.is_set():
            reply = await client.get(path)
            asked.append(path)
            said = set(re.findall("|".join(MARKS), reply.text))
            told.add(generation(reply))
            if reply.status_code != 200 or said != {marks[generation(reply)]}:
                wrong.append((path, reply.status_code, generation(reply), said))
            await asyncio.sleep(
                0
            )  # a reply that was kept waits for nothing, and without a socket nobody else would come

    async def publishes(client: httpx.AsyncClient) -> None:
        await when_opened(client, "/ready")
        asking = [asyncio.create_task(ask(client, path)) for path in PATHS]
        for n in range(1, PUBLISHES + 1):
            mark = MARKS[n % len(MARKS)]
            # A name is known to the test before the first reply can be of it: the link is replaced last.
            name = await asyncio.to_thread(held, mark)
            marks[name] = mark
            publish_generation(small.index_folder, name, "words")
            await once_served(client, name)
        ended.set()
        await asyncio.gather(*asking)

    def held(mark: str) -> str:
        with new_generation(small.index_folder, kept=2, published=False) as fresh:
            marked[mark].index.save(fresh)
        return name_of(fresh.with_suffix(""))

    run(api.create_app(small), publishes)
    assert wrong == []
    assert len(told) == len(marks) == PUBLISHES + 1
    assert len(asked) > len(PATHS) * PUBLISHES / 4


def test_ready_tells_the_generation_its_digest_and_its_date(small, publish):
    name = publish("hiver")

    async def asked(client):
        ready, alive = await when_opened(client, "/ready"), await client.get("/health")
        return ready, alive.headers["x-recueil-generation"]

    ready, told = run(api.create_app(small), asked)
    shown = ready.json()["generation"]
    assert shown.keys() == {"name", "digest", "built"}
    assert shown["name"] == name
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", shown["built"])
    assert told == f"{name}; digest={shown['digest']}; built={shown['built']}"


def test_a_refusal_names_its_generation_too(small, publish):
    name = publish("hiver")

    async def asked(client):
        await when_opened(client, "/ready")
        return await client.get("/initiatives/nowhere")

    reply = run(api.create_app(small), asked)
    assert is_fault(reply, 404)
    assert generation(reply) == name


def test_a_generation_that_cannot_be_opened_leaves_the_one_before_in_use(small, publish, caplog):
    name = publish("hiver")

    async def asked(client):
        await when_opened(client, "/ready")
        with new_generation(small.index_folder, kept=2) as fresh:
            (fresh / "half").touch()
        while "cannot be opened" not in caplog.text:
            await asyncio.sleep(0.01)
        kept = await client.get("/search?q=apprentis")
        return kept, await once_served(client, publish("automne"))

    kept, _ = run(api.create_app(small), asked)
    assert (kept.status_code, generation(kept), "hiver" in kept.text) == (200, name, True)


def test_what_is_mapped_stays_when_its_files_are_cut_short_and_removed(small, publish):
    """In this process: a mapping of the files themselves would end it (SIGBUS)."""
    publish("hiver")

    async def asked(client):
        await when_opened(client, "/ready")
        for path in small.index_folder.rglob("*"):
            if path.is_file():
                path.write_bytes(b"")
        before = await client.get("/search?q=apprentis")
        shutil.rmtree(small.index_folder.resolve())
        return before, await client.get("/search?q=tablette")

    assert [(reply.status_code, "hiver" in reply.text) for reply in run(api.create_app(small), asked)] == [
        (200, True)
    ] * 2


class Waits:
    """A build that is under way until the test ends it."""

    def __init__(self) -> None:
        self.done: Future[None] = Future()
        self.state: str | None = "The index is being built: encoding the passages, 37 %"
        self.stopped = False

    def start(self, opened: Future[Searcher]) -> None:
        self.opened = opened

    def stop(self) -> None:
        self.stopped = True


def test_during_the_first_build_the_service_lives_and_says_how_far_it_is(small, publish):
    waits = Waits()

    async def asked(client):
        replies = [await client.get(path) for path in ("/health", "/ready", "/search?q=apprentis", "/")]
        name = publish("hiver")
        waits.state = None
        waits.done.set_result(None)
        return [*replies, await when_opened(client, "/ready")], name

    (alive, ready, found, page, at_last), name = run(api.create_app(small, building=waits), asked)
    assert alive.json() == {"status": "alive"}
    for reply in (ready, found):
        assert is_fault(reply, 503)
        assert reply.json()["what"] == "The index is being built: encoding the passages, 37 %"
        assert reply.headers["retry-after"] == "1"
    assert (page.status_code, "encoding the passages, 37 %" in page.text) == (503, True)
    assert (at_last.status_code, generation(at_last)) == (200, name)
    assert waits.stopped


def test_a_first_build_that_fails_is_told_to_whoever_asks(small):
    waits = Waits()

    async def asked(client):
        await client.get("/ready")
        waits.done.set_exception(BadDocument("A text is empty", "a.txt:1", "Put the text into it."))
        return await when_opened(client, "/ready")

    reply = run(api.create_app(small, building=waits), asked)
    assert is_fault(reply, 503)
    assert reply.json()["what"] == "There is no index, and none could be built"


def test_the_old_index_serves_while_a_new_one_is_built(small, publish):
    publish("hiver")

    async def asked(client):
        return await when_opened(client, "/ready"), await client.get("/search?q=apprentis")

    ready, found = run(api.create_app(small, building=Waits()), asked)
    assert (ready.status_code, found.status_code) == (200, 200)
    assert ready.json()["build"] == "The index is being built: encoding the passages, 37 %"


def test_a_build_that_failed_is_told_until_another_generation_is_served(small, publish, monkeypatch):
    monkeypatch.setattr(building, "TELL_DIGEST", (sys.executable, "-c", "print('other documents')"))
    monkeypatch.setattr(building, "BUILD", (sys.executable, "-c", "raise SystemExit(3)"))
    publish("hiver")
    beside = BuildingBeside(small, nothing_to_serve=lambda: None)

    async def asked(client):
        with pytest.raises(Fault):
            await asyncio.wait_for(asyncio.wrap_future(beside.done), SOON_S)
        return await when_opened(client, "/ready"), await once_served(client, publish("automne"))

    failed, newer = run(api.create_app(small, building=beside), asked)
    assert "no new one could be built" in failed.json()["build"]
    assert newer.json()["build"] is None
