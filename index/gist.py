"""Gists: one vector for what an initiative is about, to find initiatives of a like aim and public.

A gist is the mean of the token states of an initiative's own text, weighted by rarity. The context written before each
passage is left out, so that a shared place or section makes nothing alike.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import States, Vectors, unit_rows
from index.tokens import TokenBank


@dataclass(frozen=True, slots=True)
class Gists:
    """The gists of all initiatives and of their passages, centred on the mean of the initiatives."""

    initiatives: Vectors  # [initiatives, d]
    passages: Vectors  # [passages, d]
    mean: NDArray[np.float32]  # [d], of the unit gists of initiatives before centring

    @classmethod
    def build(cls, tokens: TokenBank, owners: NDArray[np.int64]) -> "Gists":
        """Take the gists; `owners` gives the row of each passage's initiative."""
        weights = np.where(tokens.spans[:, 0] >= 0, tokens.weights(tokens.tokens), np.float32(0))
        bounds = zip(tokens.starts[:-1], tokens.starts[1:], strict=True)
        sums = np.stack([weights[first:last] @ tokens.centred(slice(first, last)) for first, last in bounds])
        whole = np.zeros((int(owners.max()) + 1, sums.shape[1]), np.float32)
        np.add.at(whole, owners, sums)
        mean = unit_rows(whole).mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(unit_rows(unit_rows(whole) - mean), unit_rows(unit_rows(sums) - mean), mean)

    @classmethod
    def open(cls, path: Path) -> "Gists":
        """Open what `save` wrote."""
        with np.load(path) as stored:
            return cls(stored["initiatives"], stored["passages"], stored["mean"])

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, initiatives=self.initiatives, passages=self.passages, mean=self.mean)

    def of(self, states: States, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """The gist of another text, [d], from its centred unit token states [t, d] and their rarity [t]."""
        raw = unit_rows(np.asarray(weights @ states, np.float32)[None])
        return np.asarray(unit_rows(raw - self.mean)[0], np.float32)
