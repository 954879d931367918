"""corpus.toml: which files become sheets, how they are read, and what each column means. Written once, then the user's.

    mapping = read_mapping(folder)                 # raises BadMapping with file and line
    (folder / MAPPING).write_text(mapping_text(mapping, comments))

What is written can be read again, whatever the columns are called.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from corpus.errors import BadDocument
from corpus.importing.guess import SINGLE, Role
from corpus.importing.record import PROSE, Format, Layout
from corpus.toml import read_toml

MAPPING = "corpus.toml"
LAYOUT_KEYS = tuple(one.name for one in fields(Layout))
ROLE_KEYS = tuple(role.value for role in Role)
SOURCE_KEYS = ("files", *LAYOUT_KEYS, *ROLE_KEYS)
RECORDS_OF_PROSE = re.compile(r"file|list|table|heading(?: [1-6])?")
GAZETTEERS = ("france", "none")


class BadMapping(BadDocument):
    """corpus.toml cannot be used; `where` names its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMapping:
    """One [[source]]: files that are read alike."""

    files: tuple[str, ...]  # relative to the folder; "*" and "**" stand for any names
    layout: Layout
    columns: Mapping[Role, tuple[str, ...]]
    line: int = 0  # of corpus.toml

    def of(self, role: Role) -> tuple[str, ...]:
        """The columns of a role, in the order in which they count."""
        return self.columns.get(role, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusMapping:
    """The whole of corpus.toml."""

    title: str
    publisher: str = "not stated"
    date: str = "not stated"
    licence: str = "not stated"
    places: str = "france"
    show_contacts: bool = False
    sources: tuple[SourceMapping, ...] = ()


CORPUS_KEYS = tuple(one.name for one in fields(CorpusMapping) if one.name != "sources")


# --- writing ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """What is said beside the values of one source: of its layout by key, of its columns by name, and above it."""

    above: Sequence[str] = ()
    layout: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


ROLE_MEANS = {
    Role.TITLE: "what the sheet is called; several columns are joined",
    Role.TEXT: "what is searched and quoted, in this order",
    Role.PLACE: "where it is: names or codes; the first that is understood counts",
    Role.ORGANISATION: "who runs it",
    Role.PARTNER: "who helps",
    Role.DATE: "when it began; the first that holds a year counts",
    Role.UPDATED: "when the record was changed; shown, and no beginning",
    Role.URL: "where more is said; the first counts",
    Role.KEYWORD: "words to find it by",
    Role.FACET: "classes; the first is the theme to filter by",
    Role.CONTACT: "people, addresses, telephones: not read unless show_contacts is true",
    Role.ID: "the sheet's own id",
    Role.LEFT_OUT: "not read",
}


def mapping_text(mapping: CorpusMapping, comments: Sequence[Comments]) -> str:
    """The text of corpus.toml; `comments` are those of the sources, in their order."""
    lines = [
        "# How the files of this folder become sheets. Written by `recueil init`; yours to change.",
        "# `recueil check` says what is read with it and what is not, `recueil build` makes it searchable.",
        "",
        "[corpus]",
        f"title = {_quoted(mapping.title)}",
        f"publisher = {_quoted(mapping.publisher)}",
        f"date = {_quoted(mapping.date)}  # 2026, 2026-11 or 2026-11-30",
        f"licence = {_quoted(mapping.licence)}",
        f'places = {_quoted(mapping.places)}  # "france": names and codes of its places are understood; or "none"',
        f"show_contacts = {str(mapping.show_contacts).lower()}  # true shows the columns named under contact",
    ]
    for source, said in zip(mapping.sources, comments, strict=True):
        lines += ["", *(f"# {line}" for line in said.above), "[[source]]", *_source_lines(source, said)]
    return "\n".join(lines) + "\n"


def _source_lines(source: SourceMapping, said: Comments) -> Iterator[str]:
    yield f"files = [{', '.join(map(_quoted, source.files))}]"
    for key in LAYOUT_KEYS:
        value = getattr(source.layout, key)
        if value is not None:
            why = f"  # {_one_line(said.layout[key])}" if said.layout.get(key) else ""
            yield f"{key} = {value if isinstance(value, int) else _quoted(str(value))}{why}"
    for role in Role:
        names = source.of(role)
        if role in SINGLE and len(names) == 1:
            yield f"{role.value} = {_quoted(names[0])}{_why(names[0], said)}"
        elif names:
            yield f"{role.value} = [  # {ROLE_MEANS[role]}"
            yield from (f"    {_quoted(name)},{_why(name, said)}" for name in names)
            yield "]"


def _why(name: str, said: Comments) -> str:
    return f"  # {_one_line(said.columns[name])}" if said.columns.get(name) else ""


def _one_line(text: str) -> str:
    """A comment of TOML, which is one line and holds no control characters."""
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())


def _quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- reading ---


