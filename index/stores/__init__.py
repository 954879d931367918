"""Where sentence vectors are kept and searched: one module for each library, behind one protocol.

    store = FaissStore.of(unit_rows(vectors))
    cosines, rows = store.search(questions, k=10)

`index.dense` centres and scales; a store only finds neighbours.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.stores.faiss import FaissStore

__all__ = ["FaissStore", "VectorStore"]


class VectorStore(Protocol):
    """Vectors → neighbours. Row i of the store is row i of the unit vectors it was made of."""

    def __len__(self) -> int:
        """The number of vectors, n."""

    def search(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k nearest rows of each of q unit vectors [q, d], all n of them where k is greater.

        Cosines float32 [q, min(k, n)], descending, and rows int64 of the same shape.
        """

    def save(self, folder: Path) -> None:
        """Write into an existing folder what is needed to open the store again."""
