"""Which table a file of a COLLECT export holds, and which of several collections is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from jsna_pipeline.catalogue.returns import Return, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile, delivered_files
from jsna_pipeline.returns.formats import collect_csv

KEYS = {
    "person": "persontableid,surname,forename,personbirthdate,sex,ethnicity,upn",
    "requests": "requeststableid,persontableid,receiveddate,requestsource,requestoutcome",
    "assessment": "assessmenttableid,requeststableid,assessmentoutcome",
    "namedplan": "namedplantableid,assessmenttableid,startdate",
    "activeplans": "activeplanstableid,requeststableid",
    "placementdetail": "placementdetailtableid,activeplanstableid",
    "senneed": "senneedtableid,activeplanstableid,sentype,sentyperank",
}
CENSUS = {
    "pupilonroll": "pupilonrolltableid,NativeId,dob,surname,forename,upn,sex,entrydate,senprovision",
    "senneeds": "senneedstableid,pupilonrolltableid,sentype,sentyperank",
}


@pytest.fixture
def sen2() -> Return:
    return returns()["sen2"]


@pytest.fixture
def census() -> Return:
    return returns()["school_census"]


def blade(folder: Path, day: str = "05-02-2025") -> None:
    for word, header in KEYS.items():
        columns = header.count(",") + 1
        row = ",".join(f"{word}{number}" for number in range(columns))
        (folder / f"Blade-Export_{day}_{word}.csv").write_text(f"{header}\n{row}\n")


def test_the_modules_of_sen2_are_its_tables_and_the_message_says_whose(tmp_path: Path, sen2: Return) -> None:
    blade(tmp_path)
    (tmp_path / "Blade-Export_05-02-2025_sen2.csv").write_text(
        "sen2tableid,collection,year,referencedate,lea,dconame\n1,SEN2,2025.0,2025-Jan-16 00:00:00,359,Ann Other\n"
    )
    raw = collect_csv.read(delivered_files(tmp_path), sen2, 2025)
    assert raw.header == {"Collection": "SEN2", "Year": "2025", "ReferenceDate": "2025-Jan-16 00:00:00", "LEA": "359"}
    assert set(raw.tables) == set(sen2.tables) - {"plan_detail"}  # optional, and not delivered
    person = raw.tables["person"].collect().row(0, named=True)
    assert (person["person_key"], person["upn"], person["postcode"], person["row"]) == ("person0", "person6", None, 2)
    assert raw.tables["request"].collect()["person_key"].to_list() == ["requests1"]
    assert any("plandetail.csv" in note for note in raw.notes)


def test_the_newest_export_of_a_module_is_read(tmp_path: Path, sen2: Return) -> None:
    blade(tmp_path, "28-01-2025")
    (tmp_path / "Blade-Export_05-02-2025_person.csv").write_text(KEYS["person"] + "\n" + "x," * 6 + "newer\n")
    raw = collect_csv.read(delivered_files(tmp_path), sen2, 2025)
    assert raw.tables["person"].collect()["upn"].to_list() == ["newer"]
    assert raw.tables["need"].collect().height == 1
    assert any(note.startswith("Blade-Export_28-01-2025_person.csv: not read; a newer") for note in raw.notes)


def test_modules_in_a_zip_are_known_by_their_own_names(tmp_path: Path, sen2: Return) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    blade(folder)
    (tmp_path / "return").mkdir()
    with zipfile.ZipFile(tmp_path / "return" / "sent by the service.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"export/{path.name}")
    raw = collect_csv.read(delivered_files(tmp_path / "return"), sen2, 2025)
    assert raw.tables["need"].collect().height == 1


def census_of(folder: Path, prefix: str, upn: str, words: tuple[str, ...] = tuple(CENSUS)) -> None:
    for word in words:
        (folder / f"{prefix}{word}.csv").write_text(
            f"{CENSUS[word]}\n1,{'2,' * (CENSUS[word].count(',') - 4)}{upn},M,2020-Sep-01 00:00:00,E\n"
            if word == "pupilonroll"
            else f"{CENSUS[word]}\n1,1,ASD,1.0\n"
        )


@pytest.mark.parametrize("order", [1, -1])
def test_the_spring_census_goes_before_a_newer_one_and_one_without_a_term(
    tmp_path: Path, census: Return, order: int
) -> None:
    census_of(tmp_path, "2024_spring_", "older")
    census_of(tmp_path, "2025_spring_", "spring")
    census_of(tmp_path, "2025_autumn_", "autumn")
    census_of(tmp_path, "", "untold")
    raw = collect_csv.read(delivered_files(tmp_path)[::order], census, 2025)
    assert raw.header == {"Year": "2025", "Term": "Spring"}
    assert raw.tables["pupil"].collect()["upn"].to_list() == ["spring"]
    assert sum("another collection" in note for note in raw.notes) == 6


def test_tables_of_two_collections_are_never_mixed(tmp_path: Path, census: Return) -> None:
    """Their rows refer to each other by numbers that each collection gives anew."""
    census_of(tmp_path, "2025_spring_", "spring", ("pupilonroll",))
    census_of(tmp_path, "2024_spring_", "older", ("senneeds",))
    with pytest.raises(InputError, match="no file of types of need; export the table 'senneeds'"):
        collect_csv.read(delivered_files(tmp_path), census, 2025)


def test_two_files_of_one_table_are_for_the_sender_to_tell_apart(tmp_path: Path, census: Return) -> None:
    census_of(tmp_path, "", "first")
    census_of(tmp_path, "copy of ", "second")
    with pytest.raises(InputError, match=r"copy of pupilonroll\.csv and pupilonroll\.csv hold the same table"):
        collect_csv.read(delivered_files(tmp_path), census, 2025)


def test_a_file_that_is_not_the_table_of_its_name_is_refused(tmp_path: Path, census: Return) -> None:
    census_of(tmp_path, "", "any")
    (tmp_path / "senneeds.csv").write_text("name,school\nANN OTHER,1\n")
    with pytest.raises(InputError, match=r"senneeds\.csv: no column 'senneedstableid'"):
        collect_csv.read(delivered_files(tmp_path), census, 2025)


def test_no_file_of_the_main_table(tmp_path: Path, sen2: Return) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"no file of person details; export the table 'person'"):
        collect_csv.read(delivered_files(tmp_path), sen2, 2025)


@pytest.mark.landing
def test_the_sample_export_of_the_school_census(landing: Path, census: Return) -> None:
    folder = landing / "returns" / "school-census"
    files = [DeliveredFile(path, path.name) for path in sorted(folder.glob("*.csv"))]
    raw = collect_csv.read(files, census, 2025)
    counts = {name: table.collect().height for name, table in raw.tables.items()}
    assert counts == {"pupil": 9_498, "need": 16_954, "session": 41_251, "exclusion": 10_064}
    assert raw.header == {"Year": "2025", "Term": "Spring"}
    pupils = raw.tables["pupil"].select("pupil_key").collect()["pupil_key"]
    children = raw.tables["need"].select("pupil_key").collect()["pupil_key"]
    assert children.is_in(pupils.implode()).all()
