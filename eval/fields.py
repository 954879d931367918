"""Fields: what the readers of documents say of sheets, field by field, beside what a careful person says.

    parsing.jsonl     {"gid", "document", "snippet", "title", "departements": [name, …], "carriers": [name, …],
                       "start_year", "contacts": [{"email"}, …], "section"}

`document` and `snippet` name a sheet as units.jsonl does. `section` is its theme. What the sheet does not say is null
or an empty list; a title that is null is one that the sheet does not print, and is not judged.
"""

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from corpus import Document, Initiative
from corpus.text import words_of
from eval.collection import Catalogue, Text, Unit, each_once, map_units
from eval.formats import read_as

FILE = "parsing.jsonl"

# Two spellings name one lead organisation when they share so much of their words.
ALIKE = 0.8

# What is told in place of addresses that are expected, and of those that are said.
HIDDEN = ("addresses, not repeated here", "others")


@dataclass(frozen=True, slots=True)
class ExpectedContact:
    """Somebody whom a sheet names; only the address is compared."""

    email: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFields(Unit):
    """What a careful person found in one sheet."""

    title: Text | None = None
    departements: tuple[str, ...]
    carriers: tuple[str, ...]
    start_year: Annotated[int, Field(strict=True)] | None = None
    contacts: tuple[ExpectedContact, ...]
    theme: Annotated[Text | None, Field(validation_alias="section")] = None

    @property
    def emails(self) -> list[str]:
        """The addresses of its contacts."""
        return [one.email for one in self.contacts if one.email]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often one field is right."""

    sheets: int  # judged
    right: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.sheets


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field of one sheet, of which the program says something else."""

    initiative: str  # id
    title: str
    field: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """All figures of one corpus. `dataclasses.asdict` makes it ready for JSON."""

    fields: dict[str, Accuracy]
    disagreements: tuple[Disagreement, ...]


def same_words(ours: str | None, theirs: str | None) -> bool:
    """Whether two texts have the same words, casing and accents aside."""
    return _folded(ours) == _folded(theirs)


def same_names(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two lists name the same, each name once, in any order, in spellings that share most of their words."""
    left = [_folded(name) for name in theirs]
    for name in map(_folded, ours):
        match = next((other for other in left if _alike(name, other)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def same_set(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether two lists hold the same, in any order."""
    return set(ours) == set(theirs)


def _alike(a: list[str], b: list[str]) -> bool:
    return 2 * (Counter(a) & Counter(b)).total() >= ALIKE * (len(a) + len(b))


def _folded(text: str | None) -> list[str]:
    return [word.folded for word in words_of(text or "")]


FIELDS: dict[str, Callable[[Any, Any], bool]] = {  # whether what the program says and what is expected agree
    "title": same_words,
    "departements": same_set,
    "carriers": same_names,
    "start_year": operator.eq,
    "emails": same_set,
    "theme": same_words,
}


def said_of(one: Initiative) -> dict[str, Any]:
    """What the program says, field by field."""
    return {
        "title": one.title,
        "departements": [each.name for each in one.departements],
        "carriers": one.lead_organisations,
        "start_year": one.start_year,
        "emails": [contact.email for contact in one.contacts if contact.email],
        "theme": one.theme,
    }


def judge_fields(
    initiatives: Sequence[Initiative], documents: Iterable[Document], sheets: Sequence[ExpectedFields]
) -> FieldFigures:
    """Compare sheet by sheet. Raises BadCollection when a sheet is not found."""
    held = map_units(sheets, Catalogue.of(initiatives, documents))
    by_id = {one.id: one for one in initiatives}
    judged = [
        (name, by_id[held[sheet.id]], getattr(sheet, name))
        for name in FIELDS
        for sheet in sheets
        if name != "title" or sheet.title is not None
    ]
    disagreements = []
    for name, one, expected in judged:
        said = said_of(one)[name]
        if not FIELDS[name](said, expected):
            # Nobody who looks at figures has asked for addresses.
            told = HIDDEN if name == "emails" else (_told(expected), _told(said))
            disagreements.append(Disagreement(one.id, one.title, name, *told))
    sheets_judged, wrong = Counter(name for name, *_ in judged), Counter(one.field for one in disagreements)
    return FieldFigures(
        {name: Accuracy(judged, judged - wrong[name]) for name, judged in sheets_judged.items()}, tuple(disagreements)
    )


def _told(value: object) -> str:
    """Example: ("Gironde", "Ardèche") → "Gironde; Ardèche", and nothing → "—"."""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or "—"
    return "—" if value is None else str(value)


def read_expected_fields(folder: Path) -> tuple[ExpectedFields, ...]:
    """Read what a careful person says. Raises BadCollection for a malformed line, and a sheet that stands twice."""
    sheets = read_as(ExpectedFields, folder / FILE)
    each_once((f"sheet '{sheet.id}'", sheet.where) for sheet in sheets)
    return sheets
