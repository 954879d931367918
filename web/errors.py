"""Errors over HTTP: every refusal is {"what", "where", "mend"}, with a status from one table and never a traceback."""

import logging
import re
import time
import traceback
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus import Fault
from feedback import BadFeedback, BusyFeedback, FeedbackOff, TooMuchFeedback
from index import BadIndex, BadModel
from search import BadComparison, BadQuestion, UnknownFilter, UnknownInitiative
from search.answer import BadCalibration, BadRanker, BadReader
from web.building import BuildRuns, NoBuilder
from web.caller import NoKey, NotAllowed, TooManyRequests
from web.keys import BadKeys, UnknownKey
from web.metrics import NoMetrics
from web.observation import seen_of
from web.parameters import BadCursor, RepeatedParameter, TooManyParameters
from web.publication import NotPublished
from web.quality import BadQuality
from web.safety import CrossSite
from web.schemas import FaultReply

# An absolute path, in quotation marks with whatever it holds.
PATH = re.compile(r"""(?<=')/[^'\n]+(?=')|(?<=")/[^"\n]+(?=")|(?<![\w./])/[^\s/'",;()]+(?:/[^\s/'",;()]+)+""")

log = logging.getLogger("recueil.http")


class NotReady(Fault):
    """Something that is needed is still being opened."""


class UnknownCorpus(Fault):
    """A corpus is named that this service does not have."""


class UnknownModel(Fault):
    """Something is asked of a model, as OpenAI's interface calls it, that there is not."""


# An unknown initiative is a resource that does not exist. An unknown value of a filter is not: the resource is there,
# only the question put to it makes no sense, as with a number out of range.
STATUS: dict[type[Fault], int] = {
    NoKey: 401,
    NotAllowed: 403,
    CrossSite: 403,
    NoMetrics: 403,
    UnknownInitiative: 404,
    UnknownCorpus: 404,
    UnknownModel: 404,
    FeedbackOff: 404,
    NotPublished: 404,
    BuildRuns: 409,
    BadQuestion: 422,
    UnknownFilter: 422,
    BadComparison: 422,
    BadCursor: 422,
    RepeatedParameter: 422,
    TooManyParameters: 422,
    TooMuchFeedback: 429,
    TooManyRequests: 429,
    UnknownKey: 404,
    BadKeys: 503,
    NoBuilder: 503,
    NotReady: 503,
    BadIndex: 503,
    BadModel: 503,
    BadReader: 503,
    BadCalibration: 503,
    BadRanker: 503,
    BadFeedback: 503,
    BadQuality: 503,
    BusyFeedback: 503,
}

# When to ask again, in seconds.
RETRY_AFTER_S: dict[type[Exception], str] = {NotReady: "1", BusyFeedback: "1", TooMuchFeedback: "3600"}

# What each status means, for the reader of /docs.
MEANING = {
    400: "The body is not JSON",
    401: "This takes a key, or the key opens nothing",
    403: "The key is for something else, or the figures of this service are not for you",
    404: "No initiative has this id, or this service keeps no feedback",
    409: "A build is under way already",
    413: "The body is larger than this service reads",
    414: "The address is longer than this service reads",
    422: "A value is missing, unknown or out of range",
    429: "More came with this key or from this address than may within a minute, or feedback within a day",
    500: "A bug: something nobody foresaw",
    503: "What is needed is not loaded, or cannot be; or too much is asked at once",
}

# The mend for what the framework itself refuses; other statuses do not occur.
MENDS = {
    400: "Send a JSON object, with the content type application/json.",
    404: "Take a route from /docs.",
    405: "Use another method; /docs names it.",
    413: "Send a shorter text.",
}
UNEXPECTED = FaultReply(
    what="Something went wrong that nobody foresaw",
    where="the service",
    mend="Ask again; if it happens again, report the question and the time.",
)

Replies = dict[int | str, dict[str, Any]]


def faults(*statuses: int) -> Replies:
    """The error schemas of a route for OpenAPI; every route may also answer 414 and 500."""
    return {status: {"model": FaultReply, "description": MEANING[status]} for status in (*statuses, 414, 500)}


def show_faults(app: FastAPI, most_body_bytes: int) -> None:
    """Make the app answer every refusal, its own or the framework's, with what, where and mend."""
    app.add_exception_handler(Fault, _show_fault)
    app.add_exception_handler(HTTPException, _show_http_exception)
    app.add_exception_handler(RequestValidationError, _show_invalid_request)
    app.add_middleware(BodyLimit, most_bytes=most_body_bytes)
    app.add_middleware(UnforeseenErrors)


