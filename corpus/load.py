"""Loading: from a folder of documents, described by its `documents.toml`, to a corpus."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date as calendar_date
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from corpus.corrections import corrected, read_corrections
from corpus.deduplicate import link_duplicates, link_named
from corpus.enrichment import Enrichment
from corpus.errors import BadDocument
from corpus.importing import import_corpus, is_brought, read_mapping
from corpus.model import Corpus, Departement, Document, Initiative
from corpus.places import Gazetteer
from corpus.profile import PROFILE, BadProfile, Profile, read_profile, thesaurus_file
from corpus.readers import readers
from corpus.text import readable_line, slug, split_lines
from corpus.thesaurus import Concept, load_thesaurus
from corpus.toml import read_toml

LIST_NAME = "documents.toml"
# Every key a table of documents.toml must have, and may have.
KEYS = tuple(field.name for field in fields(Document) if field.name not in ("id", "lines"))

# Long enough to tell the titles of one document apart, short enough to be read aloud from a URL.
TITLE_LENGTH = 60  # characters
# A third code would say "many places" no better than two do.
CODES = 2  # départements
# 24 bits: only initiatives that already share document, title and place are told apart by it.
SUFFIX_LENGTH = 6  # hexadecimal digits


def load_corpus(folder: Path, gazetteer: Gazetteer | None = None) -> Corpus:
    """Read every document that `folder`/documents.toml describes, or a folder that a corpus.toml describes.

    What several documents tell of one initiative is linked where the profile says so, which is that of the documents
    of the project alone; elsewhere `recueil duplicates` proposes it. The gazetteer is that of the profile, unless one
    that is open is given.

    What corrections.toml mends is mended, whatever describes the folder (`corpus.corrections`).

    Raises BadDocument, with file and line, for a list, a text or a correction that cannot be used, for a layout that a
    reader does not understand, and for a text in which it finds nothing.
    """
    profile = profile_of(folder)
    gazetteer = gazetteer or Gazetteer.open(profile.places)
    if is_brought(folder):
        brought = import_corpus(folder, gazetteer).corpus
        return Corpus(brought.documents, link_named(brought.initiatives, profile.same), profile)
    documents = load_documents(folder)
    read = corrected(
        [draft for document in documents for draft in _read(document, gazetteer)],
        read_corrections(folder, gazetteer),
    )
    if profile.linking == "silent":
        drafts = link_duplicates(read, profile.weights.min_similarity.value)
    else:
        drafts = link_named(read, profile.same)
    by_id = {document.id: document for document in documents}
    return Corpus(documents, tuple(_as_printed(one, by_id[one.source.document]) for one in drafts), profile)


def profile_of(folder: Path) -> Profile:
    """The profile of a folder of documents; what is known of places says corpus.toml where there is one.

    Raises BadProfile for a profile that cannot be used or that says again what corpus.toml says, and BadDocument for
    that file.
    """
    profile = read_profile(folder)
    if not is_brought(folder):
        return profile
    mapping = read_mapping(folder)
    if profile.places not in ("none", mapping.places):
        what = f"profile.toml and corpus.toml disagree: places are '{profile.places}' and '{mapping.places}'"
        raise BadProfile(what, str(folder / PROFILE), "Say it in corpus.toml alone.")
    return replace(profile, places="france" if mapping.places == "france" else "none")


def read_document(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """The initiatives of one document, in its order, by the reader that its description asks for.

    Raises BadDocument as `load_corpus` does.
    """
    return [_as_printed(one, document) for one in _read(document, gazetteer)]


def _as_printed(initiative: Initiative, document: Document) -> Initiative:
    return replace(initiative, text=document.text(initiative.source.start_line, initiative.source.end_line))


def _read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """Read the lines in the form in which they are read, whatever wrote them; the texts are in that form too."""
    readable = replace(document, lines=tuple(map(readable_line, document.lines)))
    initiatives = with_ids(document.id, readers()[document.reader](readable, gazetteer))
    if not initiatives:
        raise BadDocument(
            f"The reader '{document.reader}' finds no initiative",
            f"{document.file}:1",
            "Choose the reader that fits the layout, or write one in corpus/readers.",
        )
    return initiatives


def thesaurus_of(profile: Profile, folder: Path) -> tuple[Concept, ...]:
    """The concepts of a profile's thesaurus, none where it has none. Raises BadProfile or BadThesaurus."""
    path = thesaurus_file(profile, folder)
    return load_thesaurus(path) if path is not None else ()


