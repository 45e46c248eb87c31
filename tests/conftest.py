"""Fixtures shared by all tests: the folder of real published files, and whole builds, each made once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.builds import EDITION, Build, settings_in, small_landing, start_jsna
from tests.published_release import PublishedTables, national_tables

PROJECT = Path(__file__).parents[1]
LANDING = Path(os.environ.get("JSNA_LANDING", PROJECT.parent / "shared" / "landing")).resolve()
# What a call costs is measured by the benchmarks; a slow machine makes no property false.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
# A developer's or a pipeline's own settings decide nothing in a test. Here and not in a fixture, because
# collecting the tests already loads the code location.
for _name in [name for name in os.environ if name.startswith(("JSNA_", "DAGSTER_"))]:
    del os.environ[_name]


@pytest.fixture(scope="session", autouse=True)
def builds_under_way(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Path, subprocess.Popen[str]]]]:
    """The whole builds that the collected tests need, started at once and awaited where they are needed.

    A build keeps one core busy for a minute; the machine has another for the tests before it.
    """
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    commands: dict[str, list[str | Path]] = {}
    if "seeds_build" in wanted:
        commands["seeds"] = ["build", "Wigan"]
    if "real_build" in wanted and LANDING.is_dir():
        commands["landing"] = ["build", "Wigan", "--landing", LANDING]
    folders = {source: tmp_path_factory.mktemp(source) for source in commands}
    started = {source: (folders[source], start_jsna(folders[source], *commands[source])) for source in commands}
    yield started
    for _, process in started.values():
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def landing() -> Path:
    """The landing folder of real published files; tests that need it are skipped where it is absent."""
    if not (LANDING / EDITION).is_dir():
        pytest.skip("no folder of real published files (JSNA_LANDING)")
    return LANDING


@pytest.fixture(scope="session")
def seeds_build(builds_under_way: dict[str, tuple[Path, subprocess.Popen[str]]]) -> Build:
    """Wigan from the seeds, in all formats, by the command that a user gives. Not to be changed by a test."""
    folder, process = builds_under_way["seeds"]
    printed, errors = process.communicate()
    assert process.returncode == 0, errors
    return Build(folder, "seeds", printed + errors)


@pytest.fixture(scope="session")
def real_build(landing: Path, builds_under_way: dict[str, tuple[Path, subprocess.Popen[str]]]) -> Build:
    """The real files: Wigan in all formats by the command; three more areas in HTML and data."""
    from assets.build import build
    from jsna_pipeline import geography

    folder, process = builds_under_way["landing"]
    printed, errors = process.communicate()
    assert process.returncode == 0, errors
    others = [geography.local_authority(text) for text in ("Wolverhampton", "cumberland", "E06000058")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        made = build(settings_in(folder, source="landing", landing=landing), others, EDITION, ["html", "data"])
    assert made.tables_reused
    return Build(folder, "landing", printed + errors)


@pytest.fixture(scope="session")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A landing folder with the two required files alone. Copy it before changing it."""
    return small_landing(tmp_path_factory.mktemp("small-landing"))


@pytest.fixture(scope="session")
def small_build(small_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Wigan from the small landing folder, HTML and data, built in this process. Not to be changed by a test."""
    from assets.build import build
    from jsna_pipeline import geography

    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        settings = settings_in(folder, source="landing", landing=small_files)
        build(settings, [geography.local_authority("Wigan")], EDITION, ["html", "data"])
    return Build(folder, "landing")


@pytest.fixture
def small_copy(
    small_build: Build, small_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Build]:
    """A copy of the small build, its landing folder in `landing/`, for a test to change."""
    monkeypatch.setenv("DAGSTER_HOME", "")  # a build sets it; what it was before comes back afterwards
    folder = tmp_path / "copy"
    shutil.copytree(small_build.folder, folder)
    shutil.copytree(small_files, folder / "landing")
    yield Build(folder, "landing")


@pytest.fixture(scope="session")
def published_tables(landing: Path) -> PublishedTables:
    """Caseload, 20-week timeliness and annual reviews of the real release of 2025, through every layer."""
    return national_tables(landing)
