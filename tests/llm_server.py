"""A small OpenAI-compatible server on this machine: it replies as the test says, and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

DRIP_S = 0.02
PIECE = 7  # characters: most pieces end within a word, some within a citation


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "LlmServer"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.path, headers, json.loads(body)))
        self.close_connection = True
        with suppress(OSError):  # the client hung up, as it should on most of these replies
            self.server.behave(self)

    def log_message(self, *_: object) -> None:
        pass

    def begin(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def begin_stream(self) -> None:
        self.begin(content_type="text/event-stream", transfer_encoding="chunked")

    def chunk(self, data: bytes) -> None:
        """One chunk; an empty one is the end."""
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def piece(self, text: str, end: str | None = None) -> None:
        """One event of a stream with some of the text."""
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": end}
        self.chunk(b"data: " + json.dumps({"choices": [choice]}, ensure_ascii=False).encode() + b"\n\n")

    def whole(self, body: bytes) -> None:
        self.begin(content_type="application/json", content_length=str(len(body)))
        self.wfile.write(body)

    def goes_on(self) -> bool:
        """Whether the test is still on, a drip later."""
        return not self.server.stopping.wait(DRIP_S)


Behaviour = Callable[[Handler], None]


def streamed(text: str, size: int = PIECE) -> Behaviour:
    """A good reply: the role, the text in pieces, the end, the counts of tokens, [DONE]."""

    def behave(handler: Handler) -> None:
        handler.begin_stream()
        handler.chunk(b': hello\n\ndata: {"choices": [{"delta": {"role": "assistant", "content": null}}]}\n\n')
        for start in range(0, len(text), size):
            handler.piece(text[start : start + size])
        handler.piece("", "stop")
        handler.chunk(b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\ndata: [DONE]\n\n')
        handler.chunk(b"")

    return behave


def whole(text: str) -> Behaviour:
    """A good reply of a server that does not stream."""
    message = {"role": "assistant", "content": text}
    return sent(json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}, indent=1).encode())


def sent(body: bytes) -> Behaviour:
    """This body, as JSON or not."""
    return lambda handler: handler.whole(body)


def events(*data: bytes) -> Behaviour:
    """A stream of these events, ended by the server without any sign."""

    def behave(handler: Handler) -> None:
        handler.begin_stream()
        for one in data:
            handler.chunk(b"data: " + one + b"\n\n")
        handler.chunk(b"")

    return behave


def refused_with(status: int) -> Behaviour:
    return lambda handler: handler.begin(status, content_length="0")


def redirected(url: str) -> Behaviour:
    return lambda handler: handler.begin(307, location=url, content_length="0")


def cut_off(text: str) -> Behaviour:
    """The connection breaks after this text."""

    def behave(handler: Handler) -> None:
        handler.begin_stream()
        handler.piece(text)

    return behave


def limited(text: str) -> Behaviour:
    """The server stops at its limit of tokens."""

    def behave(handler: Handler) -> None:
        handler.begin_stream()
        handler.piece(text)
        handler.piece("", "length")
        handler.chunk(b"")

    return behave


def silent(handler: Handler) -> None:
    handler.server.stopping.wait()


def dripping_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while handler.goes_on():
        handler.wfile.write(b"z")


def dripping(handler: Handler) -> None:
    """A comment that never ends, one byte at a time."""
    handler.begin_stream()
    handler.chunk(b":")
    while handler.goes_on():
        handler.chunk(b"z")


def dripping_text(handler: Handler) -> None:
    handler.begin_stream()
    while handler.goes_on():
        handler.piece("le ")


def endless(handler: Handler) -> None:
    """Text as fast as it can be written, for ever."""
    handler.begin_stream()
    while not handler.server.stopping.is_set():
        handler.piece("le bus va partout " * 20)


def endless_line(handler: Handler) -> None:
    """One line for ever, which brings no text."""
    handler.begin_stream()
    while not handler.server.stopping.is_set():
        handler.chunk(b": " + b"z" * 65_536)


@dataclass
class LlmServer(ThreadingHTTPServer):
    """Serves from `with` to its end; `behave` may be set anew before each request."""

    behave: Behaviour = field(default_factory=lambda: streamed("Le bus va partout [1]."))
    requests: list[Request] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = False  # closing waits for them, so that none outlives its test

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        self.thread.join()
