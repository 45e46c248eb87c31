"""Invented record tables, as they leave the intake, in every column that the catalogue keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from jsna_pipeline.catalogue.returns import ColumnKind, returns
from jsna_pipeline.local.units import AreaRecords

YEAR = 2025
CENSUS = date(2025, 1, 16)
LA_CODE = "359"
TYPES: Mapping[ColumnKind, Any] = {
    ColumnKind.ROW_KEY: pl.Int64,
    ColumnKind.PARENT_KEY: pl.Int64,
    ColumnKind.DATE: pl.Date,
    ColumnKind.FLAG: pl.Boolean,
    ColumnKind.COUNT: pl.Int32,
    ColumnKind.AMOUNT: pl.Float64,
}
NEVER_KEPT = {ColumnKind.UPN, ColumnKind.ULN, ColumnKind.LOCAL_ID, ColumnKind.NAME}


def schema(return_id: str, table: str) -> dict[str, Any]:
    """Columns and types of a record table, as the intake makes it."""
    kept: dict[str, Any] = {"person": pl.String, "linked_by": pl.String}
    for name, column in returns()[return_id].tables[table].columns.items():
        if column.kind is ColumnKind.BIRTH_DATE:
            kept["birth_month"] = pl.Date
        elif column.kind is ColumnKind.POSTCODE:
            kept |= {"ward_code": pl.String, "ward": pl.String, "locality": pl.String}
        elif column.kind not in NEVER_KEPT:
            kept[name] = TYPES.get(column.kind, pl.String)
    return kept


def rows(return_id: str, table: str, given: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A record table from the cells that matter; the others are null. A misspelt column fails."""
    columns = schema(return_id, table)
    for row in given:
        assert row.keys() <= columns.keys(), row.keys() - columns.keys()
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in given], schema=columns)


def records(**tables: Sequence[Mapping[str, Any]]) -> AreaRecords:
    """The records of an area from `sen2__person=[…]`, two underscores between return and table."""
    made = {}
    for name, given in tables.items():
        return_id, table = name.split("__")
        made[f"{return_id}_{table}"] = rows(return_id, table, given)
    return AreaRecords(made, YEAR, LA_CODE)


def births(age: int) -> date:
    """A month of birth of somebody of this academic age at the census."""
    return date(2024 - age, 3, 1)


def with_plans(*plans: Mapping[str, Any], **more: Sequence[Mapping[str, Any]]) -> AreaRecords:
    """Active plans, one a person: keys are 1, 2, …; `age`, `need`, and cells of person, active plan, placement."""
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("person", "request", "active_plan", "placement", "need", "assessment", "named_plan")
    }
    columns = {name: schema("sen2", name) for name in tables}
    for key, plan in enumerate(plans, start=1):
        keys = dict.fromkeys(
            ["person_key", "request_key", "active_plan_key", "placement_key", "assessment_key", "need_key"], key
        )
        cells = {"sex": "M", "ethnicity": "WBRI", "person": f"p{key}", "placement_rank": 1, "need_rank": 1, **keys}
        cells |= {"birth_month": births(plan.get("age", 10)), "outcome": "H", "received_date": date(2020, 1, 1)}
        cells |= dict(plan)
        for name, rows_of in tables.items():
            if name != "named_plan" or "start_date" in plan:
                rows_of.append({column: cells[column] for column in columns[name] if column in cells})
    return records(**{f"sen2__{name}": given for name, given in tables.items()}, **more)
