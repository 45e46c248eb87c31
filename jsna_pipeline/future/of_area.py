"""The tables of future need that rest on one area's own places, prices, budget and scenarios: the order of the steps.

Here: reading the area's simulated futures back from the stored tables, splitting them, and handing them to places,
money and the area's own scenarios. Not here: how any of these is made, or what is the same for every authority
(`of_england.py`).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.costs import unit_costs
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.scenarios import scenarios
from jsna_pipeline.contributions.gather import Contributions, gather
from jsna_pipeline.future import composition, flows, money, places
from jsna_pipeline.future import scenarios as futures
from jsna_pipeline.future.of_england import ceasing_of, mix_of, plans_in_all
from jsna_pipeline.future.simulated import Forecast
from jsna_pipeline.future.tables import OF_AREA
from jsna_pipeline.future.transitions import england_priors, second_opinion
from jsna_pipeline.geography import Area
from jsna_pipeline.local_area import persons_of_januaries
from jsna_pipeline.published_tables import checked, empty_table
from jsna_pipeline.reconciliation.withholding import without_defects
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.settings import Settings
from jsna_pipeline.storage import TableFolder

# What the mix of plans and the rate at which they end are worked out from, as in the national step.
DATASETS = (
    "dfe__sen2_caseload",
    "dfe__sen2_primary_needs",
    "dfe__sen2_new_plans",
    "dfe__sen2_new_plan_needs",
    "dfe__sen2_ceased_plans",
)

NOT_SUPPLIED = "What the forecast asks of places is not given: files on needs, new and ended plans were not supplied."
UNKNOWN_SETTINGS = "What the forecast asks of places is not given: the setting of most plans was not recorded."


def area_tables(
    tables: TableFolder, settings: Settings, area: Area, edition: str, records: RecordStore | None = None
) -> dict[str, pd.DataFrame]:
    """Every table of `tables.OF_AREA` for `area`; without rows where its forecast is withheld or not split.

    `records` are those of persons, for the second opinion. Raises InputError where a table breaks its model.
    """
    given = gather(settings.contributions_of(edition, area.slug), edition, settings.cut_off_of(edition), date.today())
    statistics = tables.read("local_statistics", edition, area.slug)
    counts = tables.read("local_counts", edition, area.slug)
    made = {name: empty_table(model).drop(columns="edition") for name, model in OF_AREA.items()}
    ahead = stored_forecast(tables, area, edition)
    if ahead is not None:
        stored = {name: tables.read(datasets()[name].core_asset, edition) for name in DATASETS}
        core = without_defects(stored, tables.read("evidence_reconciliation", edition))
        mix = mix_of(core, ahead.base_year)
        if mix is None:
            made["future_notes"] = _notes({"places": [NOT_SUPPLIED]}, area)
        else:
            made |= _ahead(ahead, core, mix, area, given, statistics, counts, _growth(tables, edition))
        kept = persons_of_januaries(records, edition, area, settings.cut_off_of(edition)) if records else None
        if mix is not None and kept is not None:
            before, after, january = kept
            told = second_opinion(before, after, england_priors(core, mix), area.code, january)
            made["future_second_opinion"] = told.assign(area_code=area.code, januaries=2)
    return {name: checked(made[name].assign(edition=edition), model) for name, model in OF_AREA.items()}


def stored_forecast(tables: TableFolder, area: Area, edition: str) -> Forecast | None:
    """The simulated futures of one area as the national step stored them; None where it has none at all."""
    rows = plans_in_all(tables.read_areas("future_projections", edition, [area.code])).sort_values("year")
    paths = tables.read_areas("future_paths", edition, [area.code])
    if rows.empty or paths.empty:
        return None
    wide = paths.pivot_table(index="draw", columns="year", values="plans").reindex(columns=rows["year"])
    return Forecast(
        areas=(area.code,),
        base=rows["base"].to_numpy(float)[:1],
        base_year=int(rows["base_year"].iloc[0]),
        years=tuple(int(year) for year in rows["year"]),
        draws=wide.to_numpy(float)[None],
        model=rows["model"].to_numpy(object)[:1],
        status=rows["status"].to_numpy(object)[None],
        reason=rows["reason"].to_numpy(object)[None],
    )


def _growth(tables: TableFolder, edition: str) -> np.ndarray:
    """(H,) yearly growth of the plans of all authorities, as the national step took it from their middles."""
    rows = plans_in_all(tables.read("future_projections", edition))
    rows = rows.loc[rows["area_code"].isin(geography.local_authorities()["area_code"])]
    middles = rows.pivot_table(index="area_code", columns="year", values="central")
    middles.insert(0, int(rows["base_year"].iloc[0]), rows.groupby("area_code")["base"].first())
    return flows.growth_of(middles.to_numpy(float))


def _ahead(
    ahead: Forecast,
    core: Mapping[str, pd.DataFrame],
    mix: composition.Composition,
    area: Area,
    given: Contributions,
    statistics: pd.DataFrame,
    counts: pd.DataFrame,
    growth: np.ndarray,
) -> dict[str, pd.DataFrame]:
    ceasing = ceasing_of(core, mix, ahead.areas)
    own = money.own_costs(statistics)
    today = mix.joint[mix.position(area.code)].sum(axis=(0, 1))
    split = bool(ahead.splits()[0] and mix.settings_known(ahead.areas)[0])
    draws = composition.area_draws(ahead, mix, area.code) if split else None
    by_setting = None if draws is None else draws.sum(axis=(2, 3))[None]
    prices = money.price_of_settings(money.prices(unit_costs(), own), today)
    made = {
        "future_own_scenarios": futures.run(ahead, ceasing, by_setting, prices, given.scenarios.values(), growth),
        "future_notes": _notes({"places": [places.no_places(ahead, area.code) or UNKNOWN_SETTINGS]}, area),
    }
    if draws is None or by_setting is None:
        return made
    made["future_mix"] = composition.mix(ahead, mix, area.code)
    made["future_places"] = places.places_ahead(ahead, draws, mix.banded(area.code), statistics, area.code)
    every = [*scenarios().values(), *given.scenarios.values()]
    plans = futures.settings_of_area(area.code, ahead, ceasing, by_setting, every, growth)
    rng = np.random.default_rng(zlib.crc32(f"money {area.code}".encode()))
    costed = money.money(area.code, plans, today, ahead.base_year, unit_costs(), own, given.finance, ahead.years, rng)
    made["future_money"] = pd.concat([costed.rows, costed.changes], ignore_index=True)
    shares = money.independent_share(today, by_setting[0], ahead.years)
    elsewhere = places.outside_area(ahead, counts, area.code)
    said = {
        "outside_area": [elsewhere.sentence] if elsewhere else [],
        "independent": [shares[0].sentence] if shares else [],
        "money": costed.notes,
    }
    made["future_notes"] = _notes(said, area)
    return made


def _notes(said: Mapping[str, Sequence[str]], area: Area) -> pd.DataFrame:
    """Rows of Notes: the sentences of each subject in order, blank ones left out."""
    return pd.DataFrame(
        [
            {"area_code": area.code, "subject": subject, "position": position, "sentence": sentence}
            for subject, sentences in said.items()
            for position, sentence in enumerate(filter(None, sentences), start=1)
        ],
        columns=["area_code", "subject", "position", "sentence"],
    )
