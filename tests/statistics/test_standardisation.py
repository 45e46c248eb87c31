"""Facts about standardisation: a published data set, an independent implementation, and properties."""

import numpy as np
import pandas as pd
import PHStatsMethods
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jsna_pipeline.statistics.rates import rate
from jsna_pipeline.statistics.standardisation import (
    directly_standardised_rate,
    indirectly_standardised_ratio,
)

# Down's syndrome and mother's age, Michigan 1950-64, mothers of five or more; standard: all births.
# Stark CR, Mantel N (1966); Fay MP, Feuer EJ (1997), Stat Med 16: 791-801, table II.
CASES = [0, 8, 63, 112, 262, 295]
BIRTHS = [327, 30_666, 123_419, 149_919, 104_088, 34_392]
STANDARD = [319_933, 931_318, 786_511, 488_235, 237_863, 61_313]


def test_downs_syndrome_in_michigan() -> None:
    value, lower, upper = directly_standardised_rate(CASES, BIRTHS, STANDARD)
    assert value == pytest.approx(75.52901, abs=5e-6)  # as printed by the R package dsrTest 1.0.0
    assert lower < value < upper


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(600, 10**6), st.integers(1, 9000)), min_size=1, max_size=9))
def test_rate_and_limits_equal_phstatsmethods(groups: list[tuple[int, int, int]]) -> None:
    table = pd.DataFrame(groups, columns=["count", "population", "standard"])
    assume(table["count"].sum() > 0)
    ours = directly_standardised_rate(table["count"], table["population"], table["standard"])
    theirs = PHStatsMethods.ph_dsr(
        table, "count", "population", "standard", metadata=False, euro_standard_pops=False
    ).iloc[0]
    expected = theirs[["Value", "lower_95_ci", "upper_95_ci"]].astype(float)
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_a_population_shaped_like_the_standard_has_its_crude_rate_and_byars_limits() -> None:
    counts, people = np.array([12, 30, 7]), np.array([1000, 2000, 1500])
    standardised = directly_standardised_rate(counts, people, 3 * people, multiplier=1000)
    # Byar's limits stretched by a factor of exactly 1: with equal shape the weighted sum is the plain sum.
    np.testing.assert_allclose(standardised, rate(49, 4500, 1000))


def test_fewer_than_ten_events_are_withheld() -> None:
    value, lower, upper = directly_standardised_rate([[4, 5], [5, 5], [5, None]], [100, 100], [1, 1])
    np.testing.assert_array_equal(np.isnan([value, lower, upper]), [[True, False, True]] * 3)


def test_no_population_gives_nan_and_bad_weights_an_error() -> None:
    assert np.isnan(directly_standardised_rate([20, 20], [100, 0], [1, 1])).all()
    with pytest.raises(ValueError, match=r"^standard weight is missing or negative at position 1$"):
        directly_standardised_rate([20, 20], [100, 100], [1, None])
    with pytest.raises(ValueError, match="weights sum to 0"):
        directly_standardised_rate([20, 20], [100, 100], [0, 0])


def test_indirect_ratio_is_observed_over_expected_with_exact_or_byar_limits() -> None:
    ratio, lower, upper = indirectly_standardised_ratio([0, 8, 40, 5], [2.5, 10.2, 38.4, 0], multiplier=100)
    np.testing.assert_allclose(ratio, [0, 78.43137, 104.16667, np.nan], rtol=1e-6)
    for at in (1, 2):
        count, expected = [0, 8, 40][at], [2.5, 10.2, 38.4][at]
        limits = PHStatsMethods.byars_lower(count), PHStatsMethods.byars_upper(count)
        np.testing.assert_allclose((lower[at], upper[at]), np.array(limits) / expected * 100)
    assert (lower[0], np.isnan(upper[3])) == (0, True)
