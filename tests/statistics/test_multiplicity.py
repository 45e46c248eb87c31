"""Facts about multiplicity: the published example, an oracle, and a simulation of the priorities list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from jsna_pipeline.statistics.comparison import compare
from jsna_pipeline.statistics.multiplicity import benjamini_hochberg, chance_of_both, expected_false_alarms
from jsna_pipeline.statistics.proportions import wilson_interval
from jsna_pipeline.statistics.trends import judgement, recent_trend_proportions

# Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57: 289-300, 4.2: the first four are found at 5 %.
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
PAPER += [0.6528, 0.7590, 1.0]


def test_the_papers_own_example_finds_four_of_fifteen() -> None:
    shuffled = np.random.default_rng(1).permutation(PAPER)
    found = benjamini_hochberg(shuffled) <= 0.05
    assert sorted(shuffled[found]) == PAPER[:4]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_values_equal_statsmodels_and_gaps_do_not_count(p_values: list[float]) -> None:
    expected = multipletests(p_values, method="fdr_bh")[1]
    ours = benjamini_hochberg([[*p_values, None], [None, *p_values]])
    np.testing.assert_allclose(ours, [[*expected, np.nan], [np.nan, *expected]], atol=1e-12)


def test_independent_tests_multiply_and_the_shared_year_makes_false_alarms_more_frequent() -> None:
    assert chance_of_both(0.025, 0.001, 0) == pytest.approx(0.025 * 0.001, rel=1e-6)
    assert expected_false_alarms(40, correlation=0) == pytest.approx(0.001, rel=1e-6)
    assert expected_false_alarms(40) / expected_false_alarms(40, correlation=0) == pytest.approx(23.4, abs=0.1)
    np.testing.assert_allclose(expected_false_alarms([0, 40, None]), [0, 0.02336, np.nan], atol=5e-6)


def test_areas_that_equal_england_are_listed_as_often_as_expected() -> None:
    """600,000 measures without trend or difference, through the pipeline's own tests of both."""
    random = np.random.default_rng(2025)
    areas, people, share = 600_000, 2000, 0.4
    counts = random.binomial(people, share, (areas, 5))
    lower, upper = wilson_interval(counts[:, 4], people)
    worse = compare(counts[:, 4] / people, lower, upper, share, "high") == "worse"
    trend = recent_trend_proportions(counts, np.full(5, people))
    worsening = judgement(trend.direction, "high") == "worsening"
    assert worse.mean() == pytest.approx(0.025, abs=0.001)
    assert worsening.mean() == pytest.approx(0.001, abs=0.0002)
    expected = float(expected_false_alarms(areas))
    assert 0.8 * expected < (worse & worsening).sum() < 1.1 * expected  # about 350; the one-point rule takes some


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^p-value is not between 0 and 1 at position 1$"):
        benjamini_hochberg([0.5, 1.5])
    with pytest.raises(ValueError, match="at most a half"):
        chance_of_both(0, 0.001, 0)
    with pytest.raises(ValueError, match="correlation"):
        chance_of_both(0.1, 0.1, 1)
    with pytest.raises(ValueError, match=r"^measures is negative$"):
        expected_false_alarms(-1)
