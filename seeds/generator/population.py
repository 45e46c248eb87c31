"""Mid-year population estimates: the workbook by single year of age, and the under-18 series in EES form.

Here: residents by age and sex in mid-2024, the births, deaths and moves of the year before, and children
aged 0 to 17 in each mid-year from 2012, of which the last is the workbook's sum. Not here: pupils, who
are counted at schools (`schools`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator.country import Floats, Ints, country, register, stream
from seeds.generator.figures import apportion, identifiers, in_published_order
from seeds.generator.writing import csv_bytes, gzip_bytes, write, xlsx_bytes

YEARS = tuple(range(2012, 2025))
IDENTIFIERS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
GEOGRAPHIES = {"unitary_authority": "Unitary Authority", "county": "County", "london_borough": "London Borough",
               "metropolitan_district": "Metropolitan District"}  # fmt: skip

# Relative sizes of the ages: births have fallen since 2012, students and retirement shape the adults.
_CHILD_SHAPE = np.array([86, 89, 89, 92, 93, 95, 97, 98, 99, 100, 102, 104, 106, 105, 104, 104, 101, 99], float)
_ADULT_SHAPE = np.interp(
    np.arange(18, 91),
    [18, 21, 25, 33, 40, 46, 53, 58, 63, 70, 77, 79, 85, 89, 90],
    [74, 77, 77, 84, 78, 72, 79, 79, 68, 58, 56, 48, 29, 17, 53],
)
# Bournemouth, Poole and Christchurch as shares of the authority that replaced them in April 2019.
BEFORE_2019 = {"E06000028": 0.46, "E06000029": 0.40, "E10000009": 0.14}


@cache
def residents() -> Ints:
    """Residents in mid-2024 by authority, sex (female, male) and age 0 to 90+: shape (153, 2, 91)."""
    place = country()
    rng = stream("residents")
    london = (place.areas["region_code"] == "E12000007").to_numpy()
    ratio = 3.75 * np.exp(0.10 * rng.standard_normal(place.size) - 0.05 * place.deprivation + 0.03 * london)
    adults = np.rint(place.children * ratio).astype(np.int64)
    # Younger places have more of the ages around 30 and fewer of those over 65.
    youth = 0.25 * place.deprivation + 0.5 * london + 0.3 * rng.standard_normal(place.size)
    tilt = np.exp(-youth[:, None] * (np.arange(18, 91) - 45) / 45)
    females = rng.uniform(0.485, 0.49, place.size)
    table = np.zeros((place.size, 2, 91), dtype=np.int64)
    for authority in range(place.size):
        children = _CHILD_SHAPE * np.exp(rng.normal(0, 0.015, 18))
        grown = _ADULT_SHAPE * tilt[authority] * np.exp(rng.normal(0, 0.015, 73))
        by_age = np.concatenate(
            [apportion(int(place.children[authority]), children), apportion(int(adults[authority]), grown)]
        )
        share = np.concatenate(
            [np.full(18, females[authority]), np.interp(np.arange(18, 91), [18, 60, 75, 90], [0.49, 0.51, 0.53, 0.66])]
        )
        table[authority, 0] = rng.binomial(by_age, share)
        table[authority, 1] = by_age - table[authority, 0]
    return table


@cache
def children() -> Ints:
    """Residents aged 0 to 17 in each mid-year of `YEARS` by authority: shape (153, 13)."""
    place = country()
    rng = stream("children")
    growth = 0.0048 + 0.006 * rng.standard_normal(place.size)
    bend = 0.002 * rng.standard_normal(place.size)
    back = np.array(YEARS) - YEARS[-1]
    paths = place.children[:, None] * np.exp(growth[:, None] * back + bend[:, None] * np.sin(back / 3.0))
    return np.rint(paths).astype(np.int64)


def publish(folder: Path) -> list[Path]:
    series = gzip_bytes(csv_bytes(under_18_table()))
    return [
        write(folder / "ons_mid-year_population_estimates_2012_to_2024.csv.gz", series),
        write(folder / "mye24tablesew.xlsx", xlsx_bytes(workbook())),
    ]


def under_18_table() -> pd.DataFrame:
    """Children aged 0 to 17 of all published areas and mid-years, the newest year first."""
    place = country()
    parts = []
    for year in reversed(YEARS):
        vintage = place.at(f"{year}-06-30")
        ids = identifiers(place, vintage, str(year), "Reporting year", IDENTIFIERS)
        ids["age_group"] = "Children aged 0 to 17 years"
        ids["population_estimate"] = vintage.roll_up(children()[:, YEARS.index(year)])
        parts.append(in_published_order(ids if year >= 2019 else _before_2019(ids)))
    return pd.concat(parts, ignore_index=True)


def _before_2019(table: pd.DataFrame) -> pd.DataFrame:
    """Bournemouth, Poole and the old Dorset in place of their successors; the South West is unchanged."""
    rows = table.set_index("new_la_code")["population_estimate"]
    merged, remainder = int(rows["E06000058"]), int(rows["E06000059"])
    parts = apportion(merged, np.array(list(BEFORE_2019.values())))
    pattern = table[table["new_la_code"] == "E06000058"].iloc[0]
    old = []
    for code, people in zip(BEFORE_2019, parts, strict=True):
        area = register().loc[code]
        people = people + remainder if code == "E10000009" else people
        names = {"new_la_code": code, "old_la_code": area["dfe_code"], "la_name": area["area_name"]}
        old.append(pattern.to_frame().T.assign(**names, population_estimate=int(people)))
    kept = table[~table["new_la_code"].isin(["E06000058", "E06000059"])]
    return pd.concat([kept, *old], ignore_index=True).astype({"population_estimate": np.int64})


def workbook() -> dict[str, list[list[object]]]:
    """The three sheets of the mid-2024 workbook that hold single years of age."""
    people = residents()
    sheets: dict[str, list[list[object]]] = {
        "Cover sheet": [["SYNTHETIC figures in the layout of the mid-year population estimates, mid-2024"]]
    }
    for name, table in {"Persons": people.sum(axis=1), "Females": people[:, 0], "Males": people[:, 1]}.items():
        sheets[f"MYE2 - {name}"] = _sheet(name, table)
    sheets["MYE3"] = _change_sheet()
    return sheets


def change() -> Ints:
    """Births, deaths, moves in and out, arrivals and departures in the year to mid-2024: shape (153, 6).

    Births are the residents aged 0 but for some who moved; deaths follow the residents over 70.
    """
    people = residents().sum(axis=1)
    rng = stream("population change")
    everyone = people.sum(axis=1)
    expected = np.column_stack(
        [
            0.98 * people[:, 0],
            0.068 * people[:, 70:].sum(axis=1),
            *(rate * everyone for rate in (0.05, 0.05, 0.018, 0.008)),
        ]
    )
    spread = np.array([0.01, 0.05, 0.2, 0.2, 0.5, 0.4])
    return rng.poisson(expected * np.exp(spread * rng.standard_normal(expected.shape)))


def _change_sheet() -> list[list[object]]:
    """MYE3: the two estimates and what lies between them; moves within the country for authorities alone."""
    place = country()
    vintage = place.at("2024-06-30")
    after = vintage.roll_up(residents().sum(axis=(1, 2)))
    births, deaths, moved_in, moved_out, arrived, left = vintage.roll_up(change()).T
    before = after - births + deaths - moved_in + moved_out - arrived + left
    published = np.isin(vintage.areas["area_type"], list(GEOGRAPHIES)) & (vintage.areas["area_type"] != "county")
    shown = np.concatenate([published, np.zeros(len(after) - len(published), dtype=bool)])
    titles = [
        *("Estimated Population mid-2023", "Births", "Deaths", "Births minus Deaths", "Internal Migration Inflow"),
        *("Internal Migration Outflow", "Internal Migration Net", "International Migration Inflow"),
        *("International Migration Outflow", "International Migration Net", "Other", "Estimated Population mid-2024"),
    ]
    moves = [np.where(shown, flow.astype(object), "No data") for flow in (moved_in, moved_out)]
    columns = [before, births, deaths, births - deaths, *moves, moved_in - moved_out, arrived, left, arrived - left]
    columns += [np.zeros_like(after), after]
    areas = pd.concat([vintage.areas, place.regions])[["area_code", "area_name"]].to_numpy().tolist()
    kinds = [*vintage.areas["area_type"].map(GEOGRAPHIES), *["Region"] * len(place.regions), "Country"]
    named = [*areas, ["E92000001", "ENGLAND"]]
    rows: list[list[object]] = [
        ["MYE3: Components of population change for local authorities in England and Wales, mid-2024"],
        ["SYNTHETIC figures: no number here describes a real place."],
        ["Code", "Name", "Geography", *titles],
    ]
    rows += [
        [*name, kind, *(value if isinstance(value, str) else int(value) for value in values)]
        for name, kind, values in zip(named, kinds, zip(*columns, strict=True), strict=True)
    ]
    return rows


def _sheet(name: str, table: Ints) -> list[list[object]]:
    place = country()
    vintage = place.at("2024-06-30")
    rolled = vintage.roll_up(table)
    authorities, regions = rolled[: len(vintage.areas)], rolled[len(vintage.areas) : -1]
    rows: list[list[object]] = [
        [f"MYE2: {name} by single year of age and sex for local authorities in England and Wales, mid-2024"],
        ["This worksheet contains one table. Freeze panes are turned on. "],
        ["SYNTHETIC figures: no number here describes a real place."],
        [None],
        [None],
        [None],
        [None],
        ["Code", "Name", "Geography", "All ages", *(str(age) for age in range(90)), "90+"],
        _line("E92000001", "ENGLAND", "Country", rolled[-1]),
    ]
    for position, region in enumerate(place.regions.to_dict("records")):
        rows.append(_line(str(region["area_code"]), str(region["area_name"]).upper(), "Region", regions[position]))
        for member in np.flatnonzero(vintage.region == position):
            area = vintage.areas.iloc[member]
            rows.append(
                _line(area["area_code"], area["area_name"], GEOGRAPHIES[area["area_type"]], authorities[member])
            )
    return rows


def _line(code: str, name: str, geography: str, by_age: Ints | Floats) -> list[object]:
    return [code, name, geography, int(by_age.sum()), *(int(people) for people in by_age)]
