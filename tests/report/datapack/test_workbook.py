"""The workbook: accessible by the Analysis Function's rules, true to the numbers, safe, the same at any time."""

from __future__ import annotations

import io
import time
import zipfile
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from jsna_pipeline.report.datapack.columns import TABLES
from jsna_pipeline.report.datapack.files import flat_tables
from jsna_pipeline.report.datapack.reference import reference_of
from jsna_pipeline.report.datapack.sheets import SHEET_NAMES, _in_number_order
from jsna_pipeline.report.datapack.workbook import _safe, workbook_bytes
from jsna_pipeline.safe_tables import FORMULA_STARTS
from tests.report.datapack import invented_pack as pack
from tests.report.datapack.accessible_workbook import faults


@cache
def made(*, restricted: bool = False, returns: bool = True, draft: bool = True, illustrative: bool = True) -> bytes:
    view = pack.view(restricted=restricted, returns=returns)
    report = pack.report(restricted=restricted, draft=draft, illustrative=illustrative)
    tables = flat_tables(view, pack.steering_tables())
    return workbook_bytes(report, view, tables, reference_of(report, view))


@pytest.fixture(scope="module")
def content() -> bytes:
    return made()


def rows_of(content: bytes, name: str) -> list[dict[str, object]]:
    """The table of a sheet, a dict a row by its headings."""
    sheet: Worksheet = load_workbook(io.BytesIO(content))[name]
    top = int(next(iter(sheet.tables.values())).ref.split(":")[0][1:])
    headings, *rows = sheet.iter_rows(min_row=top, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_it_keeps_the_rules_of_the_guidance(content: bytes) -> None:
    assert faults(content) == []
    assert faults(made(restricted=True)) == []


@pytest.mark.parametrize(
    ("breaks", "fault"),
    [
        (lambda book: book["Figures"].merge_cells("A9:B9"), "Figures: cells are merged"),
        (lambda book: setattr(book["Figures"]["C9"], "value", None), "Figures: C9 is blank"),
        (lambda book: setattr(book["Trends"], "freeze_panes", "A3"), "Trends: panes are frozen or rows are filtered"),
        (lambda book: setattr(book["Figures"]["B8"], "value", "=1+1"), "Figures: a cell is a formula"),
        (lambda book: setattr(book["Figures"]["F9"], "value", "3 plans"), "Figures: F9 is text in a column of numbers"),
        (lambda book: book["Notes"].delete_rows(4), "[c] is not explained"),
        (lambda book: book.remove(book["Trends"]), "Contents: a link leads nowhere"),
        (lambda book: setattr(book["Trends"]["B7"], "value", "Indicator"), "Trends: two headings are the same, or one"),
        (lambda book: setattr(book["Trends"]["A1"], "style", "Normal"), "Trends: the title is no heading"),
        (
            lambda book: book["Trends"].append(["more"]),
            "Trends: the table does not reach from column A to the last cell",
        ),
    ],
)
def test_the_rules_find_what_breaks_them(content: bytes, breaks, fault: str) -> None:
    book = load_workbook(io.BytesIO(content))
    breaks(book)
    broken = io.BytesIO()
    book.save(broken)
    assert [one for one in faults(broken.getvalue()) if one.startswith(fault)]


def test_every_table_with_a_row_has_a_sheet_and_a_line_in_the_contents(content: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))  # a second reader
    empty = {"local_agreement", "local_suppression", "local_unseen"}
    sheets = [name for file, name in SHEET_NAMES.items() if file not in empty]
    assert book.sheet_names == ["Cover", "Contents", "Notes", *sheets]
    listed = rows_of(content, "Contents")
    assert [row["Worksheet"] for row in listed] == ["Cover", "Notes", *sheets]
    figures = next(row for row in listed if row["Worksheet"] == "Figures")
    assert (figures["Rows"], figures["File"]) == (3 * len(pack.SHAPES), "data/observations.csv")
    assert set(SHEET_NAMES) == {"indicators", "sources", *TABLES}


