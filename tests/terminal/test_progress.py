"""Progress bars: one for each step, and notes above them."""

from io import StringIO

from rich.console import Console

from terminal.progress import Bars


def test_bars_count_the_parts_of_each_step():
    console = Console(file=StringIO(), width=100, force_terminal=True)
    with Bars(console) as bars:
        bars.step("Encoding the passages", 12)
        bars.advance(8)
        bars.note("The export is not faithful.")
        bars.advance(4)
    assert "12/12" in console.file.getvalue()
    assert "The export is not faithful." in console.file.getvalue()


def test_bars_go_to_standard_error_unless_told_otherwise(capsys):
    with Bars() as bars:
        bars.step("Encoding the passages", 1)
        bars.advance(1)
    told = capsys.readouterr()
    assert (told.out, "Encoding the passages" in told.err) == ("", True)
