"""The dense index finds the nearest sentence vectors; document embeddings are means of token states by their idf."""

from math import sqrt

import numpy as np
import pytest

from index import (
    DenseIndex,
    DocumentEmbeddings,
    Encoded,
    MultiVectorIndex,
    unit_rows,
)
from tests.word_encoder import WordEncoder

VECTORS = unit_rows(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32))

# Three axes less their mean lie at 120° to each other in a plane: cosines of -1/2.
CENTRED = np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], np.float32) / np.float32(sqrt(6))


def test_vectors_are_centred_on_their_mean():
    index = DenseIndex.build(VECTORS)
    assert index.mean.tolist() == pytest.approx([1 / 3] * 3)
    cosines, rows = index.nearest(CENTRED[1], 3)
    assert rows[0] == 1
    assert cosines.tolist() == pytest.approx([1, -0.5, -0.5])


def test_as_many_are_found_as_there_are():
    assert sorted(DenseIndex.build(VECTORS).nearest(CENTRED[0], 1000)[1].tolist()) == [0, 1, 2]


def test_what_was_saved_finds_the_same(tmp_path):
    index = DenseIndex.build(VECTORS)
    index.save(tmp_path / "dense")
    again = DenseIndex.open(tmp_path / "dense")
    assert again.mean.tolist() == index.mean.tolist()
    assert [found.tolist() for found in again.nearest(CENTRED[2], 2)] == [
        found.tolist() for found in index.nearest(CENTRED[2], 2)
    ]


def test_a_single_passage_can_be_indexed():
    assert DenseIndex.build(VECTORS[:1]).nearest(CENTRED[0], 10)[1].tolist() == [0]


WORDS = ("eau", "vélo", "école")


def multivector_of(*texts: str, context: int = 0) -> MultiVectorIndex:
    """Token states of texts whose first `context` words were written before them."""
    encoded: list[Encoded] = WordEncoder(WORDS).passages(texts)
    spans = [np.where(np.arange(len(one.spans))[:, None] < context, -1, one.spans) for one in encoded]
    return MultiVectorIndex.build(encoded, spans)


@pytest.fixture(scope="module")
def embeddings() -> DocumentEmbeddings:
    """One initiative with the passages "eau" and "vélo", another with "école"."""
    return DocumentEmbeddings.build(multivector_of("eau", "vélo", "école"), np.array([0, 0, 1]), 2)


def test_an_initiative_is_the_mean_of_the_states_of_its_passages(embeddings):
    # "eau" and "vélo" lie 120° apart and "école" at 120° from both: their mean is its opposite.
    assert (embeddings.initiatives @ embeddings.initiatives.T).tolist() == [
        pytest.approx([1, -1], abs=0.01),
        pytest.approx([-1, 1], abs=0.01),
    ]


def test_passages_are_compared_with_initiatives(embeddings):
    assert (embeddings.passages @ embeddings.initiatives.T).tolist() == [
        pytest.approx([0.5, -0.5], abs=0.01),
        pytest.approx([0.5, -0.5], abs=0.01),
        pytest.approx([-1, 1], abs=0.01),
    ]


def test_the_context_of_a_passage_does_not_count():
    alike = DocumentEmbeddings.build(multivector_of("eau vélo", "eau école", context=1), np.array([0, 1]), 2)
    assert alike.initiatives[0] @ alike.initiatives[1] == pytest.approx(-1, abs=0.01)


def test_an_initiative_without_a_passage_has_an_embedding_too():
    embeddings = DocumentEmbeddings.build(multivector_of("eau", "vélo"), np.array([0, 1]), 3)
    assert len(embeddings.initiatives) == 3


def test_another_text_is_embedded_as_the_mean_of_its_states_by_their_idf():
    none = np.zeros((0, 2), np.float32)
    centred_on_nothing = DocumentEmbeddings(none, none, np.zeros(2, np.float32))
    assert centred_on_nothing.embed(np.eye(2, dtype=np.float32), np.array([3, 4], np.float32)).tolist() == (
        pytest.approx([0.6, 0.8])
    )
    centred = DocumentEmbeddings(none, none, np.array([0.6, 0], np.float32))
    assert centred.embed(np.eye(2, dtype=np.float32), np.array([3, 4], np.float32)).tolist() == pytest.approx([0, 1])


def test_the_same_text_has_the_same_embedding(embeddings):
    multivector = multivector_of("eau", "vélo", "école")
    (encoded,) = WordEncoder(WORDS).passages(["école"])
    states = unit_rows(encoded.states - multivector.mean)
    embedded = embeddings.embed(states, multivector.weights(encoded.tokens))
    assert embedded @ embeddings.initiatives[1] == pytest.approx(1, abs=0.01)


def test_embeddings_that_were_saved_are_the_same(embeddings, tmp_path):
    embeddings.save(tmp_path / "embeddings.npz")
    again = DocumentEmbeddings.open(tmp_path / "embeddings.npz")
    for name in ("initiatives", "passages", "mean"):
        assert getattr(again, name).tolist() == getattr(embeddings, name).tolist()


def test_every_initiative_and_passage_of_the_shipped_corpus_has_an_embedding_of_length_one(searcher):
    index = searcher.index
    embeddings, dimension = index.document_embeddings, index.multivector.states.shape[1]
    assert embeddings.initiatives.shape == (len(index.contents.initiatives), dimension)
    assert embeddings.passages.shape == (len(index.contents.passages), dimension)
    np.testing.assert_allclose(np.linalg.norm(embeddings.initiatives, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(embeddings.passages, axis=1), 1, atol=1e-5)
