"""Residents of ages 0 to 25 by single year of age: estimated, worked back by cohort, and projected.

Here: the population under every rate and every expectation of the future, for each authority, region and England, and
the back-test of its own method. Not here: reading the files (`readers/population.py`, `readers/projections.py`) or
plans (`forecast.py`).

Method, a cohort-component model after ONS' subnational projections, cut down to what the landed files hold:

* Who is a in the year of the estimates was a - k, k years before. Children of 0 to 17 are fitted to the published
  total of each year; beyond it, and for those who have grown up since, the area's share of England's children stands
  in for what is not known. Children of an authority formed since have their part of what the others leave of the
  region's total.
* Children age in their area. Net migration is what the published totals of two years show beyond births and growing
  up, drawn towards England's; the younger move most. Births stay as many as they are.
* From 18 on, students and first jobs come and go: an area keeps its share of England at each age, and England's
  cohorts grow by immigration as they did since the Census of 2011.
* Where projections of ONS are landed, they take the place of the cohorts, anchored to the newest estimate by cohort.

Limits: single years of age are known for one year alone, so that ages worked back are fitted, not counted, and the
back-test, which starts from them, has hindsight in the ages, not in the totals that it is held to. (With England's
ages in place of an area's own its errors are the same to 0.03 of a point.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jsna_pipeline import geography

BY_AGE, UNDER_18, CHANGE, PROJECTIONS = (
    "ons__population_by_age",
    "ons__population_under_18",
    "ons__population_change",
    "ons__population_projections",
)
FIRST_YEAR, YEARS_AHEAD = 2010, 7  # of the estimates by age: those of mid-2023 reach mid-2030
ADULT, OLDEST = 18, 25
AGES = np.arange(OLDEST + 1)
HORIZONS = (1, 2, 3, 4, 5)

# The next two stand on publications that are not landed, and were not held against their files.
# Chance of dying within a year at each age, both sexes, England: ONS, National life tables 2020 to 2022, rounded to
# one significant digit. All of it together moves no number here by a tenth of a percent but the first.
DEATHS = np.interp(
    AGES, [0, 1, 2, 5, 10, 15, 20, 25], [0.004, 0.0002, 0.0001, 0.00008, 0.00008, 0.0002, 0.0004, 0.0004]
)
# England's cohorts of young adults grow by 1 % a year: 3,595,000 of 20 to 24 in the Census of 2011 (ONS, KS102EW)
# were 4,043,000 of 32 to 36 in mid-2023.
YOUNG_ADULT_GAIN = 0.010
# Moves by age against the mean of children: families move most before school begins. An assumption.
_MOVES = np.interp(np.arange(ADULT), [0, 4, 11, 17], [1.6, 1.3, 0.7, 0.6])
# Chosen by the back-test of 2014 to 2023 in steps of a quarter (`backtest`): the part of an authority's own net
# migration that lasts, and what each further year leaves of the last two years' departure from the longer run.
OWN_MIGRATION, LASTING = 0.75, 0.25
MOST_MOVES = 0.10  # net, of all children, in a year: a new total of another definition must not empty an area
MOVES_WORTH = 2_000  # children at whom an authority's own moves weigh half of that
BIRTHS_WORTH = 400  # births at which an authority's last year weighs as much as its children of 0 to 2
SMALL = 20_000  # children at whom chance adds as much variance as everything else
# A single year of age is less sure than all children, a young adult's less than a child's. Assumptions.
ONE_AGE, YOUNG_ADULT = 1.5, 2.0
COVERAGE = 0.95


@dataclass(frozen=True)
class Known:
    """What the files hold of A authorities of today; NaN where they do not."""

    codes: tuple[str, ...]
    region: np.ndarray  # (A,) position of the region in `regions`
    regions: tuple[str, ...]
    year: int  # of the estimates by age
    ages: np.ndarray  # (A, 91) residents by single year of age, the last 90 and over
    totals: np.ndarray  # (A, Y) residents of 0 to 17
    total_years: tuple[int, ...]
    births: np.ndarray  # (A,) in the year to the estimates

    @property
    def last_year(self) -> int:
        """The last year that is projected."""
        return self.year + YEARS_AHEAD

    def total(self, year: int) -> np.ndarray:
        """(A,) residents of 0 to 17 in `year`; NaN outside the published years."""
        if year not in self.total_years:
            return np.full(len(self.codes), np.nan)
        return np.asarray(self.totals[:, self.total_years.index(year)])


def residents(core: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Residents of every authority of today, region and England at each mid-year from 2010 on, by age 0 to 25.

    Up to seven years beyond the estimates by age: those of mid-2023 give 2030. The columns of `FuturePopulation` but
    `edition`, ordered by area, year and age. Authorities add up to regions and
    England. Works without any dataset but `ons__population_by_age`; empty without that.
    """
    known = read(core)
    if known is None:
        return _typed(pd.DataFrame(columns=list(_TYPES)))
    numbers, last_known = _known_years(known)
    births, migration = _births(known, numbers), _migration(known, numbers, last_known)
    for year in range(last_known, known.last_year):
        numbers[year + 1] = _step(known, numbers[year], births, migration.after(year - last_known))
    years = np.arange(FIRST_YEAR, known.last_year + 1)
    grid = np.stack([numbers[int(year)] for year in years], axis=1)
    projected = _published(known, core.get(PROJECTIONS), numbers[last_known], last_known, years)
    replaced = ~np.isnan(projected)
    basis = np.where(years < known.year, "worked_back", np.where(years == known.year, "estimate", "cohort"))
    basis = np.where(replaced[:, :, 0], "published", basis[None, :])
    return _table(known, np.where(replaced, projected, grid), years, basis, _widths(known, numbers, last_known))


