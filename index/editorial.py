"""The editorial layer, indexed: how well a record answers a question, and how near its phrasings come to it.

A record is read by the encoder as one text, labels of publics and topics included. It never speaks for a hit: it lifts
the initiative, and the source passage that says it best is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import EditorialLayer, EditorialRecord, Vocabulary
from index.encoder import Encoder, Vectors, unit_rows
from index.tokens import TokenBank

# What a record's late interaction and its phrasings weigh beside the late interaction of a source passage, which has 1.
# docs/decisions/0010-editorial-layer.md has the cross-validation.
RECORD_WEIGHT = 0.75
PHRASING_WEIGHT = 0.5

# A question is as near to a record as the mean of its nearest phrasings: one alone may be near by chance, and the ten
# are in two languages and several registers, most of which are not the question's.
NEAREST_PHRASINGS = 3


@dataclass(frozen=True)
class EditorialIndex:
    """Row i of `records` belongs to record i of the layer."""

    records: TokenBank  # each record as one passage
    phrasings: Vectors  # [phrasings, d], encoded as questions and centred on the sample questions, as questions are
    starts: NDArray[np.int64]  # [records + 1]; phrasings of record i are starts[i]:starts[i + 1]

    @classmethod
    def build(
        cls,
        layer: EditorialLayer,
        passages: Encoder,
        questions: Encoder,
        centre: NDArray[np.float32],
        done: Callable[[int], None],
    ) -> "EditorialIndex":
        """Encode one or more records; `done` is told of each.

        `centre` [d] is the mean sentence vector of the sample questions. Centred on their own mean, phrasings would
        lose what they have in common, and with it what tells a question about something else.
        """
        encoded, vectors = [], []
        for record in layer.records:
            encoded += passages.passages([record_text(record, layer.vocabulary)])
            phrasings = [*record.asked_as.fr, *record.asked_as.en]
            vectors.append(np.stack([one.vector for one in questions.questions(phrasings)]))
            done(1)
        starts = np.cumsum([0, *map(len, vectors)])
        tokens = TokenBank.build(encoded, [one.spans for one in encoded])
        return cls(tokens, unit_rows(np.concatenate(vectors) - centre), starts)

    @classmethod
    def open(cls, folder: Path) -> "EditorialIndex | None":
        """Open what `save` wrote, None where there was no record."""
        if not folder.is_dir():
            return None
        with np.load(folder / "phrasings.npz") as stored:
            return cls(TokenBank.open(folder / "records"), stored["phrasings"], stored["starts"])

    def save(self, folder: Path) -> None:
        """Write token states and phrasings."""
        folder.mkdir()
        self.records.save(folder / "records")
        np.savez(folder / "phrasings.npz", phrasings=self.phrasings, starts=self.starts)

    def nearness(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean cosine of a centred unit sentence vector [d] with each record's nearest phrasings, [records]."""
        # Not `@`: it would wake a second pool of threads, which waits for the encoder's.
        cosines, sizes = np.einsum("pd,d->p", self.phrasings, vector), np.diff(self.starts)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        nearest_first = cosines[np.lexsort((-cosines, owners))]
        counted = np.arange(len(cosines)) - self.starts[owners] < NEAREST_PHRASINGS
        sums = np.add.reduceat(np.where(counted, nearest_first, 0), self.starts[:-1])
        return np.asarray(sums / np.minimum(sizes, NEAREST_PHRASINGS), np.float32)

    @cached_property
    def gists(self) -> Vectors:
        """What people ask each record for: the means of its phrasings, centred unit rows [records, d]."""
        return unit_rows(self._means - self._means.mean(axis=0))

    def gist_of(self, vectors: Vectors) -> NDArray[np.float32]:
        """The same for another text, [d], from the centred sentence vectors of its pieces [n, d]."""
        return np.asarray(unit_rows(unit_rows(vectors.mean(axis=0)[None]) - self._means.mean(axis=0))[0], np.float32)

    @cached_property
    def _means(self) -> Vectors:
        return unit_rows(np.add.reduceat(self.phrasings, self.starts[:-1], axis=0))


def record_text(record: EditorialRecord, vocabulary: Vocabulary) -> str:
    """What the encoder reads of a record: everything in it that is for people."""
    labels = [vocabulary.publics[key] for key in record.publics] + [vocabulary.topics[key] for key in record.topics]
    texts = (record.title_en, record.summary.fr, record.summary.en, *record.asked_as.fr, *record.asked_as.en)
    return ". ".join([*texts, ", ".join([*(label.fr for label in labels), *(label.en for label in labels)])])


def lifted(
    source: NDArray[np.float32],
    rows: NDArray[np.int64],
    records: NDArray[np.float32],
    nearness: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Scores of m passages with what their records add, on the scale of the scores without, float32 [m].

    `rows` [m] are those of the passages' records in `records` and `nearness`; a passage with -1 keeps its score.
    """
    total = source + RECORD_WEIGHT * records[rows] + PHRASING_WEIGHT * nearness[rows]
    return np.where(rows < 0, source, total / (1 + RECORD_WEIGHT + PHRASING_WEIGHT)).astype(np.float32)
