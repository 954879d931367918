"""Sentence vectors of the passages in FAISS: exact search, which at this size is faster than any approximation."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors, unit_rows


@dataclass(frozen=True)
class VectorIndex:
    """Cosine search over centred sentence vectors.

    Centring on the mean of the passages takes away what all of them share (docs/decisions/0003-ranking.md).
    """

    faiss_index: Any  # faiss.IndexFlatIP
    mean: NDArray[np.float32]  # [d]

    @classmethod
    def build(cls, vectors: Vectors) -> "VectorIndex":
        """Index float32 [n, d]; row i belongs to passage i."""
        import faiss

        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(unit_rows(vectors - mean))
        return cls(flat, mean)

    @classmethod
    def open(cls, folder: Path) -> "VectorIndex":
        """Open what `save` wrote."""
        import faiss

        return cls(faiss.read_index(str(folder / "vectors.faiss")), np.load(folder / "mean.npy"))

    def save(self, folder: Path) -> None:
        """Write the FAISS index and the mean."""
        import faiss

        folder.mkdir()
        faiss.write_index(self.faiss_index, str(folder / "vectors.faiss"))
        np.save(folder / "mean.npy", self.mean)

    def nearest(self, question: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k nearest passages of a centred unit vector [d]: cosines float32 [k], descending, and rows int64 [k]."""
        scores, rows = self.faiss_index.search(question[None], min(k, self.faiss_index.ntotal))
        return scores[0], rows[0]
