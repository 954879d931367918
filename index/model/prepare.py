"""Preparing a model: an embedding model made ready to be served, once, in a folder of its own.

Its export is compared with the model itself, and served only where it is faithful. What the folder holds is said in
`index.encoder`. It appears whole or not at all.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import (
    CARD,
    EIGHT_BITS,
    FULL,
    HOME,
    TOKENIZER,
    ModelEncoder,
    PreparedModel,
    Prompts,
    Vectors,
    load_model,
    onnx_forward,
    open_tokenizer,
    states_and_vectors,
)
from index.errors import BadModel
from index.generations import new_generation
from index.model.bundled import BUNDLED, MAX_TOKENS, PROMPTS, read_weights, state_dict, weights_file, write_model
from index.model.export import export_model, quantise_export, remove_onnx, trunk_layers
from index.model.graph import write_export
from index.questions import sample_questions

# Below this mean cosine between the export's vectors and the model's own, rankings begin to differ, and the export is
# not used.
FAITHFUL = 0.99

# Above this mean cosine with the model's own vectors the export in eight bits is served instead of the full one.
NEAR = 0.998

# What a model reads of one text when it has no limit of its own, as with relative positions.
UNLIMITED = 512  # tokens

INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "

# Families whose sentence-transformers folders carry no prompts, though their model cards ask for them. The first one
# that the model's name holds decides, so the finer ones stand first.
FAMILIES = (
    ("e5-large-instruct", INSTRUCTION, ""),
    ("e5-mistral", INSTRUCTION, ""),
    ("e5", "query: ", "passage: "),
    ("bge-m3", "", ""),
    ("bge", "Represent this sentence for searching relevant passages: ", ""),
    ("nomic-embed", "search_query: ", "search_document: "),
    ("solon", "query : ", ""),
    ("arctic-embed", "query: ", ""),
)


def prepare_model(name: str, folder: Path, sample: Sequence[str]) -> PreparedModel:
    """Make the model called `name` ready in `folder`, comparing its export with itself on `sample` (passages).

    `name` is "bundled", or the name or folder of any embedding model that sentence-transformers loads, multi-vector
    ones of PyLate and ColBERT among them; all but "bundled" need torch and what belongs to it. Raises BadModel when it
    cannot be loaded.
    """
    with new_generation(folder) as fresh:
        home = fresh / HOME
        home.mkdir()
        card = _prepare_bundled(home, fresh, sample) if name == BUNDLED else _prepare_other(name, home, fresh, sample)
        (fresh / CARD).write_text(json.dumps(asdict(card), indent=2, ensure_ascii=False), encoding="utf8")
    return card


def _prepare_bundled(home: Path, fresh: Path, sample: Sequence[str]) -> PreparedModel:
    """Write the bundled model and its export; torch is not needed, because the graph is there already."""
    weights = read_weights(weights_file())
    write_model(home, weights)
    _save_tokenizer(home, fresh / TOKENIZER)
    hidden = weights.shape.hidden
    prompts = Prompts(PROMPTS["query"], PROMPTS["document"])
    card = _described(BUNDLED, home, prompts, dimension=hidden, state_dimension=hidden, max_tokens=MAX_TOKENS)
    write_export(state_dict(weights), fresh / FULL)
    own = np.array([one.vector for one in _encoder_of(card, fresh, FULL).passages(sample)])
    return _compared(card, own, fresh, sample)


def _prepare_other(name: str, home: Path, fresh: Path, sample: Sequence[str]) -> PreparedModel:
    """Load and write a model that sentence-transformers knows, and its export, where it has one."""
    try:
        from transformers.utils import logging

        model = _load(name)
    except ModuleNotFoundError as error:
        what = f"Other models than the bundled one need the package {error.name}"
        raise BadModel(what, f"RECUEIL_ENCODER={name}", "Run `pip install 'recueil[model]'`.") from None
    logging.set_verbosity_error()  # it reports the missing pooler, which no sentence vector uses
    logging.disable_progress_bar()
    model.save(str(home), create_model_card=False)
    model = load_model(str(home), model_kwargs={"attn_implementation": "eager"})
    _save_tokenizer(home, fresh / TOKENIZER)
    dimension, state_dimension = _sizes(model, home)
    card = _described(
        name,
        home,
        prompts_for(name, model.prompts),
        dimension=dimension,
        state_dimension=state_dimension,
        max_tokens=model.max_seq_length or UNLIMITED,
        skipped=_skip_list(model) if type(model).__name__ == "MultiVectorEncoder" else None,
    )
    if not export_model(model, fresh / FULL):
        return card
    tokenizer = open_tokenizer(fresh, card.max_tokens)
    own = [_own_vector(model, tokenizer.encode(card.prompts.passage + text).ids) for text in sample]
    return _compared(card, np.array(own), fresh, sample)


def prompts_for(name: str, stored: Mapping[str, str]) -> Prompts:
    """The prompts of a model: those its folder carries, else those of its family, else none.

    `stored` is what sentence-transformers read from the folder: its keys are "query" and "document" (or "passage").
    Example: prompts_for("intfloat/multilingual-e5-base", {}) → Prompts("query: ", "passage: ")
    """
    question = stored.get("query") or ""
    passage = stored.get("document") or stored.get("passage") or ""
    if question or passage:
        return Prompts(question, passage)
    for family, asked, given in FAMILIES:
        # Not inside another word: a folder below /home/joe5 need not be of the family e5.
        if re.search(rf"(?<![a-z0-9]){family}(?![a-z0-9])", name.lower()):
            return Prompts(asked, given)
    return Prompts("", "")


def _load(name: str) -> Any:  # noqa: ANN401 — a SentenceTransformer, whose class is only imported to build
    try:
        return load_model(name)
    except (OSError, ValueError) as error:
        raise BadModel(
            f"The embedding model cannot be loaded: {str(error).splitlines()[0]}",
            f"RECUEIL_ENCODER={name}",
            f"Give a sentence-transformers name or folder, or leave the setting out for the {BUNDLED} model.",
        ) from None


def _save_tokenizer(home: Path, path: Path) -> None:
    if not (home / TOKENIZER).is_file():
        raise BadModel(
            "The model has no fast tokenizer", str(home), "Choose a model whose folder has a tokenizer.json."
        )
    shutil.copyfile(home / TOKENIZER, path)


def _described(
    name: str,
    home: Path,
    prompts: Prompts,
    *,
    dimension: int,
    state_dimension: int,
    max_tokens: int,
    skipped: tuple[int, ...] | None = None,
) -> PreparedModel:
    """The card of a model before its export is compared with it; only a multi-vector one has a skip list."""
    digest = hashlib.sha256(f"{prompts.question}\0{prompts.passage}\0".encode())
    for path in sorted([*home.rglob("*.safetensors"), *home.glob("*/*.json"), home / TOKENIZER]):
        digest.update(path.read_bytes())
    if skipped is not None:
        digest.update(repr(skipped).encode())
    return PreparedModel(
        name=name,
        digest=digest.hexdigest(),
        dimension=dimension,
        state_dimension=state_dimension,
        max_tokens=max_tokens,
        prompts=prompts,
        served_by="sentence-transformers",
        fidelity=0.0,
        trunk_layers=0,
        multi_vector=skipped is not None,
        skipped=skipped or (),
    )


def _sizes(model: Any, home: Path) -> tuple[int, int]:  # noqa: ANN401
    """How many components its sentence vectors and its token states have."""
    import torch

    ids = torch.tensor([open_tokenizer(home, UNLIMITED).encode("a").ids])
    with torch.inference_mode():
        states, vectors = states_and_vectors(model, ids, torch.ones_like(ids))
    return vectors.shape[-1], states.shape[-1]


def _own_vector(model: Any, ids: Sequence[int]) -> Any:  # noqa: ANN401
    """The unit sentence vector [d] that the model itself gives for some tokens, special ones included."""
    import torch

    row = torch.tensor([list(ids)])
    with torch.inference_mode():
        return states_and_vectors(model, row, torch.ones_like(row))[1][0].numpy()


def _skip_list(model: Any) -> tuple[int, ...]:  # noqa: ANN401
    """The vocabulary ids that a multi-vector model leaves out of passages; words of several tokens do not count."""
    words = next((module.skiplist_words for module in model if hasattr(module, "skiplist_words")), ())
    vocabulary = model.tokenizer.get_vocab() if words else {}
    return tuple(sorted(vocabulary[word] for word in words if word in vocabulary))


def _encoder_of(card: PreparedModel, fresh: Path, name: str) -> ModelEncoder:
    """What encodes with one of the exports."""
    forward = onnx_forward(fresh / name, threads=1)
    return ModelEncoder(
        name=card.name,
        digest=card.digest,
        max_tokens=card.max_tokens,
        prompts=card.prompts,
        tokenizer=open_tokenizer(fresh, card.max_tokens),
        question_forward=forward,
        passage_forward=forward,
        skipped=frozenset(card.skipped),
    )


def _compared(card: PreparedModel, own: Vectors, fresh: Path, sample: Sequence[str]) -> PreparedModel:
    """The card with the export's fidelity to the model's own vectors [n, d], served from the fastest faithful one."""

    def fidelity(name: str) -> float:
        pairs = zip(_encoder_of(card, fresh, name).passages(sample), own, strict=True)
        return float(np.mean([one.vector @ vector for one, vector in pairs]))

    prompted = [card.prompts.passage + text for text in sample]
    asked = [card.prompts.question + text for text in sample_questions()]
    encodings = open_tokenizer(fresh, card.max_tokens).encode_batch([*prompted, *asked])
    card = replace(card, trunk_layers=trunk_layers(fresh / FULL))
    feeds = [{"input_ids": np.array([one.ids]), "attention_mask": np.array([one.attention_mask])} for one in encodings]
    quantise_export(fresh / FULL, fresh / EIGHT_BITS, feeds, four_bit_table=card.name == BUNDLED)
    if (found := fidelity(EIGHT_BITS)) >= NEAR:
        return replace(card, fidelity=found, served_by="onnx in eight bits")
    remove_onnx(fresh / EIGHT_BITS)
    found = fidelity(FULL)
    return replace(card, fidelity=found, served_by="onnx" if found >= FAITHFUL else card.served_by)
