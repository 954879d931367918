"""The whole collection as rows for other people's programs: what each column holds, and the files that are made of it.

A column is told once, in the terms of Table Schema and in French, as schema.data.gouv.fr lists such schemas; the files
are held to it. Contact data is printed for whoever reads a sheet, not to be gathered: it is left out, in the prose
too, unless whoever runs the service has it exported.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice

from corpus import Document, Initiative, Kind
from corpus.places import Gazetteer
from corpus.text import EMAIL, PHONE, spreadsheet_cell
from search import RecordView, first_words
from web.exports import contact_in_words

Value = str | int | bool | list[str] | None
Row = dict[str, Value]

IN_BATCH = 100  # rows that are written before any of them is sent
LONGEST_NAME, LONGEST_DESCRIPTION = 150, 2_000  # characters, of data·inclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A sheet, and what else its row is made of."""

    initiative: Initiative
    document: Document
    record: RecordView | None
    gazetteer: Gazetteer
    url: str  # of its page

    @property
    def prose(self) -> str:
        """What the sheet tells, with its headings, and without header fields, contacts and boilerplate."""
        parts = (
            part
            for section in self.initiative.sections
            for part in (section.heading, self.document.text(section.start_line, section.end_line))
        )
        return PHONE.sub("", EMAIL.sub("", "\n".join(part for part in parts if part)))

    @property
    def regions(self) -> list[str]:
        """The regions of today in which it takes place."""
        found = map(self.gazetteer.region_of, self.initiative.departements)
        return list(dict.fromkeys(region.name for region in found))

    @property
    def contacts(self) -> list[str]:
        """Whom to write to, each on one line."""
        return [contact_in_words(one) for one in self.initiative.contacts]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in Table Schema, what it means and an example, in French, and how it is filled."""

    name: str
    type: str
    title: str
    description: str
    example: str
    value: Callable[[Exported], Value]
    constraints: Mapping[str, object] | None = None


REQUIRED = {"required": True}
COLUMNS = (
    Column("id", "string", "Identifiant", "Identifiant stable de la fiche.", "atlas-le-bus-01",
           lambda of: of.initiative.id, {"required": True, "unique": True}),
    Column("title", "string", "Titre", "Titre tel qu’imprimé.", "Le bus des villages",
           lambda of: of.initiative.title, REQUIRED),
    Column("title_derived", "boolean", "Titre déduit", "Vrai si le document n’imprime aucun titre.",
           "false", lambda of: of.initiative.title_derived, REQUIRED),
    Column("also_titled", "array", "Autres titres", "Autres titres que le document lui donne.", '["Le car"]',
           lambda of: list(of.initiative.also_titled)),
    Column("kind", "string", "Nature", "Sorte de description que donne le document.", "sheet",
           lambda of: of.initiative.kind.value, {"required": True, "enum": [kind.value for kind in Kind]}),
    Column("url", "string", "Page", "Adresse de la page de la fiche.", "https://recueil.example/sheet/atlas-le-bus-01",
           lambda of: of.url, REQUIRED),
    Column("departement_codes", "array", "Codes des départements", "Codes INSEE des départements où elle a lieu.",
           '["01"]', lambda of: [one.code for one in of.initiative.departements]),
    Column("departements", "array", "Départements", "Noms officiels de ces départements, dans le même ordre.",
           '["Ain"]', lambda of: [one.name for one in of.initiative.departements]),
    Column("regions", "array", "Régions", "Régions actuelles de ces départements.", '["Auvergne-Rhône-Alpes"]',
           lambda of: of.regions),
    Column("territory", "string", "Territoire", "Le lieu dans les mots du document, plus fin ou plus large.",
           "Pays de Bourg", lambda of: of.initiative.territory),
    Column("carriers", "array", "Porteurs", "Qui la porte, tel qu’imprimé.", '["Département de l’Ain"]',
           lambda of: list(of.initiative.lead_organisations)),
    Column("partners", "array", "Partenaires", "Qui y participe, tel qu’imprimé.", '["La ville"]',
           lambda of: list(of.initiative.partners)),
    Column("start_year", "integer", "Année de début", "Année de début ; vide si la fiche ne la dit pas.", "2016",
           lambda of: of.initiative.start_year, {"minimum": 1, "maximum": 9999}),
    Column("start_text", "string", "Début", "Le début tel qu’imprimé.", "Depuis 2016",
           lambda of: of.initiative.start_text),
    Column("status", "string", "État", "Où elle en est, tel qu’imprimé.", "en cours", lambda of: of.initiative.status),
    Column("theme", "string", "Thème", "Thème sous lequel le document la range.", "Transports",
           lambda of: of.initiative.theme),
    Column("chapter", "string", "Chapitre", "Chapitre du document.", "Mobilité", lambda of: of.initiative.chapter),
    Column("fields", "array", "Autres classements", "Colonnes propres au recueil, comme les prend le filtre `field`.",
           '["niveau:facile"]', lambda of: [f"{own.name}:{one}" for own in of.initiative.fields for one in own.values]),
    Column("publics", "array", "Publics", "Publics, selon le projet : clés du filtre `public`.", '["jeunes"]',
           lambda of: [one.key for one in of.record.publics] if of.record else []),
    Column("topics", "array", "Sujets", "Sujets, selon le projet : clés du filtre `topic`.", '["mobilite"]',
           lambda of: [one.key for one in of.record.topics] if of.record else []),
    Column("summary", "string", "Résumé", "Résumé du projet, pour choisir : ce n’est pas une source.",
           "Un bus amène le médecin dans les villages.", lambda of: of.record.summary if of.record else None),
    Column("text", "string", "Texte", "Ce que dit la fiche, sans courriels ni numéros de téléphone.",
           "Un bus amène le médecin dans les villages isolés.", lambda of: of.prose or None),
    Column("same_as", "array", "Mêmes initiatives", "Ses fiches dans d’autres documents.",
           '["guide-le-bus-01"]', lambda of: list(of.initiative.same_as)),
    Column("document", "string", "Document", "Identifiant du document.", "atlas",
           lambda of: of.document.id, REQUIRED),
    Column("document_title", "string", "Titre du document", "Titre du document.", "L’atlas des initiatives",
           lambda of: of.document.title, REQUIRED),
    Column("publisher", "string", "Éditeur", "Qui a publié le document.", "Une administration",
           lambda of: of.document.publisher or None),
    Column("document_date", "string", "Date du document", "Date de publication, ISO 8601, aussi précise que connue.",
           "2018-10", lambda of: of.document.date or None, {"pattern": r"\d{4}(-\d{2}(-\d{2})?)?"}),
    Column("licence", "string", "Licence", "Licence du document ; vide s’il n’en dit rien.", "Licence Ouverte 2.0",
           lambda of: None if of.document.licence == "not stated" else of.document.licence),
    Column("start_line", "integer", "Première ligne", "Première ligne de la fiche, à partir de 1.", "3",
           lambda of: of.initiative.source.start_line, {"required": True, "minimum": 1}),
    Column("end_line", "integer", "Dernière ligne", "Dernière ligne de la fiche, incluse.", "4",
           lambda of: of.initiative.source.end_line, {"required": True, "minimum": 1}),
)  # fmt: skip
CONTACTS = Column(
    "contacts", "array", "Contacts", "À qui écrire, tel qu’imprimé.", '["Direction, 04 00 00 00 00"]',
    lambda of: of.contacts,
)  # fmt: skip


def columns(with_contacts: bool) -> tuple[Column, ...]:
    """The columns of every file."""
    return (*COLUMNS, CONTACTS) if with_contacts else COLUMNS


def row_of(sheet: Exported, told: Sequence[Column]) -> Row:
    """A sheet as a row."""
    return {column.name: column.value(sheet) for column in told}


def table_schema(told: Sequence[Column], address: str, version: str) -> dict[str, object]:
    """What the columns mean, as Table Schema says it, under the address from which it is served."""
    return {
        "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
        "name": "fiches-d-initiatives",
        "title": "Fiches d’initiatives publiques",
        "description": "Une fiche par ligne : ce qu’un document dit d’une initiative publique. Les listes sont des "
        "tableaux JSON.",
        "path": address,
        "version": version,
        "encoding": "utf-8",
        "missingValues": [""],
        "primaryKey": "id",
        "fields": [
            {
                "name": column.name,
                "title": column.title,
                "description": column.description,
                "type": column.type,
                "example": column.example,
                "constraints": dict(column.constraints or {}),
            }
            for column in told
        ],
    }


# --- files ---


def json_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """One JSON object on each line, in batches."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return iter(lambda: "".join(islice(lines, IN_BATCH)), "")


