"""Records and what their columns mean → finished sheets: the lines people read, and the initiative found in them.

A sheet is written out as lines: its title, its fields as "column: value", then its texts, each below the name of its
column. What nobody maps is not read; what is mapped to contact is read only where contacts are asked for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from corpus.importing.guess import Role
from corpus.importing.locate import Locator
from corpus.importing.mapping import CorpusMapping, SourceMapping
from corpus.importing.record import Record
from corpus.importing.values import parts_of, said, url_of, year_of
from corpus.model import Contact, Departement, Initiative, Kind, OwnField, Section, Source
from corpus.text import EMAIL, PHONE

# Below so many characters of prose the fields are searched too: they say most of what there is.
LITTLE_PROSE = 200
LONGEST_CLASS = 120  # characters of a value that one would choose from a list
LONGEST_DERIVED_TITLE = 100  # characters, of the first words of a text without a title
HEADING = re.compile(r"#{1,6} +(.*)")
BOLD_ITEM = re.compile(r"^- \*\*(.+?)\*\*", re.M)
CODE = re.compile(r"[\dAB]{1,9}")
FIELDS = (Role.PLACE, Role.ORGANISATION, Role.PARTNER, Role.FACET, Role.DATE, Role.UPDATED, Role.KEYWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One record as a finished sheet, not yet placed in a document."""

    own_id: str | None
    title: str
    title_derived: bool
    lines: tuple[str, ...]
    sections: tuple[Section, ...]  # lines counted from 1 within the sheet
    departements: tuple[Departement, ...]
    territory: str | None
    organisations: tuple[str, ...]
    partners: tuple[str, ...]
    theme: str | None
    fields: tuple[OwnField, ...]
    start_year: int | None
    start_text: str | None
    contacts: tuple[Contact, ...]
    prose: int  # characters of text beside the title

    def initiative(self, id: str, document: str, first: int) -> Initiative:
        """The initiative of this sheet, whose first line is line `first` of its document."""
        before = first - 1
        return Initiative(
            id=id,
            kind=Kind.SHEET,
            title=self.title,
            title_derived=self.title_derived,
            source=Source(document, first, before + len(self.lines)),
            text="\n".join(self.lines),
            sections=tuple(Section(s.heading, s.start_line + before, s.end_line + before) for s in self.sections),
            theme=self.theme,
            fields=self.fields,
            departements=self.departements,
            territory=self.territory,
            lead_organisations=self.organisations,
            partners=self.partners,
            start_year=self.start_year,
            start_text=self.start_text,
            contacts=self.contacts,
        )


def sheet_of(record: Record, source: SourceMapping, corpus: CorpusMapping, locator: Locator | None) -> Sheet | None:
    """The sheet of a record, None where it has neither title nor text."""
    cells = {name: text for name in _read(source, corpus) if (text := said(record.cells.get(name, "")))}
    title = " — ".join(dict.fromkeys(_one_line(cells[name]) for name in source.of(Role.TITLE) if name in cells))
    texts = [(name, cells[name]) for name in source.of(Role.TEXT) if name in cells]
    if not title and not texts:
        return None
    derived = not title
    title = title or _first_words(texts[0][1])
    texts = [(name, text) for name, text in texts if _one_line(text) != title]
    departements, territory = _place(cells, source, locator)
    date = next((cells[name] for name in source.of(Role.DATE) if name in cells and year_of(cells[name])), None)
    written = _Written(title)
    written.fields(cells, source)
    for name, text in texts:
        written.text(name, text, alone=len(texts) == 1)
    prose = sum(len(text) for _, text in texts)
    return Sheet(
        own_id=next((_one_line(cells[name]) for name in source.of(Role.ID) if name in cells), None),
        title=title,
        title_derived=derived,
        lines=tuple(written.lines),
        sections=tuple(written.sections_searched(prose < LITTLE_PROSE)),
        departements=departements,
        territory=territory,
        organisations=_names(cells, source.of(Role.ORGANISATION)),
        partners=_names(cells, source.of(Role.PARTNER)),
        theme=_theme(cells, source),
        fields=tuple(_own_fields(cells, source)),
        start_year=year_of(date) if date else None,
        start_text=_one_line(date) if date else None,
        contacts=tuple(_contacts(cells, source)),
        prose=prose,
    )


def _read(source: SourceMapping, corpus: CorpusMapping) -> list[str]:
    unread = {Role.LEFT_OUT} if corpus.show_contacts else {Role.LEFT_OUT, Role.CONTACT}
    return list(dict.fromkeys(name for role in Role if role not in unread for name in source.of(role)))