class BodyLimit:
    """Stops reading a request's body beyond a limit; the framework's own limit would answer in plain text."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.most_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


class UnforeseenErrors:
    """Answers an unexpected exception with 500.

    The traceback is logged without the exception's own message, which may quote the question: that is personal data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            reply = fault_reply(error, scope)
            if not started:
                await fault_response(500, reply)(scope, receive, send)


def fault_reply(error: Exception, scope: Scope) -> FaultReply:
    """Say what went wrong with a request: a fault in its own words, anything else is logged and not said.

    Where something lies on this machine is no stranger's concern: of that, too, the log alone tells.
    """
    if (seen := seen_of(scope)) is not None:
        seen.fault = type(error).__name__ if isinstance(error, Fault) else "bug"
    if isinstance(error, Fault):
        shown = [_without_paths(text) for text in (error.what, error.where, error.mend)]
        if shown != [error.what, error.where, error.mend] and status_of(error) >= 500:
            _tell_operator(str(error), int(time.monotonic() // 60))
            where = "the service" if PurePath(error.where).is_absolute() else shown[1]
            return FaultReply(what=shown[0], where=where, mend=shown[2])
        return FaultReply(what=error.what, where=error.where, mend=error.mend)
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s in %s, request %s\n%s", type(error).__name__, _route(scope), seen.id if seen else "?", frames)
    return UNEXPECTED


def _without_paths(text: str) -> str:
    """A text in which no file is named with its folders. Example: "no '/var/x/a.b'" → "no 'a.b'"."""
    return PATH.sub(lambda path: PurePath(path[0]).name, text)


@lru_cache(64)
def _tell_operator(fault: str, minute: int) -> None:
    """Log a fault, once a minute however many run into it."""
    log.error("%s", fault)


def _route(scope: Scope) -> str:
    """The route's template, which holds no value that the client gave."""
    return str(getattr(scope.get("route"), "path", "no route"))


def fault_response(status: int, fault: FaultReply, headers: dict[str, str] | None = None) -> JSONResponse:
    """A refusal as a response."""
    # A fault is of the moment: whoever asks again must not be given a kept one.
    return JSONResponse(fault.model_dump(), status, {"Cache-Control": "no-store", **(headers or {})})


def status_of(fault: Fault) -> int:
    """The HTTP status of a fault."""
    return next((STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS), 500)


def headers_of(fault: Fault) -> dict[str, str]:
    """What else a refusal tells: when to ask again, and what kind of key is wanted (RFC 6750)."""
    match fault:
        case NoKey():
            return {"WWW-Authenticate": 'Bearer realm="recueil"'}
        case NotAllowed():
            return {"WWW-Authenticate": 'Bearer realm="recueil", error="insufficient_scope"'}
        case TooManyRequests():
            return {"Retry-After": str(fault.retry_after_s)}
    seconds = RETRY_AFTER_S.get(type(fault))
    return {"Retry-After": seconds} if seconds else {}


def _show_fault(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, Fault)
    return fault_response(status_of(fault), fault_reply(fault, request.scope), headers_of(fault))


def _show_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    what = {
        404: "There is nothing here",
        405: f"{request.method} is not possible here",
    }.get(error.status_code, MEANING.get(error.status_code, str(error.detail)))
    fault = FaultReply(
        what=what, where="the path" if error.status_code in (404, 405) else "the body", mend=MENDS[error.status_code]
    )
    return fault_response(error.status_code, fault, dict(error.headers or {}))


def _show_invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    # One at a time: the first unmet condition often explains the others.
    first = errors[0]
    status = 400 if first["type"] == "json_invalid" else 422
    return fault_response(status, _invalid(first))


def _invalid(error: dict[str, Any]) -> FaultReply:
    """Say one of pydantic's errors in our words; the value itself is not repeated, it may be personal.

    Example: {"type": "missing", "loc": ("query", "q")} -> "'q' is missing", "the query string", "Give 'q'."
    """
    part, *path = error["loc"]
    where = {"query": "the query string", "path": "the path", "body": "the body"}[part]
    name = ".".join(str(step) for step in path)
    demand = str(error["msg"]).replace("Input", "The value").replace("Value error, ", "")
    match error["type"]:
        case "json_invalid":
            return FaultReply(
                what=MEANING[400], where=f"{where}, character {name}", mend=f"Mend it: {error['ctx']['error']}."
            )
        case "missing":
            return FaultReply(
                what=f"'{name}' is missing" if name else "There is no body",
                where=where,
                mend=f"Give '{name}'." if name else MENDS[400],
            )
        case "extra_forbidden":
            return FaultReply(
                what=f"'{name}' means nothing here",
                where=where,
                mend="Leave it out; /docs lists what this route takes.",
            )
        case _:
            return FaultReply(
                what=f"'{name}' cannot be used" if name else "The body cannot be used", where=where, mend=f"{demand}."
            )
