"""The long table of DfE's Local Authority Interactive Tool (LAIT) with its data dictionary.

Here: its free-text years, its authority numbers, its decimal places. Not here: the statistical
neighbours workbook of the same tool (`neighbours.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult, rejects
from jsna_pipeline.schemas.base import CoreModel
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, PeriodType

TEXT_COLUMNS = ["Short Desc", "Years", "LA and Regions", "Values"]
NUMBER_COLUMN = "LA Number"

# What a bare year means is said only by the dictionary. Checked on published figures: `2020` of an
# academic measure is 2019/20 (absence is blank for it), `2025` of a January count is the census of
# January 2025, and looked-after counts of `2025` are those of 31 March 2025.
YEAR_TYPES = {
    "academic year": PeriodType.ACADEMIC_YEAR,
    "financial year": PeriodType.FINANCIAL_YEAR,
    "calendar year": PeriodType.CALENDAR_YEAR,
    "annual - january": PeriodType.JANUARY_SNAPSHOT,
    "annual": PeriodType.REPORTING_YEAR,
    "annual (end of sept)": PeriodType.CALENDAR_YEAR,
}
SPANNING = {PeriodType.ACADEMIC_YEAR, PeriodType.FINANCIAL_YEAR, PeriodType.JANUARY_SNAPSHOT}

ONE_YEAR = re.compile(r"(?:19|20)\d\d")
YEAR_PAIR = re.compile(r"((?:19|20)\d\d)[-/](\d\d)")
YEAR_RANGE = re.compile(r"(?:19|20)\d\d/\d\d\s*-\s*\d\d/\d\d")
# `(OT)` outturn, `(Rev)` revised, `(Final)`, `(prov)`: the state of the release, not of the period.
RELEASE_STATE = re.compile(r"\s*\([A-Za-z]+\)$")

# Rows of the tool itself that are no area: averages of neighbours.
AVERAGES = re.compile(r"statistical neighbours?|\bSNs?\b", flags=re.IGNORECASE)


def read(
    file: PublishedFile, dataset: Dataset, model: CoreModel, companions: Mapping[str, PublishedFile]
) -> ReadResult:
    """All measures for England, the regions and the authorities, ended ones under their own codes.

    `companions["dictionary"]` is `lait_data_dictionary.csv`, which gives each measure's kind of year
    and decimal places; values are rounded to them half away from zero. Inner and Outer London and
    averages of neighbours are left aside. `source_line` is the row of the Parquet table. A row whose
    year or measure cannot be understood is rejected. Raises InputError for a missing column or
    dictionary, an unknown marker, or an authority number that the register does not have.
    """
    dictionary = _read_dictionary(companions, dataset, file)
    encoded = _encode(file)
    areas, aside = _areas(encoded, file)
    periods = _periods(encoded, dictionary)
    area_of_row = areas["area_code"].notna().to_numpy()[encoded.codes[NUMBER_COLUMN]]
    known = periods["reason"].eq("").to_numpy()[encoded.pairs]
    kept = np.flatnonzero(area_of_row & known)
    table = _table(encoded, kept, areas, periods, dictionary, file)
    refused = np.flatnonzero(area_of_row & ~known)
    return ReadResult(
        text_tables.arranged(table, model),
        int(area_of_row.sum()),
        _refusals(refused, periods["reason"].to_numpy()[encoded.pairs[refused]], file),
        tuple(aside),
    )


@dataclass(frozen=True)
class _Encoded:
    """The file as integers into its distinct values; `pairs` numbers the distinct (measure, year)."""

    distinct: dict[str, np.ndarray]
    codes: dict[str, np.ndarray]
    pairs: np.ndarray
    pair_measure: np.ndarray
    pair_years: np.ndarray


def _encode(file: PublishedFile) -> _Encoded:
    """640,000 rows of few distinct texts: working on the distinct ones is what makes this fast."""
    try:
        published = pq.ParquetFile(file.open())
    except pa.ArrowInvalid:
        raise InputError(
            f"{file.name}: not a readable Parquet file; download it again from the tool's publication page."
        ) from None
    text_tables.locate(published.schema_arrow.names, {name: [name] for name in (*TEXT_COLUMNS, NUMBER_COLUMN)}, file)
    data = published.read(columns=[*TEXT_COLUMNS, NUMBER_COLUMN])
    if data.num_rows == 0:
        raise InputError(f"{file.name}: the table has no rows; download it again from the tool's publication page.")
    values, codes = {}, {}
    for name in (*TEXT_COLUMNS, NUMBER_COLUMN):
        codes[name], values[name] = pd.factorize(data.column(name).to_pandas(), use_na_sentinel=False)
    combined = codes["Short Desc"].astype("int64") * len(values["Years"]) + codes["Years"]
    pairs, met = pd.factorize(combined)
    return _Encoded(
        distinct={name: np.asarray(distinct_values, dtype=object) for name, distinct_values in values.items()},
        codes=codes,
        pairs=pairs,
        pair_measure=met // len(values["Years"]),
        pair_years=met % len(values["Years"]),
    )


def _read_dictionary(companions: Mapping[str, PublishedFile], dataset: Dataset, file: PublishedFile) -> pd.DataFrame:
    """period_type and decimal places (null: as published) by measure."""
    if "dictionary" not in companions:
        raise InputError(
            f"{file.name}: its data dictionary lait_data_dictionary.csv is missing; "
            f"put it in the folder beside it (from {dataset.page})."
        )
    text, _ = text_tables.read_csv(companions["dictionary"], multiline=True)
    names = {"measure": ["Measure_short"], "year_type": ["Year_Type"], "places": ["dps"]}
    located = text_tables.locate(text.columns, names, companions["dictionary"])
    # A measure shown under two topics has two rows; decimal places stand only where both give them.
    return (
        pd.DataFrame(
            {
                "measure": text[located["measure"]],
                "period_type": text[located["year_type"]].str.strip().str.casefold().map(YEAR_TYPES),
                "places": pd.to_numeric(text[located["places"]], errors="coerce").fillna(np.inf),
            }
        )
        .groupby("measure")
        .agg(period_type=("period_type", "first"), places=("places", "max"))
    )


def _areas(encoded: _Encoded, file: PublishedFile) -> tuple[pd.DataFrame, list[str]]:
    """area_code (null for rows left aside), area_name and area_level of each distinct LA number."""
    numbers = pd.to_numeric(pd.Series(encoded.distinct[NUMBER_COLUMN], dtype=object), errors="coerce")
    dfe_codes = numbers.map(lambda number: "" if pd.isna(number) else f"{number:.0f}").astype("str")
    codes = geography.canonical_codes(geography.codes_from_dfe(dfe_codes))
    aside = []
    first_row = pd.Series(encoded.codes[NUMBER_COLUMN]).drop_duplicates()
    for position in np.flatnonzero(codes.isna()):
        row = int(first_row[first_row == position].index[0])
        name = str(encoded.distinct["LA and Regions"][encoded.codes["LA and Regions"][row]])
        if not AVERAGES.search(name):
            raise InputError(
                f"{file.name}: column {NUMBER_COLUMN!r}, row {row + 1}: {dfe_codes[position] or 'a blank'!r} "
                f"({name[:40]}) is not in the register of areas; correct the file, or add the authority to "
                "catalogue/geography/areas.csv."
            )
        aside.append(name)
    parts = codes.isin(geography.register().query("area_type == 'region_part'")["area_code"])
    names = geography.attributes(codes)
    aside += list(names.loc[parts, "area_name"])
    areas = pd.DataFrame({"area_code": codes.mask(parts), **names[["area_name", "area_level"]]})
    return areas, [f"{file.name}: rows of {', '.join(sorted(aside))} are not used."] if aside else []


def _periods(encoded: _Encoded, dictionary: pd.DataFrame) -> pd.DataFrame:
    """period, period_type and reason (why refused, else blank) of each distinct measure and year."""
    measures = pd.Series(encoded.distinct["Short Desc"][encoded.pair_measure])
    kinds = measures.map(dictionary["period_type"])
    years = encoded.distinct["Years"][encoded.pair_years]
    parsed = [
        (None, None, "the measure is not in the data dictionary, or its kind of year is not known")
        if pd.isna(kind)
        else normalised_period(str(text), PeriodType(kind))
        for text, kind in zip(years, kinds, strict=True)  # some 3,800 pairs, not the rows
    ]
    return pd.DataFrame(parsed, columns=["period", "period_type", "reason"])


def normalised_period(text: str, kind: PeriodType) -> tuple[str | None, str | None, str]:
    """One of LAIT's `Years` as `(period, period_type, "")`, or `(None, None, reason)`.

    `2024` of an academic year is `2023/24`, of a calendar or reporting year `2024`; `2023-24 (OT)` is
    `2023/24`; `2014-16` and `2013/14-15/16` span several years, are `rolling`, and stay as written.
    """
    year = RELEASE_STATE.sub("", text.strip())
    if ONE_YEAR.fullmatch(year):
        if kind in SPANNING:
            return f"{int(year) - 1}/{year[2:]}", kind.value, ""
        return year, kind.value, ""
    pair = YEAR_PAIR.fullmatch(year)
    if pair and kind in SPANNING and (int(pair[1]) + 1) % 100 == int(pair[2]):
        return f"{pair[1]}/{pair[2]}", kind.value, ""
    if pair or YEAR_RANGE.fullmatch(year):
        return year, PeriodType.ROLLING.value, ""
    return None, None, "the text in 'Years' is not a period"


def _table(
    encoded: _Encoded,
    kept: np.ndarray,
    areas: pd.DataFrame,
    periods: pd.DataFrame,
    dictionary: pd.DataFrame,
    file: PublishedFile,
) -> pd.DataFrame:
    area, pair = encoded.codes[NUMBER_COLUMN][kept], encoded.pairs[kept]
    measure, cell = encoded.codes["Short Desc"][kept], encoded.codes["Values"][kept]
    numbers, statuses = _parse_cells(encoded, file)
    places = pd.Series(encoded.distinct["Short Desc"]).map(dictionary["places"]).to_numpy("float64")[measure]
    constant = np.zeros(len(kept), dtype="int64")
    columns = {name: _spread(areas[name], area) for name in ("area_code", "area_name", "area_level")}
    columns |= {name: _spread(periods[name], pair) for name in ("period", "period_type")}
    columns |= {"dimension": _spread([TOTAL], constant), "category": _spread([TOTAL], constant)}
    columns |= {"source_file": _spread([file.name], constant), "source_line": pd.Series(kept + 1)}
    columns |= {"measure": _spread(encoded.distinct["Short Desc"], measure)}
    columns |= {
        "value": pd.Series(rounded_half_up(numbers[cell], places)),
        "value_status": _spread(statuses, cell),
    }
    return pd.DataFrame(columns)


def _spread(distinct: pd.Series | np.ndarray | list[str], codes: np.ndarray) -> pd.Series:
    """A text column from its distinct values and the code of each row, without Python objects per row."""
    values = pa.array([None if pd.isna(value) else str(value) for value in distinct], type=pa.large_string())
    return pd.Series(values.take(pa.array(codes)), dtype="str")


def _parse_cells(encoded: _Encoded, file: PublishedFile) -> tuple[np.ndarray, np.ndarray]:
    """Values and statuses of the distinct cells; their order is that of first appearance."""
    cells = pd.Series(encoded.distinct["Values"], dtype=object).astype("str")
    first_rows = pd.Series(encoded.codes["Values"]).drop_duplicates().sort_values().index
    lines = pd.Series(np.asarray(first_rows) + 1)
    values, statuses = parse_values(cells, markers=EES_MARKERS, file=file.name, column="Values", lines=lines)
    return values.to_numpy("float64"), statuses.to_numpy(dtype=object)


def rounded_half_up(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """`values` at `places` decimals, halves away from zero as spreadsheets round; infinite places: as is.

    The scaled value is cleaned of binary noise first: 1.005 is stored a little below itself.
    """
    given = np.isfinite(places)
    scale = np.power(10.0, np.where(given, places, 0.0))
    rounded = np.copysign(np.floor(np.round(np.abs(values) * scale, 6) + 0.5) / scale, values) + 0.0
    return np.where(given, rounded, values)


def _refusals(rows: np.ndarray, reasons: np.ndarray, file: PublishedFile) -> pd.DataFrame:
    parts = [
        rejects(file.name, pd.Series(rows[reasons == reason] + 1), "Years", "row", reason)
        for reason in pd.unique(reasons)
    ]
    return pd.concat([rejects(file.name, [], "Years", "row", ""), *parts], ignore_index=True)
