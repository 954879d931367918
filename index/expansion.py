"""Document expansion, indexed: what the project knows of an initiative beside the words of its sheet.

An editorial record is read by the encoder as one text and compared by late interaction, as a passage is. Its
expansions, the ways in which people would ask for the initiative (doc2query; Nogueira et al., "Document Expansion by
Query Prediction", 2019), are compared as sentences. And the concepts of the thesaurus are compared with all passages
and records when the index is built. A record raises the score of its initiative; it is never shown in place of a
passage.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Concept, EditorialRecord, Enrichment, Vocabulary, Weights
from corpus.text import encoder_form
from index.encoder import Encoder, Vectors, unit_rows
from index.multivector import MultiVectorIndex, query_token_mask
from index.questions import QuestionCentre

# The similarity of a question with a record is its mean cosine with so many of the record's expansions, the nearest
# ones: one alone may be near by chance, and the ten are in two languages and several registers, most of which are not
# the question's.
NEAREST_EXPANSIONS = 3

# The scores of concepts are kept in eight bits; a cosine of 1 is worth this many steps.
COSINE_STEPS = 127


@dataclass(frozen=True)
class ExpansionIndex:
    """The editorial records, one or more. Row i of `records` belongs to record i of the enrichment."""

    records: MultiVectorIndex  # each record as one passage
    expansions: Vectors  # [expansions, d], encoded and centred as questions are
    starts: NDArray[np.int64]  # [records + 1]; expansions of record i are starts[i]:starts[i + 1]

    @classmethod
    def build(
        cls, enrichment: Enrichment, encoder: Encoder, centre: QuestionCentre, done: Callable[[int], None]
    ) -> "ExpansionIndex":
        """Encode one or more records; `done(1)` is called after each.

        Expansions are centred on the mean of the sample questions. Centred on their own mean they would lose what they
        have in common, and with it what tells them from a question about something else.
        """
        encoded, vectors = [], []
        for record in enrichment.records:
            encoded += encoder.passages([record_text(record, enrichment.vocabulary)])
            expansions = [encoder_form(text) for text in (*record.expansions.fr, *record.expansions.en)]
            vectors.append(np.stack([one.vector for one in encoder.questions(expansions)]))
            done(1)
        starts = np.cumsum([0, *map(len, vectors)])
        spans = [one.spans for one in encoded]
        records = MultiVectorIndex.build(encoded, spans, as_they_are=encoder.multi_vector)
        return cls(records, centre.vectors(np.concatenate(vectors)), starts)

    @classmethod
    def open(cls, folder: Path) -> "ExpansionIndex | None":
        """Open what `save` wrote, None where there was no record."""
        if not folder.is_dir():
            return None
        with np.load(folder / "expansions.npz") as stored:
            return cls(MultiVectorIndex.open(folder / "records"), stored["expansions"], stored["starts"])

    def save(self, folder: Path) -> None:
        """Write token states and expansions into `folder`, which is made."""
        folder.mkdir()
        self.records.save(folder / "records")
        np.savez(folder / "expansions.npz", expansions=self.expansions, starts=self.starts)

    def similarities(self, question: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean cosine of a centred unit sentence vector [d] with each record's nearest expansions, [records]."""
        # Not `@`: it would wake a second pool of threads, which waits for the encoder's.
        cosines, sizes = np.einsum("pd,d->p", self.expansions, question), np.diff(self.starts)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        nearest_first = cosines[np.lexsort((-cosines, owners))]
        counted = np.arange(len(cosines)) - self.starts[owners] < NEAREST_EXPANSIONS
        sums = np.add.reduceat(np.where(counted, nearest_first, 0), self.starts[:-1])
        return np.asarray(sums / np.minimum(sizes, NEAREST_EXPANSIONS), np.float32)

    @cached_property
    def embeddings(self) -> Vectors:
        """What people ask each record for: the mean of its expansions, centred unit rows [records, d]."""
        return unit_rows(self._means - self._means.mean(axis=0))

    def embed(self, vectors: Vectors) -> NDArray[np.float32]:
        """The same for another text, [d], from the centred sentence vectors of its pieces [n, d]."""
        return np.asarray(unit_rows(unit_rows(vectors.mean(axis=0)[None]) - self._means.mean(axis=0))[0], np.float32)

    @cached_property
    def _means(self) -> Vectors:
        return unit_rows(np.add.reduceat(self.expansions, self.starts[:-1], axis=0))


