"""Gaps between a group and its reference group, how they change, and which group moved.

Here: the gap of two proportions, the change of a gap from one period to another, and the difference of two
areas' changes, each with its interval. Not here: which groups are compared (the catalogue and the
chapters), ratios (`disproportionality`), the gradient over many groups (`inequality`).

A gap can close because the group rose or because its reference fell; only the first is progress where high
is good, so the outcome names who moved and leaves the praise to the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from jsna_pipeline.statistics.comparison import TextArray
from jsna_pipeline.statistics.proportions import FloatArray, as_floats, difference_from_limits, newcombe_difference

Estimate = tuple[FloatArray, FloatArray, FloatArray]  # value, lower limit, upper limit


class GapOutcome(StrEnum):
    """What became of a gap; `closed` and `widened` only where the change is larger than chance gives."""

    CLOSED_GROUP_ROSE = "closed_group_rose"
    CLOSED_GROUP_FELL = "closed_group_fell"
    CLOSED_REFERENCE_ROSE = "closed_reference_rose"
    CLOSED_REFERENCE_FELL = "closed_reference_fell"
    CLOSED_BOTH_MOVED = "closed_both_moved"
    REVERSED = "reversed"
    WIDENED = "widened"
    NO_CLEAR_CHANGE = "no_clear_change"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True)
class TwoGroups:
    """Counts of a group and of its reference group in one period; the groups share no child."""

    count: npt.ArrayLike
    denominator: npt.ArrayLike
    reference_count: npt.ArrayLike
    reference_denominator: npt.ArrayLike


@dataclass(frozen=True)
class GapChange:
    """The gap (group minus reference) in two periods, and its change (now minus then), as fractions.

    `group_change` and `reference_change` are the plain changes of the two proportions; `outcome` holds
    `GapOutcome` words.
    """

    now: Estimate
    then: Estimate
    change: Estimate
    group_change: FloatArray
    reference_change: FloatArray
    outcome: TextArray


def gap(groups: TwoGroups, confidence: float = 0.95) -> Estimate:
    """Proportion of the group minus that of the reference group, and its limits, as fractions.

    Newcombe's method 10; shapes, missing values and errors as in `proportions.newcombe_difference`.
    """
    return newcombe_difference(
        groups.count, groups.denominator, groups.reference_count, groups.reference_denominator, confidence
    )


def gap_change(now: TwoGroups, then: TwoGroups, confidence: float = 0.95) -> GapChange:
    """How the gap changed from `then` to `now`, and through whom.

    The limits join the four Wilson intervals (the method of variance estimates recovery), and take the
    children of the two periods as different ones; where they are the same children the interval is too
    wide rather than too narrow. Who moved is read from the plain changes, without a test of its own.
    A gap that now lies clearly on the other side is `reversed`. Missing values give nan and `not_tested`;
    errors as in `gap`.

    Newcombe RG (2001), Estimating the difference between differences: measurement of additive scale
    interaction for proportions, Stat Med 20: 2885-93; Zou GY, Donner A (2008), Stat Med 27: 1693-702.
    """
    gap_now, gap_then = gap(now, confidence), gap(then, confidence)
    change = difference_from_limits(*gap_now, *gap_then)
    group = _change(now.count, now.denominator, then.count, then.denominator)
    reference = _change(
        now.reference_count, now.reference_denominator, then.reference_count, then.reference_denominator
    )
    outcome = _outcome(gap_now, gap_then, change, group, reference)
    return GapChange(gap_now, gap_then, change, group, reference, outcome)


def difference_of_gaps(first: Estimate, second: Estimate) -> Estimate:
    """First minus second of two independent gaps, or of two changes of gaps, and its limits.

    An area's gap against England's, or an area's change against its comparator's (the difference in
    differences). The two must share no child: take the area out of the comparator where it is a large
    part of it. Both must come from the same `confidence`.

    Zou GY, Donner A (2008), Stat Med 27: 1693-702.
    """
    return difference_from_limits(*first, *second)


def _change(
    count: npt.ArrayLike, denominator: npt.ArrayLike, count_before: npt.ArrayLike, denominator_before: npt.ArrayLike
) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        now = as_floats(count) / as_floats(denominator)
        return np.asarray(now - as_floats(count_before) / as_floats(denominator_before))


def _outcome(now: Estimate, then: Estimate, change: Estimate, group: FloatArray, reference: FloatArray) -> TextArray:
    side = np.sign(then[0])
    closing = -side * change[0]  # above 0 where the gap moved towards 0
    group_closes, reference_closes = -side * group > 0, side * reference > 0
    now_clear = (now[1] > 0) | (now[2] < 0)
    words = np.select(
        [
            np.isnan(change[1] + change[2]),
            (change[1] <= 0) & (change[2] >= 0),
            (closing > 0) & (np.sign(now[0]) == -side) & now_clear,
            closing <= 0,
            group_closes & reference_closes,
            group_closes & (side < 0),
            group_closes,
            side < 0,
        ],
        [
            GapOutcome.NOT_TESTED,
            GapOutcome.NO_CLEAR_CHANGE,
            GapOutcome.REVERSED,
            GapOutcome.WIDENED,
            GapOutcome.CLOSED_BOTH_MOVED,
            GapOutcome.CLOSED_GROUP_ROSE,
            GapOutcome.CLOSED_GROUP_FELL,
            GapOutcome.CLOSED_REFERENCE_FELL,
        ],
        default=GapOutcome.CLOSED_REFERENCE_ROSE,
    )
    return np.asarray(words, dtype=str)
