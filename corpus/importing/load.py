"""A folder with its corpus.toml → a corpus: what is good becomes sheets, what is not is set aside and told.

    imported = import_corpus(folder, gazetteer)
    imported.corpus, imported.set_aside, imported.poor

A bad record never costs a good one: only a corpus.toml that cannot be used, or no sheet at all, is a fault.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonpath
from pathlib import Path, PurePosixPath

from corpus.corrections import corrected, read_corrections
from corpus.errors import BadDocument
from corpus.importing.guess import Role
from corpus.importing.locate import Locator
from corpus.importing.mapping import MAPPING, BadMapping, CorpusMapping, SourceMapping, read_mapping
from corpus.importing.poor import Poor, poor_of
from corpus.importing.record import PROSE, Format, Record, SetAside, Table
from corpus.importing.sheets import Sheet, sheet_of
from corpus.importing.sources import files_in, is_about, tables_of
from corpus.importing.tabular import TABLE
from corpus.model import Corpus, Document, Initiative
from corpus.places import Gazetteer
from corpus.text import slug, spreadsheet_cell

ID_LENGTH = 60  # characters of a title, or of a file's name, in an id
PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
IGNORED = re.compile(r"(?i)_*(?:ignore[rd]?|exclude[d]?|skip|a[ _]ignorer)_*")
TOTAL = re.compile(r"(?i)(?:sous[- ]?|grand )?total(?: général| general)?")
YES = frozenset({"true", "oui", "yes", "1", "x", "vrai"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """What became of one file, or of one sheet of a workbook."""

    file: str
    sheet: str | None
    records: int
    sheets: int  # records that became sheets
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A corpus and all that is to be said of how it was read."""

    corpus: Corpus
    files: tuple[FileRead, ...]
    set_aside: tuple[SetAside, ...]
    poor: tuple[Poor, ...]
    unnamed: tuple[str, ...] = ()  # files of the folder that corpus.toml does not name
    where: Mapping[str, str] = field(default_factory=dict)  # by id: file and row


def is_brought(folder: Path) -> bool:
    """Whether a folder of documents is described by a corpus.toml."""
    return (folder / MAPPING).is_file()


def import_corpus(folder: Path, gazetteer: Gazetteer) -> Imported:
    """Read what the corpus.toml of a folder names.

    Raises BadMapping, with its line, for a mapping that cannot be used, BadCorrection for a correction, and BadDocument
    where no record of any file becomes a sheet.
    """
    mapping = read_mapping(folder)
    locator = Locator(gazetteer) if mapping.places == "france" else None
    reading = _Reading(folder, mapping, locator)
    for source in mapping.sources:
        reading.read(source)
    if not reading.initiatives:
        first = reading.set_aside[0] if reading.set_aside else None
        raise BadDocument(
            "No record of any file becomes a sheet" + (f": {first.what}" if first else ""),
            f"{folder / first.file}" if first else str(folder / MAPPING),
            first.mend if first else "Name files that hold records.",
        )
    named = {path for source in mapping.sources for path in files_of(folder, source, mapping)}
    unnamed = (path.relative_to(folder).as_posix() for path in files_in(folder) if path not in named)
    documents = tuple(sorted(reading.documents, key=lambda one: one.id))
    order = {document.id: at for at, document in enumerate(documents)}
    mended = corrected(reading.initiatives, read_corrections(folder, gazetteer))
    initiatives = sorted(mended, key=lambda one: (order[one.source.document], one.source.start_line))
    return Imported(
        corpus=Corpus(documents, tuple(initiatives)),
        files=tuple(reading.files),
        set_aside=tuple(reading.set_aside),
        poor=tuple(reading.poor),
        unnamed=tuple(unnamed),
        where=reading.where,
    )


