"""A document: one source text and what `documents.toml` says of it."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.fault import BadDocument


@dataclass(frozen=True, slots=True)
class Document:
    """One source text as it lies on disk, with its description."""

    id: str
    title: str
    publisher: str
    date: str  # ISO 8601, as exact as known: "2018-10" or "2020-01-13"
    licence: str  # "not stated" where the document says nothing
    reader: str  # which reader of corpus/readers understands its layout
    file: str  # name inside the folder of documents
    original_name: str  # the name under which the text reached us
    lines: tuple[str, ...]  # without line ends; lines[0] is line 1

    def text(self, start_line: int, end_line: int) -> str:
        """The source lines start_line..end_line (1-based, inclusive), joined by newlines."""
        return "\n".join(self.lines[start_line - 1 : end_line])
