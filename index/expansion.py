"""Document expansion, indexed: what the project knows of an initiative beside the words of its sheet.

An editorial record is read by the encoder as one text and compared by late interaction, as a passage is. Its
expansions, the ways in which people would ask for the initiative (doc2query; Nogueira et al., "Document Expansion by
Query Prediction", 2019), are compared as sentences. And the concepts of the thesaurus are compared with all passages
and records when the index is built. A record raises the score of its initiative; it is never shown in place of a
passage.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Concept, EditorialRecord, Enrichment, Vocabulary, Weights
from corpus.text import encoder_form
from index.encoder import Encoded, Vectors, unit_rows
from index.encodings import Encodings
from index.multivector import GatheredTokens, MultiVectorIndex, query_token_mask
from index.progress import Progress
from index.questions import QuestionCentre

# The similarity of a question with a record is its mean cosine with so many of the record's expansions, the nearest
# ones: one alone may be near by chance, and the ten are in two languages and several registers, most of which are not
# the question's.
NEAREST_EXPANSIONS = 3

# The scores of concepts are kept in eight bits; a cosine of 1 is worth this many steps.
COSINE_STEPS = 127

RECORDS = "records"  # the folder of the records' token states


@dataclass(frozen=True)
class ExpansionIndex:
    """The editorial records, one or more. Row i of `records` belongs to record i of the enrichment."""

    records: MultiVectorIndex  # each record as one passage
    expansions: Vectors  # [expansions, d], encoded and centred as questions are
    starts: NDArray[np.int64]  # [records + 1]; expansions of record i are starts[i]:starts[i + 1]

    @classmethod
    def build(
        cls,
        enrichment: Enrichment,
        encodings: Encodings,
        centre: QuestionCentre,
        done: Callable[[int], None],
        folder: Path | None = None,
        *,
        as_they_are: bool = False,
    ) -> "ExpansionIndex":
        """Encode one or more records and their expansions; `done` is called with how many more are ready.

        With a `folder`, which is made, token states are written there as they come (`MultiVectorIndex.build`).
        Expansions are centred on the mean of the sample questions. Centred on their own mean they would lose what they
        have in common, and with it what tells them from a question about something else.
        """
        encoded = encodings.passages([record_text(one, enrichment.vocabulary) for one in enrichment.records], done)
        expansions = [expansions_of(record) for record in enrichment.records]
        vectors = encodings.sentences([text for of_record in expansions for text in of_record], done)
        starts = np.cumsum([0, *map(len, expansions)])
        records = MultiVectorIndex.build(
            encoded, list(encoded.spans()), folder and folder / RECORDS, as_they_are=as_they_are
        )
        return cls(records, np.concatenate([centre.vectors(part) for part in vectors]), starts)

    @classmethod
    def open(cls, folder: Path) -> "ExpansionIndex | None":
        """Open what `save` wrote, None where there was no record."""
        if not folder.is_dir():
            return None
        with np.load(folder / "expansions.npz") as stored:
            return cls(MultiVectorIndex.open(folder / RECORDS), stored["expansions"], stored["starts"])

    def save(self, folder: Path) -> None:
        """Write token states and expansions into `folder`, which is made or was built in."""
        folder.mkdir(exist_ok=True)
        self.records.save(folder / RECORDS)
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


def expansions_of(record: EditorialRecord) -> list[str]:
    """What the encoder reads of the expansions of a record, French ones first."""
    return [encoder_form(text) for text in (*record.expansions.fr, *record.expansions.en)]


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
        encodings: Encodings,
        centre: QuestionCentre,
        multivector: MultiVectorIndex,
        records: MultiVectorIndex | None,
        progress: Progress,
    ) -> "ConceptScores":
        """Compare every form of every concept, each encoded as a question, with all passages and records."""
        if not concepts:
            none = np.zeros((0, len(multivector)), np.int8)
            return cls(none, np.zeros((0, 0 if records is None else len(records)), np.int8))
        said = [
            [_Form.of(one, centre, multivector) for one in forms] for forms in _encoded(concepts, encodings, progress)
        ]
        compared = [multivector, *([] if records is None else [records])]
        progress.step("Comparing the thesaurus", len(concepts) * sum(len(one.stretches) for one in compared))
        of_each = [_scores_of_all(said, one, progress.advance) for one in compared]
        return cls(of_each[0], of_each[1] if records is not None else np.zeros((len(concepts), 0), np.int8))

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
    def of(cls, encoded: Encoded, centre: QuestionCentre, multivector: MultiVectorIndex) -> "_Form":
        weights = multivector.weights(encoded.tokens)
        kept = query_token_mask(weights)
        return cls(centre.states(encoded.states)[kept], weights[kept])


def _encoded(concepts: Sequence[Concept], encodings: Encodings, progress: Progress) -> Iterator[list[Encoded]]:
    """The forms of each concept, encoded as questions."""
    texts = [encoder_form(text) for concept in concepts for text in concept.forms]
    progress.step("Encoding the thesaurus", len(texts))
    encoded = iter(encodings.questions(texts, progress.advance))
    return ([next(encoded) for _ in concept.forms] for concept in concepts)


def _scores_of_all(
    concepts: Sequence[Sequence[_Form]], texts: MultiVectorIndex, done: Callable[[int], None]
) -> NDArray[np.int8]:
    """The best score of the forms of each concept in each text, int8 [concepts, texts].

    The texts are gone through once, a stretch at a time; `done(1)` is called after each concept and stretch.
    """
    scores = np.zeros((len(concepts), len(texts)), np.int8)
    for (first, last), part in zip(texts.stretches, texts.in_stretches(), strict=True):
        gathered = part.gather(np.arange(len(part)))
        for row, forms in enumerate(concepts):
            scores[row, first:last] = _scores(forms, gathered)
            done(1)
    return scores


def _scores(forms: Sequence[_Form], texts: GatheredTokens) -> NDArray[np.int8]:
    """The best score of the forms in each text, int8 [texts]; all forms are compared in one product."""
    best = texts.compare(np.concatenate([form.states for form in forms])).best()
    cuts = np.cumsum([len(form.weights) for form in forms])[:-1]
    parts = zip(np.split(best, cuts, axis=1), forms, strict=True)
    scores = np.max([part @ form.weights / form.weights.sum() for part, form in parts], axis=0)
    return np.asarray(np.rint(np.clip(scores, -1, 1) * COSINE_STEPS), np.int8)
