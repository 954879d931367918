"""Python in three lines: the same calls and the same replies in this process and over HTTP, waited for and awaited."""

import asyncio
import socket
import subprocess
import sys
import threading

import pytest

from recueil import AsyncRecueil, BadService, Fault, Recueil, RefusedByService
from tests.almanac import Made
from tests.census import ROOT
from tests.recueil.conftest import BIKES, BUS, ROOMS

CALLS = {
    "search": lambda r: r.search("vélo", k=2),
    "search under conditions": lambda r: r.search("vélo", departement=["33", "Ain"], year_from=2010, lang="en"),
    "ask": lambda r: r.ask("vélo apprentis", departement="Gironde"),
    "initiative": lambda r: r.initiative(BUS, lang="en"),
    "similar": lambda r: r.similar(BIKES, k=1),
    "similar to a text": lambda r: r.similar(text="un autobus", k=1),
    "facets": lambda r: r.facets(document="guide"),
    "documents": lambda r: r.documents(),
    "compare": lambda r: r.compare(BIKES, ROOMS),
}
REFUSED = {
    "a blank question": lambda r: r.search(" "),
    "an unknown sheet": lambda r: r.initiative("nowhere"),
    "an unknown value": lambda r: r.search("vélo", theme="Magie"),
    "one sheet compared with itself": lambda r: r.compare(BIKES, BIKES),
}
BADLY_CALLED = {
    "an unknown condition": lambda r: r.search("vélo", departements="33"),
    "no hits": lambda r: r.search("vélo", k=0),
    "neither id nor text": lambda r: r.similar(),
    "both of them": lambda r: r.similar(BIKES, text="un bus"),
    "one of a comparison": lambda r: r.compare(BIKES),
}


def told(reply):
    return reply.model_dump(exclude={"took_ms"})


@pytest.fixture
def there(address):
    with Recueil(address) as there:
        yield there


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_service_gives_what_a_folder_gives(here, there, call):
    reply = call(here)
    assert told(call(there)) == told(reply)
    assert type(call(there)) is type(reply)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_awaited_calls_give_the_same(here, address, call):
    async def awaited():
        async with AsyncRecueil(address) as there:
            at_home = AsyncRecueil.__new__(AsyncRecueil)
            at_home._way = here._way
            return await asyncio.gather(call(there), call(at_home))

    assert [told(reply) for reply in asyncio.run(awaited())] == [told(call(here))] * 2


def test_every_sheet_is_fetched_page_by_page(here, there, address, monkeypatch):
    monkeypatch.setattr("recueil.client.PAGE", 2)

    async def awaited():
        async with AsyncRecueil(address) as there:
            return [one.id async for one in there.initiatives(document="atlas")]

    ids = [one.id for one in here.initiatives(document="atlas")]
    assert ids[:2] == [BIKES, BUS]
    assert len(ids) == len(set(ids)) > 4
    assert [one.id for one in there.initiatives(document="atlas")] == asyncio.run(awaited()) == ids


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_refused_in_the_same_words(here, there, call):
    with pytest.raises(Fault) as at_home:
        call(here)
    with pytest.raises(RefusedByService) as abroad:
        call(there)
    assert (abroad.value.what, abroad.value.mend) == (at_home.value.what, at_home.value.mend)
    assert abroad.value.status in (404, 422)


@pytest.mark.parametrize("call", BADLY_CALLED.values(), ids=BADLY_CALLED)
def test_a_bad_call_is_told_before_anybody_is_asked(call):
    with pytest.raises(Fault, match="the call"):
        call(Recueil("http://127.0.0.1:1"))


@pytest.mark.parametrize("where", ["http://127.0.0.1:1", "http:///x", "http://127.0.0.1:1/?q=a"])
def test_a_service_that_is_not_there_is_a_fault(where):
    with pytest.raises(BadService):
        Recueil(where).documents()


def test_what_is_no_recueil_is_told_and_not_what_was_asked():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=say_hello, args=[listening])
        answering.start()
        with pytest.raises(BadService, match="no recueil of this version: status 200") as error:
            Recueil(f"http://127.0.0.1:{listening.getsockname()[1]}").search("un secret")
        answering.join()
    assert "secret" not in str(error.value)


def say_hello(listening):
    client, _ = listening.accept()
    with client:
        client.recv(65_536)
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def test_a_folder_without_an_index_is_a_fault(tmp_path):
    with pytest.raises(Fault, match="recueil build"):
        Recueil(tmp_path)


def test_a_folder_that_was_built_is_opened(almanac: Made):
    assert "vélo" in Recueil(almanac.var, threads=1).search("un vélo pour les apprentis", k=1).hits[0].passage.text


@pytest.fixture
def tiny_settings(almanac: Made, monkeypatch):
    monkeypatch.setenv("RECUEIL_VAR", str(almanac.var))
    monkeypatch.setenv("RECUEIL_ENCODER", almanac.encoder)
    monkeypatch.setattr("recueil.records.load_thesaurus", tuple)  # 600 concepts take half a minute to encode


ROWS = [
    {"titre": "Le bus", "description": "Un bus amène le médecin dans les villages isolés.", "departement": "01"},
    {
        "titre": "Le vélo",
        "description": "Le département prête un vélo aux apprentis sans voiture.",
        "departement": "33",
    },
]


def test_a_list_of_dictionaries_is_a_collection(tiny_settings, tmp_path):
    made = Recueil.from_records(ROWS, tmp_path, threads=1)
    assert [one.title for one in made.initiatives()] == ["Le bus", "Le vélo"]
    assert [one.title for one in made.initiatives(departement="Gironde")] == ["Le vélo"]
    assert {hit.initiative.title for hit in made.search("un vélo").hits} == {"Le bus", "Le vélo"}
    before = (tmp_path / "index").resolve()
    Recueil.from_records(ROWS, tmp_path, threads=1)
    assert (tmp_path / "index").resolve() == before, "the same rows were indexed again"


def test_dictionaries_of_which_no_sheet_can_be_made_are_a_fault(tiny_settings):
    with pytest.raises(Fault):
        Recueil.from_records([])


def test_importing_it_loads_next_to_nothing():
    """Of the third of a second that it may take, nearly all is Python's own: a few dozen modules of its library."""
    program = (
        "import sys; before = {*sys.modules}\nfrom recueil import Recueil, AsyncRecueil\n"
        "print(*sys.modules.keys() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert len(done.stdout.split()) < 60
    heavy = {"torch", "pandas", "numpy", "pydantic", "fastapi", "httpx", "onnxruntime", "faiss", "corpus", "settings"}
    assert loaded & heavy == set()
