"""Repeats that chance does not explain, on the release that has one and on counts with one planted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.catalogue.arithmetic import Arithmetic
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.reconciliation import repeats
from jsna_pipeline.reconciliation.exceptions import HeldTable, held
from jsna_pipeline.sources.folder import LandingFolder

COUNTS = [f"count_{number}" for number in range(8)]
AUTHORITIES = geography.local_authorities()


def release(seed: int, years: int = 2) -> pd.DataFrame:
    """Independent counts of every authority, and its regions and England as their sums, for some years."""
    random = np.random.default_rng(seed)
    parts = []
    for year in range(years):
        means = random.uniform(30, 300, (len(AUTHORITIES), len(COUNTS)))
        own = pd.DataFrame(random.poisson(means).astype("float64"), columns=COUNTS)
        region = AUTHORITIES["region_code"]
        above = own.groupby(region).sum()
        codes = [*AUTHORITIES["area_code"], *above.index, geography.ENGLAND]
        table = pd.concat([own, above, own.sum().to_frame().T], ignore_index=True).assign(area_code=codes)
        parts.append(table.assign(period=str(2020 + year)))
    table = pd.concat(parts, ignore_index=True).assign(dimension="total", category="total", source_file="f.csv")
    attributes = geography.attributes(table["area_code"])
    return table.assign(
        area_name=attributes["area_name"], area_level=attributes["area_level"], source_line=np.arange(len(table)) + 2
    )


def found_in(table: pd.DataFrame) -> pd.DataFrame:
    return repeats.find(HeldTable("dfe__made_up", Arithmetic(), table), COUNTS)[0]


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_independent_counts_hold_no_repeat_and_a_planted_copy_is_found(seed: int) -> None:
    table = release(seed)
    assert found_in(table).empty
    random = np.random.default_rng(seed)
    copied, onto = random.choice(len(AUTHORITIES), 2, replace=False)
    table.loc[onto, COUNTS] = table.loc[copied, COUNTS].to_numpy()
    found = found_in(table)
    assert set(found["area_code"]) == set(AUTHORITIES["area_code"].iloc[[copied, onto]])
    assert set(found["period"]) == {"2020"}
    assert found["exception_class"].eq("source_defect").all()


def test_a_row_carried_forward_is_found_in_the_later_year_alone() -> None:
    table = release(1)
    later = table.index[(table["area_code"] == "E08000010") & (table["period"] == "2021")]
    earlier = table.index[(table["area_code"] == "E08000010") & (table["period"] == "2020")]
    table.loc[later, COUNTS] = table.loc[earlier, COUNTS].to_numpy()
    found = found_in(table)
    assert found[["area_code", "period"]].to_numpy().tolist() == [["E08000010", "2021"]]
    assert "those of 2020 again" in found["evidence"].iloc[0]


def test_what_is_counted_in_thousands_of_millions_of_pounds_is_compared_as_people_are() -> None:
    table = release(4, years=1)
    table[COUNTS] = np.random.default_rng(4).integers(6e8, 9e9, table[COUNTS].shape).astype("float64")
    assert found_in(table).empty
    table.loc[1, COUNTS] = table.loc[0, COUNTS].to_numpy()
    found = found_in(table)
    assert set(found["area_code"]) == set(AUTHORITIES["area_code"].iloc[:2])
    assert found["evidence"].str.startswith("All 8 different counts are the same in 2 areas").any()


def test_a_region_of_one_authority_may_equal_it_and_a_region_of_several_may_not() -> None:
    table = release(2, years=1)
    region = AUTHORITIES["region_code"].iloc[0]
    inside = table["area_code"].isin(AUTHORITIES.loc[AUTHORITIES["region_code"] == region, "area_code"])
    first = inside & (table["area_code"] == AUTHORITIES["area_code"].iloc[0])
    alone = table.copy()
    alone.loc[inside & ~first, COUNTS] = 0
    alone.loc[alone["area_code"] == region, COUNTS] = alone.loc[first, COUNTS].to_numpy()
    assert found_in(alone).empty
    several = table.copy()
    several.loc[first, "count_3"] = several.loc[several["area_code"] == region, "count_3"].iloc[0]
    found = found_in(several)
    assert found[["area_code", "column"]].to_numpy().tolist() == [[AUTHORITIES["area_code"].iloc[0], "count_3"]]


def test_small_cells_and_zeros_may_be_equal() -> None:
    table = release(3)
    table[COUNTS] = np.minimum(table[COUNTS], 4)
    assert found_in(table).empty


@pytest.mark.landing
def test_the_release_of_2025_repeats_one_total_in_every_authority_of_a_region(landing: Path) -> None:
    """newplans.csv prints 6,078, the total of Yorkshire and The Humber in 2022, for each of its 15 authorities."""
    dataset = datasets()["dfe__sen2_new_plans"]
    core = core_table(dataset, LandingFolder(landing, "2025")).table
    found, covered = repeats.find(held(dataset, core), repeats.count_columns(dataset))
    assert len(found) == 15
    assert set(found["column"]) == {"new_plans"} and set(found["published"]) == {6078}
    assert set(found["period"]) == {"2022"} and set(found["dimension"]) == {"total"}
    assert set(geography.attributes(found["area_code"])["region_code"]) == {"E12000003"}
    assert found["evidence"].str.startswith("15 of the 15 areas").all()
    assert covered["compared"].sum() == core[list(repeats.count_columns(dataset))].notna().to_numpy().sum()
