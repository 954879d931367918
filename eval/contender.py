"""A contender: one search system in a process of its own, asked over a pipe.

Two systems in one process would share their memory and their threads, and neither figure would be its own. The process
reads one JSON value a line: a question (text), or null for its memory. It writes one JSON object a line: the first when
it is ready, or with the fault that keeps it from being so; then one for each line it reads.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from corpus.fault import Fault
from eval.fault import CannotMeasure
from eval.memory import Memory, own_memory

# How long a process that was told to end may take before it is killed.
PATIENCE_S = 10

# Initiatives that a contender of the bench gives: what every door shows when it is not told how many.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """What a contender found, and how long it took inside its process."""

    initiatives: tuple[str, ...]  # best first
    whole_ms: float  # the search
    encode_ms: float | None  # the part of it inside the encoder, where it is known


@dataclass(frozen=True)
class Contender:
    """A process that answers."""

    process: subprocess.Popen[str]
    errors: IO[str]  # what it wrote to stderr

    def ask(self, question: str) -> Reply:
        """Put a question. Raises CannotMeasure when the process has ended."""
        reply = self._exchange(question)
        return Reply(tuple(reply["initiatives"]), reply["whole_ms"], reply["encode_ms"])

    def memory(self) -> Memory:
        """What the process takes now. Raises CannotMeasure when it has ended, or the system does not tell."""
        return Memory(**self._exchange(None))

    def _exchange(self, request: str | None) -> dict[str, Any]:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the process has ended, and what it wrote last says why
        return _read(self.process, self.errors)


@contextmanager
def started(command: Sequence[str]) -> Iterator[Contender]:
    """Start a process that calls `answer`, and end it on leaving.

    Raises CannotMeasure when it ends before it is ready, and the Fault that it reports.
    """
    with TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
        )
        try:
            _read(process, errors)
            yield Contender(process, errors)
        finally:
            end(process)


def end(process: "subprocess.Popen[str]") -> None:
    """End a process that this one started, gently first."""
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def last_words(errors: IO[str]) -> str:
    """The last line that is not blank."""
    errors.seek(0)
    return next((line.strip() for line in reversed(errors.read().split("\n")) if line.strip()), "no word on stderr")


def _read(process: "subprocess.Popen[str]", errors: IO[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise CannotMeasure(
            f"The process ended with code {process.wait()}: {last_words(errors)}",
            " ".join(map(str, process.args)) if isinstance(process.args, list) else str(process.args),
            "Run this command by hand to see all it says.",
        )
    reply: dict[str, Any] = json.loads(line)
    if "fault" in reply:
        raise Fault(**reply["fault"])
    return reply


def answer(open_system: Callable[[], Callable[[str], Reply]]) -> None:
    """Open a system and answer stdin on stdout until it closes: what a contender's process does.

    Whatever else writes to stdout, a progress bar for instance, goes to stderr.
    """
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

        def write(reply: dict[str, Any]) -> None:
            out.write(json.dumps(reply) + "\n")
            out.flush()

        try:
            search = open_system()
        except Fault as fault:
            write({"fault": {"what": fault.what, "where": fault.where, "mend": fault.mend}})
            return
        write({"ready": True})
        for line in sys.stdin:
            question = json.loads(line)
            write(asdict(own_memory() if question is None else search(question)))
