"""The rules between columns of the school census.

Here: registrations, year groups, types of need, absence and exclusions of a pupil taken together. Not
here: what one column's declaration implies (`columns.py`).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import Return, code_lists
from jsna_pipeline.returns.rules.base import Rule, Severity, Tables, with_ancestor, with_children
from jsna_pipeline.returns.rules.between import RuleBook, repeats_within

MAIN_REGISTRATIONS = ("C", "M")
WITH_SEN = ("E", "K", "S", "A", "P")
YEARS_APART = 2
AGE_IN_YEAR_1 = 5  # on 31 August before the year


def rules(record: Return, year: int, reference_date: date) -> list[Rule]:
    """Every rule between columns of the census of `year`, ages and dates as of `reference_date`."""
    book = RuleBook(record)
    autumn = reference_date.year - (reference_date.month < 9)
    _pupils(book, autumn)
    _needs(book)
    _attendance(book, autumn)
    return book.rules


def _pupils(book: RuleBook, autumn: int) -> None:
    main = pl.col("enrolment").is_in(MAIN_REGISTRATIONS)
    twice = repeats_within("pupil", main, "upn")
    book.add("CENSUS-C01", "pupil", ("upn", "enrolment"), Severity.ERROR,
             "The pupil has an earlier main registration in the census; the first is kept.",
             "Agree with the other school which registration is the main one; the other is a subsidiary.",
             pl.col("repeat"), view=twice)  # fmt: skip
    cohort = pl.col("birth_date").dt.year() - (pl.col("birth_date").dt.month() < 9).cast(pl.Int32)
    expected = autumn - cohort - AGE_IN_YEAR_1
    stated = pl.col("year_group").replace({"R": "0"}).cast(pl.Int32, strict=False)
    book.add("CENSUS-C02", "pupil", ("year_group", "birth_date"), Severity.WARNING,
             "The year group is more than two years from the one of the pupil's age.",
             "Check the date of birth and the year group.", (stated - expected).abs() > YEARS_APART)  # fmt: skip
    needs = with_children("pupil", "need", pl.len().alias("needs"))
    book.add("CENSUS-C03", "pupil", ("sen_provision",), Severity.WARNING,
             "The pupil has SEN support or an EHC plan, but no type of need.",
             "Enter the pupil's types of need, the main one with rank 1.",
             pl.col("sen_provision").is_in(WITH_SEN) & pl.col("needs").is_null(), view=needs,
             needs=("need",))  # fmt: skip


def _needs(book: RuleBook) -> None:
    pupil = with_ancestor(book.record, "need", "pupil", ["sen_provision"])
    main = repeats_within("need", pl.col("need_rank") == 1, "pupil_key")
    book.add("CENSUS-S01", "need", ("need",), Severity.ERROR,
             "There is a type of need, but the pupil's SEN provision is “none”.",
             "Correct the pupil's SEN provision, or remove the type of need.",
             pl.col("pupil.sen_provision") == "N", view=pupil, needs=("pupil",))  # fmt: skip
    book.add("CENSUS-S02", "need", ("need_rank",), Severity.ERROR,
             "The pupil has an earlier need of rank 1; the first is kept.",
             "Give rank 1 to the main need, and to no other.", pl.col("repeat"), view=main)  # fmt: skip


def _attendance(book: RuleBook, autumn: int) -> None:
    reasons = code_lists()["attendance_reason"].codes
    absences = [code for code, entry in reasons.items() if entry.group != "Not required"]

    def against_possible(tables: Tables) -> pl.LazyFrame:
        """Absence rows with the pupil's absence in all and the sessions that were possible."""
        absent = tables["session"].filter(pl.col("reason").is_in(absences))
        in_all = absent.group_by("pupil_key").agg(pl.col("sessions").sum().alias("absent"))
        pupils = with_ancestor(book.record, "session", "pupil", ["sessions_possible"])(tables)
        return pupils.join(in_all, on="pupil_key", how="left")

    book.add("CENSUS-A01", "session", ("sessions",), Severity.ERROR,
             "The pupil's absence in all is more than the sessions that were possible.",
             "Correct the sessions of the pupil; until then none of the absence is used.",
             pl.col("absent") > pl.col("pupil.sessions_possible"), view=against_possible, needs=("pupil",))  # fmt: skip
    book.add("CENSUS-A02", "session", ("reason",), Severity.ERROR,
             "The attendance code of the pupil stands in an earlier row as well.",
             "Add the sessions under the code together in one row.", pl.col("repeat"),
             view=repeats_within("session", pl.lit(True), "pupil_key", "reason"))  # fmt: skip
    book.add("CENSUS-E01", "exclusion", ("start_date",), Severity.ERROR,
             "The suspension or exclusion began before the academic year of the census.",
             "Correct the date, or remove a row of an earlier year.",
             pl.col("start_date") < date(autumn, 9, 1))  # fmt: skip
