"""Multiplicity: how many alarms chance alone gives to somebody who looks at many measures.

Here: the expected number of false alarms of a list that flags on two tests, and Benjamini-Hochberg. Not
here: the tests themselves (`comparison`, `trends`), the choice and order of priorities.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from jsna_pipeline.statistics.proportions import FloatArray, as_counts, as_floats, reject

COMPARISON_CHANCE = 0.025  # a 95 % interval wholly on the bad side of England's value
TREND_CHANCE = 0.001  # chi-square above 9.5495 (two-sided 0.002) in the bad direction
# The latest of five points stands in both tests. It is 2 steps from the middle, and the slope weighs the
# points by their steps: 2 / sqrt(4 + 1 + 0 + 1 + 4), for points of equal precision.
SHARED_POINT_CORRELATION = 2 / math.sqrt(10)
NODES = 64  # of Gauss's rule: twelve digits up to a correlation of 0.99


def expected_false_alarms(
    measures: npt.ArrayLike,
    comparison_chance: float = COMPARISON_CHANCE,
    trend_chance: float = TREND_CHANCE,
    correlation: float = SHARED_POINT_CORRELATION,
) -> FloatArray:
    """How many of so many measures are listed as "worse and getting worse" by chance alone.

    `measures` is the number looked at, both tests calculable, not the number listed. Assumes that the area
    has England's true value in each year and no trend, in every measure: the most alarms that chance can
    give where nothing is worse. It holds whether or not the measures depend on each other, being an
    expectation; how far the true number strays from it does depend on that.

    The two tests of one measure are not independent: the latest value is in both. Their standard normal
    statistics are taken as jointly normal with `correlation`; 0 multiplies the two chances, which for the
    list's own tests is some twenty times too few. The trend test's rule that no one point may decide the
    direction is left out, and only lowers the number a little.

    ValueError where a chance is not above 0 and at most a half, the correlation is not between -1 and 1,
    or `measures` is negative or not whole; nan stays nan.
    """
    number = as_counts(measures, "measures")
    return np.asarray(number * chance_of_both(comparison_chance, trend_chance, correlation))


def chance_of_both(first: float, second: float, correlation: float) -> float:
    """Chance that two one-sided tests with these chances both flag where nothing is the matter.

    Assumptions and errors as in `expected_false_alarms`. Plackett's integral over the correlation, by
    Gauss's rule; scipy.stats has the same and takes two seconds of every start to import.

    Plackett RL (1954), A reduction formula for normal multivariate integrals, Biometrika 41: 351-60.
    """
    if not (0 < first <= 0.5 and 0 < second <= 0.5):
        raise ValueError("a chance must be above 0 and at most a half")
    if not -1 < correlation < 1:
        raise ValueError("correlation must lie between -1 and 1")
    h, k, angle = ndtri(first), ndtri(second), math.asin(correlation)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    theta = angle * (nodes + 1) / 2
    density = np.exp(-(h**2 + k**2 - 2 * h * k * np.sin(theta)) / (2 * np.cos(theta) ** 2))
    return float(first * second + angle / (4 * math.pi) * (weights @ density))


def benjamini_hochberg(p_values: npt.ArrayLike) -> FloatArray:
    """Adjusted p-values along the last axis: flag those at or below the false discovery rate accepted.

    Missing p-values stay nan and do not count as tests. Holds for independent and for positively dependent
    tests. ValueError where a p-value is not between 0 and 1.

    Benjamini Y, Hochberg Y (1995), Controlling the false discovery rate, J R Stat Soc B 57: 289-300.
    """
    p = as_floats(p_values)
    reject((p < 0) | (p > 1), "p-value is not between 0 and 1")
    tests = (~np.isnan(p)).sum(axis=-1, keepdims=True)
    order = np.argsort(p, axis=-1)  # missing ones come last
    place = np.arange(1, p.shape[-1] + 1)
    scaled = np.take_along_axis(p, order, axis=-1) * tests / place
    largest_first = np.where(np.isnan(scaled), np.inf, scaled)[..., ::-1]
    adjusted = np.minimum.accumulate(largest_first, axis=-1)[..., ::-1]
    result = np.empty_like(p)
    np.put_along_axis(result, order, np.minimum(adjusted, 1.0), axis=-1)
    return np.where(np.isnan(p), np.nan, result)
