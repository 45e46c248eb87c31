"""The record of every model: what it would have said in years now known, and which model that record chooses.

Here: rolling origins, errors and coverage by authority and in all, breaks and faults of the counts by kind, the choice
of a model, and the acceptance table on Januaries 2019 to 2022. Not here: the models (`models.py`), next years' figures
(`forecast.py`).

One model for all beats the best of each authority's own record, which is short and mostly luck (origin 2022:
raw choice 3.6, 5.9 and 9.1 % at one, two and three years against 3.6, 5.2 and 7.4). So the pooled record chooses, and
an authority leaves the choice only for data that it lacks, or for a long record that is clearly better elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.future.intervals import LEVELS, conformal
from jsna_pipeline.future.models import NATIONAL, Evidence, Fit, Model, evidence, family, fit, origins
from jsna_pipeline.future.panel import Floats, Panel
from jsna_pipeline.future.tables import BANDS, HORIZONS
from jsna_pipeline.vocabulary import TOTAL

LEAD_IN = 4  # Januaries behind an origin that a scored forecast has, unless the panel itself begins later
UNEXPLAINED = 0.12  # change beyond new and ceased plans, as a share of plans: usually 0.01 to 0.04
COLLECTION = 2023  # first January counted person by person
COLUMNS = [
    "model", "area_code", "origin", "horizon", "actual", "forecast", "error", *BANDS, "scored", "note",
]  # fmt: skip
CHOSEN_OVER = (1, 2, 3)  # horizons whose error chooses
_PSEUDO_ORIGINS, _ORIGINS_TO_MOVE, _BETTER_BY = 6, 3, 0.2
IN_DOUBT = "does not follow from the plans made and ended"  # what a note says of a January's count
ACCEPTANCE_ORIGIN, ACCEPTANCE_FROM, ACCEPTANCE_TO = 2022, 2019, 2025
# Best simple baselines on those years: own and national growth mixed at one and two years, national growth at three.
ACCEPTED_MAPE = {1: 3.7, 2: 6.0, 3: 8.5}
ACCEPTED_COVERAGE = (92.0, 98.0)


@dataclass(frozen=True)
class Choice:
    """The model that the pooled back-test chose, and the authorities whose own record chose another."""

    default: str
    moved: Mapping[str, str]  # area code -> model id

    def model_of(self, area_code: str) -> str:
        """Id of the model of one authority."""
        return self.moved.get(area_code, self.default)


def backtest(panel: Panel, residents: pd.DataFrame | None = None) -> pd.DataFrame:
    """Backtest rows of every model, authority, origin since 2017 and horizon whose outcome is known.

    Intervals are made as the forecast's are, from errors known at the origin; null where there were none. Sorted by
    model, origin, horizon and area.
    """
    known = evidence(panel, residents)
    starts = origins(panel, panel.years[-1] - 1)
    frames = [_outcomes(model, known, fit(model, known, origin)) for model in family(residents) for origin in starts]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    rows = pd.concat(frames, ignore_index=True)
    told = pd.concat([_circumstances(panel, origin) for origin in starts], ignore_index=True)
    rows = rows.merge(told, on=["area_code", "origin", "horizon"], validate="many_to_one")
    return rows.sort_values(["model", "origin", "horizon", "area_code"], ignore_index=True)[COLUMNS]


def half_widths(fitted: Fit, level: float) -> Floats:
    """(A, H) log half widths of the interval at `level`, from the pool of the model that spoke for each authority."""
    widths = np.full(fitted.log_plans.shape, np.nan)
    for rung, pools in fitted.rung_pools.items():
        spoke = fitted.rung == rung
        widths[spoke] = np.array([conformal(pool, level) for pool in pools])
    return widths * fitted.scale[:, None]


def _outcomes(model: Model, known: Evidence, fitted: Fit) -> pd.DataFrame:
    """Forecasts of one origin beside what came."""
    panel = known.panel
    column = panel.at(fitted.origin)
    horizons = [ahead for ahead in HORIZONS if fitted.origin + ahead <= panel.years[-1]]
    said = np.exp(fitted.log_plans[:, : len(horizons)])
    actual = panel.plans[:, column + 1 : column + 1 + len(horizons)]
    table = {
        "area_code": np.repeat(np.asarray(panel.areas, dtype=object), len(horizons)),
        "horizon": np.tile(horizons, len(panel.areas)),
        "actual": actual.ravel(),
        "forecast": said.ravel(),
    }
    for level in LEVELS:
        width = np.exp(half_widths(fitted, level)[:, : len(horizons)])
        name = f"{level * 100:.0f}"
        table |= {f"lower_{name}": (said / width).ravel(), f"upper_{name}": (said * width).ravel()}
    rows = pd.DataFrame(table).dropna(subset=["actual", "forecast"])
    rows = rows[rows["actual"].gt(0)]
    error = (rows["forecast"] / rows["actual"] - 1) * 100
    return rows.assign(model=model.id, origin=fitted.origin, error=error)


# --- breaks and faults of the counts ------------------------------------------------------------------


def formed(panel: Panel) -> np.ndarray:
    """(A,) year in which the authority's area became what it is; 0 where it has long been so."""
    breaks = geography.boundary_breaks()
    latest = breaks.groupby("area_code")["date"].max().str.slice(0, 4).astype("int64")
    return np.asarray(latest.reindex(list(panel.areas)).fillna(0).astype("int64"))


