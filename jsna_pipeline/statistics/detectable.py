"""Detectable differences: how large a gap must be before numbers this small would show it.

Here: the smallest gap from a fixed comparator that a proportion would most likely reveal, for sentences
such as "cannot tell; a gap under 12 percentage points would not be seen". Not here: the test itself
(`comparison.compare` on a Wilson interval) and the wording.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from jsna_pipeline.statistics.proportions import FloatArray, as_counts, as_floats, normal_quantile, reject


def detectable_gaps(
    denominator: npt.ArrayLike, comparator: npt.ArrayLike, power: float = 0.8, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Smallest gaps below and above `comparator`, as fractions, that would be seen with chance `power`.

    Seen means that the Wilson interval of the proportion leaves the comparator out on that side. The
    comparator is a fraction taken as known. Arguments broadcast. nan where either is missing, the
    denominator is 0, or no gap on that side could be seen however large. A normal approximation: under
    about 30 children read it as a rough size. ValueError where the denominator is negative or not whole,
    the comparator is not a fraction, or `power` does not lie between a half and 1.

    Fleiss JL, Levin B, Paik MC (2003), Statistical Methods for Rates and Proportions (3rd edn), 2.5.
    """
    if not 0.5 <= power < 1:
        raise ValueError("power must lie between a half and 1")
    whole, known = as_counts(denominator, "denominator"), as_floats(comparator)
    reject((known < 0) | (known > 1), "comparator is not between 0 and 1")
    number = np.where(whole == 0, np.nan, whole)
    margin = normal_quantile(confidence) * np.sqrt(known * (1 - known) / number)
    spread = ndtri(power) ** 2 / number
    # What lies below seen from 0 lies above seen from 1.
    return _gap_above(1 - known, margin, spread), _gap_above(known, margin, spread)


def _gap_above(comparator: FloatArray, margin: FloatArray, spread: FloatArray) -> FloatArray:
    """The true proportion lies above the test's limit by `power`'s share of its own standard deviation."""
    limit = comparator + margin
    possible = np.where(limit < 1, limit, np.nan)
    root = np.sqrt(spread * (spread + 4 * possible * (1 - possible)))
    return np.asarray((2 * possible + spread + root) / (2 * (1 + spread)) - comparator)
