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
from typing import Any

from corpus import Document, Initiative
from corpus.text import words_of
from eval.collection import Catalogue, Unit, each_once, map_units
from eval.errors import BadCollection
from eval.formats import Record, read_records

FILE = "parsing.jsonl"

# Two spellings name one lead organisation when they share so much of their words.
ALIKE = 0.8

# What is told in place of addresses that are expected, and of those that are said.
HIDDEN = ("addresses, not repeated here", "others")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFields:
    """What a careful person found in one sheet."""

    unit: Unit
    title: str | None
    departements: tuple[str, ...]
    lead_organisations: tuple[str, ...]
    start_year: int | None
    emails: tuple[str, ...]
    theme: str | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often one field is right."""

    sheets: int  # judged
    right: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.sheets


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what the program says, what is expected, and whether two values of it agree."""

    said: Callable[[Initiative], object]
    expected: Callable[[ExpectedFields], object]
    agree: Callable[[Any, Any], bool] = operator.eq
    hidden: bool = False  # values are not repeated


def same_words(ours: str | None, theirs: str | None) -> bool:
    """Whether two texts have the same words, casing and accents aside."""
    return _folded(ours) == _folded(theirs)


def same_names(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two lists name the same, each name once, in any order, in spellings that share most of their words."""
    left = [_folded(name) for name in theirs]
    for name in ours:
        match = next((other for other in left if _alike(_folded(name), other)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _alike(a: list[str], b: list[str]) -> bool:
    shared = (Counter(a) & Counter(b)).total()
    return 2 * shared >= ALIKE * (len(a) + len(b))


def _folded(text: str | None) -> list[str]:
    return [word.folded for word in words_of(text or "")]


FIELDS = {
    "title": Field(lambda one: one.title, lambda expected: expected.title, same_words),
    "departements": Field(
        lambda one: [each.name for each in one.departements],
        lambda expected: expected.departements,
        lambda ours, theirs: set(ours) == set(theirs),
    ),
    "carriers": Field(lambda one: one.lead_organisations, lambda expected: expected.lead_organisations, same_names),
    "start_year": Field(lambda one: one.start_year, lambda expected: expected.start_year),
    # Nobody who looks at figures has asked for addresses.
    "emails": Field(
        lambda one: sorted(contact.email for contact in one.contacts if contact.email),
        lambda expected: sorted(expected.emails),
        hidden=True,
    ),
    "theme": Field(lambda one: one.theme, lambda expected: expected.theme, same_words),
}


def judge_fields(
    initiatives: Sequence[Initiative], documents: Iterable[Document], sheets: Sequence[ExpectedFields]
) -> FieldFigures:
    """Compare sheet by sheet. Raises BadCollection when a sheet is not found."""
    held = map_units((sheet.unit for sheet in sheets), Catalogue.of(initiatives, documents))
    by_id = {one.id: one for one in initiatives}
    judged: Counter[str] = Counter()
    disagreements = []
    for name, field in FIELDS.items():
        for sheet in sheets:
            if name == "title" and sheet.title is None:
                continue
            judged[name] += 1
            one = by_id[held[sheet.unit.id]]
            said, expected = field.said(one), field.expected(sheet)
            if not field.agree(said, expected):
                told = HIDDEN if field.hidden else (_told(expected), _told(said))
                disagreements.append(
                    Disagreement(initiative=one.id, title=one.title, field=name, expected=told[0], said=told[1])
                )
    wrong = Counter(one.field for one in disagreements)
    return FieldFigures(
        {name: Accuracy(sheets_judged, sheets_judged - wrong[name]) for name, sheets_judged in judged.items()},
        tuple(disagreements),
    )


def _told(value: object) -> str:
    """Example: ("Gironde", "Ardèche") → "Gironde; Ardèche", and nothing → "—"."""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or "—"
    return "—" if value is None else str(value)


def read_expected_fields(folder: Path) -> tuple[ExpectedFields, ...]:
    """Read what a careful person says. Raises BadCollection for a malformed line, and a sheet that stands twice."""
    sheets = tuple(_expected(record) for record in read_records(folder / FILE))
    each_once((f"sheet '{sheet.unit.id}'", sheet.unit.where) for sheet in sheets)
    return sheets


def _expected(record: Record) -> ExpectedFields:
    year = record.fields.get("start_year")
    if year is not None and type(year) is not int:
        raise BadCollection("'start_year' is no year", record.where, "Give a number, or null.")
    return ExpectedFields(
        unit=Unit(record.text("gid"), record.text("document"), record.text("snippet"), record.where),
        title=_text_or_none(record, "title"),
        departements=_texts(record, "departements"),
        lead_organisations=_texts(record, "carriers"),
        start_year=year,
        emails=_emails(record),
        theme=_text_or_none(record, "section"),
    )


def _text_or_none(record: Record, key: str) -> str | None:
    return None if record.fields.get(key) is None else record.text(key)


def _texts(record: Record, key: str) -> tuple[str, ...]:
    values = record.fields.get(key)
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadCollection(f"'{key}' is no list of texts", record.where, f"List them under '{key}'; [] for none.")
    return tuple(values)


def _emails(record: Record) -> tuple[str, ...]:
    contacts = record.fields.get("contacts")
    if not isinstance(contacts, list) or not all(isinstance(one, dict) for one in contacts):
        raise BadCollection("'contacts' is no list of objects", record.where, "List them; [] for none.")
    return tuple(Record(one, record.where).text("email") for one in contacts if one.get("email") is not None)
