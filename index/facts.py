"""Facts, indexed: the questions that are answered ahead, to be compared with what somebody asks.

    found = index.facts.nearest(query.vector, [row])     # of the initiative in this row of the index, best first
    found[0].fact.answer.text_in("en"), found[0].similarity

Each wording is encoded and centred as questions are, so that a question near to one of them is answered by its fact.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Fact, Initiative
from corpus.text import encoder_form
from index.encodings import Encodings
from index.questions import QuestionCentre

# Half precision moves a cosine by less than 0.001 and halves what lies on the disk.
Wordings = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class NearFact:
    """A fact and how near its nearest wording is to a question."""

    row: int  # of the fact in `Enrichment.facts`
    fact: Fact
    similarity: float  # cosine with the nearest wording, -1 to 1
    mean: float  # of the cosines with all its wordings


@dataclass(frozen=True)
class FactIndex:
    """The facts of a corpus, none or more. Row i belongs to fact i of the enrichment."""

    facts: tuple[Fact, ...]
    wordings: Wordings  # [wordings, d], encoded and centred as questions are, rows of length 1
    starts: NDArray[np.int64]  # [facts + 1]; wordings of fact i are starts[i]:starts[i + 1], French ones first
    of_initiatives: tuple[tuple[int, ...], ...]  # [initiatives], rows of the facts of each one's cluster

    @classmethod
    def build(
        cls,
        facts: tuple[Fact, ...],
        initiatives: Sequence[Initiative],
        encodings: Encodings,
        centre: QuestionCentre,
        done: Callable[[int], None],
    ) -> "FactIndex":
        """Encode the wordings of facts about these initiatives; `done` is called with how many more are ready."""
        texts = [encoder_form(text) for fact in facts for text in wordings_of(fact)]
        parts = (centre.vectors(part).astype(np.float16) for part in encodings.sentences(texts, done))
        wordings = np.concatenate([np.zeros((0, len(centre.vector_mean)), np.float16), *parts])
        return cls(facts, wordings, _starts(facts), _of_initiatives(facts, initiatives))

    @classmethod
    def open(cls, path: Path, facts: tuple[Fact, ...], initiatives: Sequence[Initiative]) -> "FactIndex":
        """Open what `save` wrote of these facts and initiatives; the wordings stay on the disk, memory-mapped."""
        wordings = np.asarray(np.load(path, mmap_mode="r"))
        return cls(facts, wordings, _starts(facts), _of_initiatives(facts, initiatives))

    def save(self, path: Path) -> None:
        """Write one .npy file."""
        np.save(path, self.wordings)

    def __len__(self) -> int:
        """The number of facts."""
        return len(self.facts)

    def rows_of(self, initiatives: Iterable[int]) -> NDArray[np.int64]:
        """The rows of the facts about some initiatives, by their rows in the index, each once, ascending."""
        return np.array(sorted({row for one in initiatives for row in self.of_initiatives[one]}), np.int64)

    def similarities(
        self, question: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How near the wordings of m facts are to a centred unit sentence vector [d]: the best and the mean cosine.

        Both float32 [m].
        """
        if not len(rows):
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        sizes = self.starts[rows + 1] - self.starts[rows]
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        taken = np.arange(bounds[-1]) + np.repeat(self.starts[rows] - bounds[:-1], sizes)
        # Not `@`: it would wake a second pool of threads, which waits for the encoder's.
        cosines = np.einsum("wd,d->w", self.wordings[taken].astype(np.float32), question)
        best, sums = (np.asarray(add.reduceat(cosines, bounds[:-1]), np.float32) for add in (np.maximum, np.add))
        return best, np.asarray(sums / sizes, np.float32)

    def nearest(self, question: NDArray[np.float32], initiatives: Iterable[int]) -> list[NearFact]:
        """The facts about some initiatives, by their rows in the index, nearest first; `question` as in `similarities`.

        Nearest by the nearest wording and by all of them: the facts of one initiative have its name in common, and one
        wording alone may be near by its manner. Initiatives of one cluster share their facts, each of which comes once.
        """
        rows = self.rows_of(initiatives)
        best, mean = self.similarities(question, rows)
        order = np.argsort(-(best + mean), kind="stable")
        return [NearFact(int(rows[at]), self.facts[rows[at]], float(best[at]), float(mean[at])) for at in order]


def wordings_of(fact: Fact) -> tuple[str, ...]:
    """The wordings of a fact's question, French ones first."""
    return (*fact.questions.fr, *fact.questions.en)


def _starts(facts: Sequence[Fact]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(wordings_of(fact)) for fact in facts)])


def _of_initiatives(facts: Sequence[Fact], initiatives: Sequence[Initiative]) -> tuple[tuple[int, ...], ...]:
    told: dict[str, list[int]] = {}
    for row, fact in enumerate(facts):
        told.setdefault(fact.initiative, []).append(row)
    return tuple(tuple(row for id in sorted({one.id, *one.same_as}) for row in told.get(id, ())) for one in initiatives)
