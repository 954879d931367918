"""The time limit of a request: whoever asked is told when it is over, and the work stops where it can be stopped."""

import asyncio

import anyio
from fastapi.sse import format_sse_event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.admission import AsPage, is_stream, kind_of, refusal
from web.schemas import FaultReply

TOO_LONG = FaultReply(
    what="This took longer than a request may take",
    where="the service",
    mend="Ask again in a minute, or something shorter.",
)
ENDING = FaultReply(
    what="The service ends, and this took longer than it could wait", where="the service", mend="Ask again in a minute."
)
RETRY = {"Retry-After": "60"}


class TimeLimit:
    """Ends a request after so many seconds, waiting for a place included.

    A thread cannot be stopped: what runs in one runs to its end and keeps its place (`Admission`) until then, so that
    no more is at work than may be. What waits, streams or has further steps is stopped.
    """

    def __init__(self, app: ASGIApp, seconds: float, as_page: AsPage) -> None:
        self.app = app
        self.seconds = seconds
        self.as_page = as_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        # What costs next to nothing need not be watched, and is answered sooner without a task of its own.
        if scope["type"] != "http" or kind_of(scope) is None:
            await self.app(scope, receive, send)
            return
        reply = Reply(send)
        # The scope of anyio and not the task is cancelled: that waits for a thread, and a place is not left under it.
        stopping = anyio.CancelScope()

        async def worked() -> None:
            with stopping:
                await self.app(scope, receive, reply.send)

        work = asyncio.ensure_future(worked())
        try:
            await asyncio.wait([work], timeout=self.seconds)
            # Who reads a whole reply slowly is no work, and is cut off by the connection.
            if not work.done() and (reply.start is None or is_stream(reply.start)):
                stopping.cancel()
                await self._tell(reply, TOO_LONG, scope, receive, send)
            await work
        except asyncio.CancelledError:  # by the server, whose time for last replies is over; nothing comes after us
            await self._tell(reply, ENDING, scope, receive, send)
        finally:
            work.cancel()

    async def _tell(self, reply: "Reply", fault: FaultReply, scope: Scope, receive: Receive, send: Send) -> None:
        if reply.is_closed:  # told already, while its thread works on
            return
        reply.is_closed = True
        if reply.start is None:
            await refusal(scope, 503, fault, RETRY, self.as_page)(scope, receive, send)
        elif is_stream(reply.start) and not reply.is_whole:
            event = format_sse_event(event="fault", data_str=fault.model_dump_json())
            await send({"type": "http.response.body", "body": event})


class Reply:
    """The reply to one request, which takes nothing more once it is closed."""

    def __init__(self, send: Send) -> None:
        self.start: Message | None = None
        self.is_whole = False
        self.is_closed = False
        self._send = send

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if self.is_closed:
            return
        if message["type"] == "http.response.start":
            self.start = message
        self.is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)