_ALL_THAT_IS_READ = TypeAdapter(
    tuple[tuple[Document, ...], tuple[Initiative, ...], Profile, Enrichment, tuple[Concept, ...]]
)


def digest_of(corpus: Corpus, enrichment: Enrichment, thesaurus: tuple[Concept, ...]) -> str:
    """The sha256, in hexadecimal, of all that is read.

    It changes with a document, a record or a concept, with the profile, and with what a reader makes of a document.
    """
    read = (corpus.documents, corpus.initiatives, corpus.profile, enrichment, thesaurus)
    return sha256(_ALL_THAT_IS_READ.dump_json(read)).hexdigest()


def initiative_id(document_id: str, title: str, departements: Sequence[Departement]) -> str:
    """Name an initiative, as in "recueil-2018-la-plateforme-job-41-41"; two initiatives may still share the name."""
    codes = (departement.code.lower() for departement in departements[:CODES])
    return "-".join(part for part in (document_id, slug(title, TITLE_LENGTH), *codes) if part)


def with_ids(document_id: str, drafts: Iterable[Initiative]) -> list[Initiative]:
    """Give each initiative of one document its id, whatever id it had; the order is kept.

    Those that would share an id all receive a suffix drawn from their text. Raises BadDocument when that does not tell
    them apart: the document holds the same text twice.
    """
    drafts = list(drafts)
    names = [initiative_id(document_id, draft.title, draft.departements) for draft in drafts]
    shared = Counter(names)
    named = [
        replace(draft, id=name if shared[name] == 1 else f"{name}-{_digest(draft.text)}")
        for draft, name in zip(drafts, names, strict=True)
    ]
    seen: dict[str, Initiative] = {}
    for initiative in named:
        if initiative.id in seen:
            first, line = seen[initiative.id].source.start_line, initiative.source.start_line
            raise BadDocument(
                f"the initiative of line {first} is repeated word for word: {initiative.title!r}",
                f"{document_id}:{line}",
                "Remove one of the two from the text.",
            )
        seen[initiative.id] = initiative
    return named


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:SUFFIX_LENGTH]


def load_documents(folder: Path) -> tuple[Document, ...]:
    """The documents that `documents.toml` describes, in order of their ids.

    Raises BadDocument, with file and line, when the list or a text cannot be used, and when the folder
    holds a .txt file that the list does not mention. Of a folder with a corpus.toml, as `load_corpus` reads it.
    """
    if is_brought(folder):
        return load_corpus(folder).documents
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


def _read_list(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise BadDocument(
            "The list of documents is missing", str(path), "Write one table for each text; see corpus/documents."
        )
    _, tables = read_toml(path, "The list of documents")
    if not tables:
        raise BadDocument("The list of documents is empty", str(path), "Describe at least one text.")
    return tables


def _place_in_list(path: Path, document_id: str) -> str:
    lines = split_lines(path.read_text(encoding="utf-8-sig"))
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
    if table["reader"] not in readers():
        raise BadDocument(
            f"'{document_id}' asks for the unknown reader '{table['reader']}'", where, f"Choose {', '.join(readers())}."
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
    return Document(id=document_id, lines=split_lines(_read_text(folder / table["file"])), **table)


def _read_text(path: Path) -> str:
    try:
        octets = path.read_bytes()
    except OSError as error:
        raise BadDocument(f"The text cannot be read: {error.strerror}", str(path), "Make it a readable file.") from None
    try:
        text = octets.decode("utf-8-sig")
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
