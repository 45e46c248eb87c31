"""The lists of Annex A in a workbook: found under titles and other names, and bounded in size."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from jsna_pipeline.catalogue.returns import Return, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import annex_a_workbook
from jsna_pipeline.returns.raw import RawReturn


@pytest.fixture
def annex_a() -> Return:
    return returns()["annex_a"]


def lists(record: Return) -> openpyxl.Workbook:
    """Both lists with their headings and one child each, as people type them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in record.tables.values():
        sheet = book.create_sheet(table.file)
        headings = [entry.names[0] for entry in table.columns.values() if entry.names]
        sheet.append(headings)
        values = {
            "Unique ID": 17,
            "Date of birth": date(2012, 4, 3),
            "Gender": 1,
            "SEN primary need": "ASD",
            "UPN": "UN4",
        }
        sheet.append([values.get(heading, "") for heading in headings])
    return book


def read(folder: Path, book: openpyxl.Workbook, record: Return) -> RawReturn:
    path = folder / "lists.xlsx"
    book.save(path)
    return annex_a_workbook.read([DeliveredFile(path, "lists.xlsx")], record, 2025)


def test_cells_become_text_and_a_reason_leaves_the_column_of_the_number(tmp_path: Path, annex_a: Return) -> None:
    plan = read(tmp_path, lists(annex_a), annex_a).tables["plan"].collect().row(0, named=True)
    assert plan["local_id"] == "17"
    assert plan["birth_date"].startswith("2012-04-03")
    assert (plan["sex"], plan["need"], plan["urn"], plan["row"]) == ("1", "ASD", None, 2)
    assert (plan["upn"], plan["upn_unknown"]) == (None, "UN4")


def under_a_title(book: openpyxl.Workbook) -> None:
    sheet = book["List_1"]
    sheet.insert_rows(1, 3)
    sheet["A1"] = "Annex A, list 1: OFFICIAL-SENSITIVE"
    sheet.merge_cells("A1:F2")


def renamed_behind_a_guide(book: openpyxl.Workbook) -> None:
    book["List_1"].title = "Plans"
    book["List_2"].title = "Support"
    book.create_sheet("Guide", 0)["A1"] = "Read this first"


def with_hyphens_and_other_spaces(book: openpyxl.Workbook) -> None:
    for cell in book["List_1"][1]:
        cell.value = cell.value.replace("–", "-").replace(" ", "  ").upper()


def with_blank_rows_below(book: openpyxl.Workbook) -> None:
    book["List_1"].cell(row=9, column=1).value = "  "
    book["List_1"].cell(row=5, column=40).value = "total"


@pytest.mark.parametrize(
    ("change", "row"),
    [(under_a_title, 5), (renamed_behind_a_guide, 2), (with_hyphens_and_other_spaces, 2), (with_blank_rows_below, 2)],
)
def test_a_list_is_found_however_its_sheet_is_dressed(
    tmp_path: Path, annex_a: Return, change: Callable[[openpyxl.Workbook], None], row: int
) -> None:
    book = lists(annex_a)
    change(book)
    tables = read(tmp_path, book, annex_a).tables
    assert tables["plan"].collect()["row"].to_list() == [row]
    assert tables["sen_support"].collect().height == 1


def test_a_formula_without_a_saved_value_is_blank_and_is_not_evaluated(tmp_path: Path, annex_a: Return) -> None:
    book = lists(annex_a)
    book["List_1"]["B2"] = '=HYPERLINK("http://example.invalid/"&A2)'
    assert read(tmp_path, book, annex_a).tables["plan"].collect()["upn"].to_list() == [None]


def test_list_2_is_never_taken_for_list_1(tmp_path: Path, annex_a: Return) -> None:
    """It has all that a child of list 1 must have; its children have no plan."""
    book = lists(annex_a)
    book.remove(book["List_1"])
    book["List_2"].title = "Children"
    with pytest.raises(InputError, match=r"lists\.xlsx: no sheet 'List_1' with the headings"):
        read(tmp_path, book, annex_a)


def test_one_cell_in_the_farthest_corner_is_refused_before_it_fills_the_memory(tmp_path: Path, annex_a: Return) -> None:
    book = lists(annex_a)
    book["List_2"]["XFD1048576"] = "x"
    with pytest.raises(InputError, match=r"lists\.xlsx: its sheets reach over 17,179,869,\d+ cells"):
        read(tmp_path, book, annex_a)


@pytest.mark.parametrize(
    ("member", "old", "new", "message"),
    [
        ("xl/worksheets/sheet1.xml", b' r="', b' q="', "do not say where they are"),
        ("xl/worksheets/sheet1.xml", b"<row", b"</row", "not a readable workbook"),
    ],
)
def test_a_tampered_workbook_is_refused(
    tmp_path: Path, annex_a: Return, member: str, old: bytes, new: bytes, message: str
) -> None:
    lists(annex_a).save(tmp_path / "good.xlsx")
    path = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, content.replace(old, new) if name == member else content)
    with pytest.raises(InputError, match=message):
        annex_a_workbook.read([DeliveredFile(path, "bad.xlsx")], annex_a, 2025)


@pytest.mark.landing
def test_the_sample_lists(landing: Path, annex_a: Return) -> None:
    path = landing / "returns" / "annex-a-sen" / "fake_sen.xlsx"
    raw = annex_a_workbook.read([DeliveredFile(path, path.name)], annex_a, 2025)
    assert {name: table.collect()["row"].to_list() for name, table in raw.tables.items()} == {
        "plan": [2, 3],
        "sen_support": [2, 3],
    }
    assert raw.tables["plan"].collect().null_count().drop("upn_unknown").sum_horizontal().item() == 0
    assert len(raw.notes) == 2