def _circumstances(panel: Panel, origin: int) -> pd.DataFrame:
    """Whether each forecast made at `origin` is scored, and what of its counts a reader must know."""
    column = panel.at(origin)
    first = max(column - LEAD_IN + 1, 0)
    since = formed(panel)
    # Counted in January, formed in April: the first count of its own is the next January's.
    young = since + LEAD_IN > origin
    short = np.isnan(panel.plans[:, first : column + 1]).any(axis=1)
    unexplained = np.abs(np.nan_to_num(panel.unexplained())) > UNEXPLAINED
    frames = []
    for ahead in (ahead for ahead in HORIZONS if origin + ahead <= panel.years[-1]):
        year = origin + ahead
        notes = [
            np.where(young, [f"Formed in {when}, with too few Januaries of its own. " for when in since], ""),
            np.where(short & ~young, f"No unbroken counts of the Januaries {panel.years[first]} to {origin}. ", ""),
            *(
                np.where(unexplained[:, panel.at(january)], f"The count of January {january} {IN_DOUBT}. ", "")
                for january in range(origin, year + 1)
            ),
            np.full(len(panel.areas), f"Counted person by person from January {COLLECTION}. ")
            if origin < COLLECTION <= year
            else np.full(len(panel.areas), ""),
        ]  # fmt: skip
        text = ["".join(parts).strip() for parts in zip(*notes, strict=True)]
        unbroken = ~np.isnan(panel.plans[:, first : panel.at(year) + 1]).any(axis=1)
        held = {"area_code": list(panel.areas), "scored": unbroken & ~young, "note": text}
        frames.append(pd.DataFrame(held).assign(origin=origin, horizon=ahead))
    return pd.concat(frames, ignore_index=True)


