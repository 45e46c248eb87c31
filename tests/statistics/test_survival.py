"""Facts about waits with unknown ends: textbook curves, an independent implementation, and properties."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from jsna_pipeline.statistics.survival import kaplan_meier, quantile, still_waiting

# Freireich EJ et al. (1963), Blood 21: 699-716: weeks in remission on 6-mercaptopurine and on placebo, the data
# of Klein & Moeschberger (2003), table 1.1 and example 4.1; a negative number was censored.
TREATED = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Time, at risk, events, survival: Klein & Moeschberger, table 4.1A.
PUBLISHED = [
    (6, 21, 3, 0.857),
    (7, 17, 1, 0.807),
    (10, 15, 1, 0.753),
    (13, 12, 1, 0.690),
    (16, 11, 1, 0.627),
    (22, 7, 1, 0.538),
    (23, 6, 1, 0.448),
]


def both() -> Any:
    weeks = np.array(TREATED + PLACEBO)
    return kaplan_meier(np.abs(weeks), weeks > 0, group=["treated"] * 21 + ["placebo"] * 21)


def test_the_published_curve_of_the_leukaemia_trial() -> None:
    curves = both()
    treated = curves.group == list(curves.groups).index("treated")
    time, at_risk, events, survival = np.array(PUBLISHED).T
    np.testing.assert_array_equal(curves.time[treated], time)
    np.testing.assert_array_equal(curves.at_risk[treated], at_risk)
    np.testing.assert_array_equal(curves.events[treated], events)
    np.testing.assert_allclose(curves.survival[treated], survival, atol=5e-4)


def test_medians_of_the_leukaemia_trial() -> None:
    # 23 weeks against 8 (Freireich's own); the upper limit of the first lies beyond what was seen.
    middle, lower, upper = quantile(both(), 0.5)
    np.testing.assert_array_equal(middle, [8, 23])
    np.testing.assert_array_equal(lower, [4, 13])
    np.testing.assert_array_equal(upper, [11, np.nan])


def test_share_still_waiting_carries_the_last_step_and_stops_where_nobody_was_followed() -> None:
    share, lower, upper = still_waiting(both(), 12)
    # 12 weeks: placebo 6 of 21 remain after the two events at 11 and two at 12, that is 4.
    np.testing.assert_allclose(share, [4 / 21, 0.7529], atol=5e-5)
    assert (lower < share).all() and (share < upper).all()
    late, *_ = still_waiting(both(), 36)
    np.testing.assert_array_equal(late, [0, np.nan])


def test_before_the_first_event_everybody_waits_and_no_interval_is_claimed() -> None:
    share, lower, upper = still_waiting(kaplan_meier([5, 6], [True, False]), 4)
    assert share.tolist() == [1] and np.isnan([*lower, *upper]).all()


def test_a_wait_that_ends_on_its_first_day_counts() -> None:
    curves = kaplan_meier([0, 0, 2], [True, True, True])
    np.testing.assert_allclose(curves.survival, [1 / 3, 0], atol=1e-12)


waits = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 60), st.booleans(), st.sampled_from("abc")), min_size=1, max_size=80
)


@given(waits)
def test_agrees_with_statsmodels_group_by_group(rows: list[tuple[int, int, bool, str]]) -> None:
    entry, length, event, group = (np.array(column) for column in zip(*rows, strict=True))
    time = entry + length
    curves = kaplan_meier(time, event, entry, group)
    middle, *_ = quantile(curves, 0.5)
    for place, name in enumerate(curves.groups):
        mine, theirs = curves.group == place, group == name
        if not event[theirs].any():
            assert not mine.any()
            continue
        oracle = SurvfuncRight(time[theirs], event[theirs].astype(int), entry=entry[theirs])
        np.testing.assert_array_equal(curves.time[mine], oracle.surv_times)
        np.testing.assert_array_equal(curves.at_risk[mine], oracle.n_risk)
        np.testing.assert_allclose(curves.survival[mine], oracle.surv_prob, atol=1e-12)
        # The oracle asks for a survival below one half, the textbook for one of no more than that.
        if not np.isclose(curves.survival[mine], 0.5).any():
            np.testing.assert_array_equal(middle[place], oracle.quantile(0.5))


@given(waits)
def test_limits_of_the_median_agree_with_statsmodels(rows: list[tuple[int, int, bool, str]]) -> None:
    _, time, event, _ = (np.array(column) for column in zip(*rows, strict=True))
    if not event.any():
        return
    oracle = SurvfuncRight(time, event.astype(int))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = oracle.quantile_ci(0.5)
    _, lower, upper = quantile(kaplan_meier(time, event), 0.5)
    # The oracle has no lower limit where its curve jumps over the whole interval, nor a finite upper one beyond it.
    if not np.isnan(low):
        assert lower[0] == low
        np.testing.assert_array_equal(upper[0], high if np.isfinite(high) else np.nan)


@given(waits)
def test_without_censoring_the_curve_is_the_share_that_is_left(rows: list[tuple[int, int, bool, str]]) -> None:
    time = np.array([row[1] for row in rows])
    curves = kaplan_meier(time, np.ones(len(time)))
    np.testing.assert_allclose(curves.survival, [(time > at).mean() for at in curves.time], atol=1e-12)


@pytest.mark.parametrize(
    ("time", "entry", "fault"),
    [([1, -1], None, "time is negative at position 1"), ([1, np.nan], None, "time is missing"), ([3], [3], "entry")],
)
def test_impossible_times_are_refused(time: list[float], entry: list[float] | None, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        kaplan_meier(time, np.ones(len(time)), entry)
