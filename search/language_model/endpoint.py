"""A language model behind an OpenAI-compatible endpoint: messages go out, the text of a reply comes in.

    model = LanguageModel(url=url, model="a-model", timeout_s=20)
    model.reply([Message(role="user", content=redact_for_llm(text))])   # pieces of text, or NoReply

Nothing is sent anywhere unless somebody has set an endpoint.
"""

import json
import re
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Lock, Thread
from typing import Any

from corpus.text import EMAIL, PHONE, normalise_text

# Three sentences and their citations take some hundreds of characters, an editorial record some thousands.
LONGEST_TEXT = 4_000

# A streamed word comes in 200 to 400 bytes of JSON, and some models stream their thoughts beside the reply.
MOST_BYTES = 2**20

THREAD = "language-model"  # name of the threads that wait for replies

# Nothing that is sent inside the delimiters of a prompt can open or close one.
UNDELIMITED = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›", "﹤": "‹", "﹥": "›"})

EVENT_FIELD = re.compile(r"(?:event|id|retry)?(?::|$)")  # of an event stream, besides the data


class Reason(StrEnum):
    """Why there is no reply, or no whole one."""

    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    HTTP_ERROR = "http_error"  # a status other than 200; redirects too, because they may lead to a stranger
    BROKEN_OFF = "broken_off"  # the reply has no end
    MALFORMED = "malformed"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BUSY = "busy"  # as many replies are awaited as may be


class NoReply(Exception):
    """The model gave no whole reply. No fault for a person to mend: whoever asks has another way to answer.

    Neither it nor what it was raised from holds anything that was sent: no key, no question.
    """

    def __init__(self, reason: Reason, status: int | None = None) -> None:
        super().__init__(f"The language model gave no whole reply: {reason}{f' {status}' if status else ''}")
        self.reason = reason
        self.status = status  # of HTTP, when that is the reason


