"""Pupils with SEN support in the coming Januaries: a published share, moved ahead, of pupils moved ahead.

Here: the share's trend with its back-test, the pupils, and the rows of Projections. Not here: EHC plans
(`forecast.py`) or residents (`population.py`).

The share is the percentage of the Local Authority Interactive Tool, as printed to one decimal: of all pupils, of
pupils in primary and of pupils in secondary schools. The counts of pupils are the newest that are landed, by year
group (School pupils and their characteristics, state-funded schools; January 2022 in the edition of 2025); they
follow the residents of the same ages since and ahead. So a count here is what the share means for state-funded
schools: independent schools, about one pupil in fourteen, are not in it, and sixth forms count with secondary
schools, nursery classes in the total alone.

Three methods compete in a rolling back-test on ten years of shares: the last value; the authority's own trend of two
years, damped; and that trend shrunk to England's. The one with the least pooled error over one to five years serves
all authorities of a dimension. Intervals hold the chosen method's pooled errors and those of pupils: how far the
ratio of pupils to residents strayed over as many years in 2016 to 2022.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from jsna_pipeline import geography
from jsna_pipeline.future.composition_counts import january_label
from jsna_pipeline.future.simulated import NUMBERS, added, banded
from jsna_pipeline.future.tables import DRAWS, HORIZONS, Measure, Standing
from jsna_pipeline.vocabulary import TOTAL, AreaLevel

FIRST_JANUARY = 2016  # of the shares
FEWEST_JANUARIES, TINY = 3, 100
FEWEST_TO_TEST = 4  # Januaries of shares: two before an origin, the origin and one after it
SHORT_WIDENING = 1.5  # of log errors, where the authority's own history is short
DAMPING, OWN_WEIGHT = 0.8, 0.25
# Of the log ratio of pupils to residents, where the files hold too few years to say: what they show for 2016 to 2022.
PUPIL_ERROR = 0.02
_COMMON_SALT, _SALT = zlib.crc32(b"sen_support of the nation"), zlib.crc32(b"sen_support")

_GRID = (np.arange(199) + 1) / 200
_PRIMARY = ("Reception", *(f"Year {year}" for year in range(1, 7)))
_SECONDARY = tuple(f"Year {year}" for year in range(7, 15))
_YOUNGER = ("Early 1", "Early 2", "Nursery 1", "Nursery 2", "Not followed")


@dataclass(frozen=True)
class _Part:
    """One row of shares: its measure in the tool, the year groups and the ages of residents that it goes with."""

    dimension: str
    category: str
    measure: str
    year_groups: tuple[str, ...]
    age_from: int
    age_to: int


PARTS = (
    _Part(TOTAL, TOTAL, "SEN_TotSENSuP", (*_YOUNGER, *_PRIMARY, *_SECONDARY), 3, 17),
    _Part("phase", "primary", "PrimNoStatements", _PRIMARY, 4, 10),
    _Part("phase", "secondary", "SecNoStatements", _SECONDARY, 11, 17),
)


# --- shares ---------------------------------------------------------------------------------------------


def newest_january(lait: pd.DataFrame) -> int | None:
    """The last January of which the shares of all parts are published; None where too few Januaries are, of any."""
    shares = lait[lait["measure"].isin([part.measure for part in PARTS])]  # a few of a million rows
    known = shares[shares["area_code"].isin(_areas()) & shares["value"].gt(0)]
    labels = [known.loc[known["measure"].eq(part.measure), "period"] for part in PARTS]
    if min(series.nunique() for series in labels) < FEWEST_TO_TEST:
        return None
    return min(int(series.max()[:4]) + 1 for series in labels)


def _shares(lait: pd.DataFrame, measure: str, areas: tuple[str, ...], january: int) -> np.ndarray:
    """(areas, years) percent from FIRST_JANUARY to `january`; NaN where not published."""
    labels = [january_label(year) for year in range(FIRST_JANUARY, january + 1)]
    rows = lait[lait["measure"].eq(measure) & lait["period"].isin(labels) & lait["area_code"].isin(areas)]
    wide = rows.pivot_table(index="area_code", columns="period", values="value").reindex(index=areas, columns=labels)
    values = wide.to_numpy(float)
    return np.where(values > 0, values, np.nan)


def _growth(logs: np.ndarray) -> np.ndarray:
    """(areas,) yearly growth of the log share over the last two years, or one; NaN where neither is known."""
    two, one = (logs[:, -1] - logs[:, -3]) / 2, logs[:, -1] - logs[:, -2]
    return np.where(np.isnan(two), one, two)


def _last_value(logs: np.ndarray, horizon: int) -> np.ndarray:
    return logs[:, -1]


def _damped_trend(logs: np.ndarray, horizon: int) -> np.ndarray:
    faded = (DAMPING ** np.arange(1, horizon + 1)).sum()
    return logs[:, -1] + faded * np.nan_to_num(_growth(logs))


def _shrunk_trend(logs: np.ndarray, horizon: int) -> np.ndarray:
    growth = _growth(logs)
    nation = np.nanmedian(growth) if (~np.isnan(growth)).any() else 0.0
    return logs[:, -1] + horizon * (nation + OWN_WEIGHT * np.nan_to_num(growth - nation))


METHODS: Mapping[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "last_value": _last_value,
    "damped_trend": _damped_trend,
    "trend_shrunk_to_england": _shrunk_trend,
}


def _errors(logs: np.ndarray, method: str) -> dict[int, np.ndarray]:
    """Horizon -> (origins, areas) log errors of every origin with two years before it; NaN where unknown.

    A horizon that the years held do not reach is left out.
    """
    years = logs.shape[1]
    found = {}
    for horizon in HORIZONS:
        origins = range(2, years - horizon)
        errors = np.stack([METHODS[method](logs[:, : end + 1], horizon) - logs[:, end + horizon] for end in origins])
        if (~np.isnan(errors)).any():
            found[horizon] = errors[(~np.isnan(errors)).any(axis=1)]
    return found


def backtest(core: Mapping[str, pd.DataFrame], january: int) -> pd.DataFrame:
    """Error of each method on real shares: dimension, category, method, horizon, forecasts, mape (percent of share).

    Every January from 2018 to that before `january` is an origin; only what lies before it is used.
    """
    areas = _areas()
    rows = []
    for part in PARTS:
        logs = np.log(_shares(core["dfe__lait"], part.measure, areas, january))
        for method in METHODS:
            for horizon, errors in _errors(logs, method).items():
                known = errors[~np.isnan(errors)]
                mape = 100 * float(np.abs(np.expm1(known)).mean())
                rows.append((part.dimension, part.category, method, horizon, len(known), mape))
    return pd.DataFrame(rows, columns=["dimension", "category", "method", "horizon", "forecasts", "mape"])


def chosen_methods(scores: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(dimension, category) -> the method with the least mean error over the horizons of `backtest`."""
    mean = scores.groupby(["dimension", "category", "method"])["mape"].mean().reset_index()
    best = mean.loc[mean.groupby(["dimension", "category"])["mape"].idxmin()]
    return {(row.dimension, row.category): row.method for row in best.itertuples()}


