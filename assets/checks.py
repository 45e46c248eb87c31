"""Asset checks, generated: each stored table against its schema, and the warnings of evidence.

Here: one blocking check per table that re-reads what was stored, and non-blocking plausibility
checks. Not here: validation at the door, which the assets do before anything is written.
Concept: https://docs.dagster.io/guides/test/asset-checks
"""

import dagster as dg
import pandera.pandas as pa

from assets.partitions import edition_partitions
from assets.resources import Tables
from jsna_pipeline import published_tables
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import schema_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.settings import Settings

NATIONAL_TABLES = {
    "indicators_observations": published_tables.Observations,
    "indicators_comparisons": published_tables.Comparisons,
    "indicators_trends": published_tables.Trends,
    "evidence_sources": published_tables.Sources,
    "evidence_rejects": published_tables.Rejects,
    "evidence_reconciliation": published_tables.Reconciliation,
}
SCHEMA_CHECK = "stored_table_fits_its_schema"


def all_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    schemas = {dataset.core_asset: schema_of(dataset) for dataset in datasets().values()}
    schemas |= {asset: model.to_schema() for asset, model in NATIONAL_TABLES.items()}
    checks = [_schema_check(asset, schema, settings) for asset, schema in schemas.items()]
    return [*checks, _sources_complete(settings), _published_figures_agree(settings)]


def _schema_check(asset: str, schema: pa.DataFrameSchema, settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=asset,
        name=SCHEMA_CHECK,
        blocking=True,
        partitions_def=edition_partitions(settings),
        description="The table, read back from storage, has the columns, types and bounds of its schema.",
    )
    def check(context: dg.AssetCheckExecutionContext, tables: Tables) -> dg.AssetCheckResult:
        table = tables.folder().read(asset, context.partition_key)
        try:
            validate(table, schema, name=asset)
        except InputError as error:
            return dg.AssetCheckResult(passed=False, description=str(error))
        return dg.AssetCheckResult(passed=True, metadata={"rows": len(table)})

    return check


def _sources_complete(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset="evidence_sources",
        name="every_catalogued_dataset_is_present",
        partitions_def=edition_partitions(settings),
        description="Optional datasets may be missing; each is a gap that the report lists.",
    )
    def check(context: dg.AssetCheckExecutionContext, tables: Tables) -> dg.AssetCheckResult:
        table = tables.folder().read("evidence_sources", context.partition_key)
        missing = table.loc[table["role"] == "missing", "dataset_id"].tolist()
        return dg.AssetCheckResult(
            passed=not missing, severity=dg.AssetCheckSeverity.WARN, metadata={"missing": ", ".join(missing) or "none"}
        )

    return check


def _published_figures_agree(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset="evidence_reconciliation",
        name="published_figures_follow_from_their_counts",
        partitions_def=edition_partitions(settings),
        description="Each exception is shown in the data-quality chapter; none is corrected.",
    )
    def check(context: dg.AssetCheckExecutionContext, tables: Tables) -> dg.AssetCheckResult:
        exceptions = tables.folder().read("evidence_reconciliation", context.partition_key)
        return dg.AssetCheckResult(
            passed=exceptions.empty, severity=dg.AssetCheckSeverity.WARN, metadata={"exceptions": len(exceptions)}
        )

    return check
