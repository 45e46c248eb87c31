"""Sums of money and of places: totals, means a child, and how much of a total is one contributor's.

Here: the populations `high_needs_spend`, `transport` and `special_places`, and their rows of LOCAL_STATISTICS.
Not here: whether a sum may be printed (`disclosure/statistics.py`), or published spending (the indicators).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.local_tables import Amount, LocalTable
from jsna_pipeline.local import bands
from jsna_pipeline.local.statistics import statistics_of
from jsna_pipeline.local.units import AreaRecords, Population, population
from jsna_pipeline.vocabulary import TOTAL, PeriodType

CONTRIBUTOR = "contributor"
# Columns of establishments that count pupils, and the disclosure rule of pupils: a unit's three filled places are
# three recognisable children.
COUNTS_PUPILS = {"places_filled": "education"}


def amount_populations(records: AreaRecords) -> list[Population]:
    """Each whose template is held and has rows; money of the newest financial year alone."""
    made = []
    for name, attributes in (("high_needs_spend", ("placement", "budget_heading")), ("transport", ("mode",))):
        if records.held(f"{name}_row") and not records.table(f"{name}_row").is_empty():
            made.append(_money(records, name, attributes))
    if records.held("special_place_capacity_row") and not records.table("special_place_capacity_row").is_empty():
        made.append(_places(records))
    return made


def _money(records: AreaRecords, name: str, attributes: tuple[str, ...]) -> Population:
    rows = records.table(f"{name}_row")
    newest = str(rows["financial_year"].max())
    rows = rows.filter(pl.col("financial_year") == newest)
    # Somebody without a number is one contributor, whoever else has none.
    contributor = pl.coalesce(pl.col("person"), pl.format("row {}", pl.int_range(pl.len())))
    units = rows.select(*attributes, "amount", contributor.alias(CONTRIBUTOR))
    period = newest.replace("-", "/"), PeriodType.FINANCIAL_YEAR
    return population(name, units, period, (name,), measures=("amount", CONTRIBUTOR))


def _places(records: AreaRecords) -> Population:
    """Places at the newest date of the template, one row per establishment, kind, phase and need."""
    rows = records.table("special_place_capacity_row")
    newest = rows["as_at"].dt.strftime("%Y-%m-%d").max()
    rows = rows.filter(pl.col("as_at").dt.strftime("%Y-%m-%d") == newest)
    measures = ("places_commissioned", "places_filled", CONTRIBUTOR)
    units = rows.select(
        "phase", "locality", "places_commissioned", "places_filled",
        pl.col("establishment").alias(CONTRIBUTOR),
        place_kind=pl.col("kind"),
        primary_need=bands.recoded(pl.col("need"), bands.NEEDS),
    )  # fmt: skip
    period = str(newest)[:7], PeriodType.MONTH
    return population("special_places", units, period, ("special_place_capacity",), measures=measures)


def amount_statistics(made: Mapping[str, Population], tables: Iterable[LocalTable]) -> pd.DataFrame:
    """LOCAL_STATISTICS of the tables that ask for amounts: `total_…` and, for money, `mean_…` a contributor.

    `contributors` are distinct persons (for places commissioned the establishments, for places filled the pupils in
    them); `largest_share` is the percentage of the total that is the largest contributor's.
    """
    return statistics_of(made, ((table, table.amount) for table in tables), _sums)


def _sums(table: LocalTable, amount: Amount, counted: Population, dimension: str) -> pd.DataFrame:
    group = pl.lit(TOTAL) if dimension == TOTAL else pl.col(dimension)
    of_each = counted.units.group_by(group.alias("category"), CONTRIBUTOR).agg(pl.col(amount.columns).sum())
    long = of_each.unpivot(amount.columns, index=["category", CONTRIBUTOR], variable_name="column", value_name="sum")
    totals = (
        long.with_columns(pl.col("sum").cast(pl.Float64))
        .group_by("category", "column")
        .agg(
            value=pl.col("sum").sum(),
            contributors=pl.col("sum").filter(pl.col("sum") != 0).len(),
            most=pl.col("sum").max(),
        )
        .with_columns(largest_share=pl.when(pl.col("value") > 0).then(100 * pl.col("most") / pl.col("value")))
        .sort("column", "category")
        .to_pandas()
    )
    made = [totals.assign(statistic="total_" + totals["column"], unit=amount.unit)]
    if amount.mean:
        average = totals[totals["contributors"] > 0]
        made.append(
            average.assign(
                statistic="mean_" + average["column"],
                value=average["value"] / average["contributors"],
                unit=f"{amount.unit} a child",
            )
        )
    used = () if dimension == TOTAL else (dimension,)
    rows = pd.concat(made, ignore_index=True)
    pupils = rows["column"].isin(list(COUNTS_PUPILS))
    rows["contributors"] = rows["contributors"].astype(float).mask(pupils, rows["value"])
    rows["rule"] = rows["column"].map(COUNTS_PUPILS).fillna(counted.rule(*used))
    return rows.assign(
        table_id=table.id,
        population=counted.id,
        period=counted.period,
        period_type=counted.period_type.value,
        dimension=dimension,
        lower=float("nan"),
        upper=float("nan"),
        contributors=lambda rows: rows["contributors"].astype("Int64"),
    )
