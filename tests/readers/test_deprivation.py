"""Indices of Deprivation 2019 and the list of districts: published counts, and joins on small tables."""

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import Dataset, FilePattern, datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import deprivation, district_hierarchy
from jsna_pipeline.schemas.base import table_schema
from jsna_pipeline.schemas.geography_lookup import DistrictHierarchy
from jsna_pipeline.schemas.mhclg import Deprivation, DeprivationDomains, DeprivationPopulation
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

INDEX, POPULATION = datasets()["mhclg__deprivation"], datasets()["mhclg__deprivation_population"]
DOMAINS = datasets()["mhclg__deprivation_domains"]
HIERARCHY = datasets()["dfe__la_lad_hierarchy"]

AREAS = "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),Local Authority District name (2019),"
FILE_1 = f"{AREAS}Index of Multiple Deprivation (IMD) Rank,Index of Multiple Deprivation (IMD) Decile"
FILE_6 = (
    f"{AREAS}Total population: mid 2015 (excluding prisoners),"
    "Dependent Children aged 0-15: mid 2015 (excluding prisoners)"
)
DISTRICTS = (
    "lad_code,lad_name,date_of_introduction,date_of_termination,status,new_la_code,la_name,old_la_code\n"
    "E08000010,Wigan,,,live,E08000010,Wigan,359\n"
    "E07000112,Shepway,,2017-12-01,terminated,E10000016,Kent,886\n"
    "E07000112,Folkestone and Hythe,2018-12-01,,live,E10000016,Kent,886\n"
    "E07000028,Carlisle,,2023-03-31,terminated,E10000006,Cumbria,909\n"
    "E07000027,Barrow-in-Furness,,2023-03-31,terminated,E10000006,Cumbria,909\n"
    "E07000187,Mendip,,2023-03-31,terminated,E10000027,Somerset,933\n"
    "E08000020,Gateshead,,2011-12-01,terminated,E08000020,Gateshead,390\n"
)


def text_file(folder: Path, name: str, text: str) -> PublishedFile:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig", newline="\r\n")
    return PublishedFile(path, name)


def landed(landing: Path, dataset: Dataset) -> tuple[PublishedFile, dict[str, PublishedFile]]:
    folder = LandingFolder(landing, "2025")
    wanted = dataset.options.get("companions", {})
    found = {name: folder.find_companion(FilePattern(**where)) for name, where in wanted.items()}
    return folder.require(dataset).chosen[0], {name: file for name, file in found.items() if file}


def test_small_areas_of_2019(landing: Path) -> None:
    file, companions = landed(landing, INDEX)
    result = deprivation.read(file, INDEX, Deprivation, companions)
    table = validate(result.table, Deprivation.to_schema(), name="deprivation")
    assert len(table) == 32844 and set(table["decile"].value_counts()) == {3284, 3285}
    # 26 pairs of areas tie and share the better rank
    assert (table["rank"].rank(method="min") == table["rank"]).all()
    assert (table["area_code"] == "E08000010").sum() == 200
    first = table[table["lsoa_code"] == "E01006212"].iloc[0]  # `"14,456"` in the file
    assert (first["lsoa_name"], first["rank"], first["decile"]) == ("Wigan 026A", 14456, 5)
    assert table["area_code"].nunique() == 153 and "E10000006" not in set(table["area_code"])


def test_children_by_decile_add_up(landing: Path) -> None:
    file, companions = landed(landing, POPULATION)
    result = deprivation.read_population(file, POPULATION, DeprivationPopulation, companions)
    table = validate(result.table, table_schema(DeprivationPopulation), name="population")
    whole = table[table["dimension"] == "total"].set_index("area_code")
    tenths = table[table["dimension"] == "deprivation_decile"]
    assert len(tenths) == 10 * len(whole) == 10 * 163 and len(result.rejects) == 0
    for name in ("children", "population"):
        pd.testing.assert_series_equal(tenths.groupby("area_code")[name].sum(), whole[name].sort_index())
        local = whole.loc[whole["area_level"] == "local_authority", name].sum()
        assert local == whole.loc[whole["area_level"] == "region", name].sum() == whole.loc["E92000001", name]
    wigan = tenths[(tenths["area_code"] == "E08000010") & (tenths["category"] == "1")].iloc[0]
    assert wigan["children"] / wigan["children_in_area"] == 11923 / 60273


def test_children_by_domain_are_those_of_files_2_and_6(landing: Path) -> None:
    """Expected counts were added up from the two files by a spreadsheet-like join, apart from this code."""
    file, companions = landed(landing, DOMAINS)
    result = deprivation.read_population(file, DOMAINS, DeprivationDomains, companions)
    table = validate(result.table, table_schema(DeprivationDomains), name="domains")
    assert len(table) == 163 * 7 and result.rejects.empty
    counts = table.pivot_table(index="area_code", columns="category", values="children")
    domains = ["income", "education", "health", "housing_and_services", "crime"]
    assert counts.loc["E08000010", domains].tolist() == [10084, 10619, 14654, 0, 14221]
    # Allerdale, Carlisle and Copeland
    assert counts.loc["E06000063", domains].tolist() == [4857, 10293, 9198, 4756, 864]
    assert set(table.loc[table["area_code"] == "E06000063", "children_in_area"]) == {46415}
    local = counts[counts.index.isin(table.loc[table["area_level"] == "local_authority", "area_code"])]
    assert (local.sum() == counts.loc["E92000001"]).all()


