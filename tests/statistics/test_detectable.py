"""Facts about detectable gaps: a handbook's example, an oracle for the formula, and the exact power."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import normal_sample_size_one_tail

from jsna_pipeline.statistics.detectable import detectable_gaps
from jsna_pipeline.statistics.proportions import wilson_interval


def test_102_are_needed_to_see_20_percent_beside_10() -> None:
    """NIST/SEMATECH e-Handbook 7.2.4.2: one-sided 5 %, power 90 %, an increase of 0.10 from 0.10: N = 102."""
    _, above = detectable_gaps([101, 102], 0.10, power=0.9, confidence=0.9)
    assert above[1] <= 0.10 < above[0]


@given(st.integers(5, 100_000), st.floats(0.02, 0.98), st.sampled_from([0.5, 0.8, 0.9]))
def test_the_gap_needs_just_this_many_by_statsmodels(people: int, comparator: float, power: float) -> None:
    below, above = detectable_gaps(people, comparator, power)
    for gap, alternative in ((below, comparator - below), (above, comparator + above)):
        if np.isnan(gap):
            continue
        deviations = [np.sqrt(share * (1 - share)) for share in (comparator, float(alternative))]
        assert normal_sample_size_one_tail(float(gap), power, 0.025, *deviations) == pytest.approx(people, rel=1e-6)


@pytest.mark.parametrize(("people", "comparator"), [(60, 0.5), (200, 0.46), (1000, 0.1), (5000, 0.9)])
def test_the_wilson_test_finds_the_gap_four_times_in_five(people: int, comparator: float) -> None:
    lower, upper = wilson_interval(np.arange(people + 1), people)
    below, above = detectable_gaps(people, comparator)
    chance = stats.binom.pmf(np.arange(people + 1), people, [[comparator - below], [comparator + above]])
    found = chance[0, upper < comparator].sum(), chance[1, lower > comparator].sum()
    np.testing.assert_allclose(found, 0.8, atol=0.06)


@given(st.integers(20, 5000), st.floats(0.05, 0.95))
def test_gaps_shrink_with_numbers_grow_with_power_and_mirror(people: int, comparator: float) -> None:
    below, above = detectable_gaps(people, comparator)
    assume(not np.isnan(below + above))
    mirrored = detectable_gaps(people, 1 - comparator)
    np.testing.assert_allclose((below, above), mirrored[::-1], rtol=1e-9)
    assert (np.array(detectable_gaps(people + 1, comparator)) < [below, above]).all()
    more = np.array(detectable_gaps(people, comparator, power=0.9))
    assert (np.isnan(more) | (more > [below, above])).all()
    assert below <= comparator
    assert above <= 1 - comparator


def test_too_few_children_show_nothing_and_bad_input_is_refused() -> None:
    below, above = detectable_gaps([4, 0, None, 4], [0.1, 0.5, 0.5, None])
    assert np.isnan(below).all()  # nought of four lies within the interval of 10 %
    np.testing.assert_array_equal(np.isnan(above), [False, True, True, True])
    with pytest.raises(ValueError, match=r"^comparator is not between 0 and 1$"):
        detectable_gaps(100, 46.4)
    with pytest.raises(ValueError, match="power"):
        detectable_gaps(100, 0.5, power=80)
