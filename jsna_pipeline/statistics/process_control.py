"""Statistical process control of monthly series: the limits of usual variation, and signs of a change.

Here: XmR and p charts and four rules for special cause, over many series at once. Not here: yearly series
(`trends`), targets, and what made the process change.

A series needs twelve points before its limits mean much. A missing month breaks a run and a trend: the
rules speak of months that follow each other.

Provost LP, Murray SK (2011), The Health Care Data Guide, ch. 4-5 (runs of 8, trends of 6); NHS England,
Making Data Count, whose own tools take 7 for both (pass `run=7, trend=7` to agree with them).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from jsna_pipeline.statistics.comparison import TextArray, polarity_sign
from jsna_pipeline.statistics.proportions import FloatArray, as_floats, as_parts

LIMIT_IN_MOVING_RANGES = 2.66  # 3 / 1.128: three standard deviations, from the mean range of two
LARGEST_RANGE_IN_MOVING_RANGES = 3.267  # a larger one is itself a special cause, and would widen the limits
FEWEST_POINTS = 12

BoolArray = npt.NDArray[np.bool_]
SignArray = npt.NDArray[np.int_]


class Variation(StrEnum):
    """What the latest month says of its series."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGHER = "higher"
    LOWER = "lower"
    COMMON_CAUSE = "common_cause"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True)
class ControlLimits:
    """Centre, standard deviation and process limits, each of the shape of the series (..., months)."""

    centre: FloatArray
    deviation: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class SpecialCause:
    """Which rules each month is part of: 1 high or rising, -1 low or falling, 0 not; shape (..., months).

    `direction` is that of the first rule that holds, in the order of the fields.
    """

    beyond_limits: SignArray
    near_limits: SignArray
    run: SignArray
    trend: SignArray

    @property
    def direction(self) -> SignArray:
        rules = [self.beyond_limits, self.near_limits, self.run, self.trend]
        return np.asarray(np.select([rule != 0 for rule in rules], rules, default=0))


def xmr_limits(values: npt.ArrayLike, *, screen_outliers: bool = True) -> ControlLimits:
    """Limits of a chart of single values from its moving ranges, over arrays (..., months).

    The mean, plus and minus 2.66 times the mean difference of neighbouring months; with
    `screen_outliers`, differences above 3.267 times that mean are left out and the mean taken again.
    Missing months are passed over; nan where no two neighbours are present. The limits are not held
    within 0 and 1 or above 0.

    Nelson LS (1982), Control charts for individual measurements, J Qual Technol 14: 172-3.
    """
    points = as_floats(values)
    ranges = np.abs(np.diff(points, axis=-1))
    mean_range = _mean(ranges)
    if screen_outliers:
        mean_range = _mean(np.where(ranges <= LARGEST_RANGE_IN_MOVING_RANGES * mean_range, ranges, np.nan))
    centre = np.broadcast_to(_mean(points), points.shape)
    margin = np.broadcast_to(LIMIT_IN_MOVING_RANGES * mean_range, points.shape)
    return ControlLimits(centre, margin / 3, centre - margin, centre + margin)


def p_limits(counts: npt.ArrayLike, denominators: npt.ArrayLike) -> ControlLimits:
    """Limits of a chart of proportions, as fractions 0 to 1, over arrays (..., months).

    The pooled proportion, plus and minus three binomial standard deviations of each month's denominator.
    With denominators in the thousands real month-to-month variation exceeds the binomial's and most months
    would lie outside: use `xmr_limits` of the proportions. Missing months and months with nobody are
    passed over. ValueError where a count is negative, not whole or exceeds its denominator.

    Shewhart WA (1931), Economic Control of Quality of Manufactured Product; NIST/SEMATECH e-Handbook of
    Statistical Methods, 6.3.3.2.
    """
    part, whole = as_parts(counts, denominators)
    known = ~np.isnan(part + whole) & (whole > 0)
    people = np.where(known, whole, 0).sum(axis=-1, keepdims=True)
    pooled = np.where(known, part, 0).sum(axis=-1, keepdims=True) / np.where(people == 0, np.nan, people)
    centre = np.broadcast_to(pooled, part.shape)
    deviation = np.sqrt(centre * (1 - centre) / np.where(known, whole, np.nan))
    return ControlLimits(
        centre, deviation, np.maximum(centre - 3 * deviation, 0.0), np.minimum(centre + 3 * deviation, 1.0)
    )