class _Written:
    """The lines of a sheet as they are written, and the sections among them."""

    def __init__(self, title: str) -> None:
        self.lines = [title]
        self.sections: list[Section] = []
        self.fields_end = 1
        self.keywords_start = 0  # the first line of keywords, which are the last of the fields

    def fields(self, cells: Mapping[str, str], source: SourceMapping) -> None:
        shown: set[str] = {*source.of(Role.TITLE)}
        texts = {*source.of(Role.TEXT)}
        for role in FIELDS:
            for name in source.of(role):
                if name in cells and name not in shown and name not in texts:
                    shown.add(name)
                    if role is Role.KEYWORD and not self.keywords_start:
                        self.keywords_start = len(self.lines) + 1
                    self.lines.append(f"{name}: {', '.join(parts_of(cells[name], None))}")
        self.fields_end = len(self.lines)
        self.lines += [f"{name}: {url_of(cells[name])}" for name in source.of(Role.URL) if name in cells]

    def text(self, name: str, text: str, alone: bool) -> None:
        heading = None if alone or name == "body" else name
        self.lines += ["", heading] if heading else [""]
        first = len(self.lines) + 1
        for line in BOLD_ITEM.sub(r"- \1", text).split("\n"):
            if found := HEADING.fullmatch(line):
                self._close(heading, first)
                heading = found[1].strip()
                line = heading
                first = len(self.lines) + 2
            self.lines.append(line)
        self._close(heading, first)

    def _close(self, heading: str | None, first: int) -> None:
        """A section from line `first` to the last written, without blank lines at either end."""
        last = len(self.lines)
        while first <= last and not self.lines[first - 1].strip():
            first += 1
        while last >= first and not self.lines[last - 1].strip():
            last -= 1
        if first <= last:
            self.sections.append(Section(heading, first, last))

    def sections_searched(self, with_fields: bool) -> list[Section]:
        if with_fields or not self.sections:
            return [Section(None, 1, self.fields_end), *self.sections]
        if self.keywords_start:  # words to find it by, however much prose there is
            return [Section(None, self.keywords_start, self.fields_end), *self.sections]
        return self.sections


def _place(
    cells: Mapping[str, str], source: SourceMapping, locator: Locator | None
) -> tuple[tuple[Departement, ...], str | None]:
    """Where it is: the départements that names tell, else codes, and the place in the record's own words."""
    values = [cells[name] for name in source.of(Role.PLACE) if name in cells]
    named = [value for value in values if not CODE.fullmatch(value.strip().upper())]
    found: tuple[Departement, ...] = ()
    if locator is not None:
        codes = (locator.of_code(value) for value in values if value not in named)
        found = next((one for one in chain(map(locator.of_name, named), codes) if one), ())
    known = {one.name.casefold() for one in found}
    words = [_one_line(value) for value in named if value.strip().casefold() not in known and len(value) <= 120]
    # A region says no more than its département does.
    fine = (word for word in words if locator is None or not locator.is_region(word))
    return found, next(fine if found else chain(fine, words), None)


def _names(cells: Mapping[str, str], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Names in cells, one or several in each; bare numbers are ids of another table."""
    parts = [
        part for name in columns if name in cells for part in parts_of(cells[name], ";" if ";" in cells[name] else None)
    ]
    return tuple(dict.fromkeys(part for part in parts if not re.fullmatch(r"[\d\s,;.]+", part)))


def _theme(cells: Mapping[str, str], source: SourceMapping) -> str | None:
    for name in source.of(Role.FACET):
        parts = parts_of(cells.get(name, ""), next((sign for sign in ";|" if sign in cells.get(name, "")), None))
        if parts and not parts[0].isdigit():
            return parts[0]
    return None


def _own_fields(cells: Mapping[str, str], source: SourceMapping) -> Iterator[OwnField]:
    """The classes beyond the first, which is the theme: what sheets can be filtered by."""
    for name in source.of(Role.FACET)[1:]:
        parts = parts_of(cells.get(name, ""), next((sign for sign in ";|" if sign in cells.get(name, "")), None))
        if values := tuple(dict.fromkeys(part for part in parts if len(part) <= LONGEST_CLASS)):
            yield OwnField(name, values)


def _contacts(cells: Mapping[str, str], source: SourceMapping) -> Iterator[Contact]:
    said_of = [_one_line(cells[name]) for name in source.of(Role.CONTACT) if name in cells]
    email = next((found[0] for text in said_of if (found := EMAIL.search(text))), None)
    phone = next((found[0] for text in said_of if (found := PHONE.search(text))), None)
    named = [text for text in said_of if not EMAIL.search(text) and not PHONE.search(text)]
    if said_of:
        yield Contact(name=" ".join(named) or None, role=None, email=email, phone=phone)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _first_words(text: str) -> str:
    line = HEADING.sub(r"\1", next(line for line in text.split("\n") if line.strip()))
    if len(line) <= LONGEST_DERIVED_TITLE:
        return line
    return line[:LONGEST_DERIVED_TITLE].rpartition(" ")[0].rstrip(" ,;:") + "…"
