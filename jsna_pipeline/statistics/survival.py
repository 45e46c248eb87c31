"""Waiting times with an end that is not yet known: Kaplan-Meier, its median and quartiles, who still waits.

Here: times from a start to an event, right-censored (still waiting when the records were drawn, or left the
list for another reason) and left-truncated (already waiting when the window opened), over many groups at
once. Not here: which day starts and ends a wait (`local/waits.py`), or the published shares of those
waiting now, which are proportions.

The mean of finished waits is no substitute: it leaves out everybody who is still waiting, and so falls
while a list grows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline.statistics.proportions import FloatArray, as_floats, normal_quantile, reject

# A survival of exactly one half comes out of a product of fractions with an error of this order.
ROUNDING = 1e-12

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SurvivalCurves:
    """Curves of several groups, one row per group and time at which an event happened, in that order.

    `group` counts from 0 in the order of `groups`. `survival` is the share without the event after `time`;
    `lower` and `upper` are its limits, nan where it is 0. `followed_to` is the longest time seen in each
    group: beyond it the curve says nothing, unless it has reached 0.
    """

    groups: npt.NDArray[np.object_]
    group: IntArray
    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    survival: FloatArray
    lower: FloatArray
    upper: FloatArray
    followed_to: FloatArray


def kaplan_meier(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    entry: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> SurvivalCurves:
    """The product-limit estimate, with limits from Greenwood's variance on the log-log scale.

    `time` and `entry` are one-dimensional, in one unit, from each person's own start; `event` is true where
    the time ended with the event and false where it was censored. A person counts as at risk after `entry`
    (nan or none: from the start) up to and including `time`. ValueError where a time is missing or
    negative, or does not come after its entry.

    A group followed from late entries alone has few at risk at first, and one early event then weighs
    heavily: print how many were at risk.

    Kaplan EL, Meier P (1958), Nonparametric estimation from incomplete observations, J Am Stat Assoc 53:
    457-81; Kalbfleisch JD, Prentice RL (2002), The Statistical Analysis of Failure Time Data, 1.4 (log-log
    limits); Klein JP, Moeschberger ML (2003), Survival Analysis, 4.6 (left truncation).
    """
    times, happened, entries = _checked(time, event, entry)
    labels = np.zeros(times.shape, dtype=object) if group is None else np.asarray(group, dtype=object)
    numbers, groups = pd.factorize(labels, sort=True)
    followed_to = pd.Series(times).groupby(numbers).max().to_numpy(dtype="float64", na_value=np.nan)
    events = pd.DataFrame({"group": numbers[happened], "time": times[happened]}).value_counts(sort=False).sort_index()
    of_group = events.index.get_level_values("group").to_numpy(dtype="int64")
    at = events.index.get_level_values("time").to_numpy(dtype="float64")
    entered = _number_before(numbers, entries, of_group, at)
    left = _number_before(numbers, times, of_group, at)
    at_risk, number = entered - left, events.to_numpy(dtype="float64")
    survival = pd.Series(1 - number / at_risk).groupby(of_group).cumprod().to_numpy(dtype="float64")
    lower, upper = _log_log_limits(survival, at_risk, number, of_group, confidence)
    return SurvivalCurves(
        np.asarray(groups, dtype=object), of_group, at, at_risk, number, survival, lower, upper, followed_to
    )


def quantile(curves: SurvivalCurves, probability: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The time by which a share `probability` of each group had the event, and its limits; one row per group.

    The first time at which survival is no more than 1 - `probability`; nan where it never falls so far. Its
    limits are the times that a test at the curve's confidence does not reject; the upper limit is nan where
    it lies beyond what was seen.

    Brookmeyer R, Crowley J (1982), A confidence interval for the median survival time, Biometrics 38: 29-41,
    on the log-log scale of the curve's limits.
    """
    if not 0 < probability < 1:
        raise ValueError("probability must lie between 0 and 1")
    remaining = 1 - probability
    # Where nobody is left the limits are unknown, yet no later time can be meant.
    lower, upper = np.nan_to_num(curves.lower), np.nan_to_num(curves.upper)
    return (
        _first(curves, curves.survival <= remaining + ROUNDING),
        _first(curves, lower <= remaining + ROUNDING),
        _first(curves, upper < remaining - ROUNDING),
    )


def still_waiting(curves: SurvivalCurves, after: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The share of each group without the event when `after` has passed, and its limits, as fractions.

    One row per group. nan where nobody was followed so long; limits are nan where the share is 0 or 1.
    """
    size = len(curves.groups)
    before = curves.time <= after
    last = pd.Series(np.flatnonzero(before)).groupby(curves.group[before]).max()
    share, lower, upper = np.ones(size), np.full(size, np.nan), np.full(size, np.nan)
    place = last.index.to_numpy(dtype="int64")
    for found, column in ((share, curves.survival), (lower, curves.lower), (upper, curves.upper)):
        found[place] = column[last.to_numpy(dtype="int64")]
    unseen = (curves.followed_to < after) & (share > 0)
    share[unseen] = lower[unseen] = upper[unseen] = np.nan
    return share, lower, upper


def _checked(
    time: npt.ArrayLike, event: npt.ArrayLike, entry: npt.ArrayLike | None
) -> tuple[FloatArray, npt.NDArray[np.bool_], FloatArray]:
    times = as_floats(time)
    entries = np.full(times.shape, np.nan) if entry is None else as_floats(entry)
    reject(np.isnan(times), "time is missing")
    reject(times < 0, "time is negative")
    reject(times <= entries, "time does not come after its entry")
    # Nobody enters late who has no entry, not even for an event at time 0.
    return times, np.asarray(event, dtype=bool), np.where(np.isnan(entries), -np.inf, entries)


def _number_before(numbers: IntArray, values: FloatArray, of_group: IntArray, at: FloatArray) -> FloatArray:
    """For each group and time, how many of the group's values lie before that time."""
    ranks = np.unique(np.concatenate([values, at]), return_inverse=True)[1]
    width = ranks.max(initial=0) + 1
    keys = np.sort(numbers * width + ranks[: len(values)])
    asked = of_group * width + ranks[len(values) :]
    return np.asarray(np.searchsorted(keys, asked) - np.searchsorted(keys, of_group * width), dtype="float64")


def _log_log_limits(
    survival: FloatArray, at_risk: FloatArray, events: FloatArray, of_group: IntArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    z = normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = events / (at_risk * (at_risk - events))
        greenwood = pd.Series(terms).groupby(of_group).cumsum().to_numpy(dtype="float64")
        spread = np.exp(z * np.sqrt(greenwood) / np.abs(np.log(survival)))
        lower, upper = survival**spread, survival ** (1 / spread)
    known = survival > 0
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _first(curves: SurvivalCurves, holds: npt.NDArray[np.bool_]) -> FloatArray:
    """The first time of each group at which `holds` is true; nan where there is none."""
    first = pd.Series(curves.time[holds]).groupby(curves.group[holds]).min()
    return first.reindex(range(len(curves.groups))).to_numpy(dtype="float64", na_value=np.nan)
