"""Token states: the memory of late interaction (MaxSim of ColBERT; Khattab & Zaharia, SIGIR 2020), not projected.

Every token state of the passages is centred on their mean, scaled to length 1 and kept in eight bits. A token of a
question scores against a passage as its best cosine there; the tokens of a question are weighted by how rare they are.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, States, unit_rows

Quanta = NDArray[np.uint8]  # a component x as round(x / quantum) + ZERO

ZERO = 128

# A token that every passage holds still keeps this weight, so that a question made of such tokens has a score at all.
LEAST_WEIGHT = 0.05

# A token of a passage below this weight, thus in more than exp(-1.2) = 30 % of the passages, is not compared with
# questions: it is two fifths of all tokens and changes no ranking beyond noise (docs/decisions/0003-ranking.md).
COMPARED_WEIGHT = 1.2

# A token of a question below this weight, thus in more than exp(-0.5) = 60 % of the passages, is left out while there
# are others: a fifth of a question's tokens, and no ranking changes.
ASKED_WEIGHT = 0.5

ARRAYS = ("states", "quantum", "starts", "ends", "tokens", "spans", "places", "mean")
PRODUCT = "product.onnx"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The tokens of a question compared with those of some passages."""

    products: NDArray[np.int32]  # [sum of tokens, t]; times the scale they are cosines
    bounds: NDArray[np.int64]  # [m + 1]; rows of the passage at position i are bounds[i]:bounds[i + 1]
    scale: np.float32

    def scores(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of the best cosines of the t tokens, by their weights, for each passage, float32 [m]."""
        return np.asarray(self.best() @ weights / weights.sum(), np.float32)

    def best(self) -> NDArray[np.float32]:
        """The best cosine of each token of the question in each passage, float32 [m, t]."""
        best = np.maximum.reduceat(self.products, self.bounds[:-1], axis=0)
        return np.asarray(best.astype(np.float32) * self.scale, np.float32)

    def cosines(self, position: int) -> NDArray[np.float32]:
        """The cosines with the tokens of one passage, float32 [t, n], in the order of `TokenBank.spans_of`."""
        rows = self.products[self.bounds[position] : self.bounds[position + 1]]
        return np.asarray(rows.T * self.scale, np.float32)


@dataclass(frozen=True)
class TokenBank:
    """The token states of all passages, one under the other."""

    states: Quanta  # [tokens, d], centred rows of length 1
    quantum: NDArray[np.float32]  # [], what one step of `states` is worth
    starts: NDArray[np.int64]  # [passages + 1]; rows of passage i are starts[i]:starts[i + 1]
    ends: NDArray[np.int64]  # [passages]; those compared with questions come first, they are starts[i]:ends[i]
    tokens: NDArray[np.int32]  # [tokens], vocabulary ids
    spans: NDArray[np.int32]  # [tokens, 2], characters of the passage's text; (-1, -1) for a token of its context
    places: NDArray[np.int32]  # [tokens], where each token stands in the text that was encoded, from 0
    mean: NDArray[np.float32]  # [d], of the states before centring
    multiply: Any  # onnxruntime.InferenceSession: the product of eight-bit matrices

    @classmethod
    def build(cls, encoded: Sequence[Encoded], spans: Sequence[NDArray[np.int32]]) -> "TokenBank":
        """Gather the states of all passages, in their order; spans[i] are those of encoded[i]'s tokens."""
        states = np.concatenate([one.states for one in encoded])
        mean = states.mean(axis=0, dtype=np.float64).astype(np.float32)
        centred = unit_rows(states - mean)
        quantum = np.asarray(np.abs(centred).max() / 127, np.float32)
        starts = np.cumsum([0, *(len(one.tokens) for one in encoded)])
        tokens = np.concatenate([one.tokens for one in encoded])
        compared = _compared(tokens, starts)
        order = np.lexsort((~compared, np.repeat(np.arange(len(encoded)), np.diff(starts))))
        ends = starts[:-1] + np.add.reduceat(compared, starts[:-1], dtype=np.int64)
        multiply = _session(_integer_product(states.shape[1]))
        quanta = _quantised(centred[order], quantum)
        places = np.concatenate([np.arange(len(one.tokens), dtype=np.int32) for one in encoded])[order]
        return cls(quanta, quantum, starts, ends, tokens[order], np.concatenate(spans)[order], places, mean, multiply)

    @classmethod
    def open(cls, folder: Path) -> "TokenBank":
        """Open what `save` wrote; the arrays stay on the disk, memory-mapped."""
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS}
        return cls(**arrays, multiply=_session((folder / PRODUCT).read_bytes()))

    def save(self, folder: Path) -> None:
        """Write one .npy file for each array, and the product."""
        folder.mkdir()
        (folder / PRODUCT).write_bytes(_integer_product(self.states.shape[1]))
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    def centred(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> States:
        """Some of the states as floats: centred rows of length 1, float32 [n, d]."""
        return np.asarray((self.states[rows].astype(np.float32) - ZERO) * self.quantum, np.float32)

    def weights(self, tokens: Sequence[int] | NDArray[np.int32]) -> NDArray[np.float32]:
        """The inverse document frequency of tokens, ln((n + 1) / (df + 1)) with passages as documents, float32 [t]."""
        return _weights(tokens, self._document_frequency, len(self.ends))

    def scores(
        self, question: States, weights: NDArray[np.float32], passages: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Late-interaction scores of passages, float32 [m]: the weighted mean of the best cosines of the t tokens."""
        kept = asked(weights)
        return self.compare(question[kept], passages).scores(weights[kept])

    def compare(self, question: States, passages: NDArray[np.int64]) -> "Comparison":
        """Compare the t tokens of a question with those of m passages; `question` holds centred unit rows [t, d].

        Products are taken in eight-bit integers, which costs at most half a quantum a component.
        """
        step = np.float32(np.abs(question).max() / 127)
        rows = np.concatenate([self.states[self.starts[i] : self.ends[i]] for i in passages])
        (products,) = self.multiply.run(None, {"rows": rows, "columns": _quantised(question, step).T.copy()})
        bounds = np.concatenate([[0], np.cumsum(self.ends[passages] - self.starts[passages])])
        return Comparison(products, bounds, np.float32(self.quantum * step))

    def spans_of(self, passage: int) -> NDArray[np.int32]:
        """The spans of the tokens of one passage that are compared with questions, int32 [n, 2]."""
        return self.spans[self.starts[passage] : self.ends[passage]]

    def reading_order(self, passage: int) -> NDArray[np.int64]:
        """The rows of all tokens of one passage, in the order of the text that was encoded, int64 [n]."""
        start, end = int(self.starts[passage]), int(self.starts[passage + 1])
        return start + np.argsort(self.places[start:end])

    @cached_property
    def _document_frequency(self) -> Counter[int]:
        return _document_frequency(self.tokens, self.starts)


def asked(weights: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which tokens of a question are compared, bool [t]: all but the too common, or the rarest if all are."""
    return np.asarray(weights >= min(ASKED_WEIGHT, weights.max()), bool)


def _document_frequency(tokens: NDArray[np.int32], starts: NDArray[np.int64]) -> Counter[int]:
    """Vocabulary id → number of passages that hold it."""
    bounds = pairwise(starts)
    return Counter(int(token) for first, last in bounds for token in np.unique(tokens[first:last]))


def _compared(tokens: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which tokens are compared with questions, bool [tokens]: the rare ones, or all of a passage that has none."""
    rare = _weights(tokens, _document_frequency(tokens, starts), len(starts) - 1) >= COMPARED_WEIGHT
    has_rare = np.logical_or.reduceat(rare, starts[:-1])
    return np.asarray(rare | ~np.repeat(has_rare, np.diff(starts)), bool)


def _weights(tokens: Sequence[int] | NDArray[np.int32], frequency: Counter[int], passages: int) -> NDArray[np.float32]:
    idf = [math.log((passages + 1) / (frequency[int(token)] + 1)) for token in tokens]
    return np.maximum(np.array(idf, np.float32), LEAST_WEIGHT)


def _quantised(rows: NDArray[np.float32], quantum: np.float32 | NDArray[np.float32]) -> Quanta:
    return np.asarray(np.rint(rows / quantum) + ZERO, np.uint8)


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


def _session(model: bytes) -> Any:  # noqa: ANN401
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # more would wait for the encoder's threads, which stay awake after their work
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
