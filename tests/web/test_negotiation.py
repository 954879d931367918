"""Content negotiation: what clients prefer, by headers however odd; and the event stream."""

import logging

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from search import BadQuestion
from web.errors import show_faults
from web.negotiation import preferred_language, prefers_events, quality_list, stream


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("text/html, */*;q=0.1", [("text/html", 1.0), ("*/*", 0.1)]),
        ("EN-gb ; level=1 ; Q = 0.5", [("en-gb", 0.5)]),
        ("a;q=1.0, b;q=0", [("a", 1.0), ("b", 0.0)]),
        ("a;q=2, b;q=nan, c;q=, d;q=-1", [("a", 0.0), ("b", 0.0), ("c", 0.0), ("d", 0.0)]),
        ("", [("", 1.0)]),
    ],
)
def test_a_header_lists_values_with_their_qualities(header, values):
    assert quality_list(header) == values


# --- the form of the reply ---


@pytest.mark.parametrize(
    "accept",
    [
        ["text/event-stream"],
        ["Text/Event-Stream; charset=utf-8"],
        ["text/event-stream, */*"],
        ["application/json;q=0.5, text/event-stream"],
        ["application/json;q=0", "text/event-stream;q=0.1"],
        ["text/event-stream; q=0.9, application/json ; Q=0.800"],
        ["text/*"],
    ],
)
def test_a_client_that_puts_events_first_gets_events(accept):
    assert prefers_events(", ".join(accept))


@pytest.mark.parametrize(
    "accept",
    [
        [],
        [""],
        ["*/*"],
        ["application/json"],
        ["application/json, text/event-stream"],
        ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
        ["text/event-stream;q=0"],
        ["text/event-stream;q=0, */*"],
        ["text/event-stream;q=0.4, */*;q=0.5"],
        ["text/event-stream;q=2"],
        ["text/event-stream;q=nan"],
        ["text/event-streams"],
        ["image/png"],
        [";;,,;q=;"],
    ],
)
def test_any_other_client_gets_json(accept):
    assert not prefers_events(", ".join(accept))


# --- the language ---


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "fr"), ("fr", "fr"), ("en", "en"), ("en-GB,en;q=0.9,fr;q=0.8", "en"), ("de, fr;q=0.5, en;q=0.4", "fr"),
     ("de", "fr"), ("*", "fr"), ("en;q=x, fr", "fr"), (";;;,", "fr"), ("fr;q=0.1, EN;q=0.2", "en")],
)  # fmt: skip
def test_the_language_a_browser_likes_better_is_spoken(accepted, language):
    assert preferred_language(accepted) == language


@given(st.text(alphabet="*/;,=q.01 \ttexvn-srmaplico+jfr", max_size=120))
def test_no_header_whatever_is_too_odd_to_read(header):
    assert all(0 <= quality <= 1 for _, quality in quality_list(header))
    assert prefers_events(header) in (True, False)
    assert preferred_language(header) in ("fr", "en")


# --- server-sent events: the status is that of the first thing said; what goes wrong later is an event ---


def reply_to(*said, headers=None):
    """What a client gets of a route that says these things, one by one, and raises what is an exception."""

    def saying():
        for one in said:
            if isinstance(one, Exception):
                raise one
            yield one

    app = FastAPI()

    @app.get("/said")
    def route(request: Request):
        return stream(request, saying(), lambda one: ("word", one), headers or {})

    show_faults(app, 100)
    with TestClient(app) as client:
        return client.get("/said")


def test_each_thing_said_is_an_event_with_a_name_and_its_lines():
    reply = reply_to("one", "two\nlines")
    assert reply.text == "event: word\ndata: one\n\nevent: word\ndata: two\ndata: lines\n\n"
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_no_proxy_gathers_a_stream_and_headers_of_the_route_stay():
    headers = reply_to("one", headers={"Vary": "Accept"}).headers
    assert (headers["x-accel-buffering"], headers["vary"]) == ("no", "Accept")


def test_what_is_wrong_before_the_first_event_has_its_status():
    reply = reply_to(BadQuestion("Not a word", "q", "Ask something."))
    assert (reply.status_code, reply.json()) == (422, {"what": "Not a word", "where": "q", "mend": "Ask something."})


def test_what_goes_wrong_later_is_the_last_event():
    reply = reply_to("one", BadQuestion("It broke", "there", "Mend it."))
    assert reply.status_code == 200
    assert reply.text == (
        'event: word\ndata: one\n\nevent: fault\ndata: {"what":"It broke","where":"there","mend":"Mend it."}\n\n'
    )


def test_a_bug_on_the_way_is_told_without_its_message(caplog):
    secret = "my secret question"
    with caplog.at_level(logging.ERROR):
        reply = reply_to("one", ValueError(secret))
    assert "event: fault" in reply.text
    assert secret not in reply.text
    assert "ValueError in /said" in caplog.text
    assert secret not in caplog.text
