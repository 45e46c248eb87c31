"""A report refuses tables that are not sound: missing, half renewed, or refused by their blocking check."""

from __future__ import annotations

import dagster as dg
import pandas as pd
import pytest

from assets.checks import SCHEMA_CHECK
from assets.dagster_home import open_instance
from assets.definitions import build_defs
from assets.jobs import REPORTS_JOB, TABLES_JOB
from assets.report import UPSTREAM, sound_upstream
from jsna_pipeline.errors import BuildError
from jsna_pipeline.settings import Settings
from tests.builds import CASELOAD, EDITION, Build, plant, settings_in

WIGAN = dg.MultiPartitionKey({"area": "wigan", "edition": EDITION})


def run(
    settings: Settings, instance: dg.DagsterInstance, job: str, partition: str, *assets: str
) -> dg.ExecuteInProcessResult:
    """What a person starts in the UI: a job for one partition, whole or for some of its assets."""
    return (
        build_defs(settings)
        .resolve_job_def(job)
        .execute_in_process(
            instance=instance,
            partition_key=partition,
            asset_selection=[dg.AssetKey(asset) for asset in assets] or None,
            raise_on_error=False,
        )
    )


def settings_of(copy: Build) -> Settings:
    return settings_in(copy.folder, source="landing", landing=copy.folder / "landing")


def reason(result: dg.ExecuteInProcessResult) -> str:
    """The sentence of the failed step, as the run's page shows it."""
    assert not result.success
    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    error = errors[0]
    while error is not None and error.cause is not None:
        error = error.cause
    assert error is not None and error.cls_name == "BuildError"
    return error.message


def test_both_jobs_run_from_the_ui_for_one_partition_each(small_copy: Build) -> None:
    settings = settings_of(small_copy)
    with open_instance(settings) as instance:
        assert run(settings, instance, TABLES_JOB, EDITION, "indicators_trends").success
        made = run(settings, instance, REPORTS_JOB, WIGAN, "report_html", "report_data")
        assert made.success
    events = [event.step_materialization_data.materialization for event in made.get_asset_materialization_events()]
    shown = {event.asset_key.to_user_string(): event for event in events}
    assert set(shown) == {"report_html", "report_data"}
    link = shown["report_html"].metadata["report"].value
    assert link == (small_copy.report() / "index.html").as_uri()
    assert shown["report_html"].metadata["bytes"].value == (small_copy.report() / "index.html").stat().st_size
    assert shown["report_html"].partition == WIGAN


def test_a_report_without_tables_says_what_to_build_first(small_copy: Build) -> None:
    settings = settings_of(small_copy).model_copy(update={"edition": "2024"})
    with open_instance(settings) as instance:
        key = dg.MultiPartitionKey({"area": "wigan", "edition": "2024"})
        said = reason(run(settings, instance, REPORTS_JOB, key, "report_html"))
    assert "no table for edition 2024" in said and "build the edition's tables first" in said


def test_a_report_refuses_a_good_table_that_a_later_run_failed_to_renew(small_copy: Build) -> None:
    settings = settings_of(small_copy)
    page = small_copy.report() / "index.html"
    before = page.read_bytes()
    plant(small_copy.folder / "landing" / EDITION / CASELOAD, "ehcplans", 3, "n/a")
    with open_instance(settings) as instance:
        assert all(sound_upstream(instance, EDITION).values())
        renewed = ("core_dfe__sen2_caseload", "indicators_observations", *UPSTREAM)
        assert not run(settings, instance, TABLES_JOB, EDITION, *dict.fromkeys(renewed)).success
        said = reason(run(settings, instance, REPORTS_JOB, WIGAN, "report_html"))
    assert "the latest run for edition 2025 failed or did not finish" in said
    assert page.read_bytes() == before


def test_a_table_that_breaks_its_schema_is_kept_from_the_store_and_from_every_report(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Validation at the door keeps it out; were the door left open, the blocking check would stop the run."""
    settings = settings_of(small_copy)
    stored = small_copy.tables / "indicators_trends" / f"{EDITION}.parquet"
    before = stored.read_bytes()
    bad = pd.read_parquet(stored).assign(direction="sideways")
    monkeypatch.setattr("assets.indicators.trend_table", lambda *inputs: bad)
    with open_instance(settings) as instance:
        refused = run(settings, instance, TABLES_JOB, EDITION, "indicators_trends")
        assert not refused.success and stored.read_bytes() == before

        monkeypatch.setattr("assets.indicators.published_tables.checked", lambda table, model: table)
        blocked = run(settings, instance, TABLES_JOB, EDITION, "indicators_trends")
        assert not blocked.success
        failed = [one for one in blocked.get_asset_check_evaluations() if not one.passed]
        assert [one.severity for one in failed] == [dg.AssetCheckSeverity.ERROR]
        assert "direction" in str(failed[0].description)
        with pytest.raises(BuildError, match=r"edition 2025 failed a check \(indicators_trends: stored_table"):
            sound_upstream(instance, EDITION)


def test_a_check_that_fails_when_run_again_counts(small_copy: Build) -> None:
    """A table was sound when it was written and is not now: the check's latest word holds."""
    with open_instance(settings_of(small_copy)) as instance:
        for edition in ("2024", EDITION):
            assert all(sound_upstream(instance, EDITION).values()), "another edition's failure is not ours"
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(
                    asset_key=dg.AssetKey("indicators_trends"),
                    check_name=SCHEMA_CHECK,
                    passed=False,
                    metadata={},
                    blocking=True,
                    partition=edition,
                )
            )
        with pytest.raises(BuildError, match="failed a check"):
            sound_upstream(instance, EDITION)
