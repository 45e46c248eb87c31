"""DfE's dashboard file of qualifications by age 19: one row per cohort, area, sex, free meals and SEN.

Here: its own layout, which is not that of Explore Education Statistics: cohorts named by the year in
which they turn 19, `ALL` for every whole, regions by name alone, and cohorts that are still too young.
Not here: which columns the table keeps (`schemas/dfe_attainment.py`).
Source: Level 2 and 3 attainment age 16 to 25, "LA Dashboard" underlying data.
"""

from __future__ import annotations

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values, shown
from jsna_pipeline.readers.result import ReadResult, rejects
from jsna_pipeline.schemas.base import CoreModel, filter_columns, status_column, value_columns
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, Status

WHOLE = "ALL"
KEYS = {"cohort_year": ["cohort_19_in"], "region": ["region"], "authority": ["la_code_9"]}
UNUSED = ["la_code_3", "la_name", "l2_by19_rate", "l2_with_em_by19_rate", "l3_by19_rate", "l2_em_by19_belowat16_rate"]


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """England, the regions and the authorities, in the columns of `dfe_attainment.QualificationsByAge19`.

    The cohort that turns 19 in 2022 has the period 2021/22. Cohorts too young to be 19 stand in the file
    with 0 in every column that says "by 19"; their rows are left aside. Raises InputError for a missing
    column, an unknown marker, or an area that the register does not have.
    """
    text, malformed = text_tables.read_csv(file)
    columns = text_tables.model_columns(model)
    located = text_tables.locate(text.columns, KEYS | columns, file)
    known = [*UNUSED, *(name for names in (KEYS | columns).values() for name in names)]
    notes = text_tables.added_columns_note(text.columns, known, file)
    year = text[located["cohort_year"]].str.strip()
    undated = ~year.str.fullmatch(r"(?:19|20)\d{2}")
    lines = text.loc[undated, text_tables.LINE]
    refused = rejects(file.name, lines, located["cohort_year"], "row", "the cohort is not a year")
    table = _table(text.loc[~undated], located, model, file)
    too_young = table.groupby("period")["level_2"].transform("sum").eq(0)
    if too_young.any():
        periods = ", ".join(sorted(table.loc[too_young, "period"].unique()))
        notes.append(f"{file.name}: the cohorts of {periods} were not yet 19; their rows are not used.")
    kept = table.loc[~too_young]
    found = pd.concat([malformed, refused], ignore_index=True)
    return ReadResult(text_tables.arranged(kept, model), len(kept) + len(found), found, tuple(notes))


def _table(text: pd.DataFrame, located: dict[str, str], model: CoreModel, file: PublishedFile) -> pd.DataFrame:
    table = _areas(text, located, file)
    year = text[located["cohort_year"]].str.strip().astype("int64")
    table["period"] = (year - 1).astype("str") + "/" + year.astype("str").str[2:]
    table["source_file"], table["source_line"] = file.name, text[text_tables.LINE].astype("int64")
    table = table.assign(period_type="academic_year", dimension=TOTAL, category=TOTAL)
    for name in filter_columns(model):
        table[name] = text[located[name]].str.strip()
    for name in value_columns(model):
        table[name], table[status_column(name)] = parse_values(
            text[located[name]], markers=EES_MARKERS, file=file.name, column=located[name], lines=table["source_line"]
        )
    return _without_at_16(table)


def _without_at_16(table: pd.DataFrame) -> pd.DataFrame:
    """Those without English and mathematics at 16, which the file has only as a difference."""
    rest, status = "without_english_maths_at_16", status_column("english_maths_by_16")
    both_known = table[status_column(rest)].eq(Status.OK.value) & table[status].eq(Status.OK.value)
    left = (table["cohort"] - table["english_maths_by_16"]).where(both_known)
    missing = table[status_column(rest)].where(table[status_column(rest)].ne(Status.OK.value), table[status])
    return table.assign(**{rest: left, status_column(rest): missing})


def _areas(text: pd.DataFrame, located: dict[str, str], file: PublishedFile) -> pd.DataFrame:
    """Code, name and level of each row's area; `ALL` as authority is a region, as both it is England."""
    region, authority = (text[located[name]].str.strip() for name in ("region", "authority"))
    codes = geography.canonical_codes(authority)
    whole = authority.eq(WHOLE)
    regions = {name: geography.area(name).code for name in region[whole].unique() if name != WHOLE}
    codes = codes.mask(whole, region.map(regions | {WHOLE: geography.ENGLAND}))
    unknown = geography.unknown_codes(codes)
    if unknown:
        line = int(text.loc[codes == unknown[0], text_tables.LINE].iloc[0])
        raise InputError(
            f"{file.name}: column {located['authority']!r}, line {line}: area code {shown(unknown[0])} is not in the "
            "register; correct the file, or add the code with its dates to catalogue/geography/areas.csv."
        )
    level = pd.Series(AreaLevel.LOCAL_AUTHORITY.value, index=text.index, dtype="str")
    level = level.mask(whole, AreaLevel.REGION.value).mask(codes == geography.ENGLAND, AreaLevel.ENGLAND.value)
    names = geography.attributes(codes)["area_name"]
    return pd.DataFrame({"area_code": codes, "area_name": names, "area_level": level})
