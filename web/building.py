"""Building the index beside the service: what the routes ask of whoever does it, and how far it is.

No web framework is needed here: the command line does the building.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from corpus import Fault
from search import Searcher


class BuildRuns(Fault):
    """A build is asked for while one runs."""


class NoBuilder(Fault):
    """A build is asked for where nothing can build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A build, running or ended."""

    began: str  # UTC, to the second. Example: "2026-11-29T14:02:33Z"
    step: str = "Reading the documents"
    percent: int = 0  # of the step
    ended: str | None = None  # None while it runs
    before: str | None = None  # the generation that was current when it began
    after: str | None = None  # that which was when it ended; the same where nothing was out of date
    failed: bool = False
    fault: Fault | None = None  # why, None for a bug too, which stands in the log

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None


class Building(Protocol):
    """What makes the index that the documents ask for, in a process beside the service."""

    done: Future[None]  # resolved when the first look is over; with a Fault where no index could be made

    def start(self, opened: Future[Searcher]) -> None:
        """Look, in a thread, whether what was opened is up to date, and build what is not."""

    def rebuild(self) -> Build:
        """Build, in a thread, what is out of date. Raises BuildRuns while a look or a build is under way."""

    def stop(self) -> None:
        """End it, unfinished as it may be."""

    @property
    def state(self) -> str | None:
        """What is being built and how far it is, or that it failed, for anybody to read; None while nothing is."""

    @property
    def last(self) -> Build | None:
        """The build that runs, or else the last one; None where nothing was built yet."""
