"""The workbook of an area SEND inspection's Annex A: one list of children a sheet, with headings for people.

Here: finding the sheets and their header rows, and the text of their cells. Not here: unpacking a workbook
safely (`delivered.py`), or what the columns mean (`catalogue/returns/annex_a.yml`).

A list is looked for under its sheet's name (`List_1`), then by its headings in any sheet, and its header
row among the first rows, under whatever title or merged cells stand above. A formula counts as the value
that was saved with it, and is never evaluated.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.returns import Return, ReturnTable
from jsna_pipeline.errors import InputError
from jsna_pipeline.returns.delivered import DeliveredFile
from jsna_pipeline.returns.formats import unknown_numbers
from jsna_pipeline.returns.raw import FILE, ROW, RawReturn, in_shape, match_columns, spelling

TITLE_ROWS = 20
# calamine gives a sheet's whole rectangle, from the first cell to the farthest, about 40 bytes for each cell:
# one cell in the last row and column would take 600 GiB. 60,000 children in 40 columns are 2.4 million.
MOST_CELLS = 5_000_000
# A text that many cells share is stored once and copied for each of them.
MOST_TEXT = 2**30
FILLED_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*[^/>])?>")
PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
SHARED_TEXT = re.compile(rb"</(?:\w+:)?si>")


class _List(NamedTuple):
    """A sheet of text, and the position in it of its header row."""

    sheet: pd.DataFrame
    name: str
    header: int


def read(files: Sequence[DeliveredFile], record: Return, year: int) -> RawReturn:
    """The lists of one workbook. Rows without any cell of the catalogue are left out.

    Raises InputError for several workbooks, one that is not readable or too large, and one without a list.
    """
    if len(files) != 1:
        names = ", ".join(file.name for file in files) or "none"
        raise InputError(f"{record.title}: one workbook holds both lists, and there are: {names}; keep one.")
    file = files[0]
    sheets = _sheets(file)
    tables: dict[str, pl.LazyFrame] = {}
    notes: list[str] = []
    for name, table in record.tables.items():
        found = _list_of(table, sheets, {_letters(entry.file) for entry in record.tables.values()})
        if found is None:
            raise InputError(
                f"{file.name}: no sheet {table.file!r} with the headings "
                f"{', '.join(entry.names[0] for entry in table.columns.values() if entry.required)} in its first "
                f"{TITLE_ROWS} rows; add the list, with headings alone if no child is on it."
            )
        sheets = {title: sheet for title, sheet in sheets.items() if title != found.name}
        tables[name], remarks = _table(found, table, year, file)
        notes += remarks
    notes += [f"{file.name}: sheet {name!r} is not read." for name in sheets]
    return RawReturn(tables, {}, tuple(notes))


def _table(found: _List, table: ReturnTable, year: int, file: DeliveredFile) -> tuple[pl.LazyFrame, list[str]]:
    headings = [" ".join(text.split()) for text in found.sheet.iloc[found.header]]
    place = f"{file.name}, sheet {found.name!r}"
    matched = match_columns([heading for heading in headings if heading], table, year, place)
    below = found.sheet.iloc[found.header + 1 :]
    columns = {matched.names[name]: below.iloc[:, at] for at, name in enumerate(headings) if name in matched.names}
    frame = pl.DataFrame({name: pl.Series(cells.tolist(), dtype=pl.String) for name, cells in columns.items()})
    filled = pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in columns)
    rows = (
        frame.lazy()
        .with_row_index(ROW, offset=found.header + 2)
        .filter(filled)
        .with_columns(pl.lit(file.name).alias(FILE))
    )
    note = f"{place}: columns not used: {', '.join(matched.unknown)}."
    return unknown_numbers.apart(in_shape(rows, table)), [note] if matched.unknown else []


def _list_of(table: ReturnTable, sheets: dict[str, pd.DataFrame], names: set[str]) -> _List | None:
    """The sheet of the list's own name, else one of no list's name that has every heading of the list.

    Every heading, because list 2 has no heading that list 1 lacks.
    """
    expected = [(entry, {spelling(name) for name in entry.names}) for entry in table.columns.values() if entry.names]
    for name, sheet in sheets.items():
        if _letters(name) == _letters(table.file):
            return _under_header(name, sheet, [spellings for entry, spellings in expected if entry.required])
    others = (
        _under_header(name, sheet, [spellings for _, spellings in expected])
        for name, sheet in sheets.items()
        if _letters(name) not in names
    )
    return next((found for found in others if found), None)


def _under_header(name: str, sheet: pd.DataFrame, expected: list[set[str]]) -> _List | None:
    """The sheet with the first of its top rows that has a heading of each of the `expected` columns."""
    for position in range(min(TITLE_ROWS, len(sheet))):
        headings = {spelling(text) for text in sheet.iloc[position]}
        if all(headings & spellings for spellings in expected):
            return _List(sheet, name, position)
    return None


def _sheets(file: DeliveredFile) -> dict[str, pd.DataFrame]:
    """Every sheet as text; row `i` of a frame is row `i + 1` of the sheet, and a blank cell is empty text."""
    content = file.workbook()
    _check_size(content, file)
    try:
        with pd.ExcelFile(io.BytesIO(content), engine="calamine") as book:
            sheets = pd.read_excel(book, sheet_name=None, header=None, dtype=str, keep_default_na=False)
    except Exception:  # calamine raises bare errors of its own for each kind of damage
        raise InputError(f"{file.name}: not a readable workbook; save it again as .xlsx.") from None
    return {str(name): sheet.fillna("").astype("str") for name, sheet in sheets.items()}


def _check_size(content: bytes, file: DeliveredFile) -> None:
    """Refuses what would unfold in memory: sheets with far corners, and long texts shared by many cells."""
    cells, longest = 0, 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise InputError(f"{file.name}: not a workbook of Excel's present format; save it as .xlsx.")
        for name in archive.namelist():  # a workbook may keep its sheets under any name
            part = archive.read(name)
            ends = [match.end() for match in SHARED_TEXT.finditer(part)]
            longest = max(longest, int(np.max(np.diff(ends, prepend=0), initial=0)))
            cells += _rectangle(part, file)
    if cells > MOST_CELLS or cells * longest > MOST_TEXT:
        raise InputError(
            f"{file.name}: its sheets reach over {cells:,} cells, more than any list needs; delete what stands far "
            "below or beside the lists, and save it again."
        )


def _rectangle(part: bytes, file: DeliveredFile) -> int:
    """Number of cells from a sheet's corner to its farthest filled cell; 0 for a part that is no sheet."""
    filled = [PLACE.search(cell) for cell in FILLED_CELL.findall(part)]
    places = [match.groups() for match in filled if match]
    # Text in UTF-16 would hide its cells from the search above.
    if len(places) < len(filled) or (part.startswith((b"\xff\xfe", b"\xfe\xff")) or part[:2] in (b"<\0", b"\0<")):
        raise InputError(f"{file.name}: a sheet whose cells do not say where they are; save it again as .xlsx.")
    rows = max((int(row) for _, row in places), default=0)
    columns = max((_column(letters) for letters in {letters for letters, _ in places}), default=0)
    return rows * columns


def _column(letters: bytes) -> int:
    """Number of a column: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
