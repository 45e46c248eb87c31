"""The way to a plan and out of it: requests, assessments, open cases, plans issued and plans ended.

Here: the populations `requests`, `assessments`, `open_cases`, `issued_plans` and `ceased_plans`, all from SEN2.
Not here: the plans in force and their reviews (`plans.py`), or how long it takes with cases still open
(`waits.py`).

Requests, assessments and plans are those of the calendar year before the census; a case is open on census day.
"""

from __future__ import annotations

import polars as pl

from jsna_pipeline.local import bands
from jsna_pipeline.local.bands import recoded, weeks_between
from jsna_pipeline.local.units import AreaRecords, Population, parent, population, with_age
from jsna_pipeline.vocabulary import PeriodType

SOURCES = {
    "1": "parent_or_young_person",
    "2": "school_or_setting",
    "3": "health",
    "4": "social_care",
    "5": "other",
}
DECISIONS = {"Y": "assess", "N": "not_assess", "A": "not_yet_decided", "W": "withdrawn"}
OUTCOMES = {"Y": "plan", "N": "no_plan", "A": "not_yet_decided", "W": "withdrawn"}
CEASED = {
    "1": "maximum_age",
    "2": "needs_met",
    "3": "higher_education",
    "4": "employment",
    "5": "transferred",
    "6": "no_longer_engages",
    "7": "moved_outside_england",
    "8": "died",
    "9": "other",
}
# SEND Regulations 2014, regulations 4, 10 and 13: decide in 6 weeks, a decision on a plan in 16, the plan in 20.
DECIDE_WEEKS, PLAN_WEEKS = 6, 20
HISTORICAL = "H"


def process_populations(records: AreaRecords) -> list[Population]:
    """All five; those whose tables the return does not have are left out."""
    if not records.held("sen2_person", "sen2_request"):
        return []
    requests = _requests(records)
    made = [_received(records, requests)]
    if records.held("sen2_assessment"):
        assessed = _assessed(records, requests)
        made += [_decided(records, assessed), _open(records, requests)]
        if records.held("sen2_named_plan"):
            named = records.table("sen2_named_plan").join(
                assessed, on="assessment_key", how="inner", validate="m:1", suffix="_assessment"
            )
            made += [_issued(records, named), _ceased(records, named)]
    return made


def moved_away() -> pl.Expr:
    """Whether a request went to another authority: the return gives its number, and some systems a plain flag."""
    return pl.col("moved_away").str.contains(r"(?i)^(\d{3}|true|yes|y|1)$").fill_null(False)


def _requests(records: AreaRecords) -> pl.DataFrame:
    """Requests with the person's age and residence."""
    people = records.table("sen2_person").select("person_key", "birth_month", "sex", "ward", "locality")
    requests = records.table("sen2_request").join(people, on="person_key", how="inner", validate="m:1")
    return requests.with_columns(sex=bands.sex(pl.col("sex")))


def _assessed(records: AreaRecords, requests: pl.DataFrame) -> pl.DataFrame:
    asked = requests.select("request_key", "birth_month", "sex", "ward", "locality", "received_date")
    return records.table("sen2_assessment").join(asked, on="request_key", how="inner", validate="m:1")


def _in_year(records: AreaRecords, column: str) -> pl.Expr:
    return pl.col(column).is_between(*records.year_before)


def _received(records: AreaRecords, requests: pl.DataFrame) -> Population:
    weeks = weeks_between(pl.col("received_date"), pl.col("outcome_date"))
    decided = pl.col("outcome").is_in(["Y", "N"])
    year = requests.filter(_in_year(records, "received_date") & (pl.col("outcome") != HISTORICAL))
    units = with_age(year, pl.col("received_date")).select(
        "age_band", "aged_16_or_over", "sex", "ward", "locality",
        month=pl.col("received_date").dt.strftime("%Y-%m"),
        request_source=recoded(pl.col("request_source"), SOURCES),
        decision=recoded(pl.col("outcome"), DECISIONS),
        decided_in_6_weeks=pl.when(decided).then(bands.yes_no(weeks <= DECIDE_WEEKS)).otherwise(pl.lit("not_decided")),
        mediation=pl.col("mediation").fill_null(False),
        appeal=pl.col("tribunal").fill_null(False),
    )  # fmt: skip
    return population("requests", units, records.calendar_year, ("sen2",))


