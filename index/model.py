"""A prepared model: an embedding model made ready to serve, once, in a folder of its own.

    <folder>/sentence-transformers/   the model as sentence-transformers knows it
    <folder>/encoder.onnx, encoder.onnx.data, tokenizer.json   its export, which serving needs alone
    <folder>/model.json               what it is, and whether the export is faithful

The folder appears whole or not at all.
"""

import hashlib
import json
import shutil
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from index.bundled import BUNDLED, PROMPTS, write_model
from index.encoder import Encoder, onnx_forward, torch_forward
from index.fault import BadModel
from index.folder import new_folder, settled
from index.prompts import Prompts, prompts_for

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Below this mean cosine between the export's vectors and the model's own, rankings begin to differ, and the export is
# not used.
FAITHFUL = 0.99

# What a model reads of one text when it has no limit of its own, as with relative positions.
UNLIMITED = 512  # tokens

OPSET = 17  # ONNX operator set: the newest one that the exporter of torch 2.13 writes without falling back


@dataclass(frozen=True, slots=True)
class Model:
    """What `model.json` says."""

    name: str  # as the setting names it
    digest: str  # sha256 of weights, tokenizer and prompts
    dimension: int  # of the sentence vectors
    state_dimension: int  # of the token states
    max_tokens: int
    prompts: Prompts
    served_by: Literal["onnx", "sentence-transformers"]
    fidelity: float  # mean cosine of the export's vectors with the model's own on a sample of the corpus; 0 without one


CARD = "model.json"
MODEL = TypeAdapter(Model)
SERVED_FROM = {"onnx": ("encoder.onnx", "encoder.onnx.data"), "sentence-transformers": ("sentence-transformers",)}


def prepare_model(name: str, folder: Path, sample: Sequence[str]) -> Model:
    """Make the model called `name` ready in `folder`, comparing its export with itself on `sample` (passages).

    `name` is "bundled", a sentence-transformers name or a folder. Raises BadModel when it cannot be loaded.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()  # it reports the missing pooler, which no sentence vector uses
    logging.disable_progress_bar()
    with new_folder(folder) as fresh:
        home = fresh / "sentence-transformers"
        home.mkdir()
        if name == BUNDLED:
            write_model(home)
        else:
            _load(name).save(str(home), create_model_card=False)
        model = SentenceTransformer(str(home), device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()
        _save_tokenizer(home, fresh / "tokenizer.json")
        card = _describe(name, model, home)
        if _export(model, fresh / "encoder.onnx"):
            card = _compared(card, model, fresh, sample)
        (fresh / CARD).write_text(json.dumps(asdict(card), indent=2, ensure_ascii=False), encoding="utf8")
    return card


def read_model(folder: Path) -> Model:
    """Read `model.json`. Raises BadModel when the folder holds no prepared model or an incomplete one."""
    mend = "Run `recueil build`."
    path = folder / CARD
    try:
        model = MODEL.validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError:
        raise BadModel("No model has been prepared", str(folder), mend) from None
    except ValidationError as error:
        raise BadModel(
            "The description of the model cannot be read: " + error.errors()[0]["msg"], str(path), mend
        ) from None
    needed = ("tokenizer.json", *SERVED_FROM[model.served_by])
    if missing := [name for name in needed if not (folder / name).exists()]:
        raise BadModel("A part of the prepared model is missing", str(folder / missing[0]), mend)
    return model


def open_encoder(folder: Path, threads: int) -> Encoder:
    """Open the prepared model in `folder` for serving. Raises BadModel as `read_model` does."""
    with settled(folder) as generation:
        model = read_model(generation)
        tokenizer = _open_tokenizer(generation, model)
        if model.served_by == "onnx":
            forward = onnx_forward(generation / "encoder.onnx", threads)
        else:
            forward = torch_forward(str(generation / "sentence-transformers"))
    return Encoder(model.name, model.digest, model.max_tokens, model.prompts, tokenizer, forward)


def _open_tokenizer(folder: Path, model: Model) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()  # some folders ask to pad every text to the same length
    tokenizer.enable_truncation(model.max_tokens)
    return tokenizer


def _load(name: str) -> Any:  # noqa: ANN401 — a SentenceTransformer, whose class is only imported to build
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        raise BadModel(
            f"The embedding model cannot be loaded: {str(error).splitlines()[0]}",
            f"RECUEIL_ENCODER={name}",
            f"Give a sentence-transformers name or folder, or leave the setting out for the {BUNDLED} model.",
        ) from None


def _export(model: Any, path: Path) -> bool:  # noqa: ANN401
    """Write the model as ONNX with its weights in a file beside it, so that serving maps them instead of copying.

    False when the model holds an operation that ONNX does not know.
    """
    import onnx
    import torch

    class TokensAndSentence(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:  # noqa: ANN401
            out = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return out["token_embeddings"], torch.nn.functional.normalize(out["sentence_embedding"], dim=-1)

    ids = torch.ones((2, 16), dtype=torch.long)
    both = {0: "batch", 1: "tokens"}
    whole = path.with_suffix(".whole")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes it fixes; the comparison below judges the result
        try:
            torch.onnx.export(
                TokensAndSentence(),
                (ids, torch.ones_like(ids)),
                str(whole),
                input_names=["input_ids", "attention_mask"],
                output_names=["states", "vectors"],
                dynamic_axes={"input_ids": both, "attention_mask": both, "states": both, "vectors": {0: "batch"}},
                opset_version=OPSET,
                dynamo=False,
            )
        except torch.onnx.errors.OnnxExporterError:
            return False
    onnx.save_model(onnx.load(whole), path, save_as_external_data=True, location=path.name + ".data")
    whole.unlink()
    return True


def _save_tokenizer(home: Path, path: Path) -> None:
    if not (home / "tokenizer.json").is_file():
        raise BadModel(
            "The model has no fast tokenizer", str(home), "Choose a model whose folder has a tokenizer.json."
        )
    shutil.copyfile(home / "tokenizer.json", path)


def _describe(name: str, model: Any, home: Path) -> Model:  # noqa: ANN401
    prompts = Prompts(PROMPTS["query"], PROMPTS["document"]) if name == BUNDLED else prompts_for(name, model.prompts)
    digest = hashlib.sha256(f"{prompts.question}\0{prompts.passage}\0".encode())
    for path in sorted([*home.rglob("*.safetensors"), home / "tokenizer.json"]):
        digest.update(path.read_bytes())
    states = model.encode(["a"], output_value="token_embeddings")[0]
    return Model(
        name=name,
        digest=digest.hexdigest(),
        dimension=model.get_embedding_dimension(),
        state_dimension=states.shape[-1],
        max_tokens=model.max_seq_length or UNLIMITED,
        prompts=prompts,
        served_by="sentence-transformers",
        fidelity=0.0,
    )


def _compared(card: Model, model: Any, fresh: Path, sample: Sequence[str]) -> Model:  # noqa: ANN401
    """The card with the export's fidelity, served from the export when it is faithful."""
    tokenizer, export = _open_tokenizer(fresh, card), onnx_forward(fresh / "encoder.onnx", threads=2)
    encoded = Encoder(card.name, card.digest, card.max_tokens, card.prompts, tokenizer, export).passages(sample)
    own = model.encode([card.prompts.passage + text for text in sample], prompt="", normalize_embeddings=True)
    fidelity = float(np.mean([one.vector @ vector for one, vector in zip(encoded, own, strict=True)]))
    return replace(card, fidelity=fidelity, served_by="onnx" if fidelity >= FAITHFUL else card.served_by)
