"""A running service as a system: what it gives is what the engine gives, and its faults are told."""

from dataclasses import replace

import httpx
import pytest

from corpus import Fault
from eval.fault import CannotMeasure
from eval.opening import means_of_service, opened_service
from eval.remote import Remote, over_http
from eval.stages import full_search
from eval.system import System
from search.answering.asker import Asker
from search.answering.folders import answering_folder
from tests.conftest import DOCUMENTS
from tests.small_collection import catalogue


def served(reply):
    """A client of a service that answers everything with one reply."""
    return httpx.Client(base_url="http://test", transport=httpx.MockTransport(lambda request: reply))


def test_a_service_ranks_as_its_engine_does(service, engine):
    ours = full_search(engine)
    with opened_service(str(service.base_url), DOCUMENTS) as system:
        assert dict(system.catalogue.sheets) == dict(ours.catalogue.sheets)
        assert system.catalogue.original_names == ours.catalogue.original_names
        question = "jeunes sans permis"
        assert list(system.rank(question)) == list(ours.rank(question))
        one = engine.initiatives[0].id
        assert system.similar
        assert ours.similar
        assert set(system.similar(one)) == set(ours.similar(one))


def test_the_fault_of_a_service_is_told_as_it_is(service, engine):
    with (
        opened_service(str(service.base_url), DOCUMENTS) as system,
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
        over_http(client, {})


def test_nobody_at_the_address_is_a_fault():
    with (
        pytest.raises(CannotMeasure, match=r"does not answer: .*http://127\.0\.0\.1:9/initiatives\)\. Start it with"),
        opened_service("http://127.0.0.1:9", DOCUMENTS),
    ):
        pass


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://x", "http://x:port", "x"])
def test_what_is_no_address_is_a_fault(url: str):
    with pytest.raises(CannotMeasure, match=r"The address cannot be used"), opened_service(url, DOCUMENTS):
        pass


def test_a_service_answers_as_its_asker_does(service, engine, built):
    asker = Asker.open(engine, answering_folder(built.var, built.encoder))
    with opened_service(str(service.base_url), DOCUMENTS) as system:
        assert system.answer
        there = system.answer("Combien de foyers testent le kit de chauffage au bois ?")
    here = asker.ask("Combien de foyers testent le kit de chauffage au bois ?")
    assert here.citations
    assert replace(there, took_ms=0) == replace(here, took_ms=0, hits=())


def test_an_answer_of_another_shape_is_a_fault():
    with (
        served(httpx.Response(200, json={"verdict": "perhaps"})) as client,
        pytest.raises(CannotMeasure, match=r"no answer that can be judged: .*http://test/ask\)\. Measure a service of"),
    ):
        Remote(client).answer("Qui ?")


def test_a_service_that_cannot_answer_has_its_answers_left_out():
    told = {"what": "There is no span reader", "where": "/ask", "mend": "Train one."}
    with served(httpx.Response(503, json=told)) as client:
        remote = Remote(client)
        means = means_of_service(System("there", remote.rank, catalogue(["a"]), remote.similar, remote.answer))
    assert (means.answer, set(means.unable)) == (None, {"answers", "parsing"})
    assert means.unable["answers"].startswith("there is no span reader (/ask of http://test/ask; Train one)")