def _known_years(known: Known) -> tuple[dict[int, np.ndarray], int]:
    """(A, 26) of each year up to the newest with any count, and that year."""
    numbers = _worked_back(known) | {known.year: _estimates(known)}
    return numbers, _step_to_known(known, numbers)


# --- what is known ------------------------------------------------------------------------------------


def read(core: Mapping[str, pd.DataFrame]) -> Known | None:
    """The datasets as arrays of today's authorities; None without estimates by single year of age."""
    estimates = core.get(BY_AGE)
    if estimates is None or estimates.empty:
        return None
    rows = estimates[(estimates["dimension"] == "age") & (estimates["sex"] == "persons")]
    year = rows["period"].astype(int).max()
    rows = rows[rows["period"].astype(int) == year]
    by_age = rows.assign(age=rows["category"].str.rstrip("+").astype(int)).pivot_table("population", "area_code", "age")
    authorities = geography.local_authorities().sort_values("area_code")
    authorities = authorities[authorities["area_code"].isin(by_age.dropna().index)]
    if authorities.empty:
        return None
    codes = tuple(authorities["area_code"])
    regions = tuple(sorted(authorities["region_code"].unique()))
    region = authorities["region_code"].map({code: place for place, code in enumerate(regions)}).to_numpy()
    totals, years = _totals(core.get(UNDER_18), codes, regions, region)
    return Known(
        codes=codes,
        region=region,
        regions=regions,
        year=int(year),
        ages=by_age.loc[list(codes)].to_numpy(dtype="float64"),
        totals=totals,
        total_years=years,
        births=_column(core.get(CHANGE), "births", codes),
    )


def _totals(
    table: pd.DataFrame | None, codes: tuple[str, ...], regions: tuple[str, ...], region: np.ndarray
) -> tuple[np.ndarray, tuple[int, ...]]:
    """Children of 0 to 17, (A, Y), with those of authorities formed since out of what is left of their region."""
    if table is None or table.empty:
        return np.empty((len(codes), 0)), ()
    wide = table.pivot_table("residents", "area_code", "period")
    years = tuple(int(year) for year in wide.columns)
    found = wide.reindex(list(codes)).to_numpy(dtype="float64")
    of_region = wide.reindex(list(regions)).to_numpy(dtype="float64")
    # The first count of an authority says which part of the remainder it is.
    first = pd.DataFrame(found).bfill(axis=1).iloc[:, 0].to_numpy()
    missing = np.isnan(found)
    left = of_region - np.stack([np.nansum(found[region == place], axis=0) for place in range(len(regions))])
    parts = np.where(missing, first[:, None], 0.0)
    whole = np.stack([parts[region == place].sum(axis=0) for place in range(len(regions))])
    with np.errstate(invalid="ignore", divide="ignore"):
        filled = left[region] * parts / whole[region]
    return np.where(missing & (filled > 0), filled, found), years


