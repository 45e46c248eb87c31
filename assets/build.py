"""A build: one tables run for the edition, then one report run per area, in this process.

Here: running the graph and saying what came of it, as plain data. Not here: assets or definitions,
or how the result is printed (`jsna_pipeline/cli.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from assets.dagster_home import open_instance
from assets.definitions import build_defs
from assets.future import FUTURE_TABLES
from assets.interrupts import interrupts_heard
from assets.jobs import REPORTS_JOB, TABLES_JOB
from assets.local import LOCAL_TABLES
from assets.report import FORMATS
from assets.soundness import UPSTREAM, materialisation, sound_upstream
from assets.steering import STEERING_TABLES
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.commissioning.prioritisation import CRITERIA
from jsna_pipeline.commissioning.weighing import full_weights
from jsna_pipeline.errors import BuildError, InputError, JsnaError
from jsna_pipeline.fingerprints import catalogue_digest, code_digest, digest, folder_digest
from jsna_pipeline.geography import Area
from jsna_pipeline.governance.freezing import refuse_frozen
from jsna_pipeline.report import output
from jsna_pipeline.settings import Settings
from jsna_pipeline.storage import TableFolder

Progress = Callable[[str], None]
# The event store keeps everything; the terminal shows our progress and one sentence.
QUIET_TERMINAL = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
# On a tables run: the digest of everything it depends on, taken before it read anything.
FINGERPRINT_TAG = "jsna/fingerprint"
INTERRUPTED = "The build was interrupted; start it again."


@dataclass(frozen=True)
class BuildResult:
    """What a build made: the folders by area, whether tables were reused, and seconds by layer."""

    folders: dict[str, Path]
    tables_reused: bool
    seconds: dict[str, float] = field(default_factory=dict)


def build(
    settings: Settings, areas: list[Area], edition: str, formats: list[str], progress: Progress = lambda text: None
) -> BuildResult:
    """Reports of `areas` for `edition` in `formats` (of html, pdf, data).

    Raises InputError or BuildError with the one sentence of whatever stopped it; a last good report
    is then left as it was, with a note beside it.
    """
    # The edition's own partition, also where the settings name no such correction (2025.1).
    settings = settings.model_copy(update={"edition": edition})
    defs = build_defs(settings)
    seconds: dict[str, float] = {}
    areas = list(dict.fromkeys(areas))  # the same area by name and by code is one report
    folders = {area.slug: output.report_folder(settings.reports, edition, area.slug) for area in areas}
    full_weights(settings.priority_weights, CRITERIA)  # a slip in them is told before anything is computed
    published = settings.model_copy(update={"audience": "public"}).reports
    for area in areas:
        # Nor may the stored tables behind what is published change, whoever the report is for.
        refuse_frozen(output.report_folder(published, edition, area.slug))
    unfinished = dict(folders)
    with open_instance(settings) as instance, interrupts_heard():
        try:
            reused = _tables(settings, defs, instance, edition, progress, seconds)
            for area in areas:
                _report(settings, defs, instance, area, edition, formats, progress, seconds)
                unfinished.pop(area.slug, None)
        except (JsnaError, KeyboardInterrupt) as error:
            # Between two runs an interrupt reaches no step.
            told = error if isinstance(error, JsnaError) else BuildError(INTERRUPTED)
            for folder in unfinished.values():
                output.mark_failed(folder, str(told))
            raise told from None
    return BuildResult(folders, reused, seconds)


def _tables(
    settings: Settings,
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    edition: str,
    progress: Progress,
    seconds: dict[str, float],
) -> bool:
    """Run the tables job unless nothing it depends on has changed; True where it was skipped."""
    now = _fingerprint(settings, edition)
    if _stored_by_sound_run(settings, defs, instance, edition, now):
        progress(f"Tables of edition {edition}: nothing has changed, reused.")
        return True
    progress(f"Tables of edition {edition}: reading published files and computing every area…")
    result = _run(defs, TABLES_JOB, instance, edition, None, tags={FINGERPRINT_TAG: now})
    _note_seconds(result, seconds)
    return False


def _stored_by_sound_run(
    settings: Settings, defs: dg.Definitions, instance: dg.DagsterInstance, edition: str, fingerprint: str
) -> bool:
    """Whether every table is still there, and those a report reads are sound and of one run of `fingerprint`.

    A run from the UI, of other input or of a few tables, leaves tables that no fingerprint vouches for.
    """
    stored = TableFolder(settings.tables)
    tables = defs.resolve_job_def(TABLES_JOB).asset_layer.executable_asset_keys
    if not all(stored.path(key.to_user_string(), edition).exists() for key in tables):
        return False
    try:
        sound_upstream(instance, edition)
    except BuildError:
        return False
    runs = {materialisation(instance, dg.AssetKey(asset), edition).run_id for asset in UPSTREAM}
    run = instance.get_run_by_id(runs.pop())
    return not runs and run is not None and run.tags.get(FINGERPRINT_TAG) == fingerprint


def _fingerprint(settings: Settings, edition: str) -> str:
    # An ended series lies in the folder of the last edition that published it.
    ended = {f"{one.edition}/{one.folder}" for dataset in datasets().values() for one in dataset.files if one.edition}
    folders = [settings.published_files / name for name in (edition, *sorted(ended))]
    inputs = [folder_digest(folder) if folder.is_dir() else "absent" for folder in folders]
    return digest(*inputs, catalogue_digest(), code_digest(), edition, settings.source)


def _report(
    settings: Settings,
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    area: Area,
    edition: str,
    formats: list[str],
    progress: Progress,
    seconds: dict[str, float],
) -> None:
    progress(f"{area.name}: writing {', '.join(formats)}…")
    key = dg.MultiPartitionKey({"area": area.slug, "edition": edition})
    selected = [dg.AssetKey(table) for table in (*LOCAL_TABLES, *FUTURE_TABLES, *STEERING_TABLES)]
    selected += [dg.AssetKey(f"report_{name}") for name in formats if name in FORMATS]
    _note_seconds(_run(defs, REPORTS_JOB, instance, key, selected), seconds, f" {area.slug}")


def _run(
    defs: dg.Definitions,
    job: str,
    instance: dg.DagsterInstance,
    partition: str,
    selected: list[dg.AssetKey] | None,
    tags: dict[str, str] | None = None,
) -> dg.ExecuteInProcessResult:
    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        partition_key=partition,
        asset_selection=selected,
        run_config=QUIET_TERMINAL,
        tags=tags,
        raise_on_error=False,
    )
    if not result.success:
        raise _reason(result)
    return result


def _reason(result: dg.ExecuteInProcessResult) -> JsnaError:
    """The user's sentence behind a failed run: the first step that failed, or the check that blocked."""
    for event in result.all_events:
        kind, message = _cause(event)
        if kind == "DagsterAssetCheckFailedError":
            continue  # the check says below what is wrong
        if kind in {"InputError", "BuildError"}:
            sentence = message.split(": ", 1)[1]
            return InputError(sentence) if kind == "InputError" else BuildError(sentence)
        if kind in {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}:
            return BuildError(INTERRUPTED)
        if kind and event.is_step_failure:
            return BuildError(
                f"{event.step_key}: {message} (the run {result.run_id} has the details in the Dagster UI)."
            )
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.severity is dg.AssetCheckSeverity.ERROR:
            return BuildError(
                f"{evaluation.asset_key.to_user_string()}: {evaluation.description or evaluation.check_name}"
            )
    return BuildError(f"The run {result.run_id} failed; its log is in the Dagster UI.")


def _cause(event: dg.DagsterEvent) -> tuple[str, str]:
    """Class and message of what first went wrong in a step, or in the run itself; blank where `event` is no failure."""
    if event.is_step_failure:
        error = event.step_failure_data.error
    else:
        error = event.job_failure_data.error if event.is_job_failure else None
    while error is not None and error.cause is not None and error.cls_name != "DagsterAssetCheckFailedError":
        error = error.cause
    return (error.cls_name or "", error.message.strip()) if error is not None else ("", "")


def _note_seconds(result: dg.ExecuteInProcessResult, seconds: dict[str, float], of: str = "") -> None:
    """Seconds by layer, from the durations of its steps; `of` names the area of a report run."""
    for event in result.all_events:
        if event.is_step_success and event.step_key:
            layer = event.step_key.split("_")[0] + of
            took = event.step_success_data.duration_ms / 1000
            seconds[layer] = seconds.get(layer, 0.0) + took
