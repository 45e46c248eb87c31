"""Inequality across a ranked population: the slope index and the relative index.

Here: the gradient of an indicator over groups ordered by deprivation, each weighted by its people. Not
here: gaps between two groups (`gaps`), and deprivation data itself.

For data below the level of the area only: wards, neighbourhoods or deprivation deciles *within* it. Over
whole authorities the gradient mixes places, not people, and says nothing of inequality inside any; so one
row, which is the area itself, and more than 100 rows, which are no groups of one area, are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, stdtrit

from jsna_pipeline.statistics.proportions import FloatArray, as_floats, normal_quantile, reject

MOST_GROUPS = 100  # the guidance's bound


class Scale(StrEnum):
    """On which scale the interval of a group's value is symmetric: as it is, rates, proportions."""

    NONE = "none"
    LOG = "log"
    LOGIT = "logit"


@dataclass(frozen=True)
class SlopeIndex:
    """The fitted line for each area, every field of the shape of the input without its last axis.

    `slope` is the slope index: the fitted value at the last end of the ranking minus that at the first,
    in the indicator's unit. `intercept` is the fitted value at the first end. `relative_index` is the
    slope over the population's mean, so 0 is equality; its limits are the slope's over the same mean.
    The ratio of the two ends, which Fingertips calls the relative index, is `SimulatedSlopeIndex.ratio`.
    """

    slope: FloatArray
    lower: FloatArray
    upper: FloatArray
    intercept: FloatArray
    relative_index: FloatArray
    relative_lower: FloatArray
    relative_upper: FloatArray


@dataclass(frozen=True)
class SimulatedSlopeIndex:
    """The fitted line for each area with limits from the groups' own intervals, as Fingertips has it.

    `slope` and `intercept` as in `SlopeIndex`. `ratio` is the fitted value at the last end over that at
    the first, so 1 is equality.
    """

    slope: FloatArray
    lower: FloatArray
    upper: FloatArray
    intercept: FloatArray
    ratio: FloatArray
    ratio_lower: FloatArray
    ratio_upper: FloatArray


