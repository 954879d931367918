"""A close look: passages compared with a question word by word, and lifted by their editorial records."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.editorial import EditorialIndex, lifted
from index.index import Index
from index.tokens import Comparison
from search.ranking import Weighed, understood_scores


@dataclass(frozen=True, slots=True)
class CloseLook:
    """How m passages answer a question."""

    passages: NDArray[np.int64]  # [m], rows of the index, ascending
    comparison: Comparison  # of their tokens with the question's
    source: NDArray[np.float32]  # [m], late interaction of the passages themselves
    record: NDArray[np.float32]  # [m], late interaction of their editorial records, -inf without one
    scores: NDArray[np.float32]  # [m], of both, on the scale of `source`

    def position(self, passage: int) -> int:
        """Where a passage, by its row of the index, stands among these."""
        return int(np.searchsorted(self.passages, passage))

    def by_record(self, position: int) -> bool:
        """Whether the editorial record answers the question's words better than the passage does."""
        return bool(self.record[position] > self.source[position])


def look_closely(
    index: Index, question: Weighed, passages: NDArray[np.int64], nearness: NDArray[np.float32]
) -> CloseLook:
    """Compare passages [m], ascending rows, with a question; `nearness` [records] is that of the records' phrasings."""
    comparison = index.tokens.compare(question.states, passages)
    source = understood_scores(question, comparison.best(), index.lexicon.passages[:, passages])
    if index.editorial is None:
        return CloseLook(passages, comparison, source, np.full(len(passages), -np.inf, np.float32), source)
    rows = index.records[passages]
    records = _of_records(index, index.editorial, question, np.unique(rows[rows >= 0]))
    own = np.where(rows < 0, -np.inf, records[rows]).astype(np.float32)
    return CloseLook(passages, comparison, source, own, lifted(source, rows, records, nearness))


def _of_records(
    index: Index, editorial: EditorialIndex, question: Weighed, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Late interaction of the records in `rows`, float32 [records]; 0 for the others, which are not looked at."""
    scores = np.zeros(len(editorial.starts) - 1, np.float32)
    if len(rows):
        best = editorial.records.compare(question.states, rows).best()
        scores[rows] = understood_scores(question, best, index.lexicon.records[:, rows])
    return scores
