"""Gists: what an initiative is about, as the weighted mean of its own token states."""

import numpy as np
import pytest

from index.encoder import Encoded, unit_rows
from index.gist import Gists
from index.tokens import TokenBank

DIMENSION = 12
OWNERS = np.array([0, 0, 1, 2], np.int64)


def encoded_of(tokens, seed, context=1):
    """A passage whose first `context` tokens belong to what is written before it."""
    states = np.random.default_rng(seed).normal(size=(len(tokens), DIMENSION)).astype(np.float32)
    spans = np.array([[-1, -1]] * context + [[n, n + 1] for n in range(len(tokens) - context)], np.int32)
    return Encoded(states.mean(axis=0), states, np.array(tokens, np.int32), spans)


@pytest.fixture(scope="module")
def encoded():
    return [encoded_of(tokens, n) for n, tokens in enumerate([[1, 2, 3], [1, 4, 5], [1, 6, 2], [1, 7, 8]])]


@pytest.fixture(scope="module")
def bank(encoded):
    return TokenBank.build(encoded, [one.spans for one in encoded])


@pytest.fixture(scope="module")
def gists(bank):
    return Gists.build(bank, OWNERS)


def test_a_gist_is_the_weighted_mean_of_the_states_of_the_text_without_its_context(gists, bank, encoded):
    mean = np.concatenate([one.states for one in encoded]).mean(axis=0)
    sums = np.stack([bank.weights(one.tokens[1:]) @ unit_rows(one.states - mean)[1:] for one in encoded])
    whole = unit_rows(np.stack([sums[0] + sums[1], sums[2], sums[3]]))
    np.testing.assert_allclose(gists.mean, whole.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(gists.initiatives, unit_rows(whole - whole.mean(axis=0)), atol=0.03)
    np.testing.assert_allclose(gists.passages, unit_rows(unit_rows(sums) - whole.mean(axis=0)), atol=0.03)


def test_the_gist_of_an_initiative_of_one_passage_is_that_of_the_passage(gists):
    np.testing.assert_allclose(gists.initiatives[1:], gists.passages[2:], atol=1e-5)


def test_the_gist_of_the_same_text_is_the_same(gists, bank, encoded):
    states = unit_rows(encoded[2].states - bank.mean)[1:]
    gist = gists.of(states, bank.weights(encoded[2].tokens[1:]))
    assert gist @ gists.initiatives[1] == pytest.approx(1, abs=0.001)


def test_what_was_saved_is_the_same(gists, tmp_path):
    gists.save(tmp_path / "gists.npz")
    again = Gists.open(tmp_path / "gists.npz")
    for name in ("initiatives", "passages", "mean"):
        assert getattr(again, name).tolist() == getattr(gists, name).tolist()


def test_the_gists_of_the_shipped_corpus_have_length_one(engine):
    gists = engine.index.gists
    assert gists.initiatives.shape == (239, 384)
    np.testing.assert_allclose(np.linalg.norm(gists.initiatives, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(gists.passages, axis=1), 1, atol=1e-5)
