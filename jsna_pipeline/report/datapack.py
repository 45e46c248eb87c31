"""The data beside the report: the tables as CSV, Parquet and one workbook.

Here: writing them so that they are safe to open and identical for identical input. Not here: what
the tables hold.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font

from jsna_pipeline import geography
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView

# A cell that a spreadsheet would run as a formula (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SAVED_NOW = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def exceptions_of(view: AreaView) -> pd.DataFrame:
    """Published figures that break a rule: the area's own, its region's and England's, in that order."""
    order = [view.area.code, view.region_code, geography.ENGLAND]
    found = view.reconciliation.loc[view.reconciliation["area_code"].isin(order)]
    return found.sort_values("area_code", key=lambda codes: codes.map(order.index), kind="stable", ignore_index=True)


def formula_safe(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with an apostrophe before any text that a spreadsheet would take for a formula."""
    safe = table.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        text = safe[column].astype("str")
        # A column of mixed kinds may hold numbers, and a negative one is no formula.
        risky = text.str.startswith(FORMULA_STARTS) & safe[column].map(lambda cell: isinstance(cell, str)).astype(bool)
        safe[column] = safe[column].mask(risky, "'" + text)
    return safe


def csv_bytes(table: pd.DataFrame) -> bytes:
    safe = formula_safe(table)
    # A lone carriage return is not quoted in Python 3.11 and would begin a row of its own.
    safe = safe.replace(r"\r\n?", "\n", regex=True)
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8")


def parquet_bytes(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()


def workbook_bytes(report: Report, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """One workbook: a cover, the indicator dictionary, and one table a sheet with its heading above it."""
    book = Workbook()
    cover = book.active
    assert cover is not None  # noqa: S101 - a new workbook always has a sheet; this tells the type checker
    cover.title = "Cover"
    for line in _cover_lines(report, tables):
        cover.append([line])
    cover["A1"].font = Font(bold=True, size=14)
    _add_sheet(book, "dictionary", "Indicator dictionary", _dictionary(report))
    for name, table in tables.items():
        _add_sheet(book, name, f"{name.capitalize()}: {report.area_name}, its region and England", table)
    moment = datetime(report.cut_off.year, report.cut_off.month, report.cut_off.day)
    book.properties.creator, book.properties.title = "jsna_pipeline", report.title
    book.properties.created = book.properties.modified = moment
    stream = io.BytesIO()
    book.save(stream)
    return _without_clock(stream.getvalue(), moment)


def _cover_lines(report: Report, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    lines = [
        f"{report.title}: {report.area_name}",
        report.subtitle,
        f"Edition {report.edition}, data cut-off {report.cut_off.isoformat()}",
        "Illustrative: built from synthetic files, not for use."
        if report.illustrative
        else "Built from published files.",
        "Percentages are 0 to 100. Blank cells have a reason in the status column.",
        "Sheets: dictionary, " + ", ".join(tables),
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ]
    return lines


def _dictionary(report: Report) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "indicator_id": entry.indicator_id,
                "name": entry.name,
                "description": entry.description,
                "population": entry.population,
                "numerator": entry.numerator,
                "denominator": entry.denominator,
                "method": entry.method,
                "polarity": entry.polarity,
                "unit": entry.unit,
                "source": entry.source,
                "caveats": " ".join(entry.caveats),
            }
            for entry in report.dictionary
        ]
    )


def _add_sheet(book: Workbook, name: str, heading: str, table: pd.DataFrame) -> None:
    sheet = book.create_sheet(name)
    sheet.append([heading])
    sheet["A1"].font = Font(bold=True)
    sheet.append(list(table.columns))
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A3"
    safe = formula_safe(table)
    for row in safe.astype(object).where(safe.notna(), None).itertuples(index=False, name=None):
        sheet.append(row)


def _without_clock(content: bytes, moment: datetime) -> bytes:
    """The workbook with fixed dates in and on its parts, so that identical input gives identical bytes.

    openpyxl writes the time of saving over whatever its properties said.
    """
    saved = rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, ZIP_EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = info.external_attr
            part = source.read(info.filename)
            target.writestr(fixed, SAVED_NOW.sub(saved, part) if info.filename == "docProps/core.xml" else part)
    return out.getvalue()
