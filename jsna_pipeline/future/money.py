"""The yearly cost of placements under each scenario, and the high-needs balance where the area gives its budget.

Here: what a place costs (the area's own mean before the published one), simulated costs by setting, the balance carried
forward, the rows of MoneyAhead, and notes on how they were made. Not here: the reviewed costs (`catalogue/costs.py`),
the area's budget (`finance.py`), scenarios or plans.

The plans of a January stand for the financial year in which it lies: January 2026 for 2025/26, a full year of places.
The cost of a place is drawn once a simulation and setting, from a triangle between low, central and high, each setting
by itself. Prices stay those of their year unless a growth of prices is given. Where the spending of a year is known,
each simulation is scaled to it, for placements are not all that the budget pays. Everything is conditional: if
placements follow the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.costs import PlacementCost
from jsna_pipeline.future.finance import Finance, Growth
from jsna_pipeline.future.simulated import NUMBERS, summarise
from jsna_pipeline.future.tables import SETTINGS, MoneyAhead, Standing
from jsna_pipeline.report.formatting import number, pounds
from jsna_pipeline.vocabulary import TOTAL, Status

BASELINE = "baseline"
CHANGE = "cost_change"
DIFFERENCE = "cost_difference"
OWN, PUBLISHED, MIXED = "own", "published", "mixed"
# What the area's return calls a placement, by setting. Its "other" holds spending that is for no one setting.
OWN_PLACEMENTS = {
    "mainstream": "mainstream",
    "resourced_provision": "resourced_or_unit",
    "special_state": "special_state",
    "independent_special": "special_independent",
    "alternative_provision": "alternative_provision",
    "post_16": "further_education",
    "early_years": "early_years",
}
# The next place costs not quite what the mean of today's places does: a tenth either way, our judgement.
OWN_SPREAD = 0.10
# Known spending over modelled cost within which costs are scaled to it, our judgement. A return that lies further off
# leaves out children or payments; a budget paper that does has a wrong digit or other prices altogether.
TRUSTED_RETURNS = (0.8, 1.25)
TRUSTED_FINANCE = (0.5, 2.0)
NO_FORECAST = "Plans cannot be forecast by setting for this year, so that their cost cannot either."
_COLUMNS = [name for name in MoneyAhead.to_schema().columns if name != "edition"]


# --- what a place costs ------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnCosts:
    """What the area's own returns say, provisional: means by setting, and all spending in one financial year."""

    means: Mapping[str, float] = field(default_factory=dict)  # setting -> pounds a child and year
    total: float | None = None  # pounds
    january: int | None = None  # the January in the year of the returns


def own_costs(local_statistics: pd.DataFrame) -> OwnCosts:
    """The area's own mean costs from LOCAL_STATISTICS, table high_needs_spend; what is hidden is left out."""
    rows = local_statistics.loc[local_statistics["table_id"] == "high_needs_spend"]
    rows = rows.loc[(rows["status"] == Status.OK.value) & rows["value"].gt(0)]
    if rows.empty:
        return OwnCosts()
    means = rows.loc[(rows["statistic"] == "mean_amount") & (rows["dimension"] == "placement")]
    means = means.assign(setting=means["category"].map(OWN_PLACEMENTS)).dropna(subset=["setting"])
    total = rows.loc[(rows["statistic"] == "total_amount") & (rows["dimension"] == TOTAL), "value"]
    return OwnCosts(
        dict(zip(means["setting"], means["value"].astype(float), strict=True)),
        float(total.iloc[0]) if len(total) else None,
        int(str(rows["period"].iloc[0])[:4]) + 1,
    )


