"""The English Indices of Deprivation: the index by small area, and residents by decile and domain.

Here: Files 1, 2 and 6 of the 2019 indices as CSV, the count of residents of each authority by national
decile, and that of children in the most deprived tenth of each domain. Not here: slope indices
(`statistics/inequality.py`), or the indices of 2025, which are for other small areas (LSOA 2021) and
must not be joined to these.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import district_hierarchy, text_tables
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult, rejects
from jsna_pipeline.schemas.base import CoreModel
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Status

DIMENSION = "deprivation_decile"
DOMAIN = "deprivation_domain"
PERIOD = "2015"  # File 6 counts residents of mid-2015, whatever the year of the indices

AREA_COLUMNS = {
    "lsoa_code": ["LSOA code (2011)"],
    "lsoa_name": ["LSOA name (2011)"],
    "district_code": ["Local Authority District code (2019)"],
}
INDEX_COLUMNS = AREA_COLUMNS | {
    "rank": [
        "Index of Multiple Deprivation (IMD) Rank",
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
    ],
    "decile": [
        "Index of Multiple Deprivation (IMD) Decile",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    ],
}
DOMAIN_DECILE = "{} Decile (where 1 is most deprived 10% of LSOAs)"
POPULATION_COLUMNS = {
    "lsoa_code": ["LSOA code (2011)"],
    "children": ["Dependent Children aged 0-15: mid 2015 (excluding prisoners)"],
    "population": ["Total population: mid 2015 (excluding prisoners)"],
}


def read(
    file: PublishedFile,
    dataset: Dataset,
    model: type[pa.DataFrameModel],
    companions: Mapping[str, PublishedFile],
) -> ReadResult:
    """File 1 (or 2) as `mhclg.Deprivation`: one row for each LSOA of 2011, with today's authority.

    `companions["hierarchy"]` is the list of districts. Rows without a rank or decile are rejected.
    Raises InputError for a missing column or companion, an unknown marker, or an unknown district.
    """
    table, refused = _index(file, _companion("hierarchy", companions, dataset, file))
    columns = list(model.to_schema().columns)
    return ReadResult(table[columns], len(table) + len(refused), refused)


def read_population(
    file: PublishedFile, dataset: Dataset, model: CoreModel, companions: Mapping[str, PublishedFile]
) -> ReadResult:
    """File 6 joined to the deciles of File 1 or 2, counted by authority, region and England.

    `companions` are `imd` (File 1, or File 2 where domains are wanted) and `hierarchy` (the list of
    districts). `dataset.options["domains"]` maps our names of domains to the publisher's; the table is then
    `mhclg.DeprivationDomains`, else `mhclg.DeprivationPopulation`. Small areas of which only one file has a
    row are rejected. Raises InputError as `read` does.
    """
    domains: Mapping[str, str] = dataset.options.get("domains", {})
    imd, refused = _index(
        _companion("imd", companions, dataset, file), _companion("hierarchy", companions, dataset, file), domains
    )
    text, malformed = text_tables.read_csv(file)
    located = text_tables.locate(text.columns, POPULATION_COLUMNS, file)
    denominators = pd.DataFrame({"lsoa_code": text[located["lsoa_code"]].str.strip()})
    for name in ("children", "population"):
        denominators[name], _ = parse_values(
            text[located[name]],
            markers=EES_MARKERS,
            file=file.name,
            column=located[name],
            lines=text[text_tables.LINE],
        )
    denominators["source_line"] = text[text_tables.LINE]
    unusable = denominators[["children", "population"]].isna().any(axis="columns")
    unusable |= ~denominators["lsoa_code"].isin(imd["lsoa_code"])
    reason = "the small area has no population or no deprivation decile"
    found = [
        malformed,
        refused,
        rejects(file.name, denominators.loc[unusable, "source_line"], "", "row", reason),
    ]
    denominators = denominators[~unusable]
    table = children_by_domain(imd, denominators, domains) if domains else population_by_decile(imd, denominators)
    table = table.assign(source_file=file.name)
    return ReadResult(
        text_tables.arranged(table, model), len(text) + len(malformed), pd.concat(found, ignore_index=True)
    )


def population_by_decile(imd: pd.DataFrame, denominators: pd.DataFrame) -> pd.DataFrame:
    """Residents of every authority, region and England in each national decile, and in all of them.

    `imd` has lsoa_code, area_code and decile; `denominators` has lsoa_code, children, population and
    source_line. The answer has the key, value and status columns of `mhclg.DeprivationPopulation` but
    for source_file. A decile in which an area has no small area holds 0 people: that is a count, not
    a gap. `source_line` is the first of the lines counted (of the area, where the count is 0).
    """
    people = _of_all_levels(denominators, imd[["lsoa_code", "area_code", "decile"]])
    counted = {"children": ("children", "sum"), "population": ("population", "sum")}
    whole = people.groupby("area_code").agg(**counted, source_line=("source_line", "min"))
    grid = pd.MultiIndex.from_product([whole.index, range(1, 11)], names=["area_code", "decile"])
    by_decile = people.groupby(["area_code", "decile"]).agg(**counted, source_line=("source_line", "min")).reindex(grid)
    by_decile = by_decile.fillna({"children": 0, "population": 0}).reset_index()
    by_decile["source_line"] = by_decile["source_line"].fillna(by_decile["area_code"].map(whole["source_line"]))
    table = pd.concat(
        [
            whole.reset_index().assign(dimension=TOTAL, category=TOTAL),
            by_decile.assign(dimension=DIMENSION, category=by_decile["decile"].astype("str")).drop(columns="decile"),
        ],
        ignore_index=True,
    )
    table = table.assign(children_in_area=table["area_code"].map(whole["children"]))
    return _as_core_table(table, ["children", "children_in_area", "population"])


def children_by_domain(imd: pd.DataFrame, denominators: pd.DataFrame, domains: Mapping[str, str]) -> pd.DataFrame:
    """Children in the most deprived national tenth of each domain, by authority, region and for England.

    `imd` has lsoa_code, area_code and a decile in a column for each of `domains`; `denominators` is that of
    `population_by_decile`. The answer has the key, value and status columns of `mhclg.DeprivationDomains`
    but for source_file. `source_line` is the first of the area's lines.
    """
    people = _of_all_levels(denominators, imd[["lsoa_code", "area_code", *domains]])
    in_tenth = people[list(domains)].eq(1).mul(people["children"], axis="index")
    counted = in_tenth.groupby(people["area_code"]).sum()
    whole = people.groupby("area_code").agg(children_in_area=("children", "sum"), source_line=("source_line", "min"))
    table = counted.melt(ignore_index=False, var_name="category", value_name="children").join(whole).reset_index()
    return _as_core_table(table.assign(dimension=DOMAIN), ["children", "children_in_area"])


def _of_all_levels(denominators: pd.DataFrame, deciles: pd.DataFrame) -> pd.DataFrame:
    """Each small area three times: for its authority, for its region and for England."""
    people = denominators.merge(deciles, on="lsoa_code", validate="one_to_one")
    regions = people.assign(area_code=geography.attributes(people["area_code"])["region_code"])
    return pd.concat([people, regions, people.assign(area_code=geography.ENGLAND)], ignore_index=True)


def _as_core_table(table: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """`table` with its period, the names and levels of its areas, and a status beside each of `values`."""
    table = table.assign(
        period=PERIOD,
        period_type=PeriodType.CALENDAR_YEAR.value,
        source_line=table["source_line"].astype("int64"),
        **{f"{name}_status": Status.OK.value for name in values},
    )
    table[["area_name", "area_level"]] = geography.attributes(table["area_code"])[["area_name", "area_level"]]
    return table


def _index(
    file: PublishedFile, hierarchy: PublishedFile, domains: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank and decile of each small area, with the decile of each domain, and the rows refused."""
    text, malformed = text_tables.read_csv(file)
    of_domains = {name: [DOMAIN_DECILE.format(title)] for name, title in (domains or {}).items()}
    located = text_tables.locate(text.columns, INDEX_COLUMNS | of_domains, file)
    table = pd.DataFrame({name: text[located[name]].str.strip() for name in AREA_COLUMNS})
    for name in ("rank", "decile", *of_domains):
        table[name], _ = parse_values(
            text[located[name]],
            markers=EES_MARKERS,
            file=file.name,
            column=located[name],
            lines=text[text_tables.LINE],
        )
    table = table.assign(source_file=file.name, source_line=text[text_tables.LINE].astype("int64"))
    blank = table[["rank", "decile", *of_domains]].isna().any(axis="columns")
    refused = rejects(file.name, table.loc[blank, "source_line"], located["rank"], "row", "the rank or decile is blank")
    table = table[~blank].astype(dict.fromkeys(["rank", "decile", *of_domains], "int64"))
    table["area_code"] = _authorities(table, district_hierarchy.districts(hierarchy), file)
    return table.reset_index(drop=True), pd.concat([malformed, refused], ignore_index=True)


def _authorities(table: pd.DataFrame, districts: pd.Series, file: PublishedFile) -> pd.Series:
    codes = table["district_code"].map(districts).astype("str")
    unknown = codes.isna()
    if unknown.any():
        first = table[unknown].iloc[0]
        raise InputError(
            f"{file.name}: column 'Local Authority District code (2019)', line {first['source_line']}: "
            f"{first['district_code']!r} is not in the list of districts; put the current list in landing."
        )
    return codes


def _companion(
    name: str, companions: Mapping[str, PublishedFile], dataset: Dataset, file: PublishedFile
) -> PublishedFile:
    if name in companions:
        return companions[name]
    where = dataset.options.get("companions", {}).get(name, {})
    raise InputError(
        f"{file.name}: '{dataset.title}' also needs {where.get('folder', name)}/{where.get('name', name)}; "
        "put that file in the landing folder."
    )
