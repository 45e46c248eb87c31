"""Asset checks, generated: each stored table against its schema, and the warnings of evidence.

Here: one blocking check per table that re-reads what was stored, and non-blocking plausibility
checks. Not here: validation at the door, which the assets do before anything is written.
Concept: https://docs.dagster.io/guides/test/asset-checks
"""

from collections.abc import Iterator, Mapping

import dagster as dg
import pandera.pandas as pa

from assets.local import LOCAL_TABLES
from assets.partitions import edition_partitions, report_partitions
from assets.resources import Tables
from jsna_pipeline import published_tables, steering
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import schema_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.future import tables as future_tables
from jsna_pipeline.future.of_england import chosen_model
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.settings import Settings
from jsna_pipeline.vocabulary import TOTAL, ExceptionClass, ReconciliationRule

NATIONAL_TABLES = {
    "indicators_observations": published_tables.Observations,
    "indicators_comparisons": published_tables.Comparisons,
    "indicators_trends": published_tables.Trends,
    "indicators_inequalities": published_tables.Inequalities,
    "indicators_priorities": published_tables.Priorities,
    "indicators_strategy_answers": published_tables.StrategyAnswers,
    "indicators_definitions": published_tables.Definitions,
    "evidence_sources": published_tables.Sources,
    "evidence_rejects": published_tables.Rejects,
    "evidence_reconciliation": published_tables.Reconciliation,
    "evidence_reconciliation_coverage": published_tables.ReconciliationCoverage,
    **future_tables.NATIONAL,
}
COVERAGE = (92.0, 98.0)  # percent of known counts that an interval of 95 should hold
SCHEMA_CHECK = "stored_table_fits_its_schema"


def all_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    core = {dataset.core_asset: schema_of(dataset) for dataset in datasets().values()}
    national = {asset: model.to_schema() for asset, model in NATIONAL_TABLES.items()}
    steered = {asset: model.to_schema() for asset, model in steering.MODELS.items()}
    ahead = {asset: model.to_schema() for asset, model in future_tables.OF_AREA.items()}
    local = {asset: model.to_schema() for asset, model in LOCAL_TABLES.items()}
    editions = edition_partitions(settings)
    return [
        # All core tables in one step: a step each would take longer than the work.
        _schema_checks("core_tables_fit_their_schemas", core, editions),
        *[_schema_checks(f"{asset}_{SCHEMA_CHECK}", {asset: schema}, editions) for asset, schema in national.items()],
        _schema_checks("local_tables_fit_their_schemas", local, report_partitions(settings)),
        _schema_checks("future_tables_fit_their_schemas", ahead, report_partitions(settings)),
        _schema_checks("steering_tables_fit_their_schemas", steered, report_partitions(settings)),
        _sources_complete(settings),
        _coverage_in_bounds(settings),
        *[_rule_holds(rule, settings) for rule in ReconciliationRule],
    ]


def _schema_checks(
    name: str, schemas: Mapping[str, pa.DataFrameSchema], partitions: dg.PartitionsDefinition
) -> dg.AssetChecksDefinition:
    """A blocking check of each stored table, all of `schemas` in one step."""
    specs = [
        dg.AssetCheckSpec(
            SCHEMA_CHECK,
            asset=asset,
            blocking=True,
            partitions_def=partitions,
            description="The table, read back from storage, has the columns, types and bounds of its schema.",
        )
        for asset in schemas
    ]

    @dg.multi_asset_check(name=name, specs=specs, can_subset=True)
    def checks(context: dg.AssetCheckExecutionContext, tables: Tables) -> Iterator[dg.AssetCheckResult]:
        for check in sorted(context.selected_asset_check_keys):
            asset = check.asset_key.to_user_string()
            yield _fits(asset, schemas[asset], tables, context.partition_key)

    return checks


def _fits(asset: str, schema: pa.DataFrameSchema, tables: Tables, partition: str) -> dg.AssetCheckResult:
    keys = partition.keys_by_dimension if isinstance(partition, dg.MultiPartitionKey) else {"edition": partition}
    table = tables.folder().read(asset, keys["edition"], keys.get("area", ""))
    try:
        validate(table, schema, name=asset)
    except InputError as error:
        return dg.AssetCheckResult(asset_key=asset, check_name=SCHEMA_CHECK, passed=False, description=str(error))
    return dg.AssetCheckResult(asset_key=asset, check_name=SCHEMA_CHECK, passed=True, metadata={"rows": len(table)})


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


def _coverage_in_bounds(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset="future_backtest_summary",
        name="intervals_of_95_hold_92_to_98_in_a_hundred",
        partitions_def=edition_partitions(settings),
        description="Over all back-tested years, at each horizon, of the method that the back-test chose.",
    )
    def check(context: dg.AssetCheckExecutionContext, tables: Tables) -> dg.AssetCheckResult:
        table = tables.folder().read("future_backtest_summary", context.partition_key)
        model = chosen_model(tables.folder().read("future_projections", context.partition_key))
        chosen = table.loc[table["model"].eq(model) & table["origin"].eq(TOTAL)].set_index("horizon")["coverage_95"]
        outside = chosen.loc[~chosen.between(*COVERAGE)]
        # Authorities of one year share the country's error: a horizon out of bounds is a warning to read, with its
        # interval printed in the report beside it, and no reason to withhold the tables.
        return dg.AssetCheckResult(
            passed=outside.empty,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={f"horizon_{horizon}": float(share) for horizon, share in chosen.items()},
        )

    return check


RULES = {
    ReconciliationRule.SHARE_FROM_COUNTS: "Every printed share follows from its counts, to the printed digit.",
    ReconciliationRule.PARTS_AND_WHOLE: "The parts of a row add up to its whole.",
    ReconciliationRule.LEVELS_ADD_UP: "Authorities add up to their region, and regions to England.",
    ReconciliationRule.CATEGORIES_ADD_UP: "The categories of a complete breakdown add up to its total.",
    ReconciliationRule.SAME_FACT: "Two sources that publish one fact publish one figure.",
    ReconciliationRule.REPEATED_VALUES: "No figure stands again in another area's or year's place beyond chance.",
    ReconciliationRule.IMPOSSIBLE_VALUE: "No figure is negative, above its whole or part of a person.",
    ReconciliationRule.JUMP: "No figure moves between two years as no other authority's does.",
}


def _rule_holds(rule: ReconciliationRule, settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset="evidence_reconciliation",
        name=rule.value,
        partitions_def=edition_partitions(settings),
        description=f"{RULES[rule]} Exceptions are shown in the data-quality chapter; none is corrected.",
    )
    def check(context: dg.AssetCheckExecutionContext, tables: Tables) -> dg.AssetCheckResult:
        table = tables.folder().read("evidence_reconciliation", context.partition_key)
        exceptions = table.loc[table["rule"] == rule.value, "exception_class"]
        classes = {kind.value: int((exceptions == kind.value).sum()) for kind in ExceptionClass}
        # A publisher's error is a finding of the report, and never a reason to withhold it.
        return dg.AssetCheckResult(
            passed=exceptions.empty,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"exceptions": len(exceptions), **classes},
        )

    return check
