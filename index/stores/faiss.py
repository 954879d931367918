"""Sentence vectors in FAISS: exact search, which for some ten thousand passages is faster than any approximation."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

FILE = "vectors.faiss"


@dataclass(frozen=True)
class FaissStore:
    """A `VectorStore` in the memory of this process. Inner products, which of unit vectors are cosines."""

    flat: Any  # faiss.IndexFlatIP, which has no type stubs

    @classmethod
    def of(cls, vectors: Vectors) -> "FaissStore":
        """Keep unit vectors float32 [n, d]."""
        import faiss

        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors)
        return cls(flat)

    @classmethod
    def open(cls, folder: Path) -> "FaissStore":
        """Open what `save` wrote."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE)))

    def save(self, folder: Path) -> None:
        """Write one file into an existing folder."""
        import faiss

        faiss.write_index(self.flat, str(folder / FILE))

    def __len__(self) -> int:
        """The number of vectors."""
        return int(self.flat.ntotal)

    def search(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k nearest rows of each query, as `VectorStore.search` says."""
        cosines, rows = self.flat.search(queries, min(k, len(self)))
        return cosines, rows
