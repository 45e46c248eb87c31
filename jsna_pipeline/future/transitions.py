"""A second opinion from an area's own records: who joined, moved and left between two Januaries.

Here: Dirichlet-multinomial transitions between age bands and settings from two person-level SEN2 returns, with priors
of England's published flows, and futures simulated from them. Not here: reading or protecting records (`returns/`,
`local/`), or the chosen forecast (`forecast.py`).

This never becomes the chosen model. It rests on one year's moves; it can enter the rolling back-test only when the
area holds returns of three Januaries or more, and until then it stands beside the forecast and is called a second
opinion.

Disclosure: only what `second_opinion` returns may leave: simulated totals by age band and by setting, in coming
Januaries, to the nearest five with their intervals. Transitions, posterior counts and persons never do, and no error
raised here holds a value of a person.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import polars as pl

from jsna_pipeline.errors import InputError
from jsna_pipeline.future import composition_counts as counts
from jsna_pipeline.future.composition import Composition
from jsna_pipeline.future.composition_counts import BAND_OF_AGE
from jsna_pipeline.future.tables import AGE_BANDS, DRAWS, HORIZONS, SETTINGS
from jsna_pipeline.vocabulary import TOTAL, AreaLevel

STATES = len(AGE_BANDS) * len(SETTINGS)  # age band x setting
PRIOR_PERSONS = 20.0  # England's pattern counts as so many persons of each state
STAYING, STAYING_ACROSS = 0.92, 0.5  # prior chance to keep the setting within a band and into the next: judgement
FEWEST_PERSONS, NEAREST = 100, 5
COLUMNS = ("person", "age_band", "setting", "need")
_SALT = zlib.crc32(b"second opinion")

# Words of `local/bands.py`.
SETTING_OF_PROVISION = {
    "mainstream": "mainstream",
    "independent_mainstream": "mainstream",
    "resourced_or_unit": "resourced_or_unit",
    "state_special": "special_state",
    "independent_special": "special_independent",
    "alternative_provision": "alternative_provision",
    "further_education": "further_education",
    "early_years": "early_years",
    "educated_elsewhere": "educated_elsewhere",
    "not_in_education": "educated_elsewhere",
}
AGE_BAND_OF = dict(zip(("0-4", "5-10", "11-15", "16-19", "20-25"), AGE_BANDS, strict=True))


@dataclass(frozen=True)
class Priors:
    """England's published pattern, as chances."""

    leaving: np.ndarray  # (bands,) a plan ends within the year
    ageing: np.ndarray  # (bands,) one that goes on is in the next band a year later
    settings: np.ndarray  # (bands, settings) of plans of a band
    joiners: np.ndarray  # (bands, settings) of new plans
    joiner_spread: float  # sd of the log change of an authority's new plans in a year


@dataclass(frozen=True)
class Transitions:
    """Posterior counts; of one area, restricted, and never shown."""

    moves: np.ndarray = field(repr=False)  # (STATES, STATES + 1) to each state, or out
    joining: np.ndarray = field(repr=False)  # (STATES,) new persons by state
    held: np.ndarray = field(repr=False)  # (STATES,) persons of the later January
    joined: int = field(repr=False)


def england_priors(core: Mapping[str, pd.DataFrame], comp: Composition) -> Priors:
    """Priors from the mix of England (`comp`) and its new plans (dfe__sen2_new_plans) by age and placement."""
    plans = comp.joint.sum(axis=2)  # (areas, ages, settings)
    ages = plans.sum(axis=2)
    bands = np.eye(len(AGE_BANDS))[BAND_OF_AGE]
    kept = (ages * comp.kept).sum(axis=0)
    last_of_band = np.append(BAND_OF_AGE[1:] != BAND_OF_AGE[:-1], False)
    stay, across = kept @ bands, (kept * last_of_band) @ bands
    setting = np.einsum("aes,eb->bs", plans, bands)
    codes, year = comp.areas, comp.base_year - 1
    begun = counts.new_plan_settings(core["dfe__sen2_new_plans"], codes, year)
    aged = np.einsum("ae,eb->b", comp.joiners.sum(axis=2), bands)
    # Age and placement of new plans are published apart: their product, shaped by where plans of each band are.
    shaped = _shares(setting) * np.nansum(begun, axis=0) / np.maximum(setting.sum(axis=0), 1)
    return Priors(
        leaving=1 - stay / np.maximum(ages.sum(axis=0) @ bands, 1),
        ageing=across / np.maximum(stay, 1),
        settings=_shares(setting),
        joiners=_shares(shaped) * (aged / aged.sum())[:, None],
        joiner_spread=_joiner_spread(core["dfe__sen2_new_plans"]),
    )


