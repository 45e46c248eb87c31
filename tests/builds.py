"""Whole builds, run as a user runs them, and what they leave on disk.

Here: the `jsna` command in a folder of its own, a small landing folder, and the places of a build.
Not here: fixtures that share builds between tests (`conftest.py`), or small published files of single
datasets (`published_text.py`).
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import html
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jsna_pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from assets.build import BuildResult

EDITION = "2025"
JSNA = Path(sys.executable).with_name("jsna")
EHC_PLANS = "education-health-and-care-plans"
PLANS_ZIP = f"{EHC_PLANS}_2025.zip"
CASELOAD, TIMELINESS = f"{EHC_PLANS}/caseload.csv", f"{EHC_PLANS}/timeliness_20_week.csv"
FORBID = """\
import sys
class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise SystemExit(f"{{name}} must not be imported here")
sys.meta_path.insert(0, Forbidden())
"""
LONGEST_BUILD_SECONDS = 1200
# Runs a command and leaves what it printed, and last its code, so that any process can wait for it.
_RUN = """\
import pathlib, subprocess, sys
log, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
with open(log / "printed", "wb") as printed, open(log / "errors", "wb") as errors:
    code = subprocess.run(command, stdout=printed, stderr=errors).returncode
(log / "code.tmp").write_text(str(code))
(log / "code.tmp").rename(log / "code")
"""


@dataclass(frozen=True)
class Build:
    """A build's working folder, its source, and what the command printed."""

    folder: Path
    source: str
    printed: str = ""

    @property
    def state(self) -> Path:
        return self.folder / ".jsna"

    @property
    def home(self) -> Path:
        return self.state / self.source / "dagster"

    @property
    def tables(self) -> Path:
        return self.state / self.source / "tables"

    def report(self, slug: str = "wigan") -> Path:
        return self.folder / "reports" / self.source / EDITION / slug


def environment(**extra: str) -> dict[str, str]:
    """The process's environment without settings of ours, so that a developer's own do not count."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JSNA_", "DAGSTER_"))}
    return kept | extra


def jsna(folder: Path, *arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """`jsna …` in `folder`."""
    return subprocess.run(
        [JSNA, *map(str, arguments)], cwd=folder, env=environment(**extra), capture_output=True, text=True, check=False
    )


def build_in_process(settings: Settings, areas: Iterable[str], formats: list[str]) -> BuildResult:
    """Reports of `areas`, without the command; what a build sets in the environment is set back."""
    from assets.build import build
    from jsna_pipeline import geography

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        return build(settings, [geography.local_authority(text) for text in areas], EDITION, formats)


def start_jsna(folder: Path, arguments: Sequence[str | Path]) -> None:
    """`jsna …` in `folder`, running on its own; `printed_by` waits for it, in this process or in another."""
    log = _log_of(folder)
    log.mkdir()
    command = [sys.executable, "-c", _RUN, str(log), str(JSNA), *map(str, arguments)]
    subprocess.Popen(command, cwd=folder, env=environment())


def printed_by(folder: Path) -> str:
    """What the command started in `folder` printed, once it has ended; AssertionError where it failed."""
    code = _log_of(folder) / "code"
    given_up = time.monotonic() + LONGEST_BUILD_SECONDS
    while not code.exists():
        assert time.monotonic() < given_up, f"{folder}: the build has not ended"
        time.sleep(0.2)
    printed = (code.with_name("printed").read_text("utf-8"), code.with_name("errors").read_text("utf-8"))
    assert code.read_text() == "0", printed[1]
    return "".join(printed)


def _log_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-log")


def hear_interrupts() -> None:
    """In a child process, before its program starts: a suite run in the background ignores Ctrl-C, and so would it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def forbidding(folder: Path, *names: str) -> dict[str, str]:
    """Environment variables under which a Python process stops as soon as it imports one of `names`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(FORBID.format(names=names))
    return {"PYTHONPATH": str(folder)}


def settings_in(folder: Path, **overrides: object) -> Settings:
    """Settings as a command in `folder` has them."""
    with contextlib.chdir(folder):  # no jsna.toml of the project's or above it
        return load_settings(base=folder, **overrides)


def small_landing(folder: Path) -> Path:
    """A landing folder with only the two required files, taken from the seeds and cut to their totals."""
    archive = files("seeds") / EDITION / EHC_PLANS / PLANS_ZIP
    with archive.open("rb") as stream, zipfile.ZipFile(stream) as packed:
        for path in (CASELOAD, TIMELINESS):
            text = packed.read(f"data/{Path(path).name}").decode("utf-8-sig")
            target = folder / EDITION / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_totals(text), "utf-8")
    return folder


def _totals(text: str) -> str:
    head, *rows = csv.reader(io.StringIO(text))
    topic = head.index("breakdown_topic")
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\n").writerows([head, *(row for row in rows if row[topic].startswith("All EHC"))])
    return kept.getvalue()


def plant(path: Path, column: str, line: int, value: str) -> None:
    """Write `value` into one cell of a CSV file, `line` counted from the header as 1."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    rows[line - 1][rows[0].index(column)] = value
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), "utf-8")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below `folder`."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def files_containing(value: str, *folders: Path) -> list[Path]:
    """Files whose bytes hold `value`, as text or as the UTF-16 that some stores use."""
    sought = (value.encode(), value.encode("utf-16-le"))
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in found if any(wanted in path.read_bytes() for wanted in sought)]


def spoken_text(page: str) -> str:
    """The words of an HTML page in reading order, without drawings, styles and scripts."""
    bare = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)))


def pdf_pages(path: Path) -> list[str]:
    """Text of each page, read with poppler's `pdftotext`."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]
