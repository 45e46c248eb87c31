"""Surveys of people who chose to answer: weights to a known mix, what they cost, and intervals on what is left.

Here: raking, trimming, the effective sample size, weighted shares, scores and means with their limits, and how far
two mixes differ. Not here: which characteristics are weighted on (`voice/weighting.py`), or which answers are printed
(`voice/results.py`).

Weights mend a mix, not a motive: they cannot tell how those who did not answer would have answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtr, stdtrit

from jsna_pipeline.statistics.proportions import FloatArray, as_floats, normal_quantile, reject

CAP = 5.0
"""Most that one weight may be, in means; the bound of the American National Election Studies (DeBell and Krosnick)."""
SWEEPS = 1_000
STILL = 1e-10  # largest change of a weight in a sweep at which raking has come to rest
NOT_STATED = -1
SMALLEST_EXPECTED = 5.0

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Raked:
    """Weights (n,) with mean 1; how many stand at the cap; the largest share by which a margin is still missed."""

    weights: FloatArray
    capped: int
    furthest: float


def rake(codes: Sequence[Codes], targets: Sequence[FloatArray], cap: float = CAP) -> Raked:
    """Weights under which every characteristic has the shares of its target.

    `codes`: for each characteristic the category of each respondent (n,), from 0, or -1 where it is not stated; such
    respondents are left alone by that characteristic. `targets`: for each, the shares wanted (k,), above 0. ValueError
    where a category wanted has no respondent, since no weight can make one up.

    Iterative proportional fitting: Deming WE, Stephan FF (1940), On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known, Ann Math Stat 11: 427-44. Weights above `cap` means are cut
    back after each sweep: DeBell M, Krosnick JA (2009), Computing weights for American National Election Study survey
    data, ANES technical report nes012427. A cut leaves a margin short; `furthest` says by how much.
    """
    grid = np.column_stack(codes)
    cells, place, size = np.unique(grid, axis=0, return_inverse=True, return_counts=True)
    wanted = [as_floats(target) / as_floats(target).sum() for target in targets]
    for column, target in zip(cells.T, wanted, strict=True):
        if set(range(len(target))) - set(column.tolist()):
            raise ValueError("a category that is wanted has no respondent")
    weights = np.ones(len(cells))
    for _ in range(SWEEPS):
        before = weights
        for column, target in zip(cells.T, wanted, strict=True):
            weights = _fitted(weights, size, column, target)
        weights = _capped(weights, size, cap)
        if np.abs(weights - before).max() < STILL:
            break
    misses = [
        np.abs(_shares(weights * size, column, len(target)) - target).max()
        for column, target in zip(cells.T, wanted, strict=True)
    ]
    each = weights[place.ravel()]
    return Raked(each, int((each >= cap * (1 - 1e-9)).sum()), float(max(misses)))


def _shares(mass: FloatArray, column: Codes, categories: int) -> FloatArray:
    stated = column >= 0
    sums = np.bincount(column[stated], mass[stated], minlength=categories)
    return np.asarray(sums / sums.sum())


def _fitted(weights: FloatArray, size: npt.NDArray[np.int64], column: Codes, target: FloatArray) -> FloatArray:
    """The weights with one characteristic's shares right; those who did not state it keep theirs."""
    factors = np.append(target / _shares(weights * size, column, len(target)), 1.0)  # the last is that of code -1
    return np.asarray(weights * factors[column])


def _capped(weights: FloatArray, size: npt.NDArray[np.int64], cap: float) -> FloatArray:
    """The weights with mean 1 and none above `cap`; what is cut off is shared among the others in proportion."""
    scaled = weights / np.average(weights, weights=size)
    high = np.zeros(len(scaled), dtype=bool)
    while (scaled[~high] > cap).any():
        high |= scaled > cap
        rest = (size.sum() - cap * size[high].sum()) / (scaled[~high] @ size[~high])
        scaled = np.where(high, cap, scaled * rest)
    return np.asarray(scaled)


def effective_sample_size(weights: npt.ArrayLike) -> float:
    """How many equally weighted answers tell as much: (sum of weights)² / sum of squares; 0 for none.

    Kish L (1965), Survey Sampling, Wiley, 11.7; the number of answers over it is the design effect of weighting
    (Kish L (1992), Weighting for unequal Pi, J Off Stat 8: 183-200).
    """
    held = as_floats(weights)
    return float(held.sum() ** 2 / (held**2).sum()) if held.size else 0.0


