"""An exchange: one HTTP request and what comes back, given up at a fixed time whatever it is waiting for.

The timeouts of a socket begin anew with every byte, so that a server that drips bytes is never late, and resolving a
name has none at all. So an exchange is made in a thread of its own. Whoever asked waits as long as it said and no
longer, and the connection is then cut under the thread. It may be left at any moment and from any thread, from one that
runs an event loop too.
"""

import socket
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

THREAD = "language-model"


@dataclass(slots=True)
class Connection:
    """The connection of one exchange, as far as another thread needs it to cut it."""

    _lock: Lock = field(default_factory=Lock)
    _socket: socket.socket | None = None
    _is_cut: bool = False

    def trace(self, event: str, happened: Mapping[str, Any]) -> None:
        """Take hold of the socket once it is connected; to be given to httpx as the extension `trace`."""
        if event == "connection.connect_tcp.complete":
            with self._lock:
                # A duplicate: TLS takes the socket itself apart, and a shutdown reaches its duplicates.
                self._socket = happened["return_value"].get_extra_info("socket").dup()
            if self._is_cut:
                self.cut()

    def cut(self) -> None:
        """End the connection, now or as soon as there is one; what waits on it wakes up."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with suppress(OSError):  # the other end was faster
                    self._socket.shutdown(socket.SHUT_RDWR)
                self._socket.close()
                self._socket = None


def within(timeout_s: float, exchange: Callable[[Connection], Iterable[str]]) -> Generator[str]:
    """Give what an exchange gives, as it comes; close it to cut the connection.

    The exchange is given the connection it is to be made on. Raises what it raises, and TimeoutError when it is not
    over after `timeout_s` seconds.
    """
    deadline = time.monotonic() + timeout_s
    arrived: SimpleQueue[str | BaseException | None] = SimpleQueue()
    connection = Connection()
    Thread(target=_make, args=(exchange, connection, deadline, arrived), name=THREAD, daemon=True).start()
    try:
        while (piece := _next(arrived, deadline)) is not None:
            yield piece
    finally:
        connection.cut()


def _next(arrived: "SimpleQueue[str | BaseException | None]", deadline: float) -> str | None:
    """The next of what arrived, None after the last; what is there is taken, however late whoever takes it."""
    try:
        piece = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        piece = TimeoutError()
    if isinstance(piece, BaseException):
        raise piece
    return piece


def _make(
    exchange: Callable[[Connection], Iterable[str]],
    connection: Connection,
    deadline: float,
    arrived: "SimpleQueue[str | BaseException | None]",
) -> None:
    try:
        for piece in exchange(connection):
            if time.monotonic() > deadline:
                arrived.put(TimeoutError())
                return
            arrived.put(piece)
        arrived.put(None)
    except BaseException as error:  # raised again where the exchange was asked for
        arrived.put(error)
    finally:
        connection.cut()
