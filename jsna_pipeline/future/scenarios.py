"""What would follow from a scenario: plans, new plans, plans by setting and their cost, beside things going on.

Here: a scenario's changes as multipliers of flows and moves between settings, its simulated futures, the table of all
of them, the table by which a report compares them, and the rate of new plans that would hold the caseload. Not here:
the records (`catalogue/scenarios.py`), the flows of the forecast itself (`flows.py`), or what moves most
(`sensitivity.py`).

Each simulated future of a scenario starts from the same future of the forecast, so that differences are taken within
simulations, and a scenario without changes gives the forecast to the last digit.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.scenarios import (
    CeasingRate,
    Exclusion,
    NewPlanRate,
    Population,
    Regime,
    Scenario,
    SettingCloses,
    SettingOpens,
    SettingShift,
)
from jsna_pipeline.future.flows import Ceasing, Flows, chosen, implied_flows, national_growth
from jsna_pipeline.future.simulated import NUMBERS, Forecast, summarise
from jsna_pipeline.future.tables import SETTINGS, Standing

UnitCosts = Mapping[str, tuple[float, float, float]]  # setting -> low, central and high pounds a year, 0 if left out
DIFFERENCES = ("difference", "difference_lower", "difference_upper")
_AREAS_AT_ONCE = 16  # bounds the memory: 1,000 futures of 12 quantities in 5 years are 8 MB for 16 areas
_COLUMNS = ["area_code", "scenario", "name", "year", "quantity", *NUMBERS, *DIFFERENCES, "status", "reason"]
_NOT_KNOWN = SETTINGS.index("not_recorded")
_NO_FORECAST = "No forecast can be made from what is published."
_NO_SPLIT = "Plans are not split by setting here."
_NO_SETTINGS = "Plans by setting are not published for this authority in a form that can be carried forward."


# --- flows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Multipliers:
    """What a scenario multiplies, each broadcastable to (A, D, H); 1 where it changes nothing."""

    joining: np.ndarray  # new plans of the year before each January
    leaving: np.ndarray  # the rate at which plans end in that year
    living: np.ndarray  # plans held at each January, because more or fewer children live there than the year before
    growing: np.ndarray  # growth of the year before each January, because England's is another


@dataclass(frozen=True)
class Simulated:
    """The simulated futures of one scenario; parts sum to plans in each."""

    plans: np.ndarray  # (A, D, H)
    new_plans: np.ndarray  # (A, D, H), in the calendar year before each January
    settings: np.ndarray | None = None  # (A, D, H, S) in the order of SETTINGS


def multipliers(record: Scenario, years: tuple[int, ...], draws: int, growth: np.ndarray) -> Multipliers:
    """The multipliers of `record` for the Januaries `years`; `growth` (H,) is England's ratio from year to year."""
    before = np.asarray(years) - 1  # the January after which the flows of each step happen
    joining, leaving, living = np.ones((3, 1, 1, len(years)))
    growing = np.ones((1, draws, len(years)))
    for change in record.changes:
        if isinstance(change, NewPlanRate | CeasingRate):
            holds = (before >= change.from_) & (before < (change.until or np.inf))
            flow = joining if isinstance(change, NewPlanRate) else leaving
            flow *= np.where(holds, change.factor, 1.0)
        elif isinstance(change, Population):
            joining *= np.where(before >= change.from_, change.factor, 1.0)
            first = np.asarray(years) == max(change.from_, years[0])
            living *= np.where(first, change.factor, 1.0)
        elif isinstance(change, Regime):
            factor = change.lowest + (change.highest - change.lowest) * _evenly(record.id, draws)
            growing *= np.where(before >= change.from_, growth ** (factor[:, None] - 1), 1.0)
    return Multipliers(joining, leaving, living, growing)


def _evenly(name: str, draws: int) -> np.ndarray:
    """(D,) numbers evenly between 0 and 1 in an order that depends on the scenario alone, not on the forecast."""
    order = np.random.default_rng(zlib.crc32(name.encode())).permutation(draws)
    return np.asarray((order + 0.5) / draws)


