"""Layer `evidence`: what an edition rests on and where it does not add up.

Here: assets for sources and gaps, refused rows, and published figures that contradict one another.
Not here: sentences for people, which belong to a report.
"""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets import metadata
from assets.partitions import edition_partitions
from assets.resources import Quarantine, Tables
from jsna_pipeline import provenance, published_tables
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.same_facts import same_facts
from jsna_pipeline.reconciliation import reconcile, reconciled_datasets
from jsna_pipeline.settings import Settings
from jsna_pipeline.vocabulary import ExceptionClass

GROUP = "evidence"


def evidence_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    partitions = edition_partitions(settings)
    known = datasets()

    @dg.asset(
        name="evidence_sources",
        deps=[asset for dataset in known.values() for asset in (dataset.landed_asset, dataset.core_asset)],
        partitions_def=partitions,
        **metadata.national_table(
            GROUP,
            published_tables.Sources,
            "Every file the edition rests on, with digest and licence, and every dataset it lacks.",
        ),
    )
    def sources_asset(context: dg.AssetExecutionContext, tables: Tables) -> dg.MaterializeResult[pd.DataFrame]:
        edition, stored = context.partition_key, tables.folder()
        landed = {name: stored.read(dataset.landed_asset, edition) for name, dataset in known.items()}
        core = {name: stored.read_periods(dataset.core_asset, edition) for name, dataset in known.items()}
        table = provenance.sources(known, landed, core, edition)
        missing = int((table["role"] == "missing").sum())
        return dg.MaterializeResult(
            value=published_tables.checked(table, published_tables.Sources),
            metadata=metadata.table_metadata(table, missing_datasets=missing),
        )

    @dg.asset(
        name="evidence_rejects",
        deps=[dataset.core_asset for dataset in known.values()],
        partitions_def=partitions,
        **metadata.national_table(
            GROUP,
            published_tables.Rejects,
            "Rows and cells that were refused, by file, line and reason, without their values.",
        ),
    )
    def rejects_asset(context: dg.AssetExecutionContext, quarantine: Quarantine) -> dg.MaterializeResult[pd.DataFrame]:
        table = quarantine.rejects(list(known), context.partition_key).assign(edition=context.partition_key)
        return dg.MaterializeResult(
            value=published_tables.checked(table, published_tables.Rejects), metadata=metadata.table_metadata(table)
        )

    return [sources_asset, rejects_asset, reconciliation_assets(settings)]


def reconciliation_assets(settings: Settings) -> dg.AssetsDefinition:
    """The exceptions and what was compared, two tables of one run over all rules."""
    known = datasets()
    read = {name: known[name].core_asset for name in reconciled_datasets(known)}

    @dg.multi_asset(
        name="evidence_reconciliation",
        outs={
            "evidence_reconciliation": dg.AssetOut(
                **metadata.national_table(
                    GROUP,
                    published_tables.Reconciliation,
                    "Published figures that contradict their counts, parts or other printings, each with its class.",
                )
            ),
            "evidence_reconciliation_coverage": dg.AssetOut(
                **metadata.national_table(
                    GROUP,
                    published_tables.ReconciliationCoverage,
                    "How many published figures each rule was applied to, and what came of it.",
                )
            ),
        },
        deps=list(read.values()),
        partitions_def=edition_partitions(settings),
    )
    def reconciliation(
        context: dg.AssetExecutionContext, tables: Tables, quarantine: Quarantine
    ) -> Iterator[dg.Output[pd.DataFrame]]:
        edition, stored = context.partition_key, tables.folder()
        core = {name: stored.read(asset, edition) for name, asset in read.items()}
        found, covered = reconcile(known, same_facts(), core, quarantine.rejects(list(read), edition), edition)
        classes = {kind.value: int(found["exception_class"].eq(kind.value).sum()) for kind in ExceptionClass}
        compared = int(covered["compared"].sum())
        yield dg.Output(
            published_tables.checked(found, published_tables.Reconciliation),
            "evidence_reconciliation",
            metadata=metadata.table_metadata(found, compared=compared, exceptions=len(found), **classes),
        )
        yield dg.Output(
            published_tables.checked(covered, published_tables.ReconciliationCoverage),
            "evidence_reconciliation_coverage",
            metadata=metadata.table_metadata(covered, compared=compared),
        )

    return reconciliation
