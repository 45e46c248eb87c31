"""The data beside the report: which exceptions it lists, and one workbook of all tables.

Here: the workbook, identical for identical input. Not here: CSV and Parquet (`safe_tables.py`), or what the
tables hold.
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
from jsna_pipeline.safe_tables import formula_safe

SAVED_NOW = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
MARKING = "OFFICIAL-SENSITIVE"
OWN_SHEETS = {
    "scorecard": "Measures of the strategies, with the verdict of each",
    "scorecard_exceptions": "Measures that are not met, with explanation and decision",
    "survey_results": "Answers to surveys; blank where too few answered",
    "commissioning_priorities": "How strongly each chapter calls for commissioning",
}
LOCAL_SHEETS = {
    "local_counts": "counts; blank where hidden",
    "local_statistics": "waits and sums of money; blank where hidden",
    "local_agreement": "local counts beside published ones",
    "local_returns": "the returns that were read, to the nearest ten",
    "local_suppression": "figures in all and hidden in public, by table",
    "local_unseen": "plans that the school census does not see, to the nearest ten",
}


def exceptions_of(view: AreaView) -> pd.DataFrame:
    """Published figures that break a rule: the area's own, its region's and England's, in that order."""
    order = [view.area.code, view.region_code, geography.ENGLAND]
    found = view.reconciliation.loc[view.reconciliation["area_code"].isin(order)]
    return found.sort_values("area_code", key=lambda codes: codes.map(order.index), kind="stable", ignore_index=True)


def local_tables_of(view: AreaView) -> dict[str, pd.DataFrame]:
    """The tables of the area's own records by name, none where it delivered no returns.

    Those of a restricted audience carry their marking in every row, so that it stays with a copied part.
    """
    if view.local["local_returns"].empty:
        return {}
    tables = {name: view.local[name] for name in LOCAL_SHEETS}
    return {name: table.assign(marking=MARKING) for name, table in tables.items()} if view.restricted else tables


def steering_tables_of(tables: Mapping[str, pd.DataFrame], view: AreaView) -> dict[str, pd.DataFrame]:
    """Scorecards, survey results and priorities by the names of their files, marked like the local tables."""
    named = {name.removeprefix("steering_"): table for name, table in tables.items()}
    return {name: table.assign(marking=MARKING) for name, table in named.items()} if view.restricted else named


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
        _add_sheet(book, name, _heading(report, name), table)
    moment = datetime(report.cut_off.year, report.cut_off.month, report.cut_off.day)
    book.properties.creator, book.properties.title = "jsna_pipeline", report.title
    book.properties.created = book.properties.modified = moment
    stream = io.BytesIO()
    book.save(stream)
    return without_clock(stream.getvalue(), moment)


def _heading(report: Report, name: str) -> str:
    if name in OWN_SHEETS:
        return f"{OWN_SHEETS[name]}: {report.area_name}"
    if name not in LOCAL_SHEETS:
        return f"{name.capitalize()}: {report.area_name}, its region and England"
    marking = f"{MARKING}. " if report.restricted else ""
    return f"{marking}{report.area_name}’s own records, provisional: {LOCAL_SHEETS[name]}"


def _local_lines(report: Report, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What the cover says of the sheets that come from the area's own records."""
    if not any(name in LOCAL_SHEETS for name in tables):
        return []
    protection = (
        "Small numbers are not hidden in this copy, which is for named readers alone."
        if report.restricted
        else "Small numbers are hidden, and others with them where a hidden one could be worked out; the status of "
        "a hidden figure is suppressed."
    )
    return [
        "Sheets whose name begins with local_ are counted from the area’s own returns: provisional, and not to be "
        f"compared with other years or areas. {protection}",
    ]


def _cover_lines(report: Report, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    lines = [
        f"{report.title}: {report.area_name}",
        *([MARKING] if report.restricted else []),
        report.subtitle,
        f"Edition {report.edition}, data cut-off {report.cut_off.isoformat()}",
        "Illustrative: built from synthetic files, not for use."
        if report.illustrative
        else "Built from published files.",
        "Percentages are 0 to 100. Blank cells have a reason in the status column.",
        "Sheets: dictionary, " + ", ".join(tables),
        *_local_lines(report, tables),
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


def without_clock(content: bytes, moment: datetime) -> bytes:
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
