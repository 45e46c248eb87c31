"""Published figures that cannot be right, taken out before anything is computed from them.

Here: blanking the cells that the rule of repeats calls a defect of the source. Not here: finding them
(`repeats.py`), or putting another figure in their place, which the pipeline never does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jsna_pipeline.schemas.base import SOURCE_COLUMNS, status_column
from jsna_pipeline.vocabulary import ExceptionClass, ReconciliationRule, Status


def without_defects(core: Mapping[str, pd.DataFrame], exceptions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """`core` tables by dataset id, each cell that repeats another area's figure null and `unavailable`.

    `exceptions` has the columns of `Reconciliation`; a cell is found by its file, line and column. The figure
    of a sum's part that stands beside its sum, or of one that is merely odd, stays: only what is certainly
    another area's number would be a wrong statement about this one.
    """
    certain = exceptions.loc[
        (exceptions["rule"] == ReconciliationRule.REPEATED_VALUES.value)
        & (exceptions["exception_class"] == ExceptionClass.SOURCE_DEFECT.value)
    ]
    cleaned = dict(core)
    for dataset_id, of_dataset in certain.groupby("dataset_id"):
        if dataset_id in cleaned:
            cleaned[str(dataset_id)] = _blanked(cleaned[str(dataset_id)], of_dataset)
    return cleaned


def _blanked(table: pd.DataFrame, certain: pd.DataFrame) -> pd.DataFrame:
    places = pd.MultiIndex.from_frame(table[SOURCE_COLUMNS])
    table = table.copy()
    for column, cells in certain.groupby("column"):
        doubted = places.isin(pd.MultiIndex.from_frame(cells[SOURCE_COLUMNS]))
        table.loc[doubted, [str(column)]] = np.nan
        table.loc[doubted, status_column(str(column))] = Status.UNAVAILABLE.value
    return table
