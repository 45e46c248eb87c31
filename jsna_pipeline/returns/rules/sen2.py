"""The rules between columns of the SEN2 person-level return.

Here: what the Department's guide and the law of EHC plans say of persons, requests, assessments, plans,
placements and needs together. Not here: what one column's declaration implies (`columns.py`).

A contradiction refuses the row that a wait or a count would be made from. What is merely missing, and a
wrong date of a review, is listed: a child with an EHC plan stays in the caseload.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return
from jsna_pipeline.returns.raw import FILE, ROW
from jsna_pipeline.returns.rules.base import Rule, Severity, Tables, by_file, later_repeat, with_ancestor, with_children
from jsna_pipeline.returns.rules.between import RuleBook, birthday_cut_off, repeats_within

OLDEST = 25
UNNUMBERED_PERSONS = 6  # from this number on, missing numbers are no slip but a gap in the system
SCHOOL_AGE = 6  # a child who has been at school for a year has a number
DECIDED = ("Y", "N", "W")


def rules(record: Return, year: int, reference_date: date) -> list[Rule]:
    """Every rule between columns of the return of `year`, ages and dates as of `reference_date`."""
    book = RuleBook(record)
    _persons(book, reference_date)
    _requests(book)
    _assessments(book)
    _named_plans(book)
    _active_plans(book)
    _placements(book)
    _needs(book)
    return book.rules


def _persons(book: RuleBook, reference_date: date) -> None:
    without_number = pl.all_horizontal(pl.col("upn", "uln", "upn_unknown").is_null())
    give_number = "Enter the UPN or ULN, or the reason why there is none."
    book.over_age("SEN2-P01", "person", "birth_date", OLDEST, reference_date)
    book.add("SEN2-P02", "person", ("upn", "uln", "upn_unknown"), Severity.WARNING,
             "There is a UPN or ULN, and also a reason why there is none.",
             "Keep the number and remove the reason.",
             pl.col("upn_unknown").is_not_null() & pl.any_horizontal(pl.col("upn", "uln").is_not_null()))  # fmt: skip
    book.one_each("SEN2-P03", "person", "upn", "The UPN stands in an earlier row of the table as well.",
                  "Merge the two records of the child, or correct the UPN of one.")  # fmt: skip
    book.add("SEN2-P04", "person", ("upn", "uln", "upn_unknown"), Severity.WARNING,
             "The child is six or older and has no UPN, no ULN and no reason why.", give_number,
             without_number & (pl.col("birth_date") <= birthday_cut_off(reference_date, SCHOOL_AGE)))  # fmt: skip
    book.add("SEN2-P05", "person", ("upn", "uln", "upn_unknown"), Severity.WARNING,
             f"{UNNUMBERED_PERSONS} or more persons of the file have no UPN, no ULN and no reason why.",
             f"{give_number} Without numbers the children are not linked to other returns.",
             pl.col("unnumbered") >= UNNUMBERED_PERSONS,
             view=by_file("person", without_number.sum().alias("unnumbered")))  # fmt: skip


def _requests(book: RuleBook) -> None:
    book.order("SEN2-R01", "request", "received_date", "outcome_date")
    book.add("SEN2-R02", "request", ("outcome", "outcome_date"), Severity.WARNING,
             "The request is decided or withdrawn, but the date is blank.",
             "Enter the date on which the decision was sent or the request withdrawn.",
             pl.col("outcome").is_in(DECIDED) & pl.col("outcome_date").is_null())  # fmt: skip
    book.add("SEN2-R03", "request", ("outcome", "outcome_date"), Severity.WARNING,
             "The decision on the request is not yet made, but has a date.",
             "Enter the decision, or remove the date.",
             (pl.col("outcome") == "A") & pl.col("outcome_date").is_not_null())  # fmt: skip


def _assessments(book: RuleBook) -> None:
    request = with_ancestor(book.record, "assessment", "request", ["received_date", "outcome_date", "outcome"])
    book.order_from_above("SEN2-A01", "assessment", "outcome_date", ("request", "received_date"), request, ("request",))
    book.order_from_above("SEN2-A02", "assessment", "outcome_date", ("request", "outcome_date"), request, ("request",))
    book.add("SEN2-A03", "assessment", ("outcome", "outcome_date"), Severity.WARNING,
             "The assessment is decided or withdrawn, but the date is blank.",
             "Enter the date on which the decision was sent or the assessment stopped.",
             pl.col("outcome").is_in(DECIDED) & pl.col("outcome_date").is_null())  # fmt: skip
    book.add("SEN2-A04", "assessment", ("outcome",), Severity.WARNING,
             "There is an assessment, but the decision on the request was not to make one.",
             "Correct the outcome of the request, or remove the assessment.",
             pl.col("request.outcome").is_in(["N", "A", "W"]), view=request, needs=("request",))  # fmt: skip


def _named_plans(book: RuleBook) -> None:
    assessment = with_ancestor(book.record, "named_plan", "assessment", ["outcome_date", "outcome"])
    request = with_ancestor(book.record, "named_plan", "request", ["received_date"])
    book.order_from_above("SEN2-N01", "named_plan", "start_date", ("assessment", "outcome_date"), assessment,
                          ("assessment",))  # fmt: skip
    book.order("SEN2-N02", "named_plan", "start_date", "cease_date")
    book.add("SEN2-N03", "named_plan", ("cease_date", "cease_reason"), Severity.WARNING,
             "A plan that ended needs both the date and the reason; one of them is blank.",
             "Enter the one that is missing, or remove the other if the plan is maintained.",
             pl.col("cease_date").is_null() != pl.col("cease_reason").is_null())  # fmt: skip
    book.order_from_above("SEN2-N04", "named_plan", "start_date", ("request", "received_date"), request,
                          ("assessment", "request"))  # fmt: skip
    book.add("SEN2-N05", "named_plan", ("start_date",), Severity.WARNING,
             "There is a plan, but the decision after the assessment was not to issue one.",
             "Correct the outcome of the assessment, or remove the plan.",
             pl.col("assessment.outcome").is_in(["N", "A", "W"]), view=assessment, needs=("assessment",))  # fmt: skip


def _active_plans(book: RuleBook) -> None:
    table = "active_plan"

    def of_person(tables: Tables) -> pl.LazyFrame:
        """Active plans with the key of the person, in the order of the files: joining may mix it."""
        plans = with_ancestor(book.record, table, "request", ["person_key"])(tables)
        return plans.sort(FILE, ROW).with_columns(second=later_repeat("request.person_key"))

    def with_start(tables: Tables) -> pl.LazyFrame:
        """Active plans with the start of the earliest plan issued on the same request."""
        issued = tables["named_plan"].select("assessment_key", "start_date")
        assessed = tables["assessment"].select("assessment_key", "request_key").unique("assessment_key", keep="any")
        starts = issued.join(assessed, on="assessment_key").group_by("request_key").agg(pl.col("start_date").min())
        return tables[table].join(starts, on="request_key", how="left")

    book.add("SEN2-V01", table, ("request_key",), Severity.ERROR,
             "The person has more than one active plan; the first is kept.",
             "End the plan that was replaced; a person has one plan at a time.",
             pl.col("second"), view=of_person, needs=("request",))  # fmt: skip
    book.order("SEN2-V02", table, "review_meeting", "last_review", Severity.WARNING)
    book.add("SEN2-V03", table, ("last_review",), Severity.WARNING,
             "The last review is before the first plan was issued.",
             "Correct the date of the review or of the plan; until then the review is not used.",
             pl.col("last_review") < pl.col("start_date"), view=with_start, needs=("named_plan", "assessment"),
             blanks=True)  # fmt: skip
    first_needs = with_children(table, "need", (pl.col("need_rank") == 1).sum().alias("first_needs"))
    book.add("SEN2-V04", table, ("active_plan_key",), Severity.WARNING,
             "The plan has not exactly one need of rank 1.",
             "Give rank 1 to the main need, and to no other.",
             pl.col("first_needs").fill_null(0) != 1, view=first_needs, needs=("need",))  # fmt: skip


def _placements(book: RuleBook) -> None:
    book.order("SEN2-L01", "placement", "entry_date", "leaving_date")
    for rule_id, table in (("SEN2-L02", "placement"), ("SEN2-L03", "plan_detail")):
        book.add(rule_id, table, ("urn", "ukprn", "setting"), Severity.WARNING,
                 "There is neither an establishment number nor a kind of setting.",
                 "Enter the URN or UKPRN of the setting, or the code of a setting without one.",
                 pl.all_horizontal(pl.col("urn", "ukprn", "setting").is_null()))  # fmt: skip


def _needs(book: RuleBook) -> None:
    main = repeats_within("need", pl.col("need_rank") == 1, "active_plan_key")
    book.add("SEN2-S01", "need", ("need_rank",), Severity.ERROR,
             "The plan has an earlier need of rank 1; the first is kept.",
             "Give rank 1 to the main need, and to no other.", pl.col("repeat"), view=main)  # fmt: skip
    book.add("SEN2-S02", "need", ("need",), Severity.WARNING,
             "“SEN support but no specialist assessment” is a type of the school census, not of a plan.",
             "Enter the type of need that the plan names.", pl.col("need") == "NSA")  # fmt: skip