def _column(table: pd.DataFrame | None, name: str, codes: tuple[str, ...]) -> np.ndarray:
    if table is None or table.empty:
        return np.full(len(codes), np.nan)
    newest = table[table["period"] == table["period"].max()].set_index("area_code")[name]
    return np.asarray(newest.reindex(list(codes)).to_numpy(dtype="float64"))


# --- the years before ---------------------------------------------------------------------------------


def _estimates(known: Known) -> np.ndarray:
    """(A, 26) the estimates; children as many as in the total of that year, which is of a newer release or the same."""
    return _fitted(known.ages[:, : OLDEST + 1].copy(), known.total(known.year))


def _fitted(numbers: np.ndarray, total: np.ndarray) -> np.ndarray:
    """`numbers` (A, 26) with its children scaled to `total` (A,), where that is known."""
    children = numbers[:, :ADULT].sum(axis=1)
    factor = np.where(np.isnan(total) | (children == 0), 1.0, total / np.where(children == 0, 1.0, children))
    return np.concatenate([numbers[:, :ADULT] * factor[:, None], numbers[:, ADULT:]], axis=1)


def _worked_back(known: Known) -> dict[int, np.ndarray]:
    """(A, 26) of each year from FIRST_YEAR to the estimates, by cohort."""
    nation = known.ages.sum(axis=0)
    adults = known.ages[:, ADULT : OLDEST + 1] / nation[ADULT : OLDEST + 1]
    # Those who have grown up and gone: their area's part of England's children nearest to them in age.
    grown = known.ages[:, 12:ADULT].sum(axis=1) / nation[12:ADULT].sum()
    first_total = min(known.total_years, default=known.year)
    worked: dict[int, np.ndarray] = {}
    factor = np.ones(len(known.codes))
    for year in range(known.year - 1, FIRST_YEAR - 1, -1):
        then = AGES + known.year - year  # how old they were when counted
        gained = (1 + YOUNG_ADULT_GAIN) ** np.clip(np.minimum(then, 35) - np.maximum(AGES, ADULT - 1), 0, None)
        cohorts = nation[then] / gained
        own = np.where(then < ADULT, known.ages[:, np.minimum(then, ADULT)], grown[:, None] * cohorts)
        numbers = np.concatenate([own[:, :ADULT], adults * cohorts[ADULT:]], axis=1)
        if year >= first_total:
            fitted = _fitted(numbers, known.total(year))
            factor = fitted[:, :ADULT].sum(axis=1) / np.maximum(numbers[:, :ADULT].sum(axis=1), 1e-9)
            numbers = fitted
        else:
            numbers[:, :ADULT] *= factor[:, None]  # as far out as in the first year of totals
        worked[year] = numbers
    return worked


# --- the years ahead ----------------------------------------------------------------------------------


def _step_to_known(known: Known, numbers: dict[int, np.ndarray]) -> int:
    """Ages the estimates to the last year whose total is published, adding it to `numbers`, and says which it is."""
    last = max([year for year in known.total_years if year <= known.last_year], default=known.year)
    for year in range(known.year, last):
        ahead = _step(known, numbers[year], _births(known, numbers), np.zeros(len(known.codes)))
        numbers[year + 1] = _fitted(ahead, known.total(year + 1))
    return max(last, known.year)


def _births(known: Known, numbers: Mapping[int, np.ndarray]) -> np.ndarray:
    """(A,) children who will be 0 at each mid-year ahead: an authority's last births, drawn towards its youngest."""
    now = numbers[known.year]
    return _shrunk_births(now, known.births)


def _shrunk_births(now: np.ndarray, births: np.ndarray) -> np.ndarray:
    """(A,) infants of a year, from residents `now` (A, 26) and the births (A,) of the last year, where known."""
    infants = now[:, 0].sum()
    youngest = infants * now[:, :3].sum(axis=1) / now[:, :3].sum()
    if np.isnan(births).all():
        return np.asarray(youngest)
    registered = np.where(np.isnan(births), youngest, births)
    registered = registered * infants / registered.sum()  # infants died, moved, or came
    weight = registered / (registered + BIRTHS_WORTH)
    blended = weight * registered + (1 - weight) * youngest
    return np.asarray(blended * infants / blended.sum())


