"""Weights, effective sizes and limits of surveys against worked examples and independent methods."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from jsna_pipeline.statistics.means import mean_interval
from jsna_pipeline.statistics.proportions import newcombe_difference, wilson_interval
from jsna_pipeline.statistics.surveys import (
    CAP,
    dissimilarity_index,
    effective_sample_size,
    fit_test,
    net_interval,
    rake,
    share_difference_test,
    share_interval,
    weighted_mean_interval,
)

# The table and the margins of Wikipedia's article on iterative proportional fitting, and its result.
TABLE = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
ROWS, COLUMNS = np.array([150, 300, 400, 150.0]), np.array([200, 300, 400, 100.0])
FITTED = [[64.56, 46.23, 35.38, 3.83], [49.97, 68.15, 156.49, 25.37], [56.72, 144.40, 145.06, 53.76],
          [28.74, 41.18, 63.03, 17.03]]  # fmt: skip


def persons(table: np.ndarray) -> list[np.ndarray]:
    """The row and the column of each person of a table."""
    return [place.repeat(table.ravel()) for place in (ind.ravel() for ind in np.indices(table.shape))]


def test_raking_gives_the_worked_example() -> None:
    row, column = persons(TABLE)
    raked = rake([row, column], [ROWS, COLUMNS], cap=100)
    fitted = np.zeros(TABLE.shape)
    np.add.at(fitted, (row, column), raked.weights * 1000 / len(row))
    assert fitted == pytest.approx(np.array(FITTED), abs=0.15)
    assert fitted.sum(axis=1) == pytest.approx(ROWS) and fitted.sum(axis=0) == pytest.approx(COLUMNS)
    assert raked.furthest < 1e-9 and raked.capped == 0


def test_raking_changes_the_answers_as_little_as_any_weights_that_fit() -> None:
    """Raked weights are those of least relative entropy (Ireland and Kullback 1968), found here by a minimiser."""
    rng = np.random.default_rng(7)
    codes = [rng.integers(0, k, 60) for k in (2, 3)]
    targets = [np.array([0.3, 0.7]), np.array([0.2, 0.5, 0.3])]
    limits = [
        {"type": "eq", "fun": lambda w, chosen=code == k, share=share: w[chosen].sum() / 60 - share}
        for code, target in zip(codes, targets, strict=True)
        for k, share in enumerate(target)
    ]
    found = optimize.minimize(
        lambda w: np.sum(w * np.log(w)), np.ones(60), bounds=[(1e-6, None)] * 60, constraints=limits[:-1],
        jac=lambda w: np.log(w) + 1, method="SLSQP", options={"ftol": 1e-12},
    )  # fmt: skip
    assert rake(codes, targets).weights == pytest.approx(found.x, abs=2e-4)


def test_those_who_do_not_state_a_characteristic_are_left_alone_by_it() -> None:
    raked = rake([np.array([0, 0, 0, 1, -1, -1])], [np.array([0.5, 0.5])])
    assert raked.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2, 1, 1])


def test_no_weight_exceeds_the_cap_and_what_that_costs_is_told() -> None:
    codes = np.array([0] * 98 + [1] * 2)
    raked = rake([codes], [np.array([0.5, 0.5])])
    assert raked.weights.max() == pytest.approx(CAP) and raked.weights.mean() == pytest.approx(1)
    assert raked.capped == 2
    assert raked.furthest == pytest.approx(0.5 - 2 * CAP / 100)


def test_a_group_without_respondents_cannot_be_weighted_up() -> None:
    with pytest.raises(ValueError, match="has no respondent"):
        rake([np.array([0, 0, 1])], [np.array([0.3, 0.3, 0.4])])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=12, max_size=60), st.floats(0.2, 0.8))
def test_weights_have_mean_one_and_stay_within_the_cap(people: list[tuple[int, int]], share: float) -> None:
    first, second = (np.array(column) for column in zip(*[*people, (0, 0), (1, 1), (2, 0)], strict=True))
    raked = rake([first, second], [np.array([0.2, 0.3, 0.5]), np.array([share, 1 - share])])
    assert raked.weights.mean() == pytest.approx(1)
    assert raked.weights.min() > 0 and raked.weights.max() <= CAP * (1 + 1e-9)
    assert effective_sample_size(raked.weights) <= len(first) * (1 + 1e-9)


def test_effective_size_by_hand() -> None:
    assert effective_sample_size([1, 1, 2]) == pytest.approx(16 / 6)
    assert effective_sample_size([3, 3, 3, 3]) == pytest.approx(4)
    assert effective_sample_size([]) == 0


def test_limits_of_a_share_solve_the_score_equation_and_are_wilsons_for_whole_counts() -> None:
    lower, upper = share_interval(0.31, 43.7)
    ends = [
        optimize.brentq(lambda p: abs(p - 0.31) - 1.959964 * np.sqrt(p * (1 - p) / 43.7), *ends)
        for ends in ((1e-9, 0.31), (0.31, 1 - 1e-9))
    ]
    assert [float(lower), float(upper)] == pytest.approx(ends, abs=1e-6)
    for ours, wilsons in zip(share_interval([0, 0.25, 1], 20), wilson_interval([0, 5, 20], 20), strict=True):
        assert ours == pytest.approx(wilsons)
    assert np.isnan(share_interval(0.5, 0)).all() and np.isnan(share_interval(np.nan, 5)).all()


def test_net_score_of_answers_without_a_middle_is_twice_the_share_less_one() -> None:
    """With q = 1 - p the score is 2p - 1, and so must be its limits."""
    lower, upper = share_interval(0.62, 80)
    assert [float(one) for one in net_interval(0.62, 0.38, 80)] == pytest.approx([0.24, 2 * lower - 1, 2 * upper - 1])


def test_limits_of_a_net_score_hold_it_in_95_of_100_surveys() -> None:
    truth = (0.45, 0.25, 0.30)
    drawn = np.random.default_rng(3).multinomial(60, truth, 20_000) / 60
    _, lower, upper = net_interval(drawn[:, 0], drawn[:, 1], 60)
    assert 0.94 < np.mean((lower <= 0.20) & (upper >= 0.20)) < 0.965


def test_limits_of_a_mean_are_students_where_weights_are_equal() -> None:
    values = np.array([2.0, 4, 4, 7, 9])
    lower, upper = weighted_mean_interval(values.mean(), (values**2).mean(), 5)
    assert (float(lower), float(upper)) == pytest.approx(
        tuple(float(one) for one in mean_interval(5, values.sum(), values.std(ddof=1))[1:])
    )


def test_difference_test_is_pearsons_for_whole_counts() -> None:
    expected = stats.chi2_contingency([[30, 70], [45, 55]], correction=False).pvalue
    assert float(share_difference_test(0.30, 100, 0.45, 100)) == pytest.approx(expected)
    assert float(share_difference_test(1, 12, 1, 30)) == 1
    # The limits of the change and the test agree where neither is at the edge.
    assert newcombe_difference(45, 100, 30, 100)[1] > 0 and expected < 0.05


def test_dissimilarity_by_hand() -> None:
    assert dissimilarity_index([0.6, 0.4], [0.5, 0.5]) == pytest.approx(0.1)
    assert dissimilarity_index([1, 0], [0, 1]) == 1


def test_fit_test_is_pearsons_and_takes_small_groups_together() -> None:
    p_value, freedom = fit_test([60, 40], [0.5, 0.5])
    assert (p_value, freedom) == (pytest.approx(stats.chisquare([60, 40]).pvalue), 1)
    # Expected 60, 36, 2 and 2: the two small ones make 4, which is still too few, so they join the 36.
    p_value, freedom = fit_test([50, 40, 6, 4], [0.60, 0.36, 0.02, 0.02])
    assert freedom == 1
    assert p_value == pytest.approx(stats.chisquare([50, 50], [60, 40]).pvalue)
    assert fit_test([3, 2], [0.5, 0.5])[1] == 0
