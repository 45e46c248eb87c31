"""Facts about standardisation: a published data set, an independent implementation, and properties."""

import numpy as np
import pandas as pd
import PHStatsMethods
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PHStatsMethods.confidence_intervals import dobson_lower, dobson_upper

from jsna_pipeline.statistics.rates import rate
from jsna_pipeline.statistics.standardisation import (
    directly_standardised_rate,
    expected_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
    standardised_rate_of_repeats,
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


children = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.integers(0, 9), st.integers(200, 10**5), st.integers(1, 9000)),
    min_size=1,
    max_size=9,
)


@given(children, st.sampled_from([0.95, 0.998]))
def test_repeated_events_widen_dobsons_interval_by_their_squares(
    groups: list[tuple[int, int, int, int, int]], confidence: float
) -> None:
    """PHEindicatormethods: the variance of each frequency's own rate, times its square, in Dobson's limits."""
    once, twice, thrice, people, standard = np.array(groups).T
    table = np.stack([once, twice, thrice], axis=-1)
    total = int(table @ [1, 2, 3] @ np.ones(len(groups)))
    assume(total >= 10)
    value, *limits = standardised_rate_of_repeats(table, [1, 2, 3], people, standard, 1000, confidence)
    variance = sum(
        frequency**2 * (had * (standard / people) ** 2).sum() / standard.sum() ** 2
        for frequency, had in ((1, once), (2, twice), (3, thrice))
    )
    theirs = [dobson(float(value), total, variance, confidence, 1000) for dobson in (dobson_lower, dobson_upper)]
    np.testing.assert_allclose(limits, theirs, rtol=1e-9)
    independent = directly_standardised_rate(table @ [1, 2, 3], people, standard, 1000, confidence)
    np.testing.assert_allclose(value, independent[0], rtol=1e-12)
    assert limits[0] <= independent[1] * (1 + 1e-9)
    assert limits[1] >= independent[2] * (1 - 1e-9)


def test_single_events_are_independent_events_and_few_are_withheld() -> None:
    once = [[12, 30, 7], [1, 2, 3]]
    people, standard = [1000, 2000, 1500], [3, 2, 1]
    repeats = standardised_rate_of_repeats(np.array(once)[..., None], [1], people, standard)
    np.testing.assert_allclose(repeats, directly_standardised_rate(once, people, standard), rtol=1e-12)
    assert np.isnan(np.array(repeats)[:, 1]).all()
    with pytest.raises(ValueError, match=r"^events each is missing or 0 at position 0$"):
        standardised_rate_of_repeats([[1]], [0], [10], [1])


def test_interval_of_repeated_events_holds_the_truth_where_the_plain_one_fails() -> None:
    """Children have 1 to 4 suspensions: limits for independent events are too narrow, these are not."""
    random = np.random.default_rng(4)
    people, standard, frequency = np.array([5000, 4000, 3000]), np.array([5500, 5500, 5500]), np.array([1, 2, 3, 4])
    rate_of = np.array([[0.004, 0.002, 0.001, 0.002], [0.01, 0.004, 0.003, 0.003], [0.006, 0.003, 0.002, 0.004]])
    had = random.poisson(rate_of * people[:, None], (20_000, 3, 4))
    truth = ((rate_of @ frequency) * standard / standard.sum()).sum() * 1000
    _, *limits = standardised_rate_of_repeats(had, frequency, people, standard, 1000)
    _, *plain = directly_standardised_rate(had @ frequency, people, standard, 1000)
    held, plainly = (((low <= truth) & (truth <= high)).mean() for low, high in (limits, plain))
    assert held == pytest.approx(0.95, abs=0.01)
    assert plainly < 0.82


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(10, 9000), st.integers(1, 500)), min_size=1, max_size=9))
def test_indirect_rate_equals_phstatsmethods(groups: list[tuple[int, int, int]]) -> None:
    table = pd.DataFrame(groups, columns=["count", "population", "reference_count"])
    table["reference_population"] = 10_000
    assume(table["count"].sum() > 0)
    theirs = PHStatsMethods.ph_ISRate(
        table, "count", "population", "reference_count", "reference_population", metadata=False
    ).iloc[0]
    expected = expected_events(table["population"], table["reference_count"], table["reference_population"])
    assert expected == pytest.approx(theirs["Expected"])
    ours = indirectly_standardised_rate(table["count"].sum(), expected, theirs["ref_rate"])
    np.testing.assert_allclose(ours, theirs[["Value", "lower_95_ci", "upper_95_ci"]].astype(float), rtol=1e-9)


def test_expected_events_of_unknown_or_impossible_references() -> None:
    expected = expected_events([[100, 200], [100, None]], [5, 8], [1000, 1000])
    np.testing.assert_array_equal(expected, [2.1, np.nan])
    assert np.isnan(expected_events([100, 200], [5, 0], [1000, 0]))
    with pytest.raises(ValueError, match=r"^reference population is negative at position 0$"):
        expected_events([100], [5], [-1])
    with pytest.raises(ValueError, match=r"^reference rate is negative$"):
        indirectly_standardised_rate(5, 4, -1)
