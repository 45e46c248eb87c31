"""Intervals: the conformal rank by hand, what a pool covers, and draws that keep their promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.future.intervals import COMMON, conformal, continued, errors, scale, shocks, volatility
from tests.future.invented_panel import CODES, grown


def test_the_conformal_rank() -> None:
    pool = np.arange(1.0, 20.0)  # 19 errors: the 10th, the 16th and the 19th of (19 + 1) p
    assert [conformal(pool, level) for level in (0.5, 0.8, 0.95)] == [10, 16, 19]
    assert conformal(pool[:9], 0.95) == 9  # too few for the level: the largest
    assert np.isnan(conformal(np.empty(0), 0.5))


@given(level=st.sampled_from([0.5, 0.8, 0.95]), size=st.integers(40, 400))
def test_draws_fill_the_interval_of_their_pool(level: float, size: int) -> None:
    pool = np.sort(np.abs(np.random.default_rng(size).standard_normal(size)))
    drawn = errors((np.arange(4_000) + 0.5) / 4_000, pool)
    assert abs((np.abs(drawn) <= conformal(pool, level)).mean() - level) < 1.5 / size + 0.001
    assert np.median(drawn) == pytest.approx(0, abs=0.05)


def test_scale_is_one_in_the_middle_and_grows_as_counts_shrink() -> None:
    sizes = scale(np.array([1e12, 400.0, 100.0]), np.ones(3))
    np.testing.assert_allclose(sizes, [1, np.sqrt(2), np.sqrt(5)])
    assert scale(np.array([1e12]), np.array([3.0])) == pytest.approx(2)


def test_unsteady_growth_is_seen_and_shrunk() -> None:
    panel = grown(0.1)
    panel.plans[0, -3] *= 1.5
    panel.plans[1:] *= np.exp(np.random.default_rng(1).normal(0, 0.02, panel.plans[1:].shape))
    found = volatility(panel)[:, -1]
    assert found[0] == found.max() > 2
    assert np.median(found[1:]) == pytest.approx(1, abs=0.1)
    assert volatility(panel)[:, 0].tolist() == [1.0] * len(CODES)


def test_a_pool_goes_on_growing_and_never_shrinks() -> None:
    nearer, last = np.linspace(0, 1, 101), np.linspace(0, 3, 101)
    assert np.median(continued(nearer, last)) == pytest.approx(2.5)
    assert np.median(continued(last, nearer)) == pytest.approx(0.5)
    assert np.median(continued(np.empty(0), last)) == pytest.approx(3)
    assert len(continued(nearer, np.empty(0))) == 0


def test_draws_are_even_correlated_and_one_authoritys_own() -> None:
    drawn = shocks(CODES, 2_000, (1, 2, 3), seed=3)
    np.testing.assert_allclose(np.sort(drawn[4, :, 1]), (np.arange(2_000) + 0.5) / 2_000)
    np.testing.assert_array_equal(drawn[4], shocks(CODES[4:5], 2_000, (1, 2, 3), seed=3)[0])
    between = np.asarray(np.corrcoef(drawn[:, :, 0]))[np.triu_indices(len(CODES), 1)]
    assert between.mean() == pytest.approx(COMMON, abs=0.02)
    assert np.asarray(np.corrcoef(drawn[0, :, 0], drawn[0, :, 1]))[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.05)
    assert not np.array_equal(drawn, shocks(CODES, 2_000, (1, 2, 3), seed=4))
