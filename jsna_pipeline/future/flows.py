"""Plans that join and plans that end: published flows of each authority, and the flows that a forecast implies.

Here: the rate at which plans end, shrunk to England's; the last year's new plans; and the identity

    plans of next January = plans of this January x (1 - ceasing) + joiners

which splits each simulated path into joiners and leavers. Not here: what a scenario makes of them (`scenarios.py`).

Plans that pass to another authority are counted neither as ended nor as new: in England as a whole they are the same
plans. What moves into an authority beyond what moves out is therefore among its joiners (England's own net movement was
between -0.8 and 0.6 % of plans in 2022 to 2024, an authority's middle half between -1.9 and 1.4 %).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.geography import ENGLAND
from jsna_pipeline.vocabulary import TOTAL

CEASED, CASELOAD, NEW = "dfe__sen2_ceased_plans", "dfe__sen2_caseload", "dfe__sen2_new_plans"
# An authority's own rates of two years are hardly alike: in 145 authorities, 2022 to 2024, the variance between years
# was 9.2 times that between authorities. Its own rate therefore weighs n years against 9 of England's.
PSEUDO_YEARS = 9.0
_TAILS = (10, 90)  # authorities, percent, that bound the usual rates
# England's rate of 2022 to 2024, and those tails, as published in June 2025: used where ended plans are not at hand.
ENGLAND_RATE, USUAL_RATES = 0.0539, (0.032, 0.074)


@dataclass(frozen=True)
class Ceasing:
    """Plans that end in a year as a share of those held in the January before, without those passed on."""

    rate: np.ndarray  # (A,) shrunk to England's; never missing
    own_years: np.ndarray  # (A,) calendar years of its own that it rests on; 0 where it is England's
    england: float
    usual: tuple[float, float]  # the tenth and the ninetieth of a hundred authorities, unshrunk, all years together
    # (A, SETTINGS) shares: where new plans are placed, and where those learn whose plans end; None where not known.
    joining_mix: np.ndarray | None = None
    leaving_mix: np.ndarray | None = None


def ceasing_rates(core: Mapping[str, pd.DataFrame], areas: Sequence[str]) -> Ceasing:
    """Rates of `areas` (codes of today) from every calendar year in which ended plans and the caseload are published.

    rate = (ended + 9 x England's rate x mean caseload) / (caseload + 9 x mean caseload), sums over the area's years.
    Without tables of ended plans and the caseload, every area has ENGLAND_RATE.
    """
    if CEASED not in core or CASELOAD not in core:
        rate, none = np.full(len(areas), ENGLAND_RATE), np.zeros(len(areas), dtype=int)
        return Ceasing(rate, none, ENGLAND_RATE, USUAL_RATES)
    ended = _table(core[CEASED], lambda rows: rows["ceased"] - rows["transferred"])
    held = _table(core[CASELOAD], lambda rows: rows["ehc_plans"])
    held.columns = held.columns + 1  # the January of a school year lies in its second year
    years = ended.columns.intersection(held.columns)
    index = ended.index.union(held.index).union(pd.Index(list(areas)))
    left, plans = (frame.reindex(index=index, columns=years).astype(float) for frame in (ended, held))
    known = left.notna() & plans.gt(0)
    left, plans = left.where(known), plans.where(known)
    england = float(left.loc[ENGLAND].sum() / plans.loc[ENGLAND].sum())
    count = known.sum(axis=1)
    total, mean = plans.sum(axis=1), plans.mean(axis=1)
    shrunk = (left.sum(axis=1) + PSEUDO_YEARS * england * mean) / (total + PSEUDO_YEARS * mean)
    raw = (left.sum(axis=1) / total.where(total > 0)).reindex(list(areas)).dropna()
    low, high = np.percentile(raw, _TAILS) if len(raw) else (england, england)
    return Ceasing(
        rate=shrunk.fillna(england).clip(0, 1).reindex(list(areas)).to_numpy(float),
        own_years=count.reindex(list(areas)).to_numpy(int),
        england=england,
        usual=(float(low), float(high)),
    )


def new_plans_now(core: Mapping[str, pd.DataFrame], areas: Sequence[str]) -> np.ndarray:
    """(A,) new plans of the newest calendar year that is published; NaN where the area's are not."""
    if NEW not in core:
        return np.full(len(areas), np.nan)
    table = _table(core[NEW], lambda rows: rows["new_plans"])
    return np.asarray(table[table.columns.max()].reindex(list(areas)), dtype=float)


def _table(rows: pd.DataFrame, value: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """Totals by area code and first calendar year of the period."""
    rows = rows[rows["dimension"].eq(TOTAL)]
    year = rows["period"].str[:4].astype(int)
    return value(rows).set_axis(pd.MultiIndex.from_arrays([rows["area_code"], year])).unstack()  # noqa: PD010


@dataclass(frozen=True)
class Flows:
    """The yearly flows of simulated paths: `path` (A, D, H + 1) from the base, `joiners` and `leaving` (A, D, H).

    next = path x (1 - leaving) + joiners holds exactly. Where a path falls by more than the ceasing rate, there are no
    joiners and `leaving` is what the fall asks for.
    """

    path: np.ndarray
    joiners: np.ndarray
    leaving: np.ndarray
    joining_mix: np.ndarray | None = None  # as in `Ceasing`
    leaving_mix: np.ndarray | None = None

    @property
    def clipped(self) -> np.ndarray:
        """(A,) share of simulated years without joiners, because plans fall faster than they usually end."""
        known = np.isfinite(self.joiners)
        none = (known & (self.joiners <= 0)).sum(axis=(1, 2))
        return np.asarray(none / np.maximum(known.sum(axis=(1, 2)), 1))


def implied_flows(forecast: Forecast, ceasing: Ceasing) -> Flows:
    """The flows that `forecast` implies at the rates `ceasing`; NaN where the forecast is."""
    areas, draws, _ = forecast.draws.shape
    start = np.broadcast_to(forecast.base[:, None, None], (areas, draws, 1))
    path = np.concatenate([start, forecast.draws], axis=2)
    now, then = path[..., :-1], path[..., 1:]
    usual = ceasing.rate[:, None, None]
    joiners = np.maximum(then - now * (1 - usual), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = np.where(now > 0, 1 - then / now, 0.0)
    leaving = np.where(joiners > 0, usual, np.fmax(fall, usual))
    return Flows(path, joiners, leaving, ceasing.joining_mix, ceasing.leaving_mix)


def chosen(forecast: Forecast, ceasing: Ceasing, members: Sequence[int]) -> tuple[Forecast, Ceasing]:
    """The forecast and the rates of some of their areas, by position."""
    at = np.asarray(members, dtype=int)
    some = Forecast(
        areas=tuple(forecast.areas[one] for one in at),
        base=forecast.base[at],
        base_year=forecast.base_year,
        years=forecast.years,
        draws=forecast.draws[at],
        model=forecast.model[at],
        status=forecast.status[at],
        reason=forecast.reason[at],
    )
    return some, replace(
        ceasing,
        rate=ceasing.rate[at],
        own_years=ceasing.own_years[at],
        joining_mix=None if ceasing.joining_mix is None else ceasing.joining_mix[at],
        leaving_mix=None if ceasing.leaving_mix is None else ceasing.leaving_mix[at],
    )


def national_growth(forecast: Forecast) -> np.ndarray:
    """(H,) yearly growth of all plans together, as a ratio, from the middles of the authorities."""
    return growth_of(np.concatenate([forecast.base[:, None], np.median(forecast.draws, axis=1)], axis=1))


def growth_of(middle: np.ndarray) -> np.ndarray:
    """(H,) ratio from year to year of the sums of `middle` (A, H + 1), of authorities known at both ends."""
    both = np.isfinite(middle[:, :-1]) & np.isfinite(middle[:, 1:])
    before = np.where(both, middle[:, :-1], 0.0).sum(axis=0)
    after = np.where(both, middle[:, 1:], 0.0).sum(axis=0)
    return np.asarray(np.divide(after, before, out=np.ones_like(after), where=before > 0))
