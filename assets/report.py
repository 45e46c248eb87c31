"""Layer `report`: HTML, PDF and data of one area and edition, from the stored tables.

Here: one multi-asset that assembles the frozen report once and publishes the formats asked for.
Not here: assembling or rendering (`jsna_pipeline/report/`).

A report refuses a table whose latest run or blocking check failed: "stored" is not "sound".
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import dagster as dg

from assets import metadata
from assets.future import FUTURE_TABLES
from assets.local import LOCAL_TABLES, area_and_edition
from assets.partitions import report_partitions
from assets.resources import Restricted, Tables
from assets.soundness import UPSTREAM, sound, sound_upstream
from assets.steering import STEERING_TABLES, steering_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.fingerprints import digest
from jsna_pipeline.governance import freezing
from jsna_pipeline.report import datapack, html, output, pdf
from jsna_pipeline.report.assemble import assemble
from jsna_pipeline.report.companions import infographic
from jsna_pipeline.report.companions.files import companions
from jsna_pipeline.report.library import write_library
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.view import AreaView, load_view
from jsna_pipeline.safe_tables import csv_bytes
from jsna_pipeline.settings import Settings
from jsna_pipeline.steering import Steering

GROUP = "report"
FORMATS = ("html", "pdf", "data")


def report_asset(settings: Settings) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            f"report_{name}",
            group_name=GROUP,
            deps=[*UPSTREAM, *LOCAL_TABLES, *FUTURE_TABLES, *STEERING_TABLES],
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
        folder = output.report_folder(settings.reports, edition, area.slug)
        freezing.refuse_frozen(folder)  # before a minute's work for nothing
        checks = sound_upstream(context.instance, edition)
        checks |= sound(context.instance, [*LOCAL_TABLES, *FUTURE_TABLES, *STEERING_TABLES], str(context.partition_key))
        view = load_view(tables.folder(), settings, area, edition, restricted.records())
        wanted = [name for name in FORMATS if dg.AssetKey(f"report_{name}") in context.selected_asset_keys]
        steered = steering_of(view, settings)
        made = assemble(view, settings, steered)
        files = render(made, view, steered, wanted)
        problems = [problem.sentence for problem in steered.problems]
        # The NHS bodies and weights are settings: they too tell one build from another. So does what was refused,
        # for a paper dated ahead is refused on one day and read on the next.
        fingerprint = digest(
            view.fingerprint,
            view.nhs.model_dump_json(),
            str(sorted(settings.priority_weights.items())),
            str(settings.full),
            str(made.brand),
            *problems,
        )
        if made.restricted:
            settings.reports.mkdir(parents=True, exist_ok=True)
            settings.reports.chmod(0o700)
        manifest = output.manifest_of(made, fingerprint, view.row_counts, checks, view.inputs, problems)
        output.publish(folder, files, manifest)
        if made.published and set(wanted) == set(FORMATS):
            freezing.freeze(folder)
        if not made.restricted:
            for sentence in _library(settings):
                context.log.warning(sentence)
        for name in wanted:
            path = folder / {"html": "index.html", "pdf": "jsna.pdf", "data": "data"}[name]
            yield dg.MaterializeResult(asset_key=f"report_{name}", metadata=_links(path, files, name))

    return report


def _library(settings: Settings) -> tuple[str, ...]:
    """Brings the page over all reports up to date; what it leaves out, or why it is not written, in sentences."""
    try:
        return write_library(settings.reports, settings.restricted_folder)
    except InputError as error:  # the report itself is whole and published
        return (str(error),)


def render(made: Report, view: AreaView, steered: Steering, wanted: list[str]) -> dict[str, bytes]:
    """The files of the formats asked for, by path below the report's folder."""
    if "pdf" not in wanted:
        return _other_formats(made, view, steered, wanted)
    # What the pages say of the area itself; the comparators' rows are in the folder of data.
    attached = {"observations.csv": csv_bytes(view.observed.loc[view.observed["area_code"] == view.area.code])}
    if wanted == ["pdf"]:
        return {"jsna.pdf": pdf.render(made, attached), "infographic.pdf": infographic.render_pdf(made)}
    # The PDF takes longer than all else: beside other formats it is laid out in a process of its own. Spawned,
    # not forked, since this process has threads.
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as beside:
        paged, summary = beside.submit(pdf.render, made, attached), beside.submit(infographic.render_pdf, made)
        files = _other_formats(made, view, steered, wanted)
        return files | {"jsna.pdf": paged.result(), "infographic.pdf": summary.result()}


def _other_formats(made: Report, view: AreaView, steered: Steering, wanted: list[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    if "html" in wanted:
        files["index.html"] = html.render(made).encode("utf-8")
        files |= companions(made)
    if "data" in wanted:
        files |= datapack.data_files(made, view, steered.tables)
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
