"""Published counts of plans by age, first need and setting, as arrays over authorities.

Here: which published columns and categories make each of SETTINGS and NEEDS, and the reading of core tables into
arrays. Not here: joining the margins or moving them ahead (`composition.py`).

Source: Department for Education, Education, health and care plans. Mainstream schools of the publisher include
resourced provision and SEN units, which stand apart here; educated elsewhere includes home education, arrangements
of the authority or the parents, and those in no education. Where the publisher gives no placement at all, the
whole of the plans is `not_recorded`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jsna_pipeline.future.tables import AGE_BANDS, NEEDS, SETTINGS
from jsna_pipeline.vocabulary import AreaLevel

AGES = ("under 3", *(str(age) for age in range(3, 26)))  # as published for January counts
BAND_OF_AGE = np.repeat(np.arange(len(AGE_BANDS)), [3, 6, 5, 4, 6])  # under 3, 3, 4 | 5-10 | 11-15 | 16-19 | 20-25
YEARS_OF_AGE = np.array([2, *range(3, 26)])

_IN_UNITS = tuple(
    f"mainstream_{kind}_{school}" for kind in ("resourced", "unit") for school in ("la", "academy", "free")
)
COLUMNS_OF_SETTING = {
    "mainstream": ("mainstream_la", "mainstream_academy", "mainstream_free", "mainstream_independent"),
    "resourced_or_unit": _IN_UNITS,
    "special_state": ("special_la", "special_academy_free"),
    "special_independent": ("special_independent", "special_non_maintained"),
    "alternative_provision": ("alternative_provision",),
    "further_education": ("further_education",),
    "early_years": ("early_years",),
    "educated_elsewhere": ("educated_elsewhere",),
    "not_recorded": ("placement_unknown",),
}
SETTING_OF_PLACEMENT = {
    "Mainstream - LA maintained": "mainstream",
    "Mainstream - academy": "mainstream",
    "Mainstream - free school": "mainstream",
    "Mainstream - independent": "mainstream",
    "Mainstream - LA maintained (resourced provision)": "resourced_or_unit",
    "Mainstream - academy (resourced provision)": "resourced_or_unit",
    "Mainstream - free school (resourced provision)": "resourced_or_unit",
    "Mainstream - LA maintained (SEN unit)": "resourced_or_unit",
    "Mainstream - academy (SEN unit)": "resourced_or_unit",
    "Mainstream - free school (SEN unit)": "resourced_or_unit",
    "Special - LA maintained": "special_state",
    "Special - Academy/free schools": "special_state",
    "Special - independent": "special_independent",
    "Special - non-maintained": "special_independent",
    "AP/PRU - total": "alternative_provision",
    "FE - total": "further_education",
    "Non-maintained early years": "early_years",
    "Educated elsewhere - total": "educated_elsewhere",
    "Placement not recorded": "not_recorded",
}
COLUMN_OF_NEED = {
    "autism": "autism",
    "semh": "semh",
    "speech_language_and_communication": "speech_language",
    "moderate_learning_difficulty": "moderate_learning",
    "severe_learning_difficulty": "severe_learning",
    "profound_and_multiple_learning_difficulty": "profound_learning",
    "specific_learning_difficulty": "specific_learning",
    "physical_disability": "physical",
    "hearing_impairment": "hearing",
    "vision_impairment": "vision",
    "multi_sensory_impairment": "multi_sensory",
    "other_difficulty_or_disability": "other",
    "not_recorded": "unknown",
}
# New and ceased plans are published by age with these ends.
FLOW_AGES = ("2 and under", *(str(age) for age in range(3, 20)), "20 and over")


def january_label(year: int) -> str:
    """The Department's label of the school year whose January is `year`: 2025 is 2024/25."""
    return f"{year - 1}/{year % 100:02d}"


def _rows(table: pd.DataFrame, dimension: str, period: str) -> pd.DataFrame:
    chosen = (
        table["area_level"].eq(AreaLevel.LOCAL_AUTHORITY)
        & table["dimension"].eq(dimension)
        & table["period"].eq(period)
    )
    return table[chosen]


def _grid(rows: pd.DataFrame, columns: Sequence[str], areas: Sequence[str], categories: Sequence[str]) -> np.ndarray:
    """(areas, categories, columns); a category that an area has no row of is 0, an area without rows NaN."""
    table = rows[rows["category"].isin(categories)].set_index(["area_code", "category"])[list(columns)]
    index = pd.MultiIndex.from_product([areas, categories])
    found = table.reindex(index).to_numpy(float, copy=True).reshape(len(areas), len(categories), len(columns))
    present = np.isin(np.asarray(areas), rows["area_code"].unique())
    written = pd.Series(True, table.index).reindex(index, fill_value=False).to_numpy().reshape(found.shape[:2])
    found[present[:, None] & ~written] = 0.0
    return found


