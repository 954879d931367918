"""The encoder: text → one sentence vector and one state for each token, from a single pass of a model.

    encoder = open_encoder(model_folder(var, "bundled"), threads=2)
    encoder.questions(["aide à domicile"])[0].vector

`Encoder` is all that the index and the search ask of a model, so that any model can stand behind it; `ModelEncoder` is
the one that runs transformers. It is opened from a prepared model, which `index.model.prepare` writes into a folder of
its own:

    <folder>/sentence-transformers/   the model as sentence-transformers knows it
    <folder>/encoder….onnx, encoder….onnx.data, tokenizer.json   its export, which serving needs alone
    <folder>/model.json               what it is, and whether the export is faithful

With an ONNX export neither torch nor sentence-transformers is imported.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from tokenizers import Encoding, Tokenizer

from index.errors import BadModel
from index.generations import current_generation, private_copy

Vectors = NDArray[np.float32]  # [n, d], every row of length 1
States = NDArray[np.float32]  # [t, d], one row for each token: the last hidden layer, not scaled

# Token states float32 [b, t, d], unit sentence vectors [b, d], and the states of the trunk [b, t, d], None where the
# export does not give them.
Passed = tuple[NDArray[np.float32], Vectors, NDArray[np.float32] | None]

# input ids int64 [b, t], attention mask int64 [b, t] → what one pass of the model gives
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Passed]

# The output of an export that holds the states below the layers that may be adapted to a corpus (`index.adaptation`).
TRUNK = "trunk"

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
    trunk: States | None = None  # [all tokens, d], prompt and special ones included: what adapted layers go on from


class Encoder(Protocol):
    """What is asked of a model. Questions and passages apart, because some models (E5, for one) mark them."""

    @property
    def name(self) -> str:
        """What people call the model."""

    @property
    def digest(self) -> str:
        """Names its weights, tokenizer and prompts; an index made with a model of another digest is refused."""

    @property
    def multi_vector(self) -> bool:
        """Whether its token states are vectors trained to be compared (ColBERT): they are taken as they are."""

    @property
    def max_tokens(self) -> int:
        """What it reads of one text, prompt and special tokens included."""

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions, in the order given."""

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = ...) -> list[Encoded]:
        """Encode passages, in the order given; `done` is called with how many more are ready."""

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
    workers: int = 1  # texts at once, each in a thread of its own
    multi_vector: bool = False
    skipped: frozenset[int] = frozenset()  # vocabulary ids, such as punctuation, that no passage is compared by

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode questions, in the order given."""
        return list(self._encode_all(texts, self.prompts.question, self.question_forward))

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = lambda n: None) -> list[Encoded]:
        """Encode passages, in the order given; `done` is called with how many more are ready."""
        encoded = []
        for one in self._encode_all(texts, self.prompts.passage, self.passage_forward):
            encoded.append(self._without_skipped(one))
            done(1)
        return encoded

    def fits(self, text: str) -> bool:
        """Whether the model reads the whole of a passage, with room for the context written before it."""
        room = self.max_tokens - min(CONTEXT_TOKENS, self.max_tokens // 2)
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids) <= room

    def _encode_all(self, texts: Sequence[str], prompt: str, forward: Forward) -> Iterator[Encoded]:
        """Encode texts in their order; where there are several workers, each takes the next one as it is free."""
        if self.workers == 1 or len(texts) < 2:
            yield from (self._encode(text, prompt, forward) for text in texts)
            return
        with ThreadPoolExecutor(self.workers, "encode") as pool:
            yield from pool.map(lambda text: self._encode(text, prompt, forward), texts)

    def _without_skipped(self, encoded: Encoded) -> Encoded:
        """A passage without the tokens of the model's skip list, unless it has no others."""
        kept = ~np.isin(encoded.tokens, list(self.skipped))
        if not self.skipped or kept.all() or not kept.any():
            return encoded
        states, tokens, spans = encoded.states[kept], encoded.tokens[kept], encoded.spans[kept]
        return replace(encoded, states=states, tokens=tokens, spans=spans)

    def _encode(self, text: str, prompt: str, forward: Forward) -> Encoded:
        """Run the model over one text alone, so that its encoding does not depend on its neighbours.

        In eight bits the scales of dynamic quantisation are taken over a whole batch. In full precision a batch is
        summed in another order, even one of texts of equal length, which moves the last bits (7e-8 were measured).
        """
        encoding = self.tokenizer.encode(prompt + text)
        ids, mask = np.array([encoding.ids], np.int64), np.array([encoding.attention_mask], np.int64)
        states, vectors, trunk = forward(ids, mask)
        kept = _without_prompt(encoding, states[0], vectors[0], len(prompt))
        return kept if trunk is None else replace(kept, trunk=trunk[0])


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
    # Threads that spin while they wait took half the processor time of a search (72 ms, 38 without), for which whatever
    # else ran on the machine had to wait.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def onnx_forward(path: Path, threads: int) -> Forward:
    """The forward pass of an ONNX export. Its weights lie beside it and are memory-mapped, not copied."""
    session = onnx_session(path, threads)
    has_trunk = TRUNK in [output.name for output in session.get_outputs()]
    wanted = ["states", "vectors", *([TRUNK] if has_trunk else [])]

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Passed:
        states, vectors, *trunk = session.run(wanted, {"input_ids": ids, "attention_mask": mask})
        return states, vectors, trunk[0] if trunk else None

    return forward


