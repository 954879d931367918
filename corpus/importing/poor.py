"""Poor sheets: those that are read and say little, and why; a person may mend them at their source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.importing.sheets import Sheet
from corpus.model import Initiative

SHORT = 40  # characters of prose: less says hardly more than the title
# What the template of a sheet asks for: where it still stands, nothing was written.
UNFILLED = "What is done, for whom, and how it came about: a few sentences as one would tell them."
LOST_LETTER = "\ufffd"
# What an empty form is made of: lines to fill in, questions, dots.
FORM_LINE = re.compile(r"(?m)(?:[.…_]{4,}|\?\s*$|:\s*$|\[\s*\]|☐|\bà (?:compléter|remplir)\b|\(\s*\))")
FORM_SHARE = 0.4  # of the lines
FEWEST_FORM_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Poor:
    """A sheet that says little."""

    initiative: str
    where: str  # file and row
    what: str


def poor_of(sheet: Sheet, initiative: Initiative, where: str) -> Iterator[Poor]:
    """What is poor about a sheet, nothing of a good one."""
    if sheet.prose == 0:
        yield Poor(initiative=initiative.id, where=where, what="title only: no text is mapped to it, or it is empty")
    elif sheet.prose < SHORT:
        yield Poor(initiative=initiative.id, where=where, what=f"hardly a text: {sheet.prose} characters")
    if sheet.title_derived:
        yield Poor(initiative=initiative.id, where=where, what="no title: its first words stand for one")
    text = "\n".join(sheet.lines[1:])
    if is_empty_form(text) or UNFILLED in text:
        yield Poor(initiative=initiative.id, where=where, what="empty form: it asks, and nothing is filled in")
    if lost := text.count(LOST_LETTER):
        yield Poor(
            initiative=initiative.id, where=where, what=f"{lost} letters are lost: searching by their words misses"
        )


def is_empty_form(text: str) -> bool:
    """Whether most lines of a text ask for something and none of them is answered."""
    lines = [line for line in text.split("\n") if line.strip()]
    asking = sum(bool(FORM_LINE.search(line)) for line in lines)
    return len(lines) >= FEWEST_FORM_LINES and asking >= FORM_SHARE * len(lines)
