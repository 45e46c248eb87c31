"""Invented indicator records and core tables, a few rows each, for tests of the engine and what follows it.

Here: builders with defaults, so that a test states only what it is about. Not here: the catalogue's
own indicators, or any published figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.indicator_engine import OBSERVATION_COLUMNS, observations

# Two catalogued tables without breaks of their own; their columns are invented here.
TABLE, OTHER = "dfe__cin", "dfe__cla"
ENGLAND, REGION, WIGAN, WOLVERHAMPTON = "E92000001", "E12000002", "E08000010", "E08000031"


def record(**changes: Any) -> Indicator:
    """A proportion of `n` in `d`, higher being better, with `changes`."""
    fields: dict[str, Any] = {
        "id": "held",
        "name": "Reviews held",
        "question": "How many?",
        "phrase": "of reviews were held",
        "chapter": "ehc_system",
        "order": 1,
        "description": "Reviews held.",
        "rationale": "It matters.",
        "population": "Plans",
        "source": TABLE,
        "numerator": {"table": TABLE, "columns": ["n"]},
        "denominator": {"table": TABLE, "columns": ["d"]},
        "unit": "percent",
        "multiplier": 100,
        "decimals": 1,
        "method": "proportion",
        "polarity": "high",
        "period_type": "calendar_year",
        "owner": "Head of SEND",
        "reviewed": "2026-11-22",
    }
    return Indicator.model_validate(fields | changes)


def core(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A core table: each row gives its values (a marker's status in place of one), the rest has defaults."""
    made = []
    for line, row in enumerate(rows, start=2):
        place = str(row.get("area_code", WIGAN))
        found = geography.attributes(pd.Series([place])).iloc[0]
        keys = {
            "area_code": place,
            "area_name": found["area_name"] if pd.notna(found["area_name"]) else place,
            "area_level": found["area_level"] if pd.notna(found["area_level"]) else "provider",
            "period": "2024",
            "period_type": "calendar_year",
            "dimension": "total",
            "category": "total",
            "source_file": "a.csv",
            "source_line": line,
        }
        text = {name: value for name, value in row.items() if name in keys or name.startswith("f_")}
        values = {name: value for name, value in row.items() if name not in text}
        cells = {name: value if not isinstance(value, str) else None for name, value in values.items()}
        status = {f"{name}_status": value if isinstance(value, str) else "ok" for name, value in values.items()}
        made.append(keys | text | cells | status)
    table = pd.DataFrame(made)
    numbers = [name for name in table if f"{name}_status" in table]
    return table.astype(dict.fromkeys(numbers, "float64"))


def observed(*records: Indicator, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return observations({indicator.id: indicator for indicator in records}, tables, "2025")


def series(values: Mapping[str, Mapping[str, tuple[float, float]]], **changes: Any) -> tuple[Indicator, pd.DataFrame]:
    """A record and its observations from area -> period -> (numerator, denominator)."""
    kind = changes.get("period_type", "calendar_year")
    rows = [
        {"area_code": area, "period": period, "period_type": kind, "n": n, "d": d}
        for area, points in values.items()
        for period, (n, d) in points.items()
    ]
    indicator = record(**changes)
    return indicator, observed(indicator, tables={TABLE: core(rows)})


def direct(indicator: Indicator, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Observations written down rather than computed, for cells that no table would give."""
    defaults = dict.fromkeys(OBSERVATION_COLUMNS) | {
        "indicator_id": indicator.id,
        "period": "2024",
        "period_type": "calendar_year",
        "dimension": "total",
        "category": "total",
        "unit": indicator.unit,
        "status": "ok",
        "source_id": TABLE,
        "edition": "2025",
    }
    table = pd.DataFrame([defaults | dict(row) for row in rows])
    names = geography.attributes(table["area_code"])
    table["area_name"] = table["area_name"].fillna(names["area_name"])
    table["area_level"] = table["area_level"].fillna(names["area_level"])
    numbers = ["numerator", "denominator", "value", "lower_ci", "upper_ci"]
    return table.astype(dict.fromkeys(numbers, "float64"))[OBSERVATION_COLUMNS]
