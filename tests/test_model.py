"""A prepared model: any embedding model made ready to serve, from its export when that is faithful."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import index.model
from index.fault import BadModel
from index.model import NEAR, Model, open_encoder, prepare_model, read_model
from index.prompts import Prompts
from tests.almanac import CHALLENGES, Made, make, write_almanac
from tests.tiny_model import READ, STATES, VECTORS, write_tiny_model

ROOT = Path(__file__).parents[1]
SAMPLE = [paragraph for told in CHALLENGES.values() for paragraph in told]


def vectors_of(model: Path, texts: list[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model), device="cpu").encode(texts, normalize_embeddings=True)


def lowest_cosine(encoded, vectors) -> float:
    return min(float(one.vector @ vector) for one, vector in zip(encoded, vectors, strict=True))


def test_a_prepared_model_says_what_it_is(almanac: Made):
    model = read_model(almanac.model)
    assert (model.name, model.served_by, model.prompts) == (almanac.encoder, "onnx in eight bits", Prompts("", ""))
    assert (model.dimension, model.state_dimension, model.max_tokens) == (VECTORS, STATES, READ)
    assert NEAR <= model.fidelity < 1


def test_the_export_gives_the_vectors_of_the_model(almanac: Made, tiny_model: Path):
    encoder = open_encoder(almanac.model, threads=1)
    assert lowest_cosine(encoder.passages(SAMPLE), vectors_of(tiny_model, SAMPLE)) > 0.99


def test_eight_bits_that_move_the_vectors_are_not_served(tiny_model: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(index.model, "NEAR", 1.01)
    model = prepare_model(str(tiny_model), tmp_path / "model", SAMPLE)
    assert (model.served_by, model.fidelity) == ("onnx", pytest.approx(1, abs=1e-4))
    encoder = open_encoder(tmp_path / "model", threads=1)
    assert lowest_cosine(encoder.passages(SAMPLE), vectors_of(tiny_model, SAMPLE)) > 0.9999


def test_a_faithful_export_is_served_without_the_libraries_that_made_it(almanac: Made):
    program = (
        "import sys; from pathlib import Path; from index.model import open_encoder;"
        f"open_encoder(Path({str(almanac.model)!r}), 1).questions(['un bus']);"
        "print({'torch', 'sentence_transformers', 'transformers'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_an_export_below_the_bar_is_not_served(tiny_model: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(index.model, "NEAR", 1.01)
    monkeypatch.setattr(index.model, "FAITHFUL", 1.01)
    model = prepare_model(str(tiny_model), tmp_path / "model", SAMPLE)
    assert (model.served_by, model.fidelity) == ("sentence-transformers", pytest.approx(1, abs=1e-4))
    encoder = open_encoder(tmp_path / "model", threads=1)
    assert lowest_cosine(encoder.passages(SAMPLE), vectors_of(tiny_model, SAMPLE)) > 0.9999


def test_a_model_that_onnx_cannot_express_works_through_sentence_transformers(tmp_path: Path):
    fourier = write_tiny_model(tmp_path / "fourier", network="fnet")
    made = make(write_almanac(tmp_path / "documents"), tmp_path / "var", str(fourier))
    model = read_model(made.model)
    assert (model.served_by, model.fidelity) == ("sentence-transformers", 0)
    assert [
        note for note in made.steps.notes if "not faithful" in note and "served through sentence-transformers" in note
    ]
    assert made.engine().search(SAMPLE[0]).hits[0].passage.text == SAMPLE[0]


def test_another_encoder_works_from_end_to_end(almanac: Made):
    engine = almanac.engine()
    assert [engine.search(paragraph).hits[0].passage.text for paragraph in SAMPLE] == SAMPLE
    assert engine.index.tokens.states.shape[1] == STATES
    assert engine.index.vectors.mean.shape == (VECTORS,)


def test_a_folder_that_asks_for_padding_is_read_without_it(almanac: Made):
    padded = json.loads((almanac.model / "tokenizer.json").read_text(encoding="utf-8"))["padding"]
    assert padded is not None
    (encoded,) = open_encoder(almanac.model, threads=1).questions(["un bus"])
    assert len(encoded.tokens) == len(encoded.states) == len(encoded.spans) < READ / 2


@pytest.mark.parametrize("name", ["/no/such/folder", "./nor/this one"])
def test_a_missing_folder_is_refused(tmp_path: Path, name):
    with pytest.raises(BadModel, match="Give a sentence-transformers name or folder") as refused:
        prepare_model(name, tmp_path / "model", SAMPLE)
    assert refused.value.where == f"RECUEIL_ENCODER={name}"
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_a_fast_tokenizer_is_refused(tiny_model: Path, tmp_path: Path):
    (tmp_path / "home").mkdir()
    with pytest.raises(BadModel, match=r"Choose a model whose folder has a tokenizer\.json"):
        index.model._save_tokenizer(tmp_path / "home", tmp_path / "tokenizer.json")


def test_where_nothing_was_prepared_the_mend_is_to_build(tmp_path: Path):
    with pytest.raises(BadModel, match=r"No model has been prepared .* Run `recueil build`\."):
        open_encoder(tmp_path / "model", threads=1)


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"\xff", b'{"name": "tiny"}'], ids=repr)
def test_a_description_of_garbage_is_refused(tmp_path: Path, octets):
    (tmp_path / "model.json").write_bytes(octets)
    with pytest.raises(BadModel, match=r"cannot be read: .*model\.json\)\. Run `recueil build`\."):
        read_model(tmp_path)


@pytest.mark.parametrize("name", ["encoder-8bit.onnx", "encoder-8bit.onnx.data", "tokenizer.json"])
def test_a_model_that_lost_a_file_is_refused(almanac: Made, tmp_path: Path, name):
    copy = shutil.copytree(almanac.model, tmp_path / "model")
    (copy / name).unlink()
    with pytest.raises(BadModel, match=r"A part of the prepared model is missing .* Run `recueil build`\.") as refused:
        open_encoder(copy, threads=1)
    assert refused.value.where == str(copy / name)


def test_the_digest_tells_weights_and_prompts_apart(almanac: Made, tiny_model: Path, tmp_path: Path):
    prompted = shutil.copytree(tiny_model, tmp_path / "prompted")
    (prompted / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "q: ", "document": "d: "}}), encoding="utf-8"
    )
    other: Model = prepare_model(str(prompted), tmp_path / "model", SAMPLE)
    assert other.prompts == Prompts("q: ", "d: ")
    assert other.digest != read_model(almanac.model).digest
    again = prepare_model(str(tiny_model), tmp_path / "again", SAMPLE)
    assert again.digest == read_model(almanac.model).digest
