"""A delimited file or a worksheet as a table of text, before anybody knows what its cells mean.

Here: bytes to text cells with their line numbers, finding columns by any of their published names,
and the order in which a finished core table has its columns. Not here: markers (`markers.py`), or the
layout of any one publication (its own reader).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from jsna_pipeline.errors import InputError
from jsna_pipeline.readers.result import rejects
from jsna_pipeline.schemas.base import CoreModel, filter_columns, published_names, table_schema, value_columns
from jsna_pipeline.sources.published_file import PublishedFile

LINE = "_line"
SEARCH_ROWS = 20  # published tables start within the first dozen rows of their sheet


def read_csv(file: PublishedFile, *, multiline: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every cell as text with its line in column `_line`, and the rejects for rows of a wrong length.

    `multiline` allows line breaks inside quoted cells; lines then count records. UTF-8 with or without
    a byte-order mark, else Windows-1252. Raises InputError for a file without rows.
    """
    content = _as_utf8(file)
    header = next(csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")), [])
    names = _distinct([name.strip() for name in header])
    if len(content.split(b"\n", 1)) == 1 or not content.split(b"\n", 1)[1].strip():
        raise InputError(
            f"{file.name}: the file has a header and no rows; download it again from its publication page."
        )
    skipped: list[int] = []

    def skip(row: pacsv.InvalidRow) -> str:
        skipped.append(row.number)
        return "skip"

    try:
        data = pacsv.read_csv(
            io.BytesIO(content),
            # One thread: only then does pyarrow number the rows that it refuses.
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=1, use_threads=False),
            parse_options=pacsv.ParseOptions(invalid_row_handler=skip, newlines_in_values=multiline),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        raise InputError(
            f"{file.name}: not a readable CSV file; download it again from its publication page."
        ) from None
    text = data.to_pandas().astype("str")
    text[LINE] = np.delete(np.arange(2, len(text) + len(skipped) + 2), np.array(skipped, dtype="int64") - 2)
    return text, rejects(file.name, skipped, "", "row", "the row has the wrong number of fields")


def _as_utf8(file: PublishedFile) -> bytes:
    content = file.content.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in content[:4096]:
        raise InputError(f"{file.name}: not CSV text; download the CSV, not the workbook, from its publication page.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode("utf-8")
    return content


def _distinct(names: list[str]) -> list[str]:
    """Repeated headings numbered as pandas numbers them: `SNP`, `SNP.1`, `SNP.2`."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        count = seen.get(name, 0)
        seen[name] = count + 1
        result.append(f"{name}.{count}" if count else name)
    return result


def read_sheets(file: PublishedFile, name_pattern: str) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook (xlsx, xls or ods) whose names match the regular expression, as text.

    Row `i` of a frame is row `i + 1` of the sheet, blank cells are empty text, and nothing is taken
    for a header. Read with calamine, which does not trust the size that a sheet declares: some
    NHS workbooks declare one cell. Raises InputError for an unreadable file or one with no such sheet.
    """
    try:
        with pd.ExcelFile(file.open(), engine="calamine") as book:
            available = [str(name) for name in book.sheet_names]
            wanted = [name for name in available if re.fullmatch(name_pattern, name, flags=re.IGNORECASE)]
            sheets = {
                name: pd.read_excel(book, sheet_name=name, header=None, dtype=str, keep_default_na=False)
                for name in wanted
            }
    except Exception:  # calamine raises bare errors of its own for each kind of damage
        raise InputError(
            f"{file.name}: not a readable workbook; download it again from its publication page."
        ) from None
    if not wanted:
        raise InputError(
            f"{file.name}: no sheet is named like {name_pattern!r} (sheets: {', '.join(available)[:200]}); "
            "check that it is the right workbook."
        )
    texts = {name: sheet.fillna("").astype("str") for name, sheet in sheets.items()}
    return {name: sheet.apply(lambda column: column.str.strip()) for name, sheet in texts.items()}


def has_headings(*headings: str) -> Callable[[list[str]], bool]:
    """A test for `below_header`: the row holds all of `headings`, spaces, case and marks disregarded."""
    wanted = {simplified(heading) for heading in headings}
    return lambda cells: wanted <= {simplified(cell) for cell in cells}


def below_header(
    sheet: pd.DataFrame, is_header: Callable[[list[str]], bool], *, file: PublishedFile, name: str
) -> pd.DataFrame:
    """The rows under the first of the sheet's top rows that `is_header`, under that row's headings.

    The sheet's own row number is in column `_line`. Headings without text are called `_0`, `_1`, … and
    repeated ones are numbered. Raises InputError where no such row exists or nothing lies below it.
    """
    for position in range(min(SEARCH_ROWS, len(sheet))):
        cells = [str(cell) for cell in sheet.iloc[position]]
        if is_header(cells):
            table = sheet.iloc[position + 1 :].copy()
            table.columns = pd.Index(_distinct([cell or f"_{number}" for number, cell in enumerate(cells)]))
            table[LINE] = np.arange(position + 2, len(sheet) + 1)
            if not table.empty:
                return table.reset_index(drop=True)
            break
    raise InputError(
        f"{file.name}: sheet {name!r} has no rows under the headings that its reader knows; "
        "download the workbook again, or compare its layout with the catalogue's."
    )


def simplified(heading: str) -> str:
    """A heading reduced to what its spellings share: `Lower_CI_95.0_limit` and `LowerCI95.0limit` are one."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def locate(header: Iterable[str], published_as: Mapping[str, Sequence[str]], file: PublishedFile) -> dict[str, str]:
    """Our column name -> the heading under which this file has it, spaces, case and marks disregarded.

    Raises InputError naming every column that is missing under all its published names.
    """
    present: dict[str, str] = {}
    for name in header:
        present.setdefault(simplified(name), name)
    found = {
        column: next((present[simplified(name)] for name in names if simplified(name) in present), "")
        for column, names in published_as.items()
    }
    missing = [repr(published_as[column][0]) for column, name in found.items() if not name]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        raise InputError(
            f"{file.name}: column{plural} {', '.join(missing)} missing from the header (line 1: "
            f"{', '.join(present.values())[:160]}); check that this is the publisher's own file, or add the "
            "column's new name to its model in schemas/."
        )
    return found


def model_columns(model: CoreModel) -> dict[str, list[str]]:
    """The published names of the model's filter and value columns, for `locate`."""
    return {name: published_names(model, name) for name in (*filter_columns(model), *value_columns(model))}


def added_columns_note(header: Iterable[str], known: Iterable[str], file: PublishedFile) -> list[str]:
    """One sentence on columns that the publisher has added since the layout was reviewed, or nothing."""
    expected = {simplified(name) for name in known}
    added = [name for name in header if name != LINE and simplified(name) not in expected]
    return [f"{file.name}: new columns are not used: {', '.join(added)[:200]}."] if added else []


def arranged(table: pd.DataFrame, model: CoreModel) -> pd.DataFrame:
    """`table` with exactly the model's columns and the statuses, in their declared order."""
    return table[list(table_schema(model).columns)].reset_index(drop=True)
