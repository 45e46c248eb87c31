"""How long children wait, with those who still wait: medians, quartiles and the share beyond a number of weeks.

Here: the populations of waits (start, end or not yet, already waiting when the window opened) and their rows
of LOCAL_STATISTICS. Not here: the estimator (`statistics/survival.py`) or counts of those who wait now
(`services.py`, `process.py`).

A wait is seen while it falls in the twelve months to the day of the extract. Who had waited before that window
opened is counted from then on only, since others who began as early and were served before are not seen. Who
left without being served (withdrew, moved, was refused) is counted as waiting up to that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.local_tables import LocalTable, Waits
from jsna_pipeline.local import bands
from jsna_pipeline.local.process import moved_away
from jsna_pipeline.local.statistics import statistics_of
from jsna_pipeline.local.units import AreaRecords, Population, months_label, population, with_age, with_stage
from jsna_pipeline.statistics.survival import SurvivalCurves, kaplan_meier, quantile, still_waiting
from jsna_pipeline.vocabulary import TOTAL, PeriodType

MEASURES = ("days", "entry", "served")
QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}


@dataclass(frozen=True)
class Wait:
    """A wait for a service: the column that begins it, that ends it served, and that ends it otherwise."""

    return_id: str
    began: str
    served: str
    left: str
    attributes: tuple[str, ...]
    served_only: tuple[str, tuple[str, ...]] | None = None


WAITS = {
    "waits_therapies": Wait(
        "therapies", "referral_date", "first_contact_date", "discharge_date", ("service", "source")
    ),
    # The decision ends the wait if it is one on the diagnosis; a referral withdrawn or moved away has none.
    "waits_autism_adhd": Wait(
        "autism_adhd_pathway", "referral_date", "decision_date", "decision_date", ("pathway", "source"),
        served_only=("outcome", ("confirmed", "not_confirmed")),
    ),
    "waits_camhs": Wait("camhs", "referral_date", "first_contact_date", "discharge_date", ("team",)),
    "waits_missing_education": Wait(
        "children_missing_education", "added_date", "removed_date", "removed_date", ("reason",),
        served_only=("outcome", ("on_roll", "home_educated")),
    ),
}  # fmt: skip


def wait_populations(records: AreaRecords) -> list[Population]:
    """One for each service whose extract is held, and the wait from request to plan."""
    made = [
        _waits(records, name, wait, window)
        for name, wait in WAITS.items()
        if (window := records.window(wait.return_id)) is not None
    ]
    if records.held("sen2_person", "sen2_request", "sen2_assessment", "sen2_named_plan"):
        made.append(_waits_for_plans(records))
    return made


def _waits(records: AreaRecords, name: str, wait: Wait, window: tuple[date, date]) -> Population:
    rows = with_stage(records, records.table(f"{wait.return_id}_row"), own="sen_provision")
    rows = with_age(rows, window[1])
    served = pl.col(wait.served)
    if wait.served_only is not None:
        outcome, kinds = wait.served_only
        served = pl.when(pl.col(outcome).is_in(kinds)).then(served)
    timed = in_window(rows, pl.col(wait.began), served, pl.col(wait.left), window)
    if "sex" in timed.columns:
        timed = timed.with_columns(bands.sex(pl.col("sex")))
    shared = [c for c in ("sen_stage", "sen", "age_band", "sex", "locality") if c in timed.columns]
    units = timed.select(*shared, *wait.attributes, *MEASURES)
    stages = records.sen_stages[1]
    period = months_label(*window), PeriodType.ROLLING
    return population(name, units, period, (wait.return_id,), {"sen_stage": stages, "sen": stages}, MEASURES)


def _waits_for_plans(records: AreaRecords) -> Population:
    """From request to plan, in the calendar year before the census; a refusal or withdrawal ends the wait unserved."""
    assessed = (
        records.table("sen2_assessment")
        .sort("assessment_key")
        .select("request_key", "assessment_key", assessed=pl.col("outcome"), assessed_on=pl.col("outcome_date"))
    )
    first = records.table("sen2_named_plan").group_by("assessment_key").agg(pl.col("start_date").min())
    people = records.table("sen2_person").select("person_key", "birth_month", "sex", "locality")
    cases = (
        records.table("sen2_request")
        .filter(pl.col("outcome") != "H")
        .join(people, on="person_key", how="inner", validate="m:1")
        .join(assessed.unique("request_key", keep="last", maintain_order=True), on="request_key", how="left")
        .join(first, on="assessment_key", how="left", validate="m:1")
    )
    ended = pl.coalesce(
        pl.when(pl.col("outcome").is_in(["N", "W"])).then("outcome_date"),
        pl.when(pl.col("assessed").is_in(["N", "W"])).then("assessed_on"),
    )
    # Closed on an unknown day: nothing is known of such a wait but that it is over.
    ended_early = [pl.col(name).is_in(["N", "W"]).fill_null(False) for name in ("outcome", "assessed")]
    closed = pl.any_horizontal(*ended_early, moved_away())
    known = cases.with_columns(left=ended).filter(
        pl.col("left").is_not_null() | pl.col("start_date").is_not_null() | ~closed
    )
    timed = in_window(known, pl.col("received_date"), pl.col("start_date"), pl.col("left"), records.year_before)
    units = with_age(timed, records.year_before[1]).select(
        "age_band", "locality", *MEASURES, sex=bands.sex(pl.col("sex"))
    )
    return population("waits_plans", units, records.calendar_year, ("sen2",), measures=MEASURES)


def in_window(
    rows: pl.DataFrame, began: pl.Expr, served: pl.Expr, left: pl.Expr, window: tuple[date, date]
) -> pl.DataFrame:
    """Rows whose wait falls in a window, with `days` to its end or to the window's, `entry` and `served`.

    `entry` is the number of days that somebody had already waited when the window opened, null for who began
    within it. Who was served before the window opened, or began after it closed, is left out.
    """
    first, last = window
    end = pl.min_horizontal(served, left, pl.lit(last))
    timed = rows.with_columns(
        _began=began,
        _end=end,
        served=(served.is_not_null() & (served == end)),
    ).filter((pl.col("_began") <= pl.col("_end")) & (pl.col("_end") >= first) & (pl.col("_began") <= last))
    before = (pl.lit(first) - pl.col("_began")).dt.total_days() - 1
    return timed.with_columns(
        days=(pl.col("_end") - pl.col("_began")).dt.total_days(),
        # The day before the window was waited in full; an end on its first day is still seen.
        entry=pl.when(pl.col("_began") < first).then(before),
    )


def wait_statistics(made: Mapping[str, Population], tables: Iterable[LocalTable]) -> pd.DataFrame:
    """LOCAL_STATISTICS of the tables that ask for waits: quartiles in weeks, and shares still waiting in percent.

    `contributors` are the persons of the group. A figure that cannot be estimated (half not yet served, nobody
    followed so long) has a row without a value: which groups lack one would tell of small groups who was served.
    """
    return statistics_of(made, ((table, table.wait) for table in tables), _statistics_of)


def _statistics_of(table: LocalTable, wait: Waits, waits: Population, dimension: str) -> pd.DataFrame:
    units = waits.units
    groups = np.repeat(TOTAL, len(units)) if dimension == TOTAL else units[dimension].to_numpy()
    curves = kaplan_meier(units["days"], units["served"], units["entry"].cast(pl.Float64), groups)
    asked = [(name, "weeks", _in_weeks(*quantile(curves, share))) for name, share in QUARTILES.items()]
    asked += [
        (f"waiting_over_{weeks}_weeks", "percent", _in_percent(*still_waiting(curves, weeks * 7)))
        for weeks in wait.after_weeks
    ]
    people = pd.Series(groups).value_counts().reindex(list(curves.groups)).to_numpy()
    found = [_rows(curves, people, name, unit, limits) for name, unit, limits in asked]
    rows = pd.concat(found, ignore_index=True)
    used = () if dimension == TOTAL else (dimension,)
    return rows.assign(
        table_id=table.id,
        population=waits.id,
        period=waits.period,
        period_type=waits.period_type.value,
        dimension=dimension,
        rule=waits.rule(*used),
    )


Limits = tuple[np.ndarray, np.ndarray, np.ndarray]


def _in_weeks(value: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> Limits:
    return value / 7, lower / 7, upper / 7


def _in_percent(value: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> Limits:
    return value * 100, lower * 100, upper * 100


def _rows(curves: SurvivalCurves, people: np.ndarray, name: str, unit: str, limits: Limits) -> pd.DataFrame:
    value, lower, upper = limits
    return pd.DataFrame(
        {
            "category": list(curves.groups),
            "statistic": name,
            "value": value,
            "lower": lower,
            "upper": upper,
            "unit": unit,
            "contributors": pd.array(people, dtype="Int64"),
            "largest_share": np.nan,
        }
    )
