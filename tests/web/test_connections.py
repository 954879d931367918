"""Connections on a real server: slow senders and readers are cut off, idle ones make room, and the log stays short."""

import asyncio
import json
import logging
import resource
import socket
from collections.abc import Iterator

import pytest

from tests.web.live_server import connection, get, rest, served, until
from web import connections
from web.connections import Server, once_a_minute, room_for_connections

PATIENCE_S = 0.2
LARGE = 8 * 2**20  # bytes: more than the system takes in of a reply that nobody reads
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"


class App:
    """Replies to /large with a large body, to /wait once it may, else with the body it was sent."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_reply = False

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        self.asked.append(scope["path"])
        body, message = b"", {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        while scope["path"] == "/wait" and not self.may_reply:
            await asyncio.sleep(0.01)
        body = b"x" * LARGE if scope["path"] == "/large" else body
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def impatient(app: App) -> Iterator[Server]:
    with served(app, patience_s=PATIENCE_S) as server:
        yield server


@pytest.fixture
def narrow(app: App) -> Iterator[Server]:
    """A server that takes two connections."""
    with served(app, most=2) as server:
        yield server


def told(reply: bytes) -> tuple[int, str]:
    """Status and fault of a reply."""
    head, _, body = reply.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["what"]


@pytest.mark.parametrize(
    "begun", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n", POST, POST + b"half"], ids=len
)
def test_who_sends_half_a_request_is_told_so_and_cut_off(impatient, begun):
    with connection(impatient, begun) as client:
        assert told(rest(client)) == (408, "The request did not come in time")


def test_a_byte_now_and_then_gains_no_time(impatient):
    with connection(impatient, POST) as client:
        client.settimeout(PATIENCE_S / 8)
        reply = b""
        for _ in range(400):  # eighths of the patience: far more than it lasts
            try:
                client.sendall(b"a")
            except OSError:
                break
            try:
                if not (piece := client.recv(65_536)):
                    break
                reply += piece
            except TimeoutError:
                continue
            except ConnectionResetError:
                break
            if len(reply) > 0:
                break
        else:
            pytest.fail("it was never cut off")


def test_who_says_nothing_is_cut_off_without_a_word(impatient):
    with connection(impatient) as client:
        assert rest(client) == b""


def test_a_whole_request_has_the_time_it_needs(impatient, app):
    with connection(impatient, get("/wait", "Connection: close")) as client:
        until(lambda: app.asked)
        client.settimeout(2 * PATIENCE_S)
        with pytest.raises(TimeoutError):
            client.recv(1)
        app.may_reply = True
        client.settimeout(None)
        assert b"200 OK" in rest(client)


def test_who_does_not_read_is_cut_off_and_what_was_written_is_forgotten(impatient):
    with connection(impatient, get("/large"), receives=4096) as client:
        until(lambda: impatient.server_state.connections)
        until(lambda: not impatient.server_state.connections)
        assert len(rest(client)) < LARGE


def test_who_reads_in_small_steps_gets_everything(impatient):
    with connection(impatient, get("/large", "Connection: close"), receives=65_536) as client:
        assert len(rest(client)) > LARGE


def test_the_next_request_of_a_pipeline_waits_until_the_reply_to_the_first_is_read(app):
    with served(app) as server, connection(server, get("/large") * 3, receives=2**20) as client:
        until(lambda: app.asked)
        client.settimeout(0.2)
        client.recv(1000)
        assert app.asked == ["/large"]
        client.settimeout(None)
        read = 0
        while read < 3 * LARGE and (piece := client.recv(2**20)):
            read += len(piece)
        assert app.asked == ["/large"] * 3


def test_of_all_that_is_not_read_there_is_a_most(app, monkeypatch):
    monkeypatch.setattr(connections, "MOST_UNREAD_BYTES", LARGE)
    with (
        served(app) as server,
        connection(server, get("/large"), receives=4096) as first,
        connection(server, receives=4096) as second,
    ):
        until(lambda: app.asked)
        second.sendall(get("/large"))
        until(lambda: len(server.server_state.connections) == 1)
        assert len(rest(first)) < LARGE


def test_one_connection_too_many_closes_the_oldest_that_is_idle(narrow):
    with connection(narrow, get("/")) as first, connection(narrow, get("/")) as second:
        assert first.recv(9) == second.recv(9) == b"HTTP/1.1 "
        with connection(narrow, get("/")) as third:
            assert third.recv(12) == b"HTTP/1.1 200"
            assert b"200 OK" in rest(first)
            second.sendall(get("/"))
            until(lambda: second.recv(65_536).endswith(b"\r\n\r\n"))


def test_one_too_many_is_refused_where_all_are_at_work(narrow, app):
    with connection(narrow, get("/wait")), connection(narrow, get("/wait")):
        until(lambda: len(app.asked) == 2)
        with connection(narrow, get("/")) as third:
            assert told(rest(third)) == (503, "There are too many connections")
        app.may_reply = True


def test_replies_are_sent_without_waiting_for_acknowledgements(app):
    with served(app) as server, connection(server):
        until(lambda: server.server_state.connections)
        (one,) = server.server_state.connections
        ours = one.transport.get_extra_info("socket")
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_is_no_http_is_refused_in_our_shape_and_leaves_no_line_in_the_log(impatient, caplog):
    with connection(impatient, b"\x16\x03\x01 hello\r\n\r\n") as client:
        assert told(rest(client)) == (400, "This is no request that can be read")
    assert caplog.records == []


def test_that_no_connection_could_be_accepted_is_told_once_a_minute(caplog):
    now = [0.0]
    handle = once_a_minute(lambda: now[0])
    for now[0] in (0.0, 1.0, 59.0, 60.0):
        handle(None, {"message": "socket.accept() out of system resource", "exception": OSError(24, "Too many files")})
    assert [(record.levelno, record.exc_info) for record in caplog.records] == [(logging.ERROR, None)] * 2


@pytest.mark.parametrize(
    ("soft", "hard", "room"),
    [(4096, 4096, 512), (64, 64, 16), (64, 4096, 512), (50, 50, 8), (resource.RLIM_INFINITY,) * 2 + (512,)],
)
def test_there_are_as_many_connections_as_files_may_be_open(monkeypatch, soft, hard, room):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: None)
    assert room_for_connections(512) == room
