"""Disproportionality: is a group found among children with a plan, say, more often than others are?

Here: the relative risk of a group against a reference group or against everybody else, the risk index and
the composition index. Not here: absolute gaps (`gaps`), rates of repeated events (`rates.rate_ratio`).

A ratio above 1 says that the group is found more often, not why: need, identification and provision all
move it. Relative risks of small groups swing widely; print the interval or do not print the ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jsna_pipeline.statistics.proportions import (
    FloatArray,
    as_parts,
    normal_quantile,
    wilson_interval,
)


@dataclass(frozen=True)
class RelativeRisk:
    """Ratio of two risks with its limits; `zero_cell` where the usual limits do not exist.

    `zero_cell` is True where nobody in one group, or everybody in both, has the outcome. Where nobody in
    the group has it, the ratio is 0; where everybody in both has it, 1; both with limits from the Wilson
    limits of the two risks. Where nobody in the reference group has it there is no ratio: nan.
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    zero_cell: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Composition:
    """Each group's share of those with the outcome, of all, and the first over the second (the index)."""

    share_of_outcome: FloatArray
    share_of_all: FloatArray
    index: FloatArray


def relative_risk(
    count: npt.ArrayLike,
    denominator: npt.ArrayLike,
    reference_count: npt.ArrayLike,
    reference_denominator: npt.ArrayLike,
    confidence: float = 0.95,
) -> RelativeRisk:
    """Risk in a group over the risk in a reference group, which must share no child with it.

    Limits on the log scale (Katz); for zero cells from the Wilson limits of both risks, by the method of
    variance estimates recovery. Where nearly everybody has the outcome the limits are too narrow (at 97 %
    they hold the truth 93 times in 100): take the children without it. Arguments broadcast; nan where
    anything is missing or a denominator is 0. ValueError where a count is negative, not whole or exceeds
    its denominator.

    Katz D, Baptista J, Azen SP, Pike MC (1978), Obtaining confidence intervals for the risk ratio in
    cohort studies, Biometrics 34: 469-74. Zero cells: Donner A, Zou GY (2012), Closed-form confidence
    intervals for functions of the normal mean and standard deviation, Stat Methods Med Res 21: 347-59.
    """
    part, whole = as_parts(count, denominator)
    reference, others = as_parts(reference_count, reference_denominator)
    part, whole, reference, others = np.broadcast_arrays(part, whole, reference, others)
    known = ~np.isnan(part + whole + reference + others) & (whole > 0) & (others > 0)
    zero_cell = known & ((part == 0) | (reference == 0) | ((part == whole) & (reference == others)))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(known & (reference > 0), part / whole / (reference / others), np.nan)
        error = np.sqrt(1 / part - 1 / whole + 1 / reference - 1 / others)
        factor = np.exp(normal_quantile(confidence) * error)
        recovered = _recovered_limits((part, whole), (reference, others), confidence)
        lower = np.where(zero_cell, np.maximum(recovered[0], 0.0), value / factor)
        upper = np.where(zero_cell, recovered[1], value * factor)
    has_ratio = ~np.isnan(value)
    return RelativeRisk(value, np.where(has_ratio, lower, np.nan), np.where(has_ratio, upper, np.nan), zero_cell)


def relative_risk_against_rest(
    counts: npt.ArrayLike, denominators: npt.ArrayLike, confidence: float = 0.95
) -> RelativeRisk:
    """Each group against all other groups together, over arrays (..., groups); results have that shape.

    The groups must make up the whole and share no child. One suppressed or missing group leaves the rest
    of every other unknown, so the whole row is nan. Errors as in `relative_risk`.
    """
    part, whole = as_parts(counts, denominators)
    rest = part.sum(axis=-1, keepdims=True) - part
    others = whole.sum(axis=-1, keepdims=True) - whole
    return relative_risk(part, whole, rest, others, confidence)


def risk_index(
    count: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The share of a group that has the outcome, as a fraction, and its Wilson limits.

    Shapes, missing values and errors as in `proportions.wilson_interval`.
    """
    part, whole = as_parts(count, denominator)
    lower, upper = wilson_interval(part, whole, confidence)
    return part / np.where(whole == 0, np.nan, whole), lower, upper


def composition(counts: npt.ArrayLike, denominators: npt.ArrayLike) -> Composition:
    """Shares of the outcome and of the population over arrays (..., groups), and the composition index.

    `counts` are those with the outcome in each group, `denominators` all in it; the groups must make up
    the whole. Index 1: the group is found as often as its size says. nan where a group of the row is
    missing, nobody has the outcome, or (the index alone) the group is empty. The index of a large group
    cannot be far from 1; compare groups by `relative_risk_against_rest`.

    Donovan MS, Cross CT (eds, 2002), Minority Students in Special and Gifted Education, National Academy
    Press, ch. 2; Gibb AC, Skiba R (2008), Using data to address equity issues in special education.
    """
    part, whole = as_parts(counts, denominators)
    outcome_total, total = part.sum(axis=-1, keepdims=True), whole.sum(axis=-1, keepdims=True)
    of_outcome = part / np.where(outcome_total == 0, np.nan, outcome_total)
    of_all = whole / np.where(total == 0, np.nan, total)
    return Composition(of_outcome, of_all, of_outcome / np.where(of_all == 0, np.nan, of_all))


def _recovered_limits(
    group: tuple[FloatArray, FloatArray], reference: tuple[FloatArray, FloatArray], confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Limits of a ratio from the Wilson limits of its two parts."""
    first, second = group[0] / group[1], reference[0] / reference[1]
    low_1, high_1 = wilson_interval(*group, confidence)
    low_2, high_2 = wilson_interval(*reference, confidence)
    product = first * second

    def limit(numerator: FloatArray, denominator: FloatArray, sign: int) -> FloatArray:
        spread = product**2 - numerator * denominator * (2 * first - numerator) * (2 * second - denominator)
        return np.asarray(
            (product + sign * np.sqrt(np.maximum(spread, 0))) / (denominator * (2 * second - denominator))
        )

    return limit(low_1, high_2, -1), limit(high_1, low_2, 1)