def read_mapping(folder: Path) -> CorpusMapping:
    """Read corpus.toml. Raises BadMapping, with its line, for what cannot be used."""
    path = folder / MAPPING
    if not path.exists():
        raise BadMapping("There is no corpus.toml", str(path), f"Run `recueil init {folder}`.")
    text, tables = read_toml(path, MAPPING, BadMapping)
    return _Reader(path, text.split("\n")).mapping(tables)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the tables of one corpus.toml, whose lines it names in faults."""

    path: Path
    lines: Sequence[str]

    def mapping(self, tables: Mapping[str, Any]) -> CorpusMapping:
        unknown = [key for key in tables if key not in ("corpus", "source")]
        if unknown:
            raise self._fault(f"corpus.toml has unknown tables: {', '.join(unknown)}", unknown[0], 0, _KNOWN_TABLES)
        said = tables.get("corpus", {})
        if not isinstance(said, Mapping):
            raise self._fault("'corpus' is no table", "corpus", 0, "Write [corpus] and its keys below.")
        for key, value in said.items():
            self._check_corpus(key, value)
        sources = tables.get("source", [])
        if not isinstance(sources, list) or not sources:
            raise self._fault("corpus.toml names no files", "source", 0, "Write [[source]] and what is in it below.")
        starts = [n for n, line in enumerate(self.lines, start=1) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]
        starts += [0] * (len(sources) - len(starts))
        read = tuple(self._source(one, line) for one, line in zip(sources, starts, strict=False))
        return replace(CorpusMapping(title=self.path.resolve().parent.name), **{**said, "sources": read})

    def _check_corpus(self, key: str, value: object) -> None:
        if key not in CORPUS_KEYS:
            raise self._fault(f"[corpus] has the unknown key '{key}'", key, 0, f"Known are {', '.join(CORPUS_KEYS)}.")
        wanted = bool if key == "show_contacts" else str
        if not isinstance(value, wanted) or value == "":
            mend = "Write true or false." if wanted is bool else "Write it between quotes."
            raise self._fault(f"'{key}' cannot be {value!r}", key, 0, mend)
        if key == "places" and value not in GAZETTEERS:
            raise self._fault(f"There is no gazetteer '{value}'", key, 0, f"Choose {' or '.join(GAZETTEERS)}.")

    def _source(self, table: object, line: int) -> SourceMapping:
        if not isinstance(table, Mapping):
            raise self._fault("'source' is no list of tables", "source", 0, "Write [[source]] before each.")
        for key in table:
            if key not in SOURCE_KEYS:
                raise self._fault(f"A source has the unknown key '{key}'", key, line, f"Known are {_SOURCE_KEYS_SAID}.")
        files = self._names(table, "files", line)
        if not files:
            raise self._fault("A source names no files", "files", line, 'Write files = ["sheets.csv"], or "*.md".')
        columns = {role: self._names(table, role.value, line) for role in Role if role.value in table}
        if not columns.get(Role.TITLE) and not columns.get(Role.TEXT):
            raise self._fault(
                "A source has neither title nor text", "source", line, "Name a column under title or text."
            )
        return SourceMapping(files=files, layout=self._layout(table, line), columns=columns, line=line)

    def _layout(self, table: Mapping[str, Any], line: int) -> Layout:
        said = {key: table[key] for key in LAYOUT_KEYS if key in table}
        if said.get("format") not in tuple(Format):
            raise self._fault(
                f"A source has the format {said.get('format')!r}", "format", line, f"Choose {', '.join(Format)}."
            )
        for key, value in said.items():
            number = key in ("heading_row", "first_row")
            if number and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
                raise self._fault(f"'{key}' is no number of a row", key, line, "Count rows from 1; 0 means none.")
            if not number and not isinstance(value, str):
                raise self._fault(f"'{key}' is no text", key, line, "Write it between quotes.")
        if Format(said["format"]) in PROSE and not RECORDS_OF_PROSE.fullmatch(said.get("records", "file")):
            raise self._fault(
                f"A file has no {said['records']!r}", "records", line, 'Write "file", "heading 2" or "list".'
            )
        if len(said.get("delimiter", ",")) != 1:
            raise self._fault("'delimiter' is not one character", "delimiter", line, 'Write ";", "," or "\\t".')
        return Layout(**{**said, "format": Format(said["format"])})

    def _names(self, table: Mapping[str, Any], key: str, line: int) -> tuple[str, ...]:
        value = table.get(key, [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
            raise self._fault(f"'{key}' is no name and no list of names", key, line, 'Write "name" or ["name", …].')
        return tuple(names)

    def _fault(self, what: str, key: str, after: int, mend: str) -> BadMapping:
        """A fault at the line of a key, looked for from the line of its table on."""
        heading = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[\]=]""")
        found = (n for n, line in enumerate(self.lines, start=1) if n >= after and heading.match(line))
        return BadMapping(what, f"{self.path}:{next(found, after or 1)}", mend)


_KNOWN_TABLES = "Write [corpus] and [[source]] alone."
_SOURCE_KEYS_SAID = ", ".join(SOURCE_KEYS)
