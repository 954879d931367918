"""A folder nobody has described yet → a corpus.toml that says what was understood of it, and why.

    proposal = propose(folder, gazetteer)
    proposal.text        # of corpus.toml
    proposal.mapping

Files that are read alike, by their columns or their folder, are one source of it.
"""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import commonpath
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.errors import BadDocument
from corpus.importing.guess import Guess, Role, guess, is_help
from corpus.importing.load import without_records
from corpus.importing.locate import Locator
from corpus.importing.mapping import Comments, CorpusMapping, SourceMapping, mapping_text
from corpus.importing.record import PROSE, Format, Table
from corpus.importing.sources import Unread, look
from corpus.importing.tabular import FEWEST_OF_ANOTHER_SHEET, TABLE
from corpus.languages import guess_language
from corpus.places import Gazetteer

HELP_ROWS = 3  # rows below the heading row that may say how to fill it in


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was understood of a folder."""

    mapping: CorpusMapping
    text: str  # of corpus.toml
    groups: tuple[tuple[Table, ...], ...]  # the tables of each source
    guesses: tuple[Guess, ...]
    unread: tuple[Unread, ...]


def propose(folder: Path, gazetteer: Gazetteer, today: str = "not stated") -> Proposal:
    """Look at every file of a folder; `today`, in ISO 8601, is said to be its date.

    Raises BadDocument where no file holds records.
    """
    if not folder.is_dir():
        raise BadDocument("There is no such folder", str(folder), "Name the folder in which the files lie.")
    locator = Locator(gazetteer)
    tables: list[Table] = []
    unread: list[Unread] = []
    for found in look(folder):
        if isinstance(found, Unread):
            unread.append(found)
        elif found.records:
            tables.append(found)
        else:
            unread.append(Unread(found.file, *without_records(found)))
    tables, passed_over = _sheets_chosen(tables)
    groups = [tuple(group) for group in _groups(tables)]
    guesses = []
    kept = []
    for group in groups:
        guessed = guess(group, locator)
        group, guessed = _without_help(group, guessed, locator)
        if guessed.of(Role.TITLE) or guessed.of(Role.TEXT):
            kept.append(group)
            guesses.append(guessed)
        else:
            unread += [
                Unread(one.file, "No column looks like a title or a text", "Describe it in corpus.toml.")
                for one in group
            ]
    if not kept:
        raise BadDocument(
            "No file of the folder holds records that are understood" + (f": {unread[0].what}" if unread else ""),
            str(folder / unread[0].file) if unread else str(folder),
            unread[0].mend if unread else "Put CSV, XLSX, ODS, JSON, XML, Markdown, HTML, DOCX, ODT or PDF into it.",
        )
    sources = tuple(_source(group, guessed) for group, guessed in zip(kept, guesses, strict=True))
    title = _title(folder)
    places = _gazetteer_for(guesses, kept, locator)
    mapping = CorpusMapping(title=title, publisher=title, date=today, places=places, sources=sources)
    comments = [_comments(group, one, passed_over) for group, one in zip(kept, guesses, strict=True)]
    text = mapping_text(mapping, comments) + "".join(
        f"\n# Not read: {one.file}: {one.what}. {one.mend}" for one in unread
    )
    return Proposal(
        mapping=mapping, text=text.rstrip("\n") + "\n", groups=tuple(kept), guesses=tuple(guesses), unread=tuple(unread)
    )


# --- sheets of workbooks ---


def _sheets_chosen(tables: Sequence[Table]) -> tuple[list[Table], dict[str, list[str]]]:
    """Of each workbook the sheet that is most like records, and those with the same columns; and the others' names."""
    chosen: list[Table] = []
    passed_over: dict[str, list[str]] = defaultdict(list)
    of_file: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        of_file[table.file].append(table)
    for file, found in of_file.items():
        best = max(found, key=_likeness)
        for table in found:
            alike = table.columns == best.columns and len(table.records) >= FEWEST_OF_ANOTHER_SHEET
            if table is best or alike:
                chosen.append(table)
            elif table.layout.sheet is not None:
                passed_over[file].append(table.layout.sheet)
    return chosen, passed_over


def _likeness(table: Table) -> float:
    """How much a sheet looks like records: many columns, filled with many and varied words."""
    cells = [cell for record in table.records for cell in dict.fromkeys(record.cells.values()) if not is_help(cell)]
    varied = len({cell for cell in cells if len(cell) > 3})
    weight = 1.0 if len(table.columns) > 2 else 0.1
    return weight * float(min(len(table.columns), 12) ** 2) * math.sqrt(varied)


# --- files that are read alike ---


