"""Layer `future`: population, plans and need of the coming years, scenarios, places and money.

Here: one step for the tables of the whole country, one for what depends on an area's own places, prices and
scenarios, and the checks of what both promise. Not here: any method (`jsna_pipeline/future/`).

The national step is one, since all its tables follow from the same simulated futures.
"""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets import metadata
from assets.local import LOCAL_TABLES, area_and_edition, without_leaks
from assets.partitions import edition_partitions, report_partitions
from assets.resources import Restricted, Tables
from assets.soundness import UPSTREAM, sound, sound_upstream
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.future import of_area, of_england
from jsna_pipeline.future import tables as future_tables
from jsna_pipeline.governance import freezing
from jsna_pipeline.reconciliation.withholding import without_defects
from jsna_pipeline.report import output
from jsna_pipeline.settings import Settings

GROUP = "future"
PARTS_ADD_UP = "parts_add_up_within_each_simulation"
FUTURE_TABLES = future_tables.OF_AREA
DESCRIPTIONS = {
    "future_population": "Residents by single year of age from 0 to 25: estimated, worked back and projected.",
    "future_expected_need": "Children expected by prevalence studies beside those identified, for every authority.",
    "future_paths": "Simulated plans of every authority in the coming Januaries, a row a future.",
    "future_projections": "Plans and SEN support of the coming years with intervals, by age, need and setting.",
    "future_backtest": "What each method would have said of years now known, for every authority.",
    "future_backtest_summary": "Error and coverage of each method by horizon, beside simple baselines.",
    "future_scenarios": "What each scenario would change in plans, settings and cost, for every authority.",
    "future_sensitivity": "How far plans and cost move with each driver of the forecast.",
    "future_goal_seek": "The rate of new plans at which each caseload would stand still.",
    "future_mix": "Plans of the coming years by age band, first need and setting together.",
    "future_places": "Special places of the area beside what the forecast asks of them.",
    "future_money": "Cost of placements in the coming years under each scenario, and the balance if a budget is known.",
    "future_own_scenarios": "What the area's own scenarios would change in plans, settings and cost.",
    "future_second_opinion": "Plans ahead from the area's own joiners, movers and leavers, to the nearest five.",
    "future_notes": "What a reader has to know of the area's places and money ahead, in sentences.",
}


def future_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    return [_of_england(settings), _of_area(settings)]


def _of_england(settings: Settings) -> dg.AssetsDefinition:
    known = datasets()

    @dg.multi_asset(
        name="future_tables",
        outs={
            name: dg.AssetOut(**metadata.national_table(GROUP, model, DESCRIPTIONS[name]))
            for name, model in future_tables.NATIONAL.items()
        },
        ins={"exceptions": dg.AssetIn("evidence_reconciliation")},
        deps=[known[name].core_asset for name in of_england.DATASETS],
        check_specs=[
            dg.AssetCheckSpec(
                PARTS_ADD_UP,
                asset="future_scenarios",
                partitions_def=edition_partitions(settings),
                description="In every simulation of every authority, plans by setting add up to its plans.",
            )
        ],
        partitions_def=edition_partitions(settings),
    )
    def england(
        context: dg.AssetExecutionContext, tables: Tables, exceptions: pd.DataFrame
    ) -> Iterator[dg.Output[pd.DataFrame] | dg.AssetCheckResult]:
        edition = context.partition_key
        core = {name: tables.folder().read(known[name].core_asset, edition) for name in of_england.DATASETS}
        made = of_england.national_tables(without_defects(core, exceptions), edition)
        for name in future_tables.NATIONAL:
            yield dg.Output(made.tables[name], name, metadata=metadata.table_metadata(made.tables[name]))
        yield dg.AssetCheckResult(
            asset_key="future_scenarios",
            check_name=PARTS_ADD_UP,
            passed=made.parts_gap <= of_england.PARTS_TOLERANCE,
            metadata={"largest_gap_percent": 100 * made.parts_gap},
        )

    return england


def _of_area(settings: Settings) -> dg.AssetsDefinition:
    known = datasets()

    @dg.multi_asset(
        name="future_of_area",
        outs={
            name: dg.AssetOut(**metadata.protected_table(GROUP, model, DESCRIPTIONS[name]))
            for name, model in FUTURE_TABLES.items()
        },
        deps=[*UPSTREAM, *LOCAL_TABLES, *(known[name].core_asset for name in of_area.DATASETS)],
        partitions_def=report_partitions(settings),
    )
    def area_ahead(
        context: dg.AssetExecutionContext, tables: Tables, restricted: Restricted
    ) -> Iterator[dg.Output[pd.DataFrame]]:
        area, edition = area_and_edition(context)
        freezing.refuse_frozen(output.report_folder(settings.reports, edition, area.slug))
        sound_upstream(context.instance, edition)
        sound(context.instance, LOCAL_TABLES, str(context.partition_key))
        records = restricted.records()
        made = without_leaks(
            f"future tables of {area.slug}",
            lambda: of_area.area_tables(tables.folder(), settings, area, edition, records),
        )
        for name in FUTURE_TABLES:
            yield dg.Output(made[name], name, metadata=metadata.table_metadata(made[name]))

    return area_ahead
