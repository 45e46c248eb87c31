"""The rules between columns of the two SEND lists of an area inspection (Annex A).

Here: ages, numbers, and the dates of a plan in their order, alike for both lists. Not here: what one
column's declaration implies (`columns.py`).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.rules.base import Rule, Severity
from jsna_pipeline.returns.rules.between import RuleBook, birthday_cut_off

OLDEST, NUMBERED_FROM = 25, 6
LISTS = {"plan": "ANNEXA-1", "sen_support": "ANNEXA-2"}


def rules(record: Return, year: int, reference_date: date) -> list[Rule]:
    """Every rule between columns of both lists, ages as of `reference_date`, the day of the extract."""
    book = RuleBook(record)
    for table, prefix in LISTS.items():
        book.over_age(f"{prefix}01", table, "birth_date", OLDEST, reference_date)
        book.add(f"{prefix}02", table, ("birth_date",), Severity.WARNING,
                 "The young person is 25.", "Check that the plan or support has not ended.",
                 (pl.col("birth_date") <= birthday_cut_off(reference_date, OLDEST))
                 & (pl.col("birth_date") > birthday_cut_off(reference_date, OLDEST + 1)))  # fmt: skip
        book.add(f"{prefix}03", table, ("upn", "uln", "upn_unknown"), Severity.WARNING,
                 "The child is six or older and has no UPN, no ULN and no reason why.",
                 "Enter the UPN or ULN, or the reason why there is none.",
                 pl.all_horizontal(pl.col("upn", "uln", "upn_unknown").is_null())
                 & (pl.col("birth_date") <= birthday_cut_off(reference_date, NUMBERED_FROM)))  # fmt: skip
        book.one_each(f"{prefix}04", table, "upn", "The UPN stands in an earlier row of the list as well.",
                      "List the child once, with the latest plan.")  # fmt: skip
    book.order("ANNEXA-105", "plan", "issued_date", "amended_date", Severity.WARNING)
    book.order("ANNEXA-106", "plan", "issued_date", "reviewed_date", Severity.WARNING)
    return book.rules
