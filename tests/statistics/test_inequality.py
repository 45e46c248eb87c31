"""Facts about the slope index: exact gradients, least squares and simulation as oracles, gaps in data."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from jsna_pipeline.statistics.inequality import Scale, slope_index, slope_index_from_intervals
from jsna_pipeline.statistics.proportions import wilson_interval
from jsna_pipeline.statistics.rates import rate

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


# The example of PHEindicatormethods, phe_sii: two areas' tenths, 1 being most deprived.
PEOPLE = [
    [7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534],
    [21675, 20065, 19750, 24713, 20112, 19618, 22408, 19752, 18939, 19312],
]
YEARS = [
    [75.9, 78.3, 83.8, 83.6, 80.5, 81.1, 81.7, 84.2, 80.6, 86.3],
    [70.5, 71.6, 72.5, 73.5, 73.1, 76.2, 78.7, 80.6, 80.9, 80.0],
]
ERRORS = [
    [1.64, 1.58, 1.51, 1.78, 1.7, 1.56, 1.37, 1.4, 2.43, 1.57],
    [0.23, 0.26, 0.3, 0.16, 0.79, 0.78, 0.4, 0.28, 0.23, 0.35],
]
Z = 1.959963984540054


def guidances_line(values: np.ndarray, people: np.ndarray) -> np.ndarray:
    """The guidance's own recipe: least squares on the square root of the shares; intercept and slope."""
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    root = np.sqrt(share)
    design = np.stack([root, rank * root], axis=1)
    return np.linalg.lstsq(design, (values * root).T, rcond=None)[0]


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_limits_from_intervals_are_those_of_the_slopes_own_variance(confidence: float) -> None:
    value, error, people = np.array(YEARS), np.array(ERRORS), np.array(PEOPLE)
    fitted = slope_index_from_intervals(value, value - Z * error, value + Z * error, people, confidence=confidence)
    for area in range(2):
        intercept, slope = guidances_line(value[area], people[area])
        assert (fitted.slope[area], fitted.intercept[area]) == pytest.approx((slope, intercept), rel=1e-9)
        assert fitted.ratio[area] == pytest.approx((intercept + slope) / intercept, rel=1e-9)
        per_group = guidances_line(np.eye(10), people[area])[1]  # the slope is a sum of values, so weighted
        deviation = np.sqrt((per_group**2 * error[area] ** 2).sum())
        half = stats.norm.ppf((1 + confidence) / 2) * deviation
        assert (fitted.lower[area], fitted.upper[area]) == pytest.approx((slope - half, slope + half), abs=0.12 * half)


@pytest.mark.parametrize("scale", [Scale.LOG, Scale.LOGIT])
def test_limits_on_a_scale_equal_the_guidances_simulation(scale: Scale) -> None:
    people = np.array([900, 1100, 800, 1000, 1200])
    count = np.array([90, 88, 40, 61, 30])
    if scale is Scale.LOGIT:
        value, (low, high) = count / people, wilson_interval(count, people)
        to, back = special.logit, special.expit
    else:
        value, low, high = rate(count, people, 1000)
        to, back = np.log, np.exp
    fitted = slope_index_from_intervals(value, low, high, people, scale)
    error = (to(high) - to(low)) / 2 / Z
    drawn = back(np.random.default_rng(7).normal(to(value), error, (100_000, 5)))
    intercept, slope = guidances_line(drawn, people)
    expected = np.quantile(slope, [0.025, 0.975])
    np.testing.assert_allclose((fitted.lower, fitted.upper), expected, atol=0.03 * np.ptp(expected))
    ratios = np.quantile((intercept + slope) / intercept, [0.025, 0.975])
    np.testing.assert_allclose((fitted.ratio_lower, fitted.ratio_upper), ratios, atol=0.03 * np.ptp(ratios))
    assert fitted.slope == pytest.approx(slope_index(value, people).slope)


def test_the_same_draws_each_time_and_no_limits_off_the_scale() -> None:
    value, people = np.array([[5.0, 4, 3], [5, 0, 3]]), [10, 20, 30]
    once, again = (slope_index_from_intervals(value, value * 0.8, value * 1.2, people, Scale.LOG) for _ in range(2))
    np.testing.assert_array_equal((once.lower, once.ratio_upper), (again.lower, again.ratio_upper))
    np.testing.assert_array_equal(np.isnan([once.slope, once.lower, once.upper]), [[0, 0], [0, 1], [0, 1]])


def test_relative_limits_are_the_slopes_over_the_mean() -> None:
    value, people = np.array([10.0, 14, 22, 31]), np.array([4, 5, 6, 7])
    fitted, mean = slope_index(value, people), (value * people).sum() / people.sum()
    assert (fitted.relative_lower, fitted.relative_upper) == pytest.approx((fitted.lower / mean, fitted.upper / mean))


def test_whole_authorities_and_impossible_input_are_refused() -> None:
    with pytest.raises(ValueError, match="2 to 100 groups inside an area"):
        slope_index([[42.6]], [[603]])
    with pytest.raises(ValueError, match="2 to 100 groups inside an area"):
        slope_index(np.ones(153), np.ones(153))
    for arguments, message in (
        (([1, 2], [2, 1], [1, 3], [1, 1]), "limits are back to front at position 0"),
        (([-1, 2], [-2, 1], [1, 3], [1, 1], Scale.LOG), "value is negative at position 0"),
        (([0.1, 46], [0, 1], [1, 50], [1, 1], Scale.LOGIT), "value exceeds 1 at position 1"),
        (([1, 2], [1, 2], [1, 2], [1, 1], Scale.NONE, 0.95, 10), "1,000 or more"),
    ):
        with pytest.raises(ValueError, match=message):
            slope_index_from_intervals(*arguments)
