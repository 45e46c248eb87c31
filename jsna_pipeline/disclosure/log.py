"""What was not printed and why, and how much of each table that is.

Here: the two records of a protection run. The log tells why each figure is missing and so more than the figure's
absence does: it is restricted, though it holds no value. The summary counts and is public. Not here: the decision.
"""

from __future__ import annotations

import pandas as pd

LOG_COLUMNS = ["table", "population", "period", "group", "figure", "reason", "rule", "known_already"]
REASONS = ("primary", "group", "dominance", "earlier", "secondary")


def log_of(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per unprinted figure. `figure` is 'count' or the statistic; `known_already` marks an old hole:

    earlier editions or openly published files leave fewer values possible than the rule demands, which no
    suppression can take back. Raises ValueError for a reason that is none of REASONS.
    """
    if unknown := sorted(set(rows["reason"]) - set(REASONS)):
        raise ValueError(f"unknown reason {unknown[0]!r}")
    return rows[LOG_COLUMNS].reset_index(drop=True)


def summary_of(tables: pd.Series, statuses: pd.Series) -> pd.DataFrame:
    """table, cells, suppressed: how many figures each table has and how many of them are not printed."""
    suppressed = (statuses == "suppressed").astype(int)
    grouped = pd.DataFrame({"table": tables, "suppressed": suppressed}).groupby("table")["suppressed"]
    return grouped.agg(cells="size", suppressed="sum").reset_index()
