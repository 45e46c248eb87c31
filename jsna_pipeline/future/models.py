"""The family of models of an authority's plans, and how each is fitted on what was known at an origin.

Here: every model as a record, its signals, its robust regression, and the errors it would have made before. Not here:
whose errors were smaller (`backtest.py`), draws (`intervals.py`), what may be printed (`forecast.py`).

All models have one form. The log of the plans h years after January o is an offset, known at o, and signals of the
authority times weights of that horizon, which are fitted to all authorities at earlier origins. Last value, linear,
damped and national growth have an offset alone. Arrays are (A, Y) or (A, Y, H): a column of a year holds nothing
that was published after the count of that January.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from jsna_pipeline.future.intervals import continued, scale, volatility
from jsna_pipeline.future.panel import Floats, Panel
from jsna_pipeline.future.tables import AGE_BANDS, HORIZONS

# Before it the reform of 2014 was being carried through: growth of 0 to 6 % a year, 8 to 11 % since.
FIRST_ORIGIN = 2017
_FEW_ORIGINS = 3  # beyond two years ahead, fewer earlier origins teach no weights: those of the year before are kept
_SPAN = 2  # years over which national growth is taken
_WINSOR = 2.5  # signals are cut at so many robust standard deviations
_RIDGE, _HUBER, _ROUNDS = 0.02, 1.0, 40
_DAMPING = 0.9  # a year's growth of its own trend, as a share of the year before's
_ACCUMULATING = ("prevalence",)  # its weight grows with each year ahead, where the others' is spent after the first
_RESIDENT_UPPER = (4, 10, 15, 19, 25)  # last year of age of each of AGE_BANDS

Offset = Callable[[Panel, pd.DataFrame | None], Floats]


@dataclass(frozen=True)
class Model:
    """One way of forecasting, in words and in its two parts."""

    id: str
    name: str
    description: str
    offset: Offset = field(repr=False)  # (A, Y, H) log plans
    signals: tuple[str, ...] = ()
    required: tuple[str, ...] = ()  # signals without which an authority takes the next rung instead
    next_rung: str = ""  # id of the model that needs less
    needs_residents: bool = False


@dataclass(frozen=True)
class Fit:
    """A model fitted on what was known at one origin: forecasts of A authorities at H horizons."""

    origin: int
    log_plans: Floats  # (A, H); NaN where the model cannot say
    weights: Floats  # (H, signals)
    pools: tuple[Floats, ...]  # by horizon: sorted absolute errors in scales, each origin left out of its own fit
    scale: Floats  # (A,)
    rung: np.ndarray  # (A,) id of the model that spoke, which needs no more than the authority has
    rung_pools: Mapping[str, tuple[Floats, ...]]  # the pools of each of them


# --- national growth and signals ----------------------------------------------------------------------


def _spans(panel: Panel) -> tuple[int, ...]:
    """Years back over which growth is taken at each January: two, one at the panel's second, none at its first."""
    return tuple(min(_SPAN, place) for place in range(len(panel.years)))


def _before(panel: Panel) -> Floats:
    """(A, Y) plans at the start of the span that ends in each January."""
    starts = [place - span if span else 0 for place, span in enumerate(_spans(panel))]
    before = panel.plans[:, starts].copy()
    before[:, [span == 0 for span in _spans(panel)]] = np.nan
    return before