def followed(flows: Flows, by: Multipliers) -> tuple[np.ndarray, np.ndarray]:
    """Plans and new plans (A, D, H) once flows are multiplied.

    Only the difference from the forecast is carried on, so that where nothing is multiplied nothing differs. Where
    growth is another, new plans are those that the changed path asks for, none where it falls too fast.
    """
    shape = flows.joiners.shape
    joining, leaving, living = (np.broadcast_to(one, shape) for one in (by.joining, by.leaving, by.living))
    grown = np.broadcast_to(np.cumprod(by.growing, axis=-1), shape)
    plans, new = np.empty(shape), np.empty(shape)
    apart, so_far = np.zeros(shape[:2]), np.ones(shape[:2])
    for step in range(shape[2]):
        here, then = flows.path[..., step], flows.path[..., step + 1]
        usual = flows.leaving[..., step]
        ends = np.minimum(usual * leaving[..., step], 1.0)
        joins = flows.joiners[..., step] * joining[..., step]
        more = (grown[..., step] - so_far) * (1 - ends) * (here + apart)
        new[..., step] = np.maximum((joins * grown[..., step] + more) * living[..., step], 0.0)
        apart = apart * (1 - ends) - here * (ends - usual) + (joins - flows.joiners[..., step])
        apart = np.maximum(apart * living[..., step] + then * (living[..., step] - 1), -then)
        plans[..., step] = (then + apart) * grown[..., step]
        so_far = grown[..., step]
    return plans, new


# --- settings ----------------------------------------------------------------------------------


def apportioned(
    forecast: Forecast, flows: Flows, by: Multipliers, settings: np.ndarray, plans: np.ndarray
) -> np.ndarray:
    """`plans` (A, D, H) of the scenario by setting, (A, D, H, S), before any move.

    What joins or ends differently does so where it usually is.

    Another number of children, or another growth of England's, changes every setting alike. New plans come or stay
    away in the mix of new plans, and plans end in the mix of those that end, most of them after 16; where those mixes
    are not known, in that of all plans.
    """
    alike, joined = plans, plans
    if flows.joining_mix is not None and flows.leaving_mix is not None:
        unmoved = np.ones_like(by.joining)
        alike, _ = followed(flows, replace(by, joining=unmoved, leaving=unmoved))
        joined, _ = followed(flows, replace(by, leaving=unmoved))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(forecast.draws == 0, 0.0, alike / forecast.draws)
    found = settings * ratio[..., None].astype(settings.dtype)
    found[..., _NOT_KNOWN] += np.where(forecast.draws == 0, alike, 0.0)
    if flows.joining_mix is None or flows.leaving_mix is None:
        return found
    found += ((joined - alike)[..., None] * flows.joining_mix[:, None, None]).astype(settings.dtype)
    found += ((plans - joined)[..., None] * flows.leaving_mix[:, None, None]).astype(settings.dtype)
    found = np.maximum(found, 0)
    whole = found.sum(axis=-1)
    share = np.divide(plans, whole, out=np.ones_like(plans), where=whole > 0)
    return np.asarray(found * share[..., None].astype(settings.dtype))


def placed(
    record: Scenario, forecast: Forecast, found: np.ndarray, plans: np.ndarray, new_plans: np.ndarray
) -> np.ndarray:
    """Plans by setting (A, D, H, S) under `record`: `found`, changed in place, after the moves that it supposes.

    No move takes more than there is; none changes a sum.
    """
    for change in record.changes:
        if isinstance(change, Exclusion):
            change = change.shift or change
        if isinstance(change, SettingShift):
            _shift(found, change, forecast.years, plans, new_plans)
        elif isinstance(change, SettingOpens | SettingCloses):
            opens = isinstance(change, SettingOpens)
            others = change.takes_from if isinstance(change, SettingOpens) else change.goes_to
            sources, ends = (others, [change.setting]) if opens else ([change.setting], others)
            for step, part in enumerate(_ramp(change.from_, change.over, forecast.years)):
                _move(found[:, :, step], sources, ends, np.full(plans.shape[:2], change.places * part))
    return found


