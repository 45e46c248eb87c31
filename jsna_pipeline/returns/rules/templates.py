"""The rules between columns of the project's own templates, by the names that all of them share.

Here: dates of a case in their order, spending, and places. Not here: rules of statutory returns. An id is
made of the return and the columns, so a new template has its rules without a line here.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.rules.base import Rule, Severity
from jsna_pipeline.returns.rules.between import RuleBook

TABLE = "row"
# Each line is one course of events; a template has some of its dates.
COURSES = (
    ("referral_date", "first_contact_date", "second_contact_date", "discharge_date"),
    ("referral_date", "first_appointment_date", "decision_date"),
    ("referral_date", "decision_date"),
    ("opened_date", "closed_date"),
    ("received_date", "closed_date"),
    ("lodged_date", "closed_date"),
    ("contact_date", "closed_date"),
    ("added_date", "removed_date"),
    ("start_date", "end_date"),
    ("waiting_since", "start_date"),
)
ENDS = {"closed_reason": ("discharge_date", "closed_date"), "returned_to": ("end_date",)}


def rules(record: Return, year: int, reference_date: date) -> list[Rule]:
    """Every rule between columns that the template's column names call for."""
    book = RuleBook(record)
    columns = record.tables[TABLE].columns
    pairs = {pair for course in COURSES for pair in combinations([name for name in course if name in columns], 2)}
    for earlier, later in sorted(pairs):
        book.order(f"{record.id}.{later}.before.{earlier}", TABLE, earlier, later)
    for reason, ends in ENDS.items():
        for end in [name for name in ends if reason in columns and name in columns]:
            book.add(f"{record.id}.{reason}.without.{end}", TABLE, (reason, end), Severity.WARNING,
                     "There is a reason for the end, but its date is blank.",
                     "Enter the date, or remove the reason if the case is open.",
                     pl.col(reason).is_not_null() & pl.col(end).is_null())  # fmt: skip
    if "amount" in columns:
        book.add(f"{record.id}.amount.negative", TABLE, ("amount",), Severity.ERROR, "The amount is below 0.",
                 "Enter what was spent; a repayment is taken off the row that it belongs to.",
                 pl.col("amount") < 0)  # fmt: skip
    if {"places_commissioned", "places_filled"} <= set(columns):
        book.add(f"{record.id}.places_filled.above.places_commissioned", TABLE,
                 ("places_filled", "places_commissioned"), Severity.WARNING,
                 "More places are filled than are commissioned.",
                 "Check both numbers; leave them if the establishment is over its number.",
                 pl.col("places_filled") > pl.col("places_commissioned"))  # fmt: skip
    return book.rules
