"""The enrichment of a corpus: what the project adds beside the sheets, in everyday words and in two languages.

An editorial record may mislead. It helps people find a sheet and choose it; it is never a source of an answer. A folder
holds `vocabulary.json`, the publics and topics that records use, and one JSON Lines file for each document, named after
its id; `facts`, which answer ahead what people may ask, lie below it:

    corpus/editorial/vocabulary.json
    corpus/editorial/recueil-2018.jsonl
    corpus/editorial/facts/recueil-2018.jsonl
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.bilingual import Author, Bilingual
from corpus.errors import BadEnrichment
from corpus.facts import FACTS, Fact, load_facts
from corpus.jsonl import add_lines, initiative_of, numbered_lines, read_as, read_text
from corpus.model import Corpus
from corpus.needs import NEEDS, Need, load_needs
from corpus.situations import SITUATIONS, Situations, load_elsewhere, load_situations

VOCABULARY = "vocabulary.json"
# The records of the documents that the project comes with.
EDITORIAL_FOLDER = Path(__file__).with_name("editorial")


@dataclass(frozen=True, slots=True)
class Expansions:
    """Ways people would ask for an initiative (doc2query): questions, keywords, everyday and professional wording."""

    fr: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorialRecord:
    """What the project says of one real-world initiative, however many documents describe it."""

    initiative: str  # id of one initiative of its cluster; the record holds for all of them
    author: Author
    date: str  # ISO 8601, when it was written or last mended
    title_en: str
    summary: Bilingual
    publics: tuple[str, ...]  # keys of the vocabulary: whom it is for
    topics: tuple[str, ...]  # keys of the vocabulary: what it is about
    expansions: Expansions


@dataclass(frozen=True)
class Vocabulary:
    """The publics and topics that records may name, each key with its labels."""

    publics: Mapping[str, Bilingual] = field(default_factory=dict)
    topics: Mapping[str, Bilingual] = field(default_factory=dict)


@dataclass(frozen=True)
class Enrichment:
    """The records of a corpus, at most one for each real-world initiative, and its facts; it may have neither."""

    records: tuple[EditorialRecord, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    facts: tuple[Fact, ...] = ()  # in the order of the initiatives they stand under
    situations: tuple[Situations, ...] = ()
    needs: tuple[Need, ...] = ()
    elsewhere: tuple[str, ...] = ()  # texts about what no initiative is about

    def of(self, initiative: str, same_as: tuple[str, ...] = ()) -> EditorialRecord | None:
        """The record of an initiative, given its id and those of the same cluster; None where there is none."""
        return next((self._by_id[id] for id in (initiative, *same_as) if id in self._by_id), None)

    @cached_property
    def _by_id(self) -> dict[str, EditorialRecord]:
        return {record.initiative: record for record in self.records}


_RECORD = TypeAdapter(EditorialRecord)
_VOCABULARY = TypeAdapter(Vocabulary)


def load_enrichment(folder: Path, corpus: Corpus) -> Enrichment:
    """Read the enrichment of a corpus; without the folder there is an empty one.

    Raises BadEnrichment, with file and line, for what is no record, for an initiative or a key of the vocabulary that
    is not known, for a record in the file of another document, and for a second record of one initiative; of facts, as
    `load_facts` does.
    """
    if not folder.is_dir():
        return Enrichment()
    vocabulary = read_vocabulary(folder / VOCABULARY)
    records: dict[str, EditorialRecord] = {}
    for path, where, line in numbered_lines(folder):
        record = read_record(line, where)
        _check_keys(record, vocabulary, where)
        initiative = initiative_of(record.initiative, path, corpus, where)
        if twice := records.keys() & {initiative.id, *initiative.same_as}:
            raise BadEnrichment(
                f"'{initiative.id}' has a record already, under '{min(twice)}'",
                where,
                "Keep one record for each real-world initiative, however many documents tell of it.",
            )
        records[initiative.id] = record
    in_order = tuple(records[one.id] for one in corpus.initiatives if one.id in records)
    return Enrichment(
        records=in_order,
        vocabulary=vocabulary,
        facts=load_facts(folder / FACTS, corpus),
        situations=load_situations(folder / SITUATIONS, corpus),
        needs=load_needs(folder / NEEDS, corpus),
        elsewhere=load_elsewhere(folder),
    )


def write_record(folder: Path, corpus: Corpus, record: EditorialRecord) -> None:
    """Add a record to the file of its document, in the order of the corpus; the file is whole at any moment."""
    add_lines(folder, corpus, record.initiative, [record_as_json(record)])


def read_record(text: str, where: str) -> EditorialRecord:
    """A record from its line of JSON. Raises BadEnrichment, naming `where`, for another shape."""
    record = read_as(_RECORD, text, where, "This is no editorial record")
    if record_as_json(record) != json.loads(text):
        raise BadEnrichment("This editorial record has keys that nobody reads", where, "Take them out of that line.")
    return record


def record_as_json(record: EditorialRecord) -> dict[str, Any]:
    """A record as JSON has it."""
    return dict(_RECORD.dump_python(record, mode="json"))


def read_vocabulary(path: Path) -> Vocabulary:
    """Read publics and topics with their labels. Raises BadEnrichment for a file that cannot be used."""
    try:
        return _VOCABULARY.validate_json(read_text(path))
    except ValidationError as error:
        raise BadEnrichment(
            f"This is no vocabulary of publics and topics: {error.errors()[0]['msg']}",
            str(path),
            'Write {"publics": {"jeunes": {"fr": "Jeunes", "en": "Young people"}}, "topics": {…}}.',
        ) from None


def _check_keys(record: EditorialRecord, vocabulary: Vocabulary, where: str) -> None:
    for name, keys, known in (
        ("public", record.publics, vocabulary.publics),
        ("topic", record.topics, vocabulary.topics),
    ):
        if stray := sorted(set(keys) - known.keys()):
            raise BadEnrichment(
                f"There is no {name} '{stray[0]}'", where, f"Choose keys of {VOCABULARY}, or add it there."
            )
