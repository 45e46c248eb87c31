"""The imaginary England behind the synthetic files: its authorities, their size, need and habits.

Here: the 153 authorities of January 2025 with what drives their figures, and which authority
published at a given date (Cumbria before April 2023, its two successors after). Not here: any
figure of a publication, nor how one is written.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED = 20_250_626
"""One seed for all; every table draws from its own stream, so that adding one does not move the others."""

FLAGSHIP = {"wigan": "E08000010", "wolverhampton": "E08000031", "cumberland": "E06000063", "bcp": "E06000058"}

# Attainment at given deprivation: Wigan's own strategy says "below national average" at key stage 4.
OUTCOMES = {"wigan": -0.6, "wolverhampton": -0.1, "cumberland": -0.4, "bcp": 0.3}

# Authorities whose area changed within the years of these files: predecessor, successors, first day.
# Recodes of an unchanged area are in the list because a file shows the code of its time.
CHANGES = (
    ("E10000006", ("E06000063", "E06000064"), "2023-04-01"),
    ("E10000023", ("E06000065",), "2023-04-01"),
    ("E10000027", ("E06000066",), "2023-04-01"),
    ("E10000021", ("E06000061", "E06000062"), "2021-04-01"),
    ("E10000002", ("E06000060",), "2020-04-01"),
)


def stream(name: str) -> np.random.Generator:
    """A generator of its own for `name`, the same in every run."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


@cache
def register() -> pd.DataFrame:
    """The pipeline's register of areas, indexed by area code, all columns as text."""
    file = resources.files("jsna_pipeline.catalogue.geography").joinpath("areas.csv")
    with file.open(encoding="utf-8") as handle:
        table = pd.read_csv(handle, dtype=str, keep_default_na=False)
    return table.set_index("area_code", drop=False)


@dataclass(frozen=True)
class Vintage:
    """The authorities that publish at one date.

    `areas` holds their register rows; `of_authority[i]` is the row of `areas` to which the
    country's authority `i` belongs at that date; `region` is the row of `Country.regions`.
    """

    areas: pd.DataFrame
    of_authority: Ints
    region: Ints

    def roll_up(self, counts: NDArray[Any]) -> NDArray[Any]:
        """Counts by authority (axis 0) as counts by published area, then the regions, then England."""
        by_area = np.zeros((len(self.areas), *counts.shape[1:]), dtype=counts.dtype)
        np.add.at(by_area, self.of_authority, counts)
        by_region = np.zeros((9, *counts.shape[1:]), dtype=counts.dtype)
        np.add.at(by_region, self.region, by_area)
        return np.concatenate([by_area, by_region, by_region.sum(axis=0, keepdims=True)])


@dataclass(frozen=True)
class Country:
    """153 authorities in code order and what drives their figures.

    `children` is the population aged 0-17 in mid-2024; `deprivation` is standardised (mean 0,
    positive is more deprived); `need`, `growth`, `practice`, `outcomes`, `health` and `mainstream`
    are standard normal deviates: identified need, its yearly growth, timeliness, attainment at given
    deprivation, access to health services, and the habit of placing in mainstream schools.
    """

    codes: tuple[str, ...]
    children: Ints
    deprivation: Floats
    need: Floats
    growth: Floats
    practice: Floats
    outcomes: Floats
    health: Floats
    mainstream: Floats

    @property
    def size(self) -> int:
        return len(self.codes)

    @property
    def areas(self) -> pd.DataFrame:
        return register().loc[list(self.codes)].reset_index(drop=True)

    @property
    def regions(self) -> pd.DataFrame:
        table = register()
        return table[table["area_type"] == "region"].reset_index(drop=True)

    def position(self, code: str) -> int:
        return self.codes.index(code)

    def index_of(self, flagship: str) -> int:
        return self.position(FLAGSHIP[flagship])

    @property
    def region_index(self) -> Ints:
        regions = list(self.regions["area_code"])
        return np.array([regions.index(code) for code in self.areas["region_code"]])

    def share(self, exponent: float = 1.0) -> Floats:
        weight = self.children.astype(float) ** exponent
        return weight / weight.sum()

    def at(self, date: str) -> Vintage:
        """Who publishes on `date` (ISO): successors not yet in being are counted in their predecessor."""
        published = list(self.codes)
        for predecessor, successors, first_day in CHANGES:
            if date < first_day:
                published = [predecessor if code in successors else code for code in published]
        codes = sorted(set(published))
        areas = register().loc[codes].reset_index(drop=True)
        regions = list(self.regions["area_code"])
        return Vintage(
            areas=areas,
            of_authority=np.array([codes.index(code) for code in published]),
            region=np.array([regions.index(code) for code in areas["region_code"]]),
        )


@cache
def country() -> Country:
    """The one imaginary country that all publications describe."""
    file = resources.files("seeds.generator").joinpath("magnitudes.csv")
    with file.open(encoding="utf-8") as handle:
        magnitudes = pd.read_csv(handle, dtype={"area_code": str}).sort_values("area_code")
    rng = stream("country")
    count = len(magnitudes)
    deprivation = magnitudes["deprivation"].to_numpy(dtype=float)
    # Two significant digits are all that is taken from outside; the rest of each size is drawn.
    children = np.rint(magnitudes["children"].to_numpy() * rng.uniform(0.97, 1.03, count)).astype(np.int64)
    latent = {name: rng.standard_normal(count) for name in ("need", "growth", "practice", "outcomes", "health")}
    codes = list(magnitudes["area_code"])
    for name, code in FLAGSHIP.items():
        latent["outcomes"][codes.index(code)] = OUTCOMES[name]
    return Country(
        codes=tuple(magnitudes["area_code"]),
        children=children,
        deprivation=(deprivation - deprivation.mean()) / deprivation.std(),
        mainstream=rng.standard_normal(count),
        **latent,
    )
