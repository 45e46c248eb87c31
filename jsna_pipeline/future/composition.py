"""Plans by age band, first need and setting in each simulated future of the total.

Here: the joint mix of the last January from its published margins, its way ahead (cohorts grow older, plans cease,
new plans begin, settings drift), and the split of simulated totals by it. Not here: the totals (`forecast.py`), the
reading of published columns (`composition_counts.py`), or records of persons (`transitions.py`).

The total is always the forecast's: parts add up to it in every future. Within a future:

* the plans of the last January grow a year older each year, less those that cease by age; what is missing to the
  total are new plans, with the ages of the area's new plans and needs between those of its new plans and of plans
  held at that age. So a future of fast growth is a younger one;
* setting depends on age band and need, as in the last January, with England's drift of 2023 to 2025, which fades. An
  authority's own drift is left out: at every weight tried it raised the error (2025 from 2023 and 2024);
* shares of ages, needs and settings wander: the log of each part of n plans has in one year the variance
  k / (n + 10), as the parts of a Dirichlet with that many plans to the unit have, and keeps the part `memory` of its
  place from year to year. k and the memory of settings come from the real changes of 2023 to 2024 to 2025, k of ages
  from 2024 to 2025. A Dirichlet redrawn each year has the same k, but its rare parts all but die out in five years,
  which real ones do not. Needs are published once only: theirs is the k of settings, an assumption.

Settings before 2023 were collected in another way and are not used.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.future import composition_counts as counts
from jsna_pipeline.future.composition_counts import AGES, BAND_OF_AGE, FLOW_AGES, YEARS_OF_AGE, january_label
from jsna_pipeline.future.simulated import NUMBERS, Forecast, banded
from jsna_pipeline.future.tables import AGE_BANDS, NEEDS, SETTINGS, Measure, Standing

CELLS = len(AGE_BANDS) * len(NEEDS)
UNKNOWN_SETTING = SETTINGS.index("not_recorded")
PHASES = {"early_years": (0,), "primary": (1,), "secondary": (2,), "post_16": (3, 4)}  # positions in AGE_BANDS
TOLERANCE, ROUNDS = 0.01, 400  # plans; of the proportional fitting
JOINERS_PRIOR, NEEDS_PRIOR, CEASED_PRIOR = 100.0, 50.0, 200.0  # plans of England's pattern added to an area's own
NEW_NEEDS_WEIGHT = 0.5  # of the needs of new plans against those held at that age: judgement, needs exist once
SMALL_PART = 10.0  # plans; below it a part's share wanders no more widely
DRIFT_KEPT = 0.75  # of England's last yearly drift in the next year, and of each year's in the year after it
FEW_UNKNOWN, MANY_UNKNOWN = 0.1, 0.5  # of plans whose setting is not recorded
Margins = Mapping[str, tuple[np.ndarray, int | tuple[int, ...]]]  # name -> margin, axes summed over

_CHUNK = 12  # authorities held in memory at once
_SALT = zlib.crc32(b"composition")  # so that parts do not repeat the random numbers of the totals

_FLOW_OF_AGE = np.minimum(np.arange(len(AGES)), len(FLOW_AGES) - 1)
_JOIN_GROUP = np.digitize(YEARS_OF_AGE, [4, 5, 6, 11, 16])
_LEAVE_GROUP = np.digitize(YEARS_OF_AGE, [16, 20])
_FLOW_LEAVE = _LEAVE_GROUP[: len(FLOW_AGES)]
_AGE_AT_START = _JOIN_GROUP[: len(FLOW_AGES)]
# Ages of the table of needs of new plans are those of the January before: by them 17,222 were 3 in 2024, and 17,941
# more plans were held at 4 in January 2025 than at 3 the year before. So they join a year older than it says.
_A_YEAR_ON = np.append(np.arange(1, len(FLOW_AGES)), len(FLOW_AGES) - 1)
_ADULT = YEARS_OF_AGE >= 16
_BANDS = np.eye(len(AGE_BANDS))[BAND_OF_AGE]  # (ages, bands)


@dataclass(frozen=True)
class Composition:
    """The mix of A authorities in January `base_year` and how it moves."""

    areas: tuple[str, ...]
    base_year: int
    joint: np.ndarray  # (A, AGES, NEEDS, SETTINGS) plans
    kept: np.ndarray  # (A, AGES) share of plans that last to the next January
    joiners: np.ndarray  # (A, AGES, NEEDS) mix of new plans in their first January; sums to 1
    setting_given: np.ndarray  # (A, AGE_BANDS x NEEDS, SETTINGS) shares
    drift: np.ndarray  # (SETTINGS,) yearly change of the log share in England
    age_spread: float  # plans: k of the variance k / (n + 10) of the log share of a part of n plans
    setting_spread: float  # of needs too
    memory: float  # of the place of a share, from January to January
    unknown_setting: np.ndarray  # (A,) share of plans without a recorded setting
    gaps: Mapping[str, float]  # largest difference of the fitted from each printed margin, in plans

    def position(self, area_code: str) -> int:
        return self.areas.index(area_code)

    def banded(self, area_code: str) -> np.ndarray:
        """(AGE_BANDS, NEEDS, SETTINGS) plans of one authority in the January of `base_year`."""
        return np.asarray(np.einsum("ans,ab->bns", self.joint[self.position(area_code)], _BANDS))

    def settings_known(self, areas: Sequence[str]) -> np.ndarray:
        """(areas,) whether the setting of most plans was recorded: else places and cost would be guesses."""
        return np.asarray(self.unknown_setting[[self.position(code) for code in areas]] < MANY_UNKNOWN)


def flow_mixes(
    comp: Composition, core: Mapping[str, pd.DataFrame], areas: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """(areas, SETTINGS) shares of new plans of the last calendar year, and of plans that end, by setting.

    New plans as published, drawn to England's; plans that end as those of each age that usually do: most are over 16.
    """
    begun = counts.new_plan_settings(core["dfe__sen2_new_plans"], areas, comp.base_year - 1)
    begun = begun + JOINERS_PRIOR * _shares(begun.sum(axis=0))
    at = [comp.position(code) for code in areas]
    ending = np.einsum("aens,ae->as", comp.joint[at], 1 - comp.kept[at])
    return _shares(begun), _shares(ending)


# --- the last January -----------------------------------------------------------------------------------


def fit(core: Mapping[str, pd.DataFrame], year: int) -> Composition:
    """The composition of every authority of today, from the core tables of the SEN2 release of `year`.

    Reads dfe__sen2_caseload, dfe__sen2_primary_needs, dfe__sen2_new_plans, dfe__sen2_new_plan_needs and
    dfe__sen2_ceased_plans. Raises KeyError where one is missing.
    """
    areas = tuple(sorted(geography.local_authorities()["area_code"]))
    joint, gaps = _joint(core, areas, year)
    before = counts.ages(core["dfe__sen2_caseload"], areas, january_label(year - 1))
    now = counts.ages(core["dfe__sen2_caseload"], areas, january_label(year))
    kept, joining = _flows(core, areas, year, before, now, np.ones(len(areas), bool), year - 1)
    shares, plans, usable = _known_shares(core, areas, year)
    drift = _drift(shares, usable)
    spread, memory = _setting_spread(shares, plans, usable, drift)
    settings = joint.sum(axis=(1, 2))
    return Composition(
        areas=areas,
        base_year=year,
        joint=joint,
        kept=kept,
        joiners=_with_needs(core, areas, year, joining, joint),
        setting_given=_given(joint),
        drift=drift,
        age_spread=_age_spread(before, now, kept, joining),
        setting_spread=spread,
        memory=memory,
        unknown_setting=settings[:, UNKNOWN_SETTING] / np.maximum(settings.sum(axis=1), 1),
        gaps=gaps,
    )


def _joint(core: Mapping[str, pd.DataFrame], areas: Sequence[str], year: int) -> tuple[np.ndarray, dict[str, float]]:
    """(A, AGES, NEEDS, SETTINGS) from the margins, and how far it misses each of them.

    Each authority starts from England's fitted cells, England from equal ones: a combination that an authority's
    margins leave open takes England's pattern and is never barred.
    """
    caseload, needs, period = core["dfe__sen2_caseload"], core["dfe__sen2_primary_needs"], january_label(year)
    margins: Margins = {
        "age_by_need": (counts.age_by_need(needs, areas, period), 3),
        "need_by_setting": (counts.need_by_setting(needs, areas, period), 1),
        "age_by_setting": (counts.age_by_setting(caseload, areas, period), 2),
        "needs": (counts.need_totals(needs, areas, period), (1, 3)),
        "ages": (counts.ages(caseload, areas, period), (2, 3)),
    }
    complete = np.all([~np.isnan(margin).reshape(len(areas), -1).any(axis=1) for margin, _ in margins.values()], axis=0)
    national: Margins = {
        name: (margin[complete].sum(axis=0, keepdims=True), over) for name, (margin, over) in margins.items()
    }
    shape = (1, len(AGES), len(NEEDS), len(SETTINGS))
    england = fitted(np.ones(shape), national)
    # A cell that is empty in all of England may still be needed to meet the margins of an authority left out of it.
    joint = fitted(np.repeat(np.maximum(england, 1e-6), len(areas), axis=0), margins)
    gaps = {name: float(np.nanmax(np.abs(joint.sum(axis=over) - margin))) for name, (margin, over) in margins.items()}
    return joint, gaps


def fitted(seed: np.ndarray, margins: Margins, rounds: int = ROUNDS) -> np.ndarray:
    """`seed` (A, ...) raked to `margins`: name -> (margin, axes summed over); an area whose margin is NaN skips it.

    Iterative proportional fitting, all areas at once, until every margin is met to TOLERANCE plans. A margin of 0
    empties its cells.
    """
    cells = seed.copy()
    for _ in range(rounds):
        worst = 0.0
        for margin, over in margins.values():
            made = cells.sum(axis=over, keepdims=True)
            wanted = margin.reshape(made.shape)
            worst = max(worst, float(np.nanmax(np.abs(made - wanted), initial=0.0)))
            cells *= np.where(np.isnan(wanted), 1.0, np.divide(wanted, made, out=np.zeros_like(made), where=made > 0))
        if worst < TOLERANCE:
            break
    return cells


def _given(joint: np.ndarray) -> np.ndarray:
    """(A, bands x needs, SETTINGS): shares of settings of each cell.

    Half a plan of England's pattern, tilted to the settings of the authority, stands in for cells without plans.
    """
    cells = np.einsum("aens,eb->abns", joint, _BANDS).reshape(len(joint), CELLS, -1)
    england = cells.sum(axis=0)
    own = cells.sum(axis=1) / np.maximum(cells.sum(axis=(1, 2)), 1)[:, None]
    tilt = own / (england.sum(axis=0) / england.sum())
    pattern = _shares(england)[None] * tilt[:, None]
    total = pattern.sum(axis=-1, keepdims=True)
    pattern = np.where(total > 0, pattern / np.where(total > 0, total, 1), own[:, None])
    return _shares(cells + 0.5 * pattern)


def _shares(counted: np.ndarray) -> np.ndarray:
    """`counted` over its sum along the last axis; 0 where that is 0."""
    total = counted.sum(axis=-1, keepdims=True)
    return np.divide(counted, total, out=np.zeros_like(counted), where=total > 0)


# --- how it moves ---------------------------------------------------------------------------------------


def _flows(
    core: Mapping[str, pd.DataFrame],
    areas: Sequence[str],
    year: int,
    before: np.ndarray,
    now: np.ndarray,
    pattern: np.ndarray,
    told_to: int,
) -> tuple[np.ndarray, np.ndarray]:
    """(A, AGES) share kept to the next January, and (A, AGES) mix of joiners, by the cohorts of `pattern` areas.

    England's cohorts of `year` - 1 give the ages, as age at the start of a plan is not the age of the next January;
    each area's own plans ceased (two calendar years to `told_to`) and begun (three) say how far it differs, shrunk to
    England. By age, plans begun of 2022 are free of the fault that the totals of Yorkshire and the Humber have.
    """
    gone_table, new_table = core["dfe__sen2_ceased_plans"], core["dfe__sen2_new_plans"]
    ceased = [counts.flows_by_age(gone_table, "ceased", areas, told_to - back) for back in (0, 1)]
    begun = [(counts.flows_by_age(new_table, "new_plans", areas, told_to - back), _AGE_AT_START) for back in (0, 1, 2)]
    if told_to == year - 1:  # of this year alone there is a table whose ages are those of the cohorts
        by_need = counts.new_plan_needs(core["dfe__sen2_new_plan_needs"], areas, told_to)
        begun[0] = (by_need.sum(axis=2), _AGE_AT_START[_A_YEAR_ON])
    national = (
        counts.flows_by_age(new_table, "new_plans", areas, year - 1),
        counts.flows_by_age(gone_table, "ceased", areas, year - 1),
    )
    first, last = np.nansum(before[pattern], axis=0), np.nansum(now[pattern], axis=0)
    new, gone = (np.nansum(flow[pattern], axis=0)[_FLOW_OF_AGE] for flow in national)
    new[len(FLOW_AGES) - 1 :] = 0.0  # few begin at 20 and over, and their single ages are not published
    # From 16 on most leave in a few years of age that `20 and over` hides: what is left of a cohort says it.
    left = np.append((last[1:] - new[1:]) / np.maximum(first[:-1], 1), 0.0)
    kept = np.clip(np.where(_ADULT, left, 1 - gone / np.maximum(first, 1)), 0, 1)
    joining = np.maximum(last - np.append(0.0, (kept * first)[:-1]), 0.0)
    leaving = np.clip((1 - kept) * _leaving_factor(ceased, before, pattern)[:, _LEAVE_GROUP], 0, 1)
    leaving[:, -1] = 1.0  # a plan ends at 25 at the latest
    mix = joining * _joining_factor(begun, pattern)[:, _JOIN_GROUP]
    return 1 - leaving, _shares(mix)


def _grouped(flow: np.ndarray, groups: np.ndarray) -> np.ndarray:
    return flow @ np.eye(groups.max() + 1)[groups]


def _leaving_factor(ceased: Sequence[np.ndarray], exposed: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """(A, groups) plans ceased against England's rates by age, both with CEASED_PRIOR expected plans more."""
    at_risk = _grouped(np.nan_to_num(exposed), _LEAVE_GROUP)
    actual = np.zeros_like(at_risk)
    expected = np.zeros_like(at_risk)
    for flow in ceased:
        own, told = _grouped(np.nan_to_num(flow), _FLOW_LEAVE), ~np.isnan(flow).any(axis=1)
        rate = own[told & pattern].sum(axis=0) / np.maximum(at_risk[told & pattern].sum(axis=0), 1)
        actual += own
        expected += np.where(told[:, None], at_risk * rate, 0.0)
    return (actual + CEASED_PRIOR) / (expected + CEASED_PRIOR)


