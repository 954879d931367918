"""Sources: the files of a folder that hold records, and the tables in them.

A file is what its content says: a workbook under the name .xls may be XLSX, ODS or a page of HTML.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import BadDocument, MissingPackage
from corpus.importing.decoding import decoded
from corpus.importing.pages import prose_table
from corpus.importing.record import PROSE, Format, Layout, Record, SetAside, Table
from corpus.importing.tabular import TABLE, csv_table, guess_delimiter, html_table, workbook_tables
from corpus.importing.trees import feed_table, json_table, jsonl_table, xml_table

# Names of files about the folder itself.
ABOUT = re.compile(r"(?i)(readme|licen[cs]e|changelog|contributing|copying|notice)\b.*")
# Questions and judgements, in the formats of eval/formats.py.
COLLECTION = re.compile(r"(?i)(?:queries|qrels|topics)\.(?:jsonl|tsv|txt)")
BY_NAME = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdx": Format.MARKDOWN,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".tab": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".htm": Format.HTML,
    ".html": Format.HTML,
    ".xhtml": Format.HTML,
}
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a]")
FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
PAGE = re.compile(rb"<(?:!doctype html|html)[\s>]", re.I)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is of no format that is read."""

    file: str
    what: str
    mend: str


# What lies beside somebody's files and is ours: no sheet stands in it.
OURS = frozenset({"corpus.toml", "profile.toml", "corrections.toml", "set-aside.csv", "documents.toml"})


def files_in(folder: Path) -> list[Path]:
    """Every file of a folder and those inside it, by name; hidden ones and ours left out."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    kept = [
        path
        for path in found
        if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts) and path.name not in OURS
    ]
    return sorted(kept, key=lambda path: path.relative_to(folder).as_posix())


def is_about(path: Path) -> bool:
    """Whether a file is about the folder, or holds questions about it, by its name."""
    return bool(ABOUT.fullmatch(path.name) or COLLECTION.fullmatch(path.name))


def format_of(path: Path) -> Format:
    """What a file holds. Raises BadDocument for what is not read."""
    octets = path.read_bytes()
    if not octets.strip():
        raise BadDocument("The file is empty", path.name, "Fill it, or leave it out.")
    if octets.startswith(b"%PDF") or b"%PDF-" in octets[:1024]:
        return Format.PDF
    if octets.startswith(b"PK\x03\x04"):
        return _format_of_zip(path)
    if octets.startswith(b"\xd0\xcf\x11\xe0"):
        if path.suffix.lower() in (".doc", ".ppt", ".msg"):
            raise BadDocument("Documents of Word 97 are not read", path.name, "Save it as DOCX or ODT.")
        return Format.WORKBOOK
    wide = octets.startswith((b"\xff\xfe", b"\xfe\xff")) or octets[:200].count(0) > 50
    if not wide and NOT_TEXT.search(octets[:4000]):
        raise BadDocument("The file is no text and of no format that is read", path.name, "Leave it out.")
    return _format_of_text(octets, path)


def _format_of_zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError) as error:
        raise BadDocument(f"The file is damaged: {error}", path.name, "Fetch it again.") from None
    if "spreadsheet" in kind or any(name.startswith("xl/") for name in names):
        return Format.WORKBOOK
    if "opendocument.text" in kind:
        return Format.ODT
    if "word/document.xml" in names:
        return Format.DOCX
    raise BadDocument("The archive is no office document that is read", path.name, "Unpack it into the folder.")


def _format_of_text(octets: bytes, path: Path) -> Format:
    head = octets[:3000].lstrip(b"\xef\xbb\xbf \t\r\n")
    named = BY_NAME.get(path.suffix.lower())
    if head.startswith(b"<") and named is not Format.MARKDOWN:
        if PAGE.search(head):
            return Format.HTML
        if FEED.search(head) and (b"<rss" in head or b"<feed" in head or b"purl.org/rss" in head):
            return Format.FEED
        return named or (
            Format.XML if head.startswith(b"<?xml") or path.suffix.lower() in (".xml", ".kml", ".rdf") else Format.HTML
        )
    if head[:1] in (b"{", b"[") and named not in (Format.MARKDOWN, Format.CSV):
        return _format_of_json(octets)
    if named is not None:
        return named
    text, _, _ = decoded(octets, path.name)
    if text.lstrip("\ufeff").startswith("---\n"):
        return Format.MARKDOWN
    delimiter, _ = guess_delimiter(text)
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if len(lines) > 2 and sum(line.count(delimiter) >= 2 for line in lines) >= 0.9 * len(lines) and delimiter != ",":
        return Format.CSV
    return Format.TEXT


def _format_of_json(octets: bytes) -> Format:
    lines = [line for line in octets.splitlines() if line.strip()]
    if len(lines) > 1 and lines[1].lstrip()[:1] == b"{" and lines[0].lstrip()[:1] == b"{":
        try:
            json.loads(lines[0])
            return Format.JSONL
        except ValueError:
            pass
    return Format.JSON


def tables_of(path: Path, file: str, layout: Layout | None = None) -> list[Table]:
    """The tables of a file; `layout` as corpus.toml gives it. Raises BadDocument."""
    kind = layout.format if layout is not None else format_of(path)
    try:
        return _read(path, file, kind, layout)
    except ModuleNotFoundError as error:
        # No BadDocument: a file must not be set aside because of the machine it is read on.
        raise MissingPackage(
            f"Reading {kind} needs the package '{error.name}'", file, "Install it: pip install 'recueil[import]'."
        ) from None


def _read(path: Path, file: str, kind: Format, layout: Layout | None) -> list[Table]:
    if kind is Format.WORKBOOK:
        return workbook_tables(path, file, layout)
    if kind is Format.HTML and (layout is None or layout.records in (None, TABLE)):
        table = html_table(path.read_bytes(), file, layout)
        if table is not None:
            return [table]
    if kind in PROSE:
        return [prose_table(path, file, layout or Layout(format=kind))]
    read = {
        Format.CSV: csv_table,
        Format.JSON: json_table,
        Format.JSONL: jsonl_table,
        Format.XML: xml_table,
        Format.FEED: feed_table,
    }[kind]
    return [read(path.read_bytes(), file, layout)]


def look(folder: Path) -> Iterator[Table | Unread]:
    """The tables of every file in a folder, in the order of their names; of a file that cannot be read why."""
    for path in files_in(folder):
        file = path.relative_to(folder).as_posix()
        if ABOUT.fullmatch(path.name):
            yield Unread(
                file, "It is about the folder and holds no records by its name", "Name it in corpus.toml to read it."
            )
            continue
        if COLLECTION.fullmatch(path.name):
            yield Unread(file, "It holds questions or judgements by its name", "`recueil eval` reads it.")
            continue
        try:
            yield from tables_of(path, file)
        except BadDocument as fault:
            yield Unread(file, fault.what, fault.mend)


__all__ = ["Record", "SetAside", "Unread", "files_in", "format_of", "look", "tables_of"]
