"""Facts about counts and rates: tables of exact limits, two independent implementations, properties."""

import numpy as np
import PHStatsMethods
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import confint_poisson

from jsna_pipeline.statistics.rates import (
    byars_interval,
    exact_interval,
    rate,
    rate_difference_interval,
    rate_ratio,
)

# Exact 95 % limits of a Poisson count, as tabulated in Biometrika Tables for Statisticians (table 40).
EXACT = [
    (0, 0.0, 3.69),
    (1, 0.0253, 5.57),
    (2, 0.242, 7.22),
    (3, 0.619, 8.77),
    (5, 1.62, 11.67),
    (9, 4.12, 17.08),
]


def test_small_counts_have_the_tabulated_exact_limits() -> None:
    count, lower, upper = np.array(EXACT).T
    low, high = byars_interval(count)
    np.testing.assert_allclose(low, lower, atol=5e-3)
    np.testing.assert_allclose(high, upper, atol=5e-3)
    assert low[0] == 0.0


def test_byar_lies_within_0_2_percent_of_exact_from_10_on() -> None:
    """The claim of the Technical Guide: Confidence Intervals (PHE 2018) for 95 % intervals."""
    count = np.arange(10, 5000)
    exact = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    np.testing.assert_allclose(byars_interval(count), exact, rtol=0.002)


@given(st.integers(1, 1_000_000), st.sampled_from([0.9, 0.95, 0.998]))
def test_limits_equal_phstatsmethods(count: int, confidence: float) -> None:
    expected = PHStatsMethods.byars_lower(count, confidence), PHStatsMethods.byars_upper(count, confidence)
    np.testing.assert_allclose(byars_interval(count, confidence), expected, rtol=1e-9)


def test_the_change_from_exact_to_byar_is_at_10() -> None:
    lower, upper = byars_interval([9, 10])
    assert (lower[0], upper[0]) == pytest.approx((stats.chi2.ppf(0.025, 18) / 2, stats.chi2.ppf(0.975, 20) / 2))
    byar = 10 * (1 - 1 / 90 - 1.959964 / (3 * np.sqrt(10))) ** 3
    assert lower[1] == pytest.approx(byar, rel=1e-6)


def test_limits_rise_with_the_count_across_the_change_of_method() -> None:
    lower, upper = byars_interval(np.arange(0, 200))
    assert (np.diff(lower) > 0).all()
    assert (np.diff(upper) > 0).all()


def test_rate_scales_the_limits_of_the_count() -> None:
    value, lower, upper = rate([0, 25, 25], [1000, 50_000, 0.5], multiplier=10_000)
    np.testing.assert_allclose(value, [0, 5, 500_000])
    np.testing.assert_allclose(lower[1:], byars_interval(25)[0] / np.array([5, 5e-5]))
    np.testing.assert_allclose(upper[0], 36.8888, rtol=1e-5)


def test_missing_or_no_population_gives_nan_and_a_negative_one_an_error() -> None:
    for part in rate([3, None, 3], [None, 10, 0], multiplier=100):
        assert np.isnan(part).all()
    with pytest.raises(ValueError, match=r"^denominator is negative at position 1$"):
        rate(1, [1, -1])
    with pytest.raises(ValueError, match=r"^count is not a whole number$"):
        byars_interval(2.5)


@given(st.integers(0, 5000), st.integers(1, 10**6), st.integers(0, 5000), st.integers(1, 10**6))
def test_difference_of_rates_holds_its_estimate_and_reverses(
    count_1: int, people_1: int, count_2: int, people_2: int
) -> None:
    difference, lower, upper = rate_difference_interval(count_1, people_1, count_2, people_2, 1000)
    reverse, reverse_lower, reverse_upper = rate_difference_interval(count_2, people_2, count_1, people_1, 1000)
    assert lower <= difference <= upper
    np.testing.assert_allclose((reverse, reverse_lower, reverse_upper), (-difference, -upper, -lower), rtol=1e-9)


def test_a_difference_from_a_rate_without_variation_keeps_the_interval_of_the_other() -> None:
    """With a vast population behind the second rate, its own interval no longer adds width."""
    value, lower, upper = rate(40, 1000)
    difference, low, high = rate_difference_interval(40, 1000, 30_000_000_000, 10**12)
    np.testing.assert_allclose((difference, low, high), (value - 0.03, lower - 0.03, upper - 0.03), rtol=1e-4)


@given(st.integers(0, 1_000_000), st.sampled_from([0.95, 0.998]))
def test_exact_limits_leave_the_tails_and_equal_statsmodels(count: int, confidence: float) -> None:
    lower, upper = exact_interval(count, confidence)
    np.testing.assert_allclose((lower, upper), confint_poisson(count, 1, "exact-c", 1 - confidence), rtol=1e-9)
    assert lower <= count <= upper
    if count < 10:
        np.testing.assert_array_equal((lower, upper), byars_interval(count, confidence))


def test_exact_limits_of_missing_and_impossible_counts() -> None:
    assert np.isnan(exact_interval([None])).all()
    with pytest.raises(ValueError, match=r"^count is negative at position 1$"):
        exact_interval([1, -1])


def test_breast_cancer_and_fluoroscopy() -> None:
    """Rothman's cohort, as printed by Stata: `iri 41 15 28010 19017`, 1.855759, 1.005684 to 3.6093 (exact)."""
    ratio = rate_ratio(41, 28_010, 15, 19_017)
    assert ratio == pytest.approx((1.855759, 1.005684, 3.6093), abs=5e-7 * 10)


@given(st.integers(0, 3000), st.integers(1, 10**6), st.integers(0, 3000), st.integers(1, 10**6))
def test_ratio_of_rates_leaves_the_tails_and_turns_over(first: int, people_1: int, second: int, people_2: int) -> None:
    """At a limit, the share of the events that fell to the first has its tail of a binomial."""
    ratio, lower, upper = rate_ratio(first, people_1, second, people_2)
    if first + second == 0:
        assert np.isnan([ratio, lower, upper]).all()
        return
    assert lower <= ratio <= upper
    if first and second:
        share_low, share_high = (limit * people_1 / (limit * people_1 + people_2) for limit in (lower, upper))
        assert stats.binom.sf(first - 1, first + second, share_low) == pytest.approx(0.025, rel=1e-6)
        assert stats.binom.cdf(first, first + second, share_high) == pytest.approx(0.025, rel=1e-6)
        turned = rate_ratio(second, people_2, first, people_1)
        np.testing.assert_allclose(turned, (1 / ratio, 1 / upper, 1 / lower), rtol=1e-9)


def test_ratio_without_events_or_people() -> None:
    ratio, lower, upper = rate_ratio([0, 5, 5, None], [100, 100, 0, 100], [5, 0, 5, 5], 200)
    np.testing.assert_array_equal(ratio, [0, np.inf, np.nan, np.nan])
    np.testing.assert_array_equal(upper[1:], [np.inf, np.nan, np.nan])
    assert lower[0] == 0 < lower[1]
    with pytest.raises(ValueError, match=r"^denominator is negative$"):
        rate_ratio(1, -1, 1, 1)
