"""The index: everything that searching needs, made in memory and kept in one folder.

manifest.json             what it was made from, counts, checksums
corpus.json               documents, initiatives, passages, explained acronyms, enrichment, thesaurus
lexical/                  BM25
dense/                    sentence vectors
multivector/              token states, for late interaction
document_embeddings.npz   one vector for each initiative, to find similar ones
questions.npz             what questions are centred on
thresholds.npz            scores below which nothing is relevant
expansion/                the editorial records and their expansions, where there are any
facts.npy                 the questions that facts answer
concepts/                 how well each concept of the thesaurus is said where
adaptation/               the encoder's upper layers trained for this corpus, where there are any
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus import Concept, Document, Enrichment, Initiative, Profile, bundled_profile
from corpus.text import encoder_form, normalise_text
from index.adaptation import Adaptation
from index.dense import DenseIndex, DocumentEmbeddings
from index.encoder import Encoded, Encoder
from index.encodings import EncodedTexts, Encodings
from index.errors import BadIndex
from index.expansion import ConceptScores, ExpansionIndex, expansions_of
from index.facts import FactIndex, wordings_of
from index.generations import current_generation, private_copy
from index.lexical import Acronym, Analyser, LexicalIndex, explained_acronyms
from index.multivector import MultiVectorIndex
from index.passages import EmbeddedText, Passage
from index.progress import Progress, Silence
from index.questions import QuestionCentre, sample_questions
from index.storage import (
    FORMAT,
    Generation,
    Manifest,
    checksums,
    generation_of,
    read_manifest,
    verify,
    write_manifest,
)
from index.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is searched, as values: corpus.json holds it."""

    documents: tuple[Document, ...]
    initiatives: tuple[Initiative, ...]
    passages: tuple[Passage, ...]  # those of one initiative follow each other, in the order of `initiatives`
    acronyms: tuple[Acronym, ...]
    enrichment: Enrichment
    thesaurus: tuple[Concept, ...]
    profile: Profile = field(default_factory=bundled_profile)


CONTENTS = TypeAdapter(Contents)

