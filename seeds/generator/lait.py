"""Levels of the measures of the Local Authority Interactive Tool, drawn for each authority and year.

Here: the list of measures with their calibration (`lait_measures.csv`: rounded magnitudes, our own wording),
the areas that the tool lists, and the draws, which other publications take so that they agree with the tool.
Not here: figures that the tool repeats from other publications (`lait_repeats`), or its files (`lait_files`).

Kept from the real files: values as text with the digits of binary floats, `-` for missing, Cumberland missing
before it existed and Cumbria after.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import plans
from seeds.generator.country import Floats, country, register, stream
from seeds.generator.figures import round_to

SPELLINGS = {"840": "Durham", "822": "Bedford Borough", "884": "Herefordshire", "810": "Kingston Upon Hull, City of"}
PREDECESSORS = {
    "837": ("Bournemouth (Pre LG)", "South West"), "835": ("Dorset (Pre LG)", "South West"),
    "836": ("Poole (Pre LG)", "South West"), "909": ("Cumbria", "North West"),
    "928": ("Northamptonshire", "East Midlands"),
}  # fmt: skip
# Last year of a predecessor's own figures, and the authorities now in its place.
ENDED = {"837": (2018, ("839",)), "836": (2018, ("839",)), "835": (2018, ("838",)),
         "928": (2020, ("940", "941")), "909": (2023, ("942", "943"))}  # fmt: skip
BEGAN = {"839": 2019, "838": 2019, "940": 2021, "941": 2021, "942": 2024, "943": 2024}
INNER_LONDON = ("201", "202", "204", "205", "206", "207", "208", "209", "210", "211", "212", "213", "309", "316")
UPPER = (
    ("England", 970), ("North East", 980), ("North West", 981), ("Yorkshire and the Humber", 982),
    ("East Midlands", 983), ("West Midlands", 984), ("East of England", 985), ("London", 986),
    ("London (Inner)", 987), ("London (Outer)", 988), ("South East", 989), ("South West", 990),
)  # fmt: skip
TOO_SMALL = ("201", "420")
"""City of London and Isles of Scilly: too few pupils for any drawn measure."""


@cache
def measures() -> pd.DataFrame:
    """The list of measures with their calibration."""
    file = resources.files("seeds.generator").joinpath("lait_measures.csv")
    with file.open(encoding="utf-8") as handle:
        return pd.read_csv(handle, dtype={"dps": str, "polarity": str}, keep_default_na=False)


@cache
def listed_areas() -> pd.DataFrame:
    """The 158 authorities, old ones included, by name, then England and the regions."""
    live = country().areas
    table = pd.DataFrame(
        {
            "number": live["dfe_code"],
            "name": [SPELLINGS.get(code, name) for code, name in zip(live["dfe_code"], live["area_name"], strict=True)],
            "region": register().loc[live["region_code"], "area_name"].to_numpy(),
        }
    )
    london = table["region"] == "London"
    table.loc[london, "region"] = np.where(table["number"][london].isin(INNER_LONDON), "Inner London", "Outer London")
    old = pd.DataFrame([(code, *what) for code, what in PREDECESSORS.items()], columns=["number", "name", "region"])
    upper = pd.DataFrame([(str(code), name, "NA") for name, code in UPPER], columns=["number", "name", "region"])
    return pd.concat([pd.concat([table, old]).sort_values("name"), upper], ignore_index=True)


def drawn(short: str, areas: pd.DataFrame) -> pd.DataFrame:
    """A measure as drawn, text by area (rows of `areas`) and year; `-` throughout where the list gives no level."""
    measure = measures().set_index("short", drop=False).loc[short].to_dict()
    years = np.arange(int(measure["first"]), int(measure["last"]) + 1)
    if not str(measure["england"]):
        cells = np.full((len(areas), len(years)), "-", dtype=object)
    elif str(measure["gaps"]).startswith("count"):
        cells = _laid_out(_counts(measure, years), years, areas, 0, counts=True)
    else:
        cells = _drawn(measure, years, areas)
    return pd.DataFrame(cells, columns=years)


def _drawn(measure: Mapping[Hashable, Any], years: NDArray[np.int64], areas: pd.DataFrame) -> NDArray[np.object_]:
    """A measure drawn around England's level; England and regions are means weighted by children."""
    place = country()
    rng = stream(f"lait {measure['short']}")
    england, spread, change, by_deprivation, by_outcomes = (
        float(str(measure[name])) for name in ("england", "sd", "change", "deprivation", "outcomes")
    )
    shared = by_deprivation * place.deprivation + by_outcomes * place.outcomes
    if measure["gaps"] == "prevalence":
        per_child = plans.stock()[:, -1] / place.children
        shared = shared + 0.8 * (np.log(per_child) - np.log(per_child).mean()) / np.log(per_child).std()
    own = np.sqrt(max(0.1, 1 - shared.var())) * rng.standard_normal(place.size)
    level = spread * (shared + own)
    path = england + change * (years - years[-1]) + 0.05 * spread * rng.standard_normal(len(years))
    noise = np.cumsum(rng.normal(0, 0.18 * spread, (place.size, len(years))), axis=1)
    values = path[None, :] + (level - np.average(level, weights=place.children))[:, None] + noise
    if england > 0 and measure["axis"] != "Score":
        # A share cannot leave 0 to 100; the far ends are pulled in rather than cut, which would tie them.
        ceiling = 99.9 if str(measure["axis"]).startswith("%") else np.inf
        values = np.clip(
            np.where(values < 0.15 * england, 0.15 * england * np.exp(values / england - 0.15), values), 0, ceiling
        )
    covid = measure["gaps"] == "covid"
    return _laid_out(values, years, areas, decimals_of(str(measure["short"])), covid=covid)