def _joiner_spread(new_plans: pd.DataFrame) -> float:
    """Robust sd of the yearly log change of new plans, less the nation's; 2022 is faulty and left out."""
    local = new_plans["area_level"].eq(AreaLevel.LOCAL_AUTHORITY) & new_plans["dimension"].eq(TOTAL)
    wide = new_plans[local & new_plans["period"].ne("2022")]
    wide = wide.pivot_table(index="area_code", columns="period", values="new_plans")
    wide = wide.where(wide > 0)
    years = sorted(wide.columns)
    pairs = [(early, late) for early in years for late in years if int(late) - int(early) == 1]
    changes = np.concatenate([_centred(np.log(wide[late] / wide[early]).to_numpy()) for early, late in pairs])
    return float(1.4826 * np.nanmedian(np.abs(changes)))


def _centred(values: np.ndarray) -> np.ndarray:
    return np.asarray(values - np.nanmedian(values))


def _shares(counted: np.ndarray) -> np.ndarray:
    total = counted.sum(axis=-1, keepdims=True)
    return np.divide(counted, total, out=np.zeros_like(counted, dtype=float), where=total > 0)


# --- persons --------------------------------------------------------------------------------------------


def persons(units: pl.DataFrame) -> pl.DataFrame:
    """COLUMNS of each person with a plan, from `person`, `age_band`, `provision` and `primary_need`.

    These are columns of `local/plans.py` with its words; `person` is the pseudonym on which the aliases of both
    returns agree, and who has none is left out. What is not known is `not_recorded`.
    """
    return (
        units.filter(pl.col("person").is_not_null())
        .unique("person", keep="first", maintain_order=True)
        .select(
            "person",
            age_band=pl.col("age_band").replace_strict(AGE_BAND_OF, default="not_recorded"),
            setting=pl.col("provision").replace_strict(SETTING_OF_PROVISION, default="not_recorded"),
            need=pl.col("primary_need"),
        )
    )


def _states(people: pl.DataFrame) -> pl.DataFrame:
    """`person` and `state`, 0 to STATES - 1, of those whose age is known.

    Raises InputError where a column is missing or a person stands twice.
    """
    if not set(COLUMNS) <= set(people.columns):
        raise InputError(f"Persons of a January need the columns {', '.join(COLUMNS)}.")
    if people["person"].null_count() or people["person"].is_duplicated().any():
        raise InputError("Each person of a January must stand once and have a pseudonym.")
    band = pl.col("age_band").replace_strict({name: at for at, name in enumerate(AGE_BANDS)}, default=None)
    setting = pl.col("setting").replace_strict({name: at for at, name in enumerate(SETTINGS)}, default=None)
    state = band.cast(pl.Int32) * len(SETTINGS) + setting.cast(pl.Int32)
    return people.select("person", state=state).drop_nulls("state")


# --- transitions ----------------------------------------------------------------------------------------


def _prior_moves(priors: Priors) -> np.ndarray:
    """(STATES, STATES + 1) chances: stay or age, keep the setting or take one as England's of that band, or leave."""
    bands, settings = len(AGE_BANDS), len(SETTINGS)
    chance = np.zeros((bands, settings, bands, settings))
    keep = np.eye(settings)
    for band in range(bands):
        on = 1 - priors.leaving[band]
        within = STAYING * keep + (1 - STAYING) * priors.settings[band]
        chance[band, :, band] = on * (1 - priors.ageing[band]) * within
        if band + 1 < bands:
            across = STAYING_ACROSS * keep + (1 - STAYING_ACROSS) * priors.settings[band + 1]
            chance[band, :, band + 1] = on * priors.ageing[band] * across
    out = np.repeat(priors.leaving, settings)[:, None]
    return np.hstack([chance.reshape(STATES, STATES), out])


