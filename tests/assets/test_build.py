"""When a build computes the national tables again and when it does not, and whom a failure marks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from dagster._core.execution.plan.active import ActiveExecution

from assets import build as building
from assets.dagster_home import open_instance
from assets.definitions import build_defs
from assets.jobs import REPORTS_JOB, TABLES_JOB
from jsna_pipeline import geography
from jsna_pipeline.errors import BuildError
from jsna_pipeline.governance import freezing
from jsna_pipeline.report import html
from jsna_pipeline.report.model import Report
from jsna_pipeline.report.output import FAILURE_NOTE
from jsna_pipeline.settings import Settings
from tests.builds import CASELOAD, EDITION, Build, digests, plant, settings_in
from tests.invented_area import SIGNED, write

WIGAN = geography.local_authority("Wigan")


def settings_of(copy: Build, **others: object) -> Settings:
    return settings_in(copy.folder, source="landing", landing=copy.folder / "landing", **others)


def run_one_table(copy: Build, asset: str) -> bool:
    """What a person does in the UI: one table again, in a run of its own."""
    settings = settings_of(copy)
    with open_instance(settings) as instance:
        job = build_defs(settings).resolve_job_def(TABLES_JOB)
        return job.execute_in_process(
            instance=instance, partition_key=EDITION, asset_selection=[dg.AssetKey(asset)], raise_on_error=False
        ).success


def nothing(copy: Build) -> None: ...


def a_figure_changed(copy: Build) -> None:
    plant(copy.folder / "landing" / EDITION / CASELOAD, "ehcplans", 3, "17")


def a_file_added(copy: Build) -> None:
    (copy.folder / "landing" / EDITION / "fingertips").mkdir()
    (copy.folder / "landing" / EDITION / "fingertips" / "note.txt").write_text("new")


def a_report_table_deleted(copy: Build) -> None:
    (copy.tables / "indicators_trends" / f"{EDITION}.parquet").unlink()


def a_core_table_deleted(copy: Build) -> None:
    shutil.rmtree(copy.tables / "core_dfe__sen2_requests")


def a_table_renewed_on_its_own(copy: Build) -> None:
    assert run_one_table(copy, "indicators_trends")


def a_later_run_failed(copy: Build) -> None:
    """The file is mended afterwards, so that every digest is what it was: the failure still counts."""
    path = copy.folder / "landing" / EDITION / CASELOAD
    before = path.read_text("utf-8")
    plant(path, "ehcplans", 3, "n/a")
    settings = settings_of(copy)
    with open_instance(settings) as instance:
        job = build_defs(settings).resolve_job_def(TABLES_JOB)
        assets = [dg.AssetKey(name) for name in ("core_dfe__sen2_caseload", "indicators_observations")]
        assert not job.execute_in_process(
            instance=instance, partition_key=EDITION, asset_selection=assets, raise_on_error=False
        ).success
    path.write_text(before, "utf-8")


def the_home_was_lost(copy: Build) -> None:
    shutil.rmtree(copy.home)


@pytest.mark.parametrize(
    ("change", "computed"),
    [
        (nothing, False),
        (a_figure_changed, True),
        (a_file_added, True),
        (a_report_table_deleted, True),
        (a_core_table_deleted, True),
        (a_table_renewed_on_its_own, True),
        (a_later_run_failed, True),
        (the_home_was_lost, True),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_tables_are_computed_again_only_where_something_changed(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch, change: Callable[[Build], None], computed: bool
) -> None:
    change(small_copy)
    started: list[str] = []

    def note(defs: dg.Definitions, job: str, *rest: Any, **tags: Any) -> SimpleNamespace:
        started.append(job)
        return SimpleNamespace(all_events=[])

    monkeypatch.setattr(building, "_run", note)
    result = building.build(settings_of(small_copy), [WIGAN], EDITION, ["html"])
    assert started == ([TABLES_JOB, REPORTS_JOB] if computed else [REPORTS_JOB])
    assert result.tables_reused is not computed


def test_a_correction_that_the_settings_do_not_name_is_a_partition_of_its_build(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small_copy.folder / "landing" / EDITION, small_copy.folder / "landing" / "2025.1")
    asked: list[tuple[str, bool]] = []

    def note(defs: dg.Definitions, job: str, instance: Any, partition: str, *rest: Any, **tags: Any) -> SimpleNamespace:
        known = defs.resolve_job_def(job).partitions_def
        asked.append((str(partition), known is not None and partition in known.get_partition_keys()))
        return SimpleNamespace(all_events=[])

    monkeypatch.setattr(building, "_run", note)
    building.build(settings_of(small_copy), [WIGAN], "2025.1", ["html"])
    assert asked == [("2025.1", True), ("wigan|2025.1", True)]


def test_a_failure_marks_the_reports_it_left_old_and_no_other(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wigan succeeds, Wolverhampton fails: both had a report before, one of them is new."""
    shutil.copytree(small_copy.report("wigan"), small_copy.report("wolverhampton"))
    before = (small_copy.report("wolverhampton") / "index.html").read_bytes()

    def render(report: Report) -> str:
        if report.area_slug == "wolverhampton":
            raise BuildError("The page cannot be drawn.")
        return original(report)

    original = html.render
    monkeypatch.setattr(html, "render", render)
    areas = [WIGAN, geography.local_authority("Wolverhampton")]
    with pytest.raises(BuildError, match=r"^The page cannot be drawn\.$"):
        building.build(settings_of(small_copy), areas, EDITION, ["html"])
    assert not (small_copy.report("wigan") / FAILURE_NOTE).exists()
    assert "The page cannot be drawn." in (small_copy.report("wolverhampton") / FAILURE_NOTE).read_text()
    assert (small_copy.report("wolverhampton") / "index.html").read_bytes() == before