@dataclass(frozen=True)
class Prices:
    """The cost of a place a year by setting, in the order of SETTINGS; NaN where a setting has none of its own."""

    low: np.ndarray  # (S,)
    central: np.ndarray
    high: np.ndarray
    basis: tuple[str, ...]  # `own`, `published`, or blank where there is no cost
    shared: np.ndarray  # (S,) whether it costs what the mean plan with a cost does

    @property
    def costed(self) -> np.ndarray:
        """(S,) whether a setting has a cost of its own."""
        return ~np.isnan(self.central)

    def drawn(self, uniform: np.ndarray, plans: np.ndarray) -> np.ndarray:
        """(D, S) pounds a place from `uniform` (D, S) in 0 to 1; `plans` (S,) weigh the mean of the others.

        Settings that are left out cost 0. A higher low, central or high never lowers a draw.
        """
        units = np.where(self.costed, triangular(uniform, self.low, self.central, self.high), 0.0)
        return self._with_shared(units, plans)

    def completed(self, plans: np.ndarray) -> np.ndarray:
        """(3, S) low, central and high of every setting, `plans` (S,) weighing the mean of the others."""
        return self._with_shared(np.nan_to_num(np.stack([self.low, self.central, self.high])), plans)

    def _with_shared(self, units: np.ndarray, plans: np.ndarray) -> np.ndarray:
        weights = np.where(self.costed, np.nan_to_num(plans), 0.0)
        weights = weights if weights.sum() > 0 else self.costed.astype(float)
        mean = units @ (weights / max(weights.sum(), 1.0))
        return np.where(self.shared, mean[..., None], units)


def prices(costs: Mapping[str, PlacementCost], own: OwnCosts | None = None) -> Prices:
    """The published cost of each setting, or the area's own mean with OWN_SPREAD either way where it has one."""
    means = own.means if own else {}
    found = np.full((3, len(SETTINGS)), np.nan)
    basis = []
    for place, setting in enumerate(SETTINGS):
        known = costs[setting].pounds
        if known and setting in means:
            mean = means[setting]
            known = mean * (1 - OWN_SPREAD), mean, mean * (1 + OWN_SPREAD)
        if known:
            found[:, place] = known
        basis.append((OWN if setting in means else PUBLISHED) if known else "")
    shared = np.array([costs[setting].treatment == "mean_of_others" for setting in SETTINGS])
    return Prices(found[0], found[1], found[2], tuple(basis), shared)


