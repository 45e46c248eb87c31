"""The code location as an engineer meets it in the Dagster UI: whole, labelled, and loaded without reading data."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from assets.checks import NATIONAL_TABLES, SCHEMA_CHECK
from assets.definitions import build_defs
from assets.future import FUTURE_TABLES
from assets.local import LOCAL_TABLES
from assets.steering import STEERING_TABLES
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import schema_of
from tests.builds import environment, settings_in

PROJECT = Path(__file__).parents[2]
LAYERS = ("landed", "core", "indicators", "evidence", "future", "local", "steering", "report")
# What an audit of file and network access sees while the code location is imported.
AUDITED_IMPORT = """
import sys
seen = []
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        seen.append(arguments[0])
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise SystemExit("the network was asked")
sys.addaudithook(note)
import assets.definitions
data = [path for path in seen if "/seeds/2025/" in path or "/nowhere/" in path or path.endswith(".parquet")]
print(len(assets.definitions.defs.resolve_all_asset_specs()), data)
"""


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(settings_in(tmp_path_factory.mktemp("definitions")))


@pytest.fixture(scope="module")
def specs(defs: dg.Definitions) -> list[dg.AssetSpec]:
    return sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key.to_user_string())


def check_specs(defs: dg.Definitions) -> Iterator[dg.AssetCheckSpec]:
    graph = defs.resolve_asset_graph()
    yield from (graph.get_check_spec(key) for key in sorted(graph.asset_check_keys, key=str))


def test_groups_are_the_eight_layers_and_names_say_them(specs: list[dg.AssetSpec]) -> None:
    assert {spec.group_name for spec in specs} == set(LAYERS)
    for spec in specs:
        assert len(spec.key.path) == 1, "one flat name: it is the table's folder too"
        assert spec.key.path[0].startswith(f"{spec.group_name}_")


def test_every_dataset_of_the_catalogue_has_its_landed_and_core_asset(specs: list[dg.AssetSpec]) -> None:
    names = {spec.key.to_user_string() for spec in specs}
    catalogued = {asset for dataset in datasets().values() for asset in (dataset.landed_asset, dataset.core_asset)}
    assert {name for name in names if name.startswith(("landed_", "core_"))} == catalogued


def test_every_asset_is_owned_described_and_labelled(specs: list[dg.AssetSpec]) -> None:
    for spec in specs:
        name = spec.key.to_user_string()
        assert spec.owners, name
        assert spec.description and len(spec.description) > 20, name
        assert spec.kinds, name
        assert {"domain", "sensitivity"} <= spec.tags.keys(), name
        assert spec.partitions_def is not None, name


def test_every_stored_table_shows_its_columns_and_has_one_blocking_schema_check(
    defs: dg.Definitions, specs: list[dg.AssetSpec]
) -> None:
    blocking = {spec.asset_key for spec in check_specs(defs) if spec.name == SCHEMA_CHECK and spec.blocking}
    for spec in specs:
        name = spec.key.to_user_string()
        if spec.group_name not in ("landed", "report"):
            assert spec.metadata["dagster/column_schema"].columns, name
            assert spec.key in blocking, name
    assert all(spec.partitions_def is not None for spec in check_specs(defs))


def test_the_column_schema_is_the_pandera_models(specs: list[dg.AssetSpec]) -> None:
    by_name = {spec.key.to_user_string(): spec for spec in specs}
    core = {dataset.core_asset: schema_of(dataset) for dataset in datasets().values()}
    stored = {**NATIONAL_TABLES, **LOCAL_TABLES, **FUTURE_TABLES, **STEERING_TABLES}
    models = core | {asset: model.to_schema() for asset, model in stored.items()}
    for name, schema in models.items():
        shown = {column.name: column for column in by_name[name].metadata["dagster/column_schema"].columns}
        assert list(shown) == list(schema.columns), name
        for column, declared in schema.columns.items():
            assert shown[column].description or name not in core, f"{name}.{column}"
            assert shown[column].constraints.nullable == declared.nullable, f"{name}.{column}"
    caseload = {column.name: column for column in by_name["core_dfe__sen2_caseload"].metadata[
        "dagster/column_schema"].columns}  # fmt: skip
    assert any(column.tags.get("unit") for column in caseload.values())


def test_scorecards_rest_on_the_areas_own_tables_and_the_report_on_them(
    defs: dg.Definitions, specs: list[dg.AssetSpec]
) -> None:
    by_name = {spec.key.to_user_string(): spec for spec in specs}
    assert {name for name, spec in by_name.items() if spec.group_name == "steering"} == {
        "steering_scorecard",
        "steering_scorecard_exceptions",
        "steering_survey_results",
        "steering_commissioning_priorities",
    }
    graph = defs.resolve_asset_graph()
    for name in STEERING_TABLES:
        parents = {key.to_user_string() for key in graph.get(dg.AssetKey(name)).parent_keys}
        assert {*LOCAL_TABLES, *FUTURE_TABLES, *NATIONAL_TABLES} <= parents, name
        assert not parents & STEERING_TABLES.keys(), name
        assert by_name[name].tags["sensitivity"] == "protected"
        assert by_name[name].partitions_def == by_name["report_html"].partitions_def
    for name in ("report_html", "report_pdf", "report_data"):
        assert {dg.AssetKey(table) for table in STEERING_TABLES} <= graph.get(dg.AssetKey(name)).parent_keys


def test_the_graph_is_what_was_reviewed(
    defs: dg.Definitions, specs: list[dg.AssetSpec], snapshot: SnapshotAssertion
) -> None:
    """Any change to the graph shows here as a difference to read, and nowhere else by accident."""
    repository = defs.get_repository_def()
    found: dict[str, Any] = {
        "assets": {
            spec.key.to_user_string(): {
                "group": spec.group_name,
                "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
                "kinds": sorted(spec.kinds),
                "owners": sorted(spec.owners),
                "tags": {key: value for key, value in sorted(spec.tags.items()) if not key.startswith("dagster/kind")},
                "description": spec.description,
            }
            for spec in specs
        },
        "checks": [
            f"{spec.asset_key.to_user_string()}: {spec.name}{' (blocking)' if spec.blocking else ''}"
            for spec in check_specs(defs)
        ],
        "jobs": sorted(job.name for job in repository.get_all_jobs() if not job.name.startswith("__")),
        "schedules": {one.name: f"{one.cron_schedule} {one.execution_timezone}" for one in repository.schedule_defs},
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
    }
    assert json.loads(json.dumps(found)) == snapshot(extension_class=JSONSnapshotExtension)


def test_importing_the_code_location_reads_no_data_and_asks_no_network(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", AUDITED_IMPORT],
        cwd=tmp_path,
        env=environment(JSNA_SOURCE="landing", JSNA_LANDING="/nowhere/at/all"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split(maxsplit=1)[1].strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_the_workspace_that_the_ui_opens_is_valid(tmp_path: Path) -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("dagster"), "definitions", "validate", "-w", "workspace.yaml"],
        cwd=PROJECT,
        env=environment(JSNA_STATE=str(tmp_path), DAGSTER_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Validation successful for code location jsna_pipeline" in run.stdout + run.stderr
    assert not [word for word in ("DeprecationWarning", "PreviewWarning") if word in run.stdout + run.stderr]
