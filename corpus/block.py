"""A block: a run of lines without a blank one between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.markup import plain


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines that are not blank; `start` is 1-based in the document."""

    start: int
    lines: tuple[str, ...]

    @property
    def end(self) -> int:
        """The last line, 1-based, inclusive."""
        return self.start + len(self.lines) - 1

    @property
    def text(self) -> str:
        """The lines without markup, joined by newlines."""
        return "\n".join(plain(line) for line in self.lines)

    @property
    def is_list(self) -> bool:
        """Whether it opens with a list item."""
        return self.lines[0].lstrip().startswith(("- ", "> ")) or self.lines[0].strip() == "-"


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """Cut lines into blocks; lines[0] is line 1."""
    found = []
    for blank, run in groupby(enumerate(lines, start=1), key=lambda numbered: not numbered[1].strip()):
        if not blank:
            numbers, texts = zip(*run, strict=True)
            found.append(Block(numbers[0], texts))
    return found
