"""Facts about the recent trend: the published calculation's own test cases, an oracle, and properties."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from jsna_pipeline.statistics.proportions import wilson_interval
from jsna_pipeline.statistics.trends import (
    CRITICAL_CHI_SQUARE,
    POINTS,
    judgement,
    latest_points,
    recent_trend,
    recent_trend_proportions,
)
from jsna_pipeline.vocabulary import Direction

# The public tests of the Fingertips trend calculator; the file names its source.
CASES = json.loads((Path(__file__).parent / "reference" / "trend_cases.json").read_text())["cases"]
MARKERS = {
    "CannotBeCalculated": ("cannot_be_calculated", "no_judgement"),
    "Increasing": ("increasing", "no_judgement"),
    "IncreasingAndGettingWorse": ("increasing", "worsening"),
    "DecreasingAndGettingWorse": ("decreasing", "worsening"),
}

points = st.lists(st.floats(0, 100), min_size=5, max_size=5)
widths = st.lists(st.floats(0.5, 20), min_size=5, max_size=5)


def assert_agrees(case: dict[str, Any]) -> None:
    if case["type"] == "proportion":
        result = recent_trend_proportions([case["count"]], [case["denominator"]])
    else:
        extra = {name: [case[name]] for name in ("count", "denominator") if name in case}
        result = recent_trend([case["value"]], [case["lower"]], [case["upper"]], **extra)
    expect = case["expect"]
    if "significant" in expect:
        assert (result.direction[0] in ("increasing", "decreasing")) is expect["significant"]
    if "chi2_2dp" in expect:
        assert round(result.statistic[0], 2) == expect["chi2_2dp"]
    marker = expect.get("trend", expect.get("marker"))
    if marker:
        words = result.direction[0], judgement(result.direction, case.get("polarity", "none"))[0]
        assert words == MARKERS[marker]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_published_cases(case: dict[str, Any]) -> None:
    assert_agrees(case)


def test_shared_reference_cases_and_method_agree(landing: Path) -> None:
    """The reference figures in the folder beside the landing folder, where there is one."""
    vectors = landing.parent / "reference" / "trend_vectors.json"
    if not vectors.is_file():
        pytest.skip("no folder of reference figures beside the landing folder")
    shared = json.loads(vectors.read_text())
    assert shared["method"]["chi2_critical"] == pytest.approx(CRITICAL_CHI_SQUARE, rel=1e-12)
    assert (shared["method"]["points"], shared["method"]["alpha_two_sided"]) == (POINTS, 0.002)
    assert shared["cases"]
    for case in shared["cases"]:
        known = {"type", "expect", "name", "polarity", "value", "lower", "upper", "count", "denominator"}
        assert set(case) <= known, case["name"]  # nothing of a case is passed over
        assert_agrees(case)


def test_diabetic_eye_disease_shows_each_rule() -> None:
    """It rises through every drop-one slope although its second point falls."""
    case = next(case for case in CASES if case["name"].startswith("diabetic_eye"))
    result = recent_trend(case["value"], case["lower"], case["upper"])
    assert result.consistent
    assert result.statistic > CRITICAL_CHI_SQUARE
    assert result.slope > 0
    assert result.points == 5


def test_critical_value_is_alpha_0_002() -> None:
    assert stats.chi2.isf(0.002, 1) == pytest.approx(CRITICAL_CHI_SQUARE)


@given(points, widths)
def test_statistic_and_slopes_equal_weighted_least_squares(values: list[float], width: list[float]) -> None:
    value, half = np.array(values), np.array(width) / 2
    result = recent_trend(value, value - half, value + half)
    weight = (3.92 / (2 * half)) ** 2
    assume(np.ptp(value) > 1e-6)

    def fit(kept: list[int]) -> tuple[float, float]:
        design = sm.add_constant(np.arange(1.0, 6)[kept])
        model = sm.WLS(value[kept], design, weight[kept]).fit()
        return model.params[1], model.params[1] ** 2 / model.normalized_cov_params[1, 1]

    slope, statistic = fit([0, 1, 2, 3, 4])
    assert result.slope == pytest.approx(slope, rel=1e-6, abs=1e-8)
    assert result.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-8)
    others = np.array([slope, *(fit([k for k in range(5) if k != left])[0] for left in range(5))])
    assume((np.abs(others) > 1e-9).all())
    assert result.consistent == (abs(np.sign(others).sum()) == 6)


def test_one_outlier_makes_no_trend() -> None:
    values = np.array([10.0, 10.0, 10.0, 10.0, 30.0])
    result = recent_trend(values, values - 1, values + 1)
    assert result.statistic > CRITICAL_CHI_SQUARE
    rising = recent_trend([10.4, 10.2, 10.1, 10, 30], values - 1, values + 1)
    assert (rising.direction, rising.consistent) == ("no_change", False)


@given(st.lists(st.integers(1, 499), min_size=5, max_size=5))
def test_time_reversed_the_trend_is_reversed(counts: list[int]) -> None:
    forward = recent_trend_proportions(counts, [500] * 5)
    backward = recent_trend_proportions(counts[::-1], [500] * 5)
    assume(abs(float(forward.slope)) > 1e-9)
    assert forward.statistic == pytest.approx(backward.statistic)
    opposite = {"increasing": "decreasing", "decreasing": "increasing", "no_change": "no_change"}
    if forward.consistent and backward.consistent:
        assert opposite[str(forward.direction)] == backward.direction


def test_the_two_methods_agree_on_large_counts() -> None:
    counts, people = np.array([4000, 4150, 4300, 4420, 4600]), np.full(5, 20_000)
    lower, upper = wilson_interval(counts, people)
    weighted = recent_trend(counts / people, lower, upper)
    on_counts = recent_trend_proportions(counts, people)
    assert weighted.direction == on_counts.direction == "increasing"
    assert weighted.statistic == pytest.approx(on_counts.statistic, rel=0.02)


@pytest.mark.parametrize(
    ("change", "usable"),
    [({"value": None}, 4), ({"lower": None}, 4), ({"upper": 5.0, "lower": 5.0}, 4), ({}, 5)],
)
def test_a_point_missing_or_without_width_stops_the_calculation(change: dict[str, Any], usable: int) -> None:
    table = {
        "value": [1.0, 2, 3, 4, 5],
        "lower": [0.5, 1.5, 2.5, 3.5, 4.5],
        "upper": [1.5, 2.5, 3.5, 4.5, 5.5],
    }
    for name, value in change.items():
        table[name][4] = value
    result = recent_trend(*table.values())
    assert result.points == usable
    assert str(result.direction) == ("increasing" if usable == 5 else "cannot_be_calculated")
    assert np.isnan(result.statistic) == (usable < 5)


def test_everybody_or_nobody_in_a_point_stops_the_calculation() -> None:
    counts = [[10, 11, 12, 13, 20], [0, 11, 12, 13, 14], [10, 11, 12, 13, 14]]
    result = recent_trend_proportions(counts, np.full(5, 20))
    assert result.direction.tolist() == ["cannot_be_calculated", "cannot_be_calculated", "no_change"]
    value = np.array(counts[0]) / 20
    weighted = recent_trend(value, value - 0.01, value + 0.01, count=counts[0], denominator=np.full(5, 20))
    assert weighted.direction == "cannot_be_calculated"


def test_many_series_at_once_equal_each_alone() -> None:
    random = np.random.default_rng(2025)
    value = random.normal(50, 5, (200, 5)) + np.linspace(0, 8, 5)
    value[::17, 2] = np.nan
    lower, upper = value - random.uniform(1, 4, value.shape), value + random.uniform(1, 4, value.shape)
    together = recent_trend(value, lower, upper)
    for series in range(0, 200, 7):
        alone = recent_trend(value[series], lower[series], upper[series])
        assert together.direction[series] == alone.direction
        np.testing.assert_allclose(together.statistic[series], alone.statistic)
    assert set(together.direction) == set(Direction)  # every word occurs, so every branch is compared


def test_latest_points_are_the_last_five_present_in_all_arrays() -> None:
    gap = np.nan
    value = [
        [1, 2, 3, 4, 5, 6, 7],
        [1, 2, 3, 4, 5, 6, gap],
        [1, 2, 3, gap, 5, 6, 7],
        [gap, gap, gap, 4, 5, 6, 7],
    ]
    columns, (values, _) = latest_points(value, np.ones((4, 7)))
    np.testing.assert_array_equal(columns[:2], [[2, 3, 4, 5, 6], [1, 2, 3, 4, 5]])
    np.testing.assert_array_equal(values[:2], [[3, 4, 5, 6, 7], [2, 3, 4, 5, 6]])
    assert (columns[2:] == -1).all()  # a year without data makes the spacing unequal; four points are too few
    assert np.isnan(values[2:]).all()
    columns, _ = latest_points(value, equal_spacing=False)
    np.testing.assert_array_equal(columns[2], [1, 2, 4, 5, 6])
    columns, (values,) = latest_points(np.ones((1, 3)))
    assert columns.tolist() == [[-1] * 5]
    assert values.shape == (1, 5)


def test_wrong_shapes_and_words_are_errors() -> None:
    with pytest.raises(ValueError, match="exactly 5 points"):
        recent_trend([1, 2, 3, 4], 0, 1)
    with pytest.raises(ValueError, match=r"vocabulary\.Direction"):
        judgement("upwards", "high")


def test_judgement_of_every_direction() -> None:
    directions = ["increasing", "decreasing", "no_change", "cannot_be_calculated"]
    words = {polarity: judgement(directions, polarity).tolist() for polarity in ("high", "low", "none")}
    assert words == {
        "high": ["improving", "worsening", "no_change", "no_judgement"],
        "low": ["worsening", "improving", "no_change", "no_judgement"],
        "none": ["no_judgement"] * 4,
    }