def record_text(record: EditorialRecord, vocabulary: Vocabulary) -> str:
    """What the encoder reads of a record: everything in it that is for people."""
    labels = [vocabulary.publics[key] for key in record.publics] + [vocabulary.topics[key] for key in record.topics]
    texts = (record.title_en, record.summary.fr, record.summary.en, *record.expansions.fr, *record.expansions.en)
    return ". ".join([*texts, ", ".join([*(label.fr for label in labels), *(label.en for label in labels)])])


def combine_scores(
    passages: NDArray[np.float32],
    rows: NDArray[np.int64],
    records: NDArray[np.float32],
    similarities: NDArray[np.float32],
    weights: Weights,
) -> NDArray[np.float32]:
    """The scores of m passages and of their records, as one weighted mean, float32 [m].

    What a record's late-interaction score and the similarity of its expansions weigh beside the late-interaction score
    of a passage, which has 1, is the profile's; docs/decisions/0010-editorial-records.md has the cross-validation.
    `passages` [m] and `records` [records] are late-interaction scores, `similarities` [records] those of the
    expansions; `rows` [m] are the rows of the passages' records. A passage without one, -1, keeps its score.
    """
    of_record, of_expansions = weights.record_weight.value, weights.expansion_weight.value
    total = passages + of_record * records[rows] + of_expansions * similarities[rows]
    return np.where(rows < 0, passages, total / (1 + of_record + of_expansions)).astype(np.float32)


Scores = NDArray[np.int8]  # [concepts, passages or records], late-interaction scores times COSINE_STEPS


@dataclass(frozen=True)
class ConceptScores:
    """How well each concept of the thesaurus is said in each passage and in each record: the best of its forms.

    A question that names a concept looks its scores up, so that meeting it in other words costs nothing where people
    wait. Row i belongs to concept i.
    """

    passages: Scores
    records: Scores  # without a column where there are no records

    @classmethod
    def build(
        cls,
        concepts: Sequence[Concept],
        encoder: Encoder,
        centre: QuestionCentre,
        multivector: MultiVectorIndex,
        records: MultiVectorIndex | None,
        done: Callable[[int], None],
    ) -> "ConceptScores":
        """Compare every form of every concept, each encoded as a question; `done(1)` is called after each concept."""
        of_passages = np.zeros((len(concepts), len(multivector)), np.int8)
        of_records = np.zeros((len(concepts), 0 if records is None else len(records)), np.int8)
        for row, concept in enumerate(concepts):
            forms = [_Form.of(text, encoder, centre, multivector) for text in concept.forms]
            of_passages[row] = _scores(forms, multivector)
            if records is not None:
                of_records[row] = _scores(forms, records)
            done(1)
        return cls(of_passages, of_records)

    @classmethod
    def open(cls, folder: Path) -> "ConceptScores":
        """Open what `save` wrote; the scores stay on the disk, memory-mapped."""
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("passages", "records")))

    def save(self, folder: Path) -> None:
        """Write one .npy file for passages and one for records into `folder`, which is made."""
        folder.mkdir()
        np.save(folder / "passages.npy", self.passages)
        np.save(folder / "records.npy", self.records)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to say a concept, ready for late interaction."""

    states: NDArray[np.float32]  # [t, d], centred rows of length 1
    weights: NDArray[np.float32]  # [t], idf

    @classmethod
    def of(cls, text: str, encoder: Encoder, centre: QuestionCentre, multivector: MultiVectorIndex) -> "_Form":
        encoded = encoder.questions([encoder_form(text)])[0]
        weights = multivector.weights(encoded.tokens)
        kept = query_token_mask(weights)
        return cls(centre.states(encoded.states)[kept], weights[kept])


def _scores(forms: Sequence[_Form], texts: MultiVectorIndex) -> NDArray[np.int8]:
    """The best score of the forms in each text, int8 [texts]; all forms are compared in one product."""
    states = np.concatenate([form.states for form in forms])
    best = texts.compare(states, np.arange(len(texts))).best()
    cuts = np.cumsum([len(form.weights) for form in forms])[:-1]
    parts = zip(np.split(best, cuts, axis=1), forms, strict=True)
    scores = np.max([part @ form.weights / form.weights.sum() for part, form in parts], axis=0)
    return np.asarray(np.rint(np.clip(scores, -1, 1) * COSINE_STEPS), np.int8)
