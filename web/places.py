"""Places for one kind of work, the line before them, and the pace of refusals.

places = Places("search", at_once=2, waiting=16, longest_wait_s=2)
place = await places.take(incoming)     # None when there was none in time, or when the client hung up
place.leave()
"""

import asyncio
import time
from enum import StrEnum
from typing import Protocol

import anyio

# Refusals that leave in a second. One costs half a millisecond of processor time, so that all take a sixth of a core at
# most; who is refused among fifty clients that ask again at once hears so after 150 ms.
REFUSALS_PER_S = 300

# How much the newest request says about how long the next will take; the rest is what those before it said.
NEWEST_SHARE = 0.3


class Incoming(Protocol):
    """A request of which it is known whether its client is still there."""

    async def until_gone(self) -> None:
        """Return when the client has hung up."""


class Refused(StrEnum):
    """Why somebody gets no place."""

    FULL = "full"  # told at once
    LATE = "late"  # waited in vain
    GONE = "gone"  # hung up while waiting


class Places:
    """The places of one kind of work, and the line before them: first come, first served."""

    def __init__(self, kind: str, at_once: int, waiting: int, longest_wait_s: float) -> None:
        self.kind = kind
        self.limiter = anyio.CapacityLimiter(at_once)
        self.refused = dict.fromkeys(Refused, 0)  # how many, since the service began
        self.most_waiting = waiting
        self.longest_wait_s = longest_wait_s
        self.usual_s = 0.0  # that a request takes, once it has a place; the latest count most

    def expected_wait_s(self) -> float:
        """How long one more would wait, if all take as long as usual."""
        if self.limiter.available_tokens > 0:
            return 0.0
        return (self.in_line + 1) * self.usual_s / self.total

    @property
    def total(self) -> int:
        """How many may be at work at once."""
        return int(self.limiter.total_tokens)

    @property
    def at_work(self) -> int:
        """How many are."""
        return self.limiter.borrowed_tokens

    @property
    def in_line(self) -> int:
        """How many wait for a place."""
        return self.limiter.statistics().tasks_waiting

    def is_full(self) -> bool:
        """Whether one more would be too many, or would wait too long."""
        if self.limiter.available_tokens > 0:
            return False
        is_crowded = self.in_line >= self.most_waiting
        return is_crowded or self.expected_wait_s() > self.longest_wait_s

    async def take(self, incoming: Incoming) -> "Place | None":
        """Wait for a place; None when there was none in time, or when the client hung up (`incoming.is_gone`)."""
        place = Place(self)
        with anyio.move_on_after(self.longest_wait_s):
            async with anyio.create_task_group() as waiting:

                async def watch() -> None:
                    await incoming.until_gone()
                    waiting.cancel_scope.cancel()

                waiting.start_soon(watch)
                await self.limiter.acquire_on_behalf_of(place)
                place.begin()
                waiting.cancel_scope.cancel()
        return place if place.is_held else None


class Place:
    """One place, held from `begin` until it is left."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.is_held = False

    def begin(self) -> None:
        """Note that it was taken, and when."""
        self.is_held, self._began = True, time.perf_counter()

    def leave(self) -> None:
        """Give it back; once, however often this is called."""
        if self.is_held:
            self.is_held = False
            took_s = time.perf_counter() - self._began
            self.places.usual_s += NEWEST_SHARE * (took_s - self.places.usual_s)
            self.places.limiter.release_on_behalf_of(self)


class Pace:
    """Lets refusals go one after the other, so many in a second at most; one that comes alone goes at once.

    Some programs ask again the moment they are refused. Each refusal that leaves brings another request, and 46 such
    clients took the whole of a core from those who were let in.
    """

    def __init__(self, per_s: float = REFUSALS_PER_S) -> None:
        self.step_s = 1 / per_s
        self._free_at = 0.0  # on the clock of the event loop

    async def wait(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._free_at)
        self._free_at = turn + self.step_s
        if turn > now:
            await asyncio.sleep(turn - now)
