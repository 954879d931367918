"""Token states: the memory of late interaction (MaxSim of ColBERT; Khattab & Zaharia, SIGIR 2020), not projected.

Every token state of the passages is centred on their mean, scaled to length 1 and kept in eight bits. A token of a
question scores against a passage as its best cosine there; the tokens of a question are weighted by how rare they are.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, States, unit_rows

Quanta = NDArray[np.uint8]  # a component x as round(x / quantum) + ZERO

ZERO = 128

# A token that every passage holds still keeps this weight, so that a question made of such tokens has a score at all.
LEAST_WEIGHT = 0.05

ARRAYS = ("states", "quantum", "starts", "tokens", "spans", "mean")
PRODUCT = "product.onnx"


@dataclass(frozen=True)
class TokenBank:
    """The token states of all passages, one under the other."""

    states: Quanta  # [tokens, d], centred rows of length 1
    quantum: NDArray[np.float32]  # [], what one step of `states` is worth
    starts: NDArray[np.int64]  # [passages + 1]; rows of passage i are starts[i]:starts[i + 1]
    tokens: NDArray[np.int32]  # [tokens], vocabulary ids
    spans: NDArray[np.int32]  # [tokens, 2], characters of the passage's text; (-1, -1) for a token of its context
    mean: NDArray[np.float32]  # [d], of the states before centring
    multiply: Any  # onnxruntime.InferenceSession: the product of eight-bit matrices

    @classmethod
    def build(cls, encoded: Sequence[Encoded], spans: Sequence[NDArray[np.int32]], threads: int) -> "TokenBank":
        """Gather the states of all passages, in their order; spans[i] are those of encoded[i]'s tokens."""
        states = np.concatenate([one.states for one in encoded])
        mean = states.mean(axis=0, dtype=np.float64).astype(np.float32)
        centred = unit_rows(states - mean)
        quantum = np.asarray(np.abs(centred).max() / 127, np.float32)
        starts = np.cumsum([0, *(len(one.tokens) for one in encoded)])
        tokens = np.concatenate([one.tokens for one in encoded])
        multiply = _session(_integer_product(states.shape[1]), threads)
        return cls(_quantised(centred, quantum), quantum, starts, tokens, np.concatenate(spans), mean, multiply)

    @classmethod
    def open(cls, folder: Path, threads: int) -> "TokenBank":
        """Open what `save` wrote; the states stay on the disk, memory-mapped."""
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r" if name == "states" else None) for name in ARRAYS}
        return cls(**arrays, multiply=_session((folder / PRODUCT).read_bytes(), threads))

    def save(self, folder: Path) -> None:
        """Write one .npy file for each array, and the product."""
        folder.mkdir()
        (folder / PRODUCT).write_bytes(_integer_product(self.states.shape[1]))
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    def centred(self, rows: NDArray[np.bool_] | slice) -> States:
        """Some of the states as floats: centred rows of length 1, float32 [n, d]."""
        return np.asarray((self.states[rows].astype(np.float32) - ZERO) * self.quantum, np.float32)

    def weights(self, tokens: Sequence[int] | NDArray[np.int32]) -> NDArray[np.float32]:
        """The inverse document frequency of tokens, ln((n + 1) / (df + 1)) with passages as documents, float32 [t]."""
        n = len(self.starts) - 1
        idf = [math.log((n + 1) / (self._document_frequency[int(token)] + 1)) for token in tokens]
        return np.maximum(np.array(idf, np.float32), LEAST_WEIGHT)

    def scores(
        self, question: States, weights: NDArray[np.float32], passages: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Late-interaction scores of passages, float32 [m]: the weighted mean of the best cosines of the t tokens."""
        products, firsts = self._products(question, passages)
        best = np.maximum.reduceat(products, firsts, axis=0)
        return np.asarray(best @ weights / weights.sum(), np.float32)

    def cosines(self, question: States, passages: NDArray[np.int64]) -> list[NDArray[np.float32]]:
        """The cosine of every token of a question with every token of each passage, m matrices float32 [t, tokens]."""
        products, firsts = self._products(question, passages)
        return np.split(products.T, firsts[1:], axis=1)

    def spans_of(self, passage: int) -> NDArray[np.int32]:
        """The spans of one passage's tokens in its embedded text, int32 [passage tokens, 2]."""
        return self.spans[self.starts[passage] : self.starts[passage + 1]]

    def _products(self, question: States, passages: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Cosines of all tokens of the passages with the t tokens of a question, and where each passage begins.

        The cosines are float32 [sum of tokens, t], the first rows of the passages int64 [m]. `question` holds centred
        rows of length 1, [t, d]. The products are taken in eight-bit integers, which costs at most half a quantum a
        component.
        """
        step = np.float32(np.abs(question).max() / 127)
        rows = np.concatenate([self.states[self.starts[i] : self.starts[i + 1]] for i in passages])
        (products,) = self.multiply.run(None, {"rows": rows, "columns": _quantised(question, step).T.copy()})
        lengths = self.starts[passages + 1] - self.starts[passages]
        return products * (self.quantum * step), np.concatenate([[0], np.cumsum(lengths)[:-1]])

    @cached_property
    def _document_frequency(self) -> Counter[int]:
        """Vocabulary id → number of passages that hold it."""
        bounds = zip(self.starts[:-1], self.starts[1:], strict=True)
        return Counter(int(token) for first, last in bounds for token in np.unique(self.tokens[first:last]))


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


def _session(model: bytes, threads: int) -> Any:  # noqa: ANN401
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
