"""Feedback over HTTP: off by default; on, it keeps judgements and misses, and never makes a search wait."""

import sqlite3
import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from feedback import Miss, MissKind, Store, feedback_file
from tests.web.conftest import BIKES, REFUSED, QuotingAnswerer, client_of

JUDGED = {"query": "un vélo", "initiative": BIKES, "grade": 3}
NOT_HERE = f"garde d'enfants {REFUSED}"
JSON = {"content-type": "application/json"}
NIGHT = Miss("garde d'enfants la nuit", "fr", MissKind.REPORTED)
OF_A_SERVICE = examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def store(tmp_path):
    return Store(feedback_file(tmp_path), 365)


@pytest.fixture
def running(small_settings, small_searcher, tmp_path):
    """Run a service over the almanac with these settings, and feedback in a folder of its own."""

    def run(searcher=small_searcher, **changed):
        settings = small_settings.model_copy(update={"var": tmp_path, **changed})
        return client_of(settings, searcher, QuotingAnswerer(searcher))

    return run


class FindsNothing:
    """A searcher to which nothing is relevant."""

    def __init__(self, searcher):
        self.searcher = searcher

    def __getattr__(self, name):
        return getattr(self.searcher, name)

    def rank(self, *asked):
        ranking = self.searcher.rank(*asked)
        nothing = np.zeros_like(ranking.on_subject)
        return replace(ranking, on_subject=nothing, relevant=(), further=())

    def search(self, text, k, filters, language, ignored):
        return self.searcher.results(self.rank(text, filters, ignored), k, language)


@pytest.fixture
def client(running):
    with running(feedback=True) as client:
        yield client


@contextmanager
def locked(store):
    """Another program that keeps the file locked."""
    store.add(NIGHT)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def is_fault(reply, status):
    return reply.status_code == status and reply.json().keys() == {"what", "where", "mend"}


def misses(store):
    return [(kept.entry.query, kept.entry.kind) for kept in store.misses()]


# --- off ---


def test_where_feedback_is_off_it_is_refused_with_the_mend_and_nothing_is_kept(running, store):
    with running() as client:
        for path, body in (("/feedback", JUDGED), ("/feedback", {}), ("/feedback/gap", {"query": "un bus"})):
            reply = client.post(path, json=body)
            assert is_fault(reply, 404)
            assert "RECUEIL_FEEDBACK=true" in reply.json()["mend"]
        assert client.get("/search", params={"q": "vélo", "departement": "09"}).json()["hits"] == []
        assert client.get("/ask", params={"q": NOT_HERE}).json()["abstained"]
    assert not store.path.exists()


# --- judgements ---


def test_a_judgement_is_kept_and_the_reply_is_what_is_kept(client, store):
    reply = client.post("/feedback", json=JUDGED | {"comment": "Voir Mme Anne ROY, a.roy@gard.fr"})
    (kept,) = store.judgements()
    assert reply.status_code == 201
    assert reply.json() == {
        "query": "un vélo",
        "language": "fr",
        "initiative": BIKES,
        "grade": 3,
        "comment": "Voir ,",
        "kept_until": store.kept_until(kept.at).isoformat(),
    }
    assert (kept.entry.query, kept.entry.initiative, kept.entry.grade) == ("un vélo", BIKES, 3)
    assert kept.entry.comment == "Voir ,"


def test_what_cannot_be_kept_is_refused(client, store):
    refused = [
        ({"query": ""}, 422),
        ({"query": " ?! "}, 422),
        ({"query": "x" * 1001}, 422),
        ({"query": "0612345678"}, 422),
        ({"query": None}, 422),
        ({"initiative": "nobody"}, 404),
        ({"initiative": "'; DROP TABLE judgements; --"}, 404),
        ({"initiative": "x" * 301}, 422),
        ({"grade": 4}, 422),
        ({"grade": -1}, 422),
        ({"grade": 1.5}, 422),
        ({"grade": "3"}, 422),
        ({"grade": True}, 422),
        ({"comment": "x" * 1001}, 422),
        ({"comment": 7}, 422),
        ({"comment": "x" * 70_000}, 413),
        ({"team": "full"}, 422),
        ({"email": "a@b.fr"}, 422),
    ]
    replies = [(changed, client.post("/feedback", json=JUDGED | changed), status) for changed, status in refused]
    assert [changed for changed, reply, status in replies if not is_fault(reply, status)] == []
    for missing in JUDGED:
        reply = client.post("/feedback", json={key: value for key, value in JUDGED.items() if key != missing})
        assert (is_fault(reply, 422), reply.json()["what"]) == (True, f"'{missing}' is missing")
    assert store.judgements() == ()


def test_a_refusal_names_the_field_of_the_body(client):
    assert client.post("/feedback", json=JUDGED | {"query": " "}).json()["where"] == "query"
    assert client.post("/feedback", json=JUDGED | {"initiative": "nobody"}).json()["where"] == "initiative"
    assert is_fault(client.post("/feedback?verbose=1", json=JUDGED), 422)
    assert is_fault(client.post("/feedback", content=b"{", headers=JSON), 400)
    assert is_fault(client.get("/feedback"), 405)


ANY_TEXT = st.text(max_size=60, alphabet=st.characters(exclude_categories=["Cs"]))


@OF_A_SERVICE
@given(ANY_TEXT, ANY_TEXT)
def test_no_words_whatever_break_the_service(client, query, comment):
    assert client.post("/feedback", json=JUDGED | {"query": query, "comment": comment}).status_code in (201, 422)
    assert client.post("/feedback/gap", json={"query": query}).status_code in (201, 422)


