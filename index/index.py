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
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus import Concept, Document, Enrichment, Initiative, Profile, bundled_profile
from corpus.text import encoder_form, normalise_text
from index.adaptation import Adaptation
from index.dense import DenseIndex, DocumentEmbeddings
from index.encoder import Encoder
from index.expansion import ConceptScores, ExpansionIndex
from index.facts import FactIndex
from index.generations import current_generation, private_copy
from index.lexical import Acronym, Analyser, LexicalIndex, explained_acronyms
from index.multivector import MultiVectorIndex
from index.passages import EmbeddedText, Passage
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


class Progress(Protocol):
    """What a build or a training reports its progress to."""

    def step(self, label: str, total: int) -> None:
        """A step begins, of `total` parts."""

    def advance(self, parts: int) -> None:
        """So many more parts of the step are done."""

    def note(self, text: str) -> None:
        """Something that whoever waits for it should read."""


class Silence:
    """A `Progress` that shows nothing."""

    def step(self, label: str, total: int) -> None:
        """Do nothing."""

    def advance(self, parts: int) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""


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
    ) -> "Index":
        """Make an index in memory, of one or more passages in the order of their initiatives.

        The profile is that of the documents of the project unless given. `sample` are questions about something else,
        the first half in the sheets' language and the other in English, instead of those of the profile or else those
        the project comes with. `corpus_digest` is what an index that is saved will be known by.
        """
        progress, profile = progress or Silence(), profile or bundled_profile()
        analyser = Analyser.open(profile.language)
        contents = Contents(
            documents=tuple(documents),
            initiatives=tuple(initiatives),
            passages=tuple(passages),
            acronyms=explained_acronyms((normalise_text(initiative.text).text for initiative in initiatives), analyser),
            enrichment=enrichment or Enrichment(),
            thesaurus=tuple(thesaurus),
            profile=profile,
        )
        owners, records_of_initiatives = _owners(contents), _records(contents)
        texts = [EmbeddedText.of(initiatives[row], passage) for row, passage in zip(owners, passages, strict=True)]
        progress.step("Encoding the passages", len(texts))
        encoded = encoder.passages([text.text for text in texts], progress.advance)
        spans = [text.source_spans(one.spans) for text, one in zip(texts, encoded, strict=True)]
        multivector = MultiVectorIndex.build(encoded, spans, as_they_are=encoder.multi_vector)
        asked = encoder.questions([encoder_form(text) for text in sample or profile.questions or sample_questions()])
        centre = QuestionCentre.of(asked, as_they_are=encoder.multi_vector)
        expansion = None
        if contents.enrichment.records:
            progress.step("Encoding the editorial records", len(contents.enrichment.records))
            expansion = ExpansionIndex.build(contents.enrichment, encoder, centre, progress.advance)
        if contents.enrichment.facts:
            progress.step("Encoding the questions of facts", len(contents.enrichment.facts))
        facts = FactIndex.build(contents.enrichment.facts, contents.initiatives, encoder, centre, progress.advance)
        if thesaurus:
            progress.step("Comparing the thesaurus", len(thesaurus))
        of_records = None if expansion is None else expansion.records
        concepts = ConceptScores.build(thesaurus, encoder, centre, multivector, of_records, progress.advance)
        records = records_of_initiatives[owners]
        adapted_rows = _adapted_rows(adaptation, contents, owners)
        return cls(
            manifest=_manifest(contents, encoder, corpus_digest, len(multivector.tokens)),
            contents=contents,
            lexical=LexicalIndex.build([text.text for text in texts], analyser),
            dense=DenseIndex.build(np.stack([one.vector for one in encoded])),
            multivector=multivector,
            document_embeddings=DocumentEmbeddings.build(multivector, owners, len(initiatives)),
            centre=centre,
            thresholds=Thresholds.fit(
                asked, centre, multivector, expansion, records, adaptation, adapted_rows, owners, profile.weights
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
            contents = CONTENTS.validate_json((files / "corpus.json").read_bytes())
            owners, records_of_initiatives = _owners(contents), _records(contents)
            adaptation = Adaptation.open(files / "adaptation")
            return cls(
                manifest=manifest,
                contents=contents,
                lexical=LexicalIndex.open(files / "lexical", Analyser.open(contents.profile.language)),
                dense=DenseIndex.open(files / "dense"),
                multivector=MultiVectorIndex.open(files / "multivector"),
                document_embeddings=DocumentEmbeddings.open(files / "document_embeddings.npz"),
                centre=QuestionCentre.open(files / "questions.npz"),
                thresholds=Thresholds.open(files / "thresholds.npz"),
                expansion=ExpansionIndex.open(files / "expansion"),
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
        (folder / "corpus.json").write_bytes(CONTENTS.dump_json(self.contents))
        self.lexical.save(folder / "lexical")
        self.dense.save(folder / "dense")
        self.multivector.save(folder / "multivector")
        self.document_embeddings.save(folder / "document_embeddings.npz")
        self.centre.save(folder / "questions.npz")
        self.thresholds.save(folder / "thresholds.npz")
        if self.expansion is not None:
            self.expansion.save(folder / "expansion")
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


def _manifest(contents: Contents, encoder: Encoder, corpus_digest: str, tokens: int) -> Manifest:
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
        tokens=tokens,
        files={},
    )


def texts_digest(documents: Sequence[Document]) -> str:
    """The sha256 of the lines of documents: it stays the same when a reader makes something else of them."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update("\n".join(document.lines).encode() + b"\0")
    return digest.hexdigest()
