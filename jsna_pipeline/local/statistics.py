"""LOCAL_STATISTICS: its columns, and its rows for each table that asks for a statistic.

Here: the whole and each dimension that a table names. Not here: the statistics (`waits.py`, `amounts.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pandas as pd

from jsna_pipeline.catalogue.local_tables import Amount, LocalTable, Waits
from jsna_pipeline.local.units import Population
from jsna_pipeline.vocabulary import TOTAL

STATISTIC_COLUMNS = [
    "table_id", "population", "period", "period_type", "dimension", "category", "statistic", "value", "lower", "upper",
    "unit", "contributors", "largest_share", "rule",
]  # fmt: skip
Asked = TypeVar("Asked", bound=Waits | Amount)


def statistics_of(
    made: Mapping[str, Population],
    asked: Iterable[tuple[LocalTable, Asked | None]],
    rows_of: Callable[[LocalTable, Asked, Population, str], pd.DataFrame],
) -> pd.DataFrame:
    """The rows of `rows_of(table, what it asks, population, dimension)`, of the whole and of each dimension it names.

    Tables that ask nothing, whose population was not made, and dimensions that it lacks are left out.
    """
    found = [
        rows_of(table, wanted, made[table.population], dimension)
        for table, wanted in asked
        if wanted is not None and table.population in made
        for dimension in (TOTAL, *wanted.by)
        if dimension == TOTAL or dimension in made[table.population].attributes
    ]
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=STATISTIC_COLUMNS)
    return rows[STATISTIC_COLUMNS]