class _Reading:
    """What has been read so far."""

    def __init__(self, folder: Path, mapping: CorpusMapping, locator: Locator | None) -> None:
        self.folder, self.mapping, self.locator = folder, mapping, locator
        self.documents: list[Document] = []
        self.initiatives: list[Initiative] = []
        self.files: list[FileRead] = []
        self.set_aside: list[SetAside] = []
        self.poor: list[Poor] = []
        self.where: dict[str, str] = {}
        self.ids: set[str] = set()
        self.numbers: dict[str, int] = {}  # the last one given to sheets that would share an id
        self.document_ids: Counter[str] = Counter()

    def read(self, source: SourceMapping) -> None:
        paths = files_of(self.folder, source, self.mapping)
        if not paths:
            where = f"{self.folder / MAPPING}:{source.line}"
            raise BadMapping(f"There is no file {', '.join(source.files)}", where, "Put it there, or take it out.")
        # Files of prose are one document together: each by itself would be a collection of one.
        together = source.layout.format in PROSE and source.layout.records != TABLE
        gathered: list[tuple[str, Record, Sheet]] = []
        missing: dict[str, set[str]] = {}
        for path in paths:
            file = path.relative_to(self.folder).as_posix()
            for table in self._tables(path, file, source):
                missing[file] = _named(source) - set(table.columns)
                sheets = list(self._sheets(table, source))
                note = self._missing_note(table, missing[file], source)
                self.files.append(
                    FileRead(
                        file=file,
                        sheet=table.layout.sheet,
                        records=len(table.records) + len(table.set_aside),
                        sheets=len(sheets),
                        notes=(*table.notes, *note),
                    )
                )
                gathered += [(file, record, sheet) for record, sheet in sheets]
                if not together and gathered:
                    self._write(file, table.layout.sheet, gathered, source)
                    gathered = []
        if gathered:
            names = [path.relative_to(self.folder).as_posix() for path in paths]
            whole = names[0] if len(names) == 1 else commonpath([str(PurePosixPath(name).parent) for name in names])
            self._write(whole, None, gathered, source)

    def _tables(self, path: Path, file: str, source: SourceMapping) -> list[Table]:
        try:
            tables = tables_of(path, file, source.layout)
        except BadDocument as fault:
            self.set_aside.append(SetAside(file=file, where="", column="", what=fault.what, mend=fault.mend))
            return []
        for table in tables:
            self.set_aside += table.set_aside
            if not table.records and not table.set_aside:
                what, mend = without_records(table)
                self.set_aside.append(SetAside(file=file, where="", column="", what=what, mend=mend))
        return tables

    def _missing_note(self, table: Table, missing: set[str], source: SourceMapping) -> tuple[str, ...]:
        """A column that a table lacks is told; one that holds the title and the text too is a fault."""
        tabular = table.layout.format in (Format.CSV, Format.WORKBOOK)
        if not (missing and tabular):
            return ()
        wanted = {*source.of(Role.TITLE), *source.of(Role.TEXT)}
        if wanted and wanted <= missing:
            raise BadMapping(
                f"{table.file} has no column {', '.join(map(repr, sorted(wanted)))}",
                f"{self.folder / MAPPING}:{source.line}",
                f"Its columns are {', '.join(map(repr, table.columns))}.",
            )
        return (f"it lacks {', '.join(map(repr, sorted(missing)))}",)

    def _sheets(self, table: Table, source: SourceMapping) -> Iterator[tuple[Record, Sheet]]:
        for record in table.records:
            if ignored := _ignored(record):
                self._put_aside(table, record, ignored, "The record is marked as none", "Take the mark out to read it.")
                continue
            sheet = sheet_of(record, source, self.mapping, self.locator)
            if sheet is not None and TOTAL.fullmatch(sheet.title):
                self._put_aside(table, record, "", "The record is a total of the others", "Take it out of the file.")
                continue
            if sheet is None:
                columns = ", ".join((*source.of(Role.TITLE), *source.of(Role.TEXT)))
                self._put_aside(
                    table, record, columns, "The record has neither title nor text", "Fill one, or map another column."
                )
                continue
            yield record, sheet

    def _put_aside(self, table: Table, record: Record, column: str, what: str, mend: str) -> None:
        self.set_aside.append(
            SetAside(file=table.file, where=record.where, column=column, what=what, mend=mend, cells=record.cells)
        )

    def _write(
        self, file: str, sheet_name: str | None, found: Sequence[tuple[str, Record, Sheet]], source: SourceMapping
    ) -> None:
        """One document of these sheets, one after another, an empty line between."""
        name = f"{Path(file).stem or self.mapping.title} {sheet_name if self._several_sheets(file) else ''}".strip()
        id = self._document_id(name)
        lines: list[str] = []
        for from_file, record, sheet in found:
            if lines:
                lines.append("")
            initiative = sheet.initiative(self._id(id, sheet), id, len(lines) + 1)
            lines += sheet.lines
            self.initiatives.append(initiative)
            where = f"{from_file}, {record.where}" if record.where else from_file
            self.where[initiative.id] = where
            self.poor += poor_of(sheet, initiative, where)
        self.documents.append(
            Document(
                id=id,
                title=self.mapping.title if len(self.mapping.sources) == 1 and not self.documents else name,
                publisher=self.mapping.publisher,
                date=self.mapping.date,
                licence=self.mapping.licence,
                reader=str(source.layout.format),
                file=file or ".",
                original_name=file or ".",
                lines=tuple(lines),
            )
        )

    def _several_sheets(self, file: str) -> bool:
        named = [one for one in self.mapping.sources if file in one.files and one.layout.sheet is not None]
        return len(named) > 1

    def _document_id(self, name: str) -> str:
        id = slug(name, ID_LENGTH) or "sheets"
        self.document_ids[id] += 1
        return id if self.document_ids[id] == 1 else f"{id}-{self.document_ids[id]}"

    def _id(self, document: str, sheet: Sheet) -> str:
        """The record's own id where it has one, else one of document, title and place; numbered where it is taken."""
        if sheet.own_id:
            id = sheet.own_id if PLAIN_ID.fullmatch(sheet.own_id) else slug(sheet.own_id, 100)
            id = f"{document}-{id}" if id in self.ids or not id else id
        else:
            codes = [one.code.lower() for one in sheet.departements[:2]]
            id = "-".join(part for part in (document, slug(sheet.title, ID_LENGTH), *codes) if part)
        base = id
        while id in self.ids:  # counted on from the last number: thousands of sheets may share a title
            self.numbers[base] = self.numbers.get(base, 1) + 1
            id = f"{base}-{self.numbers[base]}"
        self.ids.add(id)
        return id


