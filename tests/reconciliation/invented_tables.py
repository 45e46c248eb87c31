"""Invented core tables with what must add up in them, for the tests of reconciliation.

Here: a consistent table of two authorities, their regions and England, to which a test does one wrong. Not
here: any published figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import Arithmetic
from jsna_pipeline.reconciliation.exceptions import HeldTable
from jsna_pipeline.statistics import rounding
from tests.invented_indicators import core

ARITHMETIC: dict[str, Any] = {
    "shares": [
        {"published": "in_time_pc", "numerator": ["in_time"], "denominator": ["issued"]},
        {"published": "late_pc", "numerator": ["late"], "denominator": ["issued"]},
    ],
    "parts": [{"whole": "issued", "parts": ["in_time", "late"]}],
    "levels": ["issued", "in_time", "late"],
    "complete_dimensions": ["sex"],
}
COUNTS = ["issued", "in_time", "late"]


def held(rows: Sequence[Mapping[str, Any]], **changes: Any) -> HeldTable:
    """The rows as a core table under `ARITHMETIC` with `changes`."""
    filters = tuple(sorted({name for row in rows for name in row if name.startswith("f_")}))
    return HeldTable("dfe__cin", Arithmetic.model_validate(ARITHMETIC | changes), core(rows), filters)


def consistent(counts: Mapping[str, tuple[int, int, int, int]]) -> list[dict[str, Any]]:
    """All rows of a table that adds up: authority -> in time and late, for girls and then for boys.

    Every authority of the region and every region must be given for levels to be comparable; others are 0.
    """
    live = geography.local_authorities()
    smallest = pd.DataFrame(
        [
            {"area_code": code, "region": region, "category": sex, "in_time": in_time, "late": late}
            for code, region in zip(live["area_code"], live["region_code"], strict=True)
            for sex, in_time, late in _by_sex(counts.get(code, (0, 0, 0, 0)))
        ]
    )
    regions = smallest.assign(area_code=smallest["region"])
    england = smallest.assign(area_code=geography.ENGLAND)
    areas = pd.concat([smallest, regions, england])
    by_sex = areas.groupby(["area_code", "category"], as_index=False)[["in_time", "late"]].sum()
    totals = by_sex.groupby("area_code", as_index=False)[["in_time", "late"]].sum().assign(category="total")
    rows = pd.concat([by_sex.assign(dimension="sex"), totals.assign(dimension="total")], ignore_index=True)
    rows["issued"] = rows["in_time"] + rows["late"]
    for share, count in (("in_time_pc", "in_time"), ("late_pc", "late")):
        rows[share] = rounding.half_up(rows[count], rows["issued"], 1)
    # A share of none is printed as a marker.
    return [
        {name: "not_applicable" if pd.isna(value) else value for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _by_sex(counts: tuple[int, int, int, int]) -> list[tuple[str, int, int]]:
    return [("Female", counts[0], counts[1]), ("Male", counts[2], counts[3])]


def changed(rows: Sequence[Mapping[str, Any]], where: Mapping[str, str], **to: Any) -> list[dict[str, Any]]:
    """The rows with the one that `where` finds changed."""
    hits = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert len(hits) == 1
    return [dict(row) | to if row is hits[0] else dict(row) for row in rows]
