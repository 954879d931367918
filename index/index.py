"""The index: everything that serving needs, in one folder.

manifest.json      what it was made from, counts, checksums
corpus.json        documents, initiatives, passages and explained acronyms
vectors/           sentence vectors
words/             BM25
tokens/            token states for late interaction
gists.npz          one vector for each initiative, to find similar ones
questions.npz      what questions are centred on
editorial/         the editorial records, where there are any
lexicon/           how well each notion of the lexicon is said where
overview.npy       where each initiative stands in the picture of the corpus
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.document import Document
from corpus.editorial_layer import EditorialLayer
from corpus.initiative import Initiative
from corpus.lexicon_entry import LexiconEntry
from index.acronyms import Acronym
from index.editorial import EditorialIndex
from index.folder import settled
from index.gist import Gists
from index.lexicon import LexiconIndex
from index.manifest import Manifest, read_manifest, verify
from index.overview import Points
from index.passage import Passage
from index.questions import QuestionNorms
from index.tokens import TokenBank
from index.vectors import VectorIndex
from index.words import Analyser, WordIndex


class Contents(NamedTuple):
    """What corpus.json holds."""

    documents: tuple[Document, ...]
    initiatives: tuple[Initiative, ...]
    passages: tuple[Passage, ...]  # those of one initiative follow each other, in the order of `initiatives`
    acronyms: tuple[Acronym, ...]
    editorial: EditorialLayer
    lexicon: tuple[LexiconEntry, ...]


CONTENTS = TypeAdapter(Contents)


@dataclass(frozen=True)
class Index:
    """An index, open. Row i of words, vectors and tokens belongs to passages[i]."""

    manifest: Manifest
    contents: Contents
    words: WordIndex
    vectors: VectorIndex
    tokens: TokenBank
    gists: Gists
    questions: QuestionNorms
    editorial: EditorialIndex | None  # None where no initiative has a record
    lexicon: LexiconIndex
    overview: Points  # [initiatives, 2], from 0 to 1

    @classmethod
    def open(cls, folder: Path, model_digest: str) -> "Index":
        """Open an index for the model with this digest.

        Raises BadIndex when there is none, when it was made with another model or by another version of the program, or
        when a file is missing, truncated or altered.
        """
        with settled(folder) as generation:
            manifest = read_manifest(generation)
            verify(generation, manifest, model_digest)
            return cls(
                manifest,
                CONTENTS.validate_json((generation / "corpus.json").read_bytes()),
                WordIndex.open(generation / "words", Analyser.open()),
                VectorIndex.open(generation / "vectors"),
                TokenBank.open(generation / "tokens"),
                Gists.open(generation / "gists.npz"),
                QuestionNorms.open(generation / "questions.npz"),
                EditorialIndex.open(generation / "editorial"),
                LexiconIndex.open(generation / "lexicon"),
                np.load(generation / "overview.npy"),
            )

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The row of each passage's initiative, [passages]."""
        return owners_of(self.contents)

    @cached_property
    def records(self) -> NDArray[np.int64]:
        """The row of the editorial record of each passage's initiative, -1 where it has none, [passages]."""
        return self.records_of_initiatives[self.owners]

    @cached_property
    def records_of_initiatives(self) -> NDArray[np.int64]:
        """The row of each initiative's editorial record, -1 where it has none, [initiatives]."""
        return records_of(self.contents)

    def owner(self, passage: int) -> Initiative:
        """The initiative that a passage, by its row, is a piece of."""
        return self.contents.initiatives[int(self.owners[passage])]


def owners_of(contents: Contents) -> NDArray[np.int64]:
    """The row of each passage's initiative, int64 [passages]."""
    rows = {initiative.id: row for row, initiative in enumerate(contents.initiatives)}
    return np.array([rows[passage.initiative] for passage in contents.passages], np.int64)


def records_of(contents: Contents) -> NDArray[np.int64]:
    """The row of each initiative's editorial record, -1 where it has none, int64 [initiatives]."""
    rows = {record.initiative: row for row, record in enumerate(contents.editorial.records)}
    found = [contents.editorial.of(one.id, one.same_as) for one in contents.initiatives]
    return np.array([-1 if record is None else rows[record.initiative] for record in found], np.int64)