def _joining_factor(begun: Sequence[tuple[np.ndarray, np.ndarray]], pattern: np.ndarray) -> np.ndarray:
    """(A, groups) share of new plans in each group of ages against England's; each year back weighs half.

    `begun` are years, the newest first: plans by FLOW_AGES, and the group that each of these ages joins.
    """
    weights = 0.5 ** np.arange(len(begun))
    ratios = []
    for flow, groups in begun:
        own = _grouped(np.nan_to_num(flow), groups)
        england = _shares(own[pattern].sum(axis=0))
        ratios.append(_shares(own + JOINERS_PRIOR * england) / np.maximum(england, 1e-12))
    return np.asarray(np.tensordot(weights / weights.sum(), np.stack(ratios), axes=1))


def _with_needs(
    core: Mapping[str, pd.DataFrame], areas: Sequence[str], year: int, joining: np.ndarray, joint: np.ndarray
) -> np.ndarray:
    """(A, AGES, NEEDS): `joining` split by need, half as new plans of the last calendar year in each age band.

    Half as the plans that are held in that band: needs are renamed as children grow (severe learning difficulty is
    named in 1% of new plans and in 3 to 4% of plans at every age from 7), which no published count follows.
    """
    begun = counts.new_plan_needs(core["dfe__sen2_new_plan_needs"], areas, year - 1)
    by_band = np.einsum("afn,fb->abn", begun, _BANDS[_A_YEAR_ON])
    adults = len(AGE_BANDS) - 2  # so few begin at 20 and over that they share the needs of those of 16 to 19
    by_band[:, adults:] = by_band[:, adults:].sum(axis=1, keepdims=True)
    named = _shares(by_band + NEEDS_PRIOR * _shares(by_band.sum(axis=0)))
    by_held = np.einsum("aens,eb->abn", joint, _BANDS)
    held = _shares(by_held + NEEDS_PRIOR * _shares(by_held.sum(axis=0)))
    needs = NEW_NEEDS_WEIGHT * named + (1 - NEW_NEEDS_WEIGHT) * held
    return joining[:, :, None] * needs[:, BAND_OF_AGE]


