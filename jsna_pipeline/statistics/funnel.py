"""Funnels: how far chance alone scatters areas of each size around one value, and who stands outside.

Here: control limits for proportions, rates and standardised ratios, the place of an area between them, and
how many would be outside by chance. Not here: the charts, and the baseline (England's value; the caller's).

The limits say what areas would show if all had the baseline's true value. Real differences between areas
put more of them outside, so a funnel of authorities finds who to look at first, not who is to blame.

Spiegelhalter DJ (2005), Funnel plots for comparing institutional performance, Stat Med 24: 1185-202;
Office for Health Improvement and Disparities, Fingertips Public Health Technical Guidance, funnel plots
(95 % and 99.8 %, often called 2 and 3 standard deviations).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import gdtrib

from jsna_pipeline.statistics.comparison import TextArray, polarity_sign, significance_words
from jsna_pipeline.statistics.proportions import FloatArray, as_counts, as_floats, normal_quantile, reject

WARNING, ALARM = 0.95, 0.998  # the two pairs of limits of a Fingertips funnel


class Place(StrEnum):
    """Where an area stands in its funnel."""

    ABOVE_99_8 = "above_99_8"
    ABOVE_95 = "above_95"
    WITHIN = "within"
    BELOW_95 = "below_95"
    BELOW_99_8 = "below_99_8"
    NOT_TESTED = "not_tested"


def proportion_limits(
    denominator: npt.ArrayLike, baseline: npt.ArrayLike, confidence: float = WARNING
) -> tuple[FloatArray, FloatArray]:
    """Control limits, as fractions 0 to 1, of areas whose true proportion is `baseline`.

    Score limits: an area lies outside just when the baseline lies outside its Wilson interval. Arguments
    broadcast; nan where either is missing or the denominator is 0. ValueError where a denominator is
    negative or not whole, or a baseline not a fraction.
    """
    whole, share = as_counts(denominator, "denominator"), as_floats(baseline)
    reject((share < 0) | (share > 1), "baseline is not between 0 and 1")
    known = np.where(whole == 0, np.nan, whole)
    margin = normal_quantile(confidence) * np.sqrt(share * (1 - share) / known)
    return np.maximum(share - margin, 0.0), np.minimum(share + margin, 1.0)


def ratio_limits(
    expected: npt.ArrayLike, confidence: float = WARNING, *, multiplier: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Control limits of observed over expected events, per `multiplier` (100 for the usual ratio).

    Exact Poisson: the counts, taken as continuous, whose exact interval just reaches `expected`, so that
    the edges are smooth. nan where expected is missing or 0; ValueError where it is negative.
    """
    awaited = as_floats(expected)
    reject(awaited < 0, "expected is negative")
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    tail = (1 - confidence) / 2
    known = np.where(awaited > 0, awaited, np.nan)
    # A count of k or more has the probability P(k, expected), P the regularised gamma function.
    upper = gdtrib(1.0, tail, known)
    lower = np.maximum(gdtrib(1.0, 1 - tail, known) - 1, 0.0)
    return np.asarray(lower / known * multiplier), np.asarray(upper / known * multiplier)


def rate_limits(
    denominator: npt.ArrayLike, baseline: npt.ArrayLike, multiplier: float = 1.0, confidence: float = WARNING
) -> tuple[FloatArray, FloatArray]:
    """Control limits of rates per `multiplier` of areas whose true rate is `baseline` per `multiplier`.

    For a directly standardised rate, the denominator is the effective one, events / rate x multiplier, as
    in the guidance; rates on fewer than 10 events are withheld before they come here. Method as in
    `ratio_limits`; nan where a denominator or baseline is missing or 0, ValueError where it is negative.
    """
    exposure, centre = as_floats(denominator), as_floats(baseline)
    reject(exposure < 0, "denominator is negative")
    reject(centre < 0, "baseline is negative")
    lower, upper = ratio_limits(exposure * centre / multiplier, confidence)
    return lower * centre, upper * centre


def place(
    value: npt.ArrayLike,
    warning: tuple[npt.ArrayLike, npt.ArrayLike],
    alarm: tuple[npt.ArrayLike, npt.ArrayLike],
) -> TextArray:
    """Where each value stands, as `Place` words, from its lower and upper limits at 95 % and at 99.8 %.

    A value on a limit is inside it. The same limits that are drawn decide, so a point and its word agree;
    the guidance's own labels use Byar's interval of the count instead, and can differ on the very edge.
    `not_tested` where the value or a limit is missing.
    """
    given = as_floats(value)
    low, high = map(as_floats, warning)
    lowest, highest = map(as_floats, alarm)
    words = np.select(
        [
            np.isnan(given + low + high + lowest + highest),
            given > highest,
            given > high,
            given < lowest,
            given < low,
        ],
        [Place.NOT_TESTED, Place.ABOVE_99_8, Place.ABOVE_95, Place.BELOW_99_8, Place.BELOW_95],
        default=Place.WITHIN,
    )
    return np.asarray(words, dtype=str)


def significance(places: npt.ArrayLike, polarity: npt.ArrayLike) -> TextArray:
    """`Place` words as `Significance` words: better or worse by polarity, higher or lower without one."""
    words = np.asarray(places, dtype=str)
    reject(~np.isin(words, list(Place)), "place is not one of the words of funnel.Place")
    above = np.isin(words, [Place.ABOVE_95, Place.ABOVE_99_8])
    below = np.isin(words, [Place.BELOW_95, Place.BELOW_99_8])
    return significance_words(words != Place.NOT_TESTED, above, below, polarity_sign(polarity))


def expected_outside(areas: npt.ArrayLike, confidence: float = WARNING) -> FloatArray:
    """How many of so many areas stand outside the limits, on either side, if they differ by chance alone.

    Of 151 authorities, 7.55 at 95 % and 0.3 at 99.8 %. Counts are whole, so small areas stray a little
    less often than this.
    """
    normal_quantile(confidence)  # refuses a confidence that is not a fraction
    return np.asarray(as_counts(areas, "areas") * (1 - confidence))
