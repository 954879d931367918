"""The multi-vector index: a state for every token of the passages, for late interaction.

Late interaction is MaxSim (ColBERT; Khattab & Zaharia, SIGIR 2020): each token of a question scores against a passage
as its best cosine there, and the score is the mean of these, weighted by idf. The states are those of the encoder's
last layer, without ColBERT's projection: centred on their mean, scaled to length 1 and kept in eight bits. Of a
multi-vector model they are its own token vectors, projected as it was trained, and not centred.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, States, onnx_session, unit_rows

Quantised = NDArray[np.uint8]  # a component x as round(x / quantum) + ZERO, from 1 to 255

ZERO = 128

# A token that every passage holds has an idf of 0; this much it keeps, so that a question of such tokens has a score.
MIN_IDF = 0.05

# A token of a passage below this idf, thus in more than exp(-1.2) = 30 % of the passages, is not compared with
# questions: it is two fifths of all tokens and changes no ranking beyond noise (docs/decisions/0003-ranking.md).
PASSAGE_IDF = 1.2

# A token of a question below this idf, thus in more than exp(-0.5) = 60 % of the passages, is left out while there are
# others: a fifth of a question's tokens, and no ranking changes.
QUESTION_IDF = 0.5

ARRAYS = ("states", "quantum", "starts", "ends", "tokens", "spans", "positions", "mean", "idf")
PRODUCT, STATES = "product.onnx", "states.npy"

# Tokens of a stretch of passages that are looked at together when all are gone through: what is mapped of the disk at a
# time, and what a comparison takes, stay as small however many passages there are.
STRETCH = 32_768


@dataclass(frozen=True, slots=True)
class TokenSimilarities:
    """The t tokens of a question compared with those of m passages."""

    products: NDArray[np.int32]  # [sum of tokens, t]; times the scale they are cosines
    bounds: NDArray[np.int64]  # [m + 1]; rows of the passage at position i are bounds[i]:bounds[i + 1]
    scale: np.float32

    def scores(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Late-interaction scores of the passages, float32 [m], from -1 to 1: MaxSim, weighted by `weights` [t]."""
        return np.asarray(self.best() @ weights / weights.sum(), np.float32)

    def best(self) -> NDArray[np.float32]:
        """The best cosine of each token of the question in each passage, float32 [m, t]: the terms of MaxSim."""
        best = np.maximum.reduceat(self.products, self.bounds[:-1], axis=0)
        return np.asarray(best.astype(np.float32) * self.scale, np.float32)

    def cosines(self, position: int) -> NDArray[np.float32]:
        """The cosines with the n tokens of one passage, float32 [t, n], in the order of `MultiVectorIndex.spans_of`."""
        rows = self.products[self.bounds[position] : self.bounds[position + 1]]
        return np.asarray(rows.T * self.scale, np.float32)


@dataclass(frozen=True, slots=True)
class GatheredTokens:
    """The tokens of m passages, one under the other, to be compared with questions."""

    rows: Quantised  # [sum of tokens, d]
    bounds: NDArray[np.int64]  # [m + 1]; rows of the passage at position i are bounds[i]:bounds[i + 1]
    quantum: NDArray[np.float32]  # []
    multiply: Any  # as of the index

    def compare(self, question: States) -> TokenSimilarities:
        """Compare a question, as `MultiVectorIndex.compare` does."""
        step = _quantum_of(float(np.abs(question).max()))
        columns = _quantised(question, step).T.copy()
        (products,) = self.multiply.run(None, {"rows": self.rows, "columns": columns})
        return TokenSimilarities(products, self.bounds, np.float32(self.quantum * step))