def _settings(grid: np.ndarray, columns: Sequence[str]) -> np.ndarray:
    """(..., settings) from (..., columns)."""
    member = np.array([[column in COLUMNS_OF_SETTING[setting] for setting in SETTINGS] for column in columns])
    return grid @ member.astype(float)


def age_by_setting(caseload: pd.DataFrame, areas: Sequence[str], period: str) -> np.ndarray:
    """(areas, AGES, SETTINGS) plans in January; NaN for an area whose placements are not published."""
    columns = [column for group in COLUMNS_OF_SETTING.values() for column in group]
    grid = _grid(_rows(caseload, "age", period), columns, areas, AGES)
    # A placement that a row leaves empty beside printed ones is none; an area without any is not known.
    unknown = np.isnan(grid).all(axis=2).any(axis=1)
    found = _settings(np.nan_to_num(grid), columns)
    found[unknown] = np.nan
    return found


def ages(caseload: pd.DataFrame, areas: Sequence[str], period: str) -> np.ndarray:
    """(areas, AGES) plans in January by single year of age; NaN where not published."""
    return _grid(_rows(caseload, "age", period), ["ehc_plans"], areas, AGES)[:, :, 0]


def settings(caseload: pd.DataFrame, areas: Sequence[str], period: str) -> np.ndarray:
    """(areas, SETTINGS) plans in January; NaN where not published. The gap to the total, if any, is not recorded."""
    columns = [column for group in COLUMNS_OF_SETTING.values() for column in group]
    grid = _grid(_rows(caseload, "total", period), [*columns, "ehc_plans"], areas, ("total",))[:, 0]
    found = _settings(np.nan_to_num(grid[:, :-1]), columns)
    found[:, SETTINGS.index("not_recorded")] += np.maximum(grid[:, -1] - found.sum(axis=1), 0)
    found[np.isnan(grid[:, :-1]).all(axis=1)] = np.nan
    return found


def age_by_need(needs: pd.DataFrame, areas: Sequence[str], period: str) -> np.ndarray:
    """(areas, AGES, NEEDS); NaN where not published."""
    return _grid(_rows(needs, "age", period), [COLUMN_OF_NEED[need] for need in NEEDS], areas, AGES)


def need_totals(needs: pd.DataFrame, areas: Sequence[str], period: str) -> np.ndarray:
    """(areas, NEEDS); NaN where not published."""
    return _grid(_rows(needs, "total", period), [COLUMN_OF_NEED[need] for need in NEEDS], areas, ("total",))[:, 0]


def need_by_setting(needs: pd.DataFrame, areas: Sequence[str], period: str) -> np.ndarray:
    """(areas, NEEDS, SETTINGS); NaN where not published."""
    columns = [COLUMN_OF_NEED[need] for need in NEEDS]
    grid = _grid(_rows(needs, "placement", period), columns, areas, list(SETTING_OF_PLACEMENT))
    member = np.array([[setting == own for setting in SETTINGS] for own in SETTING_OF_PLACEMENT.values()])
    return np.einsum("apn,ps->ans", grid, member.astype(float))


def flows_by_age(table: pd.DataFrame, column: str, areas: Sequence[str], year: int) -> np.ndarray:
    """(areas, FLOW_AGES) plans begun or ceased in a calendar year; NaN for an area that the year does not have."""
    dimension = "age_ceased" if column == "ceased" else "age_at_start"
    return _grid(_rows(table, dimension, str(year)), [column], areas, FLOW_AGES)[:, :, 0]


def new_plan_settings(table: pd.DataFrame, areas: Sequence[str], year: int) -> np.ndarray:
    """(areas, SETTINGS) plans begun in a calendar year; 0 where none is printed."""
    columns = [column for group in COLUMNS_OF_SETTING.values() for column in group]
    grid = _grid(_rows(table, "total", str(year)), columns, areas, ("total",))[:, 0]
    return _settings(np.nan_to_num(grid), columns)


def new_plan_needs(table: pd.DataFrame, areas: Sequence[str], year: int) -> np.ndarray:
    """(areas, FLOW_AGES, NEEDS) plans begun in a calendar year; 0 where none is printed."""
    columns = [COLUMN_OF_NEED[need] for need in NEEDS]
    return np.nan_to_num(_grid(_rows(table, "age", str(year)), columns, areas, FLOW_AGES))
