"""A document: one source text and what `documents.toml` says of it."""

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date as calendar_date
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.fault import BadDocument

LIST_NAME = "documents.toml"


class Reader(StrEnum):
    """Which reader of corpus/readers understands the layout of a document."""

    RECUEIL = "recueil"
    PRESS_KIT = "press_kit"
    ARTICLE = "article"
    PROGRAMME = "programme"
    WINNERS = "winners"


@dataclass(frozen=True, slots=True)
class Document:
    """One source text as it lies on disk, with its description."""

    id: str
    title: str
    publisher: str
    date: str  # ISO 8601, as exact as known: "2018-10" or "2020-01-13"
    licence: str  # "not stated" where the document says nothing
    reader: Reader
    file: str  # name inside the folder of documents
    original_name: str  # the name under which the text reached us
    lines: tuple[str, ...]  # without line ends; lines[0] is line 1

    def text(self, start_line: int, end_line: int) -> str:
        """The source lines start_line..end_line (1-based, inclusive), joined by newlines."""
        return "\n".join(self.lines[start_line - 1 : end_line])

    def written(self, start_line: int, end_line: int) -> tuple[int, int]:
        """The same stretch without the blank lines at either end; the last line comes before the first if all are."""
        while start_line <= end_line and not self.lines[start_line - 1].strip():
            start_line += 1
        while end_line >= start_line and not self.lines[end_line - 1].strip():
            end_line -= 1
        return start_line, end_line


# Every key a table of documents.toml must have, and may have.
KEYS = tuple(field.name for field in fields(Document) if field.name not in ("id", "lines"))


def load_documents(folder: Path) -> tuple[Document, ...]:
    """The documents that `documents.toml` describes, in order of their ids.

    Raises BadDocument, with file and line, when the list or a text cannot be used, and when the folder
    holds a .txt file that the list does not mention.
    """
    tables = _read_list(folder / LIST_NAME)
    listed: dict[str, str] = {}
    for document_id, table in tables.items():
        where = _place_in_list(folder / LIST_NAME, document_id)
        _check_table(document_id, table, where)
        if table["file"] in listed:
            raise BadDocument(
                f"'{document_id}' and '{listed[table['file']]}' both read {table['file']}",
                where,
                "Describe each file once.",
            )
        listed[table["file"]] = document_id
    _check_files(folder, listed)
    return tuple(_load(folder, document_id, tables[document_id]) for document_id in sorted(tables))


def split_lines(text: str) -> tuple[str, ...]:
    r"""Cut a text at its line feeds only; a carriage return before one belongs to the line end.

    Other characters that Python counts as line ends (form feed, U+2028, ...) stay inside their line, so that
    our line numbers are those of an editor.

    Example: "a\r\nb\x0cc\n" -> ("a", "b\x0cc")
    """
    return tuple(line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))


def _read_list(path: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadDocument(
            "The list of documents is missing", str(path), "Write one table for each text; see corpus/documents."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadDocument(
            f"The list of documents cannot be read: {error}", str(path), "Make it a readable UTF-8 file."
        ) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{path}:{line[1]}" if line else str(path)
        raise BadDocument(f"The list of documents is not TOML: {error}", where, "Mend that line.") from None
    if not tables:
        raise BadDocument("The list of documents is empty", str(path), "Describe at least one text.")
    return tables


def _place_in_list(path: Path, document_id: str) -> str:
    lines = split_lines(path.read_text(encoding="utf-8"))
    heading = re.compile(rf"""\s*(\[\s*)?["']?{re.escape(document_id)}["']?\s*[\]=]""")
    number = next((n for n, line in enumerate(lines, start=1) if heading.match(line)), 1)
    return f"{path}:{number}"


def _check_table(document_id: str, table: object, where: str) -> None:
    if not isinstance(table, dict):
        raise BadDocument(f"'{document_id}' is not a table", where, f"Write [{document_id}] and its keys below.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", document_id):
        raise BadDocument(
            f"'{document_id}' is no id", where, "Use small letters and digits with single hyphens between them."
        )
    if missing := [key for key in KEYS if key not in table]:
        raise BadDocument(f"'{document_id}' lacks {', '.join(missing)}", where, "Add what is missing.")
    if unknown := [key for key in table if key not in KEYS]:
        raise BadDocument(
            f"'{document_id}' has unknown keys: {', '.join(unknown)}", where, f"Known keys are {', '.join(KEYS)}."
        )
    for key, value in table.items():
        if not isinstance(value, str) or not value.strip():
            raise BadDocument(f"'{key}' of '{document_id}' is no text", where, "Write it between quotes.")
    if table["reader"] not in list(Reader):
        raise BadDocument(
            f"'{document_id}' asks for the unknown reader '{table['reader']}'", where, f"Choose {', '.join(Reader)}."
        )
    if not _is_date(table["date"]):
        raise BadDocument(
            f"'{table['date']}' of '{document_id}' is no date", where, "Write 2018, 2018-10 or 2018-10-31."
        )


def _is_date(value: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return False
    try:
        calendar_date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _check_files(folder: Path, listed: dict[str, str]) -> None:
    present = {path.name for path in folder.glob("*.txt")}
    if missing := sorted(listed.keys() - present):
        raise BadDocument(
            f"The text of '{listed[missing[0]]}' is missing",
            str(folder / missing[0]),
            f"Put the file there or remove [{listed[missing[0]]}] from {LIST_NAME}.",
        )
    if stray := sorted(present - listed.keys()):
        raise BadDocument(
            f"{LIST_NAME} does not describe {', '.join(stray)}",
            str(folder / stray[0]),
            f"Add a table for it to {LIST_NAME} or take the file away.",
        )


def _load(folder: Path, document_id: str, table: dict[str, str]) -> Document:
    words = {key: value for key, value in table.items() if key != "reader"}
    lines = split_lines(_read_text(folder / table["file"]))
    return Document(id=document_id, reader=Reader(table["reader"]), lines=lines, **words)


def _read_text(path: Path) -> str:
    try:
        octets = path.read_bytes()
    except OSError as error:
        raise BadDocument(f"The text cannot be read: {error.strerror}", str(path), "Make it a readable file.") from None
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise BadDocument(
            f"The text is not UTF-8: byte {error.start} is 0x{octets[error.start]:02x}",
            f"{path}:{line}",
            "Save it as UTF-8.",
        ) from None
    if not text.strip():
        raise BadDocument("The text is empty", f"{path}:1", "Put the document's text into it.")
    return text
