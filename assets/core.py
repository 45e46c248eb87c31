"""Layer `core`: one typed, validated table per dataset of the catalogue.

Here: assets that call `core_tables.core_table` and keep what it refused. Not here: reading,
validating or any rule about rows, which are the library's.
"""

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Landing, Quarantine, retried_on_lost_connection
from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.core_tables import core_table, schema_of
from jsna_pipeline.errors import without_values
from jsna_pipeline.settings import Settings

GROUP = "core"


def core_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    return [_core_asset(dataset, settings) for dataset in datasets().values()]


def _core_asset(dataset: Dataset, settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        name=dataset.core_asset,
        group_name=GROUP,
        partitions_def=edition_partitions(settings),
        deps=[dataset.landed_asset],
        description=f"{dataset.title}. {dataset.description}",
        kinds={"pandas", "parquet"},
        owners=metadata.OWNERS,
        tags=metadata.tags(dataset.id.split("__")[0]),
        metadata={
            "dagster/column_schema": metadata.column_schema(schema_of(dataset)),
            "page": dg.MetadataValue.url(dataset.page),
        },
    )
    def core(
        context: dg.AssetExecutionContext, landing: Landing, quarantine: Quarantine
    ) -> dg.MaterializeResult[pd.DataFrame]:
        with retried_on_lost_connection():
            try:
                built = core_table(dataset, landing.edition(context.partition_key))
            except OSError:
                raise
            except Exception as error:
                raise without_values(error, dataset.id) from None
        quarantine.keep(dataset.id, context.partition_key, built)
        return dg.MaterializeResult(
            value=built.table,
            metadata=metadata.table_metadata(
                built.table,
                rows_read=built.rows_read,
                rejected_rows=int((built.rejects["scope"] == "row").sum()),
                rejected_cells=int((built.rejects["scope"] == "cell").sum()),
                notes=list(built.notes),
            ),
        )

    return core
