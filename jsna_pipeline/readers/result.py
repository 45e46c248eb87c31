"""What a reader hands on: the typed table, the rows it refused and what it left aside.

Here: the result type shared by all readers and the one way to describe a refused row. Not here:
the parsing of any format.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

REJECT_COLUMNS = ["file", "line", "column", "scope", "reason"]


def rejects(file: str, lines: pd.Series | list[int], column: str, scope: str, reason: str) -> pd.DataFrame:
    """Rows (`scope="row"`) or single cells (`scope="cell"`) that were refused, without their values."""
    frame = pd.DataFrame({"line": pd.Series(list(lines), dtype="int64")})
    return frame.assign(file=file, column=column, scope=scope, reason=reason)[REJECT_COLUMNS]


def no_rejects() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file": pd.Series(dtype=str),
            "line": pd.Series(dtype="int64"),
            "column": pd.Series(dtype=str),
            "scope": pd.Series(dtype=str),
            "reason": pd.Series(dtype=str),
        }
    )


@dataclass(frozen=True)
class ReadResult:
    """One published file, read.

    `table` has the columns of the dataset's pandera model plus a status column beside each value,
    typed but not yet validated; `rejects` has `REJECT_COLUMNS`; `rows_read` counts the data rows of
    the file at the levels the dataset covers (those in `table` plus those rejected); `notes` are
    sentences for the data-quality chapter, such as a column the publisher has added.
    """

    table: pd.DataFrame
    rows_read: int
    rejects: pd.DataFrame = field(default_factory=no_rejects)
    notes: tuple[str, ...] = ()