def _shift(
    found: np.ndarray, change: SettingShift, years: tuple[int, ...], plans: np.ndarray, new_plans: np.ndarray
) -> None:
    moved = np.zeros(plans.shape[:2])
    for step, part in enumerate(_ramp(change.from_, change.over, years)):
        if change.points is not None:
            moved = plans[..., step] * change.points / 100 * part
        elif years[step] > change.from_:
            if step:  # those placed in earlier years stay as long as other plans do
                before = np.maximum(plans[..., step - 1], 1e-9)
                moved = moved * np.clip((plans[..., step] - new_plans[..., step]) / before, 0, 1)
            moved = moved + new_plans[..., step] * (change.share_of_new or 0) / 100
        _move(found[:, :, step], [change.from_setting], [change.to_setting], moved)


def _ramp(begins: int, over: int, years: tuple[int, ...]) -> np.ndarray:
    """(H,) how much of a change has come about at each January, 0 to 1."""
    return np.asarray(np.clip((np.asarray(years) - begins + 1) / over, 0.0, 1.0))


def _move(found: np.ndarray, sources: list[str], ends: list[str], amount: np.ndarray) -> None:
    """Moves `amount` (A, D) plans of `found` (A, D, S) in place, in proportion on both sides, at most what is there."""
    out, into = ([SETTINGS.index(one) for one in names] for names in (sources, ends))
    there = found[..., out]
    held = there.sum(axis=-1)
    part = np.divide(np.minimum(amount, held), held, out=np.zeros_like(held), where=held > 0)[..., None]
    gone = there * part.astype(found.dtype)
    found[..., out] = np.maximum(there - gone, 0)
    target = found[..., into]
    total = target.sum(axis=-1, keepdims=True)
    share = np.divide(target, total, out=np.full_like(target, 1 / len(into)), where=total > 0)
    found[..., into] = target + share * gone.sum(axis=-1, keepdims=True)


def simulate(
    record: Scenario, forecast: Forecast, flows: Flows, settings: np.ndarray | None, growth: np.ndarray
) -> Simulated:
    """The simulated futures of `record`; `flows` and `settings` (A, D, H, S) are the forecast's own."""
    by = multipliers(record, forecast.years, forecast.draws.shape[1], growth)
    plans, new = followed(flows, by)
    if settings is None:
        return Simulated(plans, new)
    found = apportioned(forecast, flows, by, settings, plans)
    return Simulated(plans, new, placed(record, forecast, found, plans, new))


