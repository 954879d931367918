"""How whoever builds or trains tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Who is told how a long work advances."""

    def step(self, label: str, total: int) -> None:
        """A step begins, of `total` parts."""

    def advance(self, parts: int) -> None:
        """So many more parts of the step are done."""

    def note(self, text: str) -> None:
        """Something that the person who waits should know."""


class Silence:
    """Tells nobody."""

    def step(self, label: str, total: int) -> None:
        """Do nothing."""

    def advance(self, parts: int) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""
