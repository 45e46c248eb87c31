"""The one way to hold a table against its pandera model.

Here: running a schema and turning its failures into an error that is safe to log. Not here: the
models, or the splitting-off of bad rows (`quarantine.py`), which happens before.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors

from jsna_pipeline.errors import InputError

if TYPE_CHECKING:  # polars is imported only by those who hold persons in it
    import pandera.polars
    import polars as pl

COLUMN_CHECKS = {"column_in_schema", "column_in_dataframe"}  # a column too many, a column too few


def validate(table: pd.DataFrame, schema: pa.DataFrameSchema, *, name: str) -> pd.DataFrame:
    """`table` coerced to `schema`; raises InputError naming table, column, rule and row count.

    Pandera's own exception holds the failing values and its chain would carry them into logs, so it
    is cut off (`from None`) and only column, rule, count and the first row's number are kept.
    """
    _assert_validation_is_on()
    try:
        return schema.validate(table, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        # A rule between columns fails once, though pandera lists its rows again for each column.
        between = cases["schema_context"].eq("DataFrameSchema") & ~cases["check"].isin(COLUMN_CHECKS)
        summary = [_describe(group, keys) for keys, group in cases[~between].groupby(["column", "check"], dropna=False)]
        summary += [
            f"rows fail {check!r}{_where(group['index'].drop_duplicates())}"
            for check, group in cases[between].groupby("check")
        ]
    except SchemaError as error:
        summary = [f"column {getattr(error.schema, 'name', None)!r} fails {error.check}"]
    raise InputError(f"{name}: {'; '.join(sorted(summary))}. Compare the file with its layout in the catalogue.")


def validate_records(table: pl.LazyFrame, schema: pandera.polars.DataFrameSchema, *, name: str) -> pl.LazyFrame:
    """Person-level `table` held against `schema` in every row; raises InputError naming rules, and no more.

    A lazy frame is by default checked for its column types alone, so the depth is set here.
    """
    _assert_validation_is_on()
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            return schema.validate(table, lazy=True)
    except SchemaErrors as error:
        found = [(one.schema, one.check) for one in error.schema_errors]
    except SchemaError as error:
        found = [(error.schema, error.check)]
    rules = sorted(
        {f"{getattr(of, 'name', None) or 'table'} fails {getattr(rule, 'name', rule)}" for of, rule in found}
    )
    raise InputError(
        f"{name}: {'; '.join(rules)}. Rows that break a rule were not refused; report this with the rule's id."
    )


def _describe(cases: pd.DataFrame, keys: tuple[object, object]) -> str:
    column, check = keys
    if column is None or (isinstance(column, float) and pd.isna(column)) or check in COLUMN_CHECKS:
        # A schema-level failure has no cell: its "case" is the name of a column, which is no secret.
        named = ", ".join(sorted({str(case) for case in cases["failure_case"]})[:5])
        return f"{check}: {named}"
    return f"column {column!r} fails {check}{_where(cases['index'])}"


def _where(index: pd.Series) -> str:
    rows = index.dropna()
    return f" ({len(rows)} rows, first at table row {rows.iloc[0]})" if len(rows) else ""


def _assert_validation_is_on() -> None:
    if os.environ.get("PANDERA_VALIDATION_ENABLED", "True").lower() in {"false", "0"}:
        raise InputError("PANDERA_VALIDATION_ENABLED is off, which would disable every gate; unset it and build again.")