def test_only_the_first_decile_of_a_domain_counts() -> None:
    imd = pd.DataFrame(
        {"lsoa_code": ["E01000001", "E01000002"], "area_code": "E08000010", "income": [1, 2], "crime": 1}
    )
    people = pd.DataFrame(
        {"lsoa_code": ["E01000001", "E01000002"], "children": [30, 10], "population": [100, 50], "source_line": [2, 3]}
    )
    table = deprivation.children_by_domain(imd, people, {"income": "Income", "crime": "Crime"})
    wigan = table.query("area_code == 'E08000010'").set_index("category")
    assert wigan["children"].to_dict() == {"income": 30, "crime": 40}
    assert set(wigan["children_in_area"]) == {40} and set(wigan["source_line"]) == {2}


def test_districts_belong_to_the_authorities_of_today(tmp_path: Path) -> None:
    file = text_file(tmp_path, "la_lad_hierarchy.csv", DISTRICTS)
    result = district_hierarchy.read(file, HIERARCHY, DistrictHierarchy)
    table = validate(result.table, DistrictHierarchy.to_schema(), name="districts").set_index("district_code")
    assert table["area_code"].to_dict() == {
        "E08000010": "E08000010",
        "E07000112": "E10000016",
        "E07000028": "E06000063",
        "E07000027": "E06000064",
        "E07000187": "E06000066",
        "E08000020": "E08000037",
    }
    assert table.loc["E07000112", "district_name"] == "Folkestone and Hythe"


def test_all_published_districts_are_placed(landing: Path) -> None:
    file, _ = landed(landing, HIERARCHY)
    table = district_hierarchy.read(file, HIERARCHY, DistrictHierarchy).table
    assert table["area_code"].nunique() == 153
    cumberland = table[(table["area_code"] == "E06000063") & ~table["is_live"]]
    assert sorted(cumberland["district_name"]) == ["Allerdale", "Carlisle", "Copeland"]


def test_a_decile_without_small_areas_holds_nobody() -> None:
    imd = pd.DataFrame({"lsoa_code": ["E01000001", "E01000002"], "area_code": "E08000010", "decile": [1, 3]})
    people = pd.DataFrame(
        {
            "lsoa_code": ["E01000001", "E01000002"],
            "children": [30, 10],
            "population": [100, 50],
            "source_line": [2, 3],
        }
    )
    table = deprivation.population_by_decile(imd, people).query("area_code == 'E08000010'")
    counts = table.set_index("category")["children"].to_dict()
    assert counts == {
        "total": 40,
        "1": 30,
        "3": 10,
        **{str(decile): 0 for decile in (2, 4, 5, 6, 7, 8, 9, 10)},
    }
    assert set(table["children_status"]) == {"ok"} and set(table["children_in_area"]) == {40}


def small(folder: Path, index_row: str, file_6_row: str = 'E01000001,W,E08000010,Wigan,"1,438",246') -> dict:
    return {
        "imd": text_file(folder, "File_1.csv", f"{FILE_1}\n{index_row}\nE01000002,W,E08000010,Wigan,7,1\n"),
        "hierarchy": text_file(folder, "la_lad_hierarchy.csv", DISTRICTS),
        "file_6": text_file(folder, "File_6.csv", f"{FILE_6}\n{file_6_row}\n"),
    }


def test_rows_that_cannot_be_used_are_rejected(tmp_path: Path) -> None:
    files = small(tmp_path, "E01000001,W,E08000010,Wigan,,")
    result = deprivation.read(files["imd"], INDEX, Deprivation, files)
    assert result.rejects[["line", "scope"]].to_numpy().tolist() == [[2, "row"]] and result.rows_read == 2
    only_there = small(tmp_path, "E01000003,W,E08000010,Wigan,5,1")
    joined = deprivation.read_population(only_there["file_6"], POPULATION, DeprivationPopulation, only_there)
    assert set(joined.rejects["reason"]) == {"the small area has no population or no deprivation decile"}


def test_file_faults_are_one_sentence(tmp_path: Path) -> None:
    good = 'E01000001,W,E08000010,Wigan,"14,456",5'
    files = small(tmp_path, good.replace("E08000010", "E07999999"))
    with pytest.raises(InputError, match=r"line 2: 'E07999999' is not in the list of districts"):
        deprivation.read(files["imd"], INDEX, Deprivation, files)
    with pytest.raises(InputError, match=r"also needs geography/la_lad_hierarchy\.csv"):
        deprivation.read(files["imd"], INDEX, Deprivation, {})
    files = small(tmp_path, good.replace('"14,456"', "first"))
    with pytest.raises(InputError, match="line 2: 'first' is neither a number nor a known marker"):
        deprivation.read(files["imd"], INDEX, Deprivation, files)
    wrong = text_file(tmp_path, "File_1.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match=r"columns 'LSOA code \(2011\)', .* missing from the header"):
        deprivation.read(wrong, INDEX, Deprivation, files)
    ended = text_file(tmp_path, "la_lad_hierarchy.csv", DISTRICTS + "E07999998,New,,,live,E10000006,Cumbria,909\n")
    with pytest.raises(InputError, match="line 9: 'E10000006' is not a live upper-tier authority"):
        district_hierarchy.districts(ended)
