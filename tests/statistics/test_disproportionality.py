"""Facts about disproportionality: published ratios, an independent implementation, and empty cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from jsna_pipeline.statistics.disproportionality import (
    composition,
    relative_risk,
    relative_risk_against_rest,
    risk_index,
)
from jsna_pipeline.statistics.proportions import wilson_interval

# Reported cases and people in the United States in 1992, and the printed ratio to the white group:
# https://pmc.ncbi.nlm.nih.gov/articles/PMC6727205, table 4.
GROUPS = [(563_240, 40_000_000, 39.8), (52_360, 55_000_000, 2.7), (4_480, 20_000_000, 0.6), (2_820, 3_000_000, 2.7)]
WHITE = (70_800, 200_000_000)

parts = st.integers(2, 5000).flatmap(lambda whole: st.tuples(st.integers(1, whole - 1), st.just(whole)))


def test_aspirin_and_heart_attacks() -> None:
    """Physicians' Health Study, placebo over aspirin: 1.82 in Agresti, Categorical Data Analysis, 2.2.3."""
    ratio = relative_risk(189, 11_034, 104, 11_037)
    assert (ratio.value, ratio.lower, ratio.upper) == pytest.approx((1.82, 1.43, 2.31), abs=5e-3)
    assert not ratio.zero_cell


def test_ratios_to_a_reference_group_as_printed() -> None:
    count, people, printed = np.array(GROUPS).T
    ratio = relative_risk(count, people, *WHITE)
    np.testing.assert_allclose(ratio.value, printed, atol=0.05)


@given(parts, parts, st.sampled_from([0.95, 0.998]))
def test_limits_equal_statsmodels(group: tuple[int, int], reference: tuple[int, int], confidence: float) -> None:
    ratio = relative_risk(*group, *reference, confidence)
    expected = confint_proportions_2indep(
        *group, *reference, compare="ratio", method="log", alpha=1 - confidence, correction=False
    )
    np.testing.assert_allclose((ratio.lower, ratio.upper), expected, rtol=1e-9)
    turned = relative_risk(*reference, *group, confidence)
    np.testing.assert_allclose((turned.lower, turned.upper), (1 / ratio.upper, 1 / ratio.lower), rtol=1e-9)


def test_empty_cells_are_said_and_have_recovered_limits() -> None:
    ratio = relative_risk([0, 5, 3, 0], [10, 5, 10, 10], [3, 5, 0, 0], [10, 5, 10, 10])
    np.testing.assert_array_equal(ratio.value, [0, 1, np.nan, np.nan])
    assert ratio.zero_cell.all()
    # Nobody of the group: the upper limit is its Wilson limit over sqrt(l (2 p - l)) of the reference.
    _, high = wilson_interval(0, 10)
    low, _ = wilson_interval(3, 10)
    assert (ratio.lower[0], ratio.upper[0]) == pytest.approx((0, high / np.sqrt(low * (0.6 - low))))
    assert 0 < ratio.lower[1] < 1 < ratio.upper[1]
    np.testing.assert_array_equal(np.isnan([ratio.lower[2:], ratio.upper[2:]]), True)


@pytest.mark.parametrize(("true_1", "true_2"), [(0.01, 0.05), (0.02, 0.02), (0.10, 0.20)])
def test_intervals_hold_the_true_ratio_nineteen_times_in_twenty(true_1: float, true_2: float) -> None:
    random = np.random.default_rng(19)
    ratio = relative_risk(random.binomial(120, true_1, 40_000), 120, random.binomial(300, true_2, 40_000), 300)
    given_ratio = ~np.isnan(ratio.value)
    held = (ratio.lower <= true_1 / true_2) & (true_1 / true_2 <= ratio.upper)
    assert held[given_ratio].mean() > 0.94


def test_against_the_rest_is_the_reference_of_all_other_groups() -> None:
    counts, people = [30, 50, 20], [200, 1000, 300]
    ratio = relative_risk_against_rest([counts, [30, None, 20]], people)
    assert ratio.value[0, 0] == pytest.approx(30 / 200 / (70 / 1300))
    first = relative_risk(30, 200, 70, 1300)
    np.testing.assert_allclose((ratio.lower[0, 0], ratio.upper[0, 0]), (first.lower, first.upper))
    assert np.isnan(ratio.value[1]).all()
    assert not ratio.zero_cell[1].any()


@given(st.lists(parts, min_size=2, max_size=6))
def test_the_composition_index_is_the_risk_over_everybodys_risk(groups: list[tuple[int, int]]) -> None:
    count, people = np.array(groups).T
    shares = composition(count, people)
    risk, lower, upper = risk_index(count, people)
    np.testing.assert_allclose(shares.index, risk / (count.sum() / people.sum()), rtol=1e-12)
    assert shares.share_of_outcome.sum() == pytest.approx(1)
    assert shares.share_of_all.sum() == pytest.approx(1)
    np.testing.assert_array_equal((lower, upper), wilson_interval(count, people))


def test_nothing_to_share_out_and_impossible_counts() -> None:
    assert np.isnan(composition([0, 0], [5, 5]).index).all()
    assert np.isnan(composition([2, None], [5, 5]).share_of_outcome).all()
    np.testing.assert_array_equal(composition([2, 0], [5, 0]).index, [1, np.nan])
    assert np.isnan(risk_index(0, 0)).all()
    assert np.isnan(relative_risk([1, 0, None], [2, 0, 2], 1, 2).value).tolist() == [False, True, True]
    with pytest.raises(ValueError, match=r"^count exceeds denominator at position 1$"):
        relative_risk([1, 3], 2, 1, 2)
