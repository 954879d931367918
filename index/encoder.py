"""The encoder: text → one sentence vector and one state per token, from a single pass of the model.

`index.model` prepares and opens it. With the ONNX export neither torch nor sentence-transformers is imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.prompts import Prompts

Vectors = NDArray[np.float32]  # [n, d], every row of length 1
States = NDArray[np.float32]  # [t, d], one row a token, as the model gives them

# input ids int64 [b, t], attention mask int64 [b, t] → token states float32 [b, t, d], unit sentence vectors [b, d]
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.float32], Vectors]]

# Tokens that a passage leaves free for its prompt, its context and the special tokens; at most half of what the model
# reads, so that passages stay passages with a model that reads little.
CONTEXT_TOKENS = 112


def unit_rows(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale every row to length 1, float32 [n, d]; a row of zeros stays as it is."""
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-9), np.float32)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text after the encoder. The prompt and special tokens are left out of everything but the vector."""

    vector: NDArray[np.float32]  # [d], length 1
    states: States  # [t, d]
    tokens: NDArray[np.int32]  # [t], vocabulary ids
    spans: NDArray[np.int32]  # [t, 2], characters of the text, 0-based, end exclusive


@dataclass(frozen=True)
class Encoder:
    """An open model. `digest` names its weights, tokenizer and prompts; an index made with another is refused."""

    name: str
    digest: str
    max_tokens: int  # what the model reads of one text, prompt and special tokens included
    prompts: Prompts
    tokenizer: Tokenizer  # truncates at max_tokens
    forward: Forward

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions, in the order given."""
        return self._encode(texts, self.prompts.question)

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = lambda n: None) -> list[Encoded]:
        """Encode passages, in the order given; `done` is told how many more are ready."""
        return self._encode(texts, self.prompts.passage, done)

    def fits(self, text: str) -> bool:
        """Whether the model reads the whole of a passage, with room for the context written before it."""
        room = self.max_tokens - min(CONTEXT_TOKENS, self.max_tokens // 2)
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids) <= room

    def _encode(self, texts: Sequence[str], prompt: str, done: Callable[[int], None] = lambda n: None) -> list[Encoded]:
        """One text after the other: eight-bit scales are taken over all that goes through together."""
        encoded = []
        for text in texts:
            encoding = self.tokenizer.encode(prompt + text)
            ids, mask = np.array([encoding.ids], np.int64), np.array([encoding.attention_mask], np.int64)
            states, vectors = self.forward(ids, mask)
            encoded.append(_cut(encoding, states[0], vectors[0], len(prompt)))
            done(1)
        return encoded


def _cut(encoding: Encoding, states: States, vector: NDArray[np.float32], prompt_length: int) -> Encoded:
    spans = np.array(encoding.offsets, np.int32).reshape(-1, 2)
    kept = (np.array(encoding.special_tokens_mask) == 0) & (spans[:, 1] > prompt_length)
    own = np.maximum(spans[kept] - prompt_length, 0)
    return Encoded(vector, states[: len(spans)][kept], np.array(encoding.ids, np.int32)[kept], own)


def onnx_forward(path: Path, threads: int) -> Forward:
    """The forward pass of an ONNX export. Its weights lie beside it and are memory-mapped, not copied."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], Vectors]:
        states, vectors = session.run(["states", "vectors"], {"input_ids": ids, "attention_mask": mask})
        return states, vectors

    return forward


def torch_forward(folder: str) -> Forward:
    """The forward pass of a sentence-transformers folder or name, for models whose export is not faithful."""
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu").eval()

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], Vectors]:
        with torch.inference_mode():
            out = model({"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)})
            vectors = torch.nn.functional.normalize(out["sentence_embedding"], dim=-1)
        return out["token_embeddings"].numpy(), vectors.numpy()

    return forward
