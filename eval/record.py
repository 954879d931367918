"""A record: one line of a collection's file, with the place to name when it is wrong."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.fault import BadCollection

ONE_OBJECT_A_LINE = "Write one JSON object on each line."


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one JSON object; `where` is file:line."""

    fields: dict[str, Any]
    where: str

    def text(self, key: str) -> str:
        """The text under `key`. Raises BadCollection when it is missing, blank or no text."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise BadCollection(f"'{key}' is missing or no text", self.where, f"Give '{key}' a text.")
        return value

    def objects(self, key: str) -> "list[Record]":
        """The objects listed under `key`, two or more. Raises BadCollection when it is anything else."""
        value = self.fields.get(key)
        if not isinstance(value, list) or len(value) < 2 or not all(isinstance(one, dict) for one in value):
            raise BadCollection(f"'{key}' is no list of two or more objects", self.where, f"List them under '{key}'.")
        return [Record(fields, self.where) for fields in value]


def read_records(path: Path) -> list[Record]:
    """The records of a file of JSON lines, blank lines left out.

    Raises BadCollection when the file is missing, empty or no UTF-8, and for a line that is no JSON object.
    """
    lines = read_text(path).split("\n")
    records = [_record(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not records:
        raise BadCollection("A file of the collection is empty", str(path), ONE_OBJECT_A_LINE)
    return records


def read_text(path: Path) -> str:
    """A whole file of the collection. Raises BadCollection when it is missing or no readable UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadCollection(
            "A file of the collection is missing", str(path), "Write it as eval/collections/README.md says."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadCollection(
            f"A file of the collection cannot be read: {error}", str(path), "Make it a readable UTF-8 file."
        ) from None


def _record(line: str, where: str) -> Record:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise BadCollection(f"The line is not JSON: {error}", where, ONE_OBJECT_A_LINE) from None
    if not isinstance(fields, dict):
        raise BadCollection("The line is no JSON object", where, ONE_OBJECT_A_LINE)
    return Record(fields, where)
