"""The service that is killed, and those who use it all the while."""

import http.client
import itertools
import json
import socket
import time
from urllib.parse import quote

from tests.crash.struck import Say
from tests.crash.world import QUESTION, World, judged_in, told

TOLD_TO_WAIT = (429, 503)
PATIENCE_S = 5.0
PAUSE_S = 0.02  # between two visits: what is struck needs the processor too


def serve(world: World, listening: socket.socket) -> None:
    """Serve until killed."""
    import api

    settings = world.settings.model_copy(update={"port": listening.getsockname()[1]})
    api.make_server(api.create_app(settings), settings).run(sockets=[listening])


def visit(port: int, first: int, say: Say) -> None:
    """Search and report in turn until killed; say of each reply its generation and variants, or what was kept."""
    for number in itertools.count(first):
        try:
            say(_searched(port))
            say(_reported(port, number))
            time.sleep(PAUSE_S)
        except (OSError, http.client.HTTPException):
            say({"cut": 1})  # the service was killed meanwhile
            time.sleep(0.02)


def _searched(port: int) -> dict[str, object]:
    status, headers, reply = _asked(port, "GET", f"/search?q={quote(QUESTION)}")
    if status == 200:
        return {
            "digest": headers["X-Recueil-Generation"].split("digest=")[1][:64],
            "variants": sorted(judged_in(reply)),
        }
    return {"refused": 1} if status in TOLD_TO_WAIT else {"unexpected": f"{status} {reply[:300]!r}"}


def _reported(port: int, number: int) -> dict[str, object]:
    status, _, reply = _asked(port, "POST", "/feedback/gap", json.dumps({"query": told(number)}))
    if status == 201:
        return {"kept": number}
    return {"refused": 1} if status in TOLD_TO_WAIT else {"unexpected": f"{status} {reply[:300]!r}"}


def _asked(port: int, method: str, path: str, body: str | None = None) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()
