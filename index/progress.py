"""Progress: what a build or a training reports how far it is to."""

from typing import Protocol


class Progress(Protocol):
    """What a build or a training reports its progress to."""

    def step(self, label: str, total: int) -> None:
        """A step begins, of `total` parts."""

    def advance(self, parts: int) -> None:
        """So many more parts of the step are done."""

    def note(self, text: str) -> None:
        """Something that whoever waits for it should read."""


class Silence:
    """A `Progress` that shows nothing."""

    def step(self, label: str, total: int) -> None:
        """Do nothing."""

    def advance(self, parts: int) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""
