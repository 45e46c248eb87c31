"""Fixtures shared by all tests: the folder of real published files, and whole builds, each made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from tests.builds import EDITION, Build, build_in_process, printed_by, settings_in, small_landing, start_jsna
from tests.published_release import PublishedTables, national_tables

PROJECT = Path(__file__).parents[1]
# The second name is for the processes of pytest-xdist, which find the first one taken away.
_NAMED = os.environ.get("JSNA_LANDING") or os.environ.get("LANDING_OF_TESTS")
LANDING = Path(_NAMED or PROJECT.parent / "shared" / "landing").resolve()
os.environ["LANDING_OF_TESTS"] = str(LANDING)
# What a call costs is measured by the benchmarks; a slow machine makes no property false.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")
# A developer's or a pipeline's own settings decide nothing in a test. Here and not in a fixture, because
# collecting the tests already loads the code location.
for _name in [name for name in os.environ if name.startswith(("JSNA_", "DAGSTER_"))]:
    del os.environ[_name]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share: with pytest-xdist each has a folder of its own below it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, in which the first process that asks has called `make`; the others wait for it."""
    done = folder.with_name(f"{folder.name}.done")
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not done.exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session", autouse=True)
def builds_under_way(request: pytest.FixtureRequest, shared: Path) -> dict[str, Path]:
    """Working folders of the whole builds that the collected tests need, started at once and awaited where needed.

    A build keeps one core busy for a minute; the machine has another for the tests before it.
    """
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    commands: dict[str, list[str | Path]] = {}
    if "seeds_build" in wanted:
        commands["seeds"] = ["build", "Wigan"]
    if "real_build" in wanted and LANDING.is_dir():
        commands["landing"] = ["build", "Wigan", "--landing", LANDING]
    return {
        source: made_once(shared / source, partial(start_jsna, arguments=arguments))
        for source, arguments in commands.items()
    }


@pytest.fixture(scope="session")
def landing() -> Path:
    """The landing folder of real published files; tests that need it are skipped where it is absent."""
    if not (LANDING / EDITION).is_dir():
        pytest.skip("no folder of real published files (JSNA_LANDING)")
    return LANDING


@pytest.fixture(scope="session")
def seeds_build(builds_under_way: dict[str, Path]) -> Build:
    """Wigan from the seeds, in all formats, by the command that a user gives. Not to be changed by a test."""
    folder = builds_under_way["seeds"]
    return Build(folder, "seeds", printed_by(folder))


@pytest.fixture(scope="session")
def real_build(landing: Path, builds_under_way: dict[str, Path]) -> Build:
    """The real files: Wigan in all formats by the command; three more areas in HTML and data."""
    folder = builds_under_way["landing"]
    printed = printed_by(folder)

    def build_others(_: Path) -> None:
        areas = ("Wolverhampton", "cumberland", "E06000058")
        settings = settings_in(folder, source="landing", landing=landing)
        assert build_in_process(settings, areas, ["html", "data"]).tables_reused

    made_once(folder.with_name("landing-others"), build_others)
    return Build(folder, "landing", printed)


@pytest.fixture(scope="session")
def small_files(shared: Path) -> Path:
    """A landing folder with the two required files alone. Copy it before changing it."""
    return made_once(shared / "small-landing", small_landing)


@pytest.fixture(scope="session")
def small_build(small_files: Path, shared: Path) -> Build:
    """Wigan from the small landing folder, HTML and data, built in this process. Not to be changed by a test."""

    def build_small(folder: Path) -> None:
        build_in_process(settings_in(folder, source="landing", landing=small_files), ["Wigan"], ["html", "data"])

    return Build(made_once(shared / "small", build_small), "landing")


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
