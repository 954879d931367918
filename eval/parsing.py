"""Parsing: what the readers say of sheets, field by field, beside what somebody who read them carefully says.

    parsing.jsonl     {"gid", "document", "snippet", "title", "departements": [name, …], "carriers": [name, …],
                       "start_year", "contacts": [{"email"}, …], "section"}

`document` and `snippet` name a sheet as units.jsonl does. `section` is its theme. What the sheet does not say is null
or an empty list; a title that is null is one that the sheet does not print, and is not judged.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.initiative import Initiative
from corpus.spelling import words_of
from eval.catalogue import Catalogue
from eval.collection import Unit, each_once, map_units
from eval.fault import BadCollection
from eval.record import Record, read_records

FILE = "parsing.jsonl"

# Two spellings name one carrier when they share so much of their words.
ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a careful reader found in one sheet."""

    unit: Unit
    title: str | None
    departements: tuple[str, ...]
    carriers: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field of one sheet, of which the reader of the program says something else."""

    initiative: str  # id
    title: str
    field: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True)
class Parsing:
    """All figures of one corpus. `dataclasses.asdict` makes it ready for JSON."""

    fields: dict[str, Accuracy]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    said: Callable[[Initiative], object]
    expected: Callable[[Reading], object]
    agree: Callable[[Initiative, Reading], bool]


FIELDS = {
    "title": _Field(
        lambda one: one.title,
        lambda reading: reading.title,
        lambda one, reading: _folded(one.title) == _folded(reading.title),
    ),
    "departements": _Field(
        lambda one: [each.name for each in one.departements],
        lambda reading: reading.departements,
        lambda one, reading: {each.name for each in one.departements} == set(reading.departements),
    ),
    "carriers": _Field(
        lambda one: one.carriers,
        lambda reading: reading.carriers,
        lambda one, reading: same_names(one.carriers, reading.carriers),
    ),
    "start_year": _Field(
        lambda one: one.start_year,
        lambda reading: reading.start_year,
        lambda one, reading: one.start_year == reading.start_year,
    ),
    # Nobody who looks at figures has asked for addresses.
    "emails": _Field(
        lambda one: "others",
        lambda reading: "addresses, not repeated here",
        lambda one, reading: sorted(_emails(one)) == sorted(reading.emails),
    ),
    "theme": _Field(
        lambda one: one.theme,
        lambda reading: reading.theme,
        lambda one, reading: _folded(one.theme) == _folded(reading.theme),
    ),
}


def read_readings(folder: Path) -> tuple[Reading, ...]:
    """Read what a careful reader says. Raises BadCollection for a malformed line, and a sheet that stands twice."""
    readings = tuple(_reading(record) for record in read_records(folder / FILE))
    each_once([(f"sheet '{reading.unit.id}'", reading.unit.where) for reading in readings])
    return readings


def judge_parsing(
    initiatives: Sequence[Initiative], documents: Iterable[Document], readings: Sequence[Reading]
) -> Parsing:
    """Compare, sheet by sheet. Raises BadCollection when a sheet is not found."""
    held = map_units((reading.unit for reading in readings), Catalogue.of(initiatives, documents))
    by_id = {one.id: one for one in initiatives}
    judged = [
        (name, field, reading, by_id[held[reading.unit.id]])
        for name, field in FIELDS.items()
        for reading in readings
        if name != "title" or reading.title is not None
    ]
    wrong = [one for one in judged if not one[1].agree(one[3], one[2])]
    all_of, wrong_of = (Counter(name for name, *_ in some) for some in (judged, wrong))
    return Parsing(
        {name: Accuracy(sheets, sheets - wrong_of[name]) for name, sheets in all_of.items()},
        tuple(
            Disagreement(one.id, one.title, name, _told(field.expected(reading)), _told(field.said(one)))
            for name, field, reading, one in wrong
        ),
    )


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


def _emails(one: Initiative) -> list[str]:
    return [contact.email for contact in one.contacts if contact.email]


def _told(value: object) -> str:
    """Example: ("Gironde", "Ardèche") → "Gironde; Ardèche", and nothing → "—"."""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or "—"
    return "—" if value is None else str(value)


def _reading(record: Record) -> Reading:
    year = record.fields.get("start_year")
    if year is not None and type(year) is not int:
        raise BadCollection("'start_year' is no year", record.where, "Give a number, or null.")
    return Reading(
        Unit(record.text("gid"), record.text("document"), record.text("snippet"), record.where),
        _text_or_none(record, "title"),
        _texts(record, "departements"),
        _texts(record, "carriers"),
        year,
        _emails_told(record),
        _text_or_none(record, "section"),
    )


def _text_or_none(record: Record, key: str) -> str | None:
    return None if record.fields.get(key) is None else record.text(key)


def _texts(record: Record, key: str) -> tuple[str, ...]:
    values = record.fields.get(key)
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadCollection(f"'{key}' is no list of texts", record.where, f"List them under '{key}'; [] for none.")
    return tuple(values)


def _emails_told(record: Record) -> tuple[str, ...]:
    contacts = record.fields.get("contacts")
    if not isinstance(contacts, list) or not all(isinstance(one, dict) for one in contacts):
        raise BadCollection("'contacts' is no list of objects", record.where, "List them; [] for none.")
    return tuple(Record(one, record.where).text("email") for one in contacts if one.get("email") is not None)
