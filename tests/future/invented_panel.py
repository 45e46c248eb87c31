"""Panels for the tests of forecasts: invented ones whose growth is known, and the real one of the published files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.future import panel as panels
from jsna_pipeline.future.panel import Panel
from jsna_pipeline.sources.folder import LandingFolder

TABLES = (
    panels.CASELOAD, panels.BANDS_TO_2022, panels.REQUESTS, panels.REQUESTS_TO_2021, panels.NEW_PLANS,
    panels.CEASED_PLANS, panels.UNDER_18,
)  # fmt: skip
CODES = tuple(code for code in sorted(geography.local_authorities()["area_code"]) if code.startswith("E08"))[:30]


@cache
def real_core(landing: Path, tables: tuple[str, ...] = TABLES) -> Mapping[str, pd.DataFrame]:
    """Core tables of the real release, those that the panel reads unless others are named; read once for all tests."""
    folder = LandingFolder(landing, "2025")
    return {name: core_table(datasets()[name], folder).table for name in tables if name in datasets()}


@cache
def real_panel(landing: Path) -> Panel:
    return panels.build_panel(real_core(landing))


def grown(
    rates: np.ndarray | float = 0.1, years: range = range(2015, 2026), noise: float = 0.0, base: float = 1_000.0
) -> Panel:
    """Thirty metropolitan districts whose plans grow by `rates` (log, a year; one each or one for all)."""
    areas = len(CODES)
    steps = np.arange(len(years))
    chance = np.random.default_rng(5).normal(0, noise, (areas, len(years))).cumsum(axis=1)
    plans = base * np.exp(np.broadcast_to(np.asarray(rates), (areas,))[:, None] * steps + chance)
    unknown = np.full(plans.shape, np.nan)
    return Panel(
        areas=CODES,
        years=tuple(years),
        region=geography.attributes(pd.Series(CODES, dtype="str"))["region_code"].to_numpy(dtype=object),
        plans=plans,
        by_age=plans[:, :, None] * np.array([0.1, 0.3, 0.3, 0.2, 0.1]),
        requests=plans * 0.3,
        refused=plans * 0.1,
        new_plans=unknown.copy(),
        ceased=unknown.copy(),
        children=np.full(plans.shape, 50_000.0),
    )
