"""The dedicated schools grant: the workbook of allocations by block, and the totals of several years.

Here: both workbooks' sheets, their numbers and names of areas, and an ods file that lacks its type. Not
here: what the money was spent on, which is in the interactive tool (`lait.py`).
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cached_property

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.ees import periods
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult, rejects
from jsna_pipeline.schemas.base import CoreModel, published_names, status_column, value_columns
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, PeriodType

TOTAL_SHEETS = r"dsg_budget_.*"
SUMMARY, HIGH_NEEDS = "Allocations_summary", "High_needs_block"
# Sums over kinds of authority, which are no areas of the register.
GROUPS = {"metropolitan authorities", "unitary authorities", "upper tier authorities"}
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def read_totals(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """England, regions and authorities by financial year, one sheet a year.

    A region that a sheet prints twice stands once. Sums over kinds of authority are left aside. Raises
    InputError for a missing sheet or column, an unknown number of an authority or an unknown marker.
    """
    parts = [_totals_sheet(sheet, name, file) for name, sheet in text_tables.read_sheets(file, TOTAL_SHEETS).items()]
    text = pd.concat(parts, ignore_index=True)
    located = text_tables.locate(text.columns, text_tables.model_columns(model), file)
    table = _keys(text, periods(text["time_period"], PeriodType.FINANCIAL_YEAR), file)
    _add_values(table, text, located, file, model)
    bad = table["period"].isna()
    refused = rejects(file.name, table.loc[bad, "source_line"], "time_period", "row", "not a financial year")
    return ReadResult(text_tables.arranged(table[~bad], model), len(table), refused)


def _totals_sheet(sheet: pd.DataFrame, name: str, file: PublishedFile) -> pd.DataFrame:
    table = text_tables.below_header(sheet, text_tables.has_headings("la_code", "time_period"), file=file, name=name)
    return _placed(table.rename(columns={"la_code": "area"}), name, file)


def read_blocks(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """England, regions and authorities for the year of the summary's title, from two sheets of the workbook.

    Headings are found by how they begin, since the release puts dates and formulas into them. Raises
    InputError for a missing sheet, column or year, an unknown number of an authority or an unknown marker.
    """
    sheets = text_tables.read_sheets(_with_type(file), f"{SUMMARY}|{HIGH_NEEDS}")
    missing = [name for name in (SUMMARY, HIGH_NEEDS) if name not in sheets]
    if missing:
        raise InputError(f"{file.name}: no sheet {missing[0]!r}; download the allocations workbook again.")
    summary = _block_sheet(sheets[SUMMARY], "High needs block (£s)", SUMMARY, file)
    needs = _block_sheet(sheets[HIGH_NEEDS], "Total high needs block before deductions (£s)", HIGH_NEEDS, file)
    text = summary.merge(needs.drop(columns=[text_tables.LINE]), on="area", how="left", validate="1:1").fillna("")
    table = _keys(text, pd.Series(_title_year(sheets[SUMMARY], file), index=text.index), file)
    _add_values(table, text, _beginning(text, model, file), file, model)
    return ReadResult(text_tables.arranged(table, model), len(table))


def _block_sheet(sheet: pd.DataFrame, heading: str, name: str, file: PublishedFile) -> pd.DataFrame:
    table = text_tables.below_header(sheet, text_tables.has_headings(heading), file=file, name=name)
    return _placed(table.rename(columns={table.columns[0]: "area"}).drop(columns=table.columns[1]), name, file)


def _with_type(file: PublishedFile) -> PublishedFile:
    """The workbook with the type member that OpenDocument asks for first; the release of 2023 lacks it."""
    return _TypedWorkbook(file.path, file.relative, file.member)


class _TypedWorkbook(PublishedFile):
    @cached_property
    def content(self) -> bytes:
        published = PublishedFile(self.path, self.relative, self.member).content
        try:
            with zipfile.ZipFile(io.BytesIO(published)) as archive:
                if "mimetype" in archive.namelist():
                    return published
                members = {name: archive.read(name) for name in archive.namelist()}
        except zipfile.BadZipFile:
            return published  # no workbook at all: the reader of sheets says so
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in ({"mimetype": ODS_TYPE.encode()} | members).items():
                archive.writestr(name, content)
        return target.getvalue()


def _placed(table: pd.DataFrame, name: str, file: PublishedFile) -> pd.DataFrame:
    """The rows of areas with their ONS code in column `area`; formulas, blanks and groups left aside."""
    area = table["area"].str.strip().str.removesuffix(".0")
    numbered = area.str.fullmatch(r"\d{3}")
    codes = geography.codes_from_dfe(area.where(numbered, ""))
    larger = geography.register().query("area_type in ['country', 'region']")
    by_name = area.str.casefold().map(larger.set_index(larger["area_name"].str.casefold())["area_code"])
    codes = geography.canonical_codes(codes.fillna(by_name))
    lost = codes.isna() & area.ne("") & ~area.str.casefold().isin(GROUPS)
    if lost.any():
        line = int(table.loc[lost, text_tables.LINE].iloc[0])
        raise InputError(
            f"{file.name}: sheet {name!r}, row {line}: the first column names no area of the register; "
            "correct the workbook, or add the authority to catalogue/geography/areas.csv."
        )
    placed = table.assign(area=codes)[codes.notna()]
    # The sheets print London twice, as a kind of authority and as a region.
    placed = placed.drop_duplicates(placed.columns.difference([text_tables.LINE]))
    twice = placed["area"].duplicated()
    if twice.any():
        line = int(placed.loc[twice, text_tables.LINE].iloc[0])
        raise InputError(f"{file.name}: sheet {name!r}, row {line}: the area stands there twice; correct the workbook.")
    return placed.reset_index(drop=True)


def _keys(text: pd.DataFrame, period: pd.Series, file: PublishedFile) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": text["area"],
            **geography.attributes(text["area"])[["area_name", "area_level"]],
            "period": period,
            "period_type": PeriodType.FINANCIAL_YEAR.value,
            "dimension": TOTAL,
            "category": TOTAL,
            "source_file": file.name,
            "source_line": text[text_tables.LINE].astype("int64"),
        }
    )


def _add_values(
    table: pd.DataFrame, text: pd.DataFrame, located: dict[str, str], file: PublishedFile, model: CoreModel
) -> None:
    for name in value_columns(model):
        table[name], table[status_column(name)] = parse_values(
            text[located[name]],
            markers=EES_MARKERS,
            file=file.name,
            column=located[name],
            lines=table["source_line"],
        )


def _beginning(text: pd.DataFrame, model: CoreModel, file: PublishedFile) -> dict[str, str]:
    """Model column -> the first heading that begins with one of its published names."""
    simple = {heading: text_tables.simplified(heading) for heading in text.columns}
    begins = {
        name: [heading for heading in simple if simple[heading].startswith(text_tables.simplified(wanted))]
        for name in value_columns(model)
        for wanted in published_names(model, name)[:1]
    }
    missing = [published_names(model, name)[0] for name, headings in begins.items() if not headings]
    if missing:
        raise InputError(
            f"{file.name}: no column begins with {missing[0]!r}; compare the sheets with an earlier release, "
            "and add the column's new name to schemas/dfe_money.py."
        )
    return {name: headings[0] for name, headings in begins.items()}


def _title_year(sheet: pd.DataFrame, file: PublishedFile) -> str:
    title = " ".join(str(cell) for cell in sheet.iloc[0])
    found = re.search(r"(20\d\d) to (20\d\d)", title)
    if not found or int(found[2]) != int(found[1]) + 1:
        raise InputError(
            f"{file.name}: the title of sheet {SUMMARY!r} does not say its financial year (2022 to 2023); "
            "check that it is the allocations workbook."
        )
    return f"{found[1]}/{found[2][2:]}"