@dataclass(frozen=True)
class Migration:
    """Net moves of children a year, per child, of A authorities."""

    england: float  # since the totals began
    recent: float  # England's last two years less that
    own: np.ndarray  # (A,) the authority's last two years less England's, drawn towards it

    def after(self, years: int) -> np.ndarray:
        """(A,) in the year that begins `years` after the last known: what was recent fades, what is local stays."""
        rate = self.england + self.recent * LASTING**years + self.own
        return np.asarray(np.clip(rate, -MOST_MOVES, MOST_MOVES))


def _migration(known: Known, numbers: Mapping[int, np.ndarray], origin: int) -> Migration:
    """Net moves up to the year `origin`: what the totals show beyond births, deaths and growing up; else none."""
    years = [year for year in known.total_years if year + 1 in known.total_years and year + 1 <= origin]
    if not years:
        return Migration(0.0, 0.0, np.zeros(len(known.codes)))
    staying = np.stack([_survivors(numbers[year])[:, : ADULT - 1].sum(axis=1) for year in years])
    moved = np.stack([numbers[year + 1][:, 1:ADULT].sum(axis=1) for year in years]) - staying
    always = float(moved.sum() / staying.sum())
    moved, staying = moved[-2:].sum(axis=0), staying[-2:].sum(axis=0)
    england = float(moved.sum() / staying.sum())
    children = staying / len(years[-2:])
    weight = OWN_MIGRATION * children / (children + MOVES_WORTH)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(staying > 0, moved / staying - england, 0.0)
    return Migration(always, england - always, weight * own)


def _survivors(numbers: np.ndarray) -> np.ndarray:
    return np.asarray(numbers * (1 - DEATHS))


def _step(known: Known, numbers: np.ndarray, births: np.ndarray, migration: np.ndarray) -> np.ndarray:
    """(A, 26) a year after `numbers`."""
    shares = known.ages[:, ADULT : OLDEST + 1] / known.ages[:, ADULT : OLDEST + 1].sum(axis=0)
    return _aged(numbers, births, migration, shares)