# --- pupils ---------------------------------------------------------------------------------------------


def _areas() -> tuple[str, ...]:
    return tuple(sorted(geography.local_authorities()["area_code"]))


def _residents(residents: pd.DataFrame, part: _Part, areas: tuple[str, ...]) -> pd.DataFrame:
    """Area x January of residents of the ages of `part`, at the mid-year before it."""
    aged = residents[residents["age"].between(part.age_from, part.age_to)]
    wide = aged.pivot_table(index="area_code", columns="year", values="central", aggfunc="sum")
    wide.columns = wide.columns + 1
    return wide.reindex(areas)


def _pupils(counts: pd.DataFrame, part: _Part, people: pd.DataFrame, areas: tuple[str, ...]) -> pd.DataFrame:
    """Area x January of pupils, to the newest counted; there those of a predecessor are shared out by residents."""
    local = counts["area_level"].eq(AreaLevel.LOCAL_AUTHORITY) & counts["characteristic"].isin(part.year_groups)
    # Each year group stands twice, by eligibility for free meals, with the count of all its pupils.
    groups = counts[local].groupby(["area_code", "period", "characteristic"])["all_pupils"].max()
    wide = groups.reset_index().pivot_table(index="area_code", columns="period", values="all_pupils", aggfunc="sum")
    wide.columns = [int(label[:4]) + 1 for label in wide.columns]
    newest = wide.columns.max()
    for code in wide.index.difference(areas):
        heirs = [area.code for area in geography.successors(code) if area.code not in wide.index]
        if heirs:
            share = people.loc[heirs, newest] / people.loc[heirs, newest].sum()
            for heir in heirs:
                wide.loc[heir, newest] = wide.loc[code, newest] * share[heir]
    return wide.reindex(areas)