def special_cause(values: npt.ArrayLike, limits: ControlLimits, *, run: int = 8, trend: int = 6) -> SpecialCause:
    """The four rules, month by month, over arrays (..., months).

    Beyond a process limit; two of three months in the outer third next to a limit, all three on its side
    of the centre; a run of `run` months on one side of the centre; a trend of `trend` months, each above
    (or below) the one before. Every month of a run or trend is marked, and those two of three in the outer
    third. ValueError where `run` or `trend` is under 3.
    """
    if min(run, trend) < 3:
        raise ValueError("a run or trend takes at least 3 months")
    points = as_floats(values)
    side = np.nan_to_num(np.sign(points - limits.centre))
    beyond = (points > limits.upper).astype(int) - (points < limits.lower)
    outer = (np.abs(points - limits.centre) > 2 * limits.deviation) & (beyond == 0)
    steps = np.nan_to_num(np.sign(np.diff(points, axis=-1)))

    def signed(rule: Any) -> SignArray:
        return np.asarray(rule(1).astype(int) - rule(-1))

    return SpecialCause(
        beyond_limits=beyond,
        near_limits=signed(lambda way: _two_of_three(side == way, outer & (side == way))),
        run=signed(lambda way: _in_full_window(side == way, run)),
        trend=_trend(steps, trend - 1),
    )


def latest_variation(values: npt.ArrayLike, causes: SpecialCause, polarity: npt.ArrayLike) -> TextArray:
    """What the latest month present says, as `Variation` words, of the shape without the last axis.

    Special cause is `improvement` or `concern` by polarity, `higher` or `lower` where polarity is `none`;
    `not_tested` with fewer than twelve months present.
    """
    present = ~np.isnan(as_floats(values))
    latest = present.shape[-1] - 1 - np.argmax(present[..., ::-1], axis=-1)
    direction = np.take_along_axis(causes.direction, latest[..., None], axis=-1)[..., 0]
    direction, signs = np.broadcast_arrays(direction, polarity_sign(polarity))
    words = np.select(
        [
            present.sum(axis=-1) < FEWEST_POINTS,
            direction == 0,
            (signs == 0) & (direction > 0),
            signs == 0,
            direction == signs,
        ],
        [Variation.NOT_TESTED, Variation.COMMON_CAUSE, Variation.HIGHER, Variation.LOWER, Variation.IMPROVEMENT],
        default=Variation.CONCERN,
    )
    return np.asarray(words, dtype=str)


def _mean(values: FloatArray) -> FloatArray:
    """Mean of what is present along the last axis, which is kept; nan where nothing is."""
    number = (~np.isnan(values)).sum(axis=-1, keepdims=True)
    return np.asarray(np.nansum(values, axis=-1, keepdims=True) / np.where(number == 0, np.nan, number))


def _in_full_window(flags: BoolArray, width: int) -> BoolArray:
    """True at each place that lies in `width` neighbouring places which are all True."""
    if flags.shape[-1] < width:
        return np.zeros_like(flags)
    return _members(np.asarray(sliding_window_view(flags, width, axis=-1).all(axis=-1)), width)


def _two_of_three(one_side: BoolArray, outer: BoolArray) -> BoolArray:
    if outer.shape[-1] < 3:
        return np.zeros_like(outer)
    together = sliding_window_view(one_side, 3, axis=-1).all(axis=-1)
    two = np.asarray(sliding_window_view(outer, 3, axis=-1).sum(axis=-1) >= 2)
    return np.asarray(outer & _members(np.asarray(together & two), 3))


def _members(starts: BoolArray, width: int) -> BoolArray:
    """From the windows that fit, by their first place, to all the places in them."""
    around = [(0, 0)] * (starts.ndim - 1) + [(width - 1, width - 1)]
    return np.asarray(sliding_window_view(np.pad(starts, around), width, axis=-1).any(axis=-1))


def _trend(steps: FloatArray, width: int) -> SignArray:
    """From the signs of the steps between months to the months of a rise or fall of `width` steps."""
    before = [(0, 0)] * (steps.ndim - 1)

    def months(way: int) -> BoolArray:
        in_trend = _in_full_window(steps == way, width)
        return np.asarray(np.pad(in_trend, [*before, (0, 1)]) | np.pad(in_trend, [*before, (1, 0)]))

    rising, falling = months(1), months(-1)
    # A month that ends one trend and begins the next belongs to the one that led to it.
    into = np.pad(steps, [*before, (1, 0)])
    return np.where(rising & falling, into, rising.astype(int) - falling).astype(int)
