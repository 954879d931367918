"""What each column means: told from its values as well as its name, with the reason as a sentence.

    guessed = guess(table, locator)
    guessed.columns["title"]           -> ("nom_du_projet",)
    guessed.reasons["nom_du_projet"]   -> "named like a title; 98 % of its values differ"

The rules below are asked in turn, the surest first; title and id are then chosen among all columns.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from corpus.importing.columns import Column, column_of
from corpus.importing.locate import Locator
from corpus.importing.record import PROSE, Table
from corpus.importing.tabular import TABLE
from corpus.importing.values import NOTHING


class Role(StrEnum):
    """What a column may be mapped to."""

    TITLE = "title"
    TEXT = "text"
    PLACE = "place"
    ORGANISATION = "organisation"  # who runs it
    PARTNER = "partner"
    DATE = "date"  # of the initiative: its first year is the start
    UPDATED = "updated"  # of the record: shown, and no start
    URL = "url"
    KEYWORD = "keyword"
    FACET = "facet"
    CONTACT = "contact"  # not read unless asked for
    ID = "id"
    LEFT_OUT = "left_out"


# Columns of which less is written stand for no prose: characters at the median, share of the records.
PROSE_LENGTH, PROSE_FILLED = 50, 0.15

# Roles of which a source has one column at most; of the others the first is the one that counts.
SINGLE = (Role.TITLE, Role.ID)

# --- names of columns, folded ---


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """What the names of columns look like, by what is in them, as column_names.toml has it."""
    tables = tomllib.loads((Path(__file__).parent / "column_names.toml").read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(parts)) for kind, parts in tables.items()}


def _named(c: Column, *kinds: str) -> bool:
    """Whether the name of a column leans towards one of these kinds of column_names.toml."""
    return any(_patterns()[kind].search(c.words) for kind in kinds)


_DATE_NAMES = (
    re.compile(r"debut|start|ouverture|lancement|launch|creation du projet|begin"),
    re.compile(r"annee|\byear|periode|period\b|millesime|calendrier"),
    re.compile(r"convention|reconnaissance|signature|decision|selection|ceremonie|^date$|\bannonce"),
    re.compile(r"creat|publi|issued|ajout|\bdate\b"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """The columns of each role, and of each column why."""

    columns: dict[Role, tuple[str, ...]]
    reasons: dict[str, str]

    def of(self, role: Role) -> tuple[str, ...]:
        """The columns of a role."""
        return self.columns.get(role, ())


def guess(tables: Sequence[Table], locator: Locator | None) -> Guess:
    """What the columns of tables mean that are read alike; an id need be one within its table only."""
    table = _merged(tables)
    columns = [column_of(name, table.records, locator) for name in table.columns]
    prose_file = table.layout.format in PROSE and table.layout.records != TABLE
    roles = {column.name: _plain_role(column, prose_file) for column in columns}
    _choose(roles, columns, Role.ID, _best_id(columns, roles, tables))
    _choose(roles, columns, Role.TITLE, _best_title(columns, roles, len(table.records), prose_file))
    of_role = {role: [c for c in columns if roles[c.name][0] is role] for role in Role}
    chosen = {role: [c.name for c in sorted(of_role[role], key=_ORDER.get(role, _as_they_stand))] for role in Role}
    if not any(c.typical_length >= PROSE_LENGTH and c.filled >= PROSE_FILLED for c in of_role[Role.TEXT]):
        chosen[Role.TEXT] += _without_prose(columns, roles, chosen[Role.TITLE])
    if not of_role[Role.PLACE] and locator is not None:
        chosen[Role.PLACE] = [c.name for c in of_role[Role.ORGANISATION] if _names_places(c, locator)]
    named = {role: tuple(dict.fromkeys(names)) for role, names in chosen.items() if names}
    return Guess(named, {name: why for name, (_, why) in roles.items()})


def _choose(
    roles: dict[str, tuple[Role, str]], columns: Sequence[Column], role: Role, best: tuple[str, str] | None
) -> None:
    if best is not None:
        roles[best[0]] = (role, best[1])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _plain_role(column: Column, prose_file: bool) -> tuple[Role, str]:
    """The role of a column that is neither chosen as title nor as id."""
    if prose_file and column.name in ("body", "title"):
        return (Role.TEXT, "the prose of the file") if column.name == "body" else (Role.LEFT_OUT, "another title")
    for rule in _RULES:
        if (found := rule(column)) is not None:
            return found
    return Role.LEFT_OUT, f"nothing tells what it is: {_look(column)}"


def _look(column: Column) -> str:
    examples = ", ".join(repr(value[:30]) for value in list(dict.fromkeys(column.values))[:2])
    return f"{_percent(column.filled)} filled, such as {examples}" if examples else "empty"


Found = tuple[Role, str] | None


def _by_contact(c: Column) -> Found:
    if c.contacts > 0.5:
        return Role.CONTACT, f"{_percent(c.contacts)} are e-mail addresses or telephone numbers"
    if _named(c, "contact") and c.urls < 0.5 and c.yes_no < 0.5 and not re.search(r"\bmode\b|type", c.words):
        return Role.CONTACT, "named like a contact"
    return None


def _by_form(c: Column) -> Found:
    """What the form of the values alone tells, or where there are none the name."""
    if _named(c, "latitude") and (c.numbers > 0.8 or c.empty):
        return Role.LEFT_OUT, "coordinates"
    if c.empty:
        return _by_name_alone(c)
    if _named(c, "ignore"):
        return Role.LEFT_OUT, "marks rows that are no records"
    if c.urls > 0.5:
        return Role.URL, f"{_percent(c.urls)} are addresses on the web"
    if c.yes_no > 0.8:
        return Role.LEFT_OUT, f"{_percent(c.yes_no)} say yes or no"
    if c.dates > 0.6 and not (_named(c, "amount", "inner_id", "place")):
        if _named(c, "updated"):
            return Role.UPDATED, f"{_percent(c.dates)} are dates, named like that of the record"
        return Role.DATE, f"{_percent(c.dates)} are dates"
    return None


def _by_name_alone(c: Column) -> Found:
    for kind, role in (("updated", Role.UPDATED), ("date", Role.DATE), ("url", Role.URL)):
        if _named(c, kind) and not _named(c, "opening"):
            return role, "empty; by its name alone"
    if _named(c, "inner_id") or _named(c, "amount"):
        return Role.LEFT_OUT, "empty"
    for kind, role in (
        ("place", Role.PLACE),
        ("partner", Role.PARTNER),
        ("facet", Role.FACET),
        ("text", Role.TEXT),
        ("organisation", Role.ORGANISATION),
    ):
        if _named(c, kind) and not (role is Role.ORGANISATION and _named(c, "no_organisation")):
            return role, "empty; by its name alone"
    return Role.LEFT_OUT, "empty"


def _by_place(c: Column) -> Found:
    named = _named(c, "place")
    if c.codes > 0.5 and named:
        return Role.PLACE, f"{_percent(c.codes)} are codes of places"
    if c.places > 0.6 and not _named(c, "organisation"):
        return Role.PLACE, f"{_percent(c.places)} are names of places"
    if named and c.length < 120 and (c.places > 0.15 or c.lettered > 0.5) and not _named(c, "no_place"):
        return Role.PLACE, "named like a place" + (f"; {_percent(c.places)} are known" if c.places else "")
    if named and c.numbers > 0.8 and not _named(c, "amount") and not re.search(r"siren|\breg\b", c.words):
        return Role.PLACE, "named like a place, its values are codes that no gazetteer knows"
    return None


def _by_prose(c: Column) -> Found:
    if _named(c, "keyword") and c.separator and c.typical_length < 300:
        return Role.KEYWORD, f"named like keywords; {c.parts} values"
    if _named(c, "inner_id") and c.typical_length < 60:
        return None
    if _named(c, "text_first") and c.lettered > 0.3:
        prose = "prose" if c.length >= PROSE_LENGTH else "named like a text"
        return Role.TEXT, f"{prose}: {c.length:.0f} characters on average"
    if c.typical_length >= 90 or (c.length >= 60 and c.spaced > 0.8 and c.distinct > 0.5):
        if _named(c, "organisation") and c.separator:
            return None
        if c.separator is None or c.typical_length > 150 or _named(c, "text"):
            return Role.TEXT, f"prose: {c.length:.0f} characters on average"
    if _named(c, "text") and c.spaced > 0.5 and c.length >= 25 and not _named(c, "facet_first"):
        return Role.TEXT, "named like a text, its values are phrases"
    return None


def _by_organisation(c: Column) -> Found:
    if _named(c, "no_organisation") or c.numbers > 0.8 or c.yes_no > 0.5:
        return None
    if _named(c, "partner") and c.lettered > 0.5:
        return Role.PARTNER, "named like partners"
    if _named(c, "organisation") and c.length < 150:
        return Role.ORGANISATION, "named like who runs it" + (
            f"; {_percent(c.organisations)} begin like organisations" if c.organisations > 0.1 else ""
        )
    if c.organisations > 0.6 and c.parts > 3 and c.spaced > 0.3 and not _named(c, "facet", "keyword"):
        return Role.ORGANISATION, f"{_percent(c.organisations)} begin like organisations"
    return None


def _by_classes(c: Column) -> Found:
    if c.numbers > 0.8:
        if _named(c, "facet") and c.parts <= 12 and not _named(c, "inner_id"):
            return Role.FACET, f"named like a class; {c.parts} values"
        return Role.LEFT_OUT, "codes or numbers of another table" if _named(c, "inner_id") else "numbers"
    if _named(c, "inner_id") and c.spaced < 0.2:
        return Role.LEFT_OUT, "codes of another table"
    if _named(c, "keyword"):
        return Role.KEYWORD, f"named like keywords; {c.parts} values"
    if _named(c, "amount") and c.lettered < 0.5:
        return Role.LEFT_OUT, "amounts"
    if _named(c, "facet") and c.typical_length < (400 if c.separator else 80):
        return Role.FACET, f"named like a class; {c.parts} values"
    few = c.parts <= max(12, 0.2 * len(c.values)) and c.repeated >= 2
    if c.separator and c.repeated >= 1.5 and c.typical_length < 300:
        role = Role.FACET if c.parts <= 40 else Role.KEYWORD
        return role, f"several values in a cell, {c.parts} in all"
    if few and c.lettered > 0.8 and c.typical_length < 60:
        return Role.FACET, f"only {c.parts} values, each in {c.repeated:.0f} records"
    return None


def _by_leftover(c: Column) -> Found:
    if _named(c, "opening") or _named(c, "amount"):
        return Role.LEFT_OUT, "hours or amounts: " + _look(c)
    if c.lettered > 0.6 and c.spaced > 0.6 and c.length >= 20:
        return Role.TEXT, f"phrases of {c.length:.0f} characters"
    return None


_RULES: tuple[Callable[[Column], Found], ...] = (
    _by_contact,
    _by_form,
    _by_prose,
    _by_place,
    _by_organisation,
    _by_classes,
    _by_leftover,
)


# --- one column of all: id and title ---


def _best_id(
    columns: Sequence[Column], roles: dict[str, tuple[Role, str]], tables: Sequence[Table]
) -> tuple[str, str] | None:
    best: tuple[float, str, str] | None = None
    for c in columns:
        if (
            c.empty
            or c.filled < 0.95
            or (distinct := _distinct_within(c, tables)) < 0.95
            or (c.spaced > 0.5 and not re.search(r"siret", c.words))
        ):
            continue
        if (c.length > 60 and c.urls < 0.5) or c.contacts > 0.1 or roles[c.name][0] in (Role.TEXT, Role.CONTACT):
            continue
        first, named = _named(c, "id_first"), _named(c, "id")
        if not (first or named) or (c.urls > 0.5 and not first) or _named(c, "not_own"):
            continue
        if re.search(r"insee|postal|\bdep\b|telephone", c.words):
            continue
        score = 2.0 * first + named + distinct - 0.5 * bool(re.search(r"sire[nt]", c.words))
        if best is None or score > best[0]:
            best = (score, c.name, f"named like an id; {_percent(distinct)} of its values differ")
    return best[1:] if best else None


def _distinct_within(c: Column, tables: Sequence[Table]) -> float:
    """The share of a column's values that differ from the others of their table, in the table where it is least."""
    shares = [1.0]
    for table in tables:
        values = [cell for record in table.records if (cell := record.cells.get(c.name, "").strip())]
        shares.append(len(set(values)) / len(values) if values else 1.0)
    return min(shares)


