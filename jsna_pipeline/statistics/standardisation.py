"""Standardised rates and ratios: what the figure would be with another population's age structure.

Here: direct standardisation with Dobson's interval, for independent and for repeated events, and the
indirectly standardised ratio and rate. Not here: the standard populations themselves (data, with their
source), crude rates (`rates`).
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

    The events must be independent: where one child can have several, use `standardised_rate_of_repeats`.

    Dobson AJ, Kuulasmaa K, Eberle E, Scherer J (1991), Confidence intervals for weighted sums of Poisson
    parameters, Stat Med 10: 457-62, with Byar's limits of the total; Public Health England, Technical
    Guide: Confidence Intervals (2018), appendix 4. Fewer than 10: Morris JK, Tan J, Fryers P, Bestwick J
    (2018), Popul Health Metr 16: 19.
    """
    events, per_event = _weighted(as_counts(counts, "count"), populations, standard_weights)
    variance = (events * per_event**2).sum(axis=-1)
    return _dobson(events, per_event, variance, multiplier, confidence)


def standardised_rate_of_repeats(
    children: npt.ArrayLike,
    events_each: npt.ArrayLike,
    populations: npt.ArrayLike,
    standard_weights: npt.ArrayLike,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Directly standardised rate of events of which one child can have several, and its limits.

    `children` is (..., age groups, frequencies): how many children had exactly `events_each` events, a
    vector of the frequencies (1, 2, 3, ...). The rate is that of the events; each child counts once in its
    variance, with the square of their events, so the limits are wider than for as many independent events.
    Populations and weights are (..., age groups). Withheld below 10 events; missing values and errors as
    in `directly_standardised_rate`, and ValueError where a frequency is not a whole number above 0.

    Office for Health Improvement and Disparities, Fingertips Public Health Technical Guidance, directly
    standardised rates; Stukel TA et al. (1994), Standardized rates of recurrent outcomes, Stat Med 13:
    1781-91.
    """
    frequency = as_counts(events_each, "events each")
    reject(~(frequency > 0), "events each is missing or 0")
    persons = as_counts(children, "children")
    events, per_event = _weighted((persons * frequency).sum(axis=-1), populations, standard_weights)
    squared = (persons * frequency**2).sum(axis=-1)
    return _dobson(events, per_event, (squared * per_event**2).sum(axis=-1), multiplier, confidence)


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


def expected_events(
    populations: npt.ArrayLike, reference_counts: npt.ArrayLike, reference_populations: npt.ArrayLike
) -> FloatArray:
    """Events that the area would have at the reference population's rates, over arrays (..., age groups).

    The result has the shape without the last axis; nan where anything is missing or a reference
    population is 0. ValueError where a reference count is negative or not whole, or a population negative.
    """
    people, reference = as_floats(populations), as_floats(reference_populations)
    reject((people < 0), "population is negative")
    reject((reference < 0), "reference population is negative")
    rates = as_counts(reference_counts, "reference count") / np.where(reference == 0, np.nan, reference)
    return np.asarray((people * rates).sum(axis=-1))


def indirectly_standardised_rate(
    observed: npt.ArrayLike,
    expected: npt.ArrayLike,
    reference_rate: npt.ArrayLike,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The indirectly standardised ratio times the reference population's crude rate, and its limits.

    In the unit of `reference_rate` (per 100,000, say), which is taken as known; shapes, missing values,
    errors and method as in `indirectly_standardised_ratio`. ValueError where the rate is negative.
    """
    crude = as_floats(reference_rate)
    reject(crude < 0, "reference rate is negative")
    value, lower, upper = indirectly_standardised_ratio(observed, expected, confidence)
    return value * crude, lower * crude, upper * crude


def _weighted(
    counts: FloatArray, populations: npt.ArrayLike, standard_weights: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Events by age group, and what one event adds to the standardised rate."""
    events, people, standard = np.broadcast_arrays(counts, as_floats(populations), as_floats(standard_weights))
    reject(people < 0, "population is negative")
    reject(~(standard >= 0), "standard weight is missing or negative")
    weight_total = standard.sum(axis=-1, keepdims=True)
    reject(weight_total == 0, "standard weights sum to 0")
    return events, standard / weight_total / np.where(people == 0, np.nan, people)


def _dobson(
    events: FloatArray, per_event: FloatArray, variance: FloatArray, multiplier: float, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    total = events.sum(axis=-1)
    total = np.where(total >= FEWEST_EVENTS, total, np.nan)
    value = np.where(np.isnan(total), np.nan, (events * per_event).sum(axis=-1))
    # Dobson: stretch the interval of the plain total to the standard error of the weighted sum.
    stretch = np.sqrt(variance / total)
    lower, upper = byars_interval(total, confidence)
    return (
        value * multiplier,
        (value + stretch * (lower - total)) * multiplier,
        (value + stretch * (upper - total)) * multiplier,
    )