def _pupil_errors(pupils: pd.DataFrame, people: pd.DataFrame) -> Callable[[int], np.ndarray]:
    """Years apart -> sorted absolute log errors of pupils that follow residents; longer lags grow with the root.

    PUPIL_ERROR, normally spread, where no two Januaries of pupils are held.
    """
    years = [year for year in pupils.columns if year in people.columns]
    ratio = np.log(pupils[years] / people[years])
    longest = max((late - early for early in years for late in years), default=0)

    def pool(lag: int) -> np.ndarray:
        held = min(lag, longest)
        if held < 1:
            return np.asarray(PUPIL_ERROR * np.sqrt(lag) * ndtri((_GRID + 1) / 2))
        spans = [ratio[late] - ratio[late - held] for late in years if late - held in years]
        errors = np.abs(np.concatenate([span.to_numpy() for span in spans]))
        return np.asarray(np.sort(errors[~np.isnan(errors)]) * np.sqrt(lag / held))

    return pool


# --- futures --------------------------------------------------------------------------------------------


def _normals(areas: tuple[str, ...], common: float, draws: int) -> np.ndarray:
    """(A, D, H) standard normals for share errors: paths over the years; `common` of the variance is England's."""
    steps = np.sqrt(np.arange(1, len(HORIZONS) + 1))
    nation = np.random.default_rng(_COMMON_SALT).standard_normal((draws, len(HORIZONS))).cumsum(axis=1) / steps
    own = np.stack([_rng(code).standard_normal((draws, len(HORIZONS))).cumsum(axis=1) / steps for code in areas])
    return np.sqrt(common) * nation + np.sqrt(1 - common) * own


def _rng(code: str) -> np.random.Generator:
    return np.random.default_rng([zlib.crc32(code.encode()), _SALT])


