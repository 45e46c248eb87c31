"""Services and events kept in the project's templates: home education, early help, short breaks, appeals, …

Here: one population for each template, declared in `SERVICES`. Not here: waits for health services, which
need a start and an end (`waits.py`), and sums of money and places (`amounts.py`), although their populations
are declared here too.

A unit is an episode (a referral, a placement, an appeal) that was open at some time in the twelve months to the
day of the extract; one child may have several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import ColumnKind, code_lists, returns
from jsna_pipeline.local import bands
from jsna_pipeline.local.bands import NOT_KNOWN, weeks_between
from jsna_pipeline.local.units import (
    AreaRecords,
    Population,
    months_label,
    parent,
    population,
    with_age,
    with_stage,
)
from jsna_pipeline.vocabulary import PeriodType


@dataclass(frozen=True)
class Service:
    """A template whose rows are episodes: the columns that begin and end one.

    Codes and flags of the template become attributes under their own names, or as `renamed`. `waited` is the
    column that ends a wait for the service, where there is one.
    """

    return_id: str
    began: str
    ended: str
    waited: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)


SERVICES = {
    "early_help": Service("early_help", "opened_date", "closed_date"),
    "short_breaks": Service("short_breaks", "start_date", "end_date", renamed={"kind": "break_kind"}),
    "home_educated": Service("elective_home_education", "start_date", "end_date"),
    "missing_education": Service("children_missing_education", "added_date", "removed_date"),
    "education_otherwise": Service("education_otherwise", "start_date", "end_date"),
    "part_time_timetables": Service("part_time_timetables", "start_date", "end_date"),
    "alternative_provision": Service("alternative_provision", "start_date", "end_date"),
    "exclusions": Service("exclusions_by_reason", "start_date", "start_date"),
    "youth_justice": Service("youth_justice", "start_date", "end_date"),
    "dynamic_support": Service("dynamic_support_register", "added_date", "removed_date", renamed={"group": "register"}),
    "section_23": Service("section_23_notifications", "notification_date", "notification_date"),
    "continuing_care": Service("continuing_care", "referral_date", "decision_date"),
    "advice_service": Service("sendiass", "contact_date", "closed_date", renamed={"stage": "matter"}),
    "appeals": Service("tribunals_and_mediation", "lodged_date", "closed_date", renamed={"kind": "appeal_kind"}),
    "complaints": Service("complaints", "received_date", "closed_date", renamed={"stage": "complaint_stage"}),
    "therapies": Service("therapies", "referral_date", "discharge_date", waited="first_contact_date"),
    "autism_adhd": Service("autism_adhd_pathway", "referral_date", "decision_date", waited="decision_date"),
    "camhs": Service("camhs", "referral_date", "discharge_date", waited="first_contact_date"),
}


def service_populations(records: AreaRecords) -> list[Population]:
    """One for each template that is held and has rows, and the participation of young people."""
    made = [
        _episodes(records, name, service, window)
        for name, service in SERVICES.items()
        if (window := records.window(service.return_id)) is not None
    ]
    if (last := records.extract_day("participation_tracking")) is not None:
        made.append(_young_people(records, last))
    return made


def _episodes(records: AreaRecords, name: str, service: Service, window: tuple[date, date]) -> Population:
    first, last = window
    begun, end = pl.col(service.began), pl.col(service.ended)
    rows = records.table(f"{service.return_id}_row")
    units = rows.filter((begun <= last) & (end.is_null() | (end >= first)))
    ongoing = end.is_null() | (end > last)
    units = units.with_columns(
        _open=ongoing,
        _month=pl.when(begun >= first).then(begun.dt.strftime("%Y-%m")).otherwise(pl.lit("before")),
        _weeks=weeks_between(begun, pl.when(ongoing).then(pl.lit(last)).otherwise(end)),
        **({"_waited": _wait_band(service, last)} if service.waited else {}),
    )
    linked = "person" in units.columns
    if linked:
        units = with_stage(records, units, own="sen_provision")
    units = with_age(units, last)
    codes = _codes(service, units)
    attributes = {
        **codes,
        "open": pl.col("_open"),
        "began_in_year": begun >= first,
        "month_begun": pl.col("_month"),
        "length": bands.banded(pl.col("_weeks"), bands.WEEKS_LASTED, "over_52_weeks"),
    }
    if service.began == service.ended:
        attributes = {key: value for key, value in attributes.items() if key not in {"open", "began_in_year", "length"}}
    if service.waited:
        attributes |= {"weeks_waited": pl.col("_waited")}
    shared = [c for c in ("sen_stage", "sen", "age_band", "aged_16_or_over", "ward", "locality") if c in units.columns]
    units = units.select(*shared, **attributes)
    if service.waited:
        units = units.with_columns(parent("weeks_waited", "over_18_weeks"))
    stages = records.sen_stages[1] if linked else ()
    period = months_label(first, last), PeriodType.ROLLING
    return population(name, units, period, (service.return_id,), {"sen_stage": stages, "sen": stages})


def _wait_band(service: Service, last: date) -> pl.Expr:
    """Weeks waited so far by those who still wait on the day of the extract."""
    served, ended = pl.col(service.waited), pl.col(service.ended)
    waiting = (served.is_null() | (served > last)) & (ended.is_null() | (ended > last))
    weeks = weeks_between(pl.col(service.began), pl.lit(last))
    banded = bands.banded(weeks, bands.WEEKS_WAITED, "over_52")
    return pl.when(waiting).then(banded).otherwise(pl.lit("not_waiting"))


def _codes(service: Service, units: pl.DataFrame) -> dict[str, pl.Expr]:
    """The codes and flags of a template as attributes; shared lists in the words of the other populations."""
    found = {}
    for name, column in returns()[service.return_id].tables["row"].columns.items():
        if name not in units.columns or name == "sen_provision":
            continue
        value, shown = pl.col(name), service.renamed.get(name, name)
        if column.kind is ColumnKind.FLAG:
            found[shown] = bands.yes_no(value)
        elif column.code_list == "sen_need":
            found["primary_need"] = bands.recoded(value, bands.NEEDS)
        elif column.code_list == "year_group":
            found["year_group"] = bands.recoded(value, bands.YEAR_GROUPS)
        elif column.code_list == "sex" or name == "sex":
            found["sex"] = bands.sex(value)
        elif column.code_list is not None:
            labels = {code: entry.label.lower() for code, entry in code_lists()[column.code_list].codes.items()}
            found[shown] = bands.recoded(value, labels)
        elif column.kind is ColumnKind.CODE:
            found[shown] = value
    return found


def _young_people(records: AreaRecords, last: date) -> Population:
    """Young people of 16 to 25 by what they do: the newest record of each."""
    rows = records.table("participation_tracking_row")
    told_twice = rows.filter(pl.col("person").is_not_null()).sort("activity_date")
    newest = told_twice.unique("person", keep="last", maintain_order=True)
    units = with_stage(records, pl.concat([newest, rows.filter(pl.col("person").is_null())]))
    age = pl.col("academic_age")
    young = pl.when(age <= 17).then(pl.lit("16-17")).when(age <= 19).then(pl.lit("18-19")).otherwise(pl.lit("20-25"))
    planned = pl.col("has_plan").fill_null(False) | (pl.col("sen_stage") == "ehc_plan")
    places = [name for name in ("ward", "locality") if name in units.columns]
    units = units.select(
        *places,
        activity=pl.col("activity").fill_null(NOT_KNOWN),
        age_group=pl.when(age.is_not_null()).then(young),
        has_plan=planned,
        september_offer=bands.yes_no(pl.col("september_offer")),
    ).with_columns(parent("activity", "participation"))
    period = f"{last:%Y-%m}", PeriodType.MONTH
    stages = records.sen_stages[1]
    return population("young_people", units, period, ("participation_tracking",), {"has_plan": stages})