def _merged(tables: Sequence[Table]) -> Table:
    columns = dict.fromkeys(name for table in tables for name in table.columns)
    records = tuple(record for table in tables for record in table.records)
    return replace(tables[0], columns=tuple(columns), records=records)


def _best_title(
    columns: Sequence[Column], roles: dict[str, tuple[Role, str]], count: int, prose_file: bool
) -> tuple[str, str] | None:
    best: tuple[float, str, str] | None = None
    for at, c in enumerate(columns):
        first, named = _named(c, "title_first"), _named(c, "title")
        if c.empty or (c.lettered < 0.6 and not ((first or named) and c.numbers < 0.5)):
            continue
        if c.urls > 0.5 or c.contacts > 0.3 or c.dates > 0.5 or c.yes_no > 0.5:
            continue
        if c.typical_length > 250 or roles[c.name][0] in (Role.ID, Role.CONTACT, Role.URL, Role.DATE, Role.UPDATED):
            continue
        barred = _named(c, "no_title") and not first
        score = 4.0 * first + 2.5 * (named and not first and not barred) - 2.5 * barred
        score += 2.0 * c.distinct * (count > 3) + 2.0 * c.filled - 0.05 * at
        score += 0.8 * (12 <= c.typical_length <= 150) - 1.5 * (c.typical_length > 150)
        score -= (
            1.5 * (c.places > 0.5 or c.codes > 0.5)
            + 1.5 * (roles[c.name][0] is Role.PLACE and not named)
            + 1.0 * (roles[c.name][0] is Role.ORGANISATION and not named)
        )
        score -= 1.0 * (c.separator is not None and c.separator != ",") + 1.0 * _named(c, "facet") * (not first)
        if prose_file and c.name == "title":
            score += 10
        if best is None or score > best[0]:
            how = "named like a title" if first or named else "the column whose values look most like titles"
            best = (score, c.name, f"{how}; {_percent(c.distinct)} of its values differ")
    if best is None or (prose_file and best[0] < 3):
        return None
    return best[1:]