@pytest.mark.parametrize("moment", ["between two steps", "between two runs"])
def test_an_interrupt_outside_every_step_is_told_as_one_within(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    if moment == "between two steps":
        monkeypatch.setattr(ActiveExecution, "get_steps_to_execute", interrupted)
    else:
        monkeypatch.setattr(building, "_report", interrupted)
    with pytest.raises(BuildError, match=r"^The build was interrupted; start it again\.$"):
        building.build(settings_of(small_copy), [WIGAN], EDITION, ["html"])
    assert "The build was interrupted" in (small_copy.report("wigan") / FAILURE_NOTE).read_text()


def contributed(copy: Build, **files: str) -> Path:
    """A folder of contributions of Wigan, files by their names without `.yml`."""
    write(copy.folder / "ours" / EDITION / "wigan", {f"{name}.yml": text for name, text in files.items()})
    return copy.folder / "ours"


def test_a_format_made_of_other_words_is_not_kept_beside_a_new_one(small_copy: Build) -> None:
    """A page that names one owner beside a workbook that names another would be two truths."""
    words = contributed(small_copy, sign_off="owner: Director of Children's Services\n")
    governed = settings_of(small_copy, contributions=words)
    folder = building.build(governed, [WIGAN], EDITION, ["html"]).folders["wigan"]
    assert "Director of Children" in (folder / "index.html").read_text("utf-8")
    assert not (folder / "jsna-data.xlsx").exists()
    building.build(governed, [WIGAN], EDITION, ["data"])
    assert (folder / "index.html").exists() and (folder / "jsna-data.xlsx").exists()
    weighed = settings_of(small_copy, contributions=words, priority_weights={"size": 3.0})
    building.build(weighed, [WIGAN], EDITION, ["html"])
    assert not (folder / "jsna-data.xlsx").exists(), "weights order the commissioning priorities"


def test_a_published_edition_is_frozen_once_it_is_whole_and_never_built_over(small_copy: Build) -> None:
    published = settings_of(small_copy, contributions=contributed(small_copy, sign_off=SIGNED))
    folder = building.build(published, [WIGAN], EDITION, ["html"]).folders["wigan"]
    assert freezing.frozen(folder) is None, "a part of the report is not published"
    building.build(published, [WIGAN], EDITION, ["html", "pdf", "data"])
    assert freezing.frozen(folder) is not None and freezing.verify(folder) == ()
    assert not json.loads((folder / "manifest.json").read_text("utf-8"))["draft"]
    report, tables = digests(folder), digests(small_copy.tables)
    contributed(small_copy, sign_off="owner: Somebody else\n")
    with pytest.raises(BuildError, match=r"Edition 2025 of Wigan is published and frozen; .* as 2025\.1\."):
        building.build(published, [WIGAN], EDITION, ["html"])
    assert digests(folder) == report
    assert digests(small_copy.tables) == tables, "the next edition carries on what was published"


def test_seconds_are_told_by_layer(small_copy: Build) -> None:
    told: list[str] = []
    result = building.build(settings_of(small_copy), [WIGAN], EDITION, ["html"], told.append)
    assert set(result.seconds) == {"local wigan", "future wigan", "steering wigan", "report wigan"}
    assert told == ["Tables of edition 2025: nothing has changed, reused.", "Wigan: writing html…"]
    assert result.folders == {"wigan": Path(small_copy.report("wigan"))}
