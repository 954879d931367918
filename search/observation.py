"""What whoever runs a service may know of the work: how long its stages take, what comes of it; never what was asked.

    with observed_by(observer):        # in the context of one request, its threads included
        searcher.search("un bus")      # observer.took("rerank", 0.004), observer.came_to("search", "found")

Without an observer nothing is noted.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Observer(Protocol):
    """Is told of the work for one request. What it is told are names from the code."""

    def took(self, stage: str, seconds: float) -> None:
        """A stage has ended, perhaps in an exception."""

    def came_to(self, work: str, outcome: str) -> None:
        """Work has ended."""


_observer: ContextVar[Observer | None] = ContextVar("observer", default=None)


@contextmanager
def observed_by(observer: Observer) -> Iterator[None]:
    """Tell an observer of the work inside."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time a stage of the work."""
    began = time.perf_counter()
    try:
        yield
    finally:
        if (observer := _observer.get()) is not None:
            observer.took(name, time.perf_counter() - began)


def came_to(work: str, outcome: str) -> None:
    """Say what comes of some work."""
    if (observer := _observer.get()) is not None:
        observer.came_to(work, outcome)
