"""Facts about the slope index: exact gradients, weighted least squares as the oracle, and gaps in data."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.statistics.inequality import slope_index

groups = st.lists(st.tuples(st.floats(1, 100), st.integers(1, 100_000)), min_size=3, max_size=10)


def test_an_exact_gradient_is_found_whatever_the_sizes() -> None:
    """Five unequal quintiles on the line 12 + 20 x rank: from 12 % at one end to 32 % at the other."""
    people = np.array([300, 100, 250, 50, 300])
    ridit = np.array([0.15, 0.35, 0.525, 0.675, 0.85])
    fitted = slope_index(12 + 20 * ridit, people)
    assert (fitted.slope, fitted.intercept) == pytest.approx((20, 12))
    assert fitted.relative_index == pytest.approx(20 / 22)  # the line passes through the mean at one half
    assert (fitted.lower, fitted.upper) == pytest.approx((20, 20))
    assert (fitted.intercept + fitted.slope) / fitted.intercept == pytest.approx(32 / 12)


@given(groups)
def test_slope_and_limits_equal_weighted_least_squares(table: list[tuple[float, int]]) -> None:
    value, people = np.array(table).T
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    model = sm.WLS(value, sm.add_constant(rank), share).fit()
    fitted = slope_index(value, people)
    assert fitted.slope == pytest.approx(model.params[1], rel=1e-6, abs=1e-6)
    assert fitted.intercept == pytest.approx(model.params[0], rel=1e-6, abs=1e-6)
    expected = model.conf_int(0.05)[1]
    np.testing.assert_allclose((fitted.lower, fitted.upper), expected, rtol=1e-5, atol=1e-4)


def test_equality_has_no_slope_and_reversal_changes_its_sign() -> None:
    level = slope_index([7, 7, 7], [10, 20, 30])
    assert (level.slope, level.relative_index) == (0, 0)
    value, people = np.array([10.0, 14, 22, 31]), np.array([4, 5, 6, 7])
    assert slope_index(value, people).slope == pytest.approx(-slope_index(value[::-1], people[::-1]).slope)


def test_many_areas_at_once_and_areas_with_gaps() -> None:
    value = [[10, 20, 30], [10, None, 30], [10, 20, 30], [10, 20, 30]]
    people = [[1, 1, 1], [1, 1, 1], [1, 1, 0], [5, 0, 0]]
    fitted = slope_index(value, people)
    np.testing.assert_allclose(fitted.slope, [30, np.nan, 20, np.nan])
    np.testing.assert_array_equal(np.isnan(fitted.lower), [False, True, True, True])
    with pytest.raises(ValueError, match=r"^weight is negative at position 0$"):
        slope_index([1, 2], [-1, 2])
