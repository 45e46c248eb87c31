"""Facts about means: a published worked example, an independent implementation, impossible sums."""

import numpy as np
import pandas as pd
import PHStatsMethods
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.statistics.means import deviation_from_squares, mean_interval


def test_blood_pressure_of_men_with_and_without_diabetes() -> None:
    """Altman DG, Gardner MJ, Statistics with Confidence (2nd edn), ch. 4: 146.4 (18.5) of 100, 142.7 to 150.1."""
    value, lower, upper = mean_interval(100, 14_640, 18.5)
    assert (value, lower, upper) == pytest.approx((146.4, 142.7, 150.1), abs=0.05)


@given(st.lists(st.floats(0, 1000), min_size=2, max_size=30), st.sampled_from([0.95, 0.998]))
def test_mean_and_limits_equal_phstatsmethods(measured: list[float], confidence: float) -> None:
    table = pd.DataFrame({"area": "a", "measured": measured})
    theirs = PHStatsMethods.ph_mean(table, "measured", "area", metadata=False, confidence=confidence).iloc[0]
    ours = mean_interval(len(measured), sum(measured), np.std(measured, ddof=1), confidence)
    np.testing.assert_allclose(ours, np.asarray(theirs.iloc[-3:], dtype=float), rtol=1e-9, atol=1e-9)


@given(st.lists(st.integers(0, 200), min_size=2, max_size=50))
def test_the_sum_of_squares_gives_the_sample_deviation(measured: list[int]) -> None:
    array = np.array(measured, dtype=float)
    spread = deviation_from_squares(array.size, array.sum(), (array**2).sum())
    assert spread == pytest.approx(np.std(array, ddof=1), abs=1e-5)


def test_one_child_has_a_mean_without_limits_and_nobody_neither() -> None:
    value, lower, upper = mean_interval([1, 0, None, 5], [7, 0, 7, None], [0, 0, 1, 1])
    np.testing.assert_array_equal(value, [7, np.nan, np.nan, np.nan])
    assert np.isnan([lower, upper]).all()
    np.testing.assert_array_equal(deviation_from_squares([1, 3], [4, 6], [16, 12]), [np.nan, 0])


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^standard deviation is negative at position 1$"):
        mean_interval([5, 5], 10, [1, -1])
    with pytest.raises(ValueError, match=r"^sum of squares is less than the sum allows$"):
        deviation_from_squares(3, 6, 11.9)
    with pytest.raises(ValueError, match=r"^count is not a whole number$"):
        mean_interval(2.5, 10, 1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_interval(5, 10, 1, confidence=95)
