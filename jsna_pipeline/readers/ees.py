"""Explore Education Statistics CSV: the one shape in which the Department for Education publishes.

Here: everything the EES files have in common — byte-order marks, column order, header drift,
duplicated headers, levels in one file, special markers, time periods, rows without an area. Not
here: which columns a dataset has (`schemas/`) or where its file lies (`sources/`).
Source: Explore Education Statistics data standards, and the releases themselves.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values, shown
from jsna_pipeline.readers.result import ReadResult, no_rejects, rejects
from jsna_pipeline.schemas.base import (
    CoreModel,
    filter_columns,
    published_names,
    status_column,
    value_columns,
)
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, PeriodType

LEVELS = {
    "national": AreaLevel.ENGLAND.value,
    "regional": AreaLevel.REGION.value,
    "local authority": AreaLevel.LOCAL_AUTHORITY.value,
}
STANDARD_COLUMNS = {
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "new_la_code",
    "old_la_code",
    "la_name",
    "lad_code",
    "lad_name",
}
AREA_CODE_COLUMN = {"england": "country_code", "region": "region_code", "local_authority": "new_la_code"}


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """One EES data file as a core table.

    `dataset.dimensions` maps published breakdown topics to dimensions, topics not named there being
    left aside; `dataset.options` may hold `topic` and `category` (the columns of the breakdown),
    `categories` (published -> ours), `keep` (column -> values, for filters that only one value of is wanted),
    `time_identifiers` and `january_of_year` (a January count whose time period is the bare year).
    Raises InputError for a missing column, an unknown marker or a code absent from the register.
    """
    text, malformed = _read_text(file)
    text = _standard_case(text, dataset)
    columns = _locate_columns(text.columns, file, dataset, model)
    text, notes = _wanted_rows(text, dataset, file)
    table = _key_columns(text, dataset, file)
    rows_read = len(table)
    table, rejected = _drop_rows_without_period(table, file)
    _refuse_unknown_areas(table, file)
    text = text.loc[table.index]
    for name in filter_columns(model):
        table[name] = text[columns[name]].str.strip()
    for name in value_columns(model):
        table[name], table[status_column(name)] = parse_values(
            text[columns[name]], markers=EES_MARKERS, file=file.name, column=columns[name], lines=table["source_line"]
        )
    parts = [part for part in (malformed, rejected) if len(part)]
    found = pd.concat(parts, ignore_index=True) if parts else no_rejects()
    notes += _added_columns_note(text.columns, columns, dataset)
    return ReadResult(table.reset_index(drop=True), rows_read + len(malformed), found, tuple(notes))


def _read_text(file: PublishedFile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All cells as text with their line numbers, and the rows whose field count is wrong.

    A header that the publisher wrote twice keeps its first column.
    """
    content = _decode(file)
    header = next(csv.reader(io.StringIO(content.split(b"\n", 1)[0].decode("utf-8-sig"))), [])
    if not any(name.strip() for name in header):
        raise InputError(f"{file.name}, line 1: no column names; download the CSV again from its publication page.")
    malformed_lines: list[int] = []

    def skip_and_remember(row: pacsv.InvalidRow) -> str:
        malformed_lines.append(row.number)
        return "skip"

    _, _, rows = content.partition(b"\n")
    if not rows.strip():
        raise InputError(
            f"{file.name}: the file has a header and no rows; download it again from its publication page."
        )
    try:
        # One thread: only then does pyarrow say which row was malformed. Blank lines are counted, so
        # that the lines of all others are the file's own; they lose themselves among unwanted rows.
        data = pacsv.read_csv(
            io.BytesIO(content),
            read_options=pacsv.ReadOptions(column_names=_unique(header), skip_rows=1, use_threads=False),
            parse_options=pacsv.ParseOptions(
                invalid_row_handler=skip_and_remember, newlines_in_values=False, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(_unique(header), pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        raise InputError(
            f"{file.name}: not a readable CSV file; download it again from its publication page."
        ) from None
    text = data.to_pandas(types_mapper=pd.ArrowDtype)
    if text.empty:
        raise InputError(
            f"{file.name}, line 2: no row has the {len(header)} fields of the header; download the file again."
        )
    all_lines = np.arange(2, len(text) + len(malformed_lines) + 2)
    text["_line"] = np.setdiff1d(all_lines, malformed_lines)[: len(text)]
    text = text[[column for column in text.columns if not column.startswith("_duplicate_")]]
    return text, rejects(file.name, malformed_lines, "", "row", "the row has the wrong number of fields")


def _standard_case(text: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The columns that the reader asks for by name, under that name however the release capitals it."""
    asked = STANDARD_COLUMNS | set(dataset.options.get("keep", {}))
    asked |= {dataset.options[key] for key in ("topic", "category") if key in dataset.options}
    by_folded = {name.lower(): name for name in asked - set(text.columns)}
    return text.rename(columns=lambda name: by_folded.get(name.lower(), name))


def _decode(file: PublishedFile) -> bytes:
    """The bytes as UTF-8, which all EES files are meant to be; Windows-1252 strays are converted."""
    content = file.content
    if b"\x00" in content:
        raise InputError(f"{file.name}: not a CSV text file; download the CSV from its publication page.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content = content.decode("cp1252", errors="replace").encode("utf-8")
    return content


def _unique(header: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for name in (name.strip().strip('"') for name in header):
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"_duplicate_{seen[name]}_{name}")
    return names


def _locate_columns(header: Iterable[str], file: PublishedFile, dataset: Dataset, model: CoreModel) -> dict[str, str]:
    """Model column -> the header under which this release has it. Names decide, never positions."""
    by_folded = {name.lower(): name for name in reversed(list(header))}
    breakdown = [dataset.options[key] for key in ("topic", "category") if key in dataset.options]
    required = ["time_period", "time_identifier", "geographic_level", *breakdown]
    required += [
        column
        for level, column in AREA_CODE_COLUMN.items()
        if level in {kind.value for kind in dataset.geographic_levels}
    ]
    for name in required:
        if name.lower() not in by_folded:
            raise _missing_column(name, [name], file, dataset)
    located = {}
    for name in (*filter_columns(model), *value_columns(model)):
        spellings = published_names(model, name)
        match = next((by_folded[spelling.lower()] for spelling in spellings if spelling.lower() in by_folded), None)
        if match is None:
            raise _missing_column(name, spellings, file, dataset)
        located[name] = match
    return located


def _missing_column(name: str, spellings: list[str], file: PublishedFile, dataset: Dataset) -> InputError:
    return InputError(
        f"{file.name}, line 1: no column {' or '.join(map(repr, spellings))}, which '{dataset.title}' needs; "
        f"compare the header with the release's data guidance, and add a new spelling of {name!r} to its schema."
    )


def _wanted_rows(text: pd.DataFrame, dataset: Dataset, file: PublishedFile) -> tuple[pd.DataFrame, list[str]]:
    """Rows at the dataset's levels, of its breakdowns and of the filter values it keeps."""
    level = text["geographic_level"].str.strip().str.lower().map(LEVELS)
    wanted = level.isin([level.value for level in dataset.geographic_levels])
    notes = []
    if "topic" in dataset.options:
        topics = text[dataset.options["topic"]].str.strip()
        known = topics.isin(list(dataset.dimensions))
        for topic in sorted(set(topics[~known].unique()) - {"", *dataset.options.get("ignored_topics", [])}):
            # A cell reaches the notes only where it cannot be a person's number.
            named = "a breakdown with digits in its name" if re.search(r"\d{3}", topic) else f"the breakdown {topic!r}"
            notes.append(f"{file.name}: {named} is not used.")
        wanted &= known
    for column, values in dataset.options.get("keep", {}).items():
        if column not in text.columns:
            raise _missing_column(column, [column], file, dataset)
        wanted &= text[column].str.strip().isin([str(value) for value in values])
    identifiers = dataset.options.get("time_identifiers")
    if identifiers:
        wanted &= text["time_identifier"].str.strip().isin(identifiers)
    if not wanted.any():
        raise InputError(
            f"{file.name}: no row has the levels and breakdowns that '{dataset.title}' needs "
            f"({', '.join(dataset.dimensions) or 'all'}); check that it is the right file."
        )
    kept = text.loc[wanted].assign(_level=level[wanted])
    code = _area_codes(kept)
    placed = ~code.str.casefold().isin(geography.NO_AREA_MARKERS)
    if (~placed).any():
        notes.append(f"{file.name}: {int((~placed).sum())} rows carry no area code (for example 'Outside of England').")
    return kept.loc[placed].assign(_area_code=code[placed]), notes


def _area_codes(text: pd.DataFrame) -> pd.Series:
    code = pd.Series("", index=text.index, dtype="str")
    for level, column in AREA_CODE_COLUMN.items():
        if column in text.columns:
            code = code.mask(text["_level"] == level, text[column].astype("str").str.strip())
    return code


def _key_columns(text: pd.DataFrame, dataset: Dataset, file: PublishedFile) -> pd.DataFrame:
    codes = geography.canonical_codes(text["_area_code"])
    table = pd.DataFrame({"area_code": codes, "area_level": text["_level"].astype("str")}, index=text.index)
    table["area_name"] = geography.attributes(codes)["area_name"]
    period_type = PeriodType.CALENDAR_YEAR if dataset.options.get("january_of_year") else dataset.period_type
    table["period"] = periods(text["time_period"], period_type)
    if dataset.options.get("january_of_year"):
        table["period"] = _of_january(table["period"])
    table["period_type"] = dataset.period_type.value
    topic, category = dataset.options.get("topic"), dataset.options.get("category")
    dimension = text[topic].astype("str").str.strip().map(dataset.dimensions) if topic else TOTAL
    table["dimension"] = dimension
    table["category"] = text[category].astype("str").str.strip() if category else TOTAL
    table.loc[table["dimension"] == TOTAL, "category"] = TOTAL
    table["category"] = table["category"].replace(dataset.options.get("categories", {}))
    if dataset.options.get("tidy_ages"):
        table["category"] = _tidy_ages(table["category"], table["dimension"])
    table["source_file"] = file.name
    table["source_line"] = text["_line"].astype("int64")
    return table


def _tidy_ages(category: pd.Series, dimension: pd.Series) -> pd.Series:
    """`age 10`, `Aged 10` and `10` are one category; only the word is taken off, never the number."""
    ages = category.str.replace(r"^(?:aged?)\s+", "", regex=True, case=False)
    return category.mask(dimension.str.startswith("age"), ages)


def periods(text: pd.Series, period_type: PeriodType) -> pd.Series:
    """EES `time_period` as the report prints it: `202425` -> `2024/25`, `2024` -> `2024`; else null."""
    code = text.astype("str").str.strip()
    year = code.where(code.str.fullmatch(r"(?:19|20)\d{2}"))
    start, end = code.str[:4], code.str[4:]
    consecutive = code.str.fullmatch(r"(?:19|20)\d{4}") & (
        (pd.to_numeric(start, errors="coerce") + 1) % 100 == pd.to_numeric(end, errors="coerce")
    )
    spanning = (start + "/" + end).where(consecutive)
    spans_years = period_type not in {PeriodType.CALENDAR_YEAR, PeriodType.REPORTING_YEAR}
    return spanning if spans_years else year


def _of_january(years: pd.Series) -> pd.Series:
    """Calendar years as the Department labels a January count today: `2022` -> `2021/22`."""
    end = pd.to_numeric(years)
    return ((end - 1).astype("Int64").astype("string") + "/" + years.str[2:]).astype("str").where(years.notna())


def _drop_rows_without_period(table: pd.DataFrame, file: PublishedFile) -> tuple[pd.DataFrame, pd.DataFrame]:
    bad = table["period"].isna()
    reason = "the time period is not of the form the dataset has"
    return table.loc[~bad].copy(), rejects(file.name, table.loc[bad, "source_line"], "time_period", "row", reason)


def _refuse_unknown_areas(table: pd.DataFrame, file: PublishedFile) -> None:
    unknown = geography.unknown_codes(table["area_code"])
    if unknown:
        row = table.loc[table["area_code"] == unknown[0]].iloc[0]
        code = repr(unknown[0]) if re.fullmatch(r"[A-Z]\d{8}", unknown[0]) else shown(unknown[0])
        raise InputError(
            f"{file.name}: column {AREA_CODE_COLUMN[row['area_level']]!r}, line {row['source_line']}: "
            f"area code {code} is not in the register; "
            "correct the file, or add the code with its dates to catalogue/geography/areas.csv."
        )


def _added_columns_note(header: Iterable[str], located: dict[str, str], dataset: Dataset) -> list[str]:
    expected = STANDARD_COLUMNS | set(located.values()) | set(dataset.options.get("unused_columns", []))
    expected |= {dataset.options.get("topic"), dataset.options.get("category"), *dataset.options.get("keep", {})}
    unused = [name for name in header if name not in expected and not name.startswith("_")]
    return [f"{dataset.title}: {len(unused)} published columns are not used."] if unused else []
