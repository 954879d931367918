"""Corrections: an overlay that mends a sheet without touching its source.

corrections.toml lies in the folder of the documents, with one table for each field of a sheet that is wrong there:

    [[correction]]
    sheet = "atlas-le-bus-01"
    field = "start_year"
    value = 2018
    why = "The text says « depuis trois ans », and was printed in 2021."
    since = "2026-11-29"

An empty value, "" or [], says that there is nothing. The text of a sheet cannot be mended, so that a quote stays that
of the source; and what is mended is told wherever the sheet is shown.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.changes import as_read
from corpus.errors import BadDocument
from corpus.model import Contact, Correction, Departement, Initiative
from corpus.places import Gazetteer
from corpus.toml import read_toml

CORRECTIONS = "corrections.toml"
KEYS = ("sheet", "field", "value", "why", "since")

_TEXT, _TEXTS, _YEAR = TypeAdapter(str), TypeAdapter(tuple[str, ...]), TypeAdapter(int)
_CONTACTS = TypeAdapter(tuple[Contact, ...])
LAST_YEAR = 2200


class BadCorrection(BadDocument):
    """A table of corrections.toml cannot be used; `where` names its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One table of corrections.toml, checked but for the sheet it names."""

    sheet: str
    field: str
    value: Any  # as the field of an initiative has it
    why: str
    since: str  # ISO 8601
    where: str  # file and line


def read_corrections(folder: Path, gazetteer: Gazetteer) -> tuple[Mend, ...]:
    """The corrections of a folder of documents, none where it has no corrections.toml. Raises BadCorrection."""
    path = folder / CORRECTIONS
    if not path.is_file():
        return ()
    text, tables = read_toml(path, CORRECTIONS, BadCorrection)
    found = tables.get("correction", [])
    if tables.keys() - {"correction"} or not isinstance(found, list):
        raise BadCorrection(
            f"{CORRECTIONS} has something else than corrections", f"{path}:1", "Write [[correction]] before each."
        )
    starts = [n for n, line in enumerate(text.split("\n"), start=1) if re.match(r"\s*\[\[\s*correction\s*\]\]", line)]
    starts += [1] * (len(found) - len(starts))
    return tuple(_mend(one, f"{path}:{line}", gazetteer) for one, line in zip(found, starts, strict=False))


def corrected(initiatives: Iterable[Initiative], mends: Sequence[Mend]) -> list[Initiative]:
    """The initiatives with what is mended, in their order.

    Raises BadCorrection for a sheet that is not there, and for a field that is mended twice.
    """
    listed = list(initiatives)
    ids = {one.id for one in listed}
    by_sheet: dict[str, dict[str, Mend]] = {}
    for mend in mends:
        if mend.sheet not in ids:
            near = get_close_matches(mend.sheet, ids, 1)
            raise BadCorrection(
                f"There is no sheet '{mend.sheet}'",
                mend.where,
                f"Write '{near[0]}' or another id, or take it out." if near else "Take it out, or write another id.",
            )
        of_sheet = by_sheet.setdefault(mend.sheet, {})
        if mend.field in of_sheet:
            raise BadCorrection(
                f"'{mend.field}' of '{mend.sheet}' is mended twice",
                mend.where,
                f"Keep this one, or that of {of_sheet[mend.field].where}.",
            )
        of_sheet[mend.field] = mend
    return [_corrected(one, by_sheet[one.id]) if one.id in by_sheet else one for one in listed]


def _corrected(initiative: Initiative, mends: Mapping[str, Mend]) -> Initiative:
    values = {field: mend.value for field, mend in mends.items()}
    if "start_year" in values:  # what is printed of a wrong year is shown before it, and is wrong too
        values.setdefault("start_text", None)
    return replace(
        initiative,
        **values,
        corrections=tuple(
            Correction(
                field=field,
                # Who to write to is not repeated where it is wrong.
                said="" if field == "contacts" else as_read(getattr(initiative, field)),
                why=mend.why,
                since=mend.since,
            )
            for field, mend in sorted(mends.items())
        ),
    )


def is_needless(initiative: Initiative, correction: Correction) -> bool:
    """Whether the source says by now what it is mended to; of contacts, which are not repeated, that is not known."""
    return correction.field != "contacts" and correction.said == as_read(getattr(initiative, correction.field))


def _mend(table: object, where: str, gazetteer: Gazetteer) -> Mend:
    if not isinstance(table, dict):
        raise BadCorrection("This correction is no table", where, f"Write [[correction]] and {', '.join(KEYS)} below.")
    if unknown := sorted(table.keys() - set(KEYS)):
        raise BadCorrection(f"A correction has the unknown key '{unknown[0]}'", where, f"Known are {', '.join(KEYS)}.")
    if missing := [key for key in KEYS if key not in table]:
        raise BadCorrection(f"A correction lacks {', '.join(missing)}", where, "Add what is missing.")
    for key in ("sheet", "field", "why"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise BadCorrection(f"'{key}' of a correction is no text", where, "Write it between quotes.")
    field = table["field"]
    if field not in FIELDS:
        text = " Its text is the source's, and stays." if field in ("text", "sections", "quote") else ""
        raise BadCorrection(
            f"A sheet has no field '{field}' that can be mended.{text}", where, f"Choose {', '.join(FIELDS)}."
        )
    return Mend(
        sheet=table["sheet"],
        field=field,
        value=FIELDS[field](table["value"], f"'{field}' of '{table['sheet']}'", where, gazetteer),
        why=" ".join(table["why"].split()),
        since=_date(table["since"], where),
        where=where,
    )


def _date(value: object, where: str) -> str:
    """A day in ISO 8601, as text or as TOML's own date."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise BadCorrection(f"'since' cannot be {value!r}", where, 'Write a day: "2026-11-29".') from None