def torch_forward(folder: Path) -> Forward:
    """The forward pass of a sentence-transformers folder, for models whose export is not faithful."""
    import torch

    model = load_model(str(folder))

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Passed:
        with torch.inference_mode():
            states, vectors = states_and_vectors(model, torch.from_numpy(ids), torch.from_numpy(mask))
        return states.numpy(), vectors.numpy(), None

    return forward


def load_model(name: str, **more: Any) -> Any:  # noqa: ANN401 — whose classes are imported only here
    """A model by its name or folder, as sentence-transformers knows it.

    Either a SentenceTransformer, with one vector for a text, or a MultiVectorEncoder, with one for each token: its own
    folders, those of PyLate and of ColBERT are told by what they say of themselves.
    """
    from sentence_transformers import MultiVectorEncoder, SentenceTransformer

    kind = MultiVectorEncoder if _is_multi_vector(name) else SentenceTransformer
    return kind(name, device="cpu", **more).eval()


def _is_multi_vector(name: str) -> bool:
    from sentence_transformers.util import load_file_path

    def said(file: str) -> Any:  # noqa: ANN401 — whatever the file holds
        path = load_file_path(name, file)
        return json.loads(Path(path).read_text(encoding="utf-8")) if path else {}

    kind = said("config_sentence_transformers.json").get("model_type")
    return kind in ("ColBERT", "MultiVectorEncoder") or "HF_ColBERT" in (said("config.json").get("architectures") or ())


def states_and_vectors(model: Any, ids: Any, mask: Any) -> tuple[Any, Any]:  # noqa: ANN401 — torch and its models
    """Token states [b, t, d] and unit sentence vectors [b, d] of one pass, as torch tensors.

    A multi-vector model has no vector of a text: it is the mean of those of its tokens. Which tokens are compared is
    decided by whoever compares, so that the last step of such a model, its mask, is left out.
    """
    import torch

    features = {"input_ids": ids, "attention_mask": mask}
    for module in model:
        if type(module).__name__ != "MultiVectorMask":
            features = module(features)
    states, vectors = features["token_embeddings"], features.get("sentence_embedding")
    if vectors is None:
        read = mask.unsqueeze(-1).to(states.dtype)
        vectors = (states * read).sum(dim=1) / read.sum(dim=1)
    return states, torch.nn.functional.normalize(vectors, dim=-1)


# --- The prepared model -----------------------------------------------------------------------------------------------

CARD = "model.json"
TOKENIZER = "tokenizer.json"
FULL, EIGHT_BITS = "encoder.onnx", "encoder-8bit.onnx"
HOME = "sentence-transformers"

ServedBy = Literal["onnx in eight bits", "onnx", "sentence-transformers"]

