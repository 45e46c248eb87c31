"""Layer `report`: HTML, PDF and data of one area and edition, from the stored tables.

Here: one multi-asset that assembles the frozen report once and publishes the formats asked for.
Not here: assembling or rendering (`jsna_pipeline/report/`).

A report refuses a table whose latest run or blocking check failed: "stored" is not "sound".
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import dagster as dg

from assets import metadata
from assets.checks import NATIONAL_TABLES, SCHEMA_CHECK
from assets.local import LOCAL_TABLES, area_and_edition
from assets.partitions import report_partitions
from assets.resources import Restricted, Tables
from jsna_pipeline.errors import BuildError
from jsna_pipeline.fingerprints import digest
from jsna_pipeline.report import datapack, html, output, pdf
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import NEIGHBOURS_TABLE, AreaView, load_view
from jsna_pipeline.safe_tables import csv_bytes, parquet_bytes
from jsna_pipeline.settings import Settings

GROUP = "report"
FORMATS = ("html", "pdf", "data")
UPSTREAM = [*NATIONAL_TABLES, NEIGHBOURS_TABLE]


def report_asset(settings: Settings) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            f"report_{name}",
            group_name=GROUP,
            deps=[*UPSTREAM, *LOCAL_TABLES],
            description=description,
            kinds=kinds,
            owners=metadata.OWNERS,
            tags=metadata.tags("report"),
            skippable=True,
        )
        for name, description, kinds in (
            ("html", "The needs assessment as one self-contained page.", {"html"}),
            ("pdf", "The needs assessment as a tagged PDF.", {"pdf"}),
            ("data", "The figures behind the report: CSV, Parquet and a workbook.", {"csv", "parquet"}),
        )
    ]

    @dg.multi_asset(specs=specs, can_subset=True, partitions_def=report_partitions(settings), name="report")
    def report(
        context: dg.AssetExecutionContext, tables: Tables, restricted: Restricted
    ) -> Iterator[dg.MaterializeResult]:
        area, edition = area_and_edition(context)
        checks = sound_upstream(context.instance, edition)
        checks |= sound(context.instance, LOCAL_TABLES, str(context.partition_key))
        view = load_view(tables.folder(), settings, area, edition, restricted.records())
        wanted = [name for name in FORMATS if dg.AssetKey(f"report_{name}") in context.selected_asset_keys]
        folder = output.report_folder(settings.reports, edition, area.slug)
        made = assemble(view, settings)
        files = render(made, view, wanted)
        # Names in the governance box and the NHS bodies are settings: they too tell one build from another.
        fingerprint = digest(
            view.fingerprint, settings.governance_of(area.slug).model_dump_json(), view.nhs.model_dump_json()
        )
        if made.restricted:
            settings.reports.mkdir(parents=True, exist_ok=True)
            settings.reports.chmod(0o700)
        output.publish(folder, files, output.manifest_of(made, fingerprint, view.row_counts, checks, view.inputs))
        for name in wanted:
            path = folder / {"html": "index.html", "pdf": "jsna.pdf", "data": "data"}[name]
            yield dg.MaterializeResult(asset_key=f"report_{name}", metadata=_links(path, files, name))

    return report


def render(made: Report, view: AreaView, wanted: list[str]) -> dict[str, bytes]:
    """The files of the formats asked for, by path below the report's folder."""
    if "pdf" not in wanted:
        return _other_formats(made, view, wanted)
    if wanted == ["pdf"]:
        return {"jsna.pdf": pdf.render(made)}
    # The PDF takes longer than all else: beside other formats it is laid out in a process of its own. Spawned,
    # not forked, since this process has threads.
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as beside:
        paged = beside.submit(pdf.render, made)
        return _other_formats(made, view, wanted) | {"jsna.pdf": paged.result()}


def _other_formats(made: Report, view: AreaView, wanted: list[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    if "html" in wanted:
        files["index.html"] = html.render(made).encode("utf-8")
    if "data" in wanted:
        tables = {"observations": view.observed, "comparisons": view.compared, "trends": view.trended}
        tables |= {"inequalities": view.unequal, "priorities": view.prioritised}
        tables["reconciliation"] = datapack.exceptions_of(view)
        tables |= datapack.local_tables_of(view)
        for name, table in tables.items():
            files[f"data/{name}.csv"] = csv_bytes(table)
            files[f"data/{name}.parquet"] = parquet_bytes(table)
        # People read the workbook: the neighbours' own rows, four in five of all, stay with the CSV.
        near = ~view.observed["area_code"].isin(view.neighbour_codes)
        files["jsna-data.xlsx"] = datapack.workbook_bytes(made, tables | {"observations": view.observed.loc[near]})
    return files


def _links(path: Path, files: dict[str, bytes], name: str) -> dict[str, dg.MetadataValue]:
    ours = {"html": "index.html", "pdf": "jsna.pdf"}.get(name, "")
    size = sum(
        len(content)
        for file, content in files.items()
        if (file == ours if ours else file.startswith(("data/", "jsna-data")))
    )
    return {
        "report": dg.MetadataValue.url(path.as_uri()),
        "path": dg.MetadataValue.path(path),
        "bytes": dg.MetadataValue.int(size),
    }


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
