"""Splitting off the rows and cells that cannot be believed, before a schema runs.

Here: the rules on rows that hold for every core table, the rejects table, and the limit above which
a file is refused whole. Not here: faults of the file itself, which readers raise as InputError.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from jsna_pipeline.errors import InputError
from jsna_pipeline.readers.result import ReadResult, no_rejects, rejects
from jsna_pipeline.schemas.base import KEY_COLUMNS, CoreModel, filter_columns, status_column, value_columns
from jsna_pipeline.vocabulary import Status

# A release with more bad rows than this is not a release with a slip in it: something is wrong
# with the file or with our reading of it, and a report must not be built on the remainder.
REJECT_LIMIT = 0.01


def quarantine(result: ReadResult, model: CoreModel, *, file: str) -> ReadResult:
    """`result` with duplicate rows moved to the rejects and impossible cells blanked and listed.

    A row is a duplicate when another has the same area, period and groups: neither is kept, since
    nothing says which is right. A cell outside its column's bounds (a negative count, a percentage
    above 100) becomes null with status `unavailable`. Raises InputError above `REJECT_LIMIT` rows.
    """
    identity = KEY_COLUMNS + list(filter_columns(model))
    duplicated = result.table.duplicated(identity, keep=False)
    duplicate_rows = rejects(
        file, result.table.loc[duplicated, "source_line"], "", "row", "the same area, period and groups appear twice"
    )
    table = result.table.loc[~duplicated].reset_index(drop=True)
    table, cells = _blank_impossible_cells(table, model, file)
    parts = [part for part in (result.rejects, duplicate_rows, cells) if len(part)]
    found = pd.concat(parts, ignore_index=True) if parts else no_rejects()
    _refuse_above_limit(found, result.rows_read, file)
    return ReadResult(table, result.rows_read, found, result.notes)


def _blank_impossible_cells(table: pd.DataFrame, model: CoreModel, file: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = model.to_schema().columns
    found = [no_rejects()]
    table = table.copy()
    for name in value_columns(model):
        bounds = {check.name: check.statistics for check in columns[name].checks or []}
        values = table[name].to_numpy("float64")
        low = bounds.get("greater_than_or_equal_to", {}).get("min_value", -np.inf)
        high = bounds.get("less_than_or_equal_to", {}).get("max_value", np.inf)
        reasons = {
            f"below {low:g}, the smallest possible value": values < low,
            f"above {high:g}, the largest possible value": values > high,
        }
        for reason, bad in reasons.items():
            if bad.any():
                found.append(rejects(file, table.loc[bad, "source_line"], name, "cell", reason))
                table.loc[bad, name] = np.nan
                table.loc[bad, status_column(name)] = Status.UNAVAILABLE.value
    return table, pd.concat(found, ignore_index=True)


def _refuse_above_limit(found: pd.DataFrame, rows_read: int, file: str) -> None:
    bad_rows = found.loc[found["scope"] == "row", "line"].nunique()
    if rows_read and bad_rows > REJECT_LIMIT * rows_read:
        first = found.loc[found["scope"] == "row"].sort_values("line").iloc[0]
        raise InputError(
            f"{file}: {bad_rows} of {rows_read} rows are unusable, more than {REJECT_LIMIT:.0%} "
            f"(first: line {first['line']}, {first['reason']}); download the file again or report the release."
        )