# The files without which a model cannot be opened, by what it is served by.
NEEDED: dict[ServedBy, tuple[str, ...]] = {
    "onnx in eight bits": (EIGHT_BITS, EIGHT_BITS + ".data", FULL, FULL + ".data"),
    "onnx": (FULL, FULL + ".data"),
    "sentence-transformers": (HOME,),
}

# Those that questions are encoded with, and passages when an index is searched.
SERVED_FROM: dict[ServedBy, tuple[str, ...]] = {
    "onnx in eight bits": (EIGHT_BITS, EIGHT_BITS + ".data", TOKENIZER),
    "onnx": (FULL, FULL + ".data", TOKENIZER),
    "sentence-transformers": (HOME, TOKENIZER),
}

MEND = "Run `recueil build`."


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedModel:
    """What `model.json` says."""

    name: str  # as the setting names it
    digest: str  # sha256 of weights, tokenizer, prompts and what is made of the states (pooling, projections)
    dimension: int  # of the sentence vectors
    state_dimension: int  # of the token states
    max_tokens: int
    prompts: Prompts
    served_by: ServedBy
    fidelity: float  # mean cosine of the export's vectors with the model's own on a sample of the corpus; 0 without one
    multi_vector: bool = False  # whether its token states are vectors trained to be compared
    skipped: tuple[int, ...] = ()  # vocabulary ids that no passage is compared by
    trunk_layers: (
        int  # layers below those that may be adapted to a corpus; 0 where the export does not give their states
    )


_CARD = TypeAdapter(PreparedModel)


def read_model(folder: Path) -> PreparedModel:
    """Read `model.json`. Raises BadModel when the folder holds no prepared model or an incomplete one."""
    path = folder / CARD
    try:
        model = _CARD.validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError:
        raise BadModel("No model has been prepared", str(folder), MEND) from None
    except ValidationError as error:
        what = "The description of the model cannot be read: " + error.errors()[0]["msg"]
        raise BadModel(what, str(path), MEND) from None
    needed = (TOKENIZER, *NEEDED[model.served_by])
    if missing := [name for name in needed if not (folder / name).exists()]:
        raise BadModel("A part of the prepared model is missing", str(folder / missing[0]), MEND)
    return model


def open_encoder(
    folder: Path, threads: int, exact: bool = False, private: bool = False, workers: int = 1
) -> ModelEncoder:
    """Open the prepared model in `folder`, to serve or, `exact`, to build: with passages in full precision.

    Each text has `threads` threads, and as many texts as there are `workers` are encoded at once: one thread for each
    of many texts keeps all cores at work, where several threads of one text wait for each other.

    The passages of an index are encoded once and every question meets them: rounding them would cost more than the time
    is worth. Questions are encoded alike in both cases. Whoever serves for long wants a `private` copy of the files,
    as with an index. Raises BadModel as `read_model` does.
    """
    with ExitStack() as opening:
        files = generation = opening.enter_context(current_generation(folder))
        model = read_model(generation)
        if private:
            files = opening.enter_context(private_copy(folder, generation, SERVED_FROM[model.served_by]))
        tokenizer = open_tokenizer(files, model.max_tokens)
        questions = _open_forward(files, model.served_by, threads)
        passages = questions
        if exact and model.served_by == "onnx in eight bits":
            passages = _open_forward(generation, "onnx", threads)
    return ModelEncoder(
        name=model.name,
        digest=model.digest,
        max_tokens=model.max_tokens,
        prompts=model.prompts,
        tokenizer=tokenizer,
        question_forward=questions,
        passage_forward=passages,
        workers=workers if model.served_by != "sentence-transformers" else 1,  # torch has threads of its own
        multi_vector=model.multi_vector,
        skipped=frozenset(model.skipped),
    )


def open_tokenizer(folder: Path, max_tokens: int) -> Tokenizer:
    """Open the tokenizer of a prepared model; it truncates and does not pad."""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()  # some folders ask to pad every text to the same length
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _open_forward(folder: Path, served_by: ServedBy, threads: int) -> Forward:
    match served_by:
        case "onnx in eight bits":
            return onnx_forward(folder / EIGHT_BITS, threads)
        case "onnx":
            return onnx_forward(folder / FULL, threads)
        case "sentence-transformers":
            return torch_forward(folder / HOME)