def _known_shares(
    core: Mapping[str, pd.DataFrame], areas: Sequence[str], year: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(3, A, SETTINGS - 1) shares of recorded settings in the last three Januaries and plans; (A,) where comparable."""
    read = [counts.settings(core["dfe__sen2_caseload"], areas, january_label(year - back)) for back in (2, 1, 0)]
    plans = np.stack(read)
    total = np.maximum(np.nan_to_num(plans.sum(axis=2)), 1)
    unknown = np.nan_to_num(plans[:, :, UNKNOWN_SETTING] / total, nan=1.0)
    usable = (unknown < FEW_UNKNOWN).all(axis=0) & (total > 100).all(axis=0)
    recorded = np.nan_to_num(plans[:, :, :UNKNOWN_SETTING])
    return _shares(recorded), recorded, usable


def _drift(shares: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """(SETTINGS,) yearly change of the log share over `usable` authorities, each alike; none of not recorded."""
    mean = shares[:, usable].mean(axis=1)
    yearly = np.log(np.maximum(mean[-1], 1e-6) / np.maximum(mean[0], 1e-6)) / (len(mean) - 1)
    return np.append(yearly, 0.0)


def _faded(years: int) -> np.ndarray:
    """(years,) how much of the last yearly drift has gathered after 1, 2, ... years."""
    return np.cumsum(DRIFT_KEPT ** np.arange(1, years + 1))


def _spread(expected: np.ndarray, actual: np.ndarray, plans: np.ndarray) -> float:
    """k such that 95 of a hundred real log ratios lie within 1.96 of sqrt(k / (n + SMALL_PART)); parts of 5 or more."""
    known = (plans >= 5) & (expected > 0) & (actual > 0)
    ratio = np.log(actual[known] / expected[known])
    return float(np.quantile(np.abs(ratio) * np.sqrt(plans[known] + SMALL_PART), 0.95) / 1.96) ** 2


def _setting_spread(
    shares: np.ndarray, plans: np.ndarray, usable: np.ndarray, drift: np.ndarray
) -> tuple[float, float]:
    """k of one year, and the memory that the spread of two years implies: k (1 + memory^2)."""
    shares, plans, yearly = shares[:, usable], plans[:, usable], drift[:UNKNOWN_SETTING]
    one = _spread(_shares(shares[:-1] * np.exp(yearly)), shares[1:], plans[:-1])
    two = _spread(_shares(shares[0] * np.exp(2 * yearly)), shares[2], plans[0])
    return one, float(np.sqrt(np.clip(two / one - 1, 0, 1)))


def _age_spread(before: np.ndarray, now: np.ndarray, kept: np.ndarray, joining: np.ndarray) -> float:
    usable = (np.nan_to_num(before).sum(axis=1) > 100) & (np.nan_to_num(now).sum(axis=1) > 100)
    made = _aged_once(before[usable], now[usable].sum(axis=1), kept[usable], joining[usable]) @ _BANDS
    return _spread(_shares(made), _shares(now[usable] @ _BANDS), made)


def _aged(state: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """`state` (A, AGES, ...) one January later, without joiners."""
    stay = state * kept.reshape(kept.shape + (1,) * (state.ndim - 2))
    return np.concatenate([np.zeros_like(stay[:, :1]), stay[:, :-1]], axis=1)


def _aged_once(before: np.ndarray, total: np.ndarray, kept: np.ndarray, joining: np.ndarray) -> np.ndarray:
    """(A, AGES) of the next January, when its `total` is known."""
    old = _aged(before, kept)
    return old + joining * np.maximum(total - old.sum(axis=1), 0)[:, None]


# --- the split of simulated totals ----------------------------------------------------------------------


def area_draws(forecast: Forecast, comp: Composition, area_code: str) -> np.ndarray:
    """(D, H, AGE_BANDS, NEEDS, SETTINGS) plans of one authority; NaN where the forecast allows no split.

    Sums to `forecast.draws` in every future. Raises ValueError for a code that is not among the authorities.
    """
    at = forecast.position(area_code)
    shape = (*forecast.draws.shape[1:], len(AGE_BANDS), len(NEEDS), len(SETTINGS))
    if not forecast.splits()[at]:
        return np.full(shape, np.nan)
    part = _split(forecast, comp, np.array([at]))
    weight = part.cells[0] / part.spread[0]
    made = weight[..., None] * part.given[0] * part.tilt[0][:, :, None, :]
    return made.reshape(shape)


def setting_draws(forecast: Forecast, comp: Composition) -> np.ndarray:
    """(A, D, H, SETTINGS) plans of every authority, float32; NaN where the forecast allows no split."""
    made = np.full((*forecast.draws.shape, len(SETTINGS)), np.nan, dtype=np.float32)
    for chunk in _chunks(forecast):
        made[chunk] = _split(forecast, comp, chunk).settings()
    return made


@dataclass(frozen=True)
class _Parts:
    """A chunk of c authorities: plans by age band and need, and what spreads each cell over settings."""

    cells: np.ndarray  # (c, D, H, CELLS)
    spread: np.ndarray  # (c, D, H, CELLS) sum of given x tilt over settings
    given: np.ndarray  # (c, CELLS, SETTINGS)
    tilt: np.ndarray  # (c, D, H, SETTINGS)

    def settings(self) -> np.ndarray:
        """(c, D, H, SETTINGS)."""
        return self.tilt * np.matmul(self.cells / self.spread, self.given[:, None])

    def bands_and_needs(self) -> tuple[np.ndarray, np.ndarray]:
        cells = self.cells.reshape(*self.cells.shape[:3], len(AGE_BANDS), len(NEEDS))
        return cells.sum(axis=4), cells.sum(axis=3)


def _chunks(forecast: Forecast) -> Iterator[np.ndarray]:
    chosen = np.flatnonzero(forecast.splits())
    for start in range(0, len(chosen), _CHUNK):
        yield chosen[start : start + _CHUNK]


def _split(forecast: Forecast, comp: Composition, chosen: np.ndarray) -> _Parts:
    """The futures of the authorities at the positions `chosen` of the forecast."""
    own = np.array([comp.position(forecast.areas[at]) for at in chosen])
    totals = forecast.draws[chosen]
    horizons = totals.shape[2]
    old, new = _ageing(comp, own, horizons)
    cells = _cells(totals, old, new)
    wander_age, wander_need, wander_setting = _wandering(comp, own, *totals.shape[1:])
    shaped = cells.reshape(*totals.shape, len(AGE_BANDS), len(NEEDS))
    shaped = shaped * wander_age[..., :, None] * wander_need[..., None, :]
    cells = shaped.reshape(cells.shape)
    # Exact: the total is the forecast's.
    cells *= (totals / cells.sum(axis=3))[..., None]
    tilt = wander_setting * np.exp(_faded(horizons)[:, None] * comp.drift)
    given = comp.setting_given[own]
    spread = np.matmul(tilt, given.transpose(0, 2, 1)[:, None])
    return _Parts(cells, spread, given, tilt)


def _ageing(comp: Composition, own: np.ndarray, horizons: int) -> tuple[np.ndarray, np.ndarray]:
    """(c, H, CELLS) what is left of today's plans after 1..H years, and of one joiner after 0..H-1 years."""
    kept = comp.kept[own]
    today, joiner = comp.joint[own].sum(axis=3), comp.joiners[own]
    old, new = [], []
    for _ in range(horizons):
        today = _aged(today, kept)
        old.append(np.einsum("aen,eb->abn", today, _BANDS).reshape(len(own), CELLS))
        new.append(np.einsum("aen,eb->abn", joiner, _BANDS).reshape(len(own), CELLS))
        joiner = _aged(joiner, kept)
    return np.stack(old, axis=1), np.stack(new, axis=1)


def _cells(totals: np.ndarray, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """(c, D, H, CELLS): today's plans grown older and the joiners that each future's total asks for, never below 0."""
    areas, draws, horizons = totals.shape
    begun = np.zeros((areas, draws, horizons))
    made = np.empty((areas, draws, horizons, CELLS))
    for h in range(horizons):
        survivors = old[:, None, h] + np.matmul(begun[:, :, :h], new[:, h:0:-1])
        begun[:, :, h] = np.maximum(totals[:, :, h] - survivors.sum(axis=2), 0)
        made[:, :, h] = survivors + begun[:, :, h, None] * new[:, None, 0]
    return made


def _wandering(comp: Composition, own: np.ndarray, draws: int, horizons: int) -> tuple[np.ndarray, ...]:
    """Factors (c, D, H, parts) of the shares of ages, needs and settings; the same for an area in any company."""
    today = comp.joint[own]
    families = (
        (np.einsum("aens,eb->ab", today, _BANDS), comp.age_spread),
        (today.sum(axis=(1, 3)), comp.setting_spread),
        (today.sum(axis=(1, 2)), comp.setting_spread),
    )
    made = tuple(np.empty((len(own), draws, horizons, plans.shape[1])) for plans, _ in families)
    for row, at in enumerate(own):  # an authority's numbers must not depend on who is built beside it
        rng = np.random.default_rng([zlib.crc32(comp.areas[at].encode()), _SALT])
        # What is not recorded may turn out to be anything: the fewer the known settings, the wider.
        known = (1.0, 1.0, max(1 - comp.unknown_setting[at], 0.1))
        for factors, (plans, k), part in zip(made, families, known, strict=True):
            sd = np.where(plans[row] > 0.5, np.sqrt(k / (part * part * plans[row] + SMALL_PART)), 0.0)
            factors[row] = np.exp(sd * _walk(rng, draws, horizons, len(sd), comp.memory))
    return made


def _walk(rng: np.random.Generator, draws: int, horizons: int, parts: int, memory: float) -> np.ndarray:
    """(D, H, parts): w(t+1) = memory w(t) + a standard normal step."""
    path = rng.standard_normal((draws, horizons, parts))
    for h in range(1, horizons):
        path[:, h] += memory * path[:, h - 1]
    return path


# --- tables ---------------------------------------------------------------------------------------------


def margins(forecast: Forecast, comp: Composition) -> pd.DataFrame:
    """Rows of Projections (without `edition`) by age_band, primary_need, setting and phase.

    For every authority that `forecast.splits()` allows, each January ahead; summaries of the same futures as
    `area_draws`. Settings are withheld where half of the plans or more have none recorded.
    """
    tables = []
    for chunk in _chunks(forecast):
        part = _split(forecast, comp, chunk)
        own = np.array([comp.position(forecast.areas[at]) for at in chunk])
        bands, needs = part.bands_and_needs()
        base = comp.joint[own]
        base_bands = np.einsum("aens,eb->ab", base, _BANDS)
        phases = np.stack([bands[..., list(members)].sum(axis=-1) for members in PHASES.values()], axis=-1)
        base_phases = np.stack([base_bands[:, list(members)].sum(axis=1) for members in PHASES.values()], axis=-1)
        tables += [
            _rows(forecast, chunk, "age_band", AGE_BANDS, bands, base_bands),
            _rows(forecast, chunk, "primary_need", NEEDS, needs, base.sum(axis=(1, 3))),
            _with_standing(_rows(forecast, chunk, "setting", SETTINGS, part.settings(), base.sum(axis=(1, 2))), comp),
            _rows(forecast, chunk, "phase", tuple(PHASES), phases, base_phases),
        ]
    return pd.concat(tables, ignore_index=True)


def _rows(
    forecast: Forecast,
    chosen: np.ndarray,
    dimension: str,
    categories: Sequence[str],
    draws: np.ndarray,
    base: np.ndarray,
) -> pd.DataFrame:
    """Rows of one dimension from draws (c, D, H, parts) and the printed counts (c, parts)."""
    index = pd.MultiIndex.from_product([chosen, forecast.years, categories], names=["at", "year", "category"])
    keys = index.to_frame(index=False)
    at = keys.pop("at").to_numpy()
    keys = keys.assign(
        measure=Measure.EHC_PLANS.value,
        area_code=np.asarray(forecast.areas)[at],
        dimension=dimension,
        model=forecast.model[at],
        base=np.repeat(np.round(base[:, None], 6), len(forecast.years), axis=1).reshape(-1),
        base_year=forecast.base_year,
        status=Standing.OK.value,
        reason="",
    )
    futures = np.moveaxis(draws, 1, -1).reshape(len(keys), -1)
    return banded(keys, futures)


def _with_standing(table: pd.DataFrame, comp: Composition) -> pd.DataFrame:
    """`table` with figures withheld, or marked as too low, where settings are not recorded."""
    unknown = table["area_code"].map(dict(zip(comp.areas, comp.unknown_setting, strict=True)))
    many, some = unknown.ge(MANY_UNKNOWN), unknown.ge(FEW_UNKNOWN) & unknown.lt(MANY_UNKNOWN)
    said = (100 * unknown).map("{:.0f}%".format)
    january = f"in January {comp.base_year}"
    withheld = f"The setting of most plans was not recorded {january}, so that plans cannot be given by setting."
    lower = "The setting of " + said + f" of plans was not recorded {january}: the count of each setting is too low."
    table = table.assign(
        status=table["status"].mask(some, Standing.WIDENED.value).mask(many, Standing.WITHHELD.value),
        reason=table["reason"].mask(some, lower).mask(many, withheld),
    )
    table.loc[many, [name for name in (*NUMBERS, "base") if name in table.columns]] = np.nan
    return table


def mix(forecast: Forecast, comp: Composition, area_code: str) -> pd.DataFrame:
    """Rows of Mix (without `edition`): every combination of age band, need and setting, each January ahead.

    No rows where the forecast allows no split.
    """
    index = pd.MultiIndex.from_product(
        [forecast.years, AGE_BANDS, NEEDS, SETTINGS], names=["year", "age_band", "primary_need", "setting"]
    )
    keys = index.to_frame(index=False).assign(area_code=area_code, status=Standing.OK.value, reason="")
    if not forecast.splits()[forecast.position(area_code)]:
        return keys.assign(**dict.fromkeys(NUMBERS, np.nan)).iloc[:0]
    draws = area_draws(forecast, comp, area_code)
    return _with_standing(banded(keys, draws.reshape(len(draws), -1).T), comp)


# --- how well it would have done ------------------------------------------------------------------------


def backtest(core: Mapping[str, pd.DataFrame], year: int, folds: int = 5) -> pd.DataFrame:
    """Shares of January `year` from those of the January before: dimension, method, areas, error.

    `error` is the mean absolute error in percentage points over authorities and parts, of `cohorts` (with drift for
    settings), and of `shares_stay`. Totals are taken as known. Single ages exist for these two Januaries alone, so
    that England's cohorts of the same year serve, without the authorities that are scored (`folds`); the drift of
    settings, and each authority's plans begun and ceased, are those known in the January before.
    """
    caseload = core["dfe__sen2_caseload"]
    areas = tuple(sorted(geography.local_authorities()["area_code"]))
    before, now = (counts.ages(caseload, areas, january_label(when)) for when in (year - 1, year))
    made = np.zeros_like(before)
    for fold in range(folds):
        scored = np.arange(len(areas)) % folds == fold
        kept, joining = _flows(core, areas, year, before, now, ~scored, year - 2)
        made[scored] = _aged_once(before, now.sum(axis=1), kept, joining)[scored]
    large = (before.sum(axis=1) >= 100) & (now.sum(axis=1) >= 100)  # not where either is not published
    shares, _, usable = _known_shares(core, areas, year)
    by_age = _shares(counts.age_by_setting(caseload, areas, january_label(year - 1))[..., :UNKNOWN_SETTING])
    aged = _shares(np.einsum("ae,aes->as", made, np.nan_to_num(by_age)))
    drift = DRIFT_KEPT * _drift(shares[:2], usable)[:UNKNOWN_SETTING]
    truth = {"age": (_shares(now), large), "age_band": (_shares(now @ _BANDS), large), "setting": (shares[2], usable)}
    predicted = {
        ("age", "cohorts"): _shares(made),
        ("age", "shares_stay"): _shares(before),
        ("age_band", "cohorts"): _shares(made @ _BANDS),
        ("age_band", "shares_stay"): _shares(before @ _BANDS),
        ("setting", "cohorts_and_drift"): _shares(aged * np.exp(drift)),
        ("setting", "cohorts"): aged,
        ("setting", "shares_stay"): shares[1],
    }
    rows = [
        {
            "dimension": dimension,
            "method": method,
            "areas": int(truth[dimension][1].sum()),
            "error": 100 * float(np.abs(shown - truth[dimension][0])[truth[dimension][1]].mean()),
        }
        for (dimension, method), shown in predicted.items()
    ]
    return pd.DataFrame(rows)