def price_of_settings(priced: Prices, plans: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Setting -> low, central and high pounds, each of SETTINGS; 0 where it is left out. `plans` (S,): those of now."""
    completed = priced.completed(plans)
    return {setting: tuple(completed[:, place].tolist()) for place, setting in enumerate(SETTINGS)}


def triangular(uniform: np.ndarray, low: np.ndarray, central: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The value of a triangular distribution at each of `uniform` in 0 to 1; `central` is its mode."""
    low, central, high = (np.asarray(one, dtype=float) for one in (low, central, high))
    width = np.where(high > low, high - low, 1.0)
    at_mode = (central - low) / width
    rising = low + np.sqrt(uniform * width * (central - low))
    falling = high - np.sqrt((1 - uniform) * width * (high - central))
    return np.where(high > low, np.where(uniform < at_mode, rising, falling), central)


# --- simulated costs ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Spending:
    """What is known to have been spent in one year, and whether costs may be scaled to it."""

    pounds: float
    january: int
    trusted: tuple[float, float]
    words: str


@dataclass(frozen=True)
class Money:
    """Simulated money of one area. Everything in pounds; H Januaries, D futures, S settings."""

    rows: pd.DataFrame  # of MoneyAhead, without edition
    # The same columns, within each future: CHANGE from the base year's cost, and DIFFERENCE from the baseline's.
    changes: pd.DataFrame
    base: np.ndarray  # (D, S) cost of the base year
    costs: Mapping[str, np.ndarray]  # scenario -> (D, H, S)
    factor: float | None  # median factor to known spending; None where nothing was scaled
    notes: tuple[str, ...]  # what a reader has to know of prices, scaling and the balance, in sentences


def money(
    area_code: str,
    scenario_settings: Mapping[str, np.ndarray],
    base: np.ndarray,
    base_year: int,
    unit_costs: Mapping[str, PlacementCost],
    own: OwnCosts | None,
    finance: Finance | None,
    years: Sequence[int],
    rng: np.random.Generator,
) -> Money:
    """Cost of placements, and budget and balance where the area gives them, under each scenario.

    `scenario_settings` holds plans by setting, (D, H, S) for each scenario, `base` (S,) those of January `base_year`,
    `years` the H Januaries. A year that is NaN in any future is withheld. Raises ValueError where shapes differ.
    """
    shapes = {one.shape for one in scenario_settings.values()}
    if len(shapes) != 1 or next(iter(shapes))[1:] != (len(years), len(SETTINGS)):
        raise ValueError(f"plans of all scenarios are (draws, {len(years)}, {len(SETTINGS)}), not {sorted(shapes)}")
    draws = next(iter(shapes))[0]
    uniform = rng.random((draws, len(SETTINGS)))
    of_budget, of_prices = rng.random((2, draws))
    priced = prices(unit_costs, own)
    units = priced.drawn(uniform, base)
    dearer = _growing(finance.price_growth if finance else None, of_prices, np.asarray(years) - base_year)
    at_base = units * np.nan_to_num(base)
    costs = {
        name: plans.astype(float) * units[:, None, :] * dearer[:, :, None] for name, plans in scenario_settings.items()
    }
    factor, notes = _scale(at_base, costs, base_year, years, own, finance)
    if factor is not None:
        at_base = at_base * factor[:, None]
        costs = {name: cost * factor[:, None, None] for name, cost in costs.items()}
    balance, untold = _balance(costs, finance, base_year, years, of_budget, scaled=factor is not None)
    made = _Rows(area_code, priced, priced.completed(base), base, base_year, tuple(years))
    return Money(
        made.of_costs(at_base, costs, balance),
        made.of_changes(at_base, costs),
        at_base,
        costs,
        None if factor is None else float(np.median(factor)),
        (_of_prices(unit_costs, priced, base, finance), *notes, *untold),
    )


def money_ahead(
    area_code: str,
    scenario_settings: Mapping[str, np.ndarray],
    base: np.ndarray,
    base_year: int,
    unit_costs: Mapping[str, PlacementCost],
    own: OwnCosts | None,
    finance: Finance | None,
    years: Sequence[int],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Rows of MoneyAhead without edition; see `money`."""
    return money(area_code, scenario_settings, base, base_year, unit_costs, own, finance, years, rng).rows


def _growing(growth: Growth | None, uniform: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(D, H) multiples after so many years at a growth that is drawn once a future; 1 where none is given."""
    if growth is None:
        return np.ones((len(uniform), len(after)))
    drawn = triangular(uniform, np.array(growth.low), np.array(growth.central), np.array(growth.high))
    return np.asarray((1 + drawn[:, None] / 100) ** after[None, :])


def _scale(
    at_base: np.ndarray,
    costs: Mapping[str, np.ndarray],
    base_year: int,
    years: Sequence[int],
    own: OwnCosts | None,
    finance: Finance | None,
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """(D,) factor from modelled cost to what was spent, and what is to be said of it."""
    known = _known_spending(own, finance)
    if known is None:
        return None, ()
    if known.january == base_year:
        modelled = at_base.sum(axis=1)
    elif known.january in years:
        main = costs[BASELINE] if BASELINE in costs else next(iter(costs.values()))
        modelled = main[:, list(years).index(known.january)].sum(axis=1)
    else:
        return None, (f"{known.words} are of another year than the plans, so that costs are not scaled to them.",)
    middle = float(np.median(modelled))
    if not middle > 0:
        return None, ()
    lower, upper = known.trusted
    compared = (
        f"The plans of January {known.january} would cost {pounds(middle)} at the costs of a place used here; "
        f"{known.words} come to {pounds(known.pounds)}."
    )
    if not lower <= known.pounds / middle <= upper:
        return None, (f"{compared} The two are too far apart for one to be scaled to the other.",)
    return known.pounds / modelled, (
        f"{compared} All costs are multiplied by {number(known.pounds / middle, 2)}, for placements are not all that "
        "the budget pays, and not every place costs the mean.",
    )


def _known_spending(own: OwnCosts | None, finance: Finance | None) -> Spending | None:
    if finance is not None and finance.spending is not None:
        return Spending(finance.spending, finance.january, TRUSTED_FINANCE, "the area’s accounts of high needs")
    if own is not None and own.total is not None and own.january is not None:
        return Spending(own.total, own.january, TRUSTED_RETURNS, "the area’s own returns of high-needs spending")
    return None


@dataclass(frozen=True)
class _Balance:
    """Budgets and the deficit at the end of each year in which both are known."""

    years: tuple[int, ...]
    budget: np.ndarray  # (D, years)
    deficit: Mapping[str, np.ndarray]  # scenario -> (D, years); none where spending is not known


def _balance(
    costs: Mapping[str, np.ndarray],
    finance: Finance | None,
    base_year: int,
    years: Sequence[int],
    uniform: np.ndarray,
    *,
    scaled: bool,
) -> tuple[_Balance | None, tuple[str, ...]]:
    if finance is None:
        return None, ("The area has given no high-needs budget, so that no balance is carried forward.",)
    first = finance.january
    if first < base_year or first > max(years):
        return None, (f"The budget given is that of {finance.financial_year}, which is not a year of this forecast.",)
    ahead = tuple(year for year in years if year >= first)
    after = np.array(ahead) - first
    budget = finance.high_needs_budget * _growing(finance.expected_growth, uniform, after)
    if not scaled:
        told = "How much was spent in all is not known well enough, so that no balance is carried forward."
        return _Balance(ahead, budget, {}), (told,)
    chosen = [list(years).index(year) for year in ahead]
    # In the year of the accounts the balance is known; it moves by what is spent beyond the budget after it.
    moves = after > 0
    deficit = {
        name: np.cumsum(np.where(moves, cost[:, chosen].sum(axis=2) - budget, 0.0), axis=1) - finance.balance
        for name, cost in costs.items()
    }
    prices_too = (
        ""
        if finance.price_growth
        else " while the cost of a place stays as it is, so that the deficit would be larger if prices rise"
    )
    growth = finance.expected_growth
    told = (
        f"The budget is carried from {finance.financial_year} at {_range(growth)} a year{prices_too}; "
        "no interest, no grant towards a deficit and no use of reserves is counted."
    )
    return _Balance(ahead, budget, deficit), (told,)


def _of_prices(costs: Mapping[str, PlacementCost], priced: Prices, plans: np.ndarray, finance: Finance | None) -> str:
    """Whose costs of a place are used, of which years, and what becomes of them."""
    used: dict[str, list[str]] = {OWN: [], PUBLISHED: []}
    for setting, basis, held in zip(SETTINGS, priced.basis, plans, strict=True):
        if basis and held > 0:
            used[basis].append(costs[setting].price_year[:7])
    words = []
    if used[OWN]:
        words.append("the area’s own means where its returns give one")
    if years := sorted(set(used[PUBLISHED])):
        told = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
        words.append(f"those published, or judged where none is, at the prices of {told}")
    grown = finance.price_growth if finance else None
    after = f"prices grow by {_range(grown)} a year" if grown else "prices stay as they were"
    return f"Costs of a place are {' and '.join(words)}, without transport; {after} in the years ahead."


def _range(growth: Growth) -> str:
    return f"{number(growth.central, 1)}% ({number(growth.low, 1)} to {number(growth.high, 1)})"


# --- rows --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """Writes simulated pounds as rows of MoneyAhead."""

    area_code: str
    priced: Prices
    units: np.ndarray  # (3, S)
    plans: np.ndarray  # (S,)
    base_year: int
    years: tuple[int, ...]

    def of_costs(self, base: np.ndarray, costs: Mapping[str, np.ndarray], balance: _Balance | None) -> pd.DataFrame:
        found = []
        years = (self.base_year, *self.years)
        for scenario, cost in costs.items():
            whole = np.concatenate([base[:, None, :], cost], axis=1)
            found.append(self._numbers(scenario, "cost", years, whole.sum(axis=2), self._total_basis()))
            for place, setting in enumerate(SETTINGS):
                if self.priced.costed[place] or self.priced.shared[place]:
                    basis = self.priced.basis[place] or self._total_basis()
                    part = self._numbers(scenario, f"cost_{setting}", years, whole[:, :, place], basis)
                    units = self.units[:, place].tolist()
                    found.append(
                        part.assign(**dict(zip(("unit_low", "unit_central", "unit_high"), units, strict=True)))
                    )
            if balance is not None:
                found.append(self._numbers(scenario, "budget", balance.years, balance.budget, OWN))
                if scenario in balance.deficit:
                    basis = OWN if self._total_basis() == OWN else MIXED
                    found.append(self._numbers(scenario, "deficit", balance.years, balance.deficit[scenario], basis))
        return _table(found)

    def of_changes(self, base: np.ndarray, costs: Mapping[str, np.ndarray]) -> pd.DataFrame:
        found = []
        for scenario, cost in costs.items():
            whole, basis = cost.sum(axis=2), self._total_basis()
            found.append(self._numbers(scenario, CHANGE, self.years, whole - base.sum(axis=1)[:, None], basis))
            if BASELINE in costs and scenario != BASELINE:
                against = costs[BASELINE].sum(axis=2)
                found.append(self._numbers(scenario, DIFFERENCE, self.years, whole - against, basis))
        return _table(found)

    def _total_basis(self) -> str:
        """Whose costs the total rests on, of settings in which there are plans."""
        used = {basis for basis, plans in zip(self.priced.basis, self.plans, strict=True) if basis and plans > 0}
        return used.pop() if len(used) == 1 else MIXED if used else PUBLISHED

    def _numbers(
        self, scenario: str, quantity: str, years: Sequence[int], draws: np.ndarray, basis: str
    ) -> pd.DataFrame:
        """A row a year from `draws` (D, years)."""
        table = pd.DataFrame(summarise(draws, axis=0))
        withheld = table["central"].isna()
        return table.assign(
            area_code=self.area_code,
            scenario=scenario,
            year=list(years),
            quantity=quantity,
            unit_low=np.nan,
            unit_central=np.nan,
            unit_high=np.nan,
            basis=basis,
            status=np.where(withheld, Standing.WITHHELD.value, Standing.OK.value),
            reason=np.where(withheld, NO_FORECAST, ""),
        )


def _table(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[_COLUMNS].astype(dict.fromkeys(NUMBERS, float))


@dataclass(frozen=True)
class Share:
    """A share in percent, now and in a coming January."""

    now: float
    year: int
    central: float
    lower: float
    upper: float

    @property
    def sentence(self) -> str:
        return (
            f"Independent and non-maintained special schools hold {number(self.now, 1)}% of plans now; by January "
            f"{self.year} it would be {number(self.central, 1)}% (95% interval {number(self.lower, 1)} to "
            f"{number(self.upper, 1)}) if places divide as England's trend has it; the "
            "area's own trend is not carried on."
        )


def independent_share(base: np.ndarray, draws: np.ndarray, years: Sequence[int]) -> tuple[Share, ...]:
    """Share of plans in independent special schools in each of `years`, from `base` (S,) and `draws` (D, H, S)."""
    place = SETTINGS.index("special_independent")
    if not np.nansum(base) > 0:
        return ()
    shares = 100 * draws[:, :, place] / draws.sum(axis=2)
    found = summarise(shares, axis=0)
    return tuple(
        Share(float(100 * base[place] / np.nansum(base)), year, *(float(found[name][at]) for name in _SHARE))
        for at, year in enumerate(years)
        if np.isfinite(found["central"][at])
    )


_SHARE = ("central", "lower_95", "upper_95")
