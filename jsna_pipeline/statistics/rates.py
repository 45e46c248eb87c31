"""Counts of events and their rates: exact Poisson limits below 10, Byar's approximation from 10 on.

Here: events that are independent of each other, over any denominator (people, person-years). Not here:
proportions of people (`proportions`), age-standardised rates (`standardisation`). Events that cluster in
the same child, such as suspensions and absence sessions, break the method's assumption: test the
children who had at least one instead.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from jsna_pipeline.statistics.proportions import (
    FloatArray,
    as_counts,
    as_floats,
    clopper_pearson_interval,
    difference_from_limits,
    normal_quantile,
    reject,
)

SMALLEST_COUNT_FOR_BYAR = 10  # below it the guidance takes the exact limits


def byars_interval(count: npt.ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Limits of a Poisson count: exact (chi-square) below 10, Byar's method from 10.

    Same shape as `count`; nan stays nan; the lower limit of 0 is 0. ValueError where a count is negative
    or not whole.

    Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, 69; Armitage P, Berry G,
    Statistical Methods in Medical Research (4th edn, 2002) for the exact limits; the change-over at 10:
    Public Health England, Technical Guide: Confidence Intervals (2018), appendices 1 and 2.
    """
    events = as_counts(count, "count")
    z = normal_quantile(confidence)
    safe = np.maximum(events, 1)  # 0 takes the exact limits below; this only keeps the division clean
    lower = events * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    following = events + 1
    upper = following * (1 - 1 / (9 * following) + z / (3 * np.sqrt(following))) ** 3
    # Ten possible small counts: two tables of ten instead of a chi-square quantile for each cell.
    exact_lower, exact_upper = _exact_limits(np.arange(SMALLEST_COUNT_FOR_BYAR), confidence)
    small = events < SMALLEST_COUNT_FOR_BYAR
    row = np.where(small, events, 0).astype(int)
    return np.where(small, exact_lower[row], lower), np.where(small, exact_upper[row], upper)


def exact_interval(count: npt.ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Exact (chi-square) limits of a Poisson count of any size; shape and errors as in `byars_interval`.

    Garwood F (1936), Fiducial limits for the Poisson distribution, Biometrika 28: 437-42.
    """
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    return _exact_limits(as_counts(count, "count"), confidence)


def rate(
    count: npt.ArrayLike,
    denominator: npt.ArrayLike,
    multiplier: npt.ArrayLike = 1.0,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Crude rate per `multiplier` and its limits: `count / denominator * multiplier`.

    Arguments broadcast. The denominator may be fractional (person-years) and smaller than the count;
    0 or missing gives nan, a negative one is a ValueError. Limits of the count as in `byars_interval`.

    Public Health England, Technical Guide: Confidence Intervals (2018).
    """
    exposure = as_floats(denominator)
    reject(exposure < 0, "denominator is negative")
    with np.errstate(divide="ignore"):
        per_event = as_floats(multiplier) / np.where(exposure == 0, np.nan, exposure)
    lower, upper = byars_interval(count, confidence)
    return as_floats(count) * per_event, lower * per_event, upper * per_event


def rate_difference_interval(
    count_1: npt.ArrayLike,
    denominator_1: npt.ArrayLike,
    count_2: npt.ArrayLike,
    denominator_2: npt.ArrayLike,
    multiplier: npt.ArrayLike = 1.0,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Difference of two independent rates (first minus second) per `multiplier`, and its limits.

    Joins the two Byar (or exact) intervals by the method of variance estimates recovery, as Newcombe's
    method does for proportions. Missing values and errors as in `rate`.

    Zou GY, Donner A (2008), Stat Med 27: 1693-702.
    """
    first = rate(count_1, denominator_1, multiplier, confidence)
    second = rate(count_2, denominator_2, multiplier, confidence)
    return difference_from_limits(*first, *second)


def rate_ratio(
    count_1: npt.ArrayLike,
    denominator_1: npt.ArrayLike,
    count_2: npt.ArrayLike,
    denominator_2: npt.ArrayLike,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ratio of two independent rates (first over second) and its exact limits.

    Given the events of both, the first's share of them is a proportion with Clopper-Pearson limits, and
    its odds are the ratio. No events in the second: the ratio and its upper limit are infinite, and the
    lower limit still tells; no events in either, a missing value or a denominator of 0 gives nan.
    Arguments broadcast. ValueError where a count is negative or not whole, or a denominator negative.

    Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, 93-95.
    """
    first, second, people_1, people_2 = np.broadcast_arrays(
        as_counts(count_1, "count"), as_counts(count_2, "count"), as_floats(denominator_1), as_floats(denominator_2)
    )
    reject((people_1 < 0) | (people_2 < 0), "denominator is negative")
    limits = clopper_pearson_interval(first, first + second, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(people_1 > 0, people_2, np.nan) / np.where(people_2 > 0, people_1, np.nan)
        lower, upper = (share / (1 - share) * scale for share in limits)
        return first / second * scale, lower, upper


def _exact_limits(events: npt.NDArray[Any], confidence: float) -> tuple[FloatArray, FloatArray]:
    tail = (1 - confidence) / 2
    # chdtri(df, p) is the chi-square quantile with p above it; df 0 has no quantile, and its limit is 0.
    lower = np.where(events == 0, 0.0, chdtri(np.maximum(2 * events, 1), 1 - tail) / 2)
    return lower, chdtri(2 * events + 2, tail) / 2
