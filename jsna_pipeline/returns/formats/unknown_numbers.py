"""Codes such as `UN1` that say why a child has no UPN, where a return has them in the UPN's own column.

Here: moving them to a column of their own. Not here: what the codes mean (`catalogue/code_lists/`).
"""

from __future__ import annotations

import polars as pl

REASON = r"^(?i)UN[0-9]{1,2}$"


def apart(frame: pl.LazyFrame) -> pl.LazyFrame:
    """`frame` with the reasons moved from column `upn` to column `upn_unknown`."""
    reason = pl.col("upn").str.contains(REASON)
    return frame.with_columns(
        upn=pl.when(~reason).then("upn"),
        upn_unknown=pl.when(reason).then(pl.col("upn").str.to_uppercase()),
    )
