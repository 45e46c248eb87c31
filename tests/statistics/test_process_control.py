"""Facts about process control: handbook charts, the rules one by one against a plain reading, false alarms."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.statistics.process_control import (
    ControlLimits,
    SpecialCause,
    latest_variation,
    p_limits,
    special_cause,
    xmr_limits,
)

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: ten batches.
FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# NHSRplotthedots, vignette "Deviations from Excel defaults".
ONE_OUTLIER = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]

# Centre 0 and limits at 3, so that zones are easy to see.
steps = st.lists(
    st.one_of(st.none(), st.sampled_from([-3.5, -2.5, -1, -0.5, 0, 0.5, 1, 2.5, 3.5])), min_size=1, max_size=20
)


def unit_limits(months: int) -> ControlLimits:
    return ControlLimits(*(np.full(months, limit) for limit in (0.0, 1.0, -3.0, 3.0)))


def test_xmr_limits_of_the_handbooks_batches() -> None:
    limits = xmr_limits(FLOW_RATES)
    assert limits.centre[0] == pytest.approx(50.81)
    # The handbook divides 3 by 1.128; 2.66 is that to two places.
    assert (limits.lower[0], limits.upper[0]) == pytest.approx((45.8159, 55.8041), abs=1e-3)


def test_a_range_beyond_its_limit_does_not_widen_the_limits() -> None:
    limits = xmr_limits([ONE_OUTLIER, ONE_OUTLIER[::-1]])
    printed = np.round([limits.upper[:, 0], limits.centre[:, 0], limits.lower[:, 0]], 2)
    np.testing.assert_array_equal(printed.T, [[4.6, 1.94, -0.72]] * 2)
    assert special_cause(ONE_OUTLIER, xmr_limits(ONE_OUTLIER)).beyond_limits.tolist() == [0] * 4 + [1] + [0] * 13
    plain = xmr_limits(ONE_OUTLIER, screen_outliers=False)
    assert plain.upper[0] - plain.centre[0] == pytest.approx(2.66 * np.abs(np.diff(ONE_OUTLIER)).mean())


def test_p_limits_of_a_textbook_and_of_months_of_unequal_size() -> None:
    """Ten samples of 200: 0.0822 and 0.2378 (An Introduction to Business Statistics, example 16.6)."""
    defects = [40, 44, 22, 34, 24, 32, 28, 32, 34, 30]
    limits = p_limits(defects, 200)
    assert limits.centre[0] == pytest.approx(0.16)
    assert (limits.lower[0], limits.upper[0]) == pytest.approx((0.0822, 0.2378), abs=5e-5)
    uneven = p_limits([5, 0, None, 95], [10, 0, 10, 190])
    np.testing.assert_allclose(uneven.centre, 0.5)
    np.testing.assert_allclose(uneven.upper, [0.5 + 1.5 / np.sqrt(10), np.nan, np.nan, 0.5 + 1.5 / np.sqrt(190)])
    assert p_limits([1, 0, 0], 5).lower.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match=r"^count exceeds denominator at position 1$"):
        p_limits([1, 6], 5)


def plain_reading(series: list[float | None], run: int, trend: int) -> SpecialCause:
    """The rules as the guides word them, month by month, for a centre of 0 and limits at 3."""
    found = {rule: np.zeros(len(series), dtype=int) for rule in ("beyond", "near", "run", "trend")}
    trends: dict[int, set[int]] = {1: set(), -1: set()}
    for way in (1, -1):
        signed = [None if value is None else value * way for value in series]
        for start in range(len(series)):
            if signed[start] is not None and signed[start] > 3:
                found["beyond"][start] = way
            for length, rule in ((run, "run"), (trend, "trend"), (3, "near")):
                window = signed[start : start + length]
                if len(window) < length or None in window:
                    continue
                places = range(start, start + length)
                rises = all(after > before for before, after in pairwise(window))
                outer = [place for place in places if 2 < signed[place] <= 3]
                one_side = min(window) > 0
                if rule == "run" and one_side:
                    found[rule][list(places)] = way
                if rule == "trend" and rises:
                    trends[way].update(places)
                if rule == "near" and one_side and len(outer) >= 2:
                    found[rule][outer] = way
    for month in trends[1] | trends[-1]:
        turns = month in trends[1] and month in trends[-1]  # the month goes with the trend that led to it
        found["trend"][month] = np.sign(series[month] - series[month - 1]) if turns else 1 if month in trends[1] else -1
    return SpecialCause(found["beyond"], found["near"], found["run"], found["trend"])


@given(steps, st.sampled_from([(8, 6), (7, 7), (3, 3), (4, 3)]))
def test_rules_equal_a_plain_reading(series: list[float | None], lengths: tuple[int, int]) -> None:
    run, trend = lengths
    ours = special_cause(series, unit_limits(len(series)), run=run, trend=trend)
    expected = plain_reading(series, run, trend)
    for rule in ("beyond_limits", "near_limits", "run", "trend"):
        np.testing.assert_array_equal(getattr(ours, rule), getattr(expected, rule), err_msg=rule)


def test_eight_on_one_side_and_six_rising_and_not_one_fewer() -> None:
    eight, seven = [0.5] * 8 + [-0.5], [0.5] * 7 + [-0.5] * 2
    causes = special_cause([eight, seven], unit_limits(9))
    np.testing.assert_array_equal(causes.run, [[1] * 8 + [0], [0] * 9])
    rising = [[0, 1, 2, 1.5, 1.6, 1.7, 1.8, 1.9, 2], [0, 1, 2, 1.5, 1.6, 1.7, 1.8, 1.9, 1.9]]
    np.testing.assert_array_equal(special_cause(rising, unit_limits(9)).trend, [[0, 0, 0] + [1] * 6, [0] * 9])
    peak = special_cause([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1], unit_limits(11)).trend
    assert peak.tolist() == [1] * 6 + [-1] * 5


def test_many_series_at_once_equal_each_alone() -> None:
    random = np.random.default_rng(12)
    counts, people = random.binomial(80, 0.3, (50, 24)).astype(float), np.full((50, 24), 80)
    counts[::7, 5] = np.nan
    limits = p_limits(counts, people)
    together = special_cause(counts / people, limits)
    for series in range(0, 50, 5):
        own = p_limits(counts[series], people[series])
        np.testing.assert_allclose(own.upper, limits.upper[series])
        alone = special_cause(counts[series] / people[series], own)
        np.testing.assert_array_equal(alone.direction, together.direction[series])
    assert (together.direction != 0).any()


def test_a_steady_process_seldom_alarms() -> None:
    """A month of a steady normal series lies beyond the limits about 3 times in 1,000, and some by runs."""
    values = np.random.default_rng(24).normal(50, 5, (4000, 24))
    causes = special_cause(values, xmr_limits(values))
    assert 0.001 < (causes.beyond_limits != 0).mean() < 0.01
    latest = latest_variation(values, causes, "high")
    assert 0.01 < (latest != "common_cause").mean() < 0.06


def test_the_latest_month_by_polarity_and_too_few_months() -> None:
    high = [0.5, -0.5] * 6 + [4.0, None]
    series = np.array([high, [None if value is None else -value for value in high]], dtype=float)
    limits = ControlLimits(*(np.full(series.shape, limit) for limit in (0.0, 1.0, -3.0, 3.0)))
    causes = special_cause(series, limits)
    words = {polarity: latest_variation(series, causes, polarity).tolist() for polarity in ("high", "low", "none")}
    assert words == {
        "high": ["improvement", "concern"],
        "low": ["concern", "improvement"],
        "none": ["higher", "lower"],
    }
    few = series[:, -12:]
    cut = special_cause(few, ControlLimits(*(np.full(few.shape, limit) for limit in (0.0, 1.0, -3.0, 3.0))))
    assert latest_variation(few, cut, "high").tolist() == ["not_tested", "not_tested"]
    calm = special_cause([0.5, -0.5] * 6, unit_limits(12))
    assert latest_variation([0.5, -0.5] * 6, calm, "high") == "common_cause"
    with pytest.raises(ValueError, match="at least 3 months"):
        special_cause(few, limits, run=2)
