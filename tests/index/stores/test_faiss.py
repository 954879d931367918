"""Every store gives the cosines of exact arithmetic."""

import numpy as np
import pytest

from index import unit_rows
from index.stores import FaissStore, VectorStore

VECTORS = unit_rows(np.random.default_rng(3).normal(size=(50, 16)).astype(np.float32))
QUERIES = unit_rows(VECTORS[:5] + np.float32(0.1))


@pytest.fixture(params=[FaissStore], ids=["faiss"])
def store(request) -> VectorStore:
    return request.param.of(VECTORS)


def test_the_nearest_are_those_of_exact_search(store):
    cosines, rows = store.search(QUERIES, 7)
    assert cosines.shape == rows.shape == (5, 7)
    exact = QUERIES @ VECTORS.T
    np.testing.assert_allclose(cosines, -np.sort(-exact, axis=1)[:, :7], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(exact, rows, axis=1), cosines, atol=1e-5)


def test_a_vector_is_nearest_to_itself(store):
    cosines, rows = store.search(VECTORS[12:13], 1)
    assert rows.tolist() == [[12]]
    assert cosines[0].tolist() == pytest.approx([1], abs=1e-5)


def test_as_many_are_found_as_there_are(store):
    assert len(store) == 50
    assert sorted(store.search(QUERIES[:1], 1000)[1][0].tolist()) == list(range(50))


def test_what_was_saved_finds_the_same(store, tmp_path):
    store.save(tmp_path)
    again = type(store).open(tmp_path)
    assert [found.tolist() for found in again.search(QUERIES, 9)] == [
        found.tolist() for found in store.search(QUERIES, 9)
    ]
