"""Facts about proportions: published worked examples, an independent implementation, and properties."""

from typing import Any

import numpy as np
import pandas as pd
import PHStatsMethods
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from jsna_pipeline.statistics.proportions import (
    as_floats,
    clopper_pearson_interval,
    newcombe_difference,
    wilson_interval,
)

# Newcombe RG (1998), Two-sided confidence intervals for the single proportion, Stat Med 17: 857-72, table I.
NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# The same table, method 5 (Clopper-Pearson).
NEWCOMBE_EXACT = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
]
# Newcombe RG (1998), Interval estimation for the difference, Stat Med 17: 873-90, table II, method 10.
NEWCOMBE_DIFFERENCE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


parts = st.integers(1, 100_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def test_wilson_gives_newcombes_published_limits() -> None:
    count, denominator, lower, upper = np.array(NEWCOMBE_SINGLE).T
    np.testing.assert_allclose(wilson_interval(count, denominator), (lower, upper), atol=5e-5)


def test_clopper_pearson_gives_newcombes_published_limits() -> None:
    count, denominator, lower, upper = np.array(NEWCOMBE_EXACT).T
    np.testing.assert_allclose(clopper_pearson_interval(count, denominator), (lower, upper), atol=5e-5)


@given(parts, st.sampled_from([0.8, 0.95, 0.998]))
def test_clopper_pearson_equals_statsmodels_and_is_exact(part: tuple[int, int], confidence: float) -> None:
    limits = clopper_pearson_interval(*part, confidence)
    np.testing.assert_allclose(limits, proportion_confint(*part, alpha=1 - confidence, method="beta"), atol=1e-9)
    lower, upper = limits
    tail = (1 - confidence) / 2
    assert lower == 0 if part[0] == 0 else stats.binom.sf(part[0] - 1, part[1], lower) <= tail * (1 + 1e-6)
    assert upper == 1 if part[0] == part[1] else stats.binom.cdf(*part, upper) <= tail * (1 + 1e-6)


def test_clopper_pearson_of_nobody_everybody_and_missing_cells() -> None:
    lower, upper = clopper_pearson_interval([0, 7, 0, None, 3], [7, 7, 0, 5, None])
    assert (lower[0], upper[1]) == (0.0, 1.0)
    np.testing.assert_array_equal(np.isnan([lower, upper]), [[False, False, True, True, True]] * 2)
    with pytest.raises(ValueError, match=r"^count exceeds denominator$"):
        clopper_pearson_interval(3, 2)


@given(parts, st.sampled_from([wilson_interval, clopper_pearson_interval]))
def test_more_confidence_is_a_wider_interval(part: tuple[int, int], interval: Any) -> None:
    (lower, upper), (lowest, highest) = interval(*part, 0.95), interval(*part, 0.998)
    assert lowest <= lower
    assert upper <= highest
    assert highest - lowest > upper - lower


def test_plans_issued_in_20_weeks_in_wigan_2024() -> None:
    lower, upper = wilson_interval(257, 603)
    assert (round(100 * float(lower), 1), round(100 * float(upper), 1)) == (38.7, 46.6)


def test_method_10_gives_newcombes_published_limits() -> None:
    count_1, denominator_1, count_2, denominator_2, lower, upper = np.array(NEWCOMBE_DIFFERENCE).T
    difference, *limits = newcombe_difference(count_1, denominator_1, count_2, denominator_2)
    np.testing.assert_allclose(limits, (lower, upper), atol=5e-5)
    assert difference[0] == pytest.approx(0.2)


@given(parts, st.sampled_from([0.8, 0.95, 0.998]))
def test_wilson_equals_statsmodels_and_phstatsmethods(part: tuple[int, int], confidence: float) -> None:
    limits = wilson_interval(*part, confidence)
    expected = proportion_confint(*part, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(limits, expected, atol=1e-9)
    np.testing.assert_allclose(limits, PHStatsMethods.wilson(*part, confidence), atol=1e-9)


@given(parts, parts)
def test_method_10_equals_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    _, *limits = newcombe_difference(*first, *second)
    expected = confint_proportions_2indep(*first, *second, compare="diff", method="newcomb")
    np.testing.assert_allclose(limits, expected, atol=1e-9)


@given(parts, parts)
def test_intervals_hold_their_estimate_and_stay_in_range(first: tuple[int, int], second: tuple[int, int]) -> None:
    lower, upper = wilson_interval(*first)
    assert 0 <= lower <= first[0] / first[1] <= upper <= 1
    difference, low, high = newcombe_difference(*first, *second)
    assert -1 - 1e-12 <= low <= difference <= high <= 1 + 1e-12
    swapped, opposite_low, opposite_high = newcombe_difference(*second, *first)
    np.testing.assert_allclose((swapped, opposite_low, opposite_high), (-difference, -high, -low), atol=1e-12)


def test_nobody_and_everybody_have_exact_limits() -> None:
    lower, upper = wilson_interval([0, 7], [7, 7])
    assert lower[0] == 0.0
    assert upper[1] == 1.0


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "int64[pyarrow]", "float64"])
def test_missing_cells_of_any_dtype_give_nan(dtype: str) -> None:
    counts = pd.Series([5, None, 5, 0], dtype=dtype)
    whole = pd.Series([10, 10, None, 0], dtype=dtype)
    for limit in wilson_interval(counts, whole):
        assert isinstance(limit, np.ndarray)
        np.testing.assert_array_equal(np.isnan(limit), [False, True, True, True])


def test_scalars_lists_frames_and_masked_cells_become_floats() -> None:
    assert as_floats(3) == 3.0
    np.testing.assert_array_equal(as_floats([1, None, pd.NA]), [1, np.nan, np.nan])
    np.testing.assert_array_equal(as_floats(pd.array([1, None], dtype="Int64")), [1, np.nan])
    np.testing.assert_array_equal(as_floats(pd.DataFrame({"a": [1, 2], "b": [3, None]})), [[1, 3], [2, np.nan]])


@pytest.mark.parametrize(
    ("count", "denominator", "message"),
    [
        ([1, 2, 94_321], [5, 5, 94_320], "count exceeds denominator at position 2"),
        ([1, -94_321], [5, 5], "count is negative at position 1"),
        ([94_321.5], [100_000], "count is not a whole number at position 0"),
        ([1], [np.inf], "denominator is not a whole number at position 0"),
        ([[1, 1], [1, 94_321]], 10, "count exceeds denominator at position 1, 1"),
    ],
)
def test_impossible_counts_are_named_by_position_without_their_value(
    count: object, denominator: object, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        wilson_interval(count, denominator)


def test_confidence_is_a_fraction() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson_interval(1, 2, confidence=95)
