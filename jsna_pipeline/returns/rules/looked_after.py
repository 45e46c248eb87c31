"""The rules between columns of the return on looked-after children (SSDA903).

Here: episodes of care in their order, and what goes with what. Not here: what one column's declaration
implies (`columns.py`).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.raw import FILE, ROW
from jsna_pipeline.returns.rules.base import Rule, Severity, Tables
from jsna_pipeline.returns.rules.between import RuleBook

OLDEST = 25  # care leavers are in the return up to their 25th birthday


def rules(record: Return, year: int, reference_date: date) -> list[Rule]:
    """Every rule between columns of the return of `year`, ages as of `reference_date`."""
    book = RuleBook(record)
    book.over_age("CLA-C01", "child", "birth_date", OLDEST, reference_date)
    book.add("CLA-C02", "child", ("upn", "upn_unknown"), Severity.WARNING,
             "There is a UPN, and also a reason why there is none.", "Keep the number and remove the reason.",
             pl.col("upn").is_not_null() & pl.col("upn_unknown").is_not_null())  # fmt: skip
    book.order("CLA-E01", "episode", "start_date", "end_date")
    book.add("CLA-E02", "episode", ("end_date", "end_reason"), Severity.WARNING,
             "An episode that ended needs both the date and the reason; one of them is blank.",
             "Enter the one that is missing, or remove the other if the episode is open.",
             pl.col("end_date").is_null() != pl.col("end_reason").is_null())  # fmt: skip
    book.add("CLA-E03", "episode", ("start_date", "end_date"), Severity.ERROR,
             "The episode begins before an earlier episode of the child has ended.",
             "End the earlier episode on the day on which this one began.",
             pl.col("start_date") < pl.col("earlier_end"), view=_with_earlier_end)  # fmt: skip
    return book.rules


def _with_earlier_end(tables: Tables) -> pl.LazyFrame:
    """Episodes with the latest end among the same child's episodes that began before; open ones never end."""
    end = pl.col("end_date").fill_null(date.max)
    ordered = tables["episode"].filter(pl.col("child_key").is_not_null(), pl.col("start_date").is_not_null())
    ordered = ordered.sort("child_key", "start_date", end, FILE, ROW)
    return ordered.with_columns(earlier_end=end.cum_max().shift(1).over("child_key"))
