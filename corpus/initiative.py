"""An initiative: what one sheet, note, challenge, experiment or winning project describes."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.contact import Contact


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


@dataclass(frozen=True, slots=True)
class Initiative:
    """What one document says of one initiative."""

    id: str  # stable: made from the document's id, the title and the place, never from a position
    kind: Kind
    title: str
    title_derived: bool  # True when the document prints no title and ours is taken from the text
    source: Source
    text: str  # exactly the source lines start_line..end_line, joined by "\n"
    sections: tuple[Section, ...]  # in the order of the text, without overlap
    chapter: str | None
    theme: str | None  # the true section of the document, None where it has none
    departements: tuple[Departement, ...]  # where the initiative takes place
    cited_departements: tuple[Departement, ...]  # merely named in the text, as doing the same for instance
    territory: str | None  # the place in the document's own words when finer or wider than a département
    carriers: tuple[str, ...]
    partners: tuple[str, ...]
    start_year: int | None
    start_text: str | None  # the date as printed ("Depuis 2009. 14 unités implantées")
    status: str | None
    contacts: tuple[Contact, ...]
    also_titled: tuple[str, ...] = ()  # other titles the document gives it
    same_as: tuple[str, ...] = ()  # ids of the same real-world initiative elsewhere, sorted
