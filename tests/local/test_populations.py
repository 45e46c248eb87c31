"""All populations of an area that holds every return, and every table that is made of them."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from jsna_pipeline.catalogue.local_tables import LocalTable, local_tables
from jsna_pipeline.local.amounts import amount_statistics
from jsna_pipeline.local.counts import CELL_COLUMNS, answered_crosses, count_tables, nests
from jsna_pipeline.local.populations import populations
from jsna_pipeline.local.statistics import STATISTIC_COLUMNS
from jsna_pipeline.local.units import AreaRecords, Population
from jsna_pipeline.local.waits import wait_statistics
from tests.local.invented_returns import every_return


@cache
def area() -> tuple[AreaRecords, dict[str, Population]]:
    records = every_return(400)
    return records, populations(records)


TABLES = list(local_tables().values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_table_can_be_answered_where_every_return_is_held(table: LocalTable) -> None:
    counted = area()[1][table.population]
    assert answered_crosses(table, counted) == table.crosses
    by = [*(table.wait.by if table.wait else []), *(table.amount.by if table.amount else [])]
    assert counted.attributes >= set(by)
    assert counted.period_type == table.period_type
    if table.share is not None:
        found = set(counted.units[table.share.dimension])
        assert {table.share.category, *table.share.among} <= found
    for same in table.published_as:
        assert same.dimension == "total" or set(same.categories) <= set(counted.units[same.dimension]) | {"not_known"}


def test_no_person_and_no_birth_is_in_a_population() -> None:
    for counted in area()[1].values():
        assert not {"person", "birth_month", "linked_by"} & counted.attributes, counted.id
        assert not any(name.endswith("_key") for name in counted.units.columns), counted.id
        assert all(counted.units.schema[name] == pl.String for name in counted.attributes), counted.id


def test_a_cell_has_one_count_and_every_margin_is_the_sum_of_its_parts() -> None:
    counts = count_tables(area()[1], TABLES)
    assert counts.groupby(["population", "period", *CELL_COLUMNS])["count"].nunique().max() == 1
    whole = counts[counts["dimension_1"] == "total"].set_index(["table_id", "population"])["count"]
    simple = counts[(counts["dimension_1"] != "total") & (counts["dimension_2"] == "total")]
    for (table_id, counted, _), cells in simple.groupby(["table_id", "population", "dimension_1"]):
        if not local_tables()[table_id].filters:
            assert cells["count"].sum() == whole[table_id, counted]


def test_nested_dimensions_lie_in_one_another_in_every_population() -> None:
    made = area()[1]
    for (child, parent), pairs in nests(made).groupby(["dimension", "parent_dimension"]):
        allowed = set(zip(pairs["category"], pairs["parent_category"], strict=True))
        for counted in made.values():
            if {child, parent} <= counted.attributes:
                assert set(counted.units.select(child, parent).unique().rows()) <= allowed, (counted.id, child)


def test_statistics_are_in_the_columns_of_the_contract() -> None:
    made = area()[1]
    for found in (wait_statistics(made, TABLES), amount_statistics(made, TABLES)):
        assert list(found.columns) == STATISTIC_COLUMNS and len(found)
        assert not found.duplicated(["table_id", "dimension", "category", "statistic"]).any()
        assert (found["contributors"] > 0).all()


def test_sen2_alone_is_enough_and_each_other_return_may_be_absent() -> None:
    records = every_return(60)
    alone = {name: table for name, table in records.tables.items() if name.startswith("sen2_")}
    made = populations(AreaRecords(alone, records.year, records.la_code))
    assert {"plans", "requests", "open_cases", "issued_plans", "ceased_plans", "waits_plans"} <= made.keys()
    assert count_tables(made, TABLES)["table_id"].nunique() >= 15
    for return_id in {name.rsplit("_", 1)[0] for name in records.tables}:
        rest = {name: table for name, table in records.tables.items() if not name.startswith(return_id)}
        populations(AreaRecords(rest, records.year, records.la_code))
    assert populations(AreaRecords({}, records.year, records.la_code)) == {}


def test_an_empty_table_makes_an_empty_population() -> None:
    records, _ = area()
    empty = {name: table.clear() for name, table in records.tables.items()}
    made = populations(AreaRecords(empty, records.year, records.la_code))
    assert all(counted.units.is_empty() for counted in made.values())
    assert count_tables(made, TABLES).empty
    assert wait_statistics(made, TABLES).empty
