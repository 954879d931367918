"""The encoder: text → one sentence vector and one state for each token, from a single pass of a model.

`Encoder` is all that the index and the search ask of a model, so that any model can stand behind it; `ModelEncoder` is
the one that runs transformers. `index.prepared_model` opens it. With an ONNX export neither torch nor
sentence-transformers is imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Vectors = NDArray[np.float32]  # [n, d], every row of length 1
States = NDArray[np.float32]  # [t, d], one row for each token: the last hidden layer, not scaled

# input ids int64 [b, t], attention mask int64 [b, t] → token states float32 [b, t, d], unit sentence vectors [b, d]
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.float32], Vectors]]

# Tokens that a passage leaves free for its prompt, its context and the special tokens; at most half of what the model
# reads, so that passages stay passages with a model that reads little.
CONTEXT_TOKENS = 112


def unit_rows(matrix: NDArray[np.float32]) -> Vectors:
    """Scale every row of a matrix [n, d] to length 1 (L2); a row of zeros, which has no direction, stays as it is.

    Example: [[3, 4], [0, 0]] → [[0.6, 0.8], [0, 0]]
    """
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-9), np.float32)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text after the encoder. Of the t tokens only those of the text itself are here: no prompt, none special."""

    vector: NDArray[np.float32]  # [d], length 1
    states: States  # [t, d'], where d' may differ from d: a model may project its sentence vectors
    tokens: NDArray[np.int32]  # [t], vocabulary ids
    spans: NDArray[np.int32]  # [t, 2], characters of the text, 0-based, end exclusive


class Encoder(Protocol):
    """What is asked of a model. Questions and passages apart, because some models (E5, for one) mark them."""

    @property
    def name(self) -> str:
        """What people call the model."""

    @property
    def digest(self) -> str:
        """Names its weights, tokenizer and prompts; an index made with a model of another digest is refused."""

    @property
    def max_tokens(self) -> int:
        """What it reads of one text, prompt and special tokens included."""

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions, in the order given."""

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = ...) -> list[Encoded]:
        """Encode passages, in the order given; `done` is told how many more are ready."""

    def fits(self, text: str) -> bool:
        """Whether the model reads the whole of a passage, with room for the context written before it."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The text put before a question and before a passage; both may be empty."""

    question: str
    passage: str


@dataclass(frozen=True, kw_only=True)
class ModelEncoder:
    """An open transformer: an `Encoder`. It may run questions in eight bits and passages in full precision."""

    name: str
    digest: str
    max_tokens: int
    prompts: Prompts
    tokenizer: Tokenizer  # truncates at max_tokens
    question_forward: Forward
    passage_forward: Forward

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions, in the order given."""
        return [self._encode(text, self.prompts.question, self.question_forward) for text in texts]

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = lambda n: None) -> list[Encoded]:
        """Encode passages, in the order given; `done` is told how many more are ready."""
        encoded = []
        for text in texts:
            encoded.append(self._encode(text, self.prompts.passage, self.passage_forward))
            done(1)
        return encoded

    def fits(self, text: str) -> bool:
        """Whether the model reads the whole of a passage, with room for the context written before it."""
        room = self.max_tokens - min(CONTEXT_TOKENS, self.max_tokens // 2)
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids) <= room

    def _encode(self, text: str, prompt: str, forward: Forward) -> Encoded:
        """Run the model over one text alone, so that its encoding does not depend on its neighbours.

        In eight bits the scales of dynamic quantisation are taken over a whole batch. In full precision a batch is
        summed in another order, even one of texts of equal length, which moves the last bits (7e-8 were measured).
        """
        encoding = self.tokenizer.encode(prompt + text)
        ids, mask = np.array([encoding.ids], np.int64), np.array([encoding.attention_mask], np.int64)
        states, vectors = forward(ids, mask)
        return _without_prompt(encoding, states[0], vectors[0], len(prompt))


def _without_prompt(encoding: Encoding, states: States, vector: NDArray[np.float32], prompt_length: int) -> Encoded:
    """Keep the tokens that stand behind the prompt, as spans of the text: `states` [all tokens, d] → [t, d]."""
    spans = np.array(encoding.offsets, np.int32).reshape(-1, 2)
    kept = (np.array(encoding.special_tokens_mask) == 0) & (spans[:, 1] > prompt_length)
    own = np.maximum(spans[kept] - prompt_length, 0)
    return Encoded(vector, states[: len(spans)][kept], np.array(encoding.ids, np.int32)[kept], own)


def onnx_session(model: Path | bytes, threads: int) -> Any:  # noqa: ANN401 — onnxruntime has no type stubs
    """An onnxruntime.InferenceSession on the processor, from a file or from its bytes; 0 threads: one for each core."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def onnx_forward(path: Path, threads: int) -> Forward:
    """The forward pass of an ONNX export. Its weights lie beside it and are memory-mapped, not copied."""
    session = onnx_session(path, threads)

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], Vectors]:
        states, vectors = session.run(["states", "vectors"], {"input_ids": ids, "attention_mask": mask})
        return states, vectors

    return forward


def torch_forward(folder: Path) -> Forward:
    """The forward pass of a sentence-transformers folder, for models whose export is not faithful."""
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu").eval()

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], Vectors]:
        with torch.inference_mode():
            out = model({"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)})
            vectors = torch.nn.functional.normalize(out["sentence_embedding"], dim=-1)
        return out["token_embeddings"].numpy(), vectors.numpy()

    return forward