def slope_index(values: npt.ArrayLike, weights: npt.ArrayLike, confidence: float = 0.95) -> SlopeIndex:
    """Weighted regression of group values on their relative rank, over arrays (..., groups).

    Groups stand in the order of deprivation along the last axis: least deprived first makes a positive
    slope mean more in deprived places. `weights` are the groups' people or population shares, on any
    scale. A group's relative rank is the middle of its span in the cumulated population (its ridit).
    Limits are those of the regression slope, t with groups - 2 degrees of freedom, nan below three
    groups. All nan where a value or weight is missing or fewer than two groups hold people. ValueError
    where a weight is negative, or there is one group or more than 100.

    Pamuk ER (1985), Social class inequality in mortality from 1921 to 1972 in England and Wales, Popul
    Stud 39: 17-31; Public Health England, Technical Guide: Confidence Intervals (2018), appendix 7. Limits
    of the relative index: Hayes LJ, Berry G (2002), J Epidemiol Community Health 56: 762-5.
    """
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    value, share, offset = _groups(values, weights)
    peopled = (share > 0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rank_spread = (share * offset**2).sum(axis=-1)
        mean = (share * value).sum(axis=-1)
        slope = (_slope_weights(share, offset) * value).sum(axis=-1)
        fitted = mean[..., None] + slope[..., None] * offset
        freedom = np.where(peopled > 2, peopled - 2.0, np.nan)
        residual_variance = (share * (value - fitted) ** 2).sum(axis=-1) / freedom
        margin = stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(residual_variance / rank_spread)
        per_mean = 1 / np.where(mean == 0, np.nan, mean)
    lower, upper = slope - margin, slope + margin
    relative_limits = np.sort([lower * per_mean, upper * per_mean], axis=0)  # a negative mean turns them round
    return SlopeIndex(slope, lower, upper, mean - slope / 2, slope * per_mean, *relative_limits)


def slope_index_from_intervals(
    values: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    weights: npt.ArrayLike,
    scale: Scale = Scale.NONE,
    confidence: float = 0.95,
    repetitions: int = 10_000,
) -> SimulatedSlopeIndex:
    """The slope index and the ratio of its ends, with limits that come from the groups' 95 % intervals.

    Arrays (..., groups) as in `slope_index`, the line is the same; `lower` and `upper` are the 95 % limits
    of each group's value. The value of each group is drawn `repetitions` times from a normal distribution
    on the `scale` (log for rates, logit for proportions as fractions), the line fitted to each draw, and
    the limits are quantiles of its slopes. The draws are always the same, so a report can be repeated.

    Better than `slope_index` where the groups' intervals are known: it does not take the scatter about the
    line for the only error. Limits are nan where a group's value or limit has no place on the scale (a
    rate of 0, a proportion of 0 or 1). ValueError where a value is outside the range of its scale, limits
    are back to front, a weight is negative, there is one group or more than 100, or `repetitions` is under
    1,000.

    Low A, Low A (2004), Measuring the gap: quantifying and comparing local health inequalities, J Public
    Health 26: 388-95; Office for Health Improvement and Disparities, Fingertips Public Health Technical
    Guidance, slope index of inequality.
    """
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    if repetitions < 1000:
        raise ValueError("repetitions must be 1,000 or more")
    value, share, offset = _groups(values, weights)
    low, high = as_floats(lower), as_floats(upper)
    reject(low > high, "limits are back to front")
    if scale is not Scale.NONE:
        reject(value < 0, "value is negative")
    if scale is Scale.LOGIT:
        reject(value > 1, "value exceeds 1")
    weight = _slope_weights(share, offset)
    slope, mean = (weight * value).sum(axis=-1), (share * value).sum(axis=-1)
    drawn = _draws(value, low, high, scale, repetitions)
    slopes, means = (np.einsum("...rg,...g->...r", drawn, by) for by in (weight, share))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (means + slopes / 2) / (means - slopes / 2)
        ratio = (mean + slope / 2) / (mean - slope / 2)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    lowest, highest = np.quantile(slopes, tails, axis=-1)
    ratio_lowest, ratio_highest = np.quantile(ratios, tails, axis=-1)
    return SimulatedSlopeIndex(slope, lowest, highest, mean - slope / 2, ratio, ratio_lowest, ratio_highest)


def _groups(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Values, population shares and ridits less one half, which is their mean weighted by people."""
    value, people = np.broadcast_arrays(as_floats(values), as_floats(weights))
    if value.ndim == 0 or not 1 < value.shape[-1] <= MOST_GROUPS:
        raise ValueError(f"the slope index takes 2 to {MOST_GROUPS} groups inside an area along the last axis")
    reject(people < 0, "weight is negative")
    total = people.sum(axis=-1, keepdims=True)
    share = people / np.where(total == 0, np.nan, total)
    return value, share, np.cumsum(share, axis=-1) - share / 2 - 0.5


def _slope_weights(share: FloatArray, offset: FloatArray) -> FloatArray:
    """What each group's value is multiplied by, to add up to the slope; nan with fewer than two groups."""
    peopled = (share > 0).sum(axis=-1, keepdims=True)
    rank_spread = (share * offset**2).sum(axis=-1, keepdims=True)
    return np.asarray(share * offset / np.where(peopled > 1, rank_spread, np.nan))


def _draws(value: FloatArray, low: FloatArray, high: FloatArray, scale: Scale, repetitions: int) -> FloatArray:
    """Values (..., repetitions, groups) that the groups' intervals allow."""
    to_scale = {Scale.NONE: np.asarray, Scale.LOG: np.log, Scale.LOGIT: logit}[scale]
    from_scale = {Scale.NONE: np.asarray, Scale.LOG: np.exp, Scale.LOGIT: expit}[scale]
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = to_scale(value)
        error = (to_scale(high) - to_scale(low)) / (2 * normal_quantile(0.95))
    centre, error = (np.where(np.isfinite(centre + error), part, np.nan) for part in (centre, error))
    normal = np.random.default_rng(2004).standard_normal((repetitions, value.shape[-1]))
    return np.asarray(from_scale(centre[..., None, :] + error[..., None, :] * normal))
