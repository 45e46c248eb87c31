"""Text becomes the type that its column declares, or null with a mark: never a guess."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.catalogue.returns import ColumnKind, Return, ReturnColumn, returns
from jsna_pipeline.returns.raw import RawReturn
from jsna_pipeline.returns.typed import data_type, typed, typed_table, unreadable

YEAR = 2025
CODES = {"A": "one", "1": "two"}
READ: list[tuple[str, str, Any]] = [
    ("date", "2022-Sep-28 00:00:00", date(2022, 9, 28)),
    ("date", "2022-SEP-28", date(2022, 9, 28)),
    ("date", "2022-09-28", date(2022, 9, 28)),
    ("date", "2022-09-28T00:00:00", date(2022, 9, 28)),
    ("date", "2022-09-28 13:45:00.000", date(2022, 9, 28)),
    ("date", "2022-09-28T00:00:00Z", date(2022, 9, 28)),
    ("birth_date", "28/09/2022", date(2022, 9, 28)),
    ("birth_date", "28/09/2022 00:00", date(2022, 9, 28)),
    ("date", " 2022-09-28 ", date(2022, 9, 28)),
    ("code", " a ", "A"),
    ("count", " 12 ", 12),
    ("flag", "True", True),
    ("flag", "false", False),
    ("flag", "1", True),
    ("flag", "0.0", False),
    ("flag", "Y", True),
    ("flag", "no", False),
    ("count", "785.0", 785),
    ("count", "1,234", 1234),
    ("count", "-3", -3),
    ("amount", "£1,234.50", 1234.5),
    ("amount", "-12", -12.0),
    ("code", "a", "A"),
    ("code", "1.0", "1"),
    ("code", "zz", "ZZ"),
    ("upn", "a12345678901b", "A12345678901B"),
    ("uln", "1234567890.0", "1234567890"),
    ("postcode", "wn11aa", "WN1 1AA"),
    ("postcode", "WN1  1AA", "WN1 1AA"),
    ("label", "Leigh", "Leigh"),
]
NOT_READ = [
    ("date", "2022-02-30"),
    ("date", "30/02/2022"),
    ("date", "09/28/2022"),
    ("date", "2022-09-28x"),
    ("date", "2022-Sep-28 later"),
    ("date", "44832"),
    ("date", "2022"),
    ("flag", "maybe"),
    ("count", "785.5"),
    ("count", "inf"),
    ("count", "99999999999"),
    ("count", "twelve"),
    ("amount", "nan"),
    ("amount", "£"),
    ("amount", "(12.00)"),
]


def cell(kind: str, text: str | None) -> Any:
    column = ReturnColumn(kind=ColumnKind(kind), title="x", codes=CODES if kind == "code" else {})
    return read(column, text)


def read(column: ReturnColumn, text: str | None) -> Any:
    """The cell of a table of one column and one row, typed."""
    frame = pl.LazyFrame({"x": [text], "file": "f.csv", "row": 2}, schema_overrides={"x": pl.String})
    value = typed_table(frame, {"x": column}, YEAR).collect()["x"]
    assert value.dtype == data_type(column.kind)
    return value.item()


@pytest.mark.parametrize(("kind", "text", "value"), READ)
def test_what_systems_export_is_read(kind: str, text: str, value: Any) -> None:
    assert cell(kind, text) == value


@pytest.mark.parametrize(("kind", "text"), NOT_READ)
def test_what_cannot_be_read_is_null(kind: str, text: str) -> None:
    assert cell(kind, text) is None


@pytest.mark.parametrize("kind", list(ColumnKind))
def test_a_blank_stays_blank(kind: ColumnKind) -> None:
    assert cell(kind, None) is None


@pytest.mark.parametrize(
    ("codes", "text", "value"),
    [({"ok": "x"}, "OK", "ok"), ({"Aa": "x", "b": "y"}, "AA", "Aa"), ({"Aa": "x", "b": "y"}, "other", "other")],
)
def test_a_code_takes_the_case_of_its_list(codes: dict[str, Any], text: str, value: str) -> None:
    column = ReturnColumn(kind=ColumnKind.CODE, title="x", codes=codes)
    assert read(column, text) == value


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_every_day_is_read_alike_in_every_form(day: date) -> None:
    forms = ["%Y-%b-%d 00:00:00", "%Y-%b-%d", "%Y-%m-%d", "%Y-%m-%dT00:00:00", "%d/%m/%Y"]
    assert {cell("date", day.strftime(form)) for form in forms} == {day}


@given(st.text(max_size=25))
def test_no_text_breaks_the_reading(text: str) -> None:
    for kind in ColumnKind:
        cell(kind, text)


def raw_frame(record: Return, table: str, *rows: dict[str, str]) -> pl.LazyFrame:
    columns = record.tables[table].columns
    cells: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in columns}
    schema = dict.fromkeys(columns, pl.String) | {"file": pl.String, "row": pl.UInt32}
    return pl.LazyFrame(cells | {"file": ["f.csv"] * len(rows), "row": list(range(2, 2 + len(rows)))}, schema=schema)


def test_a_cell_that_cannot_be_read_is_marked_and_a_blank_one_is_not() -> None:
    record = returns()["sen2"]
    rows = [{"received_date": "soon"}, {"received_date": "2024-01-05"}, {}]
    table = typed(RawReturn({"request": raw_frame(record, "request", *rows)}, {}, ()), record, YEAR)[
        "request"
    ].collect()
    assert table["received_date"].to_list() == [None, date(2024, 1, 5), None]
    assert table[unreadable("received_date")].to_list() == [True, False, False]
    assert table["row"].to_list() == [2, 3, 4]


def test_dates_far_apart_keep_their_distance() -> None:
    assert cell("date", "2024-03-01") - cell("date", "28/02/2024") == timedelta(days=2)
