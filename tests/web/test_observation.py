"""Seen from outside: metrics, ids and access log tell how the service does, and nothing that anybody asked."""

import json
import logging
import re
from contextlib import contextmanager

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.conftest import BIKES, REFUSED, QuotingAnswerer, client_of

SECRET = "zanzibar"  # typed by somebody, wherever one can type
TYPED = [
    f"/search?q=vélo+{SECRET}",
    f"/search?q=vélo&{SECRET}={SECRET}",
    f"/ask?q={REFUSED}+{SECRET}",
    f"/initiatives/{SECRET}",
    f"/initiatives/{SECRET}/similar",
    f"/sheet/{SECRET}",
    f"/sheet/{SECRET}.bib",
    f"/{SECRET}/{SECRET}",
    f"/?q={SECRET}",
    f"/answer/stream?q=vélo+{SECRET}",
    f"/suggest?q={SECRET}",
    f"/static/{SECRET}/{SECRET}.css",
    f"/metrics?{SECRET}=1",
]


@pytest.fixture
def running(small_settings, small_searcher):
    """Run a service over the almanac with these settings; clients are on the same machine."""

    @contextmanager
    def run(**changed):
        settings = small_settings.model_copy(update=changed)
        with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
            client._transport.client = ("127.0.0.1", 50_000)
            yield client

    return run


@pytest.fixture
def lines(caplog):
    """What the access log has so far, by line."""
    logging.getLogger("recueil.access").setLevel(logging.INFO)
    return lambda: [json.loads(one.message) for one in caplog.records if one.name == "recueil.access"]


def samples(client):
    """The figures, by name and labels."""
    text = client.get("/metrics").text
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def type_everywhere(client):
    for path in TYPED:
        client.get(path, headers={"X-Forwarded-Host": SECRET, "User-Agent": SECRET, "Referer": f"http://{SECRET}/"})
    client.request(SECRET.upper(), "/search", params={"q": SECRET})
    client.post("/similar", json={"text": SECRET})
    client.post("/feedback", json={"query": SECRET, "initiative": BIKES, "grade": 3})


# --- metrics ---


def test_requests_are_counted_and_timed_by_route_and_stage(running):
    with running() as client:
        for question in ("vélo", "un bus"):
            client.get("/search", params={"q": question})
        client.get(f"/initiatives/{BIKES}")
        told = samples(client)
    route = ("method", "GET"), ("route", "/search")
    assert told["recueil_replies_total", *route, ("status", "200")] == 2
    assert told["recueil_request_seconds_count", *route] == 2
    assert told["recueil_request_seconds_count", ("method", "GET"), ("route", "/initiatives/{id}")] == 1
    for stage in ("analyse", "retrieve", "rerank", "present"):
        assert told["recueil_stage_seconds_count", ("route", "/search"), ("stage", stage)] == 2, stage
    assert told["recueil_outcomes_total", ("outcome", "found"), ("work", "search")] == 2


def test_refusals_are_counted_by_their_kind(running):
    with running() as client:
        client.get("/search", params={"q": "?"})
        client.get("/initiatives/nobody")
        client.get("/nowhere")
        told = samples(client)
    kinds = {key[1][1]: value for key, value in told.items() if key[0] == "recueil_refusals_total"}
    assert kinds == {"BadQuestion": 1, "UnknownInitiative": 1, "status 404": 1}


def test_the_index_and_the_process_are_told(running, almanac):
    with running() as client:
        told = samples(client)
    (info,) = (dict(key[1:]) for key in told if key[0] == "recueil_index_info")
    assert info["digest"] == almanac.manifest.corpus
    assert (told["recueil_ready",], told["recueil_index_initiatives",]) == (1, 6)
    assert told["recueil_index_built_timestamp_seconds",] > 1.7e9
    assert told["process_resident_memory_bytes",] > 1e6
    assert told["recueil_requests_in_progress",] == 1  # this one


def test_figures_are_for_whoever_is_on_this_machine_and_comes_through_no_proxy(running):
    with running() as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
        assert client.get("/metrics", headers={"X-Forwarded-Proto": "https"}).status_code == 403
        client._transport.client = ("192.0.2.7", 50_000)
        refused = client.get("/metrics")
    assert (refused.status_code, "RECUEIL_METRICS=all" in refused.json()["mend"]) == (403, True)


@pytest.mark.parametrize(("setting", "status"), [("all", 200), ("off", 403)])
def test_whoever_runs_the_service_gives_figures_to_all_or_to_nobody(running, setting, status):
    with running(metrics=setting) as client:
        for host in ("127.0.0.1", "192.0.2.7"):
            client._transport.client = (host, 50_000)
            assert client.get("/metrics").status_code == status


# --- ids ---


def test_every_reply_has_the_id_that_was_given_or_a_new_one(running):
    with running() as client:
        assert client.get("/health", headers={"X-Request-ID": "proxy-1.a_B"}).headers["x-request-id"] == "proxy-1.a_B"
        odd = ["", "x" * 65, "a b", "é".encode(), 'a"b', "a\tb"]
        ids = [client.get("/health", headers={"X-Request-ID": one}).headers["x-request-id"] for one in odd]
        ids += [client.get(path).headers["x-request-id"] for path in ("/nowhere", "/", "/search", "/docs")]
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)
    assert len(set(ids)) == len(ids)


# --- the access log ---


def test_a_request_is_one_line_that_says_how_it_went(running, lines):
    with running(access_log="-") as client:
        reply = client.get(
            "/search", params={"q": "vélo"}, headers={"X-Request-ID": "one", "Accept-Encoding": "identity"}
        )
        client.get("/search", params={"q": "?"}, headers={"X-Request-ID": "two"})
    first, second = (one for one in lines() if one["route"] == "/search")
    assert first.keys() == {"time", "method", "route", "status", "ms", "bytes", "id"}
    assert (first["method"], first["status"], first["bytes"], first["id"]) == ("GET", 200, len(reply.content), "one")
    assert (second["status"], second["fault"], second["id"]) == (422, "BadQuestion", "two")


def test_without_the_setting_there_is_no_line(running, lines):
    with running() as client:
        client.get("/search", params={"q": "vélo"})
    assert lines() == []


def test_nothing_that_anybody_typed_is_in_the_log_or_in_the_figures(running, lines, caplog):
    with running(access_log="-") as client:
        before = len(lines())
        type_everywhere(client)
        figures = client.get("/metrics").text
        seen = lines()[before:-1]
    assert SECRET not in figures.lower()
    assert SECRET not in "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("recueil")).lower()
    assert "127.0.0.1" not in json.dumps(seen)
    assert len(seen) == len(TYPED) + 3
    assert {one["route"] for one in seen} >= {"/search", "/sheet/{id}", "/sheet/{id}.bib", "/answer/stream", "other"}
    assert {one["method"] for one in seen} == {"GET", "POST", "other"}