# --- summaries ----------------------------------------------------------------------------------------


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Scored rows of the origins and horizons at which every model spoke that needs no residents by age."""
    scored = rows[rows["scored"].astype(bool)]
    general = scored[scored["model"].ne("age_rates")]
    spoke = general.groupby(["origin", "horizon"])["model"].nunique()
    common = spoke[spoke.eq(general["model"].nunique())].reset_index()[["origin", "horizon"]]
    return scored.merge(common, on=["origin", "horizon"])


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """BacktestSummary rows of scored forecasts: by origin, and `total` over the origins that all models share."""
    scored = rows[rows["scored"].astype(bool)]
    parts = [scored.assign(origin=scored["origin"].astype("str")), _comparable(rows).assign(origin=TOTAL)]
    held = pd.concat(parts, ignore_index=True)
    size = held["error"].abs()
    held = held.assign(size=size, half_width_95=(held["upper_95"] / held["forecast"] - 1) * 100)
    for level in ("50", "80", "95"):
        inside = held["actual"].ge(held[f"lower_{level}"]) & held["actual"].le(held[f"upper_{level}"])
        held[f"coverage_{level}"] = inside.astype("float64").where(held[f"lower_{level}"].notna()) * 100
    return (
        held.groupby(["model", "origin", "horizon"])
        .agg(
            areas=("size", "size"),
            mape=("size", "mean"),
            median_error=("size", "median"),
            bias=("error", "mean"),
            coverage_50=("coverage_50", "mean"),
            coverage_80=("coverage_80", "mean"),
            coverage_95=("coverage_95", "mean"),
            half_width_95=("half_width_95", "median"),
        )
        .reset_index()
    )


def worst(rows: pd.DataFrame, model: str, horizon: int = 1, origin: int | None = None, count: int = 10) -> pd.DataFrame:
    """The `count` scored Backtest rows of one model with the largest errors; of the newest origin unless one is given.

    Column `outside` says whether the actual count lay outside the 95 interval. Empty where nothing was scored.
    """
    held = rows[rows["model"].eq(model) & rows["horizon"].eq(horizon) & rows["scored"].astype(bool)]
    held = held[held["origin"].eq(held["origin"].max() if origin is None else origin)]
    largest = held["error"].abs().sort_values(ascending=False, kind="stable").index[:count]
    held = held.loc[largest]
    outside = held["actual"].lt(held["lower_95"]) | held["actual"].gt(held["upper_95"])
    return held.assign(outside=outside).reset_index(drop=True)


def acceptance(rows: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Every model at January 2022 over the authorities with a count in all of 2019 to 2025, against the line to beat.

    Columns: model, horizon, areas, mape, line, median_error, bias, coverage_95, beats. Empty where the panel does not
    reach that far.
    """
    held = [panel.at(year) for year in range(ACCEPTANCE_FROM, ACCEPTANCE_TO + 1) if year in panel.years]
    whole = np.flatnonzero(~np.isnan(panel.plans[:, held]).any(axis=1))
    areas = [panel.areas[place] for place in whole]
    tested = rows[rows["area_code"].isin(areas) & rows["origin"].eq(ACCEPTANCE_ORIGIN)]
    tested = tested[tested["horizon"].isin(list(ACCEPTED_MAPE))]
    found = summary(tested.assign(scored=True))
    found = found[found["origin"].eq(str(ACCEPTANCE_ORIGIN))]
    line = found["horizon"].map(ACCEPTED_MAPE)
    beats = found["mape"].lt(line) & found["coverage_95"].between(*ACCEPTED_COVERAGE)
    columns = ["model", "horizon", "areas", "mape", "line", "median_error", "bias", "coverage_95", "beats"]
    return found.assign(line=line, beats=beats)[columns].reset_index(drop=True)


# --- choice -------------------------------------------------------------------------------------------


def choose(rows: pd.DataFrame) -> Choice:
    """The model with the least pooled error one to three years ahead, and the authorities that another suits better.

    An authority moves where at least three origins are scored and the other model's error, shrunk to that model's
    pooled error by six pseudo-origins, is 20 % lower at each of those horizons. National growth where nothing could be
    scored.
    """
    held = _comparable(rows)
    held = held[held["horizon"].isin(CHOSEN_OVER)]
    if held.empty:
        return Choice(NATIONAL.id, {})
    sized = held.assign(size=held["error"].abs())
    pooled = sized.pivot_table(index="model", columns="horizon", values="size", aggfunc="mean")
    # A model that could be tried at fewer origins is no candidate: its mean is of other years.
    tried = sized.groupby("model")["origin"].nunique()
    mean = pooled.mean(axis=1)[tried.ge(tried.max())]
    default = str(mean.idxmin())
    own = held[held["model"].isin(mean.index)]
    gains = [_gains(part, default) for _, part in own.groupby("horizon")]
    # Better at every horizon: one lucky year weighs on all three, which overlap.
    least = gains[0]
    for gain in gains[1:]:
        least = least.combine(gain, np.minimum).fillna(0.0)
    best = least.max(axis=1)
    moved = least[best.ge(_BETTER_BY)].idxmax(axis=1)
    return Choice(default, {str(code): str(model) for code, model in moved.items()})


def _gains(rows: pd.DataFrame, default: str) -> pd.DataFrame:
    """Authorities by models: by what share each model's shrunk error is below the default's, at one horizon."""
    rows = rows.assign(size=np.abs(np.log(rows["forecast"] / rows["actual"])))
    errors = rows.pivot_table(index="area_code", columns="model", values="size")
    seen = rows[rows["model"].eq(default)].groupby("area_code")["origin"].nunique().reindex(errors.index).fillna(0)
    prior = _PSEUDO_ORIGINS * rows.groupby("model")["size"].mean()
    shrunk = errors.mul(seen, axis=0).add(prior, axis=1).div(seen + _PSEUDO_ORIGINS, axis=0)
    return 1 - shrunk.div(shrunk[default], axis=0).where(seen.ge(_ORIGINS_TO_MOVE), 1.0, axis=0)
