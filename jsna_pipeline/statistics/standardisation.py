"""Standardised rates and ratios: what the figure would be with another population's age structure.

Here: direct standardisation with Dobson's interval, and the indirectly standardised ratio. Not here: the
standard populations themselves (data, with their source), crude rates (`rates`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jsna_pipeline.statistics.proportions import FloatArray, as_counts, as_floats, reject
from jsna_pipeline.statistics.rates import byars_interval, rate

FEWEST_EVENTS = 10  # fewer give neither a stable rate nor a valid interval: Morris JK et al. (2018), below


def directly_standardised_rate(
    counts: npt.ArrayLike,
    populations: npt.ArrayLike,
    standard_weights: npt.ArrayLike,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Directly standardised rate per `multiplier` and its limits, over arrays (..., age groups).

    `standard_weights` is the standard population of each age group, on any scale. Results have the shape
    without the last axis. nan (withheld) where fewer than 10 events were counted, and where a count or
    population is missing or a population is 0. ValueError where a count is negative or not whole, a
    population or weight is negative, or the weights are missing or sum to 0.

    Dobson AJ, Kuulasmaa K, Eberle E, Scherer J (1991), Confidence intervals for weighted sums of Poisson
    parameters, Stat Med 10: 457-62, with Byar's limits of the total; Public Health England, Technical
    Guide: Confidence Intervals (2018), appendix 4. Fewer than 10: Morris JK, Tan J, Fryers P, Bestwick J
    (2018), Popul Health Metr 16: 19.
    """
    events, people, standard = np.broadcast_arrays(
        as_counts(counts, "count"), as_floats(populations), as_floats(standard_weights)
    )
    reject(people < 0, "population is negative")
    reject(~(standard >= 0), "standard weight is missing or negative")
    weight_total = standard.sum(axis=-1, keepdims=True)
    reject(weight_total == 0, "standard weights sum to 0")
    per_event = standard / weight_total / np.where(people == 0, np.nan, people)
    total = events.sum(axis=-1)
    total = np.where(total >= FEWEST_EVENTS, total, np.nan)
    value = np.where(np.isnan(total), np.nan, (events * per_event).sum(axis=-1))
    # Dobson: stretch the interval of the plain total to the standard error of the weighted sum.
    stretch = np.sqrt((events * per_event**2).sum(axis=-1) / total)
    lower, upper = byars_interval(total, confidence)
    return (
        value * multiplier,
        (value + stretch * (lower - total)) * multiplier,
        (value + stretch * (upper - total)) * multiplier,
    )


def indirectly_standardised_ratio(
    observed: npt.ArrayLike, expected: npt.ArrayLike, confidence: float = 0.95, *, multiplier: float = 1.0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Observed over expected events per `multiplier` (100 for the usual SMR) and its limits.

    `expected` is the number of events at the reference population's rates, and need not be whole; 0 or
    missing gives nan, a negative one is a ValueError. Limits: exact below 10 observed, Byar's from 10,
    with `expected` taken as known.

    Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, 69; Public Health England,
    Technical Guide: Confidence Intervals (2018).
    """
    awaited = as_floats(expected)
    reject(awaited < 0, "expected is negative")
    return rate(observed, awaited, multiplier, confidence)