def _aged(numbers: np.ndarray, births: np.ndarray, migration: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(A, 26) a year after `numbers`, given infants (A,), net moves per child (A,) and shares of adults (A, 8)."""
    alive = _survivors(numbers)
    children = alive[:, : ADULT - 1] * (1 + migration[:, None] * _MOVES[: ADULT - 1])
    nation = alive[:, ADULT - 1 : OLDEST].sum(axis=0) * (1 + YOUNG_ADULT_GAIN)
    return np.concatenate([births[:, None], children, shares * nation], axis=1)


def _published(
    known: Known, table: pd.DataFrame | None, now: np.ndarray, last_known: int, years: np.ndarray
) -> np.ndarray:
    """(A, Y, 26) projections of ONS for the years after `last_known`, anchored to `now` (A, 26); NaN where none are.

    A cohort of children keeps the ratio of its estimate to its projection, an age of adults that of the age; who is
    not born yet has that of the infants.
    """
    found = np.full((len(known.codes), len(years), len(AGES)), np.nan)
    if table is None or table.empty:
        return found
    wide = table.assign(age=table["category"].astype(int), year=table["period"].astype(int)).pivot_table(
        "residents", "area_code", ["year", "age"]
    )
    at = {
        year: wide.reindex(index=list(known.codes), columns=pd.MultiIndex.from_product([[year], AGES])).to_numpy()
        for year in years[years >= last_known]
    }
    base = at[last_known]
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(base > 0, now / base, 1.0)
    ratio = np.where(np.isnan(base), np.nan, ratio)
    for year, projected in at.items():
        born = np.where(AGES < ADULT, np.maximum(AGES - (year - last_known), 0), AGES)
        if year > last_known:
            found[:, np.searchsorted(years, year)] = projected * ratio[:, born]
    whole = ~np.isnan(found[:, years > last_known]).any(axis=(1, 2))
    return np.where(whole[:, None, None], found, np.nan)


# --- how sure it is -----------------------------------------------------------------------------------


def backtest(core: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the method would have said of children aged 0 to 17 in years now known, from each year since 2014.

    Columns: area_code, level (0 authority, 1 region, 2 England), origin, horizon (1 to 5), actual, forecast, constant
    (the number of the origin, unchanged). The ages at the origin are worked back, so the ages have hindsight; the
    totals have none. Empty without estimates by age or without totals.
    """
    known = read(core)
    return pd.DataFrame(columns=_TESTED) if known is None else _backtest(known, _known_years(known)[0])


_TESTED = ["area_code", "level", "origin", "horizon", "actual", "forecast", "constant"]


def _backtest(known: Known, numbers: Mapping[int, np.ndarray]) -> pd.DataFrame:
    parts = []
    for origin in known.total_years[2:]:
        if origin not in numbers or origin > known.year:
            continue
        now = numbers[origin]
        births = _shrunk_births(now, np.full(len(known.codes), np.nan))
        migration = _migration(known, numbers, origin)
        ahead = now
        for horizon in HORIZONS:
            ahead = _step(known, ahead, births, migration.after(horizon - 1))
            if origin + horizon in known.total_years:
                columns = (known.total(origin + horizon), ahead[:, :ADULT].sum(axis=1), known.total(origin))
                summed = [_levels(known, column) for column in columns]
                frame = pd.DataFrame(dict(zip(_TESTED[4:], summed, strict=True)))
                parts.append(frame.assign(**_places(known), origin=origin, horizon=horizon))
    if not parts:
        return pd.DataFrame(columns=_TESTED)
    found = pd.concat(parts, ignore_index=True).dropna()
    return found.loc[found[["actual", "forecast"]].gt(0).all(axis=1), _TESTED].reset_index(drop=True)


def _levels(known: Known, numbers: np.ndarray) -> np.ndarray:
    """Authorities, then regions, then England, along the first axis."""
    of_region = np.stack([numbers[known.region == place].sum(axis=0) for place in range(len(known.regions))])
    return np.concatenate([numbers, of_region, numbers.sum(axis=0, keepdims=True)])


def _places(known: Known) -> dict[str, np.ndarray]:
    codes = [*known.codes, *known.regions, geography.ENGLAND]
    return {"area_code": np.array(codes), "level": np.repeat([0, 1, 2], [len(known.codes), len(known.regions), 1])}


@dataclass(frozen=True)
class Widths:
    """Half widths of the 95 interval, in logs: of all children by level and years from what is known, and of births."""

    children: np.ndarray  # (3, H) authorities, regions, England; H years, 0 first
    births: np.ndarray  # (3, H)
    last_known: int


# Where there are too few totals to test with: what the published totals of 2012 to 2024 gave.
_USUAL = np.array([[0.011, 0.016, 0.050], [0.011, 0.015, 0.047], [0.011, 0.014, 0.041]])
_USUAL_BIRTHS = np.array([[0.0, 0.063, 0.136], [0.0, 0.049, 0.125], [0.0, 0.046, 0.096]])


def _widths(known: Known, numbers: Mapping[int, np.ndarray], last_known: int) -> Widths:
    """The 95th percentile of the back-test's errors at each level, made to grow, and continued in a straight line."""
    reach = np.arange(max(known.last_year - last_known, known.year - FIRST_YEAR) + 1)
    points = np.array([0, 1, 5])
    usual = np.stack([_continued(points, row, reach) for row in _USUAL])
    usual_births = np.stack([_continued(points, row, reach) for row in _USUAL_BIRTHS])
    tested = _backtest(known, numbers)
    # Errors of every horizon at every level, or none of them: England is only tested where all its parts are known.
    if len(tested.drop_duplicates(["level", "horizon"])) < 3 * len(HORIZONS):
        return Widths(usual, usual_births, last_known)
    error = np.abs(np.log(tested["forecast"] / tested["actual"])) / _chance(tested["constant"])
    revised = np.abs(np.log(known.total(known.year) / known.ages[:, :ADULT].sum(axis=1)))
    start = float(np.nanquantile(revised, COVERAGE)) if not np.isnan(revised).all() else usual[0, 0]
    children = _by_horizon(error, tested, reach, start)
    infants = _infants(known, numbers)
    change = np.abs(np.log(infants["actual"] / infants["constant"])) / _chance(infants["constant"] * ADULT)
    return Widths(children, _by_horizon(change, infants, reach, 0.0), last_known)


def _infants(known: Known, numbers: Mapping[int, np.ndarray]) -> pd.DataFrame:
    """Infants of each year beside those of one to five years before, whom holding births constant would give."""
    years = [year for year in sorted(numbers) if year in known.total_years]
    parts = [
        pd.DataFrame(
            {
                **_places(known),
                "horizon": horizon,
                "actual": _levels(known, numbers[year + horizon][:, 0]),
                "constant": _levels(known, numbers[year][:, 0]),
            }
        )
        for horizon in HORIZONS
        for year in years
        if year + horizon in years
    ]
    return pd.concat(parts, ignore_index=True).query("actual > 0 and constant > 0")


def _chance(size: pd.Series | np.ndarray) -> np.ndarray:
    """How much wider than a large area's the interval of one with `size` children is."""
    return np.asarray(np.sqrt(1 + SMALL / np.maximum(np.asarray(size, dtype="float64"), 1.0)))


def _by_horizon(error: pd.Series, tested: pd.DataFrame, reach: np.ndarray, start: float) -> np.ndarray:
    """(3, H) of the absolute errors: the ceil((n + 1) 95 %)-th smallest, or the largest where there are few."""
    found = error.groupby([tested["level"], tested["horizon"]]).apply(_conformal)
    rows = []
    for level in range(3):
        known = np.maximum.accumulate(found[level].reindex(list(HORIZONS)).to_numpy(dtype="float64"))
        rows.append(_continued(np.array([0, *HORIZONS]), np.array([min(start, known[0]), *known]), reach))
    return np.stack(rows)


def _conformal(errors: pd.Series) -> float:
    rank = int(np.ceil((len(errors) + 1) * COVERAGE))
    return float(np.sort(errors.to_numpy(dtype="float64"))[min(rank, len(errors)) - 1])


def _continued(points: np.ndarray, values: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """`values` at `points` read at `reach`, beyond the last point on the line from the second to the last."""
    slope = (values[-1] - values[1]) / (points[-1] - points[1])
    return np.asarray(np.interp(reach, points, values) + np.maximum(reach - points[-1], 0) * slope)


# --- the table ----------------------------------------------------------------------------------------

_TYPES = {
    "area_code": "str", "year": "int64", "age": "int64", "central": "float64", "lower_95": "float64",
    "upper_95": "float64", "basis": "str",
}  # fmt: skip


def _table(known: Known, grid: np.ndarray, years: np.ndarray, basis: np.ndarray, widths: Widths) -> pd.DataFrame:
    """Rows of `grid` (A, Y, 26) with its regions and England, and intervals."""
    central = _levels(known, grid)
    place = _places(known)
    half = _half(central, years, place["level"], widths, known.year)
    of_region = [_common(basis[known.region == region]) for region in range(len(known.regions))]
    of_all = np.concatenate([basis, np.stack(of_region), _common(basis)[None]])
    shape = central.shape
    table = pd.DataFrame(
        {
            "area_code": np.repeat(place["area_code"], shape[1] * shape[2]),
            "year": np.tile(np.repeat(years, shape[2]), shape[0]),
            "age": np.tile(AGES, shape[0] * shape[1]),
            "central": central.ravel(),
            "lower_95": (central * np.exp(-half)).ravel(),
            "upper_95": (central * np.exp(half)).ravel(),
            "basis": np.repeat(of_all.ravel(), shape[2]),
        }
    )
    return _typed(table.sort_values(["area_code", "year", "age"], kind="stable"))


def _common(basis: np.ndarray) -> np.ndarray:
    """(Y,) the basis of the parts' sum: published only where every part is."""
    return np.where(
        (basis == "published").all(axis=0), "published", np.where(basis[0] == "published", "cohort", basis[0])
    )


def _half(central: np.ndarray, years: np.ndarray, level: np.ndarray, widths: Widths, counted: int) -> np.ndarray:
    """Half widths in logs, as `central` (areas, Y, 26): wider by the year, and for those not born yet.

    Children worked back are held by their published total, so that they are as sure as a third of the years ahead.
    """
    back, ahead = np.maximum(counted - years, 0), np.maximum(years - widths.last_known, 0)
    away = np.where(AGES < ADULT, (-(-back // 3))[:, None], back[:, None]) + ahead[:, None]
    size = _chance(central[:, :, :ADULT].sum(axis=2))
    half = widths.children[level][:, away] * size[:, :, None] * np.where(AGES < ADULT, ONE_AGE, YOUNG_ADULT)
    unborn = np.maximum(years[:, None] - widths.last_known - AGES, 0)
    births = widths.births[level][:, unborn] * _chance(central[:, :, 0] * ADULT)[:, :, None]
    return np.asarray(np.sqrt(half**2 + births**2))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    return table[list(_TYPES)].astype(_TYPES).reset_index(drop=True)
