"""One Dagster home for the command line and the UI: what one builds, the other shows."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from assets.checks import SCHEMA_CHECK
from assets.dagster_home import open_instance, prepare_home
from assets.definitions import build_defs
from assets.future import FUTURE_TABLES
from assets.jobs import REPORTS_JOB, TABLES_JOB
from jsna_pipeline.errors import InputError
from tests.builds import EDITION, Build, jsna, settings_in


def test_a_build_by_command_is_seen_in_the_ui(seeds_build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make ui` sets DAGSTER_HOME to what `jsna home` prints; Dagster then opens this instance."""
    printed = jsna(seeds_build.folder, "home").stdout.strip()
    assert Path(printed) == seeds_build.home and Path(printed).is_absolute()
    monkeypatch.setenv("DAGSTER_HOME", printed)
    specs = list(build_defs(settings_in(seeds_build.folder)).resolve_all_asset_specs())
    with dg.DagsterInstance.get() as instance:
        runs = {run.job_name: run for run in instance.get_runs()}
        assert {name: run.status for name, run in runs.items()} == {
            TABLES_JOB: dg.DagsterRunStatus.SUCCESS,
            REPORTS_JOB: dg.DagsterRunStatus.SUCCESS,
        }
        assert runs[REPORTS_JOB].tags["dagster/partition"] == f"wigan|{EDITION}"
        for spec in specs:
            record = instance.get_latest_materialization_event(spec.key)
            assert record is not None and record.asset_materialization is not None, spec.key
            if spec.group_name != "report":
                assert record.asset_materialization.metadata["dagster/row_count"].value is not None, spec.key
        checked = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey("indicators_observations"), SCHEMA_CHECK), limit=10
        )
        assert [record.status.value for record in checked] == ["SUCCEEDED"]
        page = instance.get_latest_materialization_event(dg.AssetKey("report_html"))
        assert page is not None and page.asset_materialization is not None
        link = page.asset_materialization.metadata["report"].value
        assert link == (seeds_build.report() / "index.html").as_uri()


def test_every_table_lies_where_its_asset_and_edition_say(seeds_build: Build) -> None:
    for spec in build_defs(settings_in(seeds_build.folder)).resolve_all_asset_specs():
        if spec.group_name != "report":
            folder = seeds_build.tables / spec.key.to_user_string()
            of_area = spec.group_name in ("local", "steering") or spec.key.to_user_string() in FUTURE_TABLES
            assert (folder / ("wigan" if of_area else "") / f"{EDITION}.parquet").is_file()
    assert not list(seeds_build.tables.rglob("*.tmp"))


def test_the_home_is_absolute_silent_and_one_per_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.chdir(tmp_path)
    homes, tables = [], []
    for source in ("seeds", "landing"):
        settings = settings_in(tmp_path, source=source, landing=tmp_path, state=Path("state"))
        home = prepare_home(settings)
        homes.append(home)
        tables.append(settings.tables)
        assert home.is_absolute()
        configured = yaml.safe_load((home / "dagster.yaml").read_text("utf-8"))
        assert configured == {"telemetry": {"enabled": False}, "nux": {"enabled": False}}
        with open_instance(settings) as instance:
            assert not instance.telemetry_enabled
            assert Path(instance.root_directory) == home
            assert Path(instance.storage_directory()).is_relative_to(home)
    assert homes == [tmp_path / "state" / source / "dagster" for source in ("seeds", "landing")]
    assert tables == [str(tmp_path / "state" / source / "tables") for source in ("seeds", "landing")]
    assert not (tmp_path / "tmp").exists() and {path.name for path in tmp_path.iterdir()} == {"state"}


def test_a_home_that_someone_configured_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    settings = settings_in(tmp_path)
    settings.dagster_home.mkdir(parents=True)
    (settings.dagster_home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    prepare_home(settings)
    assert (settings.dagster_home / "dagster.yaml").read_text() == "telemetry:\n  enabled: false\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError, match=r"file/seeds/dagster: cannot be written .*set `state` to one"):
        prepare_home(settings_in(tmp_path, state=Path("file")))
