"""Jobs and the yearly schedule: an edition's tables, then its reports.

Here: what can be launched or backfilled from the UI, and when it runs by itself. Not here: how a
command-line build runs the same assets (`build.py`).
Concept: https://docs.dagster.io/guides/automate/schedules
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets import core, evidence, indicators, landed, local, report, steering
from jsna_pipeline import geography
from jsna_pipeline.future import tables as future_tables
from jsna_pipeline.settings import Settings

Job = Any  # what dg.define_asset_job returns has no public name
TABLES_JOB = "edition_tables"
REPORTS_JOB = "edition_reports"


def tables_job() -> Job:
    return dg.define_asset_job(
        TABLES_JOB,
        selection=dg.AssetSelection.groups(landed.GROUP, core.GROUP, indicators.GROUP, evidence.GROUP)
        | dg.AssetSelection.assets(*future_tables.NATIONAL),
        description="Every national table of one edition, from published files to evidence and future need.",
        executor_def=dg.in_process_executor,
    )


def reports_job() -> Job:
    return dg.define_asset_job(
        REPORTS_JOB,
        selection=dg.AssetSelection.groups(local.GROUP, steering.GROUP, report.GROUP)
        | dg.AssetSelection.assets(*future_tables.OF_AREA),
        description="The area's own returns, future and scorecards, then HTML, PDF and data; needs national tables.",
        executor_def=dg.in_process_executor,
    )


def _status(settings: Settings) -> dg.DefaultScheduleStatus:
    return dg.DefaultScheduleStatus.RUNNING if settings.refresh_enabled else dg.DefaultScheduleStatus.STOPPED


def refresh_schedule(settings: Settings, job: Job) -> dg.ScheduleDefinition:
    """Once a year the edition of that year is computed; the reports follow when it has succeeded."""

    @dg.schedule(
        name="annual_refresh",
        job=job,
        cron_schedule=settings.refresh_cron,
        execution_timezone="Europe/London",
        default_status=_status(settings),
        description="The annual refresh. Off by default; cron and areas are settings.",
    )
    def annual_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        edition = str(context.scheduled_execution_time.year)
        return dg.RunRequest(run_key=f"refresh-{edition}", partition_key=edition, tags={"jsna/refresh": edition})

    return annual_refresh


def reports_sensor(settings: Settings, tables: Job, reports: Job) -> dg.SensorDefinition:
    """After a scheduled tables run has succeeded, one report run for each area that settings name."""

    @dg.run_status_sensor(
        name="reports_after_refresh",
        run_status=dg.DagsterRunStatus.SUCCESS,
        monitored_jobs=[tables],
        request_job=reports,
        default_status=dg.DefaultSensorStatus.RUNNING if settings.refresh_enabled else dg.DefaultSensorStatus.STOPPED,
        description="Builds the reports of the settings' areas once an annual refresh has succeeded.",
    )
    def reports_after_refresh(context: dg.RunStatusSensorContext) -> Iterator[dg.RunRequest]:
        edition = context.dagster_run.tags.get("jsna/refresh")
        if edition is None:
            return
        for named in settings.areas:
            slug = geography.local_authority(named).slug
            key = dg.MultiPartitionKey({"area": slug, "edition": edition})
            yield dg.RunRequest(run_key=f"{context.dagster_run.run_id}-{slug}", partition_key=key)

    return reports_after_refresh
