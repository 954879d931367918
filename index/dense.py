"""The dense index: sentence vectors of passages, to search; and document embeddings, to find similar initiatives."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import States, Vectors, unit_rows
from index.multivector import MultiVectorIndex
from index.stores import FaissStore, VectorStore


@dataclass(frozen=True)
class DenseIndex:
    """Cosine search over centred sentence vectors.

    Centring on the mean of the passages takes away what all of them share (docs/decisions/0003-ranking.md).
    """

    store: VectorStore  # row i: the sentence vector of passage i, centred, length 1
    mean: NDArray[np.float32]  # [d], of the sentence vectors before centring

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        """Index sentence vectors float32 [passages, d]."""
        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(FaissStore.of(unit_rows(vectors - mean)), mean)

    @classmethod
    def open(cls, folder: Path) -> "DenseIndex":
        """Open what `save` wrote."""
        return cls(FaissStore.open(folder), np.load(folder / "mean.npy"))

    def save(self, folder: Path) -> None:
        """Write the store and the mean into `folder`, which is made."""
        folder.mkdir()
        self.store.save(folder)
        np.save(folder / "mean.npy", self.mean)

    def nearest(self, question: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The k nearest passages of a centred unit vector [d]: cosines float32 [k], descending, and rows int64 [k]."""
        cosines, rows = self.store.search(question[None], k)
        return cosines[0], rows[0]


@dataclass(frozen=True, slots=True)
class DocumentEmbeddings:
    """One vector for what an initiative is about: the mean of its token states, weighted by idf (mean pooling).

    The context written before each passage is left out, so that a shared place or theme makes nothing alike. Passages
    are pooled in the same way, to show which of them makes two initiatives alike. All are centred on the mean of the
    initiatives.
    """

    initiatives: Vectors  # [initiatives, d]
    passages: Vectors  # [passages, d]
    mean: NDArray[np.float32]  # [d], of the unit embeddings of initiatives before centring

    @classmethod
    def build(cls, multivector: MultiVectorIndex, owners: NDArray[np.int64], initiatives: int) -> "DocumentEmbeddings":
        """Pool the token states of every passage and of every initiative; `owners` [passages] are initiatives' rows."""
        sums = np.stack([pooled for part in multivector.in_stretches() for pooled in _pooled(part)])
        whole = np.zeros((initiatives, sums.shape[1]), np.float32)
        np.add.at(whole, owners, sums)
        mean = unit_rows(whole).mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(unit_rows(unit_rows(whole) - mean), unit_rows(unit_rows(sums) - mean), mean)

    @classmethod
    def open(cls, path: Path) -> "DocumentEmbeddings":
        """Open what `save` wrote."""
        with np.load(path) as stored:
            return cls(stored["initiatives"], stored["passages"], stored["mean"])

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, initiatives=self.initiatives, passages=self.passages, mean=self.mean)

    def embed(self, states: States, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """The embedding of another text, unit length [d], from its centred unit token states [t, d] and idf [t]."""
        pooled = unit_rows(np.asarray(weights @ states, np.float32)[None])
        return np.asarray(unit_rows(pooled - self.mean)[0], np.float32)


def _pooled(multivector: MultiVectorIndex) -> Iterator[NDArray[np.float32]]:
    """The sum of each passage's own token states, weighted by idf, [d]."""
    own_text = multivector.spans[:, 0] >= 0
    weights = np.where(own_text, multivector.weights(multivector.tokens), np.float32(0))
    for first, last in zip(multivector.starts[:-1], multivector.starts[1:], strict=True):
        yield weights[first:last] @ multivector.centred(slice(first, last))