def settings_of_area(
    area: str,
    forecast: Forecast,
    ceasing: Ceasing,
    settings: np.ndarray,
    records: Iterable[Scenario],
    growth: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Plans of one area by setting (D, H, S) under each record, by its id; NaN where they are not split."""
    growth = national_growth(forecast) if growth is None else growth
    at = forecast.position(area)
    some, rates = chosen(forecast, ceasing, [at])
    flows, own = implied_flows(some, rates), settings[at : at + 1]
    futures = {record.id: simulate(record, some, flows, own, growth).settings for record in records}
    return {name: found[0] for name, found in futures.items() if found is not None}


def cost_of(settings: np.ndarray, unit_costs: UnitCosts, which: int = 1) -> np.ndarray:
    """Pounds a year of plans by setting (..., S), at the central cost of a place, or its low (0) or high (2).

    Raises ValueError for a setting that `unit_costs` does not name: it would count as free.
    """
    if missing := [one for one in SETTINGS if one not in unit_costs]:
        raise ValueError(f"no unit cost of {', '.join(missing)}")
    return np.asarray(settings.astype(float) @ np.array([unit_costs[one][which] for one in SETTINGS]))


# --- the table ---------------------------------------------------------------------------------


def run(
    forecast: Forecast,
    ceasing: Ceasing,
    settings: np.ndarray | None,
    unit_costs: UnitCosts | None,
    records: Iterable[Scenario],
    growth: np.ndarray | None = None,
) -> pd.DataFrame:
    """Rows of the table Scenarios, without `edition`, of every area, record, quantity and January.

    `settings` (A, D, H, S) are plans by setting in the order of SETTINGS, NaN where an area's are not split; without
    them, or without `unit_costs`, those quantities have no rows. Costs are at the central cost of a place. `new_plans`
    of a January are those of the calendar year before it. `growth` is England's (H,), taken from `forecast` if none is
    given: give it where `forecast` does not hold every authority.
    """
    growth = national_growth(forecast) if growth is None else growth
    chosen_records = list(records)
    frames = []
    for start in range(0, len(forecast.areas), _AREAS_AT_ONCE):
        members = range(start, min(start + _AREAS_AT_ONCE, len(forecast.areas)))
        some, rates = chosen(forecast, ceasing, members)
        parts = None if settings is None else settings[members.start : members.stop]
        frames += list(_of_areas(some, rates, parts, unit_costs, chosen_records, growth))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=_COLUMNS)


def _of_areas(
    forecast: Forecast,
    ceasing: Ceasing,
    settings: np.ndarray | None,
    unit_costs: UnitCosts | None,
    records: list[Scenario],
    growth: np.ndarray,
) -> Iterator[pd.DataFrame]:
    flows = implied_flows(forecast, ceasing)
    as_it_is = _quantities(Simulated(forecast.draws, flows.joiners, settings), unit_costs)
    for record in records:
        if record.changes:
            here = _quantities(simulate(record, forecast, flows, settings, growth), unit_costs)
        else:
            here = as_it_is
        yield _rows(forecast, record, here, as_it_is)


def _quantities(simulated: Simulated, unit_costs: UnitCosts | None) -> dict[str, np.ndarray]:
    found = {"plans": simulated.plans, "new_plans": simulated.new_plans}
    if simulated.settings is not None:
        found |= {f"plans_{name}": simulated.settings[..., at] for at, name in enumerate(SETTINGS)}
        if unit_costs is not None:
            found["cost"] = cost_of(simulated.settings, unit_costs)
    return found


def _rows(
    forecast: Forecast, record: Scenario, here: dict[str, np.ndarray], as_it_is: dict[str, np.ndarray]
) -> pd.DataFrame:
    """A row for each area, quantity and January, in that order."""
    draws = np.stack([*here.values()], axis=1).astype(float)  # (A, Q, D, H)
    draws[np.broadcast_to((forecast.status == Standing.WITHHELD)[:, None, None, :], draws.shape)] = np.nan
    numbers = summarise(draws, axis=2)
    if here is as_it_is:
        apart = np.where(np.isnan(numbers["central"]), np.nan, np.zeros((3, *numbers["central"].shape)))
    else:
        draws -= np.stack([*as_it_is.values()], axis=1)
        apart = np.percentile(draws, [50.0, 2.5, 97.5], axis=2)
    areas, quantities, years = numbers["central"].shape
    status, reason = _standing(forecast, list(here), np.isnan(numbers["central"]))
    shape = (areas, quantities, years)
    return pd.DataFrame(
        {
            "area_code": np.repeat(np.array(forecast.areas, dtype=object), quantities * years),
            "scenario": record.id,
            "name": record.name,
            "year": np.tile(np.array(forecast.years), areas * quantities),
            "quantity": np.tile(np.repeat(np.array(list(here), dtype=object), years), areas),
            **{name: numbers[name].ravel() for name in NUMBERS},
            **{name: values.ravel() for name, values in zip(DIFFERENCES, apart, strict=True)},
            "status": np.broadcast_to(status, shape).ravel(),
            "reason": np.broadcast_to(reason, shape).ravel(),
        }
    )


def _standing(forecast: Forecast, quantities: list[str], missing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Status and reason (A, Q, H): the forecast's, or why a figure is missing that the forecast has."""
    status = np.where(missing, Standing.WITHHELD.value, forecast.status[:, None, :].astype(object))
    told = forecast.reason[:, None, :].astype(object)
    plain = np.isin(quantities, ("plans", "new_plans"))[None, :, None]
    has_reason = told != ""
    unsplit = np.where(has_reason, _NO_SPLIT + " " + told, _NO_SETTINGS)
    withheld = (forecast.status == Standing.WITHHELD)[:, None, :]
    why = np.where(withheld & has_reason, told, np.where(plain, np.where(has_reason, told, _NO_FORECAST), unsplit))
    return status, np.where(missing, why, told)


def comparison(rows: pd.DataFrame, area: str, years: Iterable[int]) -> pd.DataFrame:
    """The scenarios of one area side by side: a row for each scenario and January of `years`, in the order of `rows`.

    Columns scenario, name, year, status, reason (of plans), and for `plans` and `cost` each the middle, its 95 limits
    and the difference from things going on with its limits: plans, plans_lower_95, plans_upper_95, plans_difference,
    plans_difference_lower, plans_difference_upper, cost, ... Cost is NaN where there is none.
    """
    kept = rows[rows["area_code"].eq(area) & rows["year"].isin(list(years))]
    keys = ["scenario", "name", "year"]
    columns = ["central", "lower_95", "upper_95", *DIFFERENCES]
    found = kept.loc[kept["quantity"].eq("plans"), [*keys, "status", "reason"]]
    for quantity in ("plans", "cost"):
        names = {one: f"{quantity}_{one}" if one != "central" else quantity for one in columns}
        of_one = kept.loc[kept["quantity"].eq(quantity), [*keys, *columns]].rename(columns=names)
        found = found.merge(of_one, on=keys, how="left")
    return found.reset_index(drop=True)


# --- standing still ----------------------------------------------------------------------------


def goal_seek(
    forecast: Forecast, ceasing: Ceasing, new_plans_now: np.ndarray, hold: np.ndarray | None = None
) -> pd.DataFrame:
    """Rows of the table GoalSeek, without `edition`: the multiple of projected new plans that holds the caseload.

    Plans of the last year are linear in the multiple, so that each simulation has one solution in closed form: `hold`
    (A,) plans, those of the base if none are given. Where even no new plan at all leaves more in the middle of the
    simulations, it is not reachable. A simulation without joiners in any year has no solution and does not count.
    An area whose last year is withheld has no row: it is not that nothing would hold its caseload.
    """
    factor, needed = _solutions(forecast, ceasing, forecast.base if hold is None else hold)
    solved = np.isfinite(factor).any(axis=1)
    factor, needed = (np.where(solved[:, None], one, 0.0) for one in (factor, needed))
    lower, middle, upper = np.nanpercentile(factor, [2.5, 50.0, 97.5], axis=1)
    reachable = middle >= -1e-9  # a goal that no new plan at all just meets is met
    found = pd.DataFrame(
        {
            "area_code": list(forecast.areas),
            "year": forecast.years[-1],
            "new_plans_now": new_plans_now.astype(float),
            "factor": np.where(reachable, np.maximum(middle, 0), np.nan),
            "factor_lower": np.where(reachable, np.maximum(lower, 0), np.nan),
            "factor_upper": np.where(reachable, upper, np.nan),
            "new_plans_needed": np.where(reachable, np.maximum(np.nanmedian(needed, axis=1), 0), np.nan),
            "reachable": reachable,
        }
    )
    return found[solved].reset_index(drop=True)


def _solutions(forecast: Forecast, ceasing: Ceasing, hold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(A, D) the multiple that leaves `hold` plans in the last year, and the new plans a year that it means."""
    flows = implied_flows(forecast, ceasing)
    stay = 1 - flows.leaving
    # What of one plan at each January is left in the last: the product of all later steps.
    later = np.cumprod(stay[..., ::-1], axis=2)[..., ::-1]
    left = np.concatenate([later[..., 1:], np.ones((*later.shape[:2], 1))], axis=2)
    joined = (flows.joiners * left).sum(axis=2)
    missing = hold[:, None] - flows.path[..., 0] * later[..., 0]
    factor = np.divide(missing, joined, out=np.full_like(joined, np.nan), where=joined > 0)
    gone = (forecast.status[:, -1] == Standing.WITHHELD)[:, None]
    factor = np.where(gone, np.nan, factor)
    return factor, factor * flows.joiners.mean(axis=2)
