"""The pandera model that the kept rows of a table must satisfy before they are stored.

Here: building it from the catalogue and the error rules, each check named by its rule's id. Not here:
finding and refusing bad rows (`checking.py`), which happens before: a failure here is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnColumn
from jsna_pipeline.returns.raw import FILE, ROW
from jsna_pipeline.returns.rules.base import Rule, Severity
from jsna_pipeline.returns.rules.columns import refuses
from jsna_pipeline.returns.typed import data_type

# Rules on the cell before it was typed say nothing of the typed table.
OF_THE_TEXT = ("unreadable", "blank")


def record_model(record: Return, table: str, rules: Iterable[Rule], year: int) -> pa.DataFrameSchema:
    """The strict model of `table` in the collection `year`: types, keys, code lists, and the rules on one row."""
    columns = {name: _column(name, column, year) for name, column in record.tables[table].columns.items()}
    columns |= {FILE: pa.Column(pl.String), ROW: pa.Column(pl.UInt32)}
    checks = [
        pa.Check(_passes(rule.fails), name=rule.id)
        for rule in rules
        if rule.table == table
        and rule.severity is Severity.ERROR
        and rule.view is None
        and rule.suspect is None
        and rule.id.rpartition(".")[2] not in OF_THE_TEXT
    ]
    return pa.DataFrameSchema(columns, checks=checks, strict=True, ordered=True)


def _column(name: str, column: ReturnColumn, year: int) -> pa.Column:
    key = column.kind in (ColumnKind.ROW_KEY, ColumnKind.PARENT_KEY)
    filled = key or (refuses(column) and column.collected_in(year))
    coded = column.kind is ColumnKind.CODE and column.collected_in(year)
    checks = [pa.Check.isin(list(column.allowed(year)), name=f"{name} in its list")] if coded else []
    return pa.Column(data_type(column.kind), checks, nullable=not filled, unique=column.kind is ColumnKind.ROW_KEY)


def _passes(fails: pl.Expr) -> Callable[[PolarsData], pl.LazyFrame]:
    def passes(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(~fails.fill_null(False))

    return passes