def csv_lines(rows: Iterable[Row], told: Sequence[Column]) -> Iterator[str]:
    """Commas, UTF-8, and a first line with the names of the columns, in batches."""
    rows = iter(rows)
    head: Iterable[Sequence[Value]] = [[column.name for column in told]]
    while batch := list(chain(head, (list(row.values()) for row in islice(rows, IN_BATCH)))):
        head, written = [], io.StringIO()
        csv.writer(written).writerows([[_cell(value) for value in row] for row in batch])
        yield written.getvalue()


def _cell(value: Value) -> str:
    """A value as Table Schema reads it again; a text that an office suite would calculate has an apostrophe before."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return json.dumps(value, ensure_ascii=False)
    return spreadsheet_cell(str(value))


def parquet(rows: Sequence[Row], told: Sequence[Column]) -> bytes:
    """A Parquet file, whose lists are lists."""
    from arro3.core import Array, DataType, Field, Table, list_array
    from arro3.io import write_parquet

    types = {"string": DataType.string(), "integer": DataType.int32(), "boolean": DataType.bool()}
    lists = DataType.list(Field("item", DataType.string(), nullable=True))
    arrays = []
    for column in told:
        values = [row[column.name] for row in rows]
        if column.type == "array":
            each = [value for value in values if isinstance(value, list)]
            ends = Array([0, *accumulate(map(len, each))], type=DataType.int32())
            texts = Array(list(chain.from_iterable(each)), type=DataType.string())
            arrays.append(list_array(ends, texts, type=lists))
        else:
            arrays.append(Array(values, type=types[column.type]))
    written = io.BytesIO()
    table = Table.from_arrays(arrays, names=[column.name for column in told])
    write_parquet(table, written, compression="zstd(3)")
    return written.getvalue()


# --- data·inclusion ---


def service_of(sheet: Exported, with_contacts: bool) -> dict[str, object]:
    """A sheet as data·inclusion tells of a service, in those of its fields for which the sheet has a value.

    Sheets tell of initiatives and not of services that one can go to: no structure, theme, public, fee or address of
    its vocabularies is made up, nor the day of a date that is known to the month.
    """
    initiative = sheet.initiative
    told: dict[str, object] = {
        "source": "recueil",
        "id": initiative.id,
        "nom": _beginning(initiative.title.rstrip(". "), LONGEST_NAME),
        "description": _beginning(sheet.prose, LONGEST_DESCRIPTION),
        "lien_source": sheet.url,
        "date_maj": sheet.document.date if len(sheet.document.date) == len("2018-10-31") else None,
        "zone_eligibilite": [one.code for one in initiative.departements],
    }
    if with_contacts and len(initiative.contacts) == 1:
        (contact,) = initiative.contacts
        told |= {
            "contact_nom_prenom": contact.name,
            "telephone": contact.phone,
            "courriel": None if contact.email_damaged else contact.email,
        }
    return {name: value for name, value in told.items() if value}


def _beginning(text: str, most: int) -> str:
    """As many whole words as there is room for, and "…" where that is not all of them."""
    if len(text) <= most:
        return text
    start, end = first_words(text, 0, len(text), most - 1)
    return f"{text[start:end].rstrip()}…"
