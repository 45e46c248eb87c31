"""Pupils on the roll of the area's schools on census day, with SEN, need, absence, suspensions and exclusions.

Here: the population `pupils`, from the school census and, where held, the register of part-time timetables.
Not here: children with a plan wherever they learn (`plans.py`): pupils on roll and residents are never added.
"""

from __future__ import annotations

import polars as pl

from jsna_pipeline.catalogue.returns import code_lists
from jsna_pipeline.local import bands
from jsna_pipeline.local.bands import NOT_KNOWN, recoded
from jsna_pipeline.local.units import AreaRecords, Population, parent, population

# One registration of each pupil: a guest or a second school would count the pupil twice.
COUNTED_ENROLMENT = ["C", "M", "F", "O"]
PERSISTENT, SEVERE = 0.1, 0.5
PART_TIME_CODE = "C2"


def pupil_populations(records: AreaRecords) -> list[Population]:
    """`pupils`; none without the school census."""
    if not records.held("school_census_pupil"):
        return []
    roll = records.table("school_census_pupil")
    roll = roll.filter(pl.col("enrolment").is_null() | pl.col("enrolment").is_in(COUNTED_ENROLMENT))
    # A pupil without a number is nobody else's record; only those with one can be told twice.
    unknown = roll.filter(pl.col("person").is_null())
    roll = pl.concat([roll.drop_nulls("person").unique("person", keep="first", maintain_order=True), unknown])
    units = _described(roll)
    for part in (_needs(records), _residence(records), _absence(records), _exclusions(records)):
        if part is not None:
            units = units.join(part, on="pupil_key", how="left", validate="1:1")
    units, timetables = _with_part_time(records, _completed(units))
    keep = [name for name in PUPIL_ATTRIBUTES if name in units.columns]
    return [population("pupils", units.select(keep), records.january, ("school_census",), timetables)]


PUPIL_ATTRIBUTES = [
    "sen_stage", "sen", "year_group", "phase", "sex", "ethnic_group", "primary_need", "area_of_need", "in_unit", "ward",
    "locality", "suspended", "permanently_excluded", "persistent_absence", "severe_absence", "absent_for_health",
    "part_time_timetable",
]  # fmt: skip


def _described(roll: pl.DataFrame) -> pl.DataFrame:
    in_unit = pl.col("sen_unit").fill_null(False) | pl.col("resourced_provision").fill_null(False)
    return roll.with_columns(
        sen_stage=recoded(pl.col("sen_provision"), bands.SEN_STAGES).fill_null(NOT_KNOWN),
        year_group=recoded(pl.col("year_group"), bands.YEAR_GROUPS).fill_null(NOT_KNOWN),
        sex=bands.sex(pl.col("sex")),
        ethnic_group=bands.ethnic_group(pl.col("ethnicity")),
        in_unit=in_unit,
    ).with_columns(parent("sen_stage", "sen"), parent("year_group", "phase"))


def _needs(records: AreaRecords) -> pl.DataFrame | None:
    """The need that ranks first for each pupil."""
    if not records.held("school_census_need"):
        return None
    needs = records.table("school_census_need").sort("pupil_key", "need_rank", "need_key")
    first = needs.unique("pupil_key", keep="first", maintain_order=True)
    return first.select("pupil_key", primary_need=recoded(pl.col("need"), bands.NEEDS))


def _residence(records: AreaRecords) -> pl.DataFrame | None:
    """Ward and locality of the first address that has them."""
    if not records.held("school_census_address"):
        return None
    addresses = records.table("school_census_address")
    if "ward" not in addresses.columns:
        return None
    known = addresses.filter(pl.col("ward").is_not_null()).sort("pupil_key", "address_key")
    return known.unique("pupil_key", keep="first", maintain_order=True).select("pupil_key", "ward", "locality")


def _absence(records: AreaRecords) -> pl.DataFrame | None:
    """Sessions missed in the term: all, for illness or appointments, and on a part-time timetable."""
    if not records.held("school_census_session"):
        return None
    groups = {code: entry.group for code, entry in code_lists()["attendance_reason"].codes.items()}
    absent = recoded(pl.col("reason"), groups).is_in(["Authorised absence", "Unauthorised absence"])
    sessions = pl.col("sessions").fill_null(0)
    return (
        records.table("school_census_session")
        .group_by("pupil_key")
        .agg(
            missed=sessions.filter(absent).sum(),
            missed_for_health=sessions.filter(pl.col("reason").is_in(["I", "M"])).sum(),
            missed_part_time=sessions.filter(pl.col("reason") == PART_TIME_CODE).sum(),
        )
    )


def _exclusions(records: AreaRecords) -> pl.DataFrame | None:
    if not records.held("school_census_exclusion"):
        return None
    permanent = pl.col("category") == "PERM"
    return (
        records.table("school_census_exclusion")
        .group_by("pupil_key")
        .agg(suspended=(~permanent).any(), permanently_excluded=permanent.any())
    )


def _completed(units: pl.DataFrame) -> pl.DataFrame:
    """What a pupil without rows in a table means there: no need, no absence, no exclusion."""
    if "primary_need" in units.columns:
        none = pl.when(pl.col("sen") == bands.NO).then(pl.lit("none"))
        units = units.with_columns(primary_need=pl.coalesce(none, "primary_need", pl.lit(NOT_KNOWN)))
        units = units.with_columns(parent("primary_need", "area_of_need"))
    if "missed" in units.columns:
        # Without possible sessions there is no share of them: a pupil who joined after the term, or is too young.
        possible = pl.when(pl.col("sessions_possible") > 0).then(pl.col("sessions_possible"))
        share = pl.col("missed").fill_null(0) / possible
        mostly_health = pl.col("missed_for_health").fill_null(0) * 2 > pl.col("missed").fill_null(0)
        units = units.with_columns(
            persistent_absence=share >= PERSISTENT,
            severe_absence=share >= SEVERE,
            absent_for_health=pl.when(share.is_not_null()).then((share >= PERSISTENT) & mostly_health),
            part_time_timetable=pl.col("missed_part_time").fill_null(0) > 0,
        )
    flags = [name for name in ("suspended", "permanently_excluded") if name in units.columns]
    return units.with_columns(pl.col(flags).fill_null(False))


def _with_part_time(records: AreaRecords, units: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, tuple[str, ...]]]:
    """Adds the pupils of the register of part-time timetables to those whose absence was coded so."""
    if not records.held("part_time_timetables_row"):
        return units, {}
    rows, census = records.table("part_time_timetables_row"), records.census_day
    now = (pl.col("start_date") <= census) & (pl.col("end_date").is_null() | (pl.col("end_date") >= census))
    listed = rows.filter(now & pl.col("person").is_not_null()).select("person", _listed=pl.lit(True)).unique()
    joined = units.join(listed, on="person", how="left", validate="m:1")
    coded = pl.col("part_time_timetable") if "part_time_timetable" in units.columns else pl.lit(False)
    either = coded | pl.col("_listed").fill_null(False)
    return joined.with_columns(part_time_timetable=either), {"part_time_timetable": ("part_time_timetables",)}
