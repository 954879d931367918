"""A text as printed: its lines with their numbers, what the conversion left as markup shown as it looked in print."""

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus import Initiative
from corpus.text import STAR, SUPERSCRIPT, strip_markup

# Bold, italics and superscripts as the texts have them: **so**, *so*, 1^{er} and n^o.
RUN = re.compile(
    r"""
    \*\*(?P<bold>[^*]+)\*\* | \*(?P<italic>[^*\s][^*]*)\* | \^\{?(?P<raised> (?<=\{)[^}]*(?=\}) | (?<=\^)\w )\}?
    """,
    re.VERBOSE,
)


class Look(StrEnum):
    """How words looked in print."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the document."""

    number: int  # in the document, from 1
    runs: tuple[Run, ...]  # none for a blank line
    is_heading: bool  # of a section
    is_cited: bool
    is_first_cited: bool


def lines_of(initiative: Initiative, cited: range) -> tuple[Line, ...]:
    """The lines of a sheet; those with a number in `cited` are marked. Of several blank lines the first is shown."""
    headings = {strip_markup(section.heading) for section in initiative.sections if section.heading}
    numbered = list(enumerate(initiative.text.split("\n"), start=initiative.source.start_line))
    first = next((number for number, text in numbered if number in cited and text.strip()), None)
    return tuple(
        Line(
            number=number,
            runs=runs_of(text),
            is_heading=strip_markup(text) in headings,
            is_cited=number in cited and bool(text.strip()),
            is_first_cited=number == first,
        )
        for position, (number, text) in enumerate(numbered)
        if text.strip() or (position and numbered[position - 1][1].strip())
    )


def runs_of(text: str) -> tuple[Run, ...]:
    """The words of a line by their looks; none for a blank line.

    Example: "le 1^{er} **mai**" → "le 1", "er" raised, " ", "mai" bold
    """
    runs, end = [], 0
    for found in RUN.finditer(text):
        runs += [_unmarked(text[end : found.start()]), _marked(found)]
        end = found.end()
    runs.append(_unmarked(text[end:]))
    return tuple(run for run in runs if run.text) if text.strip() else ()


def _unmarked(text: str) -> Run:
    """Words without mark; a star that opens or closes nothing was not printed."""
    return Run(STAR.sub("", text), Look.PLAIN)


def _marked(found: re.Match[str]) -> Run:
    look = Look(found.lastgroup or Look.PLAIN)
    return Run(SUPERSCRIPT.sub(lambda m: m[1] or m[2], found[found.lastgroup or 0]), look)
