"""Layer `report`: HTML, PDF and data of one area and edition, from the stored tables.

Here: one multi-asset that assembles the frozen report once and publishes the formats asked for.
Not here: assembling or rendering (`jsna_pipeline/report/`).

A report refuses a table whose latest run or blocking check failed: "stored" is not "sound".
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets import metadata
from assets.checks import NATIONAL_TABLES, SCHEMA_CHECK
from assets.partitions import report_partitions
from assets.resources import Tables
from jsna_pipeline import geography
from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import datapack, html, output, pdf
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import NEIGHBOURS_TABLE, AreaView, load_view
from jsna_pipeline.settings import Settings

GROUP = "report"
FORMATS = ("html", "pdf", "data")
UPSTREAM = [*NATIONAL_TABLES, NEIGHBOURS_TABLE]


def report_asset(settings: Settings) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            f"report_{name}",
            group_name=GROUP,
            deps=UPSTREAM,
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
    def report(context: dg.AssetExecutionContext, tables: Tables) -> Iterator[dg.MaterializeResult]:
        key = context.partition_key
        assert isinstance(key, dg.MultiPartitionKey)  # noqa: S101 - the partitions definition says so
        area = geography.local_authority(key.keys_by_dimension["area"])
        edition = key.keys_by_dimension["edition"]
        checks = sound_upstream(context.instance, edition)
        view = load_view(tables.folder(), settings, area, edition)
        wanted = [name for name in FORMATS if dg.AssetKey(f"report_{name}") in context.selected_asset_keys]
        folder = output.report_folder(settings.reports, edition, area.slug)
        made = assemble(view, settings)
        files = render(made, view, wanted)
        output.publish(folder, files, output.manifest_of(made, view.fingerprint, view.row_counts, checks, view.inputs))
        for name in wanted:
            path = folder / {"html": "index.html", "pdf": "jsna.pdf", "data": "data"}[name]
            yield dg.MaterializeResult(asset_key=f"report_{name}", metadata=_links(path, files, name))

    return report


def render(made: Report, view: AreaView, wanted: list[str]) -> dict[str, bytes]:
    """The files of the formats asked for, by path below the report's folder."""
    files: dict[str, bytes] = {}
    tables = {"observations": view.observed, "comparisons": view.compared, "trends": view.trended}
    if "html" in wanted:
        files["index.html"] = html.render(made).encode("utf-8")
    if "pdf" in wanted:
        files["jsna.pdf"] = pdf.render(made)
    if "data" in wanted:
        for name, table in tables.items():
            files[f"data/{name}.csv"] = datapack.csv_bytes(table)
            files[f"data/{name}.parquet"] = datapack.parquet_bytes(table)
        files["jsna-data.xlsx"] = datapack.workbook_bytes(made, tables)
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
    """Check results of every upstream table; BuildError where one is missing, failed or half renewed."""
    results = {}
    for asset in UPSTREAM:
        key = dg.AssetKey(asset)
        wanted = dg.AssetRecordsFilter(asset_key=key, asset_partitions=[edition])
        made = instance.fetch_materializations(wanted, limit=1).records
        if not made:
            raise BuildError(
                f"{asset}: no table for edition {edition}; build the edition's tables first (job `edition_tables`)."
            )
        _refuse_after_failed_run(instance, key, edition, made[0].storage_id)
        results[f"{asset}: {SCHEMA_CHECK}"] = _check_passed(instance, key, edition, made[0].run_id)
    failures = [name for name, passed in results.items() if not passed]
    if failures:
        raise BuildError(
            f"The latest tables of edition {edition} failed a check ({failures[0]}); "
            "mend the input and build its tables again."
        )
    return results


def _refuse_after_failed_run(instance: dg.DagsterInstance, key: dg.AssetKey, edition: str, stored: int) -> None:
    """A run that planned to renew the table and failed leaves the old one: sound once, not any more."""
    planned = instance.get_latest_planned_materialization_info(key, edition)
    if planned is None or planned.storage_id <= stored:
        return
    run = instance.get_run_by_id(planned.run_id)
    if run is not None and run.is_failure:
        raise BuildError(
            f"{key.to_user_string()}: the latest run for edition {edition} failed; mend its input and build again."
        )


def _check_passed(instance: dg.DagsterInstance, key: dg.AssetKey, edition: str, run_id: str) -> bool:
    """Whether the blocking check of the run that wrote the table passed."""
    records = instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(key, SCHEMA_CHECK), limit=100
    )
    ours = [record for record in records if record.run_id == run_id and record.partition in (None, edition)]
    return bool(ours) and ours[0].status.value == "SUCCEEDED"