# The folders of the parts that are written as they are made.
MULTIVECTOR, EXPANSION = "multivector", "expansion"
CORPUS = "corpus.json"


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index, open. Row i of `lexical`, `dense` and `multivector` belongs to `contents.passages[i]`."""

    manifest: Manifest
    contents: Contents
    lexical: LexicalIndex
    dense: DenseIndex
    multivector: MultiVectorIndex
    document_embeddings: DocumentEmbeddings
    centre: QuestionCentre
    thresholds: Thresholds
    expansion: ExpansionIndex | None  # None where no initiative has a record
    facts: FactIndex  # empty where the enrichment has none
    concepts: ConceptScores
    adaptation: Adaptation | None  # None where the encoder was not adapted to this corpus
    owners: NDArray[np.int64]  # [passages], the row of each passage's initiative
    records_of_initiatives: NDArray[np.int64]  # [initiatives], the row of each one's record, -1 where it has none
    records: NDArray[np.int64]  # [passages], the row of the record of each passage's initiative, -1 without one
    adapted_rows: NDArray[np.int64]  # [passages], the row of each passage's initiative in the adaptation, or -1
    adapted_facts: NDArray[np.int64]  # [facts], the row of each fact in the adaptation, or -1
    generation: Generation | None = None  # None in one that is not on the disk

    @classmethod
    def of(
        cls,
        initiatives: Sequence[Initiative],
        passages: Sequence[Passage],
        encoder: Encoder,
        *,
        documents: Sequence[Document] = (),
        enrichment: Enrichment | None = None,
        thesaurus: Sequence[Concept] = (),
        profile: Profile | None = None,
        adaptation: Adaptation | None = None,
        sample: Sequence[str] | None = None,
        corpus_digest: str = "",
        progress: Progress | None = None,
        encodings: Encodings | None = None,
        folder: Path | None = None,
    ) -> "Index":
        """Make an index of one or more passages in the order of their initiatives.

        The profile is that of the documents of the project unless given. `sample` are questions about something else,
        the first half in the sheets' language and the other in English, instead of those of the profile or else those
        the project comes with. `corpus_digest` is what an index that is saved will be known by. What `encodings` of
        this encoder hold is not encoded again. With a `folder`, which is that for `save`, token states are written
        there as they come: memory does not hold them, however many there are.
        """
        profile = profile or bundled_profile()
        analyser = Analyser.open(profile.language)
        contents = Contents(
            documents=tuple(documents),
            initiatives=tuple(initiatives),
            passages=tuple(passages),
            acronyms=explained_acronyms((normalise_text(one.text).text for one in initiatives), analyser),
            enrichment=enrichment or Enrichment(),
            thesaurus=tuple(thesaurus),
            profile=profile,
        )
        asked = encoder.questions([encoder_form(text) for text in sample or profile.questions or sample_questions()])
        with ExitStack() as closing:
            kept = encodings or closing.enter_context(Encodings.temporary(encoder))
            parts = _Parts(contents, kept, analyser, progress or Silence(), folder, encoder.multi_vector)
            return parts.index(asked, adaptation, _manifest(contents, encoder, corpus_digest))

    @classmethod
    def open(cls, folder: Path, model_digest: str, private: bool = False) -> "Index":
        """Open an index for the model with this digest; large matrices stay on the disk, memory-mapped.

        Whoever serves for long wants a `private` copy of the files, which nobody can cut short under the mapping.

        Every file is read once, to compare its checksum. Raises BadIndex when there is none, when it was made with
        another model or by another version of the program, or when a file is missing, truncated or altered.
        """
        with ExitStack() as opening:
            files = generation = opening.enter_context(current_generation(folder))
            if private and generation.is_dir():
                files = opening.enter_context(private_copy(folder, generation, os.listdir(generation)))
            manifest = read_manifest(files)
            verify(files, manifest, model_digest)
            contents = CONTENTS.validate_json((files / CORPUS).read_bytes())
            owners, records_of_initiatives = _owners(contents), _records(contents)
            adaptation = Adaptation.open(files / "adaptation")
            return cls(
                manifest=manifest,
                contents=contents,
                lexical=LexicalIndex.open(files / "lexical", Analyser.open(contents.profile.language)),
                dense=DenseIndex.open(files / "dense"),
                multivector=MultiVectorIndex.open(files / MULTIVECTOR),
                document_embeddings=DocumentEmbeddings.open(files / "document_embeddings.npz"),
                centre=QuestionCentre.open(files / "questions.npz"),
                thresholds=Thresholds.open(files / "thresholds.npz"),
                expansion=ExpansionIndex.open(files / EXPANSION),
                facts=FactIndex.open(files / "facts.npy", contents.enrichment.facts, contents.initiatives),
                concepts=ConceptScores.open(files / "concepts"),
                adaptation=adaptation,
                owners=owners,
                records_of_initiatives=records_of_initiatives,
                records=records_of_initiatives[owners],
                adapted_rows=_adapted_rows(adaptation, contents, owners),
                generation=generation_of(generation, manifest),
                adapted_facts=_adapted_facts(adaptation, contents),
            )

    def save(self, folder: Path) -> Manifest:
        """Write all parts and at last the manifest, which is returned, into an empty folder."""
        (folder / CORPUS).write_bytes(CONTENTS.dump_json(self.contents))
        self.lexical.save(folder / "lexical")
        self.dense.save(folder / "dense")
        self.multivector.save(folder / MULTIVECTOR)
        self.document_embeddings.save(folder / "document_embeddings.npz")
        self.centre.save(folder / "questions.npz")
        self.thresholds.save(folder / "thresholds.npz")
        if self.expansion is not None:
            self.expansion.save(folder / EXPANSION)
        self.facts.save(folder / "facts.npy")
        self.concepts.save(folder / "concepts")
        if self.adaptation is not None:
            self.adaptation.save(folder / "adaptation")
        manifest = replace(self.manifest, files=checksums(folder))
        write_manifest(folder, manifest)
        return manifest

    def owner(self, passage: int) -> Initiative:
        """The initiative that a passage, by its row, is a piece of."""
        return self.contents.initiatives[int(self.owners[passage])]


@dataclass(frozen=True)
class _Parts:
    """Makes the parts of an index: those of passages first, then what is compared with them."""

    contents: Contents
    encodings: Encodings
    analyser: Analyser
    progress: Progress
    folder: Path | None  # for token states, which are held in memory without one
    multi_vector: bool  # of the encoder

    def index(self, asked: Sequence[Encoded], adaptation: Adaptation | None, manifest: Manifest) -> Index:
        """All of it; `asked` are the sample questions."""
        contents, centre = self.contents, QuestionCentre.of(asked, as_they_are=self.multi_vector)
        owners, records_of_initiatives = _owners(contents), _records(contents)
        records, adapted_rows = records_of_initiatives[owners], _adapted_rows(adaptation, contents, owners)
        texts = [one.text for one in self._embedded(owners)]
        self.progress.step("Encoding the passages", len(texts))
        encoded = self.encodings.passages(texts, self.progress.advance)
        multivector = self._multivector(encoded, owners)
        expansion = self._expansion(centre)
        of_records = None if expansion is None else expansion.records
        facts = self._facts(centre)
        thesaurus = contents.thesaurus
        concepts = ConceptScores.build(thesaurus, self.encodings, centre, multivector, of_records, self.progress)
        self.progress.step("Comparing the sample questions", 1)
        index = Index(
            manifest=replace(manifest, tokens=len(multivector.tokens)),
            contents=contents,
            lexical=LexicalIndex.build(texts, self.analyser),
            dense=DenseIndex.build(np.concatenate(list(encoded.vectors()))),
            multivector=multivector,
            document_embeddings=DocumentEmbeddings.build(multivector, owners, len(contents.initiatives)),
            centre=centre,
            thresholds=Thresholds.fit(
                asked,
                centre,
                multivector,
                expansion,
                records,
                adaptation,
                adapted_rows,
                owners,
                contents.profile.weights,
            ),
            expansion=expansion,
            facts=facts,
            concepts=concepts,
            adaptation=adaptation,
            owners=owners,
            records_of_initiatives=records_of_initiatives,
            records=records,
            adapted_rows=adapted_rows,
            adapted_facts=_adapted_facts(adaptation, contents),
        )
        self.progress.advance(1)
        return index

    def _embedded(self, owners: NDArray[np.int64]) -> Iterator[EmbeddedText]:
        """What the encoder reads of each passage, made when its turn comes: where its characters stand takes room."""
        initiatives = self.contents.initiatives
        for row, passage in zip(owners, self.contents.passages, strict=True):
            yield EmbeddedText.of(initiatives[row], passage)

    def _multivector(self, encoded: EncodedTexts, owners: NDArray[np.int64]) -> MultiVectorIndex:
        read = zip(self._embedded(owners), encoded.spans(), strict=True)
        spans = [text.source_spans(spans) for text, spans in read]
        folder = self.folder and self.folder / MULTIVECTOR
        return MultiVectorIndex.build(encoded, spans, folder, as_they_are=self.multi_vector)

    def _expansion(self, centre: QuestionCentre) -> ExpansionIndex | None:
        enrichment = self.contents.enrichment
        if not enrichment.records:
            return None
        texts = sum(1 + len(expansions_of(record)) for record in enrichment.records)
        self.progress.step("Encoding the editorial records", texts)
        folder = self.folder and self.folder / EXPANSION
        return ExpansionIndex.build(
            enrichment, self.encodings, centre, self.progress.advance, folder, as_they_are=self.multi_vector
        )

    def _facts(self, centre: QuestionCentre) -> FactIndex:
        facts = self.contents.enrichment.facts
        if facts:
            self.progress.step("Encoding the questions of facts", sum(len(wordings_of(fact)) for fact in facts))
        return FactIndex.build(facts, self.contents.initiatives, self.encodings, centre, self.progress.advance)


def read_contents(folder: Path) -> Contents | None:
    """What the index in `folder` was made of, None where there is none that this program can read."""
    with suppress(BadIndex, OSError, ValueError), current_generation(folder) as files:
        read_manifest(files)
        return CONTENTS.validate_json((files / CORPUS).read_bytes())
    return None


def _owners(contents: Contents) -> NDArray[np.int64]:
    """The row of each passage's initiative, int64 [passages]."""
    rows = {initiative.id: row for row, initiative in enumerate(contents.initiatives)}
    return np.array([rows[passage.initiative] for passage in contents.passages], np.int64)


