"""A real server on this machine, in a thread of its own, and a client that speaks bytes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn

from web.connections import BoundedConnection, ConnectionLimits, Server

WITHIN_S = 30  # seconds until something must have happened, on a machine busy with other things


@contextmanager
def served(app: Any, most: int = 64, patience_s: float = WITHIN_S) -> Iterator[Server]:
    """Serve an app; `server.port` is where."""
    limits = ConnectionLimits(most=most, patience_s=patience_s)
    config = uvicorn.Config(
        app, http=partial(BoundedConnection, limits=limits), ws="none", log_level="error", timeout_graceful_shutdown=1
    )
    server = Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started)
            yield server
        finally:
            server.should_exit = True
            thread.join(WITHIN_S)


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@contextmanager
def connection(server: Server, said: bytes = b"", receives: int | None = None) -> Iterator[socket.socket]:
    """A connection on which something was said; `receives` bounds what the system keeps of what comes, in bytes."""
    with socket.socket() as client:
        if receives is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        client.settimeout(WITHIN_S)
        client.connect(("127.0.0.1", server.port))
        client.sendall(said)
        yield client


def get(path: str, *headers: str) -> bytes:
    """The bytes of a request."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def rest(client: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    said = b""
    try:
        while piece := client.recv(65_536):
            said += piece
    except ConnectionResetError:
        pass
    return said