def redact_for_llm(text: str) -> str:
    """A text as a language model may see it: without markup, contact data and whatever could be taken for a delimiter.

    Example: "**Bus** < 5 km : bus@ain.fr" → "Bus ‹ 5 km :"
    """
    # Until nothing changes: without the markup inside it, a text may turn out to be a telephone number.
    while (readable := PHONE.sub("", EMAIL.sub("", normalise_text(text).text))) != text:
        text = readable
    return text.translate(UNDELIMITED)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a model."""

    role: str  # "system" or "user"
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """Where a model is asked, and for how long."""

    url: str  # "https://…/v1", with or without a slash at the end
    model: str
    timeout_s: float  # for the whole of a reply, connecting included
    api_key: str | None = field(default=None, repr=False)
    longest: int = LONGEST_TEXT  # characters of a reply; a longer one is given up
    json_only: bool = False  # whether the endpoint is to hold the reply to JSON, which not every one can
    at_once: int = 4  # replies that are awaited; who asks for more is told so without waiting
    _places: BoundedSemaphore = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", BoundedSemaphore(self.at_once))

    def reply(self, messages: Sequence[Message]) -> Generator[str]:
        """Give the text of the model's reply, piece by piece. Close it to hang up before its end.

        Raises NoReply, before the first piece or after any.
        """
        if not self._places.acquire(blocking=False):
            raise NoReply(Reason.BUSY)
        try:
            yield from self._reply(messages)
        finally:
            self._places.release()

    def _reply(self, messages: Sequence[Message]) -> Generator[str]:
        import httpx

        status = None
        pieces = with_deadline(self.timeout_s, lambda connection: self._pieces(messages, connection))
        try:
            yield from pieces
        except NoReply as fault:
            reason, status = fault.reason, fault.status
        except (TimeoutError, httpx.TimeoutException):
            reason = Reason.TIMED_OUT
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL):
            reason = Reason.UNREACHABLE
        except httpx.TransportError:
            reason = Reason.BROKEN_OFF
        else:
            return
        # Raised out here, for what was raised in there holds the request or the reply: the key, the question, an echo
        # of both.
        raise NoReply(reason, status)

    def _pieces(self, messages: Sequence[Message], connection: "Connection") -> Iterator[str]:
        import httpx

        with (
            httpx.Client(trust_env=False, timeout=self.timeout_s, follow_redirects=False) as client,
            client.stream(
                "POST",
                self._endpoint(),
                content=self._body(messages),
                headers=self._headers(),
                extensions={"trace": connection.trace},
            ) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise NoReply(Reason.HTTP_ERROR, response.status_code)
            yield from _texts(_payloads(_lines(response.iter_raw())), self.longest)

    def _endpoint(self) -> str:
        return f"{self.url.rstrip('/')}/chat/completions"

    def _body(self, messages: Sequence[Message]) -> bytes:
        said = [{"role": message.role, "content": message.content} for message in messages]
        body = {"model": self.model, "messages": said, "temperature": 0, "stream": True}
        return json.dumps(body | ({"response_format": {"type": "json_object"}} if self.json_only else {})).encode()

    def _headers(self) -> dict[bytes, bytes]:
        headers = {
            b"Content-Type": b"application/json",
            b"Accept": b"text/event-stream, application/json",
            b"Accept-Encoding": b"identity",  # a few packed bytes could unpack to more than the memory holds
        }
        return headers if self.api_key is None else headers | {b"Authorization": b"Bearer " + self.api_key.encode()}


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """The lines of a body, without their ends: LF or CRLF, because a text may hold other line ends of Unicode."""
    read, rest = 0, bytearray()
    for chunk in chunks:
        read += len(chunk)
        if read > MOST_BYTES:
            raise NoReply(Reason.TOO_LONG)
        rest += chunk
        if b"\n" in chunk:
            *whole, rest = rest.split(b"\n")
            for line in whole:
                yield _decoded(line)
    yield _decoded(rest)


def _decoded(line: bytearray) -> str:
    try:
        return line.removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise NoReply(Reason.MALFORMED) from None


def _payloads(lines: Iterator[str]) -> Iterator[str]:
    """The data of each event of a stream; or the whole body, when it is JSON because the server does not stream."""
    body: list[str] = []
    data: list[str] = []
    for line in lines:
        if body or line.lstrip().startswith("{"):
            body.append(line)
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").strip())
        elif not EVENT_FIELD.match(line):
            raise NoReply(Reason.MALFORMED)
        elif not line and data:
            yield "\n".join(data)
            data = []
    for rest in (body, data):
        if rest:
            yield "\n".join(rest)


def _texts(payloads: Iterator[str], longest: int) -> Iterator[str]:
    """The text in each payload, up to the end that the server gives."""
    length, blank, end = 0, True, None
    for payload in payloads:
        if payload == "[DONE]":
            end = "stop"
            break
        text, end = _read(payload)
        length, blank = length + len(text), blank and not text.strip()
        if length > longest or end == "length":
            raise NoReply(Reason.TOO_LONG)
        if text:
            yield text
        if end is not None:
            break
    if end in (None, "content_filter") and not blank:
        raise NoReply(Reason.BROKEN_OFF)
    if blank:
        raise NoReply(Reason.EMPTY)


def _read(payload: str) -> tuple[str, str | None]:
    """The text of one payload, and how the reply ends if it ends there.

    Example: '{"choices": [{"delta": {"content": "Le bus"}}]}' → ("Le bus", None)
    """
    try:
        reply = json.loads(payload)
    except (ValueError, RecursionError):
        raise NoReply(Reason.MALFORMED) from None
    match reply:
        case {"choices": []}:  # counts of tokens, or notes of a filter
            return "", None
        case {"choices": [{"delta": {**said}, **choice}, *_]}:
            end = choice.get("finish_reason")
        case {"choices": [{"message": {**said}, **choice}, *_]}:
            end = choice.get("finish_reason") or "stop"
        case _:
            raise NoReply(Reason.MALFORMED)
    text = said.get("content") or ""
    if not isinstance(text, str) or not isinstance(end, str | None):
        raise NoReply(Reason.MALFORMED)
    return text, end


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


def with_deadline(timeout_s: float, exchange: Callable[[Connection], Iterable[str]]) -> Generator[str]:
    """Give the pieces of an exchange (one request and its reply) as they come; close it to cut the connection.

    The timeouts of a socket begin anew with every byte, so that a server that drips bytes is never late, and resolving
    a name has none at all. So an exchange is made in a thread of its own. Whoever asked waits as long as it said and no
    longer, and the connection is then cut under the thread, which ends it. A daemon thread, so that a name that is
    resolved for ever does not keep the process from ending. The generator may be left at any moment and from any
    thread, from one that runs an event loop too.

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
