"""Layer `evidence`: what an edition rests on and where it does not add up.

Here: assets for sources and gaps, refused rows, and published figures that their counts contradict.
Not here: sentences for people, which belong to a report.
"""

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Quarantine, Tables
from jsna_pipeline import published_tables, reconciliation
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.settings import Settings

GROUP = "evidence"


def evidence_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    partitions = edition_partitions(settings)
    known = datasets()
    reconciled = reconciliation.tables_with_published_figures(indicators())

    @dg.asset(
        name="evidence_sources",
        group_name=GROUP,
        partitions_def=partitions,
        deps=[asset for dataset in known.values() for asset in (dataset.landed_asset, dataset.core_asset)],
        description="Every file the edition rests on, with digest and licence, and every dataset it lacks.",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags("evidence"),
        metadata={"dagster/column_schema": metadata.column_schema(published_tables.Sources.to_schema())},
    )
    def sources_asset(context: dg.AssetExecutionContext, tables: Tables) -> dg.MaterializeResult[pd.DataFrame]:
        edition, stored = context.partition_key, tables.folder()
        landed = {name: stored.read(dataset.landed_asset, edition) for name, dataset in known.items()}
        core = {name: stored.read_periods(dataset.core_asset, edition) for name, dataset in known.items()}
        table = reconciliation.sources(known, landed, core, edition)
        missing = int((table["role"] == "missing").sum())
        return dg.MaterializeResult(
            value=published_tables.checked(table, published_tables.Sources),
            metadata=metadata.table_metadata(table, missing_datasets=missing),
        )

    @dg.asset(
        name="evidence_rejects",
        group_name=GROUP,
        partitions_def=partitions,
        deps=[dataset.core_asset for dataset in known.values()],
        description="Rows and cells that were refused, by file, line and reason, without their values.",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags("evidence"),
        metadata={"dagster/column_schema": metadata.column_schema(published_tables.Rejects.to_schema())},
    )
    def rejects_asset(context: dg.AssetExecutionContext, quarantine: Quarantine) -> dg.MaterializeResult[pd.DataFrame]:
        table = quarantine.rejects(list(known), context.partition_key).assign(edition=context.partition_key)
        return dg.MaterializeResult(
            value=published_tables.checked(table, published_tables.Rejects), metadata=metadata.table_metadata(table)
        )

    @dg.asset(
        name="evidence_reconciliation",
        group_name=GROUP,
        partitions_def=partitions,
        ins={"observed": dg.AssetIn("indicators_observations")},
        deps=[known[table].core_asset for table in reconciled],
        description="Published figures that their own counts do not give to the printed digit.",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags("evidence"),
        metadata={"dagster/column_schema": metadata.column_schema(published_tables.Reconciliation.to_schema())},
    )
    def reconciliation_asset(
        context: dg.AssetExecutionContext, tables: Tables, observed: pd.DataFrame
    ) -> dg.MaterializeResult[pd.DataFrame]:
        edition, stored = context.partition_key, tables.folder()
        core = {table: stored.read(known[table].core_asset, edition) for table in reconciled}
        found, compared = reconciliation.reconcile(indicators(), core, observed, edition)
        return dg.MaterializeResult(
            value=published_tables.checked(found, published_tables.Reconciliation),
            metadata=metadata.table_metadata(found, compared=compared, exceptions=len(found)),
        )

    return [sources_asset, rejects_asset, reconciliation_asset]
