"""Layer `landed`: the record of each published file, one asset per dataset of the catalogue.

Here: assets that note which file serves a dataset and its digest. Not here: reading content
(`core.py`) or downloading.
"""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Landing, retried_on_lost_connection
from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.core_tables import landed_record
from jsna_pipeline.settings import Settings

GROUP = "landed"


def landed_assets(settings: Settings) -> dg.AssetsDefinition:
    """One asset for each dataset, recorded in one step: a step each would take longer than the work."""
    known = {dataset.landed_asset: dataset for dataset in datasets().values()}

    @dg.multi_asset(
        name="landed",
        outs={name: _out(dataset) for name, dataset in known.items()},
        partitions_def=edition_partitions(settings),
        can_subset=True,
    )
    def landed(context: dg.AssetExecutionContext, landing: Landing) -> Iterator[dg.Output[pd.DataFrame]]:
        for name in sorted(context.selected_output_names):
            dataset = known[name]
            with retried_on_lost_connection():
                record = landed_record(dataset, landing.edition(context.partition_key))
            found = "missing" if record.empty else "; ".join(record["file"] + " " + record["member"])
            page = dg.MetadataValue.url(dataset.page)
            yield dg.Output(record, name, metadata=metadata.table_metadata(record, files=found, page=page))

    return landed


def _out(dataset: Dataset) -> dg.AssetOut:
    return dg.AssetOut(
        group_name=GROUP,
        description=f"{dataset.publisher}: {dataset.publication}. {dataset.title}. Files as published, with digests.",
        kinds={"file"},
        owners=metadata.OWNERS,
        tags=metadata.tags(dataset.id.split("__")[0]),
        metadata={"page": dg.MetadataValue.url(dataset.page), "licence": dataset.licence, "required": dataset.required},
        is_required=False,
    )
