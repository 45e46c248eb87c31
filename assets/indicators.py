"""Layer `indicators`: observations, comparisons and trends for every area at once.

Here: three assets that hand core tables to the engine. Not here: any statistic.
"""

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Tables
from jsna_pipeline import published_tables
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.settings import Settings
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
        group_name=GROUP,
        partitions_def=partitions,
        deps=[known[table].core_asset for table in indicator_tables()],
        description="Every indicator, area, period and breakdown: counts, value, interval and status.",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags("indicators"),
        metadata={"dagster/column_schema": metadata.column_schema(published_tables.Observations.to_schema())},
    )
    def observations_asset(context: dg.AssetExecutionContext, tables: Tables) -> dg.MaterializeResult[pd.DataFrame]:
        edition = context.partition_key
        core = {table: tables.folder().read(known[table].core_asset, edition) for table in indicator_tables()}
        table = published_tables.checked(observations(indicators(), core, edition), published_tables.Observations)
        computed = table["indicator_id"].nunique()
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table, indicators=computed))

    @dg.asset(
        name="indicators_comparisons",
        group_name=GROUP,
        partitions_def=partitions,
        ins={
            "observed": dg.AssetIn("indicators_observations"),
            "neighbours": dg.AssetIn(known[NEIGHBOURS].core_asset),
        },
        description="Each observation beside England, its region, its statistical neighbours and the period before.",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags("indicators"),
        metadata={"dagster/column_schema": metadata.column_schema(published_tables.Comparisons.to_schema())},
    )
    def comparisons_asset(
        context: dg.AssetExecutionContext, observed: pd.DataFrame, neighbours: pd.DataFrame
    ) -> dg.MaterializeResult[pd.DataFrame]:
        table = comparisons(indicators(), observed, neighbours, context.partition_key)
        table = published_tables.checked(table, published_tables.Comparisons)
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table))

    @dg.asset(
        name="indicators_trends",
        group_name=GROUP,
        partitions_def=partitions,
        ins={"observed": dg.AssetIn("indicators_observations")},
        description="The recent trend of every series: direction, judgement and the points it rests on.",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags("indicators"),
        metadata={"dagster/column_schema": metadata.column_schema(published_tables.Trends.to_schema())},
    )
    def trends_asset(context: dg.AssetExecutionContext, observed: pd.DataFrame) -> dg.MaterializeResult[pd.DataFrame]:
        table = trend_table(indicators(), observed, context.partition_key)
        table = published_tables.checked(table, published_tables.Trends)
        return dg.MaterializeResult(value=table, metadata=metadata.table_metadata(table))

    return [observations_asset, comparisons_asset, trends_asset]
