"""Public health profiles (Fingertips): a native export of four child-health indicators.

Here: reception and year 6 overweight, low birth weight of term babies and school readiness, for England,
regions and upper-tier authorities, with counts, denominators and Wilson limits. The percentages are those
of the synthetic LAIT. Not here: that tool (`lait`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import lait, population
from seeds.generator.country import Floats, Ints, country
from seeds.generator.writing import csv_bytes, gzip_bytes, write

AREA_TYPE = "Upper tier local authorities (post 4/23)"
YEARS = (2019, 2020, 2021, 2022, 2023, 2024)

# Number, name, age, share of a year group that is measured, the same measure in LAIT, by school year.
INDICATORS = (
    ("20601", "Reception prevalence of overweight (including obesity)", "4-5 yrs", 0.93, "ExcessRec", True),
    ("20602", "Year 6 prevalence of overweight (including obesity)", "10-11 yrs", 0.93, "ExcessYr6", True),
    (
        "20101", "Low birth weight of term babies", ">=37 weeks gestational age at birth", 0.86,
        "Low_Birth_Weight_Babies", False,
    ),
    (
        "90631",
        "School readiness: percentage of children achieving a good level of development at the end of Reception",
        "5 yrs", 0.98, "FSP_NEW_GOODDEV", True,
    ),
)  # fmt: skip


def publish(folder: Path) -> list[Path]:
    content = csv_bytes(table(), bom=True, quote_all=True)
    return [write(folder / "indicators-CountyUA.data.csv.gz", gzip_bytes(content))]


def table() -> pd.DataFrame:
    """All indicators and years, England first, in the 27 columns of the site's export."""
    return pd.concat([_indicator(row) for row in INDICATORS], ignore_index=True)


def _wilson(count: Floats, total: Floats, z: float) -> tuple[Floats, Floats]:
    """Wilson's score interval of a percentage (Wilson 1927), in percent."""
    share = count / total
    middle = share + z**2 / (2 * total)
    half = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    return 100 * (middle - half) / (1 + z**2 / total), 100 * (middle + half) / (1 + z**2 / total)


def _indicator(row: tuple[str, str, str, float, str, bool]) -> pd.DataFrame:
    """One indicator in all years in which LAIT has it, with counts that give LAIT's percentages."""
    number, name, age, share, short, school_year = row
    place = country()
    percentages = lait.values_by_authority(short)
    parts = []
    for year in YEARS:
        percentage = percentages[year + school_year].to_numpy(dtype=float)
        if np.isnan(percentage).all():
            continue
        vintage = place.at(f"{year + school_year}-06-30")
        children = population.children()[:, population.YEARS.index(year)]
        measured = np.rint(children * share / 18).astype(np.int64)
        reached = np.rint(measured * percentage / 100).astype(np.int64)
        frame = _areas(vintage.areas, vintage.region)
        frame["_count"], frame["_total"] = vintage.roll_up(reached), vintage.roll_up(measured)
        frame["Time period"] = f"{year}/{(year + 1) % 100:02d}" if school_year else str(year)
        frame["Time period Sortable"] = f"{year}0000"
        parts.append(frame)
    return _columns(pd.concat(parts, ignore_index=True), number, name, age)


def _areas(areas: pd.DataFrame, region: Ints) -> pd.DataFrame:
    """Parent and area columns, authorities, then regions, then England, as the counts are rolled up."""
    regions = country().regions
    names = [f"{name} region (statistical)" for name in regions["area_name"]]
    parents = regions.iloc[region].reset_index(drop=True)
    return pd.DataFrame(
        {
            "Parent Code": [*parents["area_code"], *["E92000001"] * 9, ""],
            "Parent Name": [*(names[at] for at in region), *["England"] * 9, ""],
            "Area Code": [*areas["area_code"], *regions["area_code"], "E92000001"],
            "Area Name": [*areas["area_name"], *names, "England"],
            "Area Type": [*[AREA_TYPE] * len(areas), *["Regions (statistical)"] * 9, "England"],
        }
    )


def _columns(frame: pd.DataFrame, number: str, name: str, age: str) -> pd.DataFrame:
    """The native columns in their order; values of fewer than eight cases are withheld with a note."""
    few = (frame["_count"] < 8).to_numpy()
    count, total = (frame[column].to_numpy(dtype=float) for column in ("_count", "_total"))
    safe = np.maximum(total, 1)
    limits = {"95.0": _wilson(count, safe, 1.959964), "99.8": _wilson(count, safe, 3.090232)}
    order = np.argsort(frame["Area Type"].map({"England": 0, "Regions (statistical)": 1, AREA_TYPE: 2}), kind="stable")
    columns: dict[str, object] = {"Indicator ID": number, "Indicator Name": name}
    columns |= {
        column: frame[column] for column in ("Parent Code", "Parent Name", "Area Code", "Area Name", "Area Type")
    }
    columns |= {"Sex": "Persons", "Age": age, "Category Type": "", "Category": "", "Time period": frame["Time period"]}
    columns["Value"] = _text(100 * count / safe, few)
    for label, (lower, upper) in limits.items():
        columns[f"Lower CI {label} limit"] = _text(lower, few)
        columns[f"Upper CI {label} limit"] = _text(upper, few)
    columns["Count"] = _text(count, few)
    columns["Denominator"] = _text(total, few)
    columns["Value note"] = np.where(few, "Value suppressed for disclosure control due to small count", "")
    columns["Recent Trend"] = "Cannot be calculated"
    england = frame[frame["Area Type"] == "England"].set_index("Time period")
    benchmark = frame["Time period"].map(100 * england["_count"] / england["_total"]).to_numpy()
    lower, upper = limits["95.0"]
    compared = np.where(upper < benchmark, "Lower", np.where(lower > benchmark, "Higher", "Similar"))
    columns["Compared to England value or percentiles"] = np.where(
        frame["Area Type"] == "England", "Not compared", compared
    )
    columns["Compared to Regions (statistical) value or percentiles"] = "Not compared"
    columns["Time period Sortable"] = frame["Time period Sortable"]
    columns |= {"New data": "", "Compared to goal": "", "Time period range": "1y"}
    return pd.DataFrame(columns).iloc[order].sort_values("Time period Sortable", kind="stable")


def _text(values: Floats, hidden: NDArray[np.bool_]) -> NDArray[np.object_]:
    words = np.array([f"{value:.15g}" for value in values], dtype=object)
    return np.where(hidden, "", words)
