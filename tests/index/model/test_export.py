"""Eight bits: factors move outliers from the activations into the weights, and the product stays the same."""

import numpy as np
import pytest

from index.model.export import ALPHA, _factors


def test_a_channel_with_large_activations_is_divided_by_more():
    factors = _factors(np.array([1, 100], np.float32), np.ones(2, np.float32))
    assert factors.tolist() == pytest.approx([100 ** (-ALPHA / 2), 100 ** (ALPHA / 2)], rel=1e-5)


def test_factors_change_no_product():
    random = np.random.default_rng(3)
    activations, weights = random.normal(size=(5, 4)) * [1, 1, 50, 1], random.normal(size=(4, 3))
    factors = _factors(
        np.abs(activations).max(axis=0).astype(np.float32), np.abs(weights).max(axis=1).astype(np.float32)
    )
    np.testing.assert_allclose((activations / factors) @ (weights * factors[:, None]), activations @ weights)


def test_a_silent_channel_has_a_factor_too():
    assert np.isfinite(_factors(np.array([0, 1], np.float32), np.array([1, 0], np.float32))).all()
