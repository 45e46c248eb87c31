"""What runs by itself and when: the yearly refresh, off unless settings say so, and the reports after it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.definitions import build_defs
from assets.jobs import REPORTS_JOB, TABLES_JOB
from assets.partitions import editions
from jsna_pipeline.errors import InputError
from jsna_pipeline.settings import Settings
from tests.builds import settings_in

STOPPED, RUNNING = dg.DefaultScheduleStatus.STOPPED, dg.DefaultScheduleStatus.RUNNING


def schedule(settings: Settings) -> dg.ScheduleDefinition:
    return build_defs(settings).resolve_schedule_def("annual_refresh")


def sensor(settings: Settings) -> dg.SensorDefinition:
    return build_defs(settings).resolve_sensor_def("reports_after_refresh")


def test_nothing_runs_by_itself_unless_settings_say_so(tmp_path: Path) -> None:
    off, on = settings_in(tmp_path), settings_in(tmp_path, refresh_enabled=True)
    assert schedule(off).default_status is STOPPED and schedule(on).default_status is RUNNING
    assert sensor(off).default_status is dg.DefaultSensorStatus.STOPPED
    assert sensor(on).default_status is dg.DefaultSensorStatus.RUNNING


def test_the_refresh_runs_when_settings_say_in_local_time(tmp_path: Path) -> None:
    made = schedule(settings_in(tmp_path, refresh_cron="30 7 20 12 *"))
    assert (made.cron_schedule, made.execution_timezone) == ("30 7 20 12 *", "Europe/London")


def test_the_refresh_asks_for_the_edition_of_its_year_once(tmp_path: Path) -> None:
    moment = datetime(2025, 12, 15, 6, tzinfo=ZoneInfo("Europe/London"))
    defs = build_defs(settings_in(tmp_path))
    context = dg.build_schedule_context(scheduled_execution_time=moment, repository_def=defs.get_repository_def())
    requests = defs.resolve_schedule_def("annual_refresh").evaluate_tick(context).run_requests
    assert [(one.partition_key, one.run_key) for one in requests or []] == [("2025", "refresh-2025")]


def requested_after(settings: Settings, tags: dict[str, str]) -> list[str]:
    """Partition keys of the runs that the sensor asks for after a tables run with `tags`."""

    @dg.op
    def nothing() -> None: ...

    @dg.job(name=TABLES_JOB, tags=tags)
    def tables() -> None:
        nothing()

    defs = build_defs(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        result = tables.execute_in_process(instance=instance)
        context = dg.build_run_status_sensor_context(
            sensor_name="reports_after_refresh",
            dagster_event=result.get_run_success_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            repository_def=defs.get_repository_def(),
        )
        requests = list(defs.resolve_sensor_def("reports_after_refresh")(context))
    return [str(request.partition_key) for request in requests]


def test_after_a_refresh_each_area_of_the_settings_gets_one_report(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, areas=("Wigan", "E08000031", "cumberland"))
    assert requested_after(settings, {"jsna/refresh": "2025"}) == [
        "wigan|2025",
        "wolverhampton|2025",
        "cumberland|2025",
    ]
    assert requested_after(settings, {}) == [], "a tables run that a person starts brings no reports with it"


def test_a_wrong_area_in_the_settings_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Wigann"):
        requested_after(settings_in(tmp_path, areas=("Wigann",)), {"jsna/refresh": "2025"})


def test_both_jobs_can_be_backfilled_over_their_partitions(tmp_path: Path) -> None:
    defs = build_defs(settings_in(tmp_path, first_edition=2024, corrections=("2025.1",)))
    tables = defs.resolve_job_def(TABLES_JOB).partitions_def
    assert tables is not None and {"2024", "2025", "2025.1"} <= set(tables.get_partition_keys())
    reports = defs.resolve_job_def(REPORTS_JOB).partitions_def
    assert isinstance(reports, dg.MultiPartitionsDefinition)
    areas = reports.get_partitions_def_for_dimension("area").get_partition_keys()
    assert len(areas) == 153 and {"wigan", "wolverhampton", "bournemouth-christchurch-and-poole"} <= set(areas)


def test_editions_reach_next_year_and_hold_the_one_asked_for(tmp_path: Path) -> None:
    this_year = datetime.now(ZoneInfo("Europe/London")).year
    found = editions(settings_in(tmp_path, first_edition=2023, edition="2021.2"))
    assert found == ["2021.2", *(str(year) for year in range(2023, this_year + 2))]
