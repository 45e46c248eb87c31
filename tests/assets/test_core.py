"""No cell of an input reaches Dagster's event store, whatever goes wrong while a file is read."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from assets.core import without_values
from assets.dagster_home import open_instance
from assets.definitions import build_defs
from assets.jobs import TABLES_JOB
from jsna_pipeline import core_tables, quarantine
from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.errors import BuildError, InputError
from jsna_pipeline.readers.markers import shown
from jsna_pipeline.readers.result import ReadResult
from jsna_pipeline.sources.folder import LandingFolder
from tests.builds import CASELOAD, EDITION, Build, files_containing, plant, settings_in

PUPIL = "A123456789012"  # the form of a unique pupil number, of no pupil


def caseload(copy: Build) -> dg.ExecuteInProcessResult:
    """A run of the caseload's core table alone."""
    settings = settings_in(copy.folder, source="landing", landing=copy.folder / "landing")
    with open_instance(settings) as instance:
        job = build_defs(settings).resolve_job_def(TABLES_JOB)
        selected = [dg.AssetKey("core_dfe__sen2_caseload")]
        return job.execute_in_process(
            instance=instance, partition_key=EDITION, asset_selection=selected, raise_on_error=False
        )


def failure(copy: Build) -> str:
    """Run the caseload's table, which must fail; every message of the failure, causes and all."""
    result = caseload(copy)
    assert not result.success
    return "\n".join(str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure)


def test_a_pupil_number_in_a_cell_of_counts(small_copy: Build) -> None:
    plant(small_copy.folder / "landing" / EDITION / CASELOAD, "ehcplans", 3, PUPIL)
    said = failure(small_copy)
    assert "column 'ehcplans', line 3: a text of 13 characters is neither a number nor a known marker" in said
    assert not files_containing(PUPIL, small_copy.state)


def test_a_value_that_the_schema_refuses(small_copy: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pandera's own error lists failing values; the chain of exceptions would carry them along."""

    def careless(result: ReadResult, *rest: Any, **others: Any) -> ReadResult:
        kept = quarantine.quarantine(result, *rest, **others)
        kept.table.loc[kept.table.index[:3], "area_level"] = PUPIL
        return kept

    monkeypatch.setattr(core_tables, "quarantine", careless)
    said = failure(small_copy)
    assert "column 'area_level' fails isin" in said and "3 rows" in said
    assert not files_containing(PUPIL, small_copy.state)


def test_an_error_that_nobody_foresaw(small_copy: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise(*inputs: Any) -> ReadResult:
        return float(PUPIL)  # type: ignore[return-value]

    monkeypatch.setattr(core_tables, "_read", surprise)
    said = failure(small_copy)
    assert "dfe__sen2_caseload: ValueError in test_core.py" in said
    assert not files_containing(PUPIL, small_copy.state)


def test_a_lost_connection_is_tried_again_and_a_fault_of_the_file_is_not(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def flaky(dataset: Dataset, folder: LandingFolder) -> core_tables.CoreBuild:
        tries.append(dataset.id)
        if len(tries) == 1:
            raise OSError(116, "Stale file handle")
        return core_tables.core_table(dataset, folder)

    monkeypatch.setattr("assets.core.core_table", flaky)
    assert caseload(small_copy).success
    assert tries == ["dfe__sen2_caseload"] * 2

    plant(small_copy.folder / "landing" / EDITION / CASELOAD, "ehcplans", 3, "n/a")
    assert not caseload(small_copy).success
    assert len(tries) == 3


def test_what_the_event_store_may_keep_of_an_error() -> None:
    foreseen = without_values(InputError("a.csv: column 'x' is missing."), "dfe__absence")
    assert type(foreseen) is InputError and str(foreseen) == "a.csv: column 'x' is missing."
    try:
        {}[PUPIL]
    except KeyError as error:
        unforeseen = without_values(error, "dfe__absence")
    assert type(unforeseen) is BuildError
    assert str(unforeseen).startswith("dfe__absence: KeyError in test_core.py, line ") and PUPIL not in str(unforeseen)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("n/a", "'n/a'"),
        ("supp", "'supp'"),
        ("<5", "'<5'"),
        (PUPIL, "a text of 13 characters"),
        ("943 476 5919", "a text of 12 characters"),
        ("AB12", "a text of 4 characters"),
        ("Smith, J", "a text of 8 characters"),
    ],
)
def test_only_what_can_be_a_marker_is_printed(text: str, printed: str) -> None:
    assert shown(text) == printed
