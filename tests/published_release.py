"""The national tables of a few indicators, computed from the real release through the library alone.

Here: what the tests of comparisons, trends and reconciliation state published figures about. Not here:
a whole build, which the tests of `assets` make.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.trend_table import trend_table

NEIGHBOURS = "dfe__statistical_neighbours"
INDICATORS = ("ehcp_caseload", "ehcp_within_20_weeks_excl", "ehcp_within_20_weeks_all", "ehcp_reviews_held")


@dataclass(frozen=True)
class PublishedTables:
    """Core tables by dataset, and the observations, comparisons and trends made from them."""

    core: dict[str, pd.DataFrame]
    observed: pd.DataFrame
    compared: pd.DataFrame
    trended: pd.DataFrame

    def row(self, table: str, **where: str) -> pd.Series:
        """The one row of `observed`, `compared` or `trended` for the whole population."""
        rows = getattr(self, table)
        for name, value in ({"dimension": "total", "category": "total"} | where).items():
            rows = rows.loc[rows[name] == value]
        assert len(rows) == 1, f"{len(rows)} rows for {where}"
        return rows.iloc[0]

    def series(self, indicator: str, area: str) -> dict[str, float]:
        """Values by period for the whole population, oldest first."""
        rows = self.observed.query("indicator_id == @indicator and area_code == @area and dimension == 'total'")
        return dict(zip(rows["period"], rows["value"], strict=True))


def national_tables(landing: Path) -> PublishedTables:
    records = {name: indicators()[name] for name in INDICATORS}
    folder = LandingFolder(landing, "2025")
    tables = {record.numerator.table for record in records.values()} | {NEIGHBOURS}
    core = {table: core_table(datasets()[table], folder).table for table in tables}
    observed = observations(records, core, "2025")
    compared = comparisons(records, observed, core[NEIGHBOURS], "2025")
    return PublishedTables(core, observed, compared, trend_table(records, observed, "2025"))