def _records(contents: Contents) -> NDArray[np.int64]:
    """The row of each initiative's editorial record, -1 where it has none, int64 [initiatives]."""
    rows = {record.initiative: row for row, record in enumerate(contents.enrichment.records)}
    found = [contents.enrichment.of(one.id, one.same_as) for one in contents.initiatives]
    return np.array([-1 if record is None else rows[record.initiative] for record in found], np.int64)


def _adapted_rows(adaptation: Adaptation | None, contents: Contents, owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of each passage's initiative in the adaptation, -1 where it has none, int64 [passages]."""
    if adaptation is None:
        return np.full(len(owners), -1)
    return np.asarray(adaptation.rows_of(contents.initiatives)[owners], np.int64)


def _adapted_facts(adaptation: Adaptation | None, contents: Contents) -> NDArray[np.int64]:
    facts = contents.enrichment.facts
    return adaptation.rows_of_facts(facts) if adaptation else np.full(len(facts), -1, np.int64)


def _manifest(contents: Contents, encoder: Encoder, corpus_digest: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        encoder=encoder.name,
        model=encoder.digest,
        corpus=corpus_digest,
        texts=texts_digest(contents.documents),
        documents=len(contents.documents),
        initiatives=len(contents.initiatives),
        passages=len(contents.passages),
        records=len(contents.enrichment.records),
        facts=len(contents.enrichment.facts),
        tokens=0,
        files={},
    )


def texts_digest(documents: Sequence[Document]) -> str:
    """The sha256 of the lines of documents: it stays the same when a reader makes something else of them."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update("\n".join(document.lines).encode() + b"\0")
    return digest.hexdigest()
