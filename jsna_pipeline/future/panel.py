"""The panel: plans of every authority, January by January, with what was known beside them.

Here: core tables turned into arrays (authorities by Januaries), and the screening of counts that cannot be. Not here:
any model of them (`models.py`), the population by single year (`population.py`).

An authority is its ONS code of today; a mere recoding is carried over by the register, and an authority whose area
changed starts anew under its own code: series are never glued. What a table does not hold is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.future.tables import AGE_BANDS
from jsna_pipeline.vocabulary import TOTAL, AreaLevel

CASELOAD = "dfe__sen2_caseload"
BANDS_TO_2022 = "dfe__sen2_age_bands_to_2022"
REQUESTS = "dfe__sen2_requests"
NEW_PLANS = "dfe__sen2_new_plans"
CEASED_PLANS = "dfe__sen2_ceased_plans"
REQUESTS_TO_2021 = "dfe__sen2_requests_to_2021"
UNDER_18 = "ons__population_under_18"
AGE_BAND = "age_band"
_UPPER_AGES = (4, 10, 15, 19, 25)  # last year of age of each of AGE_BANDS
# An authority's own count cannot be that of its whole region: one figure repeated by so many of them is a slip.
_REPEATED_BY = 3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts of A authorities in Y Januaries without a gap between; NaN where not published."""

    areas: tuple[str, ...]  # ONS codes ascending, those of former authorities among them
    years: tuple[int, ...]  # Januaries
    region: np.ndarray  # (A,) ONS code of the region
    plans: Floats  # (A, Y) plans maintained; statements with them before 2019
    by_age: Floats  # (A, Y, 5) the same by AGE_BANDS
    requests: Floats  # (A, Y) requests for an assessment in the calendar year before that January
    refused: Floats  # (A, Y) of those, decided not to assess
    new_plans: Floats  # (A, Y) plans made in the calendar year before
    ceased: Floats  # (A, Y) plans that ended in the calendar year before
    children: Floats  # (A, Y) residents aged 0-17 at mid-year two years before, the newest estimate known by then

    def at(self, year: int) -> int:
        """Position of the January of `year`; ValueError outside the panel."""
        return self.years.index(year)

    def position(self, area_code: str) -> int:
        """Position of an authority; ValueError if it is not in the panel."""
        return self.areas.index(area_code)

    def lagged(self, values: Floats, years: int) -> Floats:
        """`values` (A, Y) of so many Januaries before each; NaN before the panel begins."""
        moved = np.full_like(values, np.nan)
        moved[:, years:] = values[:, : max(values.shape[1] - years, 0)]
        return moved

    def known(self) -> npt.NDArray[np.int64]:
        """(A, Y) Januaries with a count up to and with each one."""
        return np.asarray((~np.isnan(self.plans)).cumsum(axis=1))

    def unexplained(self) -> Floats:
        """(A, Y) share of the last count by which plans changed beyond new less ceased ones; NaN where unknown."""
        before = self.lagged(self.plans, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((self.plans - before - self.new_plans + self.ceased) / before)


def build_panel(core: Mapping[str, pd.DataFrame]) -> Panel:
    """The panel of these core tables; every table but the caseload may be absent.

    Raises KeyError without `dfe__sen2_caseload`.
    """
    plans = _plans(core)
    codes = sorted(plans.index)
    years = tuple(range(int(plans.columns.min()), int(plans.columns.max()) + 1))
    attributes = geography.attributes(pd.Series(codes, dtype="str"))
    region = attributes["region_code"].fillna("").to_numpy(dtype=object)

    def grid(table: pd.DataFrame) -> Floats:
        return np.asarray(table.reindex(index=codes, columns=list(years)).to_numpy(dtype="float64"))

    def flow(dataset: str, column: str) -> Floats:
        return grid(_counts(core, dataset, column, later=1))

    def asked(column: str) -> Floats:  # where both releases give a year they agree
        return grid(
            _counts(core, REQUESTS, column, later=1).combine_first(_counts(core, REQUESTS_TO_2021, column, later=1))
        )

    return Panel(
        areas=tuple(codes),
        years=years,
        region=region,
        plans=grid(plans),
        by_age=_whole(np.stack([grid(table) for table in _bands(core)], axis=2)),
        requests=asked("requests"),
        refused=asked("decided_not_to_assess"),
        new_plans=_without_regional(flow(NEW_PLANS, "new_plans"), region),
        ceased=flow(CEASED_PLANS, "ceased"),
        children=grid(_counts(core, UNDER_18, "residents", later=2)),
    )


def _years(period: pd.Series) -> pd.Series:
    """The January of "2024/25" is of 2025; a calendar year is itself."""
    first = period.str.slice(0, 4).astype("int64")
    return first + period.str.contains("/", regex=False).astype("int64")


def _authorities(core: Mapping[str, pd.DataFrame], dataset: str, dimension: str) -> pd.DataFrame:
    """Rows of authorities in one dimension, with `area` and `year`; no rows where the table is absent."""
    if dataset not in core:
        return pd.DataFrame({"area": pd.Series(dtype="str"), "year": pd.Series(dtype="int64")})
    table = core[dataset]
    rows = table[table["area_level"].eq(AreaLevel.LOCAL_AUTHORITY.value) & table["dimension"].eq(dimension)]
    return rows.assign(area=geography.canonical_codes(rows["area_code"]), year=_years(rows["period"]))


def _counts(core: Mapping[str, pd.DataFrame], dataset: str, column: str, later: int = 0) -> pd.DataFrame:
    """Authorities by years of one whole-population count, each moved `later` years on."""
    rows = _authorities(core, dataset, TOTAL)
    if column not in rows:
        return pd.DataFrame(dtype="float64")
    known = rows[rows[column].notna()]
    return known.assign(year=known["year"] + later).pivot_table(
        index="area", columns="year", values=column, aggfunc="first"
    )


def _plans(core: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The newest release where it reaches, the series to 2022 before it; they agree where both do."""
    newest = _counts({CASELOAD: core[CASELOAD]}, CASELOAD, "ehc_plans")
    return newest.combine_first(_counts(core, BANDS_TO_2022, "plans"))


def _bands(core: Mapping[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """Authorities by years for each of AGE_BANDS: bands to 2022, single years of age since 2024."""
    old = _authorities(core, BANDS_TO_2022, AGE_BAND)
    ages = _authorities({CASELOAD: core[CASELOAD]}, CASELOAD, "age")
    # "under 3" is the youngest that the publisher names, and below every band's limit but the first.
    number = pd.to_numeric(ages["category"].replace("under 3", "2"), errors="coerce")
    band = pd.cut(number, [-1, *_UPPER_AGES], labels=AGE_BANDS).astype("object")
    new = ages.assign(category=band, plans=ages["ehc_plans"]).dropna(subset=["category"])
    rows = pd.concat([part.reindex(columns=["area", "year", "category", "plans"]) for part in (old, new)])
    known = rows.dropna(subset=["plans"])
    of_band = [known[known["category"].eq(name)] for name in AGE_BANDS]
    return [part.pivot_table(index="area", columns="year", values="plans", aggfunc="sum") for part in of_band]


def _whole(by_age: Floats) -> Floats:
    """An age without a row is an age without a plan, once any age of that authority and January is known."""
    some = ~np.isnan(by_age).all(axis=2, keepdims=True)
    return np.where(some & np.isnan(by_age), 0.0, by_age)


def _without_regional(new_plans: Floats, region: np.ndarray) -> Floats:
    """Without figures that every authority of a region repeats: the region's total, printed for each (2022)."""
    screened = new_plans.copy()
    for code in np.unique(region):
        members = np.flatnonzero(region == code)
        if len(members) < _REPEATED_BY:
            continue
        held = screened[members]
        reporting = (~np.isnan(held)).sum(axis=0)
        known = np.where(np.isnan(held), -np.inf, held).max(axis=0)
        least = np.where(np.isnan(held), np.inf, held).min(axis=0)
        repeated = (reporting >= _REPEATED_BY) & (known == least)
        screened[np.ix_(members, np.flatnonzero(repeated))] = np.nan
    return screened
