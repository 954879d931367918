"""Progress bars on standard error, for what takes long: building, training, enriching."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bars:
    """Progress bars of one run, one for each step: the index's `Progress`.

    with Bars() as bars:
        bars.step("Encoding the passages", 820)
        bars.advance(32)
    """

    def __init__(self, console: Console | None = None) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console or Console(stderr=True),
        )
        self._current: TaskID | None = None

    def __enter__(self) -> "Bars":
        """Show the bars until the end of the block."""
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bars as they stand."""
        self._bars.stop()

    def step(self, label: str, total: int) -> None:
        """Begin a bar of `total` parts."""
        self._current = self._bars.add_task(label, total=total)

    def advance(self, parts: int) -> None:
        """Move the newest bar on by so many parts."""
        if self._current is not None:
            self._bars.advance(self._current, parts)

    def note(self, text: str) -> None:
        """Say it above the bars."""
        self._bars.console.print(text, style="yellow")
