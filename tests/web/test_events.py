"""Server-sent events: the status is that of the first thing said; what goes wrong later is an event."""

import logging

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from search import BadQuestion
from web.errors import show_faults
from web.events import stream


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
