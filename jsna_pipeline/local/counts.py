"""Counting: the local tables of the catalogue, each cross with all its margins.

Here: LOCAL_COUNTS from populations, and the nests of its dimensions. Not here: who is counted (`populations.py`),
shares (made of counts after they are protected) or protecting (`disclosure/`).

Counts made here are not for print. Nothing is compared with another period: local figures are provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.local_tables import MOST_DIMENSIONS, LocalTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.local.bands import NESTS, NOT_KNOWN, RULED_OUT
from jsna_pipeline.local.units import Population
from jsna_pipeline.vocabulary import TOTAL

CELL_COLUMNS = [f"{part}_{slot}" for slot in range(1, MOST_DIMENSIONS + 1) for part in ("dimension", "category")]
COUNT_COLUMNS = ["table_id", "population", "period", "period_type", *CELL_COLUMNS, "count", "rule"]
NEST_COLUMNS = ["dimension", "category", "parent_dimension", "parent_category"]


def count_tables(made: Mapping[str, Population], tables: Iterable[LocalTable]) -> pd.DataFrame:
    """LOCAL_COUNTS: one row per table and cell, in the columns of `COUNT_COLUMNS`.

    A cross has every combination of the categories that occur in the population, 0 included, and all margins;
    an unused slot is `total`/`total`, and used dimensions stand in the order of the alphabet. A filter stands
    in its rows as a dimension, except beside a dimension nested in it, which says it already. Crosses on
    attributes that the area's returns do not give are left out, and so are tables without their population.
    """
    frames = [
        cells.with_columns(table_id=pl.lit(table.id))
        for table in tables
        if table.population in made
        for cells in _cells_of(table, made[table.population])
    ]
    if not frames:
        return pd.DataFrame(columns=COUNT_COLUMNS).astype({"count": "Int64"})
    order = pl.DataFrame({"table_id": [table.id for table in tables]}).with_row_index("place")
    counted = (
        pl.concat(frames)
        .unique(["table_id", *CELL_COLUMNS], keep="first", maintain_order=True)
        .join(order, on="table_id", how="left", maintain_order="left")
        .sort("place", *CELL_COLUMNS, maintain_order=True)
        .select(COUNT_COLUMNS)
        .to_pandas()
    )
    text = [name for name in COUNT_COLUMNS if name != "count"]
    return counted.astype({"count": "Int64", **dict.fromkeys(text, "str")})


def answered_crosses(table: LocalTable, counted: Population) -> list[list[str]]:
    """The crosses of a table for which the population has every attribute; none where a filter's is missing."""
    if not counted.attributes >= table.filters.keys():
        return []
    return [cross for cross in table.crosses if counted.attributes >= set(cross)]


def _cells_of(table: LocalTable, counted: Population) -> list[pl.DataFrame]:
    crosses, units = answered_crosses(table, counted), counted.units
    if crosses and table.filters:
        units = units.filter(*(pl.col(name) == category for name, category in table.filters.items()))
    found = []
    for cross in crosses:
        finest = _complete(units, {name: _categories(table, counted, name) for name in cross})
        for size in range(len(cross) + 1):
            for margin in combinations(cross, size):
                found.append(_margin(table, counted, finest, margin))
    return found


def _categories(table: LocalTable, counted: Population, name: str) -> list[str]:
    """The categories of the whole population that a table's filters leave possible.

    Not only those that occur within the filters: to have no row would tell as much as a 0, and could not be withheld.
    """
    found = set(counted.units[name])
    for held, category in table.filters.items():
        within = NESTS.get((name, held), {})
        found = {each for each in found if within.get(each, category) == category}
        found -= set(RULED_OUT.get((held, category), {}).get(name, ()))
    return sorted(found)


def _complete(units: pl.DataFrame, categories: Mapping[str, list[str]]) -> pl.DataFrame:
    """The number of units of each combination of the categories, with 0 where nobody has it."""
    columns = [pl.DataFrame({name: values}, schema={name: pl.String}) for name, values in categories.items()]
    everything = columns[0]
    for column in columns[1:]:
        everything = everything.join(column, how="cross")
    counted = units.group_by(list(categories)).agg(count=pl.len().cast(pl.Int64))
    return everything.join(counted, on=list(categories), how="left").with_columns(pl.col("count").fill_null(0))


def _margin(table: LocalTable, counted: Population, finest: pl.DataFrame, margin: tuple[str, ...]) -> pl.DataFrame:
    """The cells of one margin in the columns of the contract."""
    cells = finest.group_by(margin).agg(pl.col("count").sum()) if margin else finest.select(pl.col("count").sum())
    held = {name: category for name, category in table.filters.items() if not any((m, name) in NESTS for m in margin)}
    used = sorted([*margin, *held])
    slots: dict[str, pl.Expr] = {}
    for place in range(MOST_DIMENSIONS):
        name = used[place] if place < len(used) else TOTAL
        category = pl.col(name) if name in margin else pl.lit(held.get(name, TOTAL))
        slots |= {f"dimension_{place + 1}": pl.lit(name), f"category_{place + 1}": category}
    return cells.select(
        population=pl.lit(counted.id),
        period=pl.lit(counted.period),
        period_type=pl.lit(counted.period_type.value),
        **slots,
        count=pl.col("count"),
        rule=pl.lit(counted.rule(*margin, *table.filters)),
    )


def nests(made: Mapping[str, Population]) -> pd.DataFrame:
    """Which category lies in which of a wider dimension: `dimension, category, parent_dimension, parent_category`.

    Raises InputError where the lookup of small areas puts one ward into two localities: their cells would then
    not add up, and could not be protected.
    """
    rows = [
        (child, category, parent, wider)
        for (child, parent), categories in NESTS.items()
        for category, wider in categories.items()
    ]
    return pd.DataFrame([*rows, *_wards(made)], columns=NEST_COLUMNS).astype("str")


def _wards(made: Mapping[str, Population]) -> list[tuple[str, str, str, str]]:
    pairs = [
        each.units.select("ward", "locality").unique()
        for each in made.values()
        if {"ward", "locality"} <= each.attributes
    ]
    if not pairs:
        return []
    places = pl.concat(pairs).unique().sort("ward", "locality")
    split = places.filter(pl.col("ward").is_duplicated() & (pl.col("ward") != NOT_KNOWN))
    if not split.is_empty():
        raise InputError(
            f"small_areas: ward {split['ward'][0]!r} lies in more than one locality; give each ward one locality."
        )
    certain = places.filter(pl.col("ward").is_unique())
    return [("ward", ward, "locality", locality) for ward, locality in certain.rows()]
