"""ONS mid-year population estimates by single year of age, from the annual workbook.

Here: the sheets `MYE2 - Persons`, `- Females` and `- Males`. Not here: the under-18 estimates in EES
form (`ees.py`), projections, or adding ages up, which the indicator engine does.
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
from jsna_pipeline.vocabulary import TOTAL, PeriodType

SHEETS = r"MYE2\s*-\s*(Persons|Females|Males)"
SEXES = {"persons": "persons", "females": "female", "males": "male"}
ALL_AGES = "allages"
AGE = re.compile(r"(\d{1,2})(\.0)?|(\d{2}\+)")  # the workbooks of 2019 and before hold ages as 0.0
TITLE_ROWS = 5


def read(file: PublishedFile, dataset: Dataset, model: CoreModel) -> ReadResult:
    """Residents by sex and age for England, the regions and upper-tier authorities of the register.

    All ages are `total`/`total`; single years are dimension `age`, categories `0` … `89`, `90+`. Districts,
    Wales and metropolitan counties are left aside. The year is the mid-year of the sheet's title, else
    of the file's name (`mye23…`). Raises InputError for a missing sheet or age column and for an
    unknown marker.
    """
    sheets = text_tables.read_sheets(file, SHEETS)
    missing = set(SEXES) - {_sex_word(name) for name in sheets}
    if missing:
        raise InputError(
            f"{file.name}: no sheet 'MYE2 - {sorted(missing)[0].capitalize()}'; download the workbook again."
        )
    parts = [_read_sheet(sheet, name, file, dataset) for name, sheet in sheets.items()]
    table = pd.concat(parts, ignore_index=True)
    return ReadResult(text_tables.arranged(table, model), len(table))


def _sex_word(sheet_name: str) -> str:
    return sheet_name.split("-")[-1].strip().casefold()


def _read_sheet(sheet: pd.DataFrame, name: str, file: PublishedFile, dataset: Dataset) -> pd.DataFrame:
    wide = text_tables.below_header(sheet, text_tables.has_headings("Code", "Name", "All ages"), file=file, name=name)
    categories = {heading: _category(heading) for heading in wide.columns if _category(heading)}
    single_years = [category for category in categories.values() if category != TOTAL]
    if single_years != [*[str(age) for age in range(len(single_years) - 1)], single_years[-1]]:
        raise InputError(f"{file.name}: sheet {name!r} lacks ages 0, 1, 2, … in its headings; download it again.")
    code_heading = text_tables.locate(wide.columns, {"code": ["Code"]}, file)["code"]
    codes = geography.canonical_codes(wide[code_heading])
    register = geography.register()
    wanted = codes.isin(register.loc[register["area_type"] != "region_part", "area_code"])
    if not wanted.any():
        raise InputError(f"{file.name}: sheet {name!r} has no code of an English authority; check the workbook.")
    wide = wide[wanted].assign(area_code=codes[wanted])
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
