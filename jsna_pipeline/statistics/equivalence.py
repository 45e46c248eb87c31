"""Equivalence: whether two figures are the same for all practical purposes, and what a difference would take.

Here: two one-sided tests read from a 90 % interval, and the difference that an interval of given width would
most likely have shown. Not here: the intervals (`proportions`, `rates`), how large a margin may be (whoever
sets the target says so), gaps from a fixed comparator (`detectable`).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from jsna_pipeline.statistics.comparison import TextArray
from jsna_pipeline.statistics.proportions import FloatArray, as_floats, normal_quantile, reject

CONFIDENCE = 0.90  # of the interval that answers two one-sided tests at 5 % each


class Equivalence(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNCERTAIN = "uncertain"
    NOT_TESTED = "not_tested"


def equivalence(lower: npt.ArrayLike, upper: npt.ArrayLike, margin: npt.ArrayLike) -> TextArray:
    """`Equivalence` words from the 90 % limits of a difference and the margin that still counts as the same.

    `same` where the limits lie within plus and minus the margin, which is when both one-sided tests at 5 %
    reject; `different` where they lie wholly beyond it; else `uncertain`. A limit on the margin is not within.
    Arguments broadcast; missing limits give `not_tested`. ValueError where a margin is not above 0.

    Schuirmann DJ (1987), A comparison of the two one-sided tests procedure and the power approach, J
    Pharmacokinet Biopharm 15: 657-80.
    """
    low, high, most = as_floats(lower), as_floats(upper), as_floats(margin)
    reject(~(most > 0), "margin is not above 0")
    words = np.select(
        [np.isnan(low + high), (low > -most) & (high < most), (low > most) | (high < -most)],
        [Equivalence.NOT_TESTED, Equivalence.SAME, Equivalence.DIFFERENT],
        default=Equivalence.UNCERTAIN,
    )
    return np.asarray(words, dtype=str)


def detectable_difference(
    lower: npt.ArrayLike, upper: npt.ArrayLike, power: float = 0.8, confidence: float = 0.95
) -> FloatArray:
    """Smallest true difference that would most likely have been seen, from the limits of a difference.

    In the unit of the limits, which have the given `confidence`; seen means that the limits leave out 0. A
    normal approximation with the standard error that the width implies. Missing limits give nan. ValueError
    where `power` does not lie between a half and 1.

    Fleiss JL, Levin B, Paik MC (2003), Statistical Methods for Rates and Proportions (3rd edn), 4.
    """
    if not 0.5 <= power < 1:
        raise ValueError("power must lie between a half and 1")
    quantile = normal_quantile(confidence)
    half = (as_floats(upper) - as_floats(lower)) / 2
    return np.asarray(half * (1 + float(ndtri(power)) / quantile))