def without_records(table: Table) -> tuple[str, str]:
    """Why a table has no records, and the mend."""
    what = table.notes[0] if table.notes else "it holds no records"
    scan = table.layout.format is Format.PDF
    return what, "Have its text recognised first, with ocrmypdf." if scan else "Fill it, or leave it out."


def files_of(folder: Path, source: SourceMapping, mapping: CorpusMapping) -> list[Path]:
    """The files that a source names, in the order of their names, each once.

    A pattern with "*" stands for no file that another source names, and for none about the folder itself.
    """
    every = {path.relative_to(folder).as_posix(): path for path in files_in(folder)}
    elsewhere = {name for one in mapping.sources if one is not source for name in one.files}
    named = [
        file
        for file, path in every.items()
        if file in source.files
        or (file not in elsewhere and not is_about(path) and any(_fits(file, pattern) for pattern in source.files))
    ]
    return [every[file] for file in sorted(named)]


def _fits(file: str, pattern: str) -> bool:
    parts = re.split(r"(\*\*/|\*)", pattern)
    said = {"**/": "(?:.*/)?", "*": "[^/]*"}
    return re.fullmatch("".join(said.get(part, re.escape(part)) for part in parts), file) is not None


def _named(source: SourceMapping) -> set[str]:
    return {name for role in Role if role is not Role.LEFT_OUT for name in source.of(role)}


def _ignored(record: Record) -> str | None:
    """The column that marks a record as none, such as "__ignore__": True."""
    return next((n for n, cell in record.cells.items() if IGNORED.fullmatch(n) and cell.strip().lower() in YES), None)


SET_ASIDE_COLUMNS = ("file", "where", "column", "what", "mend", "record")


def set_aside_csv(found: Sequence[SetAside]) -> str:
    """What was set aside as CSV that spreadsheets open: one line each, with the record itself as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(SET_ASIDE_COLUMNS)
    for one in found:
        record = json.dumps(dict(one.cells), ensure_ascii=False) if one.cells else ""
        row = (one.file, one.where, one.column, one.what, one.mend, record)
        writer.writerow([spreadsheet_cell(cell) for cell in row])
    return "\ufeff" + text.getvalue()
