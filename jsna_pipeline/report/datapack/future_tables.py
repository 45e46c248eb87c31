"""The tables of future need that lie beside a report, by the names of their files.

Here: which table of `future/tables.py` becomes which file, and whose rows it holds. Not here: their columns
(`columns.py`), or single simulations, of which no file is made.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.future import tables as models
from jsna_pipeline.published_tables import PublishedTable
from jsna_pipeline.report.datapack.contents import FUTURE_OF_AREA
from jsna_pipeline.report.datapack.marking import MARKING
from jsna_pipeline.report.future.rows import table
from jsna_pipeline.report.view import AreaView

SOURCES: Mapping[str, tuple[str, type[PublishedTable]]] = {
    "projections": ("future_projections", models.Projections),
    "backtest": ("future_backtest", models.Backtest),
    "backtest_summary": ("future_backtest_summary", models.BacktestSummary),
    "scenarios": ("future_scenarios", models.Scenarios),
    "expected_need": ("future_expected_need", models.ExpectedNeed),
    "places_ahead": ("future_places", models.PlacesAhead),
    "money_ahead": ("future_money", models.MoneyAhead),
}
ALSO = {"scenarios": "future_own_scenarios"}  # the area's own, under those of the catalogue


def future_tables_of(view: AreaView) -> dict[str, pd.DataFrame]:
    """Rows of the area, its region and England; what rests on the area's own records marked like them.

    Places and money have a file only where they were worked out.
    """
    made = {name: _rows(view, name) for name in SOURCES}
    made = {name: rows for name, rows in made.items() if len(rows) or name not in FUTURE_OF_AREA}
    if view.restricted:
        made |= {name: made[name].assign(marking=MARKING) for name in FUTURE_OF_AREA if name in made}
    return made


def _rows(view: AreaView, name: str) -> pd.DataFrame:
    held = [table(view, source) for source in (SOURCES[name][0], *([ALSO[name]] if name in ALSO else []))]
    rows = pd.concat([part for part in held if len(part)], ignore_index=True) if any(map(len, held)) else held[0]
    rows = rows.drop_duplicates(list(SOURCES[name][1].to_schema().unique or ()))
    if "area_code" in rows:
        rows = rows.loc[rows["area_code"].isin([view.area.code, view.region_code, geography.ENGLAND])]
    return rows.reset_index(drop=True)
