"""The school places scorecard: one wide CSV with a row for each authority and survey year.

Here: its own area columns, its fractions among percentages, and the entry year of its offers. Not here:
which columns are kept (`schemas/dfe_places.py`) or which of them are fractions (the dataset's record).
"""

from __future__ import annotations

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import parse_values
from jsna_pipeline.readers.result import ReadResult, rejects
from jsna_pipeline.schemas.base import CoreModel, published_names, status_column, value_columns
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Status

# `Low` stands beside the City of London and the Isles of Scilly alone: too few pupils, not a value near 0.
MARKERS = {
    "": Status.UNAVAILABLE,
    "NA": Status.UNAVAILABLE,
    "z": Status.NOT_APPLICABLE,
    "Low": Status.LOW_RELIABILITY,
    "LOW": Status.LOW_RELIABILITY,
}
KEYS = {
    "year": ["Year"],
    "level": ["geographic_level"],
    "country": ["country_code"],
    "authority": ["new_la_code"],
}
YEAR = r"20\d\d/\d\d"


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """England and each authority by survey year (academic year of the school capacity survey).

    The columns in `dataset.options["fractions"]` are published as 0 to 1 and become percentages. Raises
    InputError for a missing column, an unknown marker or code, or a fraction above 1, which would mean that
    the publisher has turned to percentages.
    """
    text, malformed = text_tables.read_csv(file)
    located = text_tables.locate(text.columns, KEYS | text_tables.model_columns(model), file)
    table, refused = _keys(text, located, file)
    text = text.loc[table.index]
    for name in value_columns(model):
        values, status = _parsed(text, located[name], file)
        if published_names(model, name)[0] in dataset.options.get("fractions", []):
            values = _as_percentages(values, located[name], file)
        table[name], table[status_column(name)] = values, status
    return _result(table, [malformed, refused], model)


def read_offers(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """Offers by the school year of entry: one survey year holds those of the next two Septembers.

    The columns ending in `CY` are offers for the September after the survey year, those in `NY` for the one
    after that; where both give an entry year, the later survey's stands. Raises InputError as `read` does.
    """
    text, malformed = text_tables.read_csv(file)
    wanted = {f"{name}, {suffix}": [heading] for name, suffix, heading in _offer_headings(model)}
    located = text_tables.locate(text.columns, KEYS | wanted, file)
    keys, refused = _keys(text, located, file)
    text = text.loc[keys.index]
    parts = []
    for suffix, years in (("CY", 1), ("NY", 2)):
        part = keys.assign(period=_later(keys["period"], years))
        for name in value_columns(model):
            part[name], part[status_column(name)] = _parsed(text, located[f"{name}, {suffix}"], file)
        parts.append(part)
    # Surveys of the following year come first: `CY` stands before `NY`.
    table = pd.concat(parts, ignore_index=True).drop_duplicates(["area_code", "period"])
    return _result(table, [malformed, refused], model)


def _offer_headings(model: CoreModel) -> list[tuple[str, str, str]]:
    return [(name, heading[-2:], heading) for name in value_columns(model) for heading in published_names(model, name)]


def _later(period: pd.Series, years: int) -> pd.Series:
    start = period.str[:4].astype("int64") + years
    return start.astype("str") + "/" + ((start + 1) % 100).astype("str").str.zfill(2)


def _keys(text: pd.DataFrame, located: dict[str, str], file: PublishedFile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Key columns of the rows for England and authorities, and the rejects for years not understood."""
    national = text[located["level"]].str.strip().str.casefold().eq("national")
    code = text[located["authority"]].str.strip().mask(national, text[located["country"]].str.strip())
    code = geography.canonical_codes(code)
    unknown = ~code.isin(geography.register()["area_code"])
    if unknown.any():
        line = int(text.loc[unknown, text_tables.LINE].iloc[0])
        raise InputError(
            f"{file.name}: column {located['authority']!r}, line {line}: the code is not in the register of areas; "
            "correct the file, or add the authority to catalogue/geography/areas.csv."
        )
    year = text[located["year"]].str.strip()
    good = year.str.fullmatch(YEAR)
    table = pd.DataFrame({"area_code": code, **geography.attributes(code)[["area_name", "area_level"]]})
    table = table.assign(
        period=year,
        period_type=PeriodType.ACADEMIC_YEAR.value,
        dimension=TOTAL,
        category=TOTAL,
        source_file=file.name,
        source_line=text[text_tables.LINE].astype("int64"),
    )
    reason = "the year is not of the form 2024/25"
    return table[good].copy(), rejects(file.name, text.loc[~good, text_tables.LINE], "Year", "row", reason)


def _parsed(text: pd.DataFrame, heading: str, file: PublishedFile) -> tuple[pd.Series, pd.Series]:
    return parse_values(
        text[heading], markers=MARKERS, file=file.name, column=heading, lines=text[text_tables.LINE].astype("int64")
    )


def _as_percentages(values: pd.Series, heading: str, file: PublishedFile) -> pd.Series:
    if (values.abs() > 1).any():
        raise InputError(
            f"{file.name}: column {heading!r} holds values above 1, where fractions were published until now; "
            "if it holds percentages, take it off options.fractions in the dataset's catalogue record."
        )
    # Ten decimals are more than the file has; without them 0.07 would become 7.000000000000001.
    return (values * 100).round(10)


def _result(table: pd.DataFrame, refused: list[pd.DataFrame], model: CoreModel) -> ReadResult:
    found = pd.concat([part for part in refused if len(part)] or refused[:1], ignore_index=True)
    return ReadResult(text_tables.arranged(table, model), len(table) + len(found), found)
