"""Every return of the catalogue with invented rows that use all its codes: for what must hold of all tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from jsna_pipeline.catalogue.returns import ColumnKind, ReturnColumn, ReturnTable, code_lists, returns
from jsna_pipeline.local.units import AreaRecords
from tests.local.record_tables import LA_CODE, NEVER_KEPT, TYPES, YEAR

WARDS = [("Abram", "Wigan"), ("Hindley", "Wigan"), ("Leigh West", "Leigh"), ("Ashton", "Ashton")]
FIRST, LAST = date(2023, 1, 1), date(2025, 1, 31)
ROWS = {"school_census_pupil": 10, "school_census_need": 2, "school_census_session": 6, "school_census_address": 10}
ROWS |= {"sen2_placement": 9}
TYPE_NAMES = ["Community school", "Community special school", "Other independent special school", "Further education"]
TYPE_NAMES += ["Pupil referral unit", "Local authority nursery school", "Other independent school"]


def every_return(size: int, seed: int = 1) -> AreaRecords:
    """All returns, `size` rows to a table (some more, see `ROWS`); keys of a child point at rows of its parent."""
    random = np.random.default_rng(seed)
    tables = {}
    for record in returns().values():
        for name, layout in record.tables.items():
            rows = size * ROWS.get(record.record_table(name), 1)
            parent = size * ROWS.get(record.record_table(layout.parent), 1) if layout.parent else 0
            tables[record.record_table(name)] = _table(random, layout, rows, parent, size * max(ROWS.values()))
    numbers = range(len(TYPE_NAMES))
    register = {
        "urn": [str(number) for number in numbers],
        "type": TYPE_NAMES,
        "la_code": [LA_CODE, "350"] * 3 + [LA_CODE],
    }
    return AreaRecords({**tables, "establishments_row": pl.DataFrame(register)}, YEAR, LA_CODE)


def _table(random: np.random.Generator, layout: ReturnTable, rows: int, parent: int, all_persons: int) -> pl.DataFrame:
    people = pl.Series([f"p{number}" for number in random.permutation(all_persons)[:rows]], dtype=pl.String)
    made: dict[str, pl.Series] = {"person": people}
    for name, column in layout.columns.items():
        if column.kind is ColumnKind.BIRTH_DATE:
            years, months = random.integers(1999, 2023, rows), random.integers(1, 13, rows)
            made["birth_month"] = pl.Series([date(int(y), int(m), 1) for y, m in zip(years, months, strict=True)])
        elif column.kind is ColumnKind.POSTCODE:
            places = random.integers(0, len(WARDS), rows)
            made["ward"] = pl.Series([WARDS[place][0] for place in places], dtype=pl.String)
            made["locality"] = pl.Series([WARDS[place][1] for place in places], dtype=pl.String)
        elif column.kind not in NEVER_KEPT:
            made[name] = _column(random, column, rows, parent)
    return pl.DataFrame(made)


def _column(random: np.random.Generator, column: ReturnColumn, rows: int, parent: int) -> pl.Series:
    if column.kind is ColumnKind.ROW_KEY:
        return pl.Series(range(1, rows + 1), dtype=pl.Int64)
    if column.kind is ColumnKind.PARENT_KEY:
        # Children for the first two thirds of the parent's rows: some requests have no assessment, and no plan.
        return pl.Series(np.arange(rows) % max(2 * parent // 3, 1) + 1, dtype=pl.Int64)
    if column.kind is ColumnKind.DATE:
        days = random.integers(0, (LAST - FIRST).days, rows)
        found = pl.Series([FIRST], dtype=pl.Date).cast(pl.Int32)[0] + pl.Series(days, dtype=pl.Int32)
        return _some(random, found.cast(pl.Date), required=column.required)
    if column.kind is ColumnKind.CODE:
        codes = code_lists()[column.code_list].codes if column.code_list else column.codes
        return _some(random, pl.Series(random.choice(list(codes), rows), dtype=pl.String), required=column.required)
    if column.kind is ColumnKind.FLAG:
        return _some(random, pl.Series(random.random(rows) < 0.5), required=False)
    if column.kind in {ColumnKind.COUNT, ColumnKind.AMOUNT}:
        low, high = int(column.minimum or 1), int(column.maximum or 100)
        return pl.Series(random.integers(low, high + 1, rows)).cast(TYPES[column.kind])
    if column.kind is ColumnKind.ESTABLISHMENT:
        numbers = pl.Series(random.integers(0, len(TYPE_NAMES), rows)).cast(pl.String)
        return _some(random, numbers, required=column.required)
    return pl.Series(random.choice(["2024-25", "2023-24"], rows), dtype=pl.String)


def _some(random: np.random.Generator, values: pl.Series, *, required: bool) -> pl.Series:
    """The values, a third of them missing where they need not be given."""
    return values if required else values.scatter(np.flatnonzero(random.random(len(values)) < 0.33), None)
