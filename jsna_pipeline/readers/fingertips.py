"""Public health profiles (Fingertips) in the CSV that the site and its API export.

Here: the native export in all spellings of its header. Not here: tables that others derived from
Fingertips, which are refused, or choosing indicators (`catalogue/indicators/`).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult, no_rejects, rejects
from jsna_pipeline.schemas.base import SOURCE_COLUMNS, CoreModel, filter_columns, status_column, value_columns
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Status

KEY_SOURCES = {
    "area": ["Area Code"],
    "category_type": ["Category Type"],
    "category": ["Category"],
    "period": ["Time period"],
    "note": ["Value note"],
}
UNUSED = [
    *("Indicator Name", "Parent Code", "Parent Name", "Area Name", "Area Type", "Recent Trend"),
    *("Lower CI 99.8 limit", "Upper CI 99.8 limit", "Time period Sortable", "Time period range", "New data"),
]
# The heading names the parent's area type, which differs between exports.
COMPARED = re.compile(r"compared.?to", flags=re.IGNORECASE)

YEAR = re.compile(r"\d{4}")
YEAR_PAIR = re.compile(r"\d{4}/\d{2}")
SEVERAL_YEARS = re.compile(r"\d{4}(/\d{2})?\s*-\s*\d{2,4}(/\d{2})?")
PART_OF_YEAR = re.compile(r"\d{4}(/\d{2})?\s+(Q[1-4]|[A-Z][a-z]{2,8})|[A-Z][a-z]{2,8}\s+\d{4}")

SUPPRESSED = r"suppress|disclosure"
UNRELIABLE = r"data quality issue|interpret with caution|unreliable"


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """England, the nine regions and upper-tier authorities; inequality splits become dimensions.

    Regional exports repeat England and the parent: when several files are joined, drop duplicates on
    the key and filter columns (source columns aside) before quarantine; within one file that is done here,
    where the values agree too. Districts, NHS areas and parts of years are left aside and noted. A year
    such as `2019/20` is financial unless `dataset.options["academic_year_indicators"]` lists the
    indicator. Raises InputError for any header but the native one and for an unknown marker.
    """
    text, malformed = text_tables.read_csv(file, multiline=True)
    sources = text_tables.locate(text.columns, KEY_SOURCES | text_tables.model_columns(model), file)
    text = text.rename(columns={heading: name for name, heading in sources.items()})
    text, notes = _of_known_areas(text, file)
    text = text.assign(category_type=text["category_type"].str.strip(), category=text["category"].str.strip())
    text["period"], text["period_type"] = _periods(text, dataset)
    part = text["period"].str.fullmatch(PART_OF_YEAR)
    if part.any():
        notes.append(f"{file.name}: {int(part.sum())} rows for a quarter or a month are not used.")
    text = text[~part]
    refused = text["period_type"].isna()
    table = _table(text[~refused], file, model)
    identity = table.columns.difference(SOURCE_COLUMNS, sort=False)
    table = table.drop_duplicates(list(identity), ignore_index=True)
    reason = "the time period is not one of the site's forms"
    found = [malformed, rejects(file.name, text.loc[refused, text_tables.LINE], "Time period", "row", reason)]
    found = [part for part in found if len(part)] or [no_rejects()]
    notes += text_tables.added_columns_note(
        [name for name in text.columns if not COMPARED.match(name)],
        [*UNUSED, *sources, "period_type", "area_code", "area_name", "area_level"],
        file,
    )
    return ReadResult(
        text_tables.arranged(table, model),
        len(table) + int(refused.sum()) + len(malformed),
        pd.concat(found, ignore_index=True),
        tuple(notes),
    )


def _of_known_areas(text: pd.DataFrame, file: PublishedFile) -> tuple[pd.DataFrame, list[str]]:
    """The rows whose code the register knows, with its names; districts and NHS areas are not in it."""
    codes = geography.canonical_codes(text["area"].str.strip())
    register = geography.register()
    wanted = codes.isin(register.loc[register["area_type"] != "region_part", "area_code"])
    if not wanted.any():
        raise InputError(
            f"{file.name}: no row is for England, a region or an upper-tier authority; export the indicators "
            "for 'Upper tier local authorities' from fingertips.phe.org.uk."
        )
    kept = text[wanted].assign(area_code=codes[wanted])
    kept[["area_name", "area_level"]] = geography.attributes(kept["area_code"])[["area_name", "area_level"]]
    aside = int((~wanted).sum())
    return kept, [f"{file.name}: {aside} rows of districts and other areas are not used."] if aside else []


def _periods(text: pd.DataFrame, dataset: Dataset) -> tuple[pd.Series, pd.Series]:
    period = text["period"].str.strip()
    academic = text["indicator"].isin([str(one) for one in dataset.options.get("academic_year_indicators", [])])
    pair_kind = np.where(academic, PeriodType.ACADEMIC_YEAR.value, PeriodType.FINANCIAL_YEAR.value)
    kind = pd.Series(None, index=text.index, dtype="str")
    kind = kind.mask(period.str.fullmatch(YEAR), PeriodType.CALENDAR_YEAR.value)
    kind = kind.mask(period.str.fullmatch(YEAR_PAIR), pd.Series(pair_kind, index=text.index))
    return period, kind.mask(period.str.fullmatch(SEVERAL_YEARS), PeriodType.ROLLING.value)


def _table(text: pd.DataFrame, file: PublishedFile, model: CoreModel) -> pd.DataFrame:
    whole = text["category_type"].eq("")
    table = text[["area_code", "area_name", "area_level", "period", "period_type"]].assign(
        dimension=text["category_type"].mask(whole, TOTAL),
        category=text["category"].mask(whole, TOTAL),
        source_file=file.name,
        source_line=text[text_tables.LINE].astype("int64"),
    )
    for name in filter_columns(model):
        table[name] = text[name].str.strip()
    why_blank = _why_blank(text)
    lines = table["source_line"]
    for name in value_columns(model):
        values, status = parse_values(text[name], markers=EES_MARKERS, file=file.name, column=name, lines=lines)
        table[name], table[status_column(name)] = (
            values,
            status.mask(text[name].str.strip().eq(""), why_blank),
        )
    unreliable = table["value"].notna() & text["note"].str.contains(UNRELIABLE, case=False, regex=True)
    table["value_status"] = table["value_status"].mask(unreliable, Status.LOW_RELIABILITY.value)
    return table


def _why_blank(text: pd.DataFrame) -> pd.Series:
    """A blank beside the note of suppression is suppressed, any other blank was not published."""
    suppressed = text["note"].str.contains(SUPPRESSED, case=False, regex=True)
    return pd.Series(
        np.where(suppressed, Status.SUPPRESSED.value, Status.UNAVAILABLE.value), index=text.index, dtype="str"
    )