def _grouped_growth(panel: Panel, group: np.ndarray) -> Floats:
    """(A, Y) log growth a year of the sum over each authority's group, of those with a count at both ends."""
    before = _before(panel)
    both = ~np.isnan(panel.plans) & ~np.isnan(before)
    codes, members = np.unique(group.astype(str), return_inverse=True)
    sums = np.zeros((2, len(codes), len(panel.years)))
    np.add.at(sums[0], members, np.where(both, panel.plans, 0))
    np.add.at(sums[1], members, np.where(both, before, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log(sums[0] / sums[1]) / np.asarray(_spans(panel))
    return np.asarray(np.where(np.isfinite(growth), growth, np.nan)[members])


def national_growth(panel: Panel) -> Floats:
    """(Y,) log growth of plans a year, over the two years to each January; NaN in the first."""
    return _grouped_growth(panel, np.zeros(len(panel.areas)))[0]


def signals(panel: Panel) -> dict[str, Floats]:
    """(A, Y) each: what was known of an authority at each January, less its median; NaN where unknown.

    growth_1 and growth_2: log growth of the last year and of the last two a year, less the nation's; region: the
    region's, less the nation's; requests: log of requests for assessment, less those refused, per plan; prevalence:
    log of plans per resident aged 0-17. Cut at 2.5 robust standard deviations, for 0, -5 and 6,078 do occur.
    """
    nation = national_growth(panel)
    with np.errstate(divide="ignore", invalid="ignore"):
        last = panel.lagged(panel.plans, 1)
        year = np.log(panel.plans / last)
        both = ~np.isnan(year)
        of_nation = np.log(np.where(both, panel.plans, 0).sum(axis=0) / np.where(both, last, 0).sum(axis=0))
        net = panel.requests - panel.refused
        raw = {
            "growth_1": year - of_nation,
            "growth_2": np.log(panel.plans / _before(panel)) / np.asarray(_spans(panel)) - nation,
            "region": _grouped_growth(panel, panel.region) - nation,
            "requests": np.log(np.where(net > 0, net, np.nan) / panel.plans),
            "prevalence": np.log(panel.plans / panel.children),
        }
    followed = ~np.isnan(panel.plans) & ~np.isnan(_before(panel))
    return {name: _centred(values, followed) for name, values in raw.items()}


def _centred(values: Floats, followed: np.ndarray) -> Floats:
    """Less the median of the authorities followed, so that no national level leaks into a weight; tails cut."""
    finite = np.where(np.isfinite(values), values, np.nan)
    among = np.where(followed, finite, np.nan)
    away = finite - _median(among)
    reach = _WINSOR * 1.4826 * _median(np.abs(np.where(followed, away, np.nan)))
    return np.clip(away, -reach, reach)


def _median(values: Floats) -> Floats:
    """(Y,) medians of the columns, NaN for a column without a number."""
    return np.array([np.median(held[~np.isnan(held)]) if (~np.isnan(held)).any() else np.nan for held in values.T])


# --- offsets ------------------------------------------------------------------------------------------

_AHEAD = np.asarray(HORIZONS, dtype="float64")


def _log(panel: Panel) -> Floats:
    return np.asarray(np.log(np.where(panel.plans > 0, panel.plans, np.nan)))[:, :, None]


def _last_value(panel: Panel, _: pd.DataFrame | None) -> Floats:
    return _log(panel) + 0 * _AHEAD


def _national(panel: Panel, _: pd.DataFrame | None) -> Floats:
    return _log(panel) + national_growth(panel)[:, None] * _AHEAD


def _linear(panel: Panel, _: pd.DataFrame | None) -> Floats:
    """The straight line of least squares through the last four Januaries, or as many as there are, two at least."""
    held = np.stack([panel.lagged(panel.plans, back) for back in range(4)])
    unbroken = ~np.isnan(held).cumsum(axis=0).astype(bool)
    counts = np.where(unbroken, held, 0.0)
    n = unbroken.sum(axis=0)
    time = -np.arange(4.0)[:, None, None] * unbroken
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_time, mean = time.sum(axis=0) / n, counts.sum(axis=0) / n
        spread = np.where(unbroken, (time - mean_time) ** 2, 0).sum(axis=0)
        slope = np.where(unbroken, (time - mean_time) * (counts - mean), 0).sum(axis=0) / spread
    line = (mean - slope * mean_time)[:, :, None] + slope[:, :, None] * _AHEAD
    return np.asarray(np.log(np.maximum(line, 1.0)))  # a falling line ends at one plan, where its logarithm does


def _damped(panel: Panel, _: pd.DataFrame | None) -> Floats:
    """Own growth over up to three years, each coming year's nine tenths of the one before's."""
    logs = _log(panel)[:, :, 0]
    growth = np.full_like(logs, np.nan)
    for back in (1, 2, 3):  # the longest span known wins
        over = (logs - panel.lagged(logs, back)) / back
        growth = np.where(np.isnan(over), growth, over)
    return logs[:, :, None] + growth[:, :, None] * np.cumsum(_DAMPING**_AHEAD)


def _age_rates(panel: Panel, residents: pd.DataFrame | None) -> Floats:
    """Plans of each age band per resident of it, at the projected residents, rates growing as the nation's do.

    The rates of all bands move together: the published ages break between January 2022 and 2024.
    """
    if residents is None:
        raise ValueError("age_rates needs residents by single year of age")
    people = _residents_by_band(panel, residents)  # (A, Y + 5, 5)
    years = len(panel.years)
    now = people[:, :years]
    shares = _shares(panel.by_age)
    weights = np.where(np.isnan(panel.plans), 0.0, panel.plans)[:, :, None] * np.nan_to_num(shares)
    offset = np.full((len(panel.areas), years, len(HORIZONS)), np.nan)
    nation = national_growth(panel)
    drift = _standardised_growth(panel, people, weights)
    for place, ahead in enumerate(HORIZONS):
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = (shares * people[:, ahead : ahead + years] / now).sum(axis=2)
            offset[:, :, place] = _log(panel)[:, :, 0] + np.log(factor) + ahead * (nation - drift)
    return np.where(np.isfinite(offset), offset, np.nan)


def _standardised_growth(panel: Panel, people: Floats, weights: Floats) -> Floats:
    """(Y,) log growth a year that the nation's residents alone gave plans, over the span of national growth."""
    drift = np.full(len(panel.years), np.nan)
    for place, span in enumerate(_spans(panel)):
        if span:
            ratio = people[:, place] / people[:, place - span]
            known = ~np.isnan(ratio).any(axis=1) & (weights[:, place].sum(axis=1) > 0)
            after, held = weights[known, place], ratio[known]
            drift[place] = np.log(after.sum() / (after / held).sum()) / span if known.any() else np.nan
    return drift


def _shares(by_age: Floats) -> Floats:
    """(A, Y, 5) each band's share of plans, the last one known carried on for one January that has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = by_age / by_age.sum(axis=2, keepdims=True)
    carried = shares.copy()
    carried[:, 1:] = np.where(np.isnan(shares[:, 1:]), shares[:, :-1], shares[:, 1:])
    return carried


def _residents_by_band(panel: Panel, residents: pd.DataFrame) -> Floats:
    """(A, Y + 5, 5) residents in the middle of the year before each January, by AGE_BANDS."""
    band = pd.cut(residents["age"], [-1, *_RESIDENT_UPPER], labels=AGE_BANDS)
    table = residents.assign(band=band.astype("str"), january=residents["year"] + 1)
    januaries = [*panel.years, *(panel.years[-1] + ahead for ahead in HORIZONS)]
    summed = table.pivot_table(index=["area_code", "january"], columns="band", values="central", aggfunc="sum")
    keys = pd.MultiIndex.from_product([panel.areas, januaries], names=["area_code", "january"])
    held = summed.reindex(index=keys, columns=list(AGE_BANDS)).to_numpy(dtype="float64")
    return np.asarray(held.reshape(len(panel.areas), len(januaries), len(AGE_BANDS)))


# --- the family ---------------------------------------------------------------------------------------

NATIONAL = Model(
    "national_growth", "England's growth",
    "Plans grow each year as England's have grown a year over the last two.",
    _national,
)  # fmt: skip
WITHOUT_GROWTH = Model(
    "without_growth", "Leading indicators without the authority's own growth",
    "As the leading indicators, for an authority whose plans of the January before are not known.",
    _national, ("prevalence", "requests"), ("requests",), NATIONAL.id,
)  # fmt: skip
WITHOUT_REQUESTS = Model(
    "without_requests", "Leading indicators without requests",
    "As the leading indicators, for an authority whose requests for assessment are not known.",
    _national, ("growth_1", "prevalence", "region"), ("growth_1",), WITHOUT_GROWTH.id,
)  # fmt: skip
LEADING = Model(
    "leading_indicators", "Leading indicators",
    "England's growth, more where requests for assessment and the authority's and its region's growth run high, "
    "less where many children have a plan already.",
    _national, ("growth_1", "prevalence", "region", "requests"), ("growth_1", "requests"), WITHOUT_REQUESTS.id,
)  # fmt: skip
FAMILY: tuple[Model, ...] = (
    Model("last_value", "Last value", "Plans stay as they were in the last January.", _last_value),
    Model("linear", "Linear trend", "The straight line through the last four Januaries goes on.", _linear),
    Model(
        "damped_trend", "Damped trend",
        "The authority's own growth of three years goes on, each year's nine tenths of the one before's.",
        _damped,
    ),
    NATIONAL,
    Model(
        "shrunk_growth", "Own growth shrunk to England's",
        "England's growth and a part of the authority's own difference from it; how large a part, past years decide.",
        _national, ("growth_2",),
    ),
    LEADING,
    Model(
        "age_rates", "Rates by age on the projected population",
        "Plans of each age group per resident of that age, at the residents expected, the rates growing as England's "
        "and in part the authority's own. Its past forecasts use populations as they are known now.",
        _age_rates, ("growth_2",), needs_residents=True,
    ),
)  # fmt: skip
RUNGS: dict[str, Model] = {model.id: model for model in (*FAMILY, WITHOUT_REQUESTS, WITHOUT_GROWTH)}


def family(residents: pd.DataFrame | None) -> tuple[Model, ...]:
    """The models that can be run: without residents by age, all but the one that needs them."""
    return tuple(model for model in FAMILY if residents is not None or not model.needs_residents)


# --- fitting ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Evidence:
    """What all fits on one panel share, worked out once."""

    panel: Panel
    residents: pd.DataFrame | None
    signals: Mapping[str, Floats]
    unsteadiness: Floats
    offsets: dict[Offset, Floats] = field(default_factory=dict)

    def offset(self, model: Model) -> Floats:
        """(A, Y, H) log plans that the model's offset gives at every January."""
        if model.offset not in self.offsets:
            self.offsets[model.offset] = model.offset(self.panel, self.residents)
        return self.offsets[model.offset]

    def inputs(self, model: Model) -> Floats:
        """(A, Y, signals), an unknown one standing at the middle authority's."""
        held = [self.signals[name] for name in model.signals]
        return np.nan_to_num(np.stack(held, axis=2)) if held else np.zeros((*self.panel.plans.shape, 0))


def evidence(panel: Panel, residents: pd.DataFrame | None = None) -> Evidence:
    """Signals and unsteadiness of a panel; `residents` are FuturePopulation rows, without which age_rates is out."""
    return Evidence(panel, residents, signals(panel), volatility(panel))


def origins(panel: Panel, before: int) -> range:
    """Januaries that may teach or test, up to and with `before`: since 2017, with a January before them."""
    return range(max(FIRST_ORIGIN, panel.years[0] + 1), before + 1)


def fit(model: Model, known: Evidence, origin: int) -> Fit:
    """`model` fitted on outcomes to January `origin` and applied there, each authority on the rung it can stand on.

    Raises ValueError for an origin outside the panel or residents that the model lacks.
    """
    panel, column = known.panel, known.panel.at(origin)
    plans = np.full((len(panel.areas), len(HORIZONS)), np.nan)
    spoke = np.full(len(panel.areas), model.id, dtype=object)
    left = ~np.isnan(panel.plans[:, column])
    pools: dict[str, tuple[Floats, ...]] = {}
    own_weights, rung = np.empty((0, 0)), model
    while True:
        weights, pools[rung.id] = _weights(rung, known, origin)
        own_weights = weights if rung is model else own_weights
        has = [~np.isnan(known.signals[name][:, column]) for name in rung.required]
        here = left & np.all([np.ones(len(left), dtype=bool), *has], axis=0)
        said = known.offset(rung)[:, column] + known.inputs(rung)[:, column] @ weights.T
        plans[here], spoke[here] = said[here], rung.id
        left = left & ~here
        if not rung.next_rung or not left.any():
            break
        rung = RUNGS[rung.next_rung]
    size = scale(panel.plans[:, column], known.unsteadiness[:, column])
    return Fit(origin, plans, own_weights, pools[model.id], size, spoke, pools)


def forecast(
    model: Model, panel: Panel, origin: int, horizons: Sequence[int] = HORIZONS, residents: pd.DataFrame | None = None
) -> Floats:
    """(A, H) log plans at `horizons` years after January `origin`, from what was known then; NaN where unsaid."""
    wanted = [HORIZONS.index(ahead) for ahead in horizons]
    return fit(model, evidence(panel, residents), origin).log_plans[:, wanted]


def _weights(model: Model, known: Evidence, origin: int) -> tuple[Floats, tuple[Floats, ...]]:
    """(H, signals) weights, and the pool of errors of each horizon; NaN and empty where no past origin teaches any."""
    names = model.signals
    grows = np.array([name in _ACCUMULATING for name in names], dtype=bool)
    weights, pools = [np.zeros(len(names))], [np.empty(0)]  # of no year ahead: nothing, and no error
    for ahead in HORIZONS:
        taught = list(origins(known.panel, origin - ahead))
        last, nearer = weights[-1], weights[-2] if len(weights) > 1 else np.zeros(len(names))
        kept = np.where(grows, 2 * last - nearer, last)
        if len(taught) >= (_FEW_ORIGINS if ahead > 2 else 1):
            found, pool = _taught(model, known, taught, ahead, kept)
        else:
            found, pool = kept, continued(pools[-2] if len(pools) > 1 else np.empty(0), pools[-1])
        weights.append(found)
        pools.append(pool)
    if names and not len(pools[1]):
        return np.full((len(HORIZONS), len(names)), np.nan), tuple(pools[1:])
    return np.stack(weights[1:]), tuple(pools[1:])


def _taught(model: Model, known: Evidence, taught: Sequence[int], ahead: int, kept: Floats) -> tuple[Floats, Floats]:
    """Weights from all origins `taught`, and the errors in scales that each would have had without itself."""
    rows = [_row(model, known, origin, ahead) for origin in taught]
    rows = [row for row in rows if len(row[1])]
    if not rows:
        return kept, np.empty(0)
    origin_of = np.repeat(np.arange(len(rows)), [len(row[1]) for row in rows])
    inputs, missed, size = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    centred = np.concatenate([row[1] - np.median(row[1]) for row in rows])
    weights = _huber(inputs, centred, kept)
    residual = np.empty_like(missed)
    for place in range(len(rows)):
        own = origin_of == place
        without = _huber(inputs[~own], centred[~own], kept) if len(rows) > 1 and len(kept) else weights
        residual[own] = missed[own] - inputs[own] @ without  # the national error is kept in
    return weights, np.sort(np.abs(residual) / size)


def _row(model: Model, known: Evidence, origin: int, ahead: int) -> tuple[Floats, Floats, Floats]:
    """Signals, log outcome less offset, and scale of the authorities with unbroken counts round one past origin."""
    panel, column = known.panel, known.panel.at(origin)
    outcome = column + ahead
    unbroken = ~np.isnan(panel.plans[:, max(column - _SPAN, 0) : outcome + 1]).any(axis=1)
    with np.errstate(divide="ignore"):
        missed = np.log(panel.plans[:, outcome]) - known.offset(model)[:, column, ahead - 1]
    used = unbroken & np.isfinite(missed)
    size = scale(panel.plans[used, column], known.unsteadiness[used, column])
    return known.inputs(model)[used, column], missed[used], size


def _huber(inputs: Floats, outcome: Floats, kept: Floats) -> Floats:
    """Weights by Huber's regression with a small ridge; a signal that no row holds keeps its weight of `kept`.

    Huber, Robust Estimation of a Location Parameter, 1964: least squares within one robust standard deviation, least
    absolute deviations beyond, so that no fault of one authority's counts bends the weights of all.
    """
    alive = inputs.std(axis=0) > 0 if len(inputs) else np.zeros(len(kept), dtype=bool)
    if not alive.any():
        return kept
    design = np.column_stack([np.ones(len(outcome)), inputs[:, alive]])
    ridge = np.diag([0.0, *(_RIDGE * inputs[:, alive].var(axis=0) * len(outcome))])
    each, found = np.ones(len(outcome)), np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        before, weighted = found, design * each[:, None]
        found = np.linalg.lstsq(weighted.T @ design + ridge, weighted.T @ outcome, rcond=None)[0]
        away = np.abs(outcome - design @ found)
        each = 1 / np.maximum(1, away / max(_HUBER * np.median(away) / 0.6745, 1e-12))
        if np.abs(found - before).max() < 1e-10:
            break
    weights = kept.copy()
    weights[alive] = found[1:]
    return weights
