"""Statistical neighbours: the published tens, and the workbook's traps on small sheets."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import neighbours
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.lait import StatisticalNeighbours
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

DATASET = datasets()["dfe__statistical_neighbours"]
TEN = [888, 925, 343, 877, 860, 332, 929, 884, 808, 893]


def workbook(
    folder: Path, rows: list[list], name: str = "sn_may_2025.xlsx", sheet: str = "LA SN Groups"
) -> PublishedFile:
    header = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    header += [heading for rank in range(1, 11) for heading in (f"SN{rank}", "SNP")]
    book = Workbook()
    book.active.title = sheet
    for row in [list(range(25)), list(range(25)), header, *rows]:
        book.active.append(row)
    book.save(folder / name)
    return PublishedFile(folder / name, name)


def authority(number: object, name: str, ten: list) -> list:
    return [number, name, number, 5, "North West", *[cell for code in ten for cell in (code, "Very Close ")]]


def read(file: PublishedFile) -> ReadResult:
    return neighbours.read(file, DATASET, StatisticalNeighbours)


@pytest.mark.parametrize(
    ("area", "ten"),
    [
        ("E08000010", TEN),
        ("E06000063", [943, 925, 884, 888, 813, 384, 860, 929, 371, 370]),
        ("E06000058", [822, 882, 886, 878, 826, 303, 938, 926, 845, 881]),
        ("E08000031", [333, 861, 335, 810, 354, 331, 371, 831, 806, 812]),
    ],
)
def test_published_tens_of_2025(landing: Path, area: str, ten: list[int]) -> None:
    result = read(LandingFolder(landing, "2025").require(DATASET).chosen[0])
    table = validate(result.table, StatisticalNeighbours.to_schema(), name="neighbours")
    assert len(table) == 153 * 10 and set(table["model_year"]) == {"2025"}
    assert set(table["area_code"]) == set(geography.local_authorities()["area_code"])
    mine = table[table["area_code"] == area].sort_values("rank")["neighbour_code"]
    assert mine.tolist() == geography.codes_from_dfe(pd.Series([str(code) for code in ten])).tolist()


def test_reading_stops_at_the_first_blank_number(tmp_path: Path) -> None:
    rows = [authority(359, "Wigan", TEN), [""], ["Old SNs:"], authority(909, "Cumbria", TEN)]
    result = read(workbook(tmp_path, rows))
    assert set(result.table["area_code"]) == {"E08000010"}
    assert result.table["rank"].tolist() == list(range(1, 11))
    assert set(result.table["closeness"]) == {"very close"} and set(result.table["source_line"]) == {4}


def test_an_authority_younger_than_the_model_has_no_pairs(tmp_path: Path) -> None:
    rows = [authority(359, "Wigan", TEN), authority(942, "Cumberland", ["-"] * 10)]
    result = read(workbook(tmp_path, rows, name="sn_2021.xlsx"))
    assert set(result.table["area_code"]) == {"E08000010"} and set(result.table["model_year"]) == {"2021"}
    assert result.notes == ("sn_2021.xlsx: 1 authorities have no neighbours in this model.",)


def test_file_faults_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 4: authority number '111' is not in the register"):
        read(workbook(tmp_path, [authority(359, "Wigan", [111, *TEN[1:]])]))
    with pytest.raises(InputError, match="no sheet is named like"):
        read(workbook(tmp_path, [authority(359, "Wigan", TEN)], sheet="Sheet1"))
    with pytest.raises(InputError, match="has no rows under the headings"):
        read(workbook(tmp_path, []))
    with pytest.raises(InputError, match="does not say the year of the neighbours model"):
        read(workbook(tmp_path, [authority(359, "Wigan", TEN)], name="sn_new.xlsx"))
    damaged = tmp_path / "sn_2025.xlsx"
    damaged.write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(InputError, match="not a readable workbook"):
        read(PublishedFile(damaged, damaged.name))
