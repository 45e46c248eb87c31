"""Statements and EHC plans by age band, January 2010 to 2022, and requests from 2016: series of the release of 2022.

Here: how many plans each authority maintained before `plans` begins, their age bands, requests made before those of
later releases, and the files that held them.
Not here: plans person by person (`plans`), or the release of 2025 (`plan_tables`).

The series is lifelike: flat until 2015, then the reform adds 6 to 11 % a year, and young people over 19 appear.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator import plan_tables, plans
from seeds.generator.country import Floats, Ints, Vintage, country, register, stream
from seeds.generator.figures import as_text, expand, half_up, identifiers
from seeds.generator.population import BEFORE_2019
from seeds.generator.writing import csv_bytes, write, zip_bytes

YEARS = tuple(range(2010, 2023))
DRAWN = (2019, 2020, 2021, 2022)  # Januaries whose totals are those of `plans.stock`
FIRST_PLANS, LAST_STATEMENTS = 2015, 2018
BANDS = ("Under 5", "Age 5 to 10", "Age 11 to 15", "Age 16 to 19", "Age 20 to 25")
IDENTIFIERS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip

# Growth of the country's plans in the year before each January from 2011 to 2019, and of which kind they were.
GROWTH = (0.004, 0.005, 0.012, 0.012, 0.008, 0.065, 0.090, 0.100, 0.105)
STATEMENTS = {2015: 0.98, 2016: 0.71, 2017: 0.39, 2018: 0.11}
# Parts per thousand of the plans in each band, in January of the years between which it is drawn out.
_MIX = {
    2010: (41, 353, 517, 89, 0), 2015: (47, 379, 467, 107, 0), 2018: (40, 330, 367, 219, 44),
    2022: (40, 330, 356, 203, 71),
}  # fmt: skip


@cache
def totals() -> Ints:
    """Plans in January by authority and year: shape (153, 13), years `YEARS`."""
    place = country()
    rng = stream("plans before 2019")
    known = plans.stock()[:, [plans.STOCK_YEARS.index(year) for year in DRAWN]]
    # Authorities differ in how fast they grew once the reform came, and hardly before it.
    reform = (np.array(GROWTH) > 0.03).astype(float)
    own = 0.02 * place.growth[:, None] * reform + rng.normal(0, 0.012, (place.size, len(GROWTH)))
    steps = np.log1p(np.array(GROWTH)) + own
    back = np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
    earlier = np.rint(known[:, :1] * np.exp(-back)).astype(np.int64)
    return np.concatenate([np.maximum(earlier, 1), known], axis=1)


@cache
def by_band() -> Ints:
    """Statements and plans by authority, year and band, adding up to `totals`: shape (153, 13, 5, 2)."""
    rng = stream("plans by age band before 2022")
    points = np.array(list(_MIX))
    mix = np.column_stack([np.interp(YEARS, points, band) for band in np.array(list(_MIX.values()), float).T])
    habit = np.exp(rng.normal(0, 0.08, (country().size, 1, len(BANDS))))
    weights = mix[None] * habit
    chances: Floats = weights / weights.sum(axis=2, keepdims=True)
    both = rng.multinomial(totals(), chances)
    old = np.array([STATEMENTS.get(year, 1.0 if year < FIRST_PLANS else 0.0) for year in YEARS])
    statements = rng.binomial(both, old[None, :, None])
    return np.stack([statements, both - statements], axis=3)


def table() -> bytes:
    """The file of the release, the newest January first."""
    return csv_bytes(pd.concat([_january(year) for year in reversed(YEARS)], ignore_index=True))


def _january(year: int) -> pd.DataFrame:
    place = country()
    vintage = place.at(f"{year}-01-15")
    counts = vintage.roll_up(by_band()[:, YEARS.index(year)])
    ids = identifiers(place, vintage, str(year), "Calendar year", IDENTIFIERS)
    if year <= 2019:
        ids, counts = _before_2019(ids, counts, vintage)
    bands = BANDS if year >= FIRST_PLANS else BANDS[:-1]  # statements ended at 19
    counts = np.concatenate([counts.sum(axis=1, keepdims=True), counts[:, : len(bands)]], axis=1)
    columns = _columns("Total_st", counts[..., 0], shown=year <= LAST_STATEMENTS)
    columns |= _columns("Total_ehc", counts[..., 1], shown=year >= FIRST_PLANS)
    columns |= _columns("Total_all", counts.sum(axis=2), shown=True)
    frame = expand(ids, {"characteristic_age": ("Total", *bands)}, columns)
    return (
        frame.assign(
            _level=frame["geographic_level"].map({"National": 0, "Regional": 1, "Local authority": 2}),
            _age=frame["characteristic_age"].map({name: rank for rank, name in enumerate(("Total", *BANDS))}),
        )
        .sort_values(["_level", "_age", "region_code", "la_name"], kind="stable")
        .drop(columns=["_level", "_age"])
    )


def _columns(name: str, counts: Ints, *, shown: bool) -> dict[str, NDArray[np.object_]]:
    """Counts of areas x ages and the shares of their first column as text; `z` in the years without them."""
    if not shown:
        return dict.fromkeys((name, f"{name}_pc"), np.full(counts.shape, "z", dtype=object))
    shares = half_up(counts, np.broadcast_to(counts[:, :1], counts.shape), dp=5)
    return {name: as_text(counts), f"{name}_pc": as_text(shares, missing="z")}


def _before_2019(ids: pd.DataFrame, counts: Ints, vintage: Vintage) -> tuple[pd.DataFrame, Ints]:
    """Bournemouth, Poole and the old Dorset in place of their successors; regions and England are unchanged.

    `counts` are of areas x bands x 2, in the order of `ids`.
    """
    codes = list(vintage.areas["area_code"])
    merged, remainder = codes.index("E06000058"), codes.index("E06000059")
    shares = np.array(list(BEFORE_2019.values()))
    parts = np.floor(counts[merged] * shares[:, None, None]).astype(np.int64)
    parts[-1] += counts[merged] - parts.sum(axis=0) + counts[remainder]
    area = register().loc[list(BEFORE_2019)]
    names = {"new_la_code": area["area_code"], "old_la_code": area["dfe_code"], "la_name": area["area_name"]}
    old = ids.iloc[[merged] * len(parts)].assign(**{name: column.to_numpy() for name, column in names.items()})
    kept = np.delete(np.arange(len(ids)), [merged, remainder])
    return pd.concat([ids.iloc[kept], old], ignore_index=True), np.concatenate([counts[kept], parts])


# --- requests ----------------------------------------------------------------------------------

REQUEST_YEARS = tuple(range(2016, 2022))
REQUESTED, REFUSED = 0.145, 0.24  # requests in each plan of the January before, and those refused, before 2019


def management() -> bytes:
    """Requests received and refused by calendar year, the newest first; of 2019 to 2021 as later releases give them."""
    return csv_bytes(pd.concat([_year(year) for year in reversed(REQUEST_YEARS)], ignore_index=True))


def _year(year: int) -> pd.DataFrame:
    place = country()
    vintage = place.at(f"{year}-12-31")
    counts = vintage.roll_up(_asked(year))
    ids = identifiers(place, vintage, str(year), "Calendar year", IDENTIFIERS)
    if year < 2019:
        ids, split = _before_2019(ids, counts[:, None, :], vintage)
        counts = split[:, 0]
    return ids.assign(InreqEHC=as_text(counts[:, 0]), AssRefusedEHC=as_text(counts[:, 1]))


def _asked(year: int) -> Ints:
    """Requests received and refused by authority: shape (153, 2)."""
    place = country()
    if year in plans.FLOW_YEARS:
        people, outcome = plan_tables.requests_of(year)
        at = people.authority
        return np.stack([np.bincount(at[kept], minlength=place.size) for kept in (outcome < 4, outcome == 1)], axis=1)
    rng = stream(f"requests before 2019 {year}")
    received = rng.poisson(REQUESTED * totals()[:, YEARS.index(year)])
    return np.stack([received, rng.binomial(received, REFUSED)], axis=1)


GUIDANCE = """Education, health and care plans
2022 Reporting year

SYNTHETIC DATA. No figure in this archive describes a real authority. The file was drawn by a random generator
(seeds/generate.py) in the layout of the release of the same name, and must not be quoted.

Coverage
Statements of special educational needs and EHC plans in January, by age band, 2010 to 2022. The counts of January
2019 to 2022 are those that the synthetic release of 2025 starts from. Requests for assessment, 2016 to 2021.

Symbols
z  Not applicable.
"""


def publish(folder: Path) -> list[Path]:
    """Writes the release's zip, with these two of its tables."""
    members = {
        "data/sen2_age_caseload.csv": table(),
        "data/sen2_mi.csv": management(),
        "data-guidance/data-guidance.txt": GUIDANCE.encode(),
    }
    return [write(folder / "education-health-and-care-plans_2022.zip", zip_bytes(members))]
