"""Whether stored tables may be relied on: there, renewed whole, and passed by their blocking check.

Here: what a later layer asks of the tables that it reads. Not here: the checks (`checks.py`).

"Stored" is not "sound": a blocking check runs after its table is written, and a run may stop half-way.
"""

from collections.abc import Iterable

import dagster as dg

from assets.checks import NATIONAL_TABLES, SCHEMA_CHECK
from jsna_pipeline.errors import BuildError
from jsna_pipeline.report.view import NEIGHBOURS_TABLE

UPSTREAM = [*NATIONAL_TABLES, NEIGHBOURS_TABLE]


def sound_upstream(instance: dg.DagsterInstance, edition: str) -> dict[str, bool]:
    """As `sound`, of every national table that a report rests on."""
    return sound(instance, UPSTREAM, edition)


def sound(instance: dg.DagsterInstance, tables: Iterable[str], partition: str) -> dict[str, bool]:
    """Check results of `tables` in a partition; BuildError where one is missing, failed or half renewed."""
    results = {}
    for asset in tables:
        key = dg.AssetKey(asset)
        stored = materialisation(instance, key, partition)
        _refuse_unfinished_renewal(instance, key, partition, stored)
        results[f"{asset}: {SCHEMA_CHECK}"] = _check_passed(instance, key, partition, stored)
    failures = [name for name, passed in results.items() if not passed]
    if failures:
        raise BuildError(
            f"The latest tables of edition {partition} failed a check ({failures[0]}); "
            "mend the input and build its tables again."
        )
    return results


def materialisation(instance: dg.DagsterInstance, key: dg.AssetKey, edition: str) -> dg.EventLogRecord:
    """The latest record of the table having been written; BuildError where it never was."""
    wanted = dg.AssetRecordsFilter(asset_key=key, asset_partitions=[edition])
    made = instance.fetch_materializations(wanted, limit=1).records
    if not made:
        raise BuildError(
            f"{key.to_user_string()}: no table for edition {edition}; "
            "build the edition's tables first (job `edition_tables`)."
        )
    return made[0]


def _refuse_unfinished_renewal(
    instance: dg.DagsterInstance, key: dg.AssetKey, edition: str, stored: dg.EventLogRecord
) -> None:
    """A run that planned to renew the table and did not leaves the old one: sound once, not any more."""
    planned = instance.get_latest_planned_materialization_info(key, edition)
    if planned is None or planned.storage_id <= stored.storage_id:
        return
    run = instance.get_run_by_id(planned.run_id)
    if run is not None and not run.is_success:
        raise BuildError(
            f"{key.to_user_string()}: the latest run for edition {edition} failed or did not finish; "
            "mend its input and build again."
        )


def _check_passed(instance: dg.DagsterInstance, key: dg.AssetKey, edition: str, stored: dg.EventLogRecord) -> bool:
    """Whether the blocking check's latest evaluation passed, and was of the table as now stored."""
    records = instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(key, SCHEMA_CHECK),
        limit=1000,  # of all editions together, newest first
    )
    latest = next((record for record in records if record.partition in (None, edition)), None)
    if latest is None or latest.event is None or latest.status.value != "SUCCEEDED":
        return False
    return latest.event.timestamp >= stored.timestamp
