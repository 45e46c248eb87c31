"""What the Analysis Function's guidance asks of a spreadsheet, checked on the bytes of a workbook.

Here: the rules of "Releasing statistics in spreadsheets" and of its checklist that a program can see. Not here: the
workbook (`test_workbook.py` holds the report's against them).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

CELL_REFERENCE = re.compile(r"^([A-Z]{1,3}\d+|R\d+C\d+)$", re.IGNORECASE)
MARK = re.compile(r"\[(?:[a-z]{1,4}|note \d+)\]")


def faults(content: bytes) -> list[str]:
    """A sentence for everything that breaks a rule; empty for an accessible workbook."""
    book = load_workbook(io.BytesIO(content))
    return [*_of_book(book), *(fault for sheet in book for fault in _of_sheet(book, sheet))]


def _of_book(book: Workbook) -> Iterator[str]:
    if book.sheetnames[:3] != ["Cover", "Contents", "Notes"]:
        yield "cover, contents and notes do not come first"
    properties = book.properties
    for name in ("title", "creator", "language"):
        if not getattr(properties, name):
            yield f"the document has no {name}"
    tables = [name for sheet in book for name in sheet.tables]
    if len({name.lower() for name in tables}) < len(tables):
        yield "two tables have one name"
    yield from (f"table {name} is named like a cell" for name in tables if CELL_REFERENCE.match(name))
    explained = {row[0].value for row in book["Notes"].iter_rows(min_row=4)}
    used = {
        mark
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows()
        for cell in row
        for mark in MARK.findall(str(cell.value))
    }
    yield from (f"{mark} is not explained" for mark in sorted(used - explained))


def _of_sheet(book: Workbook, sheet: Worksheet) -> Iterator[str]:
    at = f"{sheet.title}: "
    if sheet["A1"].style != "Heading 1":
        yield f"{at}the title is no heading"
    if sheet.merged_cells.ranges:
        yield f"{at}cells are merged"
    if sheet.freeze_panes or sheet.auto_filter.ref or any(table.autoFilter for table in sheet.tables.values()):
        yield f"{at}panes are frozen or rows are filtered"
    if len(sheet.title) > 31 or sheet.sheet_state != "visible":
        yield f"{at}the sheet's name is too long, or it is hidden"
    if any(one.hidden for one in [*sheet.column_dimensions.values(), *sheet.row_dimensions.values()]):
        yield f"{at}rows or columns are hidden"
    if any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row):
        yield f"{at}a cell is a formula"
    for link in (cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink):
        name, _, cell = (link.location or "").partition("!")
        if name.strip("'") not in book.sheetnames or not CELL_REFERENCE.match(cell):
            yield f"{at}a link leads nowhere"
    if sheet.title == "Cover":
        yield from (f"{at}row {row[0].row} is blank" for row in sheet.iter_rows() if not row[0].value)
    elif len(sheet.tables) != 1:
        yield f"{at}there are {len(sheet.tables)} tables"
    else:
        yield from _of_table(at, sheet, next(iter(sheet.tables.values())).ref)


def _of_table(at: str, sheet: Worksheet, ref: str) -> Iterator[str]:
    left, top, right, bottom = range_boundaries(ref)
    if (left, right, bottom) != (1, sheet.max_column, sheet.max_row):
        yield f"{at}the table does not reach from column A to the last cell"
    for row in sheet.iter_rows(max_row=top - 1):
        if not row[0].value or any(cell.value is not None for cell in row[1:]):
            yield f"{at}row {row[0].row} above the table is blank, or not in column A alone"
    headings = [cell.value for cell in sheet[top]]
    if len({str(one).lower() for one in headings}) < len(headings) or not all(headings):
        yield f"{at}two headings are the same, or one is blank"
    if not all(cell.font.bold and cell.alignment.wrap_text for cell in sheet[top]):
        yield f"{at}a heading is not bold, or not wrapped"
    for row in sheet.iter_rows(min_row=top + 1):
        for cell in row:
            if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
                yield f"{at}{cell.coordinate} is blank"
            if cell.fill.fill_type:
                yield f"{at}{cell.coordinate} has a background"
            side = "right" if cell.data_type == "n" or MARK.fullmatch(str(cell.value)) else "left"
            if cell.alignment.horizontal not in {side, "left"}:
                yield f"{at}{cell.coordinate} is not aligned"
    for column in sheet.iter_cols(min_row=top + 1):
        # A whole column of "2.1" may be references; a text among numbers is a number that cannot be added up.
        if any(cell.data_type == "n" for cell in column):
            texts = (cell for cell in column if cell.data_type == "s" and not MARK.fullmatch(cell.value))
            yield from (f"{at}{cell.coordinate} is text in a column of numbers" for cell in texts)