def estimate(before: pl.DataFrame, after: pl.DataFrame, priors: Priors) -> Transitions:
    """Posterior counts of moves and joiners from the persons (COLUMNS) of two Januaries a year apart.

    Raises InputError, without a value of a person, where a frame lacks a column or repeats a person.
    """
    first, last = _states(before), _states(after)
    both = first.join(last, on="person", how="full", suffix="_after", coalesce=True)
    come, gone = both["state"].is_null(), both["state_after"].is_null()
    moves = PRIOR_PERSONS * _prior_moves(priors)
    kept = both.filter(~come)
    target = kept["state_after"].fill_null(STATES).to_numpy()
    np.add.at(moves, (kept["state"].to_numpy(), target), 1.0)
    new = np.bincount(both.filter(come & ~gone)["state_after"].to_numpy(), minlength=STATES)
    held = np.bincount(last["state"].to_numpy(), minlength=STATES)
    joining = new + PRIOR_PERSONS * priors.joiners.reshape(-1)
    return Transitions(moves, joining, held, int(new.sum()))


def simulate(
    transitions: Transitions, joiners: np.ndarray, draws: int, years: int, rng: np.random.Generator
) -> np.ndarray:
    """(draws, years, AGE_BANDS, SETTINGS) persons with a plan in the coming Januaries.

    `joiners` (draws, years) are new plans of each year, whole numbers. Chances are drawn once a future from their
    Dirichlet posteriors, persons then move at random year by year.
    """
    chances = _shares(rng.standard_gamma(np.maximum(transitions.moves, 1e-6), (draws, STATES, STATES + 1)))
    arriving = _shares(rng.standard_gamma(np.maximum(transitions.joining, 1e-6), (draws, STATES)))
    now = np.broadcast_to(transitions.held, (draws, STATES))
    made = np.empty((draws, years, len(AGE_BANDS), len(SETTINGS)))
    for year in range(years):
        moved = rng.multinomial(now, chances).sum(axis=1)[:, :STATES]
        now = moved + rng.multinomial(joiners[:, year], arriving)
        made[:, year] = now.reshape(draws, len(AGE_BANDS), len(SETTINGS))
    return made


def joiner_draws(joined: int, spread: float, draws: int, years: int, rng: np.random.Generator) -> np.ndarray:
    """(draws, years) new plans: as many as last year, with the yearly changes that authorities really have."""
    walk = rng.normal(0.0, spread, (draws, years)).cumsum(axis=1)
    return rng.poisson(joined * np.exp(walk))


def second_opinion(
    before: pl.DataFrame, after: pl.DataFrame, priors: Priors, area_code: str, january: int
) -> pd.DataFrame:
    """Plans by age band and setting in the five Januaries after `january`, that of `after`: safe to print.

    Columns year, dimension (total, age_band, setting), category, central, lower_95, upper_95, to the nearest five. No
    rows where either January holds fewer than FEWEST_PERSONS.
    """
    columns = ["year", "dimension", "category", "central", "lower_95", "upper_95"]
    if min(before.height, after.height) < FEWEST_PERSONS:
        return pd.DataFrame(columns=columns)
    rng = np.random.default_rng([zlib.crc32(area_code.encode()), _SALT])
    found = estimate(before, after, priors)
    years = len(HORIZONS)
    made = simulate(found, joiner_draws(found.joined, priors.joiner_spread, DRAWS, years, rng), DRAWS, years, rng)
    views = {
        TOTAL: ((TOTAL,), made.sum(axis=(2, 3))[..., None]),
        "age_band": (AGE_BANDS, made.sum(axis=3)),
        "setting": (SETTINGS, made.sum(axis=2)),
    }
    tables = []
    for dimension, (categories, draws) in views.items():
        limits = _nearest(np.percentile(draws, [50, 2.5, 97.5], axis=0)).reshape(3, -1)
        ahead = [january + horizon for horizon in HORIZONS]
        keys = pd.MultiIndex.from_product([ahead, categories], names=["year", "category"]).to_frame(index=False)
        figures = dict(zip(columns[3:], limits, strict=True))
        tables.append(keys.assign(dimension=dimension, **figures))
    return pd.concat(tables, ignore_index=True)[columns]


def _nearest(figures: np.ndarray) -> np.ndarray:
    """To the nearest five, halves up; 5 for any above nothing, so that 1 or 2 is not told from 3 to 7."""
    rounded = np.floor(figures / NEAREST + 0.5) * NEAREST
    return np.where((figures > 0) & (rounded < NEAREST), float(NEAREST), rounded)
