"""Work in a process of its own that is killed when its time is up, and what it had said until then."""

import json
import os
import selectors
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from tests.crash.world import is_fault

Say = Callable[[Any], None]
LONGEST_S = 120.0  # for work that is not killed


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    said: list[Any]  # each thing that was said whole: what is said is acknowledged
    fault: str | None  # what somebody would be told to mend
    bug: str | None  # a traceback
    killed: bool
    seconds: float


class Working:
    """A process that was forked off and works; its parent must not have begun any thread."""

    def __init__(self, work: Callable[[Say], None], limit: Callable[[], None] = lambda: None) -> None:
        reading, writing = os.pipe()
        self.began = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _work(writing, work, limit)
        os.close(writing)
        self.reading = reading

    def end(self, after_s: float | None = None, how: signal.Signals = signal.SIGKILL) -> Ended:
        """Wait until it has ended, for so many seconds at most; then it is killed."""
        octets, killed = bytearray(), False
        deadline = self.began + (LONGEST_S if after_s is None else after_s)
        with selectors.DefaultSelector() as selector:
            selector.register(self.reading, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if not killed and (left <= 0 or not selector.select(left)):
                    killed = True
                    os.kill(self.pid, how)
                    continue
                if not (more := os.read(self.reading, 1 << 16)):
                    break
                octets += more
        os.close(self.reading)
        _, status = os.waitpid(self.pid, 0)
        lines = [json.loads(line) for line in octets.split(b"\n")[:-1]]
        told = {name: next((line[name] for line in lines if name in line), None) for name in ("fault", "bug")}
        ended = os.waitstatus_to_exitcode(status)
        if not killed and ended < 0:
            told["bug"] = f"ended by signal {-ended}"
        said = [line["said"] for line in lines if "said" in line]
        return Ended(said, told["fault"], told["bug"], killed, time.monotonic() - self.began)


def _work(writing: int, work: Callable[[Say], None], limit: Callable[[], None]) -> NoReturn:
    def say(**what: Any) -> None:
        os.write(writing, json.dumps(what).encode() + b"\n")

    status = 0
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        limit()
        work(lambda what: say(said=what))
    except BaseException as error:
        if is_fault(error):
            say(fault=str(error))
        else:
            say(bug=traceback.format_exc())
            status = 1
    finally:
        os._exit(status)
