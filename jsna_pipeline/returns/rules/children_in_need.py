"""The rules between columns of the children in need census.

Here: the dates of referrals, assessments, enquiries and plans in their order, and what goes with what.
Not here: what one column's declaration implies (`columns.py`). A child not yet born has no date of birth.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.rules.base import Rule, Severity, with_ancestor
from jsna_pipeline.returns.rules.between import BOTH_DATES, RuleBook

OLDEST = 25
# Table, and the id of its rule that nothing in it begins before the referral.
AFTER_REFERRAL = {"assessment": "CIN-A02", "plan": "CIN-P02", "section_47": "CIN-S02", "protection_plan": "CIN-T02"}


def rules(record: Return, year: int, reference_date: date) -> list[Rule]:
    """Every rule between columns of the census of `year`, ages and dates as of `reference_date`."""
    book = RuleBook(record)
    book.over_age("CIN-C01", "child", "birth_date", OLDEST, reference_date)
    book.add("CIN-C02", "child", ("upn", "upn_unknown"), Severity.WARNING,
             "There is a UPN, and also a reason why there is none.", "Keep the number and remove the reason.",
             pl.col("upn").is_not_null() & pl.col("upn_unknown").is_not_null())  # fmt: skip
    book.add("CIN-C03", "child", ("upn", "upn_unknown"), Severity.WARNING,
             "There is no UPN and no reason why.", "Enter the UPN, or the reason why there is none.",
             pl.col("upn").is_null() & pl.col("upn_unknown").is_null())  # fmt: skip
    book.one_each("CIN-C04", "child", "child_id", "The child's local number stands in an earlier row as well.",
                  "Merge the two records of the child.")  # fmt: skip
    _episodes(book)
    book.order("CIN-A01", "assessment", "start_date", "authorised_date")
    book.order("CIN-P01", "plan", "start_date", "end_date")
    book.order("CIN-S01", "section_47", "start_date", "conference_date")
    book.order("CIN-T01", "protection_plan", "start_date", "end_date")
    for table, rule_id in AFTER_REFERRAL.items():
        referral = with_ancestor(record, table, "episode", ["referral_date"])
        book.order_from_above(rule_id, table, "start_date", ("episode", "referral_date"), referral, ("episode",))
    _reviews(book)
    return book.rules


def _episodes(book: RuleBook) -> None:
    book.order("CIN-E01", "episode", "referral_date", "closure_date")
    book.order("CIN-E02", "episode", "referral_date", "conference_date")
    book.add("CIN-E03", "episode", ("closure_date", "closure_reason"), Severity.WARNING,
             "A closed episode needs both the date and the reason; one of them is blank.",
             "Enter the one that is missing, or remove the other if the episode is open.",
             pl.col("closure_date").is_null() != pl.col("closure_reason").is_null())  # fmt: skip


def _reviews(book: RuleBook) -> None:
    plan = with_ancestor(book.record, "protection_review", "protection_plan", ["start_date", "end_date"])
    book.order_from_above("CIN-T03", "protection_review", "review_date", ("protection_plan", "start_date"), plan,
                          ("protection_plan",))  # fmt: skip
    book.add("CIN-T04", "protection_review", ("review_date",), Severity.ERROR,
             "The review is after the end of the child protection plan.", BOTH_DATES,
             pl.col("review_date") > pl.col("protection_plan.end_date"), view=plan,
             needs=("protection_plan",))  # fmt: skip
