"""ONS subnational population projections: wide CSV files, a row for each area, sex and age, a column for each year.

Here: residents of both sexes by single year of age up to 25, for England, its regions and upper-tier authorities.
Not here: the estimates that they start from (`population.py`), or what is made of either (`future/population.py`).
Layout: file `2022 SNPP Population persons.csv` of the 2022-based projections, released in June 2025; that of the
2018-based ones is the same with other years.
"""

from __future__ import annotations

import re

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.base import CoreModel
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import PeriodType

HEADINGS = {
    "code": ["AREA_CODE"],
    "component": ["COMPONENT"],
    "sex": ["SEX"],
    "age": ["AGE_GROUP"],
}
POPULATION, PERSONS = "population", "persons"
OLDEST = 25
YEAR = r"20\d\d"


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """Projected residents at mid-year, dimension `age`, categories `0` … `25`; fractions as published.

    The first year of the file is the estimate that the projection starts from. Districts, metropolitan counties
    and ages over 25 are left aside. Raises InputError for a file without years or English authorities, for an
    area that lacks an age, and for an unknown marker.
    """
    text, malformed = text_tables.read_csv(file)
    located = text_tables.locate(text.columns, HEADINGS, file)
    years = [name for name in text.columns if re.fullmatch(YEAR, name)]
    if not years:
        raise InputError(f"{file.name}, line 1: no column of a year such as 2030; download the file again.")
    rows = _wanted(text, located, file)
    long = rows.melt(
        id_vars=["area_code", "category", text_tables.LINE], value_vars=years, var_name="period", value_name="text"
    )
    values, status = parse_values(
        long["text"], markers=EES_MARKERS, file=file.name, column="the years", lines=long[text_tables.LINE]
    )
    table = pd.DataFrame(
        {
            "area_code": long["area_code"],
            **geography.attributes(long["area_code"])[["area_name", "area_level"]],
            "period": long["period"],
            "period_type": PeriodType.CALENDAR_YEAR.value,
            "dimension": "age",
            "category": long["category"],
            "source_file": file.name,
            "source_line": long[text_tables.LINE].astype("int64"),
            "residents": values,
            "residents_status": status,
        }
    )
    return ReadResult(text_tables.arranged(table, model), len(table), malformed)


def _wanted(text: pd.DataFrame, located: dict[str, str], file: PublishedFile) -> pd.DataFrame:
    """Rows of both sexes, of ages 0 to 25 and of areas of the register, with `area_code` and `category`."""
    code = geography.canonical_codes(text[located["code"]].str.strip())
    register = geography.register()
    known = code.isin(register.loc[register["area_type"] != "region_part", "area_code"])
    if not known.any():
        raise InputError(f"{file.name}: no row has the code of an English authority; check that it is the right file.")
    age = text[located["age"]].str.strip()
    wanted = known & age.isin([str(year) for year in range(OLDEST + 1)])
    wanted &= text[located["component"]].str.strip().str.casefold().eq(POPULATION)
    wanted &= text[located["sex"]].str.strip().str.casefold().eq(PERSONS)
    rows = text[wanted].assign(area_code=code[wanted], category=age[wanted])
    ages = rows.groupby("area_code")["category"].nunique().reindex(code[known].unique(), fill_value=0)
    if (ages <= OLDEST).any():
        raise InputError(
            f"{file.name}: {ages.index[ages <= OLDEST][0]} has not every age from 0 to {OLDEST} for both sexes "
            "together; download the file of persons by single year of age."
        )
    return rows
