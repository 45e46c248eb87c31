"""ONS mid-year population estimates, from the annual workbook.

Here: residents by single year of age and in the age bands that the record lists (`MYE2 - Persons`,
`- Females` and `- Males`), and what changed the population in a year (`MYE3`). Not here: the under-18
estimates in EES form (`ees.py`), or projections.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import InputError
from jsna_pipeline.readers import text_tables
from jsna_pipeline.readers.markers import EES_MARKERS, parse_values
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.schemas.base import CoreModel, published_names, status_column, value_columns
from jsna_pipeline.sources.published_file import PublishedFile
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Status

SHEETS = r"MYE2\s*-\s*(Persons|Females|Males)"
SEXES = {"persons": "persons", "females": "female", "males": "male"}
ALL_AGES = "allages"
AGE = re.compile(r"(\d{1,2})(\.0)?|(\d{2}\+)")  # the workbooks of 2019 and before hold ages as 0.0
TITLE_ROWS = 5
AGE_BAND = "age_band"

CHANGE_SHEET = "MYE3"
# Moves within the country are not published for England and its regions.
CHANGE_MARKERS = EES_MARKERS | {"No data": Status.UNAVAILABLE}


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """Residents by sex and age for England, the regions and upper-tier authorities of the register.

    All ages are `total`/`total`; single years are dimension `age`, categories `0` … `89`, `90+`; the bands
    of `dataset.options["age_bands"]` (name to first and last age) are dimension `age_band`. Every row has
    the residents of all bands together beside it. A record whose options name the sheet MYE3 gets the
    components of change instead (`_read_change`). Districts, Wales and metropolitan counties are left
    aside. The year is the mid-year of the sheet's title, else of the file's name (`mye23…`). Raises
    InputError for a missing sheet or column and for an unknown marker.
    """
    if dataset.options.get("sheet") == CHANGE_SHEET:
        return _read_change(file, model)
    sheets = text_tables.read_sheets(file, SHEETS)
    missing = set(SEXES) - {_sex_word(name) for name in sheets}
    if missing:
        raise InputError(
            f"{file.name}: no sheet 'MYE2 - {sorted(missing)[0].capitalize()}'; download the workbook again."
        )
    parts = [_read_sheet(sheet, name, file) for name, sheet in sheets.items()]
    table = with_age_bands(pd.concat(parts, ignore_index=True), dataset.options.get("age_bands", {}))
    return ReadResult(text_tables.arranged(table, model), len(table))


def with_age_bands(table: pd.DataFrame, bands: Mapping[str, list[int]]) -> pd.DataFrame:
    """`table` with a row for each band of ages, and `population_of_bands` on every row.

    `bands` maps a band's name to its first and last age. A band is given only where the table has every
    age of it; the residents of all bands together are `unavailable` unless it has every band. A row of a
    band stands at the line of its area.
    """
    names = {str(age): name for name, (first, last) in bands.items() for age in range(first, last + 1)}
    ages = table[table["dimension"] == "age"]
    banded = ages.assign(category=ages["category"].map(names)).dropna(subset="category")
    keys = ["area_code", "area_name", "area_level", "period", "period_type", "source_file", "source_line", "sex"]
    grouped = banded.groupby([*keys, "category"], sort=False, as_index=False).agg(
        population=("population", "sum"), ages=("population", "count")
    )
    wanted = grouped["category"].map({name: last - first + 1 for name, (first, last) in bands.items()})
    grouped = grouped[grouped["ages"] == wanted].assign(dimension=AGE_BAND, population_status=Status.OK.value)
    whole = grouped.groupby(["area_code", "sex"])["population"].agg(["sum", "size"])
    of_bands = whole["sum"].where(whole["size"] == len(bands))
    found = pd.concat([table, grouped.drop(columns="ages")], ignore_index=True)
    place = pd.MultiIndex.from_frame(found[["area_code", "sex"]])
    found["population_of_bands"] = of_bands.reindex(place).to_numpy(dtype="float64")
    missing = found["population_of_bands"].isna()
    found["population_of_bands_status"] = missing.map({True: Status.UNAVAILABLE.value, False: Status.OK.value})
    return found


def _sex_word(sheet_name: str) -> str:
    return sheet_name.split("-")[-1].strip().casefold()


def _read_sheet(sheet: pd.DataFrame, name: str, file: PublishedFile) -> pd.DataFrame:
    wide = text_tables.below_header(sheet, text_tables.has_headings("Code", "Name", "All ages"), file=file, name=name)
    categories = {heading: _category(heading) for heading in wide.columns if _category(heading)}
    single_years = [category for category in categories.values() if category != TOTAL]
    if single_years != [*[str(age) for age in range(len(single_years) - 1)], single_years[-1]]:
        raise InputError(f"{file.name}: sheet {name!r} lacks ages 0, 1, 2, … in its headings; download it again.")
    wide = _of_known_areas(wide, name, file)
    long = wide.melt(
        id_vars=["area_code", text_tables.LINE],
        value_vars=list(categories),
        var_name="heading",
        value_name="text",
    )
    values, status = parse_values(
        long["text"],
        markers=EES_MARKERS,
        file=file.name,
        column=f"{name}, ages",
        lines=long[text_tables.LINE],
    )
    category = long["heading"].map(categories).astype("str")
    return pd.DataFrame(
        {
            "area_code": long["area_code"],
            **geography.attributes(long["area_code"])[["area_name", "area_level"]],
            "period": _mid_year(sheet, file),
            "period_type": PeriodType.CALENDAR_YEAR.value,
            "dimension": category.where(category == TOTAL, "age"),
            "category": category,
            "source_file": file.name,
            "source_line": long[text_tables.LINE].astype("int64"),
            "sex": SEXES[_sex_word(name)],
            "population": values,
            "population_status": status,
        }
    )


def _of_known_areas(wide: pd.DataFrame, name: str, file: PublishedFile) -> pd.DataFrame:
    """The rows of England, its regions and authorities, with their codes of today as area_code."""
    code_heading = text_tables.locate(wide.columns, {"code": ["Code"]}, file)["code"]
    codes = geography.canonical_codes(wide[code_heading])
    register = geography.register()
    wanted = codes.isin(register.loc[register["area_type"] != "region_part", "area_code"])
    if not wanted.any():
        raise InputError(f"{file.name}: sheet {name!r} has no code of an English authority; check the workbook.")
    return wide[wanted].assign(area_code=codes[wanted])


def _read_change(file: PublishedFile, model: CoreModel) -> ReadResult:
    """Births, deaths and moves of the year that ended at the mid-year, one row for each area.

    The two estimates of the sheet are told apart by their year: the earlier is `population_before`.
    """
    sheet = next(iter(text_tables.read_sheets(file, CHANGE_SHEET).values()))
    has_headings = text_tables.has_headings("Code", "Name", "Births")
    wide = text_tables.below_header(sheet, has_headings, file=file, name=CHANGE_SHEET)
    year = _mid_year(sheet, file)
    estimates = {"population_before": int(year) - 1, "population": int(year)}
    headings = {name: published_names(model, name) for name in value_columns(model)}
    headings |= {name: [f"Estimated Population mid-{mid_year}"] for name, mid_year in estimates.items()}
    located = text_tables.locate(wide.columns, headings, file)
    wide = _of_known_areas(wide, CHANGE_SHEET, file)
    table = pd.DataFrame(
        {
            "area_code": wide["area_code"],
            **geography.attributes(wide["area_code"])[["area_name", "area_level"]],
            "period": year,
            # Of the twelve months to 30 June; a year to March it is not.
            "period_type": PeriodType.CALENDAR_YEAR.value,
            "dimension": TOTAL,
            "category": TOTAL,
            "source_file": file.name,
            "source_line": wide[text_tables.LINE].astype("int64"),
        }
    )
    for name, heading in located.items():
        table[name], table[status_column(name)] = parse_values(
            wide[heading],
            markers=CHANGE_MARKERS,
            file=file.name,
            column=f"sheet {CHANGE_SHEET}, {heading}",
            lines=wide[text_tables.LINE],
        )
    return ReadResult(text_tables.arranged(table, model), len(table))


def _category(heading: str) -> str:
    """`All ages` -> `total`, `0` and `0.0` -> `0`, `90+` -> `90+`, any other heading -> blank."""
    if text_tables.simplified(heading) == ALL_AGES:
        return TOTAL
    age = AGE.fullmatch(heading)
    return (age[1] or age[3]) if age else ""


def _mid_year(sheet: pd.DataFrame, file: PublishedFile) -> str:
    title = " ".join(sheet.iloc[:TITLE_ROWS].to_numpy().ravel())
    in_title = re.search(r"mid-(20\d\d)", title, flags=re.IGNORECASE)
    in_name = re.search(r"mye(?:20)?(\d\d)(?!\d)", file.path.name, flags=re.IGNORECASE)
    if in_title:
        return in_title[1]
    if in_name:
        return f"20{in_name[1]}"
    raise InputError(
        f"{file.name}: neither the sheet's title nor the file's name (mye23…) says which mid-year it is; "
        "name the file as ONS does."
    )