# --- what stands in for what there is none of ---


def _without_prose(columns: Sequence[Column], roles: dict[str, tuple[Role, str]], titles: list[str]) -> list[str]:
    """Where no column is prose, what describes: classes and phrases, and the title."""
    telling = [
        c.name
        for c in columns
        if roles[c.name][0] in (Role.FACET, Role.KEYWORD) and not c.empty and c.lettered > 0.6 and c.numbers < 0.5
    ]
    left = [c.name for c in columns if roles[c.name][0] is Role.LEFT_OUT and c.lettered > 0.8 and c.spaced > 0.7]
    return [*titles, *telling, *left]


def _names_places(c: Column, locator: Locator) -> bool:
    sample = list(dict.fromkeys(c.values))[:80]
    return bool(sample) and bool(sample) and sum(bool(locator.of_name(value)) for value in sample) >= 0.25 * len(sample)


def _place_order(c: Column) -> tuple[float, ...]:
    """Départements by name first, then communes, codes and regions, addresses last."""
    by_name = c.places > 0.5
    fine = _named(c, "fine_place")
    return (
        "adres" in c.words,
        not (fine and by_name),
        not by_name,
        bool(re.search(r"region|\breg\b|pays", c.words)),
    )


def _as_they_stand(c: Column) -> tuple[float, ...]:
    return ()


# Of a role with several columns the first counts: how they are ordered.
_ORDER: dict[Role, Callable[[Column], tuple[float, ...]]] = {
    Role.DATE: lambda c: (_named(c, "late"), _rank(_DATE_NAMES, c.words), c.empty),
    Role.URL: lambda c: (c.urls < 0.5, not _named(c, "url_first"), c.urls < 0.3),
    Role.PLACE: _place_order,
    Role.ORGANISATION: lambda c: (c.numbers > 0.3, "beneficiaire" not in c.words, c.empty),
    Role.FACET: lambda c: (not _named(c, "theme"), c.filled < 0.3),
}


def _rank(patterns: Iterable[re.Pattern[str]], words: str) -> int:
    patterns = list(patterns)
    return next((at for at, pattern in enumerate(patterns) if pattern.search(words)), len(patterns))


def is_help(cell: str) -> bool:
    """Whether a cell is the help of a form: what to write there, and nothing written."""
    return bool(cell.strip()) and bool(NOTHING.fullmatch(cell.strip()))
