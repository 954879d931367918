"""A running service as a system: what it gives is what the engine gives, and its faults are told."""

import httpx
import pytest

from corpus import Fault
from eval.fault import CannotMeasure
from eval.opening import opened_service
from eval.remote import over_http
from eval.stages import full_search
from tests.conftest import DOCUMENTS


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
