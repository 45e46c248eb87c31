"""Facts about funnels: the guidance's own test figures, duality with intervals, and chance by simulation."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jsna_pipeline.statistics.funnel import (
    ALARM,
    expected_outside,
    place,
    proportion_limits,
    rate_limits,
    ratio_limits,
    significance,
)
from jsna_pipeline.statistics.proportions import wilson_interval
from jsna_pipeline.statistics.rates import exact_interval

CASES = json.loads((Path(__file__).parent / "reference" / "funnel_cases.json").read_text())


def test_proportion_limits_and_places_are_the_published_ones() -> None:
    case = CASES["proportion"]
    denominator, *expected = np.array(case["limits"]["rows"], dtype=float).T
    ours = proportion_limits(denominator, case["baseline"]), proportion_limits(denominator, case["baseline"], ALARM)
    np.testing.assert_allclose(100 * np.concatenate(ours), expected, atol=1e-6)
    for area, numerator, people, expected_place in case["places"]["rows"]:
        warning = proportion_limits(people, case["baseline"])
        found = place(numerator / people, warning, proportion_limits(people, case["baseline"], ALARM))
        assert found == expected_place, area


def test_ratio_limits_are_the_published_ones() -> None:
    """The guidance tabulates for which expected number a count just reaches its limit."""
    observed, low_95, high_95, low_998, high_998 = np.array(CASES["ratio"]["rows"], dtype=float).T
    for expected, confidence, side in (
        (low_95, 0.95, 0),
        (high_95, 0.95, 1),
        (low_998, ALARM, 0),
        (high_998, ALARM, 1),
    ):
        limit = ratio_limits(expected, confidence)[side] * expected
        np.testing.assert_allclose(limit, observed, rtol=1e-5)  # theirs is found by halving, to 1e-7


def test_places_of_standardised_rates_are_the_published_ones() -> None:
    case = CASES["directly_standardised_rate"]
    events, rate = np.array([row[:2] for row in case["rows"]], dtype=float).T
    effective = events / rate * case["multiplier"]
    baseline = events.sum() / effective.sum() * case["multiplier"]
    warning, alarm = (rate_limits(effective, baseline, case["multiplier"], level) for level in (0.95, ALARM))
    np.testing.assert_array_equal(place(rate, warning, alarm), [row[2] for row in case["rows"]])


@given(st.integers(1, 5000), st.data(), st.floats(0.01, 0.99), st.sampled_from([0.95, ALARM]))
def test_outside_the_funnel_is_a_wilson_interval_without_the_baseline(
    people: int, data: st.DataObject, baseline: float, confidence: float
) -> None:
    count = data.draw(st.integers(0, people))
    lower, upper = proportion_limits(people, baseline, confidence)
    low, high = wilson_interval(count, people, confidence)
    if min(abs(count / people - lower), abs(count / people - upper)) > 1e-12:
        assert (lower <= count / people <= upper) == (low <= baseline <= high)


@given(st.integers(0, 3000), st.floats(0.01, 3000), st.sampled_from([0.95, ALARM]))
def test_outside_a_ratio_funnel_is_an_exact_interval_without_1(count: int, expected: float, confidence: float) -> None:
    lower, upper = ratio_limits(expected, confidence)
    low, high = exact_interval(count, confidence)
    if min(abs(count / expected - lower), abs(count / expected - upper)) > 1e-6:
        assert (lower <= count / expected <= upper) == (low <= expected <= high)


@given(st.floats(0.01, 1e5))
def test_limits_are_ordered_and_lie_about_the_baseline(expected: float) -> None:
    (low, high), (lowest, highest) = ratio_limits(expected), ratio_limits(expected, ALARM)
    assert 0 <= lowest <= low <= 1 <= high < highest
    per_10_000 = rate_limits(expected * 100, 100.0, 10_000)
    np.testing.assert_allclose(per_10_000, (low * 100, high * 100), rtol=1e-12)
    np.testing.assert_allclose(ratio_limits(expected, multiplier=100), (low * 100, high * 100))


def test_chance_alone_puts_about_the_expected_number_outside() -> None:
    assert expected_outside(151) == pytest.approx(7.55)
    assert expected_outside([151, 0], ALARM) == pytest.approx([0.302, 0])
    random = np.random.default_rng(151)
    people = random.integers(300, 5000, 151)
    shares = random.binomial(people, 0.46, (2000, 151)) / people
    lower, upper = proportion_limits(people, 0.46)
    outside = ((shares < lower) | (shares > upper)).sum(axis=1).mean()
    assert outside == pytest.approx(7.55, abs=0.4)
    assert stats.binom.sf(14, 151, 0.05) < 0.01  # so 15 of 151 outside are more than chance gives


def test_words_by_polarity_and_what_cannot_be_placed() -> None:
    words = place([9, 7, 5, 3, 1, None, 5], (4, 6), (2, [8, 8, 8, 8, 8, 8, None]))
    assert words.tolist() == [
        *("above_99_8", "above_95", "within", "below_95", "below_99_8", "not_tested", "not_tested"),
    ]
    assert significance(words[:6], "low").tolist() == ["worse", "worse", "similar", "better", "better", "not_tested"]
    assert significance(words[1], "none") == "higher"
    assert place([4, 6, 2, 8], (4, 6), (2, 8)).tolist() == ["within", "within", "below_95", "above_95"]
    with pytest.raises(ValueError, match=r"words of funnel\.Place at position 0$"):
        significance(["above"], "high")


def test_nobody_has_no_limits_and_impossible_input_is_refused() -> None:
    assert np.isnan([*proportion_limits([0, None], 0.5), *ratio_limits([0, None]), *rate_limits([0, None], 5)]).all()
    for call, message in (
        (lambda: proportion_limits(100, 46.4), "baseline is not between 0 and 1"),
        (lambda: proportion_limits(-5, 0.4), "denominator is negative"),
        (lambda: ratio_limits([1, -1]), "expected is negative at position 1"),
        (lambda: rate_limits(10, -1), "baseline is negative"),
        (lambda: expected_outside(151, 95), "between 0 and 1"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
