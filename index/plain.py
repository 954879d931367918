"""Plain text: a source text without its markup, its line breaks and its contact data, every character traceable."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What is left out, longest form first: contact data (never embedded), Markdown emphasis, the braces of exponents
# ("1^{ère}" reads "1ère"), bullets and quotation marks at the start of a line.
LEFT_OUT = re.compile(
    r"""
    [\w.+-]+@[\w-]+(?:\.[\w-]+)*                              # e-mail, damaged or not
    | (?<!\d)(?:\+33\s?[1-9]|0[1-9])(?:[\s.\-–]?\d{2}){4}(?!\d)  # French telephone number
    | \*+ | \^\{ | (?<=[a-zèé])\}                              # emphasis, exponents
    | (?m:^[ \t]*(?:[-–•✓>▪o]\ +|[-–•✓>▪]))                    # bullet or quotation mark
    | </?i>                                                    # italics of a contents page
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Readable text and, for each of its characters, the position in the source it came from."""

    text: str
    origin: NDArray[np.int32]  # [len(text)], 0-based

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that gave text[start:end]; start < end."""
        return int(self.origin[start]), int(self.origin[end - 1]) + 1


def plain(source: str) -> Plain:
    r"""Leave out markup and contact data, and fold every run of white space into one space.

    Example: plain("- la **1^{ère}**\n  étape").text → "la 1ère étape"
    """
    kept = np.ones(len(source), bool)
    for match in LEFT_OUT.finditer(source):
        kept[match.start() : match.end()] = False
    characters: list[str] = []
    origin: list[int] = []
    for position in map(int, np.flatnonzero(kept)):
        character = source[position]
        if character.isspace():
            if not characters or characters[-1] == " ":
                continue
            character = " "
        characters.append(character)
        origin.append(position)
    if characters and characters[-1] == " ":
        characters.pop()
        origin.pop()
    return Plain("".join(characters), np.array(origin, np.int32))
