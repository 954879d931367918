"""A prepared model: an embedding model made ready to serve, once, in a folder of its own.

    <folder>/sentence-transformers/   the model as sentence-transformers knows it
    <folder>/encoder….onnx, encoder….onnx.data, tokenizer.json   its export, which serving needs alone
    <folder>/model.json               what it is, and whether the export is faithful

The folder appears whole or not at all.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from index.bundled import BUNDLED, PROMPTS, write_model
from index.encoder import Encoder, onnx_forward, torch_forward
from index.export import export, remove
from index.fault import BadModel
from index.folder import new_folder, settled
from index.prompts import Prompts, prompts_for
from index.quantise import quantise
from index.questions import sample_questions

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Below this mean cosine between the export's vectors and the model's own, rankings begin to differ, and the export is
# not used.
FAITHFUL = 0.99

# What a model reads of one text when it has no limit of its own, as with relative positions.
UNLIMITED = 512  # tokens

# Above this mean cosine with the model's own vectors the export in eight bits is served instead of the full one.
NEAR = 0.998


@dataclass(frozen=True, slots=True)
class Model:
    """What `model.json` says."""

    name: str  # as the setting names it
    digest: str  # sha256 of weights, tokenizer, prompts and what is made of the states (pooling, projections)
    dimension: int  # of the sentence vectors
    state_dimension: int  # of the token states
    max_tokens: int
    prompts: Prompts
    served_by: Literal["onnx in eight bits", "onnx", "sentence-transformers"]
    fidelity: float  # mean cosine of the export's vectors with the model's own on a sample of the corpus; 0 without one


CARD = "model.json"
MODEL = TypeAdapter(Model)
FULL, EIGHT_BITS = "encoder.onnx", "encoder-8bit.onnx"
HOME = "sentence-transformers"
NEEDED = {
    "onnx in eight bits": (EIGHT_BITS, EIGHT_BITS + ".data", FULL, FULL + ".data"),
    "onnx": (FULL, FULL + ".data"),
    "sentence-transformers": (HOME,),
}


def prepare_model(name: str, folder: Path, sample: Sequence[str]) -> Model:
    """Make the model called `name` ready in `folder`, comparing its export with itself on `sample` (passages).

    `name` is "bundled", a sentence-transformers name or a folder. Raises BadModel when it cannot be loaded.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()  # it reports the missing pooler, which no sentence vector uses
    logging.disable_progress_bar()
    with new_folder(folder) as fresh:
        home = fresh / HOME
        home.mkdir()
        if name == BUNDLED:
            write_model(home)
        else:
            _load(name).save(str(home), create_model_card=False)
        model = SentenceTransformer(str(home), device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()
        _save_tokenizer(home, fresh / "tokenizer.json")
        card = _describe(name, model, home)
        if export(model, fresh / FULL):
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
    needed = ("tokenizer.json", *NEEDED[model.served_by])
    if missing := [name for name in needed if not (folder / name).exists()]:
        raise BadModel("A part of the prepared model is missing", str(folder / missing[0]), mend)
    return model


def open_encoder(folder: Path, threads: int, exact: bool = False) -> Encoder:
    """Open the prepared model in `folder`, to serve or, `exact`, to build: in full precision whatever is served.

    Passages are encoded once and every question meets them: their rounding would cost more than its time is worth.
    Raises BadModel as `read_model` does.
    """
    with settled(folder) as generation:
        model = read_model(generation)
        tokenizer = _open_tokenizer(generation, model)
        match model.served_by:
            case "onnx in eight bits":
                forward = onnx_forward(generation / (FULL if exact else EIGHT_BITS), threads)
            case "onnx":
                forward = onnx_forward(generation / FULL, threads)
            case "sentence-transformers":
                forward = torch_forward(str(generation / HOME))
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


def _save_tokenizer(home: Path, path: Path) -> None:
    if not (home / "tokenizer.json").is_file():
        raise BadModel(
            "The model has no fast tokenizer", str(home), "Choose a model whose folder has a tokenizer.json."
        )
    shutil.copyfile(home / "tokenizer.json", path)


def _describe(name: str, model: Any, home: Path) -> Model:  # noqa: ANN401
    prompts = Prompts(PROMPTS["query"], PROMPTS["document"]) if name == BUNDLED else prompts_for(name, model.prompts)
    digest = hashlib.sha256(f"{prompts.question}\0{prompts.passage}\0".encode())
    for path in sorted([*home.rglob("*.safetensors"), *home.glob("*/*.json"), home / "tokenizer.json"]):
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
    """The card with the export's fidelity, served from the fastest faithful one."""
    tokenizer = _open_tokenizer(fresh, card)
    prompted = [card.prompts.passage + text for text in sample]
    asked = [card.prompts.question + text for text in sample_questions()]
    own = model.encode(prompted, prompt="", normalize_embeddings=True)

    def fidelity(name: str) -> float:
        forward = onnx_forward(fresh / name, threads=1)
        encoder = Encoder(card.name, card.digest, card.max_tokens, card.prompts, tokenizer, forward)
        pairs = zip(encoder.passages(sample), own, strict=True)
        return float(np.mean([one.vector @ vector for one, vector in pairs]))

    encodings = tokenizer.encode_batch([*prompted, *asked])
    quantise(fresh / FULL, fresh / EIGHT_BITS, encodings, four_bit_table=card.name == BUNDLED)
    if (found := fidelity(EIGHT_BITS)) >= NEAR:
        return replace(card, fidelity=found, served_by="onnx in eight bits")
    remove(fresh / EIGHT_BITS)
    found = fidelity(FULL)
    return replace(card, fidelity=found, served_by="onnx" if found >= FAITHFUL else card.served_by)