def decimals_of(short: str) -> int:
    """The decimals that the tool prints of a measure."""
    decimals = measures().set_index("short").at[short, "dps"]
    return int(decimals) if decimals in ("0", "2") else 1


def _counts(measure: Mapping[Hashable, Any], years: NDArray[np.int64]) -> Floats:
    """A count by authority and year: `england` per 10,000 children, or percent of another count (`count of X`)."""
    place = country()
    rng = stream(f"lait {measure['short']}")
    england, spread = float(str(measure["england"])), float(str(measure["sd"]))
    tilt = float(str(measure["deprivation"])) * place.deprivation + rng.standard_normal(place.size)
    level = (england + spread * tilt[:, None] + float(str(measure["change"])) * (years - years[-1])[None, :]).clip(0)
    base = str(measure["gaps"]).removeprefix("count").removeprefix(" of ")
    if base:
        whole = _counts(measures().set_index("short", drop=False).loc[base].to_dict(), years).astype(np.int64)
        return rng.binomial(whole, np.clip(level / 100, 0, 0.99)).astype(float)
    return rng.poisson(level / 10_000 * place.children[:, None]).astype(float)


def _laid_out(
    values: Floats,
    years: NDArray[np.int64],
    areas: pd.DataFrame,
    decimals: int,
    *,
    covid: bool = False,
    counts: bool = False,
) -> NDArray[np.object_]:
    """Values by authority as text by listed area, with `-` where an area or a year has none.

    Larger areas hold means weighted by children, or of counts the sum rounded to 10.
    """
    place = country()
    numbers = list(place.areas["dfe_code"])
    weights = place.children.astype(float)
    region = place.areas["region_code"].to_numpy()
    inner = np.isin(numbers, INNER_LONDON)
    upper = {"970": np.ones(len(numbers), bool), "987": inner, "988": (region == "E12000007") & ~inner}
    upper |= {
        code: region == name for code, name in zip(place.regions["dfe_code"], place.regions["area_code"], strict=True)
    }

    def joined(rows: NDArray[np.bool_]) -> Floats:
        if counts:
            return values[rows].sum(axis=0)
        return np.average(values[rows], axis=0, weights=weights[rows])

    result = np.full((len(areas), len(years)), np.nan)
    for row, number in enumerate(areas["number"]):
        if number in upper:
            rows = upper[number]
            result[row] = round_to(values[rows].sum(axis=0), 10) if counts else joined(rows)
        elif number in ENDED:
            last, successors = ENDED[number]
            result[row] = np.where(years <= last, joined(np.isin(numbers, successors)), np.nan)
        elif number not in TOO_SMALL:
            result[row] = np.where(years >= BEGAN.get(number, 0), values[numbers.index(number)], np.nan)
    if covid:
        result[:, np.isin(years, (2020, 2021))] = np.nan
    return as_cells(result, decimals)


def as_cells(values: Floats, decimals: int) -> NDArray[np.object_]:
    """Numbers rounded half up as the tool prints them, with the digits of binary floats and `-` for missing."""
    scaled = np.floor(values * 10**decimals + 0.5) / 10**decimals + 0.0
    words = ["-" if np.isnan(value) else f"{value:.17g}" for value in scaled.ravel()]
    return np.array(words, dtype=object).reshape(scaled.shape)


def values_by_authority(short: str) -> pd.DataFrame:
    """A drawn measure as the tool prints it, 153 authorities by year, for publications that must agree.

    An authority without a value of its own (too small, or not yet in being) takes England's level; a
    year that was not published is NaN throughout.
    """
    areas = listed_areas()
    text = drawn(short, areas).set_axis(areas["number"].to_numpy())
    printed = text.apply(pd.to_numeric, errors="coerce")
    return printed.reindex(country().areas["dfe_code"].to_numpy()).fillna(printed.loc["970"]).reset_index(drop=True)


def last_values(short: str) -> Floats:
    """A drawn measure's last year by authority."""
    return values_by_authority(short).iloc[:, -1].to_numpy()
