"""The tables of future need for every authority at once, from core tables: the order of the steps.

Here: population, forecast and its back-test, the mix of plans, SEN support, expected need, scenarios, sensitivity and
standing still. Not here: how any of them is made, or what depends on one area's own records (`of_area.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.costs import unit_costs
from jsna_pipeline.catalogue.prevalence import prevalences
from jsna_pipeline.catalogue.scenarios import scenarios
from jsna_pipeline.errors import BuildError
from jsna_pipeline.future import backtest, composition, flows, money
from jsna_pipeline.future import forecast as forecasts
from jsna_pipeline.future import scenarios as futures
from jsna_pipeline.future.composition_counts import january_label
from jsna_pipeline.future.expected import expected_need
from jsna_pipeline.future.panel import build_panel
from jsna_pipeline.future.population import residents
from jsna_pipeline.future.sen_support import enough_is_known, sen_support
from jsna_pipeline.future.sensitivity import sensitivity
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import NATIONAL, Measure
from jsna_pipeline.published_tables import checked, empty_table
from jsna_pipeline.vocabulary import TOTAL

DATASETS = (
    "dfe__sen2_caseload",
    "dfe__sen2_age_bands_to_2022",
    "dfe__sen2_requests_to_2021",
    "dfe__sen2_primary_needs",
    "dfe__sen2_new_plans",
    "dfe__sen2_new_plan_needs",
    "dfe__sen2_ceased_plans",
    "dfe__sen2_requests",
    "dfe__lait",
    "dfe__pupils_by_year_group",
    "ons__population_by_age",
    "ons__population_change",
    "ons__population_projections",
    "ons__population_under_18",
)
# What each part cannot do without, beside the caseload, which every edition must have.
MIXED = ("dfe__sen2_primary_needs", "dfe__sen2_new_plans", "dfe__sen2_new_plan_needs", "dfe__sen2_ceased_plans")
FLOWS = ("dfe__sen2_new_plans", "dfe__sen2_ceased_plans")
SUPPORT = ("dfe__lait", "dfe__pupils_by_year_group", "ons__population_by_age")
STUDIED = ("ons__population_by_age", "dfe__sen2_primary_needs")
PARTS_TOLERANCE = 1e-4  # of a total, single precision; a larger gap means that a plan was lost or invented


@dataclass(frozen=True)
class OfEngland:
    """The national tables by name, and how far parts miss their whole in the worst simulation, as a share of it."""

    tables: Mapping[str, pd.DataFrame]
    parts_gap: float


def national_tables(core: Mapping[str, pd.DataFrame], edition: str) -> OfEngland:
    """Every table of `tables.NATIONAL`, from core tables by dataset id.

    Raises BuildError where the parts of a simulated total do not add up to it, InputError where a table breaks its
    model.
    """
    panel = build_panel(core)
    people = residents(core)
    tried = backtest.backtest(panel, people)
    ahead = forecasts.forecast(panel, people, choice=backtest.choose(tried))
    mix = mix_of(core, ahead.base_year)
    settings = composition.setting_draws(ahead, mix) if mix else None
    gap = parts_gap(ahead, settings) if settings is not None else 0.0
    projected = [forecasts.projections(ahead, panel)]
    if mix is not None and settings is not None:
        settings[~mix.settings_known(ahead.areas)] = np.nan
        projected.append(composition.margins(ahead, mix))
    if given(core, SUPPORT) and enough_is_known(core, people):
        projected.append(sen_support(core, people))
    made = {
        "future_population": people,
        "future_paths": forecasts.paths_table(ahead),
        "future_projections": pd.concat(projected, ignore_index=True),
        "future_backtest": tried,
        "future_backtest_summary": backtest.summary(tried),
    }
    if given(core, STUDIED):
        made["future_expected_need"] = expected_need(prevalences().values(), core, people)
    if given(core, FLOWS):
        made |= _what_if(ahead, mix, settings, core)
    tables = {
        name: checked(made[name].assign(edition=edition), model) if name in made else empty_table(model)
        for name, model in NATIONAL.items()
    }
    return OfEngland(tables, gap)


def given(core: Mapping[str, pd.DataFrame], names: Iterable[str]) -> bool:
    """Whether each of these datasets was supplied; all but the caseload are optional."""
    return all(name in core and len(core[name]) for name in names)


def mix_of(core: Mapping[str, pd.DataFrame], year: int) -> composition.Composition | None:
    """How plans divide by age, need and setting in January `year`; None where not all files say so of that January."""
    january = january_label(year)
    caseload, needs = core["dfe__sen2_caseload"], core.get("dfe__sen2_primary_needs")
    by_age = (caseload["dimension"].eq("age") & caseload["period"].eq(january)).any()
    if not by_age or not given(core, MIXED) or needs is None or not needs["period"].eq(january).any():
        return None
    return composition.fit(core, year)


def ceasing_of(
    core: Mapping[str, pd.DataFrame], mix: composition.Composition | None, areas: Sequence[str]
) -> flows.Ceasing:
    """The rates at which plans end, with the settings in which plans begin and end where those are known."""
    rates = flows.ceasing_rates(core, areas)
    if mix is None:
        return rates
    joining, leaving = composition.flow_mixes(mix, core, areas)
    return replace(rates, joining_mix=joining, leaving_mix=leaving)


def _what_if(
    ahead: Forecast, mix: composition.Composition | None, settings: np.ndarray | None, core: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Scenarios, sensitivity and standing still; of cost only where plans are split by setting."""
    ceasing = ceasing_of(core, mix, ahead.areas)
    # A setting without a price gets the mean of the others, weighted as England's plans are.
    prices = money.price_of_settings(money.prices(unit_costs()), np.nansum(mix.joint, axis=(0, 1, 2))) if mix else None
    return {
        "future_scenarios": futures.run(ahead, ceasing, settings, prices, scenarios().values()),
        "future_sensitivity": sensitivity(ahead, ceasing, settings, prices),
        "future_goal_seek": futures.goal_seek(ahead, ceasing, flows.new_plans_now(core, ahead.areas)),
    }


def parts_gap(ahead: Forecast, settings: np.ndarray) -> float:
    """The largest share by which plans by setting miss the plans of their simulation; BuildError above a rounding."""
    split = ahead.splits()
    whole = ahead.draws[split]
    gaps = np.abs(settings[split].sum(axis=-1, dtype=float) - whole) / np.maximum(whole, 1.0)
    worst = float(gaps.max()) if gaps.size else 0.0
    if not worst <= PARTS_TOLERANCE:
        raise BuildError(
            f"Plans by setting miss their simulated total by up to {worst:.2%}; "
            "the mix of plans cannot be relied on (jsna_pipeline/future/composition.py)."
        )
    return worst


def plans_in_all(projections: pd.DataFrame) -> pd.DataFrame:
    """Of rows of Projections, those of all plans together."""
    return projections.loc[projections["measure"].eq(Measure.EHC_PLANS.value) & projections["dimension"].eq(TOTAL)]


def chosen_model(projections: pd.DataFrame) -> str:
    """The method of most authorities in rows of Projections; blank where nothing is projected."""
    plans = plans_in_all(projections)
    return "" if plans.empty else str(plans["model"].mode().iloc[0])