def test_halves_of_surrogate_pairs_do_not_break_the_service(client, store):
    bodies = ('{"query": "un bus \\ud800", %s}', '{"query": "un bus", "comment": "\\udfff", %s}')
    replies = [
        client.post("/feedback", content=body % f'"initiative": "{BIKES}", "grade": 1', headers=JSON) for body in bodies
    ]
    assert (replies[0].status_code, is_fault(replies[1], 422)) == (201, True)
    assert [kept.entry.query for kept in store.judgements()] == ["un bus"]


# --- misses ---


def test_a_search_that_finds_nothing_is_kept(running, small_searcher, store):
    with running(FindsNothing(small_searcher), feedback=True) as client:
        client.get("/search", params={"q": "garde d'enfants"})
    assert misses(store) == [("garde d'enfants", MissKind.NOTHING_FOUND)]


def test_a_refused_answer_is_kept_whole_or_streamed(running, store):
    with running(feedback=True) as client:
        assert client.get("/ask", params={"q": NOT_HERE}).json()["abstained"]
        client.get("/ask", params={"q": NOT_HERE}, headers={"accept": "text/event-stream"})
    assert misses(store) == [(NOT_HERE, MissKind.REFUSED)] * 2


def test_a_page_keeps_what_it_does_not_find(running, small_searcher, store):
    with running(FindsNothing(small_searcher), feedback=True) as client:
        client.get("/answer", params={"q": NOT_HERE})
        client.get("/answer/stream", params={"q": NOT_HERE})
        client.get("/", params={"q": "un vélo"}, headers={"HX-Request": "true"})
    assert misses(store) == [(NOT_HERE, MissKind.REFUSED)] * 2 + [("un vélo", MissKind.NOTHING_FOUND)]


def test_what_is_found_is_not_kept(running, store):
    with running(feedback=True) as client:
        assert client.get("/search", params={"q": "un vélo"}).json()["hits"]
        assert not client.get("/ask", params={"q": "un vélo"}).json()["abstained"]
    assert misses(store) == []


def test_where_filters_may_be_the_cause_nothing_is_kept(running, store):
    with running(feedback=True) as client:
        client.get("/search", params={"q": "un vélo", "departement": "09"})
        client.get("/ask", params={"q": NOT_HERE, "departement": "33"})
    assert misses(store) == []


def test_a_gap_is_reported_in_one_click(client, store):
    reply = client.post("/feedback/gap", json={"query": "night-time childcare, call 06 12 34 56 78"})
    assert reply.status_code == 201
    assert reply.json().keys() == {"query", "language", "kept_until"}
    assert (reply.json()["query"], reply.json()["language"]) == ("night-time childcare, call", "en")
    assert misses(store) == [("night-time childcare, call", MissKind.REPORTED)]


def test_a_gap_without_a_question_is_refused(client):
    for body in ({}, {"query": ""}, {"query": "?"}, {"query": 7}, {"query": "bus", "grade": 3}):
        assert is_fault(client.post("/feedback/gap", json=body), 422), body


# --- how much ---


def test_one_address_cannot_fill_the_store_and_does_not_keep_others_from_it(running, store):
    with running(feedback=True, feedback_per_day=2) as client:
        form = {"content": "q=garde+de+nuit", "headers": {"content-type": "application/x-www-form-urlencoded"}}
        assert [client.post("/feedback/gap", json={"query": "un train"}).status_code for _ in range(2)] == [201, 201]
        refused = client.post("/feedback", json=JUDGED)
        assert (is_fault(refused, 429), refused.headers["retry-after"]) == (True, "3600")
        assert client.post("/gap", **form).status_code == 429
        assert client.get("/search", params={"q": "vélo"}).status_code == 200
    assert len(store.misses()) == 2


def test_misses_of_one_address_are_bounded_without_a_word(running, store):
    with running(feedback=True, feedback_per_day=2) as client:
        assert {client.get("/ask", params={"q": NOT_HERE}).status_code for _ in range(4)} == {200}
    assert len(store.misses()) == 2


def test_behind_a_proxy_on_this_machine_visitors_are_told_apart_by_what_it_says_last(running):
    def gap(client, forwarded):
        return client.post("/feedback/gap", json={"query": "un train"}, headers={"X-Forwarded-For": forwarded})

    with running(feedback=True, feedback_per_day=1) as client:
        client._transport.client = ("127.0.0.1", 50_000)
        told = ["192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.1", "192.0.2.9, 192.0.2.3"]
        assert [gap(client, one).status_code for one in told] == [201, 201, 429, 201]
        client._transport.client = ("198.51.100.4", 50_000)
        assert [gap(client, one).status_code for one in ("192.0.2.7", "192.0.2.8")] == [201, 429]


# --- the file ---


def test_a_locked_file_makes_no_search_wait(client, store):
    with locked(store):
        began = time.monotonic()
        for _ in range(5):
            assert client.get("/ask", params={"q": NOT_HERE}).status_code == 200
        assert time.monotonic() - began < 2


def test_a_locked_file_refuses_a_judgement_and_says_when_to_come_again(client, store):
    with locked(store):
        reply = client.post("/feedback", json=JUDGED)
    assert (is_fault(reply, 503), reply.headers["retry-after"]) == (True, "1")
    assert client.post("/feedback", json=JUDGED).status_code == 201


def test_a_damaged_file_refuses_judgements_and_lets_searches_be(client, store):
    store.path.write_bytes(b"no database " * 100)
    reply = client.post("/feedback", json=JUDGED)
    assert is_fault(reply, 503)
    assert "Move the file away" in reply.json()["mend"]
    assert client.get("/ask", params={"q": NOT_HERE}).status_code == 200