def _decided(records: AreaRecords, assessed: pl.DataFrame) -> Population:
    decided = assessed.filter(_in_year(records, "outcome_date") & pl.col("outcome").is_in(["Y", "N"]))
    units = with_age(decided, pl.col("outcome_date")).select(
        "age_band", "aged_16_or_over", "sex", "ward", "locality",
        month=pl.col("outcome_date").dt.strftime("%Y-%m"),
        outcome=recoded(pl.col("outcome"), OUTCOMES),
        mediation=pl.col("mediation").fill_null(False) | pl.col("other_mediation").fill_null(False),
        appeal=pl.col("tribunal").fill_null(False) | pl.col("other_tribunal").fill_null(False),
    )  # fmt: skip
    return population("assessments", units, records.calendar_year, ("sen2",))


def open_stage(records: AreaRecords, requests: pl.DataFrame) -> pl.DataFrame:
    """Requests with `stage`, where the case stands: deciding, assessing, writing the plan; null where it is closed."""
    latest = (
        records.table("sen2_assessment")
        .sort("assessment_key")
        .unique("request_key", keep="last", maintain_order=True)
        .select("request_key", "assessment_key", assessed=pl.col("outcome"))
    )
    named = _keys(records, "sen2_named_plan", "assessment_key")
    active = _keys(records, "sen2_active_plan", "request_key")
    cases = (
        requests.join(latest, on="request_key", how="left", validate="1:1")
        .join(named.with_columns(named=pl.lit(True)), on="assessment_key", how="left", validate="m:1")
        .join(active.with_columns(active=pl.lit(True)), on="request_key", how="left", validate="1:1")
    )
    undecided = pl.col("outcome").is_null() | (pl.col("outcome") == "A")
    assessing = (pl.col("outcome") == "Y") & (pl.col("assessed").is_null() | (pl.col("assessed") == "A"))
    writing = (pl.col("outcome") == "Y") & (pl.col("assessed") == "Y")
    has_plan = pl.col("named").fill_null(False) | pl.col("active").fill_null(False)
    stage = (
        pl.when(has_plan | moved_away()).then(None)
        .when(undecided).then(pl.lit("deciding_whether_to_assess"))
        .when(assessing).then(pl.lit("assessing"))
        .when(writing).then(pl.lit("writing_the_plan"))
    )  # fmt: skip
    return cases.with_columns(stage=stage)


def _keys(records: AreaRecords, table: str, key: str) -> pl.DataFrame:
    if not records.held(table):
        return pl.DataFrame(schema={key: pl.Int64})
    return records.table(table).select(key).unique()


def _open(records: AreaRecords, requests: pl.DataFrame) -> Population:
    cases = open_stage(records, requests).filter(
        pl.col("stage").is_not_null() & (pl.col("received_date") <= records.census_day)
    )
    weeks = weeks_between(pl.col("received_date"), pl.lit(records.census_day))
    banded = with_age(cases, records.census_day).with_columns(
        weeks_open=bands.banded(weeks, bands.WEEKS_OPEN, "over_52")
    )
    units = banded.select(
        "stage", "age_band", "aged_16_or_over", "sex", "ward", "locality", "weeks_open",
        parent("weeks_open", "over_20_weeks"),
    )  # fmt: skip
    return population("open_cases", units, (f"{records.census_day:%Y-%m}", PeriodType.MONTH), ("sen2",))


def _issued(records: AreaRecords, named: pl.DataFrame) -> Population:
    """First plans: the earliest of each assessment, so that a plan written anew for a new phase is not new."""
    first = named.sort("start_date").unique("assessment_key", keep="first", maintain_order=True)
    year = first.filter(_in_year(records, "start_date"))
    weeks = weeks_between(pl.col("received_date"), pl.col("start_date"))
    units = with_age(year, pl.col("start_date")).select(
        "age_band", "aged_16_or_over", "sex", "ward", "locality",
        month=pl.col("start_date").dt.strftime("%Y-%m"),
        within_20_weeks=bands.yes_no(weeks <= PLAN_WEEKS),
        exception=pl.col("exception_to_20_weeks").fill_null(False),
        weeks_from_request=bands.banded(weeks, bands.WEEKS_TO_PLAN, "over_52"),
    )  # fmt: skip
    return population("issued_plans", units, records.calendar_year, ("sen2",))


def _ceased(records: AreaRecords, named: pl.DataFrame) -> Population:
    year = named.filter(_in_year(records, "cease_date"))
    held = (pl.col("cease_date") - pl.col("start_date")).dt.total_days() / 365.25
    units = with_age(year, pl.col("cease_date")).select(
        "age_band", "aged_16_or_over", "sex", "ward", "locality",
        month=pl.col("cease_date").dt.strftime("%Y-%m"),
        reason=recoded(pl.col("cease_reason"), CEASED),
        years_held=bands.banded(held, bands.YEARS_HELD, "10_and_over", closed=False),
    )  # fmt: skip
    return population("ceased_plans", units, records.calendar_year, ("sen2",))
