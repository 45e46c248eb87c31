"""Layer `indicators`: observations and all that is derived from them, for every area at once.

Here: assets that hand core tables and observations to the library. Not here: any statistic.
"""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Tables
from jsna_pipeline import published_tables
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.strategies import strategies
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.indicator_engine import definitions, observations
from jsna_pipeline.inequalities import inequalities
from jsna_pipeline.priorities import priorities
from jsna_pipeline.reconciliation.withholding import without_defects
from jsna_pipeline.settings import Settings
from jsna_pipeline.strategy_answers import strategy_answers
from jsna_pipeline.trend_table import trend_table

GROUP = "indicators"
NEIGHBOURS = "dfe__statistical_neighbours"


def indicator_tables() -> list[str]:
    """Ids of the datasets that indicators are computed from."""
    sides = [side for record in indicators().values() for side in (record.numerator, record.denominator) if side]
    return sorted({side.table for side in sides})


def indicator_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    partitions = edition_partitions(settings)
    known = datasets()

    @dg.asset(
        name="indicators_observations",
        ins={"exceptions": dg.AssetIn("evidence_reconciliation")},
        deps=[known[table].core_asset for table in indicator_tables()],
        partitions_def=partitions,
        **metadata.national_table(
            GROUP,
            published_tables.Observations,
            "Every indicator, area, period and breakdown: counts, value, interval and status.",
        ),
    )
    def observations_asset(
        context: dg.AssetExecutionContext, tables: Tables, exceptions: pd.DataFrame
    ) -> dg.MaterializeResult[pd.DataFrame]:
        edition = context.partition_key
        core = {table: tables.folder().read(known[table].core_asset, edition) for table in indicator_tables()}
        table = observations(indicators(), without_defects(core, exceptions), edition)
        table = published_tables.checked(table, published_tables.Observations)
        computed = table["indicator_id"].nunique()
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table, indicators=computed))

    @dg.asset(
        name="indicators_comparisons",
        ins={
            "observed": dg.AssetIn("indicators_observations"),
            "neighbours": dg.AssetIn(known[NEIGHBOURS].core_asset),
        },
        partitions_def=partitions,
        **metadata.national_table(
            GROUP,
            published_tables.Comparisons,
            "Each observation beside England, its region, its statistical neighbours and the period before.",
        ),
    )
    def comparisons_asset(
        context: dg.AssetExecutionContext, observed: pd.DataFrame, neighbours: pd.DataFrame
    ) -> dg.MaterializeResult[pd.DataFrame]:
        table = comparisons(indicators(), observed, neighbours, context.partition_key)
        table = published_tables.checked(table, published_tables.Comparisons)
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table))

    @dg.asset(
        name="indicators_trends",
        ins={"observed": dg.AssetIn("indicators_observations")},
        partitions_def=partitions,
        **metadata.national_table(
            GROUP,
            published_tables.Trends,
            "The recent trend of every series: direction, judgement and the points it rests on.",
        ),
    )
    def trends_asset(context: dg.AssetExecutionContext, observed: pd.DataFrame) -> dg.MaterializeResult[pd.DataFrame]:
        table = trend_table(indicators(), observed, context.partition_key)
        table = published_tables.checked(table, published_tables.Trends)
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table))

    def out(model: type[published_tables.PublishedTable], description: str) -> dg.AssetOut:
        return dg.AssetOut(**metadata.national_table(GROUP, model, description))

    # One step, since each of them would read the same large tables again.
    @dg.multi_asset(
        name="indicators_derived",
        outs={
            "indicators_inequalities": out(
                published_tables.Inequalities,
                "Each group of each indicator beside the rest of the same area: sex, age, ethnicity, placement.",
            ),
            "indicators_priorities": out(
                published_tables.Priorities,
                "Current measures tested against England and over time: which are worse and getting worse.",
            ),
            "indicators_strategy_answers": out(
                published_tables.StrategyAnswers,
                "The newest public figure for each measure of the local strategies, for every authority.",
            ),
            "indicators_definitions": out(
                published_tables.Definitions, "Which definition of each indicator the tables were computed with."
            ),
        },
        ins={
            "observed": dg.AssetIn("indicators_observations"),
            "compared": dg.AssetIn("indicators_comparisons"),
            "trended": dg.AssetIn("indicators_trends"),
        },
        partitions_def=partitions,
    )
    def derived(
        context: dg.AssetExecutionContext, observed: pd.DataFrame, compared: pd.DataFrame, trended: pd.DataFrame
    ) -> Iterator[dg.Output[pd.DataFrame]]:
        edition = context.partition_key
        unequal = inequalities(indicators(), observed, edition)
        prioritised = priorities(indicators(), observed, compared, trended, settings.cut_off_of(edition), edition)
        answers = strategy_answers(strategies(), observed, compared, trended).assign(edition=edition)
        for name, table, model in (
            ("indicators_inequalities", unequal, published_tables.Inequalities),
            ("indicators_priorities", prioritised, published_tables.Priorities),
            ("indicators_strategy_answers", answers, published_tables.StrategyAnswers),
            ("indicators_definitions", definitions(indicators(), edition), published_tables.Definitions),
        ):
            yield dg.Output(published_tables.checked(table, model), name, metadata=metadata.table_metadata(table))

    return [observations_asset, comparisons_asset, trends_asset, derived]
