"""Text becomes the type that its column declares, or null with a mark: never a guess."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
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
    return read(column, text)["x"].item()


def read(column: ReturnColumn, *texts: str | None) -> pl.DataFrame:
    """A table of one column, `x`, typed."""
    frame = pl.LazyFrame({"x": texts, "file": "f.csv", "row": 2}, schema_overrides={"x": pl.String})
    table = typed_table(frame, {"x": column}, YEAR).collect()
    assert table["x"].dtype == data_type(column.kind)
    return table


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
    assert read(column, text)["x"].item() == value


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_every_day_is_read_alike_in_every_form(day: date) -> None:
    forms = ["%Y-%b-%d 00:00:00", "%Y-%b-%d", "%Y-%m-%d", "%Y-%m-%dT00:00:00", "%d/%m/%Y"]
    column = ReturnColumn(kind=ColumnKind.DATE, title="x")
    assert read(column, *(day.strftime(form) for form in forms))["x"].to_list() == [day] * len(forms)


@given(st.text(max_size=25))
def test_no_text_breaks_the_reading(text: str) -> None:
    columns = {kind: ReturnColumn(kind=kind, title="x", codes=CODES if kind == "code" else {}) for kind in ColumnKind}
    frame = pl.LazyFrame({**dict.fromkeys(columns, text), "file": "f.csv", "row": [2]})
    assert typed_table(frame, columns, YEAR).collect().height == 1


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


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in READ}))
@settings(max_examples=20)
@given(data=st.data())
def test_a_cell_is_read_alike_whatever_stands_in_its_column(kind: str, data: st.DataObject) -> None:
    """Usual spellings are looked up, the rest of a batch is read anew: neither may change what the other read."""
    known: dict[str | None, Any] = {text: value for of, text, value in READ if of == kind} | {None: None}
    known |= {text: None for of, text in NOT_READ if of == kind}
    texts = data.draw(st.lists(st.sampled_from(list(known)), max_size=12))
    column = ReturnColumn(kind=ColumnKind(kind), title="x", codes=CODES if kind == "code" else {})
    assert read(column, *texts)["x"].to_list() == [known[text] for text in texts]


@pytest.mark.parametrize("kind", ["date", "flag", "count", "amount", "code"])
def test_spaces_are_a_blank_and_no_fault(kind: str) -> None:
    column = ReturnColumn(kind=ColumnKind(kind), title="x", codes=CODES if kind == "code" else {})
    table = read(column, "", " \t", None, "?")
    assert table["x"].to_list()[:3] == [None] * 3
    assert table[unreadable("x")].to_list() == [False, False, False, True]


def test_a_code_is_marked_only_where_no_spelling_of_it_is_in_the_list() -> None:
    column = ReturnColumn(kind=ColumnKind.CODE, title="x", codes=CODES)
    assert read(column, "A", " a", "1.0", "B")[unreadable("x")].to_list() == [False, False, False, True]


def test_dates_far_apart_keep_their_distance() -> None:
    assert cell("date", "2024-03-01") - cell("date", "28/02/2024") == timedelta(days=2)
