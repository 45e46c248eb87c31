"""Facts about equivalence: two one-sided tests by the 90 % interval, and the difference that would be seen."""

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, tost_proportions_2indep

from jsna_pipeline.statistics.equivalence import detectable_difference, equivalence


@pytest.mark.parametrize("counts", [(450, 460), (400, 460), (450, 452), (30, 45)])
@pytest.mark.parametrize("margin", [0.02, 0.05, 0.1, 0.2])
def test_the_90_percent_interval_answers_both_one_sided_tests(counts: tuple[int, int], margin: float) -> None:
    """statsmodels tests both sides by the Wald statistic; so the interval is taken from the same statistic."""
    limits = confint_proportions_2indep(counts[0], 500, counts[1], 500, method="wald", alpha=0.1)
    result = tost_proportions_2indep(counts[0], 500, counts[1], 500, -margin, margin, method="wald")
    assert (equivalence(*limits, margin) == "same") == (result.pvalue < 0.05)


def test_words_at_the_margin() -> None:
    lower, upper = [-1, -2, 2.1, -5, -1, np.nan, -9], [1, 1, 4, -2.1, 3, 1, -2]
    words = ["same", "uncertain", "different", "different", "uncertain", "not_tested", "uncertain"]
    assert equivalence(lower, upper, 2).tolist() == words
    with pytest.raises(ValueError, match="margin is not above 0"):
        equivalence(0, 1, 0)


def test_the_difference_that_would_be_seen_has_the_power_it_claims() -> None:
    """Two groups of 400 at a half: standard error 0.0354, so 0.0693 half wide and 0.099 to be seen."""
    half = 1.959964 * np.sqrt(0.25 / 400 * 2)
    seen = float(detectable_difference(0.3 - half, 0.3 + half))
    assert seen == pytest.approx(0.0990, abs=0.0001)
    assert NormalIndPower().power(seen / 0.5, 400, 0.05) == pytest.approx(0.8, abs=0.001)
    assert np.isnan(detectable_difference(np.nan, 1))
    with pytest.raises(ValueError, match="power"):
        detectable_difference(0, 1, power=1)
