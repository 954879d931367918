"""A multi-vector model, as PyLate saves one, is made ready, and late interaction compares its own token vectors."""

from pathlib import Path

import numpy as np
import pytest

from index import ModelEncoder, PreparedModel, Prompts, open_encoder
from index.model import prepare_model
from search import Searcher
from tests.almanac import CHALLENGES, make, write_almanac
from tests.tiny_model import SKIPPED, VECTORS, write_tiny_colbert

SAMPLE = [paragraph for told in CHALLENGES.values() for paragraph in told]
BUS = SAMPLE[1]


@pytest.fixture(scope="module")
def colbert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_colbert(tmp_path_factory.mktemp("models") / "colbert")


@pytest.fixture(scope="module")
def prepared(colbert: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[PreparedModel, ModelEncoder]:
    folder = tmp_path_factory.mktemp("prepared") / "model"
    return prepare_model(str(colbert), folder, SAMPLE), open_encoder(folder, threads=1, exact=True)


def own_vectors(colbert: Path, text: str) -> np.ndarray:
    """What the library that trains such models gives for a passage, markers included, the skip list left out."""
    from sentence_transformers import MultiVectorEncoder

    return np.asarray(MultiVectorEncoder(str(colbert), device="cpu").encode_document([text])[0])


def test_markers_skip_list_and_projection_are_those_of_its_folder(prepared: tuple[PreparedModel, ModelEncoder]):
    card, encoder = prepared
    assert card.multi_vector
    assert card.prompts == Prompts("[Q] ", "[D] ")
    assert card.state_dimension == card.dimension == VECTORS
    assert {encoder.tokenizer.id_to_token(id) for id in card.skipped} == set(SKIPPED)
    assert card.served_by.startswith("onnx")


def test_the_token_vectors_are_its_own(prepared: tuple[PreparedModel, ModelEncoder], colbert: Path):
    """All of a passage but the special tokens and the marker, which stand for no word of it."""
    _, encoder = prepared
    (encoded,) = encoder.passages([BUS])
    own = own_vectors(colbert, BUS)
    at = [int(np.argmax(own @ state)) for state in encoded.states]
    assert at == sorted(set(at))
    assert np.allclose(own[at], encoded.states, atol=1e-4)
    said = [BUS[start:end] for start, end in encoded.spans]
    assert "bus" in said
    assert not set(SKIPPED) & set(said)


def test_what_a_question_skips_in_passages_it_keeps_itself(prepared: tuple[PreparedModel, ModelEncoder]):
    _, encoder = prepared
    (question,) = encoder.questions(["un bus, un vélo"])
    assert "," in ["un bus, un vélo"[start:end] for start, end in question.spans]


def test_an_index_compares_them_as_they_are(colbert: Path, tmp_path: Path):
    made = make(write_almanac(tmp_path / "documents"), tmp_path / "var", str(colbert))
    searcher: Searcher = made.searcher()
    index = searcher.index
    assert not index.multivector.mean.any()
    assert not index.centre.state_mean.any()
    assert searcher.search(BUS).hits[0].passage.text == BUS
