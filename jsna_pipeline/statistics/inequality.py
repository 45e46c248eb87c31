"""Inequality across a ranked population: the slope index and the relative index.

Here: the gradient of an indicator over groups ordered by deprivation, each weighted by its people. Not
here: gaps between two groups (`proportions.newcombe_difference`), and deprivation data itself.

For data below the level of the area only: wards, neighbourhoods or deprivation deciles *within* it. Over
whole authorities the gradient mixes places, not people, and says nothing of inequality inside any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from jsna_pipeline.statistics.proportions import FloatArray, as_floats, reject


@dataclass(frozen=True)
class SlopeIndex:
    """The fitted line for each area, every field of the shape of the input without its last axis.

    `slope` is the slope index: the fitted value at the last end of the ranking minus that at the first,
    in the indicator's unit. `intercept` is the fitted value at the first end. `relative_index` is the
    slope over the population's mean, so 0 is equality. The ratio of the two ends, which Fingertips calls
    the relative index, is `(intercept + slope) / intercept`.
    """

    slope: FloatArray
    lower: FloatArray
    upper: FloatArray
    intercept: FloatArray
    relative_index: FloatArray


def slope_index(values: npt.ArrayLike, weights: npt.ArrayLike, confidence: float = 0.95) -> SlopeIndex:
    """Weighted regression of group values on their relative rank, over arrays (..., groups).

    Groups stand in the order of deprivation along the last axis: least deprived first makes a positive
    slope mean more in deprived places. `weights` are the groups' people or population shares, on any
    scale. A group's relative rank is the middle of its span in the cumulated population (its ridit).
    Limits are those of the regression slope, t with groups - 2 degrees of freedom, nan below three
    groups. All nan where a value or weight is missing or fewer than two groups hold people. ValueError
    where a weight is negative.

    Pamuk ER (1985), Social class inequality in mortality from 1921 to 1972 in England and Wales, Popul
    Stud 39: 17-31; Public Health England, Technical Guide: Confidence Intervals (2018), appendix 7.
    """
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1")
    value, people = np.broadcast_arrays(as_floats(values), as_floats(weights))
    reject(people < 0, "weight is negative")
    peopled = (people > 0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = people / people.sum(axis=-1, keepdims=True)
        ridit = np.cumsum(share, axis=-1) - share / 2
        mean = (share * value).sum(axis=-1)
        offset = ridit - 0.5  # the people-weighted mean of ridits is one half, always
        rank_spread = (share * offset**2).sum(axis=-1)
        slope = (share * offset * value).sum(axis=-1) / np.where(peopled > 1, rank_spread, np.nan)
        fitted = mean[..., None] + slope[..., None] * offset
        freedom = np.where(peopled > 2, peopled - 2.0, np.nan)
        residual_variance = (share * (value - fitted) ** 2).sum(axis=-1) / freedom
        margin = stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(residual_variance / rank_spread)
        relative = slope / np.where(mean == 0, np.nan, mean)
    return SlopeIndex(slope, slope - margin, slope + margin, mean - slope / 2, relative)
