"""Proportions: the Wilson and exact intervals, the interval of a difference, and the reading of counts.

Here: a count out of a denominator, each unit counted at most once, and the conversion of whatever a
table holds (lists, numpy, nullable pandas columns) into float arrays, which the whole family uses.
Not here: events that can happen to one child twice (`rates`: suspensions and absence sessions are not
proportions of independent children), percentages for print (`rounding`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, ndtri

FloatArray = npt.NDArray[np.float64]


def as_floats(values: npt.ArrayLike) -> FloatArray:
    """A float array of the same shape; `None`, `pd.NA` and masked cells become nan.

    Accepts scalars, nested lists, numpy arrays and pandas objects with any numeric dtype, nullable and
    pyarrow dtypes included. Whole numbers are exact up to 2**53.
    """
    held: Any = values
    if isinstance(held, pd.DataFrame | pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        return np.asarray(held.to_numpy(dtype="float64", na_value=np.nan), dtype="float64")
    array = np.asarray(held)
    if array.dtype == object:
        array = np.where(pd.isna(array), np.nan, array)
    return array.astype("float64")


def reject(faulty: npt.NDArray[np.bool_], fault: str) -> None:
    """Raise ValueError with the fault and the first position (from 0) where it is; never the value."""
    if not faulty.any():
        return
    position = ", ".join(str(index) for index in np.argwhere(faulty)[0])
    raise ValueError(f"{fault} at position {position}" if position else fault)


def as_counts(values: npt.ArrayLike, name: str) -> FloatArray:
    """Counts as floats; nan passes, a negative, infinite or fractional count is a ValueError."""
    counts = as_floats(values)
    reject(counts < 0, f"{name} is negative")
    fractional = np.isinf(counts) | (np.floor(counts) != counts)
    reject(fractional & ~np.isnan(counts), f"{name} is not a whole number")
    return counts


def as_parts(count: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Counts and their denominators, broadcast; a part greater than its whole is a ValueError."""
    part, whole = np.broadcast_arrays(as_counts(count, "count"), as_counts(denominator, "denominator"))
    reject(part > whole, "count exceeds denominator")
    return part, whole


def normal_quantile(confidence: float) -> float:
    """z of a two-sided interval: 1.959964 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1")
    return float(ndtri((1 + confidence) / 2))


def wilson_interval(
    count: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Wilson score limits of a proportion, as fractions 0 to 1.

    Arguments broadcast; the limits have their common shape. nan where either is missing or the
    denominator is 0. ValueError where a count is negative or not whole, or exceeds its denominator.

    Wilson EB (1927), J Am Stat Assoc 22: 209-12; Newcombe RG, Altman DG, "Proportions and their
    differences", in Statistics with Confidence (2nd edn, BMJ Books 2000), 46-48.
    """
    part, whole = as_parts(count, denominator)
    z = normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = z * np.sqrt(z**2 + 4 * part * (1 - part / whole))
    middle, divisor = 2 * part + z**2, 2 * (whole + z**2)
    # The limits at 0 and at everyone are exactly 0 and 1; floating point would leave 1e-17 beside them.
    lower = np.where((part == 0) & (whole > 0), 0.0, (middle - spread) / divisor)
    upper = np.where((part == whole) & (whole > 0), 1.0, (middle + spread) / divisor)
    return lower, upper


def clopper_pearson_interval(
    count: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Exact (Clopper-Pearson) limits of a proportion, as fractions 0 to 1.

    The coverage is never below `confidence`, so the interval is wider than Wilson's: for where a claim
    must hold at the least, not for comparison with published intervals. Shapes, missing values and errors
    as in `wilson_interval`.

    Clopper CJ, Pearson ES (1934), The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26: 404-13.
    """
    part, whole = as_parts(count, denominator)
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    tail = (1 - confidence) / 2
    known = np.where(whole > 0, part, np.nan)  # nobody of nobody: no limits
    rest = whole - known
    # A beta distribution without successes or without failures has no quantile; the limit is 0 or 1.
    lower = np.where(known == 0, 0.0, betaincinv(np.maximum(known, 1), rest + 1, tail))
    upper = np.where(rest == 0, 1.0, betaincinv(known + 1, np.maximum(rest, 1), 1 - tail))
    return lower, upper


def newcombe_difference(
    count_1: npt.ArrayLike,
    denominator_1: npt.ArrayLike,
    count_2: npt.ArrayLike,
    denominator_2: npt.ArrayLike,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Difference of two independent proportions (first minus second) and its limits, as fractions.

    Newcombe's method 10: each limit joins the distances of the two Wilson limits, so the interval stays
    within -1 to 1 and has width even where both counts are 0. Use it against the previous period: one
    year's interval against last year's point ignores that last year's point varies too. Missing values,
    shapes and errors as in `wilson_interval`.

    Newcombe RG (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods, Stat Med 17: 873-90, method 10.
    """
    lower_1, upper_1 = wilson_interval(count_1, denominator_1, confidence)
    lower_2, upper_2 = wilson_interval(count_2, denominator_2, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = as_floats(count_1) / as_floats(denominator_1)
        second = as_floats(count_2) / as_floats(denominator_2)
    return difference_from_limits(first, lower_1, upper_1, second, lower_2, upper_2)


def difference_from_limits(
    value_1: npt.ArrayLike,
    lower_1: npt.ArrayLike,
    upper_1: npt.ArrayLike,
    value_2: npt.ArrayLike,
    lower_2: npt.ArrayLike,
    upper_2: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Difference (first minus second) of two independent estimates and its limits, from their own limits.

    The method of variance estimates recovery: Zou GY, Donner A (2008), Construction of confidence limits
    about effect measures: a general approach, Stat Med 27: 1693-702.
    """
    first, low_1, high_1 = as_floats(value_1), as_floats(lower_1), as_floats(upper_1)
    second, low_2, high_2 = as_floats(value_2), as_floats(lower_2), as_floats(upper_2)
    difference = np.asarray(first - second)
    lower = difference - np.hypot(first - low_1, high_2 - second)
    upper = difference + np.hypot(high_1 - first, second - low_2)
    return difference, lower, upper
