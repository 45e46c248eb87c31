"""Children in need and children looked after on 31 March, and the social care of persons in other returns.

Here: the populations `children_in_need` and `looked_after`, with stage of SEN from SEN2 and the school census.
Not here: early help, short breaks and youth justice, which have templates (`services.py`).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.local import bands
from jsna_pipeline.local.units import AreaRecords, Population, population, with_age, with_stage
from jsna_pipeline.vocabulary import PeriodType

# A child may be several of these; the one that changes most about a child's life is told.
ORDER = {"looked_after": 0, "child_protection": 1, "child_in_need": 2}
SHORT_BREAKS = ["V3", "V4"]
REASONS = {
    "N1": "abuse_or_neglect",
    "N2": "childs_disability",
    "N3": "parents_disability_or_illness",
    "N4": "family_in_acute_stress",
    "N5": "family_dysfunction",
    "N6": "socially_unacceptable_behaviour",
    "N7": "low_income",
    "N8": "absent_parenting",
}
SCHEMA = {"person": pl.String, "social_care": pl.String}


def care_populations(records: AreaRecords) -> list[Population]:
    """`children_in_need` and `looked_after`, each where its return is held."""
    made = []
    if records.held("children_in_need_child", "children_in_need_episode"):
        made.append(_in_need(records))
    if records.held("looked_after_child", "looked_after_episode"):
        made.append(_looked_after(records))
    return made


def care_of_persons(records: AreaRecords) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`social_care` of each person: looked after, child protection plan or child in need; and the returns used."""
    known, used = [], []
    if records.held("children_in_need_child", "children_in_need_episode"):
        used.append("children_in_need")
        helped = _helped(records)
        known.append(_open(records, helped, "referral_date", "closure_date", "child_in_need"))
        if records.held("children_in_need_protection_plan"):
            plans = records.table("children_in_need_protection_plan")
            known.append(_open(records, plans, "start_date", "end_date", "child_protection"))
    if records.held("looked_after_episode"):
        used.append("looked_after")
        known.append(_open(records, _in_care(records), "start_date", "end_date", "looked_after"))
    every = pl.concat(known).drop_nulls() if known else pl.DataFrame(schema=SCHEMA)
    first = every.sort("person", pl.col("social_care").replace_strict(ORDER, return_dtype=pl.Int8))
    return first.unique("person", keep="first", maintain_order=True), tuple(used)


def _on_31_march(records: AreaRecords, begun: str, ended: str) -> pl.Expr:
    day = date(records.year, 3, 31)
    return (pl.col(begun) <= day) & (pl.col(ended).is_null() | (pl.col(ended) > day))


def _open(records: AreaRecords, episodes: pl.DataFrame, begun: str, ended: str, status: str) -> pl.DataFrame:
    return episodes.filter(_on_31_march(records, begun, ended)).select("person", social_care=pl.lit(status))


def _helped(records: AreaRecords) -> pl.DataFrame:
    """Episodes of need, without referrals on which nothing further was done."""
    episodes = records.table("children_in_need_episode")
    return episodes.filter(~pl.col("no_further_action").fill_null(False))


def _in_care(records: AreaRecords) -> pl.DataFrame:
    """Episodes of care, without those that are only part of a series of short breaks."""
    episodes = records.table("looked_after_episode")
    return episodes.filter(~pl.col("legal_status").is_in(SHORT_BREAKS).fill_null(False))


def _in_need(records: AreaRecords) -> Population:
    """One row per child with an open episode; the reason for help and disability as the census codes them."""
    now = _helped(records).filter(_on_31_march(records, "referral_date", "closure_date"))
    now = now.sort("referral_date").unique("child_key", keep="last", maintain_order=True)
    children = records.table("children_in_need_child")
    units = children.join(now.select("child_key", "primary_need"), on="child_key", how="inner", validate="1:1")
    disabled, protected = _disabled(records), _protected(records)
    units = units.join(disabled, on="child_key", how="left", validate="1:1")
    units = units.join(protected, on="child_key", how="left", validate="1:1")
    units = with_age(with_stage(records, units), date(records.year, 3, 31)).select(
        "sen_stage", "sen", "age_band", "aged_16_or_over",
        sex=bands.sex(pl.col("sex")),
        reason_for_help=bands.recoded(pl.col("primary_need"), REASONS),
        disability=pl.col("disability").fill_null(False),
        child_protection=pl.col("child_protection").fill_null(False),
    )  # fmt: skip
    return _at_31_march(records, "children_in_need", units)


def _disabled(records: AreaRecords) -> pl.DataFrame:
    """Children with a disability recorded; NONE records that there is none."""
    if not records.held("children_in_need_disability"):
        return pl.DataFrame(schema={"child_key": pl.Int64, "disability": pl.Boolean})
    some = records.table("children_in_need_disability").filter(pl.col("disability") != "NONE")
    return some.select("child_key", disability=pl.lit(True)).unique()


def _protected(records: AreaRecords) -> pl.DataFrame:
    """Children with a child protection plan in force."""
    if not records.held("children_in_need_protection_plan"):
        return pl.DataFrame(schema={"child_key": pl.Int64, "child_protection": pl.Boolean})
    plans = records.table("children_in_need_protection_plan").filter(_on_31_march(records, "start_date", "end_date"))
    episodes = records.table("children_in_need_episode").select("episode_key", "child_key")
    of_child = plans.join(episodes, on="episode_key", how="inner", validate="m:1")
    return of_child.select("child_key", child_protection=pl.lit(True)).unique()


def _looked_after(records: AreaRecords) -> Population:
    """One row per child with an open episode of care, series of short breaks apart, as in the published counts."""
    episodes = _in_care(records).filter(_on_31_march(records, "start_date", "end_date"))
    units = records.table("looked_after_child").join(episodes, on="child_key", how="semi")
    units = with_age(with_stage(records, units), date(records.year, 3, 31)).select(
        "sen_stage", "sen", "age_band", "aged_16_or_over", sex=bands.sex(pl.col("sex"))
    )
    return _at_31_march(records, "looked_after", units)


def _at_31_march(records: AreaRecords, name: str, units: pl.DataFrame) -> Population:
    stages = records.sen_stages[1]
    return population(
        name,
        units,
        (str(records.year), PeriodType.REPORTING_YEAR),
        (name,),
        {"sen_stage": stages, "sen": stages},
    )
