"""ONS mid-year estimates: accounting identities of the real workbook, and older layouts on small ones."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import population
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.base import table_schema
from jsna_pipeline.schemas.ons import PopulationByAge
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

DATASET = datasets()["ons__population_by_age"]
SHEETS = ("MYE2 - Persons", "MYE2 - Females", "MYE2 - Males")


def workbook(
    folder: Path,
    header: list,
    rows: list[list],
    title: str = "mid-2019",
    sheets: tuple[str, ...] = SHEETS,
    name: str = "mye.xlsx",
) -> PublishedFile:
    book = Workbook()
    book.remove(book.active)
    for sheet_name in sheets:
        sheet = book.create_sheet(sheet_name)
        for row in [[title], [""], header, *rows]:
            sheet.append(row)
    book.save(folder / name)
    return PublishedFile(folder / name, name)


def read(file: PublishedFile) -> ReadResult:
    return population.read(file, DATASET, PopulationByAge)


def test_the_workbook_of_mid_2023(landing: Path) -> None:
    result = read(LandingFolder(landing, "2025").require(DATASET).chosen[0])
    table = validate(result.table, table_schema(PopulationByAge), name="population")
    assert set(table["period"]) == {"2023"} and set(table["population_status"]) == {"ok"}
    everyone = table[(table["sex"] == "persons") & (table["dimension"] == "total")].set_index("area_code")["population"]
    assert everyone["E08000010"] == 339174
    levels = table.drop_duplicates("area_code")["area_level"].value_counts().to_dict()
    assert levels == {"local_authority": 153, "region": 9, "england": 1}
    local = everyone[table.drop_duplicates("area_code").query("area_level == 'local_authority'")["area_code"]]
    assert local.sum() == everyone["E92000001"]
    by_age = table[table["dimension"] == "age"].groupby(["area_code", "sex"])["population"].sum()
    totals = table[table["dimension"] == "total"].set_index(["area_code", "sex"])["population"]
    pd.testing.assert_series_equal(by_age, totals.sort_index(), check_names=False)
    female, male, persons = (totals.xs(sex, level="sex") for sex in ("female", "male", "persons"))
    assert (female + male == persons).all()
    assert "90+" in set(table["category"]) and "89" in set(table["category"])


def test_older_headings_and_a_year_from_the_file_name(tmp_path: Path) -> None:
    header = ["Code", "Name", "Geography1", "All ages", "0.0", "1.0", "90+"]
    rows = [
        ["E92000001", "ENGLAND", "Country", "6,000", 1000, 2000, 3000],
        ["E10000023", "North Yorkshire", "County", 60, 10, 20, 30],
        ["E07000223", "Adur", "Non-metropolitan District", 6, 1, 2, 3],
        ["W06000022", "Newport", "Unitary Authority", 6, 1, 2, 3],
    ]
    table = read(workbook(tmp_path, header, rows, title="", name="mye19.xlsx")).table
    assert set(table["period"]) == {"2019"}
    assert list(table["area_code"].unique()) == ["E92000001", "E06000065"]
    assert list(table["category"].unique()) == ["total", "0", "1", "90+"]
    assert table["population"].iloc[0] == 6000 and table["source_line"].iloc[0] == 4


def test_file_faults_are_one_sentence(tmp_path: Path) -> None:
    header = ["Code", "Name", "Geography", "All ages", "0", "1", "90+"]
    wigan = ["E08000010", "Wigan", "Metropolitan District", 6, 1, 2, 3]
    with pytest.raises(InputError, match="no sheet 'MYE2 - Females'"):
        read(workbook(tmp_path, header, [wigan], sheets=(SHEETS[0], SHEETS[2])))
    with pytest.raises(InputError, match="lacks ages 0, 1, 2"):
        read(workbook(tmp_path, [*header[:4], "0", "2", "90+"], [wigan]))
    with pytest.raises(InputError, match="line 4: 'many' is neither"):
        read(workbook(tmp_path, header, [[*wigan[:4], "many", 2, 3]]))
    with pytest.raises(InputError, match="has no rows under the headings"):
        read(workbook(tmp_path, header, []))
    with pytest.raises(InputError, match="which mid-year it is"):
        read(workbook(tmp_path, header, [wigan], title="Population"))
