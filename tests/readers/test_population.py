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
from jsna_pipeline.schemas.ons import PopulationByAge, PopulationChange
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

DATASET = datasets()["ons__population_by_age"]
CHANGE = datasets()["ons__population_change"]
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


def test_age_bands_of_the_workbook_are_its_ages_added_up(landing: Path) -> None:
    table = read(LandingFolder(landing, "2025").require(DATASET).chosen[0]).table
    wigan = table.query("area_code == 'E08000010' and sex == 'persons' and dimension == 'age_band'")
    assert wigan.set_index("category")["population"].to_dict() == {
        "0 to 4": 18167,
        "5 to 10": 23818,
        "11 to 15": 20752,
        "16 to 19": 14703,
        "20 to 25": 20824,
    }
    assert set(wigan["population_of_bands"]) == {98264} and len(table.query("dimension == 'age_band'")) == 163 * 3 * 5
    young = table[table["category"].isin([str(age) for age in range(26)]) & (table["dimension"] == "age")]
    by_age = young.groupby(["area_code", "sex"])["population"].sum()
    beside = table.query("dimension == 'total'").set_index(["area_code", "sex"])["population_of_bands"]
    pd.testing.assert_series_equal(by_age, beside.sort_index(), check_names=False)


def test_a_band_is_given_only_with_all_of_its_ages() -> None:
    ages = pd.DataFrame({"category": ["0", "1", "2", "90+"], "population": [10.0, 20.0, None, 5.0], "sex": "persons"})
    ages = ages.assign(area_code="E08000010", area_name="Wigan", area_level="local_authority", dimension="age")
    ages = ages.assign(period="2023", period_type="calendar_year", source_file="x", source_line=4)
    found = population.with_age_bands(ages, {"0 to 1": [0, 1], "2 to 3": [2, 3]})
    bands = found[found["dimension"] == "age_band"]
    assert bands[["category", "population", "source_line"]].to_numpy().tolist() == [["0 to 1", 30.0, 4]]
    assert found["population_of_bands"].isna().all() and set(found["population_of_bands_status"]) == {"unavailable"}
    assert set(population.with_age_bands(ages, {"0 to 1": [0, 1]})["population_of_bands"]) == {30.0}


def test_births_deaths_and_moves_lead_from_one_estimate_to_the_next(landing: Path) -> None:
    result = population.read(LandingFolder(landing, "2025").require(CHANGE).chosen[0], CHANGE, PopulationChange)
    table = validate(result.table, table_schema(PopulationChange), name="change").set_index("area_code")
    assert len(table) == 163 and set(table["period"]) == {"2023"} and set(table["period_type"]) == {"calendar_year"}
    wigan = table.loc["E08000010"]
    assert wigan[["births", "moved_in", "arrived", "population_before", "population"]].tolist() == [
        *(3374, 14336, 3104),
        *(334014, 339174),
    ]
    known = table[table["moved_in"].notna()]
    after = known["population_before"] + known["births"] - known["deaths"] + known["arrived"] - known["emigrated"]
    after += known["moved_in"] - known["moved_out"]
    # "Other" holds prisoners and the armed forces: a few hundred people at most
    assert len(known) == 132 and ((known["population"] - after).abs() / known["population"]).max() < 0.01
    local = table[table["area_level"] == "local_authority"]
    assert local[["births", "deaths"]].sum().equals(table.loc["E92000001", ["births", "deaths"]].astype(float))


def test_no_data_on_moves_is_missing_and_the_estimates_are_told_by_their_year(tmp_path: Path) -> None:
    estimates = ["Estimated Population mid-2018", "Estimated Population mid-2019"]
    moves = [f"{kind} Migration {way}" for kind in ("Internal", "International") for way in ("Inflow", "Outflow")]
    header = ["Code", "Name", "Geography", estimates[1], "Births", "Deaths", *moves, estimates[0]]
    row = ["E92000001", "ENGLAND", "Country", 1010, 20, 15, "No data", "No data", 12, 7, 1000]
    table = population.read(workbook(tmp_path, header, [row], sheets=("MYE3",)), CHANGE, PopulationChange).table
    assert table[["population_before", "population", "births", "emigrated"]].iloc[0].tolist() == [1000, 1010, 20, 7]
    assert table["moved_in"].isna().all() and table["moved_in_status"].tolist() == ["unavailable"]
    with pytest.raises(InputError, match=r"columns 'Estimated Population mid-2018', .* missing from the header"):
        population.read(
            workbook(tmp_path, [*header[:3], "Births"], [row[:4]], sheets=("MYE3",)), CHANGE, PopulationChange
        )


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