def _groups(tables: Sequence[Table]) -> list[list[Table]]:
    """Tables with the same columns, and files of prose that are a sheet each, in the order of their names."""
    groups: dict[tuple[object, ...], list[Table]] = defaultdict(list)
    for table in tables:
        layout = table.layout
        key: tuple[object, ...]
        if layout.format in PROSE and layout.records == "file":
            key = (layout.format, layout.records)
        elif layout.format in PROSE and layout.records != TABLE:
            key = (layout.format, PurePosixPath(table.file).parent, layout.records)
        else:
            key = (layout.format, table.columns, layout.sheet, layout.heading_row, layout.records)
        groups[key].append(table)
    return list(groups.values())


def _without_help(group: tuple[Table, ...], guessed: Guess, locator: Locator) -> tuple[tuple[Table, ...], Guess]:
    """Begin below rows that say how the form is to be filled in: those whose title is help."""
    titles = guessed.of(Role.TITLE)
    if group[0].layout.format not in (Format.CSV, Format.WORKBOOK) or not titles:
        return group, guessed
    changed = []
    for table in group:
        first = 0
        for at, record in enumerate(table.records[:HELP_ROWS]):
            filled = [cell for cell in record.cells.values() if cell.strip()]
            helping = sum(is_help(cell) for cell in filled) >= 0.6 * len(filled)
            if is_help(record.cells.get(titles[0], "")) or (helping and len(filled) > 2):
                first = at + 1
        if first and first < len(table.records):
            row = int(re.sub(r"\D", "", table.records[first].where))
            layout = replace(table.layout, first_row=row)
            reasons = {**table.reasons, "first_row": "the rows above say how to fill the form in"}
            table = replace(table, records=table.records[first:], layout=layout, reasons=reasons)
        changed.append(table)
    if tuple(changed) == group:
        return group, guessed
    return tuple(changed), guess(changed, locator)


# --- what is written ---


def _source(group: Sequence[Table], guessed: Guess) -> SourceMapping:
    layout = group[0].layout
    # What differs from file to file is found by looking, each time anew.
    for key in ("encoding", "delimiter", "first_row"):
        if len({getattr(table.layout, key) for table in group}) > 1:
            changes: dict[str, Any] = {key: None}
            layout = replace(layout, **changes)
    if layout.format in PROSE:
        layout = replace(layout, encoding=None)
    return SourceMapping(files=_patterns(group), layout=layout, columns=guessed.columns)


def _patterns(group: Sequence[Table]) -> tuple[str, ...]:
    """The files by name; those of prose by one pattern, so that tomorrow's files are read too."""
    files = list(dict.fromkeys(table.file for table in group))
    endings = {PurePosixPath(file).suffix for file in files}
    layout = group[0].layout
    if layout.format not in PROSE or layout.records == TABLE or len(files) == 1 or len(endings) > 1:
        return tuple(files)
    parents = {PurePosixPath(file).parent for file in files}
    if len(parents) == 1:
        return (str(parents.pop() / f"*{endings.pop()}"),)
    shared = PurePosixPath(commonpath([str(parent) for parent in parents]))
    return (str(shared / "**" / f"*{endings.pop()}"),)


def _comments(group: Sequence[Table], guessed: Guess, passed_over: dict[str, list[str]]) -> Comments:
    count = sum(len(table.records) for table in group)
    files = len({table.file for table in group})
    above = [f"{count} records in {files} file{'s' if files > 1 else ''}."]
    above += [f"{table.file}: {note}." for table in group for note in table.notes][:12]
    aside = sum(len(table.set_aside) for table in group)
    if aside:
        above.append(f"{aside} rows are set aside; `recueil check` tells them.")
    for table in group:
        if others := passed_over.get(table.file):
            above.append(f"{table.file}: its other sheets are not read: {', '.join(others)}.")
    if not guessed.of(Role.TEXT):
        above.append("No column is prose: sheets are found by their titles and fields alone.")
    return Comments(above=above, layout=group[0].reasons, columns=guessed.reasons)


def _title(folder: Path) -> str:
    return folder.resolve().name.replace("_", " ").replace("-", " ").strip() or "Sheets"


def _gazetteer_for(guesses: Sequence[Guess], groups: Sequence[Sequence[Table]], locator: Locator) -> str:
    """The word "none" where columns of places name none that the gazetteer knows."""
    asked = known = 0
    for guessed, group in zip(guesses, groups, strict=True):
        for name in guessed.of(Role.PLACE):
            cells = [record.cells.get(name, "") for table in group for record in table.records][:300]
            filled = list(dict.fromkeys(cell for cell in cells if cell.strip()))
            asked += len(filled)
            known += sum(
                bool(locator.of_name(cell) or locator.of_code(cell) or locator.is_place(cell)) for cell in filled
            )
    if asked == 0:
        # Only prose may name a place: that of France in French, and elsewhere its names are mere words.
        texts = (
            record.cells.get(name, "")
            for guessed, group in zip(guesses, groups, strict=True)
            for name in guessed.of(Role.TEXT)
            for table in group
            for record in table.records
        )
        return "france" if guess_language(texts)[0] == "fr" else "none"
    return "france" if known >= 0.1 * asked else "none"
