"""The star schema: related again it is the flat table, and every tool can read its types."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report.datapack.columns import columns_of
from jsna_pipeline.report.datapack.reference import reference_of
from jsna_pipeline.report.datapack.star import RELATIONS, Star, star_of
from tests.report.datapack import invented_pack as pack

FLAT = {"fact_observation": "observations", "fact_comparison": "comparisons", "fact_trend": "trends"}


@pytest.fixture(scope="module")
def star() -> Star:
    return star_of(pack.view(), reference_of(pack.report(), pack.view()))


def read(star: Star, name: str) -> pd.DataFrame:
    return pq.read_table(io.BytesIO(star.parquet(name, {"marking": "Draft"}))).to_pandas()


def related(star: Star, name: str) -> pd.DataFrame:
    """A fact with the columns of its dimensions, as a tool relates them: each key on one row of its dimension."""
    table = read(star, name)
    for key, dimension in RELATIONS[name].items():
        table = table.merge(read(star, dimension), on=key, how="left", validate="m:1", suffixes=("", "_too"))
    return table


@pytest.mark.parametrize("fact", FLAT)
def test_relating_the_tables_gives_back_the_flat_one(star: Star, fact: str) -> None:
    flat = {"fact_observation": pack.observed(), "fact_comparison": pack.compared(), "fact_trend": pack.trended()}[fact]
    names = [column.name for column in columns_of(FLAT[fact])]
    pd.testing.assert_frame_equal(related(star, fact)[names], flat[names], check_dtype=False)


@pytest.mark.parametrize("fact", FLAT)
def test_no_key_is_missing_and_each_leads_to_one_row(star: Star, fact: str) -> None:
    table = read(star, fact)
    for key, dimension in RELATIONS[fact].items():
        keys = read(star, dimension)[key]
        assert keys.is_unique and keys.tolist() == list(range(1, len(keys) + 1))
        assert table[key].dtype == "int64" and set(table[key]) <= set(keys)


def test_types_are_plain_and_the_marking_is_in_the_file(star: Star) -> None:
    for name in star.tables:
        file = pq.read_schema(io.BytesIO(star.parquet(name, {"marking": "Draft"})))
        assert {str(kind) for kind in file.types} <= {"string", "int64", "double", "bool", "date32[day]"}, name
        assert file.metadata == {b"marking": b"Draft"}, "no Arrow schema, whose types readers differ on"


def test_areas_have_their_role_and_neighbours_their_rank(star: Star) -> None:
    roles = {row.area_code: (row.role, row.neighbour_rank) for row in star.tables["dim_area"].itertuples()}
    assert roles[pack.WIGAN][0] == "this_area" and roles[pack.ENGLAND][0] == "england"
    assert roles[pack.NORTH_WEST][0] == "region" and roles[pack.NEIGHBOUR] == ("statistical_neighbour", 1)


def test_periods_stand_in_the_order_of_time_with_their_last_day(star: Star) -> None:
    periods = read(star, "dim_period")
    assert periods["last_day"].is_monotonic_increasing
    january = periods.loc[periods["period_type"] == "january_snapshot", ["period_in_words", "last_day"]]
    assert [(words, str(day)) for words, day in january.itertuples(index=False)] == [
        ("January 2024", "2024-01-31"),
        ("January 2025", "2025-01-31"),
    ]


def test_a_figure_that_names_what_no_table_knows_stops_the_build() -> None:
    view = pack.view()
    strange = replace(view, observed=view.observed.assign(source_id="nobody__knows"))
    with pytest.raises(BuildError, match=r"^24 rows of fact_observation name a source that no table of it knows\.$"):
        star_of(strange, reference_of(pack.report(), strange))


def test_nothing_of_the_areas_own_is_in_it(star: Star) -> None:
    public, named = (
        star_of(one, reference_of(pack.report(), one)) for one in (pack.view(), pack.view(restricted=True))
    )
    for name in public.tables:
        assert public.parquet(name, {}) == named.parquet(name, {})
