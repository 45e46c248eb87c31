"""The wheel, installed elsewhere, is the whole program: definitions, templates, fonts and embedded data in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.builds import EDITION, Build, environment, forbidding

PROJECT = Path(__file__).parents[1]
PACKAGES = ("jsna_pipeline", "assets", "report_templates", "seeds")


@pytest.fixture(scope="module")
def uv() -> str:
    found = shutil.which("uv") or shutil.which("uv", path=str(PROJECT / ".uv" / "bin"))
    if found is None:
        pytest.skip("uv is not installed")
    return found


@pytest.fixture(scope="module")
def wheel(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [uv, "build", "--wheel", "--quiet", "--out-dir", str(folder), str(PROJECT)]
    # The build backend is in uv's cache where the project was installed by uv; else it is fetched.
    offline = subprocess.run([*command, "--offline"], capture_output=True, text=True, check=False)
    if offline.returncode != 0:
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_four_packages_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = archive.read(next(name for name in archive.namelist() if name.endswith("METADATA"))).decode()
    present = {
        path.relative_to(PROJECT).as_posix()
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == present
    kinds = {Path(name).suffix for name in packed}
    assert {".py", ".yml", ".csv", ".j2", ".css", ".woff2", ".zip", ".gz", ".parquet", ".xlsx"} <= kinds
    assert wheel.stat().st_size < 30_000_000
    # The name `assets` is an application's: a public index must refuse the upload.
    assert "Classifier: Private :: Do Not Upload" in metadata and "License-Expression: MIT" in metadata


def test_the_wheel_builds_the_report_from_another_folder(
    uv: str, wheel: Path, seeds_build: Build, tmp_path: Path
) -> None:
    """Without the project beside it and without WeasyPrint: same seeds, same code, the same page to the byte.

    The stored tables are those of the project's build. That they are reused says that every byte of the wheel's seeds,
    definitions, templates and code is the project's.
    """
    venv, work = tmp_path / "venv", tmp_path / "work"
    shutil.copytree(seeds_build.state, work / ".jsna")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(venv), str(wheel)]
    subprocess.run(install, check=True)
    # The dependencies are the locked ones of this environment; its link to the project is not followed,
    # since `.pth` files count only in an interpreter's own folder of packages.
    own = next((venv / "lib").glob("python*/site-packages"))
    (own / "locked_dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + os.linesep)
    guard = environment(**forbidding(tmp_path / "guard", "weasyprint"))
    for package, importable in (("jinja2", True), ("weasyprint", False)):
        probe = subprocess.run([venv / "bin" / "python", "-c", f"import {package}"], env=guard, capture_output=True)
        assert (probe.returncode == 0) is importable, probe.stderr
    run = subprocess.run(
        [venv / "bin" / "jsna", "build", "Wigan", "--only", "html"],
        cwd=work,
        env=guard,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "nothing has changed, reused" in run.stdout
    assert f"Source: seeds ({own.resolve() / 'seeds'})" in run.stdout.replace(str(own), str(own.resolve()))
    page = work / "reports" / "seeds" / EDITION / "wigan" / "index.html"
    assert page.read_bytes() == (seeds_build.report() / "index.html").read_bytes()
