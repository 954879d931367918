"""A language model behind an OpenAI-compatible endpoint: messages go out, the text of a reply comes in."""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import httpx

from search.language_model.exchange import Connection, within

# Three sentences and their citations take some hundreds of characters, an editorial record some thousands.
LONGEST_TEXT = 4_000

# A streamed word comes in 200 to 400 bytes of JSON, and some models stream their thoughts beside the reply.
MOST_BYTES = 2**20

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


class NoReply(Exception):
    """The model gave no whole reply. No fault for a person to mend: whoever asks has another way to answer.

    Neither it nor what it was raised from holds anything that was sent: no key, no question.
    """

    def __init__(self, reason: Reason, status: int | None = None) -> None:
        super().__init__(f"The language model gave no whole reply: {reason}{f' {status}' if status else ''}")
        self.reason = reason
        self.status = status  # of HTTP, when that is the reason


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a model."""

    role: str  # "system" or "user"
    content: str


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Where a model is asked, and for how long."""

    url: str  # "https://…/v1", with or without a slash at the end
    model: str
    timeout_s: float  # for the whole of a reply, connecting included
    api_key: str | None = field(default=None, repr=False)
    longest: int = LONGEST_TEXT  # characters of a reply; a longer one is given up
    json_only: bool = False  # whether the endpoint is to hold the reply to JSON, which not every one can

    def reply(self, messages: Sequence[Message]) -> Generator[str]:
        """Give the text of the model's reply, piece by piece. Close it to hang up before its end.

        Raises NoReply, before the first piece or after any.
        """
        status = None
        pieces = within(self.timeout_s, lambda connection: self._pieces(messages, connection))
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

    def _pieces(self, messages: Sequence[Message], connection: Connection) -> Iterator[str]:
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