# --- values: what stands in the file → what the field of an initiative has ---

Value = Callable[[object, str, str, Gazetteer], object]  # value, which it is, where, gazetteer


def _fitting(kind: TypeAdapter[Any], value: object, which: str, where: str, mend: str) -> Any:  # noqa: ANN401
    try:
        return kind.validate_python(value, strict=kind in (_TEXT, _YEAR))
    except ValidationError:
        raise BadCorrection(f"{which} cannot be {value!r}", where, mend) from None


def _title(value: object, which: str, where: str, _: Gazetteer) -> str:
    title = _text(value, which, where, _)
    if title is None:
        raise BadCorrection(f"{which} cannot be empty", where, "Give it a title.")
    return title


def _text(value: object, which: str, where: str, _: Gazetteer) -> str | None:
    said = str(_fitting(_TEXT, value, which, where, 'Write a text between quotes, or "" for none.'))
    return " ".join(said.split()) or None


def _names(value: object, which: str, where: str, _: Gazetteer) -> tuple[str, ...]:
    mend = 'Write ["one", "another"], or [] for none.'
    names = _fitting(_TEXTS, value, which, where, mend)
    if not all(name.strip() for name in names):
        raise BadCorrection(f"{which} has an empty name", where, mend)
    return tuple(names)


def _year(value: object, which: str, where: str, _: Gazetteer) -> int | None:
    if value == "":
        return None
    mend = 'Write a year, as in 2018 without quotes, or "" for none.'
    year = int(_fitting(_YEAR, value, which, where, mend))
    if not 1 <= year <= LAST_YEAR:
        raise BadCorrection(f"{which} cannot be {year}", where, mend)
    return year


def _departements(value: object, which: str, where: str, gazetteer: Gazetteer) -> tuple[Departement, ...]:
    found = []
    for code in _names(value, which, where, gazetteer):
        departement = gazetteer.departement(code)
        if departement is None:
            raise BadCorrection(f"No département has the code '{code}'", where, 'Write INSEE codes: ["33", "2A"].')
        found.append(departement)
    return tuple(found)


def _contacts(value: object, which: str, where: str, _: Gazetteer) -> tuple[Contact, ...]:
    mend = "Write [{name = …, role = …, email = …, phone = …}], each of them text, or [] for none."
    keys = {"name", "role", "email", "phone"}
    if not isinstance(value, list) or not all(isinstance(one, dict) and one and one.keys() <= keys for one in value):
        # What was written may be a person's address: it is not repeated.
        raise BadCorrection(f"{which} are no contacts", where, mend)
    try:
        return tuple(_CONTACTS.validate_python([dict.fromkeys(keys) | one for one in value]))
    except ValidationError:
        raise BadCorrection(f"{which} are no contacts", where, mend) from None


FIELDS: Mapping[str, Value] = {
    "title": _title,
    "chapter": _text,
    "theme": _text,
    "departements": _departements,
    "territory": _text,
    "lead_organisations": _names,
    "partners": _names,
    "start_year": _year,
    "start_text": _text,
    "status": _text,
    "contacts": _contacts,
}
