"""Refusals over HTTP: always what, where and mend, with a status from one table, and never a traceback."""

import asyncio
import logging
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field

from corpus import BadDocument, Fault
from feedback import BadFeedback, BusyFeedback, FeedbackOff
from index import BadIndex, BadModel
from search import BadQuestion, UnknownFilter, UnknownInitiative
from search.answer import BadCalibration, BadReader
from web.errors import STATUS, NotReady, faults, show_faults
from web.parameters import TooManyParameters
from web.safety import CrossSite

LIMIT = 200  # bytes


class Numbers(BaseModel):
    model_config = ConfigDict(extra="forbid")
    n: int = Field(ge=1, le=9)


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str


def app_that_raises(error: Exception | None = None) -> FastAPI:
    app = FastAPI()

    @app.get("/numbers", responses=faults(422))
    def numbers(asked: Annotated[Numbers, Query()]) -> int:
        return asked.n

    @app.post("/notes", responses=faults(400, 413, 422))
    def notes(note: Note) -> str:
        return note.text

    @app.get("/broken/{word}")
    def broken(word: str) -> str:
        assert error is not None, word
        raise error

    show_faults(app, LIMIT)
    return app


def ask(app: FastAPI, method: str, path: str, **more) -> httpx.Response:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (UnknownInitiative, 404),
        (BadQuestion, 422),
        (UnknownFilter, 422),
        (NotReady, 503),
        (BadIndex, 503),
        (BadModel, 503),
        (BadReader, 503),
        (BadCalibration, 503),
        (CrossSite, 403),
        (TooManyParameters, 422),
        (FeedbackOff, 404),
        (BusyFeedback, 503),
        (BadFeedback, 503),
        (BadDocument, 500),
    ],
)
def test_each_fault_has_its_status_and_keeps_its_three_parts(kind, status):
    reply = ask(app_that_raises(kind("It broke", "over there", "Mend it.")), "GET", "/broken/x")
    assert (reply.status_code, reply.json()) == (
        status,
        {"what": "It broke", "where": "over there", "mend": "Mend it."},
    )


def test_the_table_speaks_of_faults_only():
    assert all(issubclass(kind, Fault) for kind in STATUS)


def test_who_comes_too_early_is_told_when_to_come_again():
    for kind in (NotReady, BusyFeedback):
        assert ask(app_that_raises(kind("a", "b", "c")), "GET", "/broken/x").headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("what", "where", "mend", "told"),
    [
        ("It broke", "/var/lib/recueil/index", "Mend it.", ("It broke", "the service", "Mend it.")),
        (
            "[Errno 13] Permission denied: '/srv/a b/feedback.sqlite'",
            "the file /srv/a/feedback.sqlite, line 3",
            "Give /srv/models/small, or run `recueil build`.",
            (
                "[Errno 13] Permission denied: 'feedback.sqlite'",
                "the file feedback.sqlite, line 3",
                "Give small, or run `recueil build`.",
            ),
        ),
        ("Half and/or none", "1/2", "See /docs.", ("Half and/or none", "1/2", "See /docs.")),
    ],
)
def test_where_files_lie_is_for_the_log_alone_which_says_it_once(caplog, what, where, mend, told):
    app = app_that_raises(BadIndex(what, where, mend))
    for _ in range(3):
        reply = ask(app, "GET", "/broken/x")
        assert (reply.status_code, tuple(reply.json().values())) == (503, told)
    assert [record.getMessage() for record in caplog.records] == (
        [str(BadIndex(what, where, mend))] if told != (what, where, mend) else []
    )


def test_no_refusal_is_kept_on_its_way():
    assert ask(app_that_raises(), "GET", "/numbers?n=0").headers["cache-control"] == "no-store"


def test_a_bug_gives_500_and_neither_reply_nor_log_repeat_the_question(caplog):
    with caplog.at_level(logging.ERROR):
        reply = ask(app_that_raises(ValueError("my private question")), "GET", "/broken/private")
    assert reply.status_code == 500
    assert reply.json().keys() == {"what", "where", "mend"}
    assert "Traceback" not in reply.text
    assert "private" not in reply.text
    assert "ValueError in /broken/{word}" in caplog.text
    assert "test_errors.py" in caplog.text
    assert "private" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "fault"),
    [
        (
            "GET",
            "/numbers?n=0",
            None,
            422,
            ("'n' cannot be used", "the query string", "The value should be greater than or equal to 1."),
        ),
        (
            "GET",
            "/numbers?n=x",
            None,
            422,
            (
                "'n' cannot be used",
                "the query string",
                "The value should be a valid integer, unable to parse string as an integer.",
            ),
        ),
        ("GET", "/numbers", None, 422, ("'n' is missing", "the query string", "Give 'n'.")),
        (
            "GET",
            "/numbers?n=1&m=2",
            None,
            422,
            ("'m' means nothing here", "the query string", "Leave it out; /docs lists what this route takes."),
        ),
        ("GET", "/nowhere", None, 404, ("There is nothing here", "the path", "Take a route from /docs.")),
        (
            "DELETE",
            "/numbers",
            None,
            405,
            ("DELETE is not possible here", "the path", "Use another method; /docs names it."),
        ),
        (
            "POST",
            "/notes",
            b"{",
            400,
            (
                "The body is not JSON",
                "the body, character 1",
                "Mend it: Expecting property name enclosed in double quotes.",
            ),
        ),
        (
            "POST",
            "/notes",
            b"[" * (LIMIT + 1),
            413,
            ("The body is larger than this service reads", "the body", "Send a shorter text."),
        ),
        ("POST", "/notes", b"{}", 422, ("'text' is missing", "the body", "Give 'text'.")),
        (
            "POST",
            "/notes",
            b"[]",
            422,
            (
                "The body cannot be used",
                "the body",
                "The value should be a valid dictionary or object to extract fields from.",
            ),
        ),
        (
            "POST",
            "/notes",
            b"",
            422,
            ("There is no body", "the body", "Send a JSON object, with the content type application/json."),
        ),
        (
            "POST",
            "/notes",
            b'{"text": 1}',
            422,
            ("'text' cannot be used", "the body", "The value should be a valid string."),
        ),
    ],
)
def test_what_the_framework_refuses_is_said_in_the_same_way(method, path, sent, status, fault):
    reply = ask(app_that_raises(), method, path, content=sent, headers={"content-type": "application/json"})
    assert (reply.status_code, tuple(reply.json().values())) == (status, fault)


def test_every_error_of_a_route_is_in_the_schema_as_a_fault():
    responses = app_that_raises().openapi()["paths"]["/notes"]["post"]["responses"]
    shapes = {
        code: reply["content"]["application/json"]["schema"] for code, reply in responses.items() if code != "200"
    }
    assert shapes == {key: {"$ref": "#/components/schemas/FaultReply"} for key in ("400", "413", "414", "422", "500")}
