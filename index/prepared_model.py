"""A prepared model: an embedding model ready to be served, in a folder of its own.

    <folder>/sentence-transformers/   the model as sentence-transformers knows it
    <folder>/encoder….onnx, encoder….onnx.data, tokenizer.json   its export, which serving needs alone
    <folder>/model.json               what it is, and whether the export is faithful

`index.model.prepare` writes it; here it is read and opened.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from tokenizers import Tokenizer

from index.encoder import Forward, ModelEncoder, Prompts, onnx_forward, torch_forward
from index.errors import BadModel
from index.storage import current_generation

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


def open_encoder(folder: Path, threads: int, exact: bool = False) -> ModelEncoder:
    """Open the prepared model in `folder`, to serve or, `exact`, to build: with passages in full precision.

    The passages of an index are encoded once and every question meets them: rounding them would cost more than the time
    is worth. Questions are encoded alike in both cases. Raises BadModel as `read_model` does.
    """
    with current_generation(folder) as generation:
        model = read_model(generation)
        tokenizer = open_tokenizer(generation, model.max_tokens)
        questions = _open_forward(generation, model.served_by, threads)
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
