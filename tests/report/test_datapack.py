"""The data beside the report: safe to open in a spreadsheet, true to the numbers, the same for the same input."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from datetime import datetime, timezone
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from jsna_pipeline.report import datapack
from jsna_pipeline.safe_tables import FORMULA_STARTS, csv_bytes, formula_safe, parquet_bytes
from jsna_pipeline.steering import MODELS
from tests.report import protected_tables, sample_report

REPORT = sample_report.build()
RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "＝1"]
TABLE = pd.DataFrame(
    {
        "area_name": [*RISKY, "Wigan", "2024/25", "E08000010", None],
        "value": np.array([-1.5, 2, 0.1, -0.0, np.nan, 1e9, -7, 33.3, 2, 42.6, 0, 1, 3]),
        "rank": pd.Series(range(-6, 7), dtype="int64"),
        "mixed": pd.Series([-5, "=2", None, 3.5, *["x"] * 9], dtype="object"),
    }
)


def test_formulas_become_text_and_numbers_stay_numbers_in_csv() -> None:
    back = pd.read_csv(io.BytesIO(csv_bytes(TABLE)), keep_default_na=False, na_values=[""], dtype={"mixed": str})
    assert back["area_name"].tolist()[:9] == ["'" + text.replace("\r", "\n") for text in RISKY]
    assert back["area_name"].tolist()[9:12] == ["Wigan", "2024/25", "E08000010"] and pd.isna(back["area_name"].iloc[12])
    pd.testing.assert_series_equal(back["value"], TABLE["value"])
    assert back["rank"].tolist() == TABLE["rank"].tolist()
    assert back["mixed"].tolist()[:4] == ["-5", "'=2", back["mixed"].tolist()[2], "3.5"]
    assert TABLE["area_name"].tolist()[0] == "=1+1"


def test_formulas_become_text_and_numbers_stay_numbers_in_the_workbook() -> None:
    book = load_workbook(io.BytesIO(datapack.workbook_bytes(REPORT, {"observations": TABLE})))
    assert book.sheetnames == ["Cover", "dictionary", "observations"]
    sheet = book["observations"]
    assert [cell.value for cell in sheet[2]] == list(TABLE) and sheet.freeze_panes == "A3"
    rows = list(sheet.iter_rows(min_row=3))
    assert [row[0].value for row in rows][:4] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)"]
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert [row[1].value for row in rows][:5] == [-1.5, 2, 0.1, 0, None] and rows[0][2].value == -6
    assert rows[0][3].value == -5 and rows[12][0].value is None
    assert sheet["A1"].value == f"Observations: {REPORT.area_name}, its region and England"
    cover = " ".join(str(cell.value) for (cell,) in book["Cover"].iter_rows(max_col=1))
    assert REPORT.area_name in cover and REPORT.cut_off.isoformat() in cover and "Open Government Licence" in cover
    assert ("synthetic" in cover) is REPORT.illustrative


def test_the_same_tables_give_the_same_bytes_at_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [csv_bytes(TABLE), datapack.workbook_bytes(REPORT, {"a": TABLE})]
    plain = TABLE.drop(columns="mixed")
    parquet = parquet_bytes(plain)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2031, 5, 4, 3, 2, 1, tzinfo=tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime", SimpleNamespace(datetime=Later, timezone=timezone))
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert first == [csv_bytes(TABLE), datapack.workbook_bytes(REPORT, {"a": TABLE})]
    assert parquet == parquet_bytes(plain)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(parquet)), plain, check_dtype=False)
    with zipfile.ZipFile(io.BytesIO(first[1])) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert f"{REPORT.cut_off.isoformat()}T00:00:00Z</dcterms:modified>".encode() in book.read("docProps/core.xml")


@given(st.lists(st.text(), min_size=1))
def test_no_text_starts_like_a_formula_and_no_other_text_is_changed(cells: list[str]) -> None:
    safe = formula_safe(pd.DataFrame({"a": cells}))["a"].tolist()
    for before, after in zip(cells, safe, strict=True):
        assert not after.startswith(FORMULA_STARTS)
        assert after == before or (after == "'" + before and before.startswith(FORMULA_STARTS))


# --- the area's own tables ----------------------------------------------------------------------------

RETURNED = pd.DataFrame([protected_tables.returned("sen2", "SEN2 person-level return", "plans")])
COUNTED = protected_tables.counts("plans_by_age", {(): 300, (("age_band", "0-4"),): None})


@pytest.mark.parametrize("restricted", [True, False])
def test_the_areas_own_tables_come_with_their_marking(restricted: bool) -> None:
    seen = protected_tables.view(restricted=restricted, local_returns=RETURNED, local_counts=COUNTED)
    tables = datapack.local_tables_of(seen)
    assert list(tables) == list(datapack.LOCAL_SHEETS)
    assert all(("marking" in table) is restricted for table in tables.values())
    book = load_workbook(io.BytesIO(datapack.workbook_bytes(replace(REPORT, restricted=restricted), tables)))
    assert book.sheetnames == ["Cover", "dictionary", *tables]
    sheet = book["local_counts"]
    heading = sheet["A1"].value
    assert f"{REPORT.area_name}’s own records, provisional: counts" in heading
    cells = [dict(zip((cell.value for cell in sheet[2]), (cell.value for cell in row), strict=True))
             for row in sheet.iter_rows(min_row=3)]  # fmt: skip
    assert [(cell["count"], cell["status"]) for cell in cells] == [(300, "ok"), (None, "suppressed")]
    cover = [cell.value for (cell,) in book["Cover"].iter_rows(max_col=1)]
    assert any("counted from the area’s own returns: provisional" in line for line in cover)
    marked = [text for text in (heading, cover[1], *[cell.get("marking", "") for cell in cells]) if text]
    assert all("OFFICIAL-SENSITIVE" in text for text in marked) is restricted
    assert any("Small numbers are hidden, and others" in line for line in cover) is not restricted
    assert any("for named readers alone" in line for line in cover) is restricted


def test_an_area_without_returns_has_no_such_tables_or_words() -> None:
    assert datapack.local_tables_of(protected_tables.view()) == {}
    book = load_workbook(io.BytesIO(datapack.workbook_bytes(REPORT, {"observations": TABLE})))
    assert "returns" not in " ".join(str(cell.value) for (cell,) in book["Cover"].iter_rows(max_col=1))


# --- scorecards and surveys ---------------------------------------------------------------------------


@pytest.mark.parametrize("restricted", [True, False])
def test_steering_tables_come_under_short_names_with_a_heading_and_their_marking(restricted: bool) -> None:
    stored = {name: model.empty() for name, model in MODELS.items()}
    tables = datapack.steering_tables_of(stored, protected_tables.view(restricted=restricted))
    assert set(tables) == set(datapack.OWN_SHEETS)
    assert all(("marking" in table) is restricted for table in tables.values())
    book = load_workbook(io.BytesIO(datapack.workbook_bytes(REPORT, tables)))
    assert book.sheetnames == ["Cover", "dictionary", *tables]
    assert book["scorecard"]["A1"].value == f"{datapack.OWN_SHEETS['scorecard']}: {REPORT.area_name}"
