"""Nearest sentence vectors: FAISS gives what exact arithmetic gives."""

import numpy as np
import pytest

from index.encoder import unit_rows
from index.vectors import VectorIndex

VECTORS = unit_rows(np.random.default_rng(3).normal(size=(50, 16)).astype(np.float32) + 0.5)


@pytest.fixture(scope="module")
def index():
    return VectorIndex.build(VECTORS)


def centred(vectors):
    return unit_rows(vectors - VECTORS.mean(axis=0))


def test_the_nearest_are_those_of_exact_search(index):
    for question in centred(VECTORS[:5] + 0.1):
        cosines, rows = index.nearest(question, 7)
        expected = np.sort(centred(VECTORS) @ question)[::-1][:7]
        np.testing.assert_allclose(cosines, expected, atol=1e-5)
        np.testing.assert_allclose((centred(VECTORS) @ question)[rows], expected, atol=1e-5)


def test_a_passage_is_nearest_to_itself(index):
    cosines, rows = index.nearest(centred(VECTORS)[12], 1)
    assert rows.tolist() == [12]
    assert cosines.tolist() == pytest.approx([1], abs=1e-5)


def test_as_many_are_found_as_there_are(index):
    _, rows = index.nearest(centred(VECTORS)[0], 1000)
    assert sorted(rows.tolist()) == list(range(50))


def test_vectors_are_centred_on_their_mean(index):
    np.testing.assert_allclose(index.mean, VECTORS.mean(axis=0), atol=1e-6)


def test_what_was_saved_finds_the_same(index, tmp_path):
    index.save(tmp_path / "vectors")
    again = VectorIndex.open(tmp_path / "vectors")
    question = centred(VECTORS)[4]
    assert [found.tolist() for found in again.nearest(question, 9)] == [
        found.tolist() for found in index.nearest(question, 9)
    ]


def test_a_single_passage_can_be_indexed():
    single = VectorIndex.build(VECTORS[:1])
    assert single.nearest(centred(VECTORS)[0], 10)[1].tolist() == [0]
