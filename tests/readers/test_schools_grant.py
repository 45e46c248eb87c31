"""The dedicated schools grant: the allocated pounds, and workbooks with a fault."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import schools_grant
from jsna_pipeline.schemas.base import table_schema
from jsna_pipeline.schemas.dfe_money import GrantBlocks, GrantTotals
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile
from seeds.generator.schools_grant import ods_bytes
from seeds.generator.writing import xlsx_bytes

TOTALS, BLOCKS = datasets()["dfe__schools_grant_totals"], datasets()["dfe__schools_grant_blocks"]
HEADER = ["la_code", "la_name", "Total DSG allocation (£s)", "time_period"]
SUMMARY = ["Schools block (£s)", "High needs block (£s)", "Early years block (£s)", "Total DSG allocation (£s)"]
SUMMARY += ["Schools block (£s)", "High needs block allocation (£s)"]
NEEDS = ["Import/export adjustment (based on January) (£s)", "Total high needs block before deductions (£s)"]


def workbook(folder: Path, *rows: list[object]) -> PublishedFile:
    path = folder / "DSG_by_year.xlsx"
    path.write_bytes(xlsx_bytes({"dsg_budget_1": [HEADER, *rows]}))
    return PublishedFile(path, path.name)


def allocations(folder: Path, title: str = "allocations 2022 to 2023", **sheets: str) -> PublishedFile:
    names = {"Allocations_summary": "Allocations_summary", "High_needs_block": "High_needs_block"} | sheets
    path = folder / "dedicated-schools-grant_2023.ods"
    summary = [[title], ["", "", *SUMMARY], [" ", " ", "[A]"], [359, "Wigan", 60, 30, 10, 100, 20, 25]]
    needs = [["high needs"], ["", "", *NEEDS], [359, "Wigan", -6, 30]]
    path.write_bytes(ods_bytes({names["Allocations_summary"]: summary, names["High_needs_block"]: needs}))
    return PublishedFile(path, path.name)


@pytest.mark.landing
def test_pounds_of_five_years(landing: Path) -> None:
    table = core_table(TOTALS, LandingFolder(landing, "2025")).table.set_index(["area_code", "period"])["total"]
    assert table["E08000010"].round().tolist() == [254811489, 268311136, 290497010, 303352098, 322416954]
    assert table[("E06000063", "2023/24")] == 256126117
    # Authorities add up to their regions and to England: none is missing and none is counted twice.
    levels = core_table(TOTALS, LandingFolder(landing, "2025")).table
    spread = levels.pivot_table(index="period", columns="area_level", values="total", aggfunc="sum")
    assert ((spread["local_authority"] - spread["england"]).abs() < 200).all()
    assert ((spread["region"] - spread["england"]).abs() < 200).all()


@pytest.mark.landing
def test_blocks_of_a_workbook_without_its_type(landing: Path) -> None:
    path = landing / "2025" / "dedicated-schools-grant" / "dedicated-schools-grant_2023_07_20.ods"
    assert "mimetype" not in zipfile.ZipFile(path).namelist()
    table = schools_grant.read_blocks(PublishedFile(path, path.name), BLOCKS, GrantBlocks).table
    table = validate(table, table_schema(GrantBlocks), name="blocks").set_index("area_code")
    assert set(table["period"]) == {"2022/23"} and table["area_level"].value_counts()["local_authority"] == 150
    wolverhampton = table.loc["E08000031"]
    assert (wolverhampton["high_needs"], wolverhampton["import_export"]) == (52609298, -42000)
    england = table.loc["E92000001", ["schools", "high_needs", "early_years", "total", "high_needs_deducted"]]
    assert england.tolist() == [40539040980, 8988258915, 3708672404, 53635279409, 7985737357]


def test_london_twice_is_one_and_groups_are_no_areas(tmp_path: Path) -> None:
    file = workbook(
        tmp_path, ["ENGLAND", "", 3, "202324"], ["LONDON", "", 2, "202324"], ["London", "", 2, "202324"],
        ["UNITARY AUTHORITIES", "", 1, "202324"], ["359", "Wigan", 1.5, "202324"],
    )  # fmt: skip
    table = schools_grant.read_totals(file, TOTALS, GrantTotals).table
    assert dict(zip(table["area_code"], table["total"], strict=True)) == {
        "E92000001": 3, "E12000007": 2, "E08000010": 1.5,
    }  # fmt: skip
    assert table["source_line"].tolist() == [2, 3, 6]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["111", "Nowhere", 1, "202324"]], "row 2: the first column names no area"),
        ([["London", "", 2, "202324"], ["LONDON", "", 3, "202324"]], "row 3: the area stands there twice"),
        ([["359", "Wigan", "lots", "202324"]], "line 2: 'lots' is neither a number nor a known marker"),
    ],
)
def test_a_faulty_row_of_the_totals_is_refused(tmp_path: Path, rows: list[list[object]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        schools_grant.read_totals(workbook(tmp_path, *rows), TOTALS, GrantTotals)


def test_a_year_that_is_none_is_rejected(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["359", "Wigan", 1, "202324"], ["351", "Bury", 1, "2023"])
    result = schools_grant.read_totals(file, TOTALS, GrantTotals)
    assert result.table["area_code"].tolist() == ["E08000010"] and result.rejects["line"].tolist() == [3]
    assert result.rows_read == 2


def test_two_sheets_make_one_row_and_a_fault_is_named(tmp_path: Path) -> None:
    table = schools_grant.read_blocks(allocations(tmp_path), BLOCKS, GrantBlocks).table
    values = ["schools", "high_needs", "early_years", "total", "high_needs_deducted", "import_export"]
    assert table[values].iloc[0].tolist() == [60, 30, 10, 100, 25, -6]
    assert pd.unique(table["period"]).tolist() == ["2022/23"]
    with pytest.raises(InputError, match="does not say its financial year"):
        schools_grant.read_blocks(allocations(tmp_path, title="allocations"), BLOCKS, GrantBlocks)
    with pytest.raises(InputError, match="no sheet 'High_needs_block'"):
        schools_grant.read_blocks(allocations(tmp_path, High_needs_block="Notes"), BLOCKS, GrantBlocks)
