"""What a corpus is made of: documents, the initiatives they describe, and what is said of each.

    Corpus ─┬─ Document                                                     the texts as they lie on disk
            └─ Initiative ─── Source, Section, Departement, Contact         what they describe

Lines are counted from 1 as in an editor, and the last line of a stretch is part of it.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from corpus.profile import Profile, bundled_profile


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def written(self, start_line: int, end_line: int) -> tuple[int, int]:
        """The same stretch without the blank lines at either end; the last line comes before the first if all are."""
        while start_line <= end_line and not self.lines[start_line - 1].strip():
            start_line += 1
        while end_line >= start_line and not self.lines[end_line - 1].strip():
            end_line -= 1
        return start_line, end_line


class Kind(StrEnum):
    """What sort of description a document gives of the initiative."""

    SHEET = "sheet"  # a full sheet with header fields
    NOTE = "note"  # a short paragraph under "Autres démarches"
    EXPERIMENT = "experiment"  # an experiment selected in a call
    CHALLENGE = "challenge"  # a problem a team proposes to work on
    WINNER = "winner"  # a project that won a call


@dataclass(frozen=True, slots=True)
class Departement:
    """A département by its INSEE code ("01" … "976", "2A", "2B"; "69M" is the Métropole de Lyon) and official name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an initiative stands: lines are 1-based and inclusive."""

    document: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an initiative's prose: what may be indexed and quoted.

    Titles, header fields, contacts, running headers and boilerplate belong to no section.
    """

    heading: str | None  # as printed ("DESCRIPTION DE L'ACTION"), None for prose without a heading
    start_line: int  # 1-based in the document, the heading's own line left out
    end_line: int  # inclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A professional contact as printed; never embedded, logged or shown where nobody asked for it."""

    name: str | None
    role: str | None
    email: str | None  # as printed, damaged or not
    phone: str | None
    email_damaged: bool = False  # the printed address cannot be right (a space inside, no domain, a misspelt domain…)


@dataclass(frozen=True, slots=True)
class OwnField:
    """A column of a brought corpus that classes its sheets, to filter by."""

    name: Annotated[str, Field(description="As the column is called.")]
    values: Annotated[tuple[str, ...], Field(description="None twice.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A field of a sheet that says something else than its source, because that is wrong (`corpus.corrections`)."""

    field: str  # of the initiative. Example: "start_year"
    said: str  # what the source says, as people read it; "" where it says nothing, and for contacts
    why: str
    since: str  # ISO 8601, the day of the correction


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """What one document says of one initiative."""

    id: str  # stable: made from the document's id, the title and the place, never from a position
    kind: Kind
    title: str
    title_derived: bool  # True when the document prints no title and ours is taken from the text
    source: Source
    text: str  # exactly the source lines start_line..end_line, joined by "\n"
    sections: tuple[Section, ...]  # in the order of the text, without overlap
    chapter: str | None = None
    theme: str | None = None  # the true section of the document, None where it has none
    departements: tuple[Departement, ...] = ()  # where the initiative takes place
    cited_departements: tuple[Departement, ...] = ()  # merely named in the text, as doing the same for instance
    territory: str | None = None  # the place in the document's own words when finer or wider than a département
    lead_organisations: tuple[str, ...] = ()  # those that run it (French "porteur"), as printed
    partners: tuple[str, ...] = ()
    start_year: int | None = None
    start_text: str | None = None  # the date as printed ("Depuis 2009. 14 unités implantées")
    status: str | None = None
    contacts: tuple[Contact, ...] = ()
    fields: tuple[OwnField, ...] = ()  # classes of its own corpus beyond the theme, none twice
    also_titled: tuple[str, ...] = ()  # other titles the document gives it
    same_as: tuple[str, ...] = ()  # ids of the same real-world initiative elsewhere, sorted
    # Left out of what is written where there is none: a corpus without corrections comes to the same digest as ever.
    corrections: Annotated[tuple[Correction, ...], Field(exclude_if=operator.not_)] = ()  # by field

    @property
    def cluster(self) -> str:
        """What names the real-world initiative: the first id of those that tell of it."""
        return min((self.id, *self.same_as))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in the order of their ids, their initiatives in the order of the texts, and what is fitted to them."""

    documents: tuple[Document, ...]
    initiatives: tuple[Initiative, ...]
    profile: Profile = field(default_factory=bundled_profile)
    by_id: Mapping[str, Initiative] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {initiative.id: initiative for initiative in self.initiatives}
        object.__setattr__(self, "by_id", MappingProxyType(by_id))
