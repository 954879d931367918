"""Refusals below /v1 in OpenAI's shape: {"error": {"message", "type", "param", "code"}}, whoever refused.

    app.add_middleware(OpenAIErrors)

It turns every {"what", "where", "mend"} that passes it, so that routes, limits and the framework need not know of it.
"""

import re

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.admission import path_of
from web.schemas import FaultReply

BELOW = "v1/"
# OpenAI tells every request that cannot be used by 400.
STATUS = {422: 400}
TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
NAMED = re.compile(r"'([\w.]+)'")
FAULT_EVENT = re.compile(rb"event: fault\ndata: (?P<fault>.*)\n\n", re.DOTALL)


class OpenAIError(BaseModel):
    """What went wrong, as OpenAI's clients read it."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIFault(BaseModel):
    """The body of a refusal."""

    error: OpenAIError

    @classmethod
    def of(cls, fault: FaultReply, status: int) -> "OpenAIFault":
        """Tell a fault in OpenAI's words; a parameter is named where ours begins with it."""
        named = NAMED.match(fault.what)
        usual = "server_error" if status >= 500 else "invalid_request_error"
        code = "model_not_found" if status == 404 and fault.where == "model" else None
        param = fault.where if code else named[1] if named else None
        message = f"{fault.what} ({fault.where}). {fault.mend}"
        return cls(error=OpenAIError(message=message, type=TYPES.get(status, usual), param=param, code=code))


class OpenAIErrors:
    """Turns the refusals of what lies below /v1."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and path_of(scope).startswith(BELOW):
            await self.app(scope, receive, _Turned(scope, receive, send).send)
        else:
            await self.app(scope, receive, send)


class _Turned:
    """One reply: a refusal is kept until it is whole, everything else passes."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._passed = (scope, receive, send)
        self._start: Message | None = None  # of a refusal, kept
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take the next message of the reply."""
        _, _, send = self._passed
        if message["type"] == "http.response.start" and _is_refusal(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._refuse(self._start)
        elif message["type"] == "http.response.body":
            await send({**message, "body": _without_fault_event(message.get("body", b""))})
        else:
            await send(message)

    async def _refuse(self, start: Message) -> None:
        status: int = start["status"]
        try:
            fault = FaultReply.model_validate_json(self._body)
        except ValidationError:
            fault = FaultReply(what="The request was refused", where="the service", mend="Look at /docs.")
        headers = MutableHeaders(raw=list(start["headers"]))
        del headers["content-length"]
        body = OpenAIFault.of(fault, status).model_dump()
        await JSONResponse(body, STATUS.get(status, status), dict(headers))(*self._passed)


def _is_refusal(start: Message) -> bool:
    is_json = Headers(raw=start["headers"]).get("content-type", "").startswith("application/json")
    return bool(start["status"] >= 400 and is_json)


def _without_fault_event(body: bytes) -> bytes:
    """A stream's event `fault`, which clients of OpenAI would pass over, as the data that they take for an error."""
    found = FAULT_EVENT.fullmatch(body)
    if found is None:
        return body
    error = OpenAIFault.of(FaultReply.model_validate_json(found["fault"]), 503)
    return f"data: {error.model_dump_json()}\n\n".encode()
