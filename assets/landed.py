"""Layer `landed`: the record of each published file, one asset per dataset of the catalogue.

Here: assets that note which file serves a dataset and its digest. Not here: reading content
(`core.py`) or downloading.
"""

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Landing, retried_on_lost_connection
from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.core_tables import landed_record
from jsna_pipeline.settings import Settings

GROUP = "landed"


def landed_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    return [_landed_asset(dataset, settings) for dataset in datasets().values()]


def _landed_asset(dataset: Dataset, settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        name=dataset.landed_asset,
        group_name=GROUP,
        partitions_def=edition_partitions(settings),
        description=f"{dataset.publisher}: {dataset.publication}. {dataset.title}. Files as published, with digests.",
        kinds={"file"},
        owners=metadata.OWNERS,
        tags=metadata.tags(dataset.id.split("__")[0]),
        metadata={"page": dg.MetadataValue.url(dataset.page), "licence": dataset.licence, "required": dataset.required},
    )
    def landed(context: dg.AssetExecutionContext, landing: Landing) -> dg.MaterializeResult[pd.DataFrame]:
        with retried_on_lost_connection():
            record = landed_record(dataset, landing.edition(context.partition_key))
        found = "missing" if record.empty else "; ".join(record["file"] + " " + record["member"])
        return dg.MaterializeResult(
            value=record, metadata=metadata.table_metadata(record, files=found, page=dg.MetadataValue.url(dataset.page))
        )

    return landed
