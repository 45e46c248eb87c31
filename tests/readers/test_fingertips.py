"""Fingertips: three real regional exports, and every drift of header, period and note on small files."""

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.quarantine import quarantine
from jsna_pipeline.readers import fingertips
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.base import SOURCE_COLUMNS, table_schema
from jsna_pipeline.schemas.ohid import Fingertips
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

DATASET = datasets()["ohid__fingertips"]
NATIVE = [
    "Indicator ID",
    "Indicator Name",
    "Parent Code",
    "Parent Name",
    "Area Code",
    "Area Name",
    "Area Type",
    "Sex",
    "Age",
    "Category Type",
    "Category",
    "Time period",
    "Value",
    "Lower CI 95.0 limit",
    "Upper CI 95.0 limit",
    "Lower CI 99.8 limit",
    "Upper CI 99.8 limit",
    "Count",
    "Denominator",
    "Value note",
    "Recent Trend",
    "Compared to England value or percentiles",
    "Compared to Regions (statistical) value or percentiles",
    "Time period Sortable",
    "New data",
    "Compared to goal",
]


def row(**cells: str) -> dict[str, str]:
    usual = {
        "Indicator ID": "90323",
        "Area Code": "E08000010",
        "Area Type": "Upper tier local authorities (post 4/23)",
        "Sex": "Persons",
        "Age": "10-11 yrs",
        "Time period": "2023/24",
        "Value": "24.5",
        "Count": "980",
        "Denominator": "4000",
    }
    return dict.fromkeys(NATIVE, "") | usual | {name.replace("_", " "): text for name, text in cells.items()}


def read(folder: Path, rows: list[dict[str, str]], rename: dict[str, str] | None = None) -> ReadResult:
    path = folder / "indicators-UpperTier.data.csv"
    pd.DataFrame(rows).rename(columns=rename or {}).to_csv(path, index=False, encoding="utf-8-sig", quoting=1)
    return fingertips.read(PublishedFile(path, path.name), DATASET, Fingertips)


def test_regional_exports_agree_on_england(landing: Path) -> None:
    files = LandingFolder(landing, "2025").require(DATASET).chosen
    assert [file.path.name for file in files] == [
        "northwest 2019.csv",
        "southwest 2019.csv",
        "westmidlands 2019.csv",
    ]
    results = [fingertips.read(file, DATASET, Fingertips) for file in files]
    table = pd.concat([result.table for result in results], ignore_index=True)
    identity = [name for name in table.columns if name not in SOURCE_COLUMNS]
    once = validate(table.drop_duplicates(identity), table_schema(Fingertips), name="fingertips")
    assert len(once) == 175 + 119 + 112 - 2 * 7  # seven indicators of England stand in each file
    assert not once.duplicated([name for name in identity if name not in {"value", "count"}]).any()
    smoking = once[(once["indicator"] == "92443") & (once["area_code"] == "E08000010")].iloc[0]
    assert (smoking["value"], smoking["lower_ci"], smoking["upper_ci"]) == (17.0063, 14.2361, 19.7765)
    assert (smoking["period"], smoking["period_type"]) == ("2019", "calendar_year")
    assert (once["value_status"] == "suppressed").sum() == 3  # "* Value suppressed for disclosure control …"
    assert set(once.loc[once["area_level"] == "region", "area_name"]) == {
        "North West",
        "South West",
        "West Midlands",
    }


def test_a_derived_table_is_not_the_native_export(landing: Path) -> None:
    path = landing / "2025" / "fingertips" / "obese_year6.csv"
    assert not any(pattern.matches(path.name) for pattern in DATASET.files)
    with pytest.raises(InputError, match=r"obese_year6\.csv: columns 'Category Type', .* missing from the header"):
        fingertips.read(PublishedFile(path, path.name), DATASET, Fingertips)


@pytest.mark.parametrize(
    "rename",
    [
        {},
        {
            "Area Name": "AreaName",
            "Compared to Regions (statistical) value or percentiles": "Compared to parent",
        },
        {name: name.replace(" ", "") for name in NATIVE},
        {name: name.replace(" ", "_") for name in NATIVE},
    ],
)
def test_spellings_of_the_header_are_one(tmp_path: Path, rename: dict[str, str]) -> None:
    result = read(tmp_path, [row()], rename)
    assert result.table[["indicator", "value", "count"]].to_numpy().tolist() == [["90323", 24.5, 980.0]]
    assert result.notes == ()


def test_an_added_column_is_a_note(tmp_path: Path) -> None:
    assert "Polarity" in read(tmp_path, [row() | {"Time period range": "1y", "Polarity": "low"}]).notes[0]


@pytest.mark.parametrize(
    ("indicator", "text", "period_type"),
    [
        ("90323", "2023/24", "academic_year"),  # National Child Measurement Programme
        ("90808", "2023/24", "financial_year"),
        ("90808", "2022", "calendar_year"),
        ("90808", "2017/18 - 19/20", "rolling"),
        ("90808", "2018 - 20", "rolling"),
    ],
)
def test_periods(tmp_path: Path, indicator: str, text: str, period_type: str) -> None:
    table = read(tmp_path, [row(Indicator_ID=indicator, Time_period=text)]).table
    assert table[["period", "period_type"]].to_numpy().tolist() == [[text, period_type]]


def test_splits_repeats_districts_and_odd_periods(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        [
            row(),
            row(Area_Type="Lower tier local authorities"),  # the same figure of a unitary under two area types
            row(Category_Type="District deprivation deciles", Category="Most deprived decile", Value="31"),
            row(Area_Code="E07000223", Area_Type="Lower tier local authorities"),
            row(Time_period="2023/24 Q1"),
            row(Time_period="lately"),
        ],
    )
    table = quarantine(result, Fingertips, file="x").table if len(result.rejects) == 0 else result.table
    assert table[["dimension", "category"]].to_numpy().tolist() == [
        ["total", "total"],
        ["District deprivation deciles", "Most deprived decile"],
    ]
    assert result.rejects["line"].tolist() == [7] and result.rows_read == 3
    assert any("quarter" in note for note in result.notes) and any("districts" in note for note in result.notes)


def test_why_a_value_is_blank(tmp_path: Path) -> None:
    note = '<span class="tooltipValueNote">* Value suppressed for disclosure control due to small count</span>'
    result = read(
        tmp_path,
        [
            row(Value="", Count="", Value_note=note),
            row(Value="", Sex="Male", Value_note="Value not published for data quality reasons"),
            row(Sex="Female", Value_note="There is a data quality issue with this value"),
        ],
    )
    assert result.table["value_status"].tolist() == ["suppressed", "unavailable", "low_reliability"]
    assert result.table["value"].notna().tolist() == [False, False, True]
    assert result.table["count_status"].tolist() == ["suppressed", "ok", "ok"]


def test_file_faults_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2: a text of 7 characters is neither a number nor a known marker"):
        read(tmp_path, [row(Value="about 3")])
    with pytest.raises(InputError, match="column 'Value note' missing from the header"):
        read(tmp_path, [row()], {"Value note": "Remarks"})
    with pytest.raises(InputError, match="no row is for England, a region or an upper-tier authority"):
        read(tmp_path, [row(Area_Code="E54000057")])
