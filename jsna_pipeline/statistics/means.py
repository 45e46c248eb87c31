"""Means of a measurement and their interval, from what a table holds: a count, a sum and the spread.

Here: one mean with Student's t limits. Not here: proportions, which are means of yes and no but have a
better interval (`proportions`), and means of areas' figures, which are no sample of anything
(`comparisons`: the statistical neighbours' mean has no interval).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from jsna_pipeline.statistics.proportions import FloatArray, as_counts, as_floats, normal_quantile, reject


def mean_interval(
    count: npt.ArrayLike, total: npt.ArrayLike, standard_deviation: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean (`total / count`) and its limits, in the unit of the measurement.

    `standard_deviation` is the sample's, with count - 1 below; `deviation_from_squares` makes it from a
    sum of squares. Arguments broadcast. nan where anything the number needs is missing or the count is 0;
    a single child has a mean but no limits. ValueError where the count is negative or not whole or the
    standard deviation is negative.

    Altman DG, Gardner MJ, "Means and their differences", in Statistics with Confidence (2nd edn, BMJ
    Books 2000), 28-31; Public Health England, Technical Guide: Confidence Intervals (2018), appendix 6.
    """
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    number, spread = as_counts(count, "count"), as_floats(standard_deviation)
    reject(spread < 0, "standard deviation is negative")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = as_floats(total) / np.where(number == 0, np.nan, number)
        several = np.where(number > 1, number, np.nan)
        margin = stdtrit(several - 1, (1 + confidence) / 2) * spread / np.sqrt(several)
    return np.asarray(value), value - margin, value + margin


def deviation_from_squares(count: npt.ArrayLike, total: npt.ArrayLike, sum_of_squares: npt.ArrayLike) -> FloatArray:
    """Sample standard deviation from a count, a sum and a sum of squares, which must not be rounded.

    nan where anything is missing or fewer than two were counted. ValueError where the count is negative
    or not whole, or the squares sum to less than any numbers with that sum could give.
    """
    number, added, squares = np.broadcast_arrays(as_counts(count, "count"), as_floats(total), as_floats(sum_of_squares))
    several = np.where(number > 1, number, np.nan)
    least = added**2 / several
    # Equal measurements leave a difference of rounding only; as much less than that as a float can show.
    reject(squares < least * (1 - 1e-9), "sum of squares is less than the sum allows")
    return np.asarray(np.sqrt(np.maximum(squares - least, 0) / (several - 1)))
