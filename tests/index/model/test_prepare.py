"""Any embedding model is made ready, served from its export where that is faithful, with the prompts it wants."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from index import BadModel, PreparedModel, Prompts, open_encoder, read_model
from index.model import prepare, prepare_model
from index.model.prepare import INSTRUCTION, prompts_for
from tests.almanac import CHALLENGES, Made, make, write_almanac
from tests.tiny_model import write_tiny_model

SAMPLE = [paragraph for told in CHALLENGES.values() for paragraph in told]


def vectors_of(model: Path, texts: list[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model), device="cpu").encode(texts, normalize_embeddings=True)


def lowest_cosine(encoded, vectors) -> float:
    return min(float(one.vector @ vector) for one, vector in zip(encoded, vectors, strict=True))


def test_the_export_gives_the_vectors_of_the_model(almanac: Made, tiny_model: Path):
    encoder = open_encoder(almanac.model, threads=1)
    assert lowest_cosine(encoder.passages(SAMPLE), vectors_of(tiny_model, SAMPLE)) > 0.99


def test_eight_bits_that_move_the_vectors_are_not_served(tiny_model: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(prepare, "NEAR", 1.01)
    model = prepare_model(str(tiny_model), tmp_path / "model", SAMPLE)
    assert (model.served_by, model.fidelity) == ("onnx", pytest.approx(1, abs=1e-4))
    encoder = open_encoder(tmp_path / "model", threads=1)
    assert lowest_cosine(encoder.passages(SAMPLE), vectors_of(tiny_model, SAMPLE)) > 0.9999


def test_an_export_below_the_bar_is_not_served(tiny_model: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(prepare, "NEAR", 1.01)
    monkeypatch.setattr(prepare, "FAITHFUL", 1.01)
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
    assert made.searcher().search(SAMPLE[0]).hits[0].passage.text == SAMPLE[0]


@pytest.mark.parametrize("name", ["/no/such/folder", "./nor/this one"])
def test_a_missing_folder_is_refused(tmp_path: Path, name):
    with pytest.raises(BadModel, match="Give a sentence-transformers name or folder") as refused:
        prepare_model(name, tmp_path / "model", SAMPLE)
    assert refused.value.where == f"RECUEIL_ENCODER={name}"
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_a_fast_tokenizer_is_refused(tiny_model: Path, tmp_path: Path):
    (tmp_path / "home").mkdir()
    with pytest.raises(BadModel, match=r"Choose a model whose folder has a tokenizer\.json"):
        prepare._save_tokenizer(tmp_path / "home", tmp_path / "tokenizer.json")


def test_the_digest_tells_weights_and_prompts_apart(almanac: Made, tiny_model: Path, tmp_path: Path):
    prompted = shutil.copytree(tiny_model, tmp_path / "prompted")
    (prompted / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "q: ", "document": "d: "}}), encoding="utf-8"
    )
    other: PreparedModel = prepare_model(str(prompted), tmp_path / "model", SAMPLE)
    assert other.prompts == Prompts("q: ", "d: ")
    assert other.digest != read_model(almanac.model).digest
    again = prepare_model(str(tiny_model), tmp_path / "again", SAMPLE)
    assert again.digest == read_model(almanac.model).digest


def test_the_prompts_of_the_folder_come_first():
    stored = {"query": "q: ", "document": "d: "}
    assert prompts_for("intfloat/multilingual-e5-small", stored) == Prompts("q: ", "d: ")


def test_an_older_folder_says_passage_for_document():
    assert prompts_for("a-model", {"query": "q: ", "passage": "p: "}) == Prompts("q: ", "p: ")


def test_a_folder_may_have_a_prompt_for_questions_alone():
    assert prompts_for("a-model", {"query": "q: "}) == Prompts("q: ", "")


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("intfloat/multilingual-e5-base", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", INSTRUCTION, ""),
        ("intfloat/e5-mistral-7b-instruct", INSTRUCTION, ""),
        ("BAAI/bge-m3", "", ""),
        ("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("OrdalieTech/Solon-embeddings-large-0.1", "query : ", ""),
        ("/models/models--intfloat--e5-base/snapshots/0a1b", "query: ", "passage: "),
        ("sentence-transformers/LaBSE", "", ""),
    ],
)
def test_otherwise_the_family_decides(name, question, passage):
    assert prompts_for(name, {}) == Prompts(question, passage)


def test_empty_prompts_of_a_folder_do_not_count():
    assert prompts_for("intfloat/multilingual-e5-base", {"query": "", "document": ""}).passage == "passage: "


@pytest.mark.parametrize("name", ["/home/joe5/labse", "/data/3e5a/labse", "/home/bgeorge/labse"])
def test_a_family_inside_another_word_is_none(name):
    assert prompts_for(name, {}) == Prompts("", "")


def test_without_the_libraries_of_other_models_the_mend_is_their_extra(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(BadModel, match=r"recueil\[model\]"):
        prepare_model("intfloat/multilingual-e5-base", tmp_path / "model", ["un texte"])
    assert list(tmp_path.iterdir()) == []
