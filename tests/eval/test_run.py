"""A running service as a system: what it gives is what the searcher gives, and its faults are told."""

from dataclasses import replace

import httpx
import pytest

from corpus import Fault
from eval.errors import CannotMeasure
from eval.run import Service, System, open_service, this_index
from search.answer import Answerer, answering_folder
from tests.conftest import DOCUMENTS
from tests.small_collection import catalogue_of, collection_of


def served(reply):
    """A client of a service that answers everything with one reply."""
    return httpx.Client(base_url="http://test", transport=httpx.MockTransport(lambda request: reply))


def test_a_service_ranks_as_its_searcher_does(service, searcher):
    ours = this_index(searcher)
    with open_service(str(service.base_url), DOCUMENTS) as system:
        assert dict(system.catalogue.sheets) == dict(ours.catalogue.sheets)
        assert system.catalogue.original_names == ours.catalogue.original_names
        question = "jeunes sans permis"
        assert list(system.rank(question)) == list(ours.rank(question))
        one = searcher.catalogue.initiatives[0].id
        assert system.similar
        assert ours.similar
        assert set(system.similar(one)) == set(ours.similar(one))


def test_the_fault_of_a_service_is_told_as_it_is(service, searcher):
    with (
        open_service(str(service.base_url), DOCUMENTS) as system,
        pytest.raises(Fault, match=r"no word .* of http.*/search\)\. Ask in a few words"),
    ):
        system.rank("?!")


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (httpx.Response(200, text="<html>"), r"is no recueil service \(status 200, no JSON .*http://test/initiatives"),
        (httpx.Response(200, json=[]), r"is no recueil service"),
        (httpx.Response(502, json={"detail": "gone"}), r"answers with status 502 .*See what the service"),
    ],
)
def test_what_is_no_service_of_ours_is_told(reply: httpx.Response, message: str):
    with served(reply) as client, pytest.raises(CannotMeasure, match=message):
        Service(client).system({})


def test_nobody_at_the_address_is_a_fault():
    with (
        pytest.raises(CannotMeasure, match=r"does not answer: .*http://127\.0\.0\.1:9/initiatives\)\. Start it with"),
        open_service("http://127.0.0.1:9", DOCUMENTS),
    ):
        pass


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://x", "http://x:port", "x"])
def test_what_is_no_address_is_a_fault(url: str):
    with (
        pytest.raises(CannotMeasure, match=r"does not answer: .*give its address, such as http://"),
        open_service(url, DOCUMENTS),
    ):
        pass


def test_a_service_answers_as_its_answerer_does(service, searcher, built):
    answerer = Answerer.open(searcher, answering_folder(built.var, built.encoder))
    with open_service(str(service.base_url), DOCUMENTS) as system:
        assert system.answer
        there = system.answer("Combien de foyers testent le kit de chauffage au bois ?")
    here = answerer.answer(searcher.rank("Combien de foyers testent le kit de chauffage au bois ?"))
    assert here.citations
    assert replace(there, took_ms=0) == replace(here, took_ms=0)


def test_an_answer_of_another_shape_is_a_fault():
    with (
        served(httpx.Response(200, json={"verdict": "perhaps"})) as client,
        pytest.raises(CannotMeasure, match=r"no answer that can be judged: .*http://test/ask\)\. Measure a service of"),
    ):
        Service(client).answer("Qui ?")


def test_a_service_that_cannot_answer_has_its_answers_left_out():
    told = {"what": "There is no span reader", "where": "/ask", "mend": "Train one."}
    replies = {
        "/initiatives": httpx.Response(200, json={"items": [], "next": None}),
        "/ask": httpx.Response(503, json=told),
    }
    transport = httpx.MockTransport(lambda request: replies[request.url.path])
    with httpx.Client(base_url="http://test", transport=transport) as client:
        system = Service(client).system({})
    assert (system.answer, set(system.unable)) == (None, {"answers", "parsing"})
    assert system.unable["answers"].startswith("there is no span reader (/ask of http://test/ask; Train one)")


def test_without_its_span_reader_the_index_has_its_answers_left_out(almanac, tmp_path):
    system = this_index(almanac.searcher(), answers=tmp_path)
    assert (system.answer, set(system.unable)) == (None, {"answers"})


def test_a_system_is_asked_the_text_of_each_question():
    collection = collection_of({"k1": {"a": 3}, "k2": {"a": 3}})
    found = {"text of k1": ["a"], "text of k2": ["b", "a"]}
    system = System(name="small search", rank=lambda text: found[text], catalogue=catalogue_of(collection))
    run = system.run(collection.questions)
    assert run.rankings == {"k1": ("a",), "k2": ("b", "a")}
    assert (run.system, list(run.took_ms)) == ("small search", ["k1", "k2"])
