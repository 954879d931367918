"""The routes of whoever runs the service: building anew beside it, how far that is, and what people said."""

import json

import pytest

from feedback import Miss, MissKind, Store
from index import current_name
from tests.replies import is_fault
from tests.web.conftest import bearer, waited
from web.keys import KeyFile, Scope


def test_a_build_is_begun_followed_and_its_result_told(running):
    assert running.status()["build"] is None
    begun = running.rebuild()
    assert (begun.status_code, begun.headers["location"], begun.json()["follow"]) == (
        202, "/admin/status", "/admin/status",
    )  # fmt: skip
    assert begun.json()["build"]["state"] == "running"
    waited(lambda: running.status()["build"]["percent"] == 37)
    assert running.status()["build"]["step"] == "Encoding the passages"
    assert "encoding the passages, 37 %" in running.client.get("/ready").json()["build"]
    running.end("publish")
    build = running.ended()
    assert (build["state"], build["made"], build["fault"]) == ("made", "20260301t120000000000", None)
    assert current_name(running.settings.index_folder) == build["made"]
    assert running.client.get("/ready").json()["build"] is None


def test_while_one_runs_another_is_refused_and_after_it_is_not(running):
    assert running.rebuild().status_code == 202
    refused = running.client.post("/admin/rebuild", headers=running.secrets[Scope.ADMIN])
    assert is_fault(refused, 409)
    assert "/admin/status" in refused.json()["mend"]
    running.end("")
    assert running.ended()["state"] == "up to date"
    assert running.rebuild().status_code == 202


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("fault", {"what": "A text is empty", "where": "a.txt:1", "mend": "Put the text into it."}),
        (
            "die",
            {
                "what": "The build ended with status 3",
                "where": "recueil build",
                "mend": "Its error stands in the log above.",
            },
        ),
    ],
)
def test_a_build_that_fails_says_why_to_whoever_runs_it_and_the_old_index_stays(running, how, fault):
    running.rebuild()
    running.end(how)
    build = running.ended()
    assert (build["state"], build["fault"]) == ("failed", fault)
    told = running.client.get("/ready").json()["build"]
    assert told == "The index that is there is served: no new one could be built; the log says why"
    assert running.client.get("/search?q=velo").status_code == 200


def test_where_nothing_can_build_that_is_said(client, small_settings):
    keys = KeyFile(small_settings.keys_file)
    secret = keys.add("nobody-builds", [Scope.ADMIN], days=1, per_minute=100)
    refused = client.post("/admin/rebuild", headers=bearer(secret))
    keys.revoke("nobody-builds")
    assert is_fault(refused, 503)


# --- who may ---


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/admin/rebuild", Scope.ADMIN),
        ("GET", "/admin/status", Scope.STATISTICS),
        ("GET", "/admin/feedback", Scope.FEEDBACK),
    ],
)
def test_each_route_takes_its_own_key_however_open_reading_is(running, method, path, scope):
    ask = running.client.request
    assert is_fault(ask(method, path), 401)
    for one in Scope:
        allowed = one in (scope, Scope.ADMIN)
        assert ask(method, path, headers=running.secrets[one]).status_code in ({200, 202, 409} if allowed else {403})
    assert is_fault(ask(method, f"{path}?x=1", headers=running.secrets[Scope.ADMIN]), 422)


def test_what_lies_below_admin_takes_a_key_whether_it_is_there_or_not(running):
    for path in ("/admin/nowhere", "/admin/"):
        assert is_fault(running.client.get(path), 401)


def test_no_route_takes_what_it_does_not_say_in_the_description(running):
    """Every status that a stranger, a wrong key and a wrong scope meet stands in the schema."""
    schema = running.client.get("/openapi.json").json()["paths"]
    for path, methods in schema.items():
        for method, route in methods.items():
            for headers in ({}, bearer("recueil_x"), running.secrets[Scope.READ]):
                reply = running.client.request(method.upper(), path, headers=headers)
                assert str(reply.status_code) in route["responses"] or reply.status_code == 307, (method, path)


# --- what people said ---


def test_all_that_people_said_can_be_taken_along_as_on_the_command_line(running):
    store = Store(running.settings.feedback_file, 365)
    kept = store.add(Miss("garde d'enfants la nuit", "fr", MissKind.REPORTED))
    reply = running.client.get("/admin/feedback", headers=running.secrets[Scope.FEEDBACK])
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    assert reply.headers["cache-control"] == "no-store"
    (line,) = reply.text.splitlines()
    assert json.loads(line) == {
        "id": kept.id,
        "at": kept.at.isoformat(),
        "query": "garde d'enfants la nuit",
        "language": "fr",
        "kind": "reported",
    }
