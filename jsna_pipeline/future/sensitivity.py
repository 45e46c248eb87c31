"""Which driver moves plans and cost most: each at its low and its high value, the others as projected.

Here: the rows of a tornado chart. Not here: scenarios, which change several things from a year (`scenarios.py`), or the
chart.

Each range is one that can be pointed to: what authorities do, how far past forecasts erred, what the simulations hold,
what a place is known to cost; or, for new plans, a tenth either way, which is an assumption and says so. Where it
can be had, a range holds eight of ten cases, so that bars may be read side by side. None of them
is thereby forecast.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jsna_pipeline.future.flows import Ceasing, chosen, implied_flows
from jsna_pipeline.future.scenarios import Multipliers, UnitCosts, cost_of, followed
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import SETTINGS, Standing

STEP = 0.1  # of new plans either way
# Standard deviation of England's own forecast error one to five years ahead, origins 2017 to 2024, in logarithms.
NATIONAL_ERROR = (0.011, 0.020, 0.024, 0.036, 0.049)
_EIGHT_OF_TEN = 1.2816  # standard deviations either side
_AREAS_AT_ONCE = 16
_INDEPENDENT, _STATE = SETTINGS.index("special_independent"), SETTINGS.index("special_state")
NAMES = {
    "new_plans": "New plans a year (a tenth either way: an assumption)",
    "ceasing": "Plans that end in a year (all but the tenth of authorities at either end)",
    "national_growth": "England's growth (as past forecasts of it erred, eight times of ten)",
    "own_growth": "This area's growth (eight of ten simulated futures)",
    "independent_share": "Share in independent special schools (eight of ten simulated futures)",
    "unit_costs": "Cost of a place (lowest and highest of its range)",
}
_COLUMNS = [
    "area_code",
    "driver",
    "name",
    "low_value",
    "high_value",
    "quantity",
    "year",
    "central",
    "at_low",
    "at_high",
]


def sensitivity(
    forecast: Forecast,
    ceasing: Ceasing,
    settings: np.ndarray | None,
    unit_costs: UnitCosts | None,
    national_error: Sequence[float] = NATIONAL_ERROR,
) -> pd.DataFrame:
    """Rows of the table Sensitivity, without `edition`: middles of plans and cost in the last year of `forecast`.

    `settings` (A, D, H, S) and `unit_costs` as in `scenarios.run`. An area whose last year is withheld has no rows, one
    whose plans are not split by setting none of cost. `national_error` has a standard deviation a year ahead.
    """
    frames = []
    for start in range(0, len(forecast.areas), _AREAS_AT_ONCE):
        members = range(start, min(start + _AREAS_AT_ONCE, len(forecast.areas)))
        some, rates = chosen(forecast, ceasing, members)
        last = None if settings is None else settings[members.start : members.stop, :, -1].astype(float)
        frames += _of_areas(some, rates, last, unit_costs, national_error)
    found = pd.concat(frames, ignore_index=True)
    order = pd.Categorical(found["driver"], categories=list(NAMES))
    found = found.assign(order=order.codes).sort_values(
        ["area_code", "order", "quantity"], ascending=[True, True, False]
    )
    return found.dropna(subset=["central"])[_COLUMNS].reset_index(drop=True)


def _of_areas(
    forecast: Forecast,
    ceasing: Ceasing,
    settings: np.ndarray | None,
    unit_costs: UnitCosts | None,
    national_error: Sequence[float],
) -> list[pd.DataFrame]:
    withheld = forecast.status[:, -1] == Standing.WITHHELD
    last = np.where(withheld[:, None], np.nan, forecast.draws[..., -1])  # (A, D)
    plans = np.median(last, axis=1)
    cost = None
    if settings is not None and unit_costs is not None:
        cost = np.where(withheld[:, None], np.nan, cost_of(settings, unit_costs))
    drivers = _of_plans(forecast, ceasing, last, national_error)
    frames = [
        _frame(forecast, driver, values, "plans", plans, at_low, at_high)
        for driver, (values, at_low, at_high) in drivers.items()
    ]
    if cost is None or settings is None or unit_costs is None:
        return frames
    middle = np.median(cost, axis=1)
    for driver, (values, at_low, at_high) in drivers.items():
        # The mix is as projected: cost follows plans.
        low, high = (
            middle * np.divide(one, plans, out=np.ones_like(plans), where=plans > 0) for one in (at_low, at_high)
        )
        frames.append(_frame(forecast, driver, values, "cost", middle, low, high))
    share, low, high = _independent(settings, unit_costs, plans, middle)
    frames.append(_frame(forecast, "independent_share", share, "cost", middle, low, high))
    low, high = (np.median(cost_of(settings, unit_costs, which), axis=1) for which in (0, 2))
    words = [("lowest", "highest")] * len(plans)
    return [*frames, _frame(forecast, "unit_costs", words, "cost", middle, low, high)]


Ends = tuple[list[tuple[str, str]], np.ndarray, np.ndarray]  # the two values in words, and plans at each


def _of_plans(
    forecast: Forecast, ceasing: Ceasing, last: np.ndarray, national_error: Sequence[float]
) -> dict[str, Ends]:
    """The drivers of plans, each with its values and the middle of plans in the last year at them."""
    flows, one, areas = implied_flows(forecast, ceasing), np.ones((1, 1, 1)), len(forecast.areas)
    gone = np.isnan(last).any(axis=1)

    def middle(joining: np.ndarray, leaving: np.ndarray) -> np.ndarray:
        found = np.median(followed(flows, Multipliers(joining, leaving, one, one))[0][..., -1], axis=1)
        return np.where(gone, np.nan, found)

    low, high = ceasing.usual
    rates = np.maximum(ceasing.rate, 1e-9)[:, None, None]
    error = _EIGHT_OF_TEN * national_error[len(forecast.years) - 1]
    plans = np.median(last, axis=1)
    tenth, ninetieth = np.percentile(last, [10, 90], axis=1)
    return {
        "new_plans": (
            [(f"{STEP:.0%} fewer", f"{STEP:.0%} more")] * areas,
            middle(one * (1 - STEP), one),
            middle(one * (1 + STEP), one),
        ),
        "ceasing": (
            [(f"{100 * low:.1f} of 100 plans", f"{100 * high:.1f} of 100 plans")] * areas,
            middle(one, low / rates),
            middle(one, high / rates),
        ),
        "national_growth": (
            [(f"{100 * (1 - np.exp(-error)):.1f}% below", f"{100 * (np.exp(error) - 1):.1f}% above")] * areas,
            plans * np.exp(-error),
            plans * np.exp(error),
        ),
        "own_growth": (
            [(f"{a:,.0f} plans", f"{b:,.0f} plans") for a, b in zip(tenth, ninetieth, strict=True)],
            tenth,
            ninetieth,
        ),
    }


def _independent(settings: np.ndarray, unit_costs: UnitCosts, plans: np.ndarray, cost: np.ndarray) -> Ends:
    """The simulated share in independent special schools, its other end in state ones, and the cost at both."""
    total = settings.sum(axis=-1)
    share = np.divide(settings[..., _INDEPENDENT], total, out=np.full_like(total, np.nan), where=total > 0)
    low, middle, high = np.percentile(share, [10, 50, 90], axis=1)
    apart = np.zeros((2, len(SETTINGS)))
    apart[:, _INDEPENDENT], apart[:, _STATE] = 1, 0
    apart[1, _INDEPENDENT], apart[1, _STATE] = 0, 1
    dearer = float(np.subtract(*cost_of(apart, unit_costs)))
    values = [(f"{100 * a:.1f}%", f"{100 * b:.1f}%") for a, b in zip(low, high, strict=True)]
    at_low, at_high = (np.maximum(cost + plans * (end - middle) * dearer, 0) for end in (low, high))
    return values, at_low, at_high


def _frame(
    forecast: Forecast,
    driver: str,
    values: list[tuple[str, str]],
    quantity: str,
    central: np.ndarray,
    at_low: np.ndarray,
    at_high: np.ndarray,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": list(forecast.areas),
            "driver": driver,
            "name": NAMES[driver],
            "low_value": [low for low, _ in values],
            "high_value": [high for _, high in values],
            "quantity": quantity,
            "year": forecast.years[-1],
            "central": central,
            "at_low": at_low,
            "at_high": at_high,
        }
    )
