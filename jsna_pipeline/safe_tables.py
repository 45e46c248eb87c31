"""Tables as CSV and Parquet that are safe to open and identical for identical input.

Here: the one way to write a table for people, wherever it is written from. Not here: the workbook of a
report (`report/datapack.py`) or tables that only the pipeline reads (`storage.py`).
"""

from __future__ import annotations

import io

import pandas as pd

# A cell that a spreadsheet would run as a formula (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def formula_safe(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with an apostrophe before any text that a spreadsheet would take for a formula."""
    safe = table.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        text = safe[column].astype("str")
        # A column of mixed kinds may hold numbers, and a negative one is no formula.
        risky = text.str.startswith(FORMULA_STARTS) & safe[column].map(lambda cell: isinstance(cell, str)).astype(bool)
        safe[column] = safe[column].mask(risky, "'" + text)
    return safe


def csv_bytes(table: pd.DataFrame) -> bytes:
    safe = formula_safe(table)
    # A lone carriage return is not quoted in Python 3.11 and would begin a row of its own.
    safe = safe.replace(r"\r\n?", "\n", regex=True)
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8")


def parquet_bytes(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()