@dataclass(frozen=True, kw_only=True)
class MultiVectorIndex:
    """The token states of all passages, one under the other."""

    states: Quantised  # [tokens, d], centred rows of length 1
    quantum: NDArray[np.float32]  # [], what one step of `states` is worth
    starts: NDArray[np.int64]  # [passages + 1]; rows of passage i are starts[i]:starts[i + 1]
    ends: NDArray[np.int64]  # [passages]; those compared with questions come first, they are starts[i]:ends[i]
    tokens: NDArray[np.int32]  # [tokens], vocabulary ids
    spans: NDArray[np.int32]  # [tokens, 2], characters of the passage's text; (-1, -1) for a token of its context
    positions: NDArray[np.int32]  # [tokens], where each token stands in the text that was encoded, from 0
    mean: NDArray[np.float32]  # [d], of the states before centring
    idf: NDArray[np.float32]  # [greatest id + 2], by vocabulary id; the last is that of every id no passage holds
    multiply: Any  # onnxruntime.InferenceSession: the product of eight-bit matrices
    folder: Path | None = None  # where it was built, and `save` has nothing more to write

    @classmethod
    def build(
        cls,
        encoded: Iterable[Encoded],
        spans: Sequence[NDArray[np.int32]],
        folder: Path | None = None,
        *,
        as_they_are: bool = False,
    ) -> "MultiVectorIndex":
        """Gather the states of all passages, in their order; spans[i] are those of encoded[i]'s tokens.

        Every passage must have a token. With a `folder`, which is made, the states are written there as they come and
        stay on the disk: memory holds those of one passage. `encoded` is gone through three times, for the mean,
        the greatest component, and the states. Those that a multi-vector model was trained to compare stay
        `as_they_are`: centred on nothing.
        """
        ids, mean = _tokens_and_mean(encoded)
        mean *= np.float32(not as_they_are)
        quantum = _quantum_of(float(max(np.abs(unit_rows(one.states - mean)).max() for one in encoded)))
        starts, tokens = np.cumsum([0, *map(len, ids)]), np.concatenate(ids)
        idf = inverse_document_frequency(tokens, starts)
        compared = _compared(idf[tokens], starts)
        order = np.lexsort((~compared, np.repeat(np.arange(len(ids)), np.diff(starts))))
        quantised = (
            _quantised(unit_rows(one.states - mean)[order[first:last] - first], quantum)
            for one, first, last in zip(encoded, starts[:-1], starts[1:], strict=True)
        )
        if folder is not None:
            folder.mkdir(parents=True)
        index = cls(
            states=_stacked(quantised, (len(tokens), len(mean)), folder),
            quantum=np.asarray(quantum),
            starts=starts,
            ends=starts[:-1] + np.add.reduceat(compared, starts[:-1], dtype=np.int64),
            tokens=tokens[order],
            spans=np.concatenate(spans)[order],
            positions=np.concatenate([np.arange(len(one), dtype=np.int32) for one in ids])[order],
            mean=mean,
            idf=idf,
            multiply=_product_session(_integer_product(len(mean))),
        )
        if folder is None:
            return index
        index._save_all_but_states(folder)
        return replace(cls.open(folder), folder=folder)

    @classmethod
    def open(cls, folder: Path) -> "MultiVectorIndex":
        """Open what `save` wrote; the arrays stay on the disk, memory-mapped."""
        arrays: dict[str, Any] = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS}
        return cls(**arrays, multiply=_product_session((folder / PRODUCT).read_bytes()))

    def save(self, folder: Path) -> None:
        """Write one .npy file for each array, and the product, into `folder`, which is made or was built in."""
        if folder == self.folder:
            return
        folder.mkdir()
        np.save(folder / STATES, self.states)
        self._save_all_but_states(folder)

    def _save_all_but_states(self, folder: Path) -> None:
        (folder / PRODUCT).write_bytes(_integer_product(self.states.shape[1]))
        for name in ARRAYS:
            if f"{name}.npy" != STATES:
                np.save(folder / f"{name}.npy", getattr(self, name))

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """All passages in stretches of about `STRETCH` tokens: the first passage of each, and one past its last."""
        wanted = np.arange(STRETCH, self.starts[-1], STRETCH)
        cuts = np.unique([0, *np.searchsorted(self.starts, wanted).tolist(), len(self)])
        return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))

    def in_stretches(self) -> Iterator["MultiVectorIndex"]:
        """The passages of each of the `stretches` as an index of their own, one after the other.

        Where the index was built in a folder, the states of a stretch are mapped for as long as it is looked at.
        """
        for first, last in self.stretches:
            states = self.states if self.folder is None else np.load(self.folder / STATES, mmap_mode="r")
            rows = slice(int(self.starts[first]), int(self.starts[last]))
            own = {name: getattr(self, name)[rows] for name in ("tokens", "spans", "positions")}
            starts, ends = self.starts[first : last + 1] - rows.start, self.ends[first:last] - rows.start
            yield replace(self, states=np.asarray(states[rows]), starts=starts, ends=ends, folder=None, **own)

    def all_scores(self, questions: Sequence[tuple[States, NDArray[np.float32]]]) -> NDArray[np.float32]:
        """The late-interaction scores of all passages for some questions, float32 [questions, passages].

        Each question is its centred unit states [t, d] and weights [t], as `scores` takes them.
        """
        kept = [(states[mask], weights[mask]) for states, weights in questions for mask in [query_token_mask(weights)]]
        scores = np.empty((len(kept), len(self)), np.float32)
        for (first, last), part in zip(self.stretches, self.in_stretches(), strict=True):
            gathered = part.gather(np.arange(len(part)))
            for row, (states, weights) in enumerate(kept):
                scores[row, first:last] = gathered.compare(states).scores(weights)
        return scores

    def __len__(self) -> int:
        """The number of passages."""
        return len(self.ends)

    def centred(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> States:
        """Some of the states as floats: centred rows of length 1, float32 [n, d]."""
        return np.asarray((self.states[rows].astype(np.float32) - ZERO) * self.quantum, np.float32)

    def weights(self, tokens: NDArray[np.int32]) -> NDArray[np.float32]:
        """The idf of tokens by their vocabulary ids [t], float32 [t]: ln((n + 1) / (df + 1)), MIN_IDF at least.

        n is the number of passages and df the number of those that hold the token.
        """
        return np.asarray(self.idf[np.minimum(tokens, len(self.idf) - 1)], np.float32)

    def scores(
        self, question: States, weights: NDArray[np.float32], passages: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Late-interaction scores of m passages, by their rows, float32 [m]; `question` as in `compare`, `weights` [t].

        The too common tokens of the question are left out (`query_token_mask`).
        """
        kept = query_token_mask(weights)
        return self.compare(question[kept], passages).scores(weights[kept])

    def compare(self, question: States, passages: NDArray[np.int64]) -> TokenSimilarities:
        """Compare the t tokens of a question with those of m passages; `question` holds centred unit rows [t, d].

        Products are taken in eight-bit integers, which costs at most half a quantum a component.
        """
        return self.gather(passages).compare(question)

    def gather(self, passages: NDArray[np.int64]) -> "GatheredTokens":
        """The tokens of m passages that are compared with questions, to be compared with one or with several."""
        rows = np.concatenate([self.states[self.starts[i] : self.ends[i]] for i in passages])
        bounds = np.concatenate([[0], np.cumsum(self.ends[passages] - self.starts[passages])])
        return GatheredTokens(rows, bounds, self.quantum, self.multiply)

    def spans_of(self, passage: int) -> NDArray[np.int32]:
        """The spans of the tokens of one passage that are compared with questions, int32 [n, 2]."""
        return self.spans[self.starts[passage] : self.ends[passage]]

    def reading_order(self, passage: int) -> NDArray[np.int64]:
        """The rows of all tokens of one passage, in the order of the text that was encoded, int64 [n]."""
        start, end = int(self.starts[passage]), int(self.starts[passage + 1])
        return start + np.argsort(self.positions[start:end])


def query_token_mask(weights: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which tokens of a question are compared, bool [t], by their idf [t]: not the too common, while there are others.

    Example: [2.0, 0.1, 0.6] → [True, False, True]; [0.3, 0.1] → [True, False]
    """
    return np.asarray(weights >= min(QUESTION_IDF, weights.max()), bool)


def inverse_document_frequency(tokens: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """The idf of every vocabulary id up to the greatest in `tokens`, and at last that of an id no passage holds."""
    passages, ids = len(starts) - 1, int(tokens.max()) + 1
    of_passage = np.repeat(np.arange(passages), np.diff(starts))
    held = np.unique(of_passage * ids + tokens) % ids  # each id once for every passage that holds it
    frequency = np.bincount(held, minlength=ids + 1)
    # One logarithm for each frequency there is, of `math`: numpy's may differ in the last bit from machine to machine.
    frequencies, which = np.unique(frequency, return_inverse=True)
    idf = [math.log((passages + 1) / (df + 1)) for df in frequencies.tolist()]
    return np.maximum(np.array(idf, np.float32), np.float32(MIN_IDF))[which]


def _compared(idf: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which tokens are compared with questions, bool [tokens]: the rare ones, or all of a passage that has none."""
    rare = idf >= PASSAGE_IDF
    has_rare = np.logical_or.reduceat(rare, starts[:-1])
    return np.asarray(rare | ~np.repeat(has_rare, np.diff(starts)), bool)


def _tokens_and_mean(encoded: Iterable[Encoded]) -> tuple[list[NDArray[np.int32]], NDArray[np.float32]]:
    """The tokens of each passage, and the mean of all states, float32 [d]."""
    ids: list[NDArray[np.int32]] = []
    total: NDArray[np.float64] | None = None
    for one in encoded:
        ids.append(one.tokens)
        rows = one.states.astype(np.float64)
        # One row after the other onto the sum so far, so that the sum is that of all rows at once to the last bit.
        total = np.add.reduce(rows if total is None else np.vstack([total, rows]), axis=0)
    if total is None:
        raise ValueError("There is no passage to index")
    return ids, (total / sum(map(len, ids))).astype(np.float32)


def _stacked(parts: Iterator[Quantised], shape: tuple[int, int], folder: Path | None) -> Quantised:
    """The parts one under the other: in memory, or in the file of the states in a folder."""
    if folder is None:
        return np.concatenate(list(parts))
    with (folder / STATES).open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.uint8)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(part.tobytes())
    return np.asarray(np.load(folder / STATES, mmap_mode="r"))


def _quantum_of(greatest: float) -> np.float32:
    """What one of the 127 steps on either side of zero is worth, so that the greatest component has a place."""
    return np.float32(np.float32(greatest) / 127) or np.float32(1)


def _quantised(rows: NDArray[np.float32], quantum: np.float32) -> Quantised:
    return np.asarray(np.rint(rows / quantum) + ZERO, np.uint8)


def _product_session(model: bytes) -> Any:  # noqa: ANN401
    # More threads would wait for the encoder's, which stay awake after their work.
    return onnx_session(model, threads=1)


def _integer_product(dimension: int) -> bytes:
    """An ONNX model of one operation: uint8 [n, d] times uint8 [d, t], both with the zero point ZERO, to int32 [n, t].

    numpy has no fast product of integers, and turning the states into floats first costs more than the product. Written
    into the index, so that serving need not import the library that writes ONNX.
    """
    from onnx import TensorProto, helper

    product = helper.make_graph(
        [helper.make_node("MatMulInteger", ["rows", "columns", "zero", "zero"], ["products"])],
        "integer_product",
        [
            helper.make_tensor_value_info("rows", TensorProto.UINT8, ["n", dimension]),
            helper.make_tensor_value_info("columns", TensorProto.UINT8, [dimension, "t"]),
        ],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["n", "t"])],
        [helper.make_tensor("zero", TensorProto.UINT8, [], [ZERO])],
    )
    model = helper.make_model(product, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())