def test_figures_say_names_periods_and_why_a_number_is_missing(content: bytes) -> None:
    rows = rows_of(content, "Figures")
    assert {row["Area"] for row in rows} == {"Wigan", "North West", "England"}, "neighbours stay with the CSV"
    first = rows[0]
    assert (first["Indicator id"], first["Area"], first["Period"]) == (pack.CASELOAD, "Wigan", "January 2025")
    assert (first["Value [note 1]"], first["Unit"], first["Breakdown"]) == (2966, "plans", "All")
    assert (first["Denominator"], first["Lower 95% limit [note 2]"]) == ("[z]", "[z]")
    own = {(row["Indicator id"], row["Period"], row["Group"]): row for row in rows if row["Area"] == "Wigan"}
    marks = {key: row["Value [note 1]"] for key, row in own.items()}
    assert marks[pack.CASELOAD, "January 2025", "Female"] == "[c]"
    assert marks[pack.TIMELY, "Calendar year 2024", "All"] == "[x]"
    assert marks[pack.TIMELY, "Calendar year 2022", "All"] == "[u]"
    timely = own[pack.TIMELY, "Calendar year 2023", "All"]
    assert (timely["Value [note 1]"], timely["Numerator"], timely["Denominator"]) == (42.6, 257, 603)
    compared = rows_of(content, "Comparisons")
    assert [(row["Compared with"], row["Value [note 1]"], row["Difference"]) for row in compared] == [
        ("England", 2966, -34),
        ("Previous period", 2966, 166),
    ]


def test_ages_stand_in_the_order_of_their_numbers() -> None:
    assert _in_number_order(pd.Series(["10", "2", "Age 4 to 10", "Age 4 to 5"])).sort_values().index.tolist() == [
        1, 0, 3, 2,
    ]  # fmt: skip


def test_numbers_show_the_decimals_of_their_indicator(content: bytes) -> None:
    sheet = load_workbook(io.BytesIO(content))["Figures"]
    shown = {cell.value: cell.number_format for (cell,) in sheet.iter_rows(min_col=6, max_col=6)}
    assert shown[2966] == "#,##0" and shown[42.6] == "#,##0.0"


def test_hidden_counts_are_marked_and_shown_to_named_readers_alone(content: bytes) -> None:
    groups = {row["Group 1"]: (row["Count"], row["Status"]) for row in rows_of(content, "Own counts")}
    assert groups == {"All": (300, "Shown"), "Ages 0 to 4": ("[c]", "Hidden"), "Ages 5 to 10": (120, "Shown")}
    named = rows_of(made(restricted=True), "Own counts")
    assert {row["Group 1"]: row["Count"] for row in named}["Ages 0 to 4"] == 3
    assert {row["Marking"] for row in named} == {"OFFICIAL-SENSITIVE"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"restricted": True}, "OFFICIAL-SENSITIVE: for named readers alone"),
        ({"illustrative": True}, "Illustrative: built from synthetic files"),
        ({"draft": True}, "Draft: not yet approved"),
    ],
)
def test_every_sheet_with_data_carries_the_markings(given: dict[str, bool], sentence: str) -> None:
    plain = {"restricted": False, "illustrative": False, "draft": False}
    for flags, marked in ((plain | given, True), (plain, False)):
        book = load_workbook(io.BytesIO(made(**flags)))
        for sheet in [book["Cover"], *book.worksheets[3:]]:
            above = [str(cell.value) for (cell,) in sheet.iter_rows(max_row=7, max_col=1)]
            assert any(text.startswith(sentence) for text in above) is marked, sheet.title


def test_the_cover_says_what_own_records_are_only_where_there_are_some(content: bytes) -> None:
    def cover(book: bytes) -> str:
        return " ".join(str(cell.value) for (cell,) in load_workbook(io.BytesIO(book))["Cover"].iter_rows(max_col=1))

    assert "provisional, and not to be compared with other years" in cover(content)
    assert "Small numbers are hidden" in cover(content)
    assert "Small numbers are not hidden" in cover(made(restricted=True))
    assert "provisional" not in cover(made(returns=False))
    assert "2025" in cover(content) and "Open Government Licence" in cover(content)


def test_words_of_people_never_run(content: bytes) -> None:
    assert rows_of(content, "Scorecard")[0]["Measure"] == "'" + pack.HOSTILE


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_may_stand_in_a_cell(text: str) -> None:
    safe = _safe(text)
    assert not safe.startswith(FORMULA_STARTS)
    assert safe.removeprefix("'") == text.replace("\ufffe", "").replace("\uffff", "").removeprefix("'")


def test_the_same_tables_give_the_same_bytes_whatever_the_clock_says(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsxwriter.core.timezone", None)  # whoever asks for the hour fails
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert made.__wrapped__() == content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = load_workbook(io.BytesIO(content)).properties
    cut_off = pack.report().cut_off
    assert properties.created.date() == properties.modified.date() == cut_off and properties.language == "en-GB"
