"""The service as a process: how long it takes to be ready, and to be built."""

import http.client
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, sleep
from typing import IO

from eval.contender import end, last_words
from eval.fault import CannotMeasure

# How long a service may take to be ready, and how often it is asked.
DEADLINE_S, POLL_S = 60.0, 0.02


@dataclass(frozen=True, slots=True)
class Command:
    """What runs `recueil`, and the environment its settings come from."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


def time_to_ready(recueil: Command) -> float:
    """Seconds from the start of `recueil serve`, on a free port, until it is ready; it is ended afterwards.

    Raises CannotMeasure when the service ends or is not ready in time.
    """
    port = _free_port()
    serve = [*recueil.words, "serve", "--host", "127.0.0.1", "--port", str(port)]
    with TemporaryFile("w+", encoding="utf-8") as errors:
        begin = perf_counter()
        process = subprocess.Popen(
            serve, env=recueil.environment, stdout=subprocess.DEVNULL, stderr=errors, encoding="utf-8"
        )
        try:
            while not _is_ready(port):
                _check_starting(process, perf_counter() - begin, errors)
                sleep(POLL_S)
            return perf_counter() - begin
        finally:
            end(process)


def _check_starting(process: "subprocess.Popen[str]", waited_s: float, errors: IO[str]) -> None:
    if process.poll() is not None or waited_s > DEADLINE_S:
        state = "ended" if process.poll() is not None else f"was not ready after {DEADLINE_S:.0f} s"
        raise CannotMeasure(f"The service {state}: {last_words(errors)}", "recueil serve", "Run it by hand.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def build(recueil: Command) -> None:
    """Run `recueil build`, which leaves alone what is up to date. Raises CannotMeasure when it fails."""
    with TemporaryFile("w+", encoding="utf-8") as errors:
        words = [*recueil.words, "build"]
        done = subprocess.run(words, env=recueil.environment, stdout=subprocess.DEVNULL, stderr=errors, check=False)
        if done.returncode:
            raise CannotMeasure(f"The build failed: {last_words(errors)}", "recueil build", "Run it by hand.")


def time_of_build(recueil: Command) -> float:
    """Seconds that `recueil build` takes from nothing, in a folder of its own. Raises CannotMeasure when it fails."""
    with TemporaryDirectory() as var:
        begin = perf_counter()
        build(Command(recueil.words, {**recueil.environment, "RECUEIL_VAR": var}))
        return perf_counter() - begin
