"""Children and young people with an EHC plan on census day, and their moves between kinds of setting.

Here: the populations `plans` and `moves`, from SEN2 with the register of schools and, where held, social care.
Not here: requests and assessments (`process.py`) or pupils on roll (`pupils.py`).

A plan counts with the authority that maintains it, wherever the child lives or learns.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from jsna_pipeline.local import bands
from jsna_pipeline.local.bands import NO, NOT_KNOWN, YES, recoded
from jsna_pipeline.local.social_care import care_of_persons
from jsna_pipeline.local.units import AreaRecords, Population, months_before, months_label, parent, population
from jsna_pipeline.vocabulary import PeriodType

WORK_BASED = {"A": "apprenticeship", "T": "traineeship", "I": "supported_internship"}
# A decision follows the review meeting within four weeks: SEND Regulations 2014, regulation 20(10).
DECISION_WEEKS = 4


def plan_populations(records: AreaRecords) -> list[Population]:
    """`plans` and `moves`; none without SEN2."""
    if not records.held("sen2_person", "sen2_request", "sen2_active_plan"):
        return []
    held = _persons(records)
    placements = _placements(records)
    care, care_returns = care_of_persons(records)
    units = _with_reviews(records, _with_transfers(_described(records, held, placements)))
    draws_on: dict[str, tuple[str, ...]] = {
        "provision": ("establishments",),
        "placement": ("establishments",),
        "in_area": ("establishments",),
    }
    if care_returns:
        units = units.join(care, on="person", how="left", validate="m:1")
        untouched = pl.when(pl.col("person").is_not_null()).then(pl.lit("none"))
        units = units.with_columns(social_care=pl.coalesce("social_care", untouched))
        draws_on["social_care"] = care_returns
    keep = [name for name in PLAN_ATTRIBUTES if name in units.columns]
    plans = population("plans", units.select(keep), records.january, ("sen2",), draws_on)
    return [plans, *_moves(records, held, placements)]


def plan_persons(records: AreaRecords) -> pl.DataFrame:
    """`person`, `age_band`, `provision` and `primary_need` of each person with a plan; no rows without SEN2.

    Of persons, for what follows them from January to January (`future/transitions.py`); it never leaves the store.
    """
    columns = ["person", "age_band", "provision", "primary_need"]
    if not records.held("sen2_person", "sen2_request", "sen2_active_plan"):
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return _described(records, _persons(records), _placements(records)).select(columns)


def _described(records: AreaRecords, held: pl.DataFrame, placements: pl.DataFrame) -> pl.DataFrame:
    """The persons of `held` with their setting, first need and age on census day."""
    units = held.join(_current(records, placements), on="active_plan_key", how="left", validate="1:1")
    units = units.join(_primary_need(records), on="active_plan_key", how="left", validate="1:1")
    units = units.join(_started(records), on="request_key", how="left", validate="m:1")
    return _with_attributes(records, units)


PLAN_ATTRIBUTES = [
    "year_of_age", "age_band", "aged_16_or_over", "sex", "ethnic_group", "ward", "locality", "primary_need",
    "area_of_need", "provision", "placement", "in_area", "residential", "years_held", "review_held",
    "review_decided_in_4_weeks", "transfer_due", "phase_transfer", "transfer_in_time", "after_16", "social_care",
]  # fmt: skip


def _persons(records: AreaRecords) -> pl.DataFrame:
    """One row per person with an active plan; where a faulty return has two, the later one."""
    person_columns = ["person_key", "birth_month", "sex", "ethnicity", "ward", "locality"]
    people = records.table("sen2_person")
    people = people.select([name for name in person_columns if name in people.columns])
    requests = records.table("sen2_request").select("request_key", "person_key")
    active = records.table("sen2_active_plan").join(requests, on="request_key", how="inner", validate="m:1")
    return (
        active.join(people, on="person_key", how="inner", validate="m:1")
        .sort("active_plan_key")
        .unique("person_key", keep="last", maintain_order=True)
    )


def _with_attributes(records: AreaRecords, units: pl.DataFrame) -> pl.DataFrame:
    age = bands.academic_age(pl.col("birth_month"), records.census_day)
    years = (pl.lit(records.census_day) - pl.col("start_date")).dt.total_days() / 365.25
    described = units.with_columns(
        year_of_age=bands.year_of_age(age).fill_null(NOT_KNOWN),
        sex=bands.sex(pl.col("sex")),
        ethnic_group=bands.ethnic_group(pl.col("ethnicity")),
        primary_need=pl.col("primary_need").fill_null(NOT_KNOWN),
        provision=pl.col("provision").fill_null(NOT_KNOWN),
        years_held=bands.banded(years, bands.YEARS_HELD, "10_and_over", closed=False),
    ).with_columns(
        parent("year_of_age", "age_band"), parent("primary_need", "area_of_need"), parent("provision", "placement")
    )
    learning = pl.col("provision").is_in(["not_in_education", NOT_KNOWN]).not_()
    path = pl.coalesce(
        pl.when(pl.col("year_of_age").is_in(bands.AGES[:14])).then(pl.lit("under_16")),
        recoded(pl.col("work_based_learning"), WORK_BASED),
        pl.when(learning).then(pl.lit("school_or_college")),
        pl.when(pl.col("provision") == "not_in_education").then(pl.lit("not_in_education")),
    )
    return described.with_columns(parent("age_band", "aged_16_or_over"), after_16=path)


def _primary_need(records: AreaRecords) -> pl.DataFrame:
    """The need that ranks first in each active plan."""
    if not records.held("sen2_need"):
        return pl.DataFrame(schema={"active_plan_key": pl.Int64, "primary_need": pl.String})
    needs = records.table("sen2_need").sort("active_plan_key", "need_rank", "need_key")
    first = needs.unique("active_plan_key", keep="first", maintain_order=True)
    return first.select("active_plan_key", primary_need=recoded(pl.col("need"), bands.NEEDS))


def _started(records: AreaRecords) -> pl.DataFrame:
    """The day on which the plan of each request began, where the return names it."""
    if not records.held("sen2_assessment", "sen2_named_plan"):
        return pl.DataFrame(schema={"request_key": pl.Int64, "start_date": pl.Date})
    assessed = records.table("sen2_assessment").select("assessment_key", "request_key")
    named = records.table("sen2_named_plan").join(assessed, on="assessment_key", how="inner", validate="m:1")
    return named.group_by("request_key").agg(pl.col("start_date").min())


def _placements(records: AreaRecords) -> pl.DataFrame:
    """Every placement with its kind of provision and whether its setting lies in the area."""
    columns = {"active_plan_key": pl.Int64, "provision": pl.String, "in_area": pl.String, "entry_date": pl.Date}
    if not records.held("sen2_placement"):
        return pl.DataFrame(schema=columns | {"leaving_date": pl.Date, "placement_rank": pl.Int32})
    placements = records.table("sen2_placement").join(_register(records), on="urn", how="left", validate="m:1")
    in_unit = pl.col("sen_unit").fill_null(False) | pl.col("resourced_provision").fill_null(False)
    # A provider of further education alone has a UKPRN and no place in the register of schools.
    kind = pl.coalesce(
        recoded(pl.col("setting"), bands.SETTINGS),
        pl.when(in_unit & pl.col("kind").fill_null("mainstream").is_in(["mainstream", "independent_mainstream"])).then(
            pl.lit("resourced_or_unit")
        ),
        pl.col("kind"),
        pl.when(pl.col("ukprn").is_not_null() & pl.col("urn").is_null()).then(pl.lit("further_education")),
        pl.lit(NOT_KNOWN),
    )
    place = pl.coalesce(
        pl.when(pl.col("setting").is_not_null()).then(pl.lit("no_setting")),
        bands.yes_no(pl.col("la_code") == records.la_code),
    )
    return placements.with_columns(provision=kind, in_area=place)


def _register(records: AreaRecords) -> pl.DataFrame:
    """Kind of provision and authority of each establishment; empty without the register."""
    if not records.held("establishments_row"):
        return pl.DataFrame(schema={"urn": pl.String, "kind": pl.String, "la_code": pl.String})
    register = records.table("establishments_row").unique("urn", keep="first", maintain_order=True)
    return register.select("urn", "la_code", kind=bands.establishment_provision(pl.col("type")))


def _current(records: AreaRecords, placements: pl.DataFrame) -> pl.DataFrame:
    """The placement of each plan on census day: the first in rank, and of these the latest begun."""
    day = records.census_day
    now = placements.filter(
        (pl.col("entry_date").is_null() | (pl.col("entry_date") <= day))
        & (pl.col("leaving_date").is_null() | (pl.col("leaving_date") > day))
    )
    first = now.sort(
        "active_plan_key", "placement_rank", "entry_date", descending=[False, False, True], nulls_last=True
    ).unique("active_plan_key", keep="first", maintain_order=True)
    extra = [name for name in ("residential", "work_based_learning") if name in first.columns]
    chosen = first.select("active_plan_key", "provision", "in_area", *extra)
    residential = pl.col("residential").is_not_null() if extra else pl.lit(None, pl.Boolean)
    path = pl.col("work_based_learning") if extra else pl.lit(None, pl.String)
    return chosen.with_columns(residential=residential, work_based_learning=path)


def _with_reviews(records: AreaRecords, units: pl.DataFrame) -> pl.DataFrame:
    """Whether a review meeting was held in the twelve months to census day, and decided within four weeks."""
    if units["review_meeting"].null_count() == units.height:
        return units
    first = months_before(records.census_day, 12)
    held = pl.col("review_meeting").is_between(first, records.census_day, closed="right").fill_null(False)
    young = (pl.col("start_date") > first).fill_null(False)
    days = (pl.col("last_review") - pl.col("review_meeting")).dt.total_days()
    # Four weeks after a meeting of the last four weeks are not over: no decision there is not late.
    pending = pl.col("last_review").is_null() & (
        pl.col("review_meeting") > records.census_day - timedelta(weeks=DECISION_WEEKS)
    )
    return units.with_columns(
        review_held=pl.when(held).then(pl.lit(YES)).when(young).then(pl.lit("not_yet_due")).otherwise(pl.lit(NO)),
        review_decided_in_4_weeks=pl.when(~held)
        .then(pl.lit("no_review"))
        .when(pending)
        .then(pl.lit("not_yet_due"))
        .when(days.is_between(0, 7 * DECISION_WEEKS))
        .then(pl.lit(YES))
        .otherwise(pl.lit(NO)),
    )


def _with_transfers(units: pl.DataFrame) -> pl.DataFrame:
    """Moves to the next phase that fell due, and whether the plan was final by that day (15 February or 31 March).

    SEND Regulations 2014, regulation 18. The phase follows from the age in the year of the move.
    """
    if units["transfer_due"].null_count() == units.height:
        return units.drop("transfer_due")
    due = pl.col("transfer_due")
    age = bands.academic_age(pl.col("birth_month"), pl.date(due.dt.year(), 9, 1))
    phase = (
        pl.when(due.is_null()).then(pl.lit("none"))
        .when(age <= 4).then(pl.lit("into_school"))
        .when(age == 11).then(pl.lit("year_6_to_7"))
        .when(age >= 16).then(pl.lit("into_post_16"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip
    in_time = (pl.col("transfer_final") <= due).fill_null(False)
    return units.with_columns(
        phase_transfer=phase,
        transfer_in_time=pl.when(due.is_null()).then(pl.lit("none_due")).otherwise(bands.yes_no(in_time)),
        transfer_due=bands.yes_no(due.is_not_null()),
    )


def _moves(records: AreaRecords, held: pl.DataFrame, placements: pl.DataFrame) -> list[Population]:
    """Placements begun in the twelve months to census day by someone who had another before."""
    if placements.is_empty():
        return []
    first = months_before(records.census_day, 12) + timedelta(days=1)
    dated = placements.filter(pl.col("entry_date").is_not_null() & (pl.col("placement_rank").fill_null(1) == 1))
    before = pl.col("provision").shift(1).over("active_plan_key", order_by=["entry_date", "placement_key"])
    moved = dated.with_columns(moved_from=before).filter(
        pl.col("moved_from").is_not_null() & pl.col("entry_date").is_between(first, records.census_day)
    )
    people = held.select("active_plan_key", "birth_month", "sex")
    units = moved.join(people, on="active_plan_key", how="inner", validate="m:1").join(
        _primary_need(records), on="active_plan_key", how="left", validate="m:1"
    )
    came, went = (recoded(pl.col(name), bands.PLACEMENT) for name in ("moved_from", "provision"))
    age = bands.age_band(bands.academic_age(pl.col("birth_month"), records.census_day))
    units = units.select(
        moved_from=came,
        moved_to=went,
        between_kinds=bands.yes_no(came != went),
        age_band=age,
        sex=bands.sex(pl.col("sex")),
        primary_need=pl.col("primary_need").fill_null(NOT_KNOWN),
    ).with_columns(parent("primary_need", "area_of_need"))
    period = months_label(first, records.census_day), PeriodType.ROLLING
    return [population("moves", units, period, ("sen2", "establishments"))]
