"""Connections: how many there may be, and how long a client may take to send a request and to read its reply.

    uvicorn.Config(app, http=partial(BoundedConnection, limits=ConnectionLimits(most=512, patience_s=10)))

uvicorn has a time limit for an idle connection and none for a slow one; its limit of concurrency refuses /health like
anything else, and its reply to a bad request is no fault of ours. Everything else of the protocol is as uvicorn has it.
"""

import asyncio
import logging
import resource
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from web.errors import fault_response
from web.schemas import FaultReply

# A reply must be read at this pace. Telephones on a bad line read ten times as fast.
LEAST_BYTES_PER_S = 1024

# What all clients together have not read yet; beyond it the one that has been slow for longest is cut off.
MOST_UNREAD_BYTES = 64 * 2**20

# File handles for all that is not a connection: index, model and libraries have some 35 open.
OTHER_HANDLES = 48
FEWEST_CONNECTIONS = 8

LOG_EVERY_S = 60.0

TOO_SLOW = FaultReply(
    what="The request did not come in time", where="the connection", mend="Send headers and body without a pause."
)
TOO_MANY_CONNECTIONS = FaultReply(
    what="There are too many connections", where="the service", mend="Ask again in a second."
)
NOT_HTTP = FaultReply(
    what="This is no request that can be read", where="the request", mend="Send a request of HTTP/1.1."
)

log = logging.getLogger("recueil.http")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """What clients may take of the service before they ask anything."""

    most: int  # connections
    patience_s: float  # for the head of a request, again for its body, and for a step in reading the reply


def room_for_connections(wanted: int) -> int:
    """How many connections there can be; more file handles are taken where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_HANDLES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(FEWEST_CONNECTIONS, min(wanted, soft - OTHER_HANDLES))
    return wanted


class BoundedConnection(H11Protocol):
    """One connection, cut where its client is slow, and idle ones where there are too many."""

    def __init__(self, *args: Any, limits: ConnectionLimits, **kwargs: Any) -> None:  # noqa: ANN401 — uvicorn's own
        super().__init__(*args, **kwargs)
        self.limits = limits
        self.since = self.loop.time()  # when it was opened, later when it began not to read
        self._phase: Any = None  # of what is being read, in the words of h11
        self._late: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._unread = 0  # bytes, when it was last looked at
        self._is_finishing = False  # all is written, and not all was read

    # --- connections ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Make room for it, if need be at the cost of the oldest one that nobody uses."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        # asyncio does so itself for listeners that were made with the protocol's number, which few are. Without it the
        # second part of a reply waits for the client to acknowledge the first, which takes its time: 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > self.limits.most:
            others = [one for one in self.connections if isinstance(one, BoundedConnection) and one is not self]
            idle = min(filter(BoundedConnection.is_idle, others), key=lambda one: one.since, default=None)
            if idle is None:
                self._refuse(503, TOO_MANY_CONNECTIONS, {"Retry-After": "1"})
            else:
                idle._cut_off()
        self._watch_sender()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget its timers."""
        super().connection_lost(exc)
        for timer in (self._late, self._stalled):
            if timer is not None:
                timer.cancel()

    def is_idle(self) -> bool:
        """Whether no request of it is at work."""
        return self.cycle is None or self.cycle.response_complete

    def _cut_off(self) -> None:
        self.connections.discard(self)
        self.transport.abort()

    # --- who sends slowly ---

    def data_received(self, data: bytes) -> None:
        """Read on; the head and the body of a request have so long each, however small the pieces they come in."""
        super().data_received(data)
        self._watch_sender()

    def _watch_sender(self) -> None:
        phase = self.conn.their_state
        if phase is self._phase:
            return
        self._phase = phase
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if phase in (h11.IDLE, h11.SEND_BODY):
            self._late = self.loop.call_later(self.limits.patience_s, self._give_up_sender)

    def _give_up_sender(self) -> None:
        has_begun = self._phase is h11.SEND_BODY or bool(self.conn.trailing_data[0])
        if has_begun and not self.transport.is_closing():
            self._refuse(408, TOO_SLOW)
        else:
            self._cut_off()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in our shape."""
        self._refuse(400, NOT_HTTP)

    def _refuse(self, status: int, fault: FaultReply, headers: dict[str, str] | None = None) -> None:
        """Send a refusal of our own and hang up."""
        reply = fault_response(status, fault, headers)
        fields = [*reply.raw_headers, (b"connection", b"close")]
        start = h11.Response(status_code=status, headers=fields, reason=STATUS_PHRASES[status])
        try:
            for event in (start, h11.Data(data=bytes(reply.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # another reply is under way
            self._cut_off()
        else:
            self.transport.close()

    # --- who reads slowly ---

    def pause_writing(self) -> None:
        """Begin to watch a client that does not read as fast as we write."""
        super().pause_writing()
        self.since = self.loop.time()
        self._watch_reader()
        slow = [one for one in self.connections if isinstance(one, BoundedConnection) and one.flow.write_paused]
        if sum(one.transport.get_write_buffer_size() for one in slow) > MOST_UNREAD_BYTES:
            min(slow, key=lambda one: one.since)._cut_off()

    def resume_writing(self) -> None:
        """It reads."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        if self._is_finishing:
            self._is_finishing = False
            self.on_response_complete()

    def _watch_reader(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(self.limits.patience_s, self._judge_reader)

    def _judge_reader(self) -> None:
        read = self._unread - self.transport.get_write_buffer_size()
        if read < LEAST_BYTES_PER_S * self.limits.patience_s:
            self._cut_off()
        else:
            self._watch_reader()

    def on_response_complete(self) -> None:
        """Take up the next request of a pipeline only when the reply to this one was read: it waits in memory."""
        if self.flow.write_paused and not self.transport.is_closing():
            self._is_finishing = True
            return
        super().on_response_complete()
        self.since = self.loop.time()
        self._watch_sender()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up after some idle seconds; on who has not read the last of a reply, without waiting for that."""
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size():
            self._cut_off()


class Server(uvicorn.Server):
    """uvicorn's server; what goes wrong with a connection before it is one is told in one line, not ten thousand."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        asyncio.get_running_loop().set_exception_handler(once_a_minute())
        await super().startup(sockets)


def once_a_minute(
    clock: Callable[[], float] = time.monotonic,
) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """An exception handler that tells of connections that could not be accepted once a minute, of the rest always.

    asyncio calls it for each of a hundred tries a second, with a traceback, for as long as file handles are lacking.
    """
    told_at: Sequence[float] = ()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        nonlocal told_at
        if "socket.accept()" not in context["message"]:
            loop.default_exception_handler(context)
        elif not told_at or clock() - told_at[0] >= LOG_EVERY_S:
            told_at = (clock(),)
            log.error("Connections are refused: %s. Let the process open more files.", context["exception"])

    return handle
