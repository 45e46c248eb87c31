"""Protected local tables made by hand, and a view that holds nothing else.

Here: short ways to write a count, a statistic and the account of a return as the stored tables have them.
Not here: what is said of them (`test_local_section.py`, `test_local_chapter.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.contributions.gather import gather
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.view import AreaView

WIGAN = geography.local_authority("Wigan")
PERIODS = {
    "january_snapshot": "2024/25",
    "calendar_year": "2024",
    "financial_year": "2024/25",
    "reporting_year": "2025",
    "rolling": "2024-01 to 2025-01",
    "month": "2025-01",
}
# A group as its categories by dimension; blank is everybody. None is a hidden figure.
Groups = Mapping[tuple[tuple[str, str], ...], int | None]
EVERYBODY = ()


def counts(table_id: str, groups: Groups, rule: str = "education") -> pd.DataFrame:
    """LOCAL_COUNTS of one table; what its filters hold stands in every row, as in the real ones."""
    record = local_tables()[table_id]
    rows = []
    for group, count in groups.items():
        slots = sorted({**record.filters, **dict(group)}.items()) + [("total", "total")] * 3
        names = {f"{part}_{slot}": slots[slot - 1][place] for slot in (1, 2, 3) for place, part in enumerate(PARTS)}
        rows.append(_row(table_id, rule) | names | {"count": count, "status": "suppressed" if count is None else "ok"})
    return pd.DataFrame(rows).astype({"count": "Int64"})


PARTS = ("dimension", "category")


def statistics(table_id: str, *rows: tuple[Any, ...], rule: str = "education") -> pd.DataFrame:
    """LOCAL_STATISTICS of one table: (dimension, category, statistic, value, lower, upper, unit); None is hidden."""
    names = ["dimension", "category", "statistic", "value", "lower", "upper", "unit"]
    made = [
        _row(table_id, rule) | dict(zip(names, row, strict=True)) | {"status": "suppressed" if row[3] is None else "ok"}
        for row in rows
    ]
    return pd.DataFrame(made).astype({"value": float, "lower": float, "upper": float})


def returned(return_id: str, title: str, population: str = "residents", **numbers: int | str | None) -> dict[str, Any]:
    """A row of LOCAL_RETURNS."""
    given = {"rows_read": 100, "rows_refused": 0, "findings": 0, "persons": 90, "with_plan": 20, "on_roll": 80}
    unmatched = {"with_identifier": 90, "neither": 0, "reference_date": "", "edition": "2025"}
    return {"return_id": return_id, "title": title, "population": population} | given | unmatched | numbers


def view(*, restricted: bool = False, **tables: pd.DataFrame) -> AreaView:
    """A view of Wigan with local tables alone."""
    given = {"area": WIGAN, "local": empty_tables() | tables, "restricted": restricted}
    nothing = {"contributions": gather(None, "2025", date(2025, 12, 31), date(2026, 1, 1)), "future": {}}
    return AreaView(**({field.name: pd.DataFrame() for field in fields(AreaView)} | nothing | given))  # type: ignore[arg-type]


def _row(table_id: str, rule: str) -> dict[str, Any]:
    record = local_tables()[table_id]
    kind = record.period_type.value
    period = {"period": PERIODS[kind], "period_type": kind}
    return {"table_id": table_id, "population": record.population, "rule": rule, "edition": "2025"} | period