def share_interval(
    share: npt.ArrayLike, effective_n: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Wilson limits of a weighted share, as fractions, with the effective sample size for the denominator.

    Arguments broadcast; nan where either is missing or the effective size is 0. With equal weights these are the
    limits of `proportions.wilson_interval`. ValueError where a share is not between 0 and 1.

    Franco C, Little RJA, Louis TA, Slud EV (2019), Comparative study of confidence intervals for proportions in
    complex sample surveys, J Surv Stat Methodol 7: 334-64.
    """
    part, size = np.broadcast_arrays(as_floats(share), as_floats(effective_n))
    reject((part < 0) | (part > 1), "a share is not between 0 and 1")
    size = np.where(size > 0, size, np.nan)
    z = normal_quantile(confidence)
    spread = z * np.sqrt(part * (1 - part) / size + z**2 / (4 * size**2))
    middle, divisor = part + z**2 / (2 * size), 1 + z**2 / size
    lower = np.where((part == 0) & (size > 0), 0.0, (middle - spread) / divisor)
    upper = np.where((part == 1) & (size > 0), 1.0, (middle + spread) / divisor)
    return lower, upper


def net_interval(
    positive: npt.ArrayLike, negative: npt.ArrayLike, effective_n: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Net score (share positive minus share negative of the same answers) and its limits, as fractions -1 to 1.

    The two shares bear on each other: who answers the one does not answer the other. Their Wilson limits are joined
    with that correlation, -sqrt(p q / ((1 - p) (1 - q))).

    Newcombe RG (1998), Improved confidence intervals for the difference between binomial proportions based on paired
    data, Stat Med 17: 2635-50; Zou GY (2007), Toward using confidence intervals to compare correlations, Psychol
    Methods 12: 399-413, for limits joined with a correlation.
    """
    p, q = np.broadcast_arrays(as_floats(positive), as_floats(negative))
    reject(p + q > 1 + 1e-9, "the two shares exceed the whole")
    low_p, high_p = share_interval(p, effective_n, confidence)
    low_q, high_q = share_interval(q, effective_n, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = -np.sqrt(p * q / ((1 - p) * (1 - q)))
    # One share at 0 or at everyone leaves the correlation without a value; it then has nothing to bear on.
    joint = np.where((p * q == 0) & ~np.isnan(p + q), 0.0, np.maximum(joint, -1.0))
    score = p - q
    lower = score - _joined(p - low_p, high_q - q, joint)
    upper = score + _joined(high_p - p, q - low_q, joint)
    return np.asarray(score), np.maximum(lower, -1.0), np.minimum(upper, 1.0)


def _joined(first: FloatArray, second: FloatArray, correlation: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(first**2 + second**2 - 2 * correlation * first * second, 0)))


def weighted_mean_interval(
    mean: npt.ArrayLike, mean_of_squares: npt.ArrayLike, effective_n: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Student's t limits of a weighted mean, from the weighted mean of the squares and the effective sample size.

    nan where anything is missing or the effective size is not above 1. As `means.mean_interval`, with the effective
    size for the number of answers (Kish 1965).
    """
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    middle, squares, size = np.broadcast_arrays(as_floats(mean), as_floats(mean_of_squares), as_floats(effective_n))
    several = np.where(size > 1, size, np.nan)
    variance = np.maximum(squares - middle**2, 0) * several / (several - 1)
    margin = stdtrit(several - 1, (1 + confidence) / 2) * np.sqrt(variance / several)
    return middle - margin, middle + margin


def share_difference_test(
    share_1: npt.ArrayLike, effective_n_1: npt.ArrayLike, share_2: npt.ArrayLike, effective_n_2: npt.ArrayLike
) -> FloatArray:
    """Two-sided p-value that two independent weighted shares are one: the pooled z-test on effective sample sizes.

    With two groups this is the chi-square test divided by the design effect: Rao JNK, Scott AJ (1981), The analysis
    of categorical data from complex sample surveys, J Am Stat Assoc 76: 221-30. 1 where both shares are 0 or both 1.
    """
    first, n_1, second, n_2 = np.broadcast_arrays(*map(as_floats, (share_1, effective_n_1, share_2, effective_n_2)))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (first * n_1 + second * n_2) / (n_1 + n_2)
        z = np.abs(first - second) / np.sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2))
    z = np.where((first == second) & (n_1 > 0) & (n_2 > 0), 0.0, z)
    return np.asarray(2 * ndtr(-z))


def dissimilarity_index(shares: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """Half the sum of the absolute differences of two mixes: the share that would have to change category, 0 to 1.

    Duncan OD, Duncan B (1955), A methodological analysis of segregation indexes, Am Sociol Rev 20: 210-17.
    """
    return float(np.abs(as_floats(shares) - as_floats(other)).sum() / 2)


def fit_test(counts: npt.ArrayLike, shares: npt.ArrayLike) -> tuple[float, int]:
    """p-value and degrees of freedom of the chi-square test that counts (k,) come from a mix with these shares (k,).

    Categories in which fewer than 5 were to be expected are taken together, smallest first. (nan, 0) where fewer
    than two are left. Pearson K (1900); the rule of 5 is Cochran's (1954, Biometrics 10: 417-51).
    """
    observed, mix = as_floats(counts), as_floats(shares)
    expected = mix / mix.sum() * observed.sum()
    order = np.argsort(expected, kind="stable")
    pairs = list(zip(expected[order].tolist(), observed[order].tolist(), strict=True))
    while len(pairs) > 1 and pairs[0][0] < SMALLEST_EXPECTED:
        (e_1, o_1), (e_2, o_2), *rest = pairs
        pairs = sorted([(e_1 + e_2, o_1 + o_2), *rest])
    if len(pairs) < 2:
        return float("nan"), 0
    statistic = sum((o - e) ** 2 / e for e, o in pairs)
    return float(chdtrc(len(pairs) - 1, statistic)), len(pairs) - 1