def _drawn(normals: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """Signed errors: the quantile of the sorted absolute errors `pool` at the probability of |normal|, its sign."""
    at = (np.arange(len(pool)) + 1) / (len(pool) + 1)
    return np.sign(normals) * np.interp(2 * ndtr(np.abs(normals)) - 1, at, pool)


def _common_part(errors: np.ndarray) -> float:
    """Share of the error's mean square that all authorities of an origin have alike."""
    alike, total = np.nanmean(np.nanmean(errors, axis=1) ** 2), np.nanmean(errors**2)
    return float(np.clip(alike / total, 0.0, 0.9)) if total > 0 else 0.0


def _draws(
    logs: np.ndarray,
    errors: Mapping[int, np.ndarray],
    method: str,
    pupils: np.ndarray,
    pool: Callable[[int], np.ndarray],
    areas: tuple[str, ...],
) -> np.ndarray:
    """(A, D, H) pupils with SEN support from log shares (A, years) and expected pupils (A, H).

    `pool` gives the errors of pupils so many years after the last share. A horizon without errors of shares takes
    those of the last that has them, grown with the root.
    """
    short = (~np.isnan(logs)).sum(axis=1) < FEWEST_JANUARIES
    normals = _normals(areas, _common_part(errors[min(errors)]), DRAWS)
    rolls = np.stack([_rng(code + " pupils").standard_normal(DRAWS) for code in areas])
    made = np.empty((len(areas), DRAWS, len(HORIZONS)))
    for at, horizon in enumerate(HORIZONS):
        held = max(known for known in errors if known <= max(horizon, min(errors)))
        of_share = np.sort(np.abs(errors[held][~np.isnan(errors[held])])) * np.sqrt(horizon / held)
        strayed = _drawn(normals[:, :, at], of_share) + _drawn(rolls, pool(horizon))
        strayed *= np.where(short, SHORT_WIDENING, 1.0)[:, None]
        middle = np.exp(METHODS[method](logs, horizon)) / 100 * pupils[:, at]
        made[:, :, at] = np.minimum(middle[:, None] * np.exp(strayed), pupils[:, at, None])
    return made


# --- rows -----------------------------------------------------------------------------------------------


def enough_is_known(core: Mapping[str, pd.DataFrame], residents: pd.DataFrame) -> bool:
    """Whether shares were published often enough, and residents reach as far, for `sen_support`."""
    january = newest_january(core["dfe__lait"])
    if january is None:
        return False
    counted = core["dfe__pupils_by_year_group"]["period"].str[:4].astype(int)
    asked = {int(counted.max()), january - 1, *(january - 1 + horizon for horizon in HORIZONS)}
    return asked <= set(residents["year"])


def sen_support(core: Mapping[str, pd.DataFrame], residents: pd.DataFrame) -> pd.DataFrame:
    """Rows of Projections (without `edition`) of measure sen_support: authorities, regions, England; five Januaries.

    `core` holds dfe__lait and dfe__pupils_by_year_group, `residents` are rows of FuturePopulation: for the mid-year
    before the last share and the five after it, for that before the newest count of pupils and, to know the error of
    pupils, for those before earlier counts. An authority without a newest share, or without pupils, has no row.
    Raises ValueError or KeyError where not `enough_is_known`.
    """
    january = newest_january(core["dfe__lait"])
    if january is None:
        raise ValueError("too few shares to test any method on")
    methods = chosen_methods(backtest(core, january))
    return pd.concat([_part_rows(core, residents, part, methods, january) for part in PARTS], ignore_index=True)


def _part_rows(
    core: Mapping[str, pd.DataFrame],
    residents: pd.DataFrame,
    part: _Part,
    methods: Mapping[tuple[str, str], str],
    january: int,
) -> pd.DataFrame:
    areas, method = _areas(), methods[part.dimension, part.category]
    logs = np.log(_shares(core["dfe__lait"], part.measure, areas, january))
    people = _residents(residents, part, areas)
    pupils = _pupils(core["dfe__pupils_by_year_group"], part, people, areas)
    ahead_years = [january + horizon for horizon in HORIZONS]
    newest = int(pupils.columns.max())
    ahead = people[[january, *ahead_years]].div(people[newest], axis=0).mul(pupils[newest], axis=0).to_numpy()
    base = np.exp(logs[:, -1]) / 100 * ahead[:, 0]
    held = ~np.isnan(base)
    strayed = _pupil_errors(pupils, people)
    draws = _draws(
        logs[held],
        _errors(logs, method),
        method,
        ahead[held, 1:],
        lambda horizon: strayed(january + horizon - newest),
        codes := tuple(np.asarray(areas)[held]),
    )
    years = (~np.isnan(logs[held])).sum(axis=1)
    own = _authority_rows(codes, draws, base[held], years, ahead_years)
    table = pd.concat([own, _larger_rows(codes, draws, base[held], ahead_years)], ignore_index=True)
    return table.assign(
        measure=Measure.SEN_SUPPORT.value,
        dimension=part.dimension,
        category=part.category,
        model=method,
        base_year=january,
    )


def _keyed(codes: tuple[str, ...], draws: np.ndarray, base: np.ndarray, years: list[int]) -> pd.DataFrame:
    keys = pd.MultiIndex.from_product([codes, years], names=["area_code", "year"]).to_frame(index=False)
    keys = keys.assign(base=np.repeat(base, len(years)), status=Standing.OK.value, reason="")
    return banded(keys, np.moveaxis(draws, 1, 2).reshape(len(keys), -1))


def _authority_rows(
    codes: tuple[str, ...], draws: np.ndarray, base: np.ndarray, known: np.ndarray, years: list[int]
) -> pd.DataFrame:
    """`known` counts the shares of each authority; `years` are the Januaries ahead."""
    table = _keyed(codes, draws, base, years)
    short = np.repeat(known < FEWEST_JANUARIES, len(HORIZONS))
    tiny = np.repeat(base < TINY, len(HORIZONS))
    later = tiny & table["year"].gt(years[0])
    few = f"Fewer than {TINY} pupils have SEN support here: their number can change a great deal from year to year."
    table["status"] = table["status"].mask(short | tiny, Standing.WIDENED.value).mask(later, Standing.WITHHELD.value)
    table["reason"] = (
        table["reason"]
        .mask(short, "The authority is new: fewer than three yearly shares exist, and its pupils are estimated.")
        .mask(tiny, few)
        .mask(later, few + " Later years are not given.")
    )
    table.loc[later, list(NUMBERS)] = np.nan
    return table


def _larger_rows(codes: tuple[str, ...], draws: np.ndarray, base: np.ndarray, years: list[int]) -> pd.DataFrame:
    """Regions and England, summed within each future."""
    region = geography.local_authorities().set_index("area_code")["region_code"].reindex(list(codes)).to_numpy()
    groups = {code: np.flatnonzero(region == code) for code in sorted(set(region))}
    groups[geography.ENGLAND] = np.arange(len(codes))
    sums = np.array([base[members].sum() for members in groups.values()])
    return _keyed(tuple(groups), added(draws, list(groups.values())), sums, years)
