"""LAIT: the real long table against its source publications, and each quirk on a table of a few rows."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.datasets import FilePattern, datasets
from jsna_pipeline.errors import InputError
from jsna_pipeline.quarantine import quarantine
from jsna_pipeline.readers import lait
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.base import table_schema
from jsna_pipeline.schemas.lait import LocalAuthorityInteractiveTool as Model
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import PeriodType

DATASET = datasets()["dfe__lait"]
DICTIONARY = [
    ("KS2", "Academic Year", "NA"),
    ("Caseload", "Annual - January", "0"),
    ("Timely", "Calendar Year", "2"),
    ("Accidents", "Calendar Year", "2"),
    ("Spending", "Financial Year", "0"),
    ("Admissions", "Financial Year", "2"),
    ("LookedAfter", "Annual", "0"),
]


def files(folder: Path, rows: list[tuple], columns: tuple[str, ...] = ()) -> tuple[PublishedFile, dict]:
    columns = columns or ("Short Desc", "Years", "LA and Regions", "LA Number", "Values")
    path = folder / "bds_long_0.parquet"
    pd.DataFrame(rows, columns=list(columns)).to_parquet(path)
    dictionary = folder / "lait_data_dictionary.csv"
    lines = [
        "Measure_short,Year_Type,dps,Methodology",
        *(f'{m},{y},{d},"two\nlines"' for m, y, d in DICTIONARY),
    ]
    dictionary.write_text("\n".join(lines), encoding="utf-8")
    return PublishedFile(path, path.name), {"dictionary": PublishedFile(dictionary, dictionary.name)}


def read(folder: Path, rows: list[tuple]) -> ReadResult:
    file, companions = files(folder, rows)
    return lait.read(file, DATASET, Model, companions)


@pytest.fixture(scope="module")
def published(landing: Path) -> ReadResult:
    folder = LandingFolder(landing, "2025")
    companions = {
        name: folder.find_companion(FilePattern(**where)) for name, where in DATASET.options["companions"].items()
    }
    return lait.read(folder.require(DATASET).chosen[0], DATASET, Model, companions)


def figure(result: ReadResult, area: str, measure: str, period: str) -> float:
    table = result.table
    row = table[(table["area_code"] == area) & (table["measure"] == measure) & (table["period"] == period)]
    return row["value"].item()


def test_published_file_is_read_whole(published: ReadResult) -> None:
    validate(published.table, table_schema(Model), name="lait")
    wigan = published.table["area_code"] == "E08000010"
    # 3,771 published rows for Wigan; one measure has a year `0` without values.
    assert wigan.sum() + 1 == 3771
    assert published.rows_read == 168 * 3771  # 170 areas less Inner and Outer London
    assert len(published.rejects) == 168
    assert set(published.rejects["reason"]) == {"the text in 'Years' is not a period"}
    assert len(quarantine(published, Model, file="lait").table) == len(published.table)


def test_wigan_figures_agree_with_the_sources(published: ReadResult) -> None:
    assert figure(published, "E08000010", "SEN_EHC_Excpt_20wks", "2024") == 42.6
    assert figure(published, "E08000010", "SEN_EHC_All_20wks", "2024") == 42.0
    # January 2025 count of plans, in the EES caseload file `202425`
    assert figure(published, "E08000010", "SEN_CASES_JAN", "2024/25") == 3579
    # Absence of children in need was not published for 2019/20, the year schools closed.
    assert np.isnan(figure(published, "E08000010", "CINTotalAb_3Term", "2019/20"))
    assert figure(published, "E08000010", "CINTotalAb_3Term", "2020/21") == 15.4


def test_predecessors_keep_their_own_codes(published: ReadResult) -> None:
    codes = set(published.table["area_code"])
    assert {
        "E06000028",
        "E06000029",
        "E10000009",
        "E10000006",
        "E06000058",
        "E06000059",
        "E06000063",
    } <= codes
    assert not {"E13000001", "E13000002", "E10000002", "E10000023"} & codes
    cumberland = published.table[published.table["area_code"] == "E06000063"]
    before = cumberland[(cumberland["measure"] == "SEN_INIT_REQ") & (cumberland["period"] == "2022")]
    assert before["value_status"].item() == "unavailable"


@pytest.mark.parametrize(
    ("text", "kind", "period", "period_type"),
    [
        ("2024", PeriodType.ACADEMIC_YEAR, "2023/24", "academic_year"),
        ("2000", PeriodType.ACADEMIC_YEAR, "1999/00", "academic_year"),
        ("2025 (prov)", PeriodType.ACADEMIC_YEAR, "2024/25", "academic_year"),
        ("2022 (Rev)", PeriodType.ACADEMIC_YEAR, "2021/22", "academic_year"),
        ("2023/24", PeriodType.ACADEMIC_YEAR, "2023/24", "academic_year"),
        ("2016-17 (OT)", PeriodType.FINANCIAL_YEAR, "2016/17", "financial_year"),
        ("2025", PeriodType.JANUARY_SNAPSHOT, "2024/25", "january_snapshot"),
        ("2024", PeriodType.CALENDAR_YEAR, "2024", "calendar_year"),
        ("2025", PeriodType.REPORTING_YEAR, "2025", "reporting_year"),
        ("2014-16", PeriodType.CALENDAR_YEAR, "2014-16", "rolling"),
        ("2013/14-15/16", PeriodType.FINANCIAL_YEAR, "2013/14-15/16", "rolling"),
        ("0", PeriodType.ACADEMIC_YEAR, None, None),
        ("Spring 2024", PeriodType.ACADEMIC_YEAR, None, None),
    ],
)
def test_years_are_read_as_the_dictionary_means_them(
    text: str, kind: PeriodType, period: str | None, period_type: str | None
) -> None:
    assert lait.normalised_period(text, kind)[:2] == (period, period_type)


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 2))
def test_halves_round_away_from_zero_as_in_spreadsheets(thousandths: int, places: int) -> None:
    exact = Decimal(thousandths) / 1000
    expected = float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
    assert lait.rounded_half_up(np.array([float(exact)]), np.array([float(places)]))[0] == expected


def test_markers_float_noise_and_areas(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        [
            ("KS2", "2024", "Wigan", 359.0, "4.4000000000000004"),
            ("Timely", "2024", "Wigan", 359.0, "-7.4999999999999997E-2"),
            ("Caseload", "2025", "England", 970.0, "482640"),
            ("KS2", "2024", "Bournemouth (Pre LG)", 837.0, "-"),
            ("KS2", "2024", "Yorkshire and the Humber", 982.0, "61"),
            ("KS2", "2024", "London (Inner)", 987.0, "61"),
            ("KS2", "2024", "Statistical Neighbours", None, "61"),
        ],
    )
    table = validate(result.table, table_schema(Model), name="lait")
    assert table[["area_code", "period", "value", "value_status"]].astype(object).to_numpy().tolist()[:3] == [
        ["E08000010", "2023/24", 4.4, "ok"],
        ["E08000010", "2024", -0.08, "ok"],
        ["E92000001", "2024/25", 482640.0, "ok"],
    ]
    assert list(table["area_code"])[3:] == ["E06000028", "E12000003"]
    assert table["value_status"].iloc[3] == "unavailable"
    assert table["source_line"].tolist() == [1, 2, 3, 4, 5]
    assert result.rows_read == 5
    assert "Inner London, Statistical Neighbours" in result.notes[0]


def test_rows_without_period_or_dictionary_entry_are_rejected(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        [
            ("KS2", "0", "Wigan", 359.0, "1"),
            ("New", "2024", "Wigan", 359.0, "1"),
            ("KS2", "2024", "Bury", 351.0, "2"),
        ],
    )
    assert result.rejects["line"].tolist() == [1, 2]
    assert set(result.rejects["scope"]) == {"row"}
    assert len(result.table) == 1 and result.rows_read == 3


def test_file_faults_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"column 'Values', line 2: 'n/k' is neither"):
        read(tmp_path, [("KS2", "2024", "Wigan", 359.0, "1"), ("KS2", "2024", "Bury", 351.0, "n/k")])
    with pytest.raises(InputError, match=r"'LA Number', row 1: '555' \(Atlantis\) is not in the register"):
        read(tmp_path, [("KS2", "2024", "Atlantis", 555.0, "1")])
    file, companions = files(tmp_path, [("KS2", "2024")], columns=("Short Desc", "Years"))
    with pytest.raises(InputError, match="columns 'LA and Regions', 'Values', 'LA Number' missing"):
        lait.read(file, DATASET, Model, companions)
    with pytest.raises(InputError, match=r"data dictionary lait_data_dictionary\.csv is missing"):
        lait.read(file, DATASET, Model, {})
    file.path.write_bytes(b"not a table at all, but long enough to be one")
    with pytest.raises(InputError, match="not a readable Parquet file"):
        lait.read(PublishedFile(file.path, file.relative), DATASET, Model, companions)
