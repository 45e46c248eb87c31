"""Small forecasts, settings and unit costs for tests of future need.

Here: builders of the arrays that the modules of `future/` hand to each other. Not here: how any of them is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from jsna_pipeline.catalogue.scenarios import Scenario
from jsna_pipeline.future.flows import Ceasing
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import SETTINGS, Standing

COSTS = dict.fromkeys(SETTINGS, (9_000.0, 10_000.0, 12_000.0)) | {
    "special_state": (20_000.0, 25_000.0, 30_000.0),
    "special_independent": (50_000.0, 60_000.0, 80_000.0),
}


def forecast(
    base: Sequence[float],
    draws: object,
    withheld: Mapping[tuple[int, int], str] | None = None,
    areas: Sequence[str] = ("E08000010", "E08000031"),
) -> Forecast:
    """A forecast from January 2025; `withheld` gives the reason by position of area and year."""
    found = np.array(draws, dtype=float)
    status = np.full((found.shape[0], found.shape[2]), Standing.OK.value, dtype=object)
    reason = np.full(status.shape, "", dtype=object)
    for place, why in (withheld or {}).items():
        status[place], reason[place] = Standing.WITHHELD.value, why
        found[place[0], :, place[1]] = np.nan
    years = tuple(range(2026, 2026 + found.shape[2]))
    model = np.full(len(base), "national", dtype=object)
    return Forecast(tuple(areas[: len(base)]), np.array(base, float), 2025, years, found, model, status, reason)


def ceasing(rates: Sequence[float], usual: tuple[float, float] = (0.03, 0.08)) -> Ceasing:
    return Ceasing(np.array(rates, float), np.full(len(rates), 3), 0.05, usual)


def split(made: Forecast, **shares: float) -> np.ndarray:
    """Plans by setting (A, D, H, S), `shares` of each setting and the rest in mainstream."""
    part = np.array([shares.get(name, 0.0) for name in SETTINGS])
    part[SETTINGS.index("mainstream")] += 1 - part.sum()
    return np.asarray((made.draws[..., None] * part).astype(np.float32))


def scenario(*changes: Mapping[str, object], name: str = "invented") -> Scenario:
    """A record with these changes, and texts that say nothing."""
    told = {"assumption": "It is so.", "basis": "Invented.", "certainty": "assumed", "would_change": "Nothing."}
    texts = {"name": "Invented", "question": "What then?", "description": "Invented.", "owner": "Nobody"}
    return Scenario.model_validate(
        {"id": name, **texts, "changes": list(changes), "assumptions": [told], "reviewed": "2026-01-01"}
    )
