"""Tables as CSV and Parquet that are safe to open and identical for identical input.

Here: the one way to write a table for people, wherever it is written from. Not here: the workbook of a
report (`report/datapack/workbook.py`) or tables that only the pipeline reads (`storage.py`).
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd

# A cell that a spreadsheet would run as a formula (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def formula_safe(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with an apostrophe before any text that a spreadsheet would take for a formula."""
    return _with_text(table, lambda text: "'" + text if text.startswith(FORMULA_STARTS) else text)


def csv_bytes(table: pd.DataFrame) -> bytes:
    # A lone carriage return is not quoted in Python 3.11 and would begin a row of its own.
    safe = _with_text(formula_safe(table), lambda text: text.replace("\r\n", "\n").replace("\r", "\n"))
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _with_text(table: pd.DataFrame, changed: Callable[[str], str]) -> pd.DataFrame:
    """`table` with every text as `changed` says; numbers, also among text, are left as they are."""
    safe = table.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        # Most text is an id or a word that thousands of rows share, so that each is changed once.
        texts = [cell for cell in safe[column].unique() if isinstance(cell, str)]
        said = {text: new for text in texts if (new := changed(text)) != text}
        if said:
            safe[column] = safe[column].map(
                lambda cell, said=said: said.get(cell, cell) if isinstance(cell, str) else cell
            )
    return safe


def parquet_bytes(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()
