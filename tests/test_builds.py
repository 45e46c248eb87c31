"""Whole builds from the embedded data: what lies there afterwards, twice the same, and unharmed by a failure."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import signal
import subprocess
import time
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pytest

from assets import local
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.future import of_area
from jsna_pipeline.report import view
from jsna_pipeline.report.datapack import LOCAL, PUBLISHED, REFERENCE, STAR, STEERING
from jsna_pipeline.report.datapack.future_tables import SOURCES as FUTURE
from jsna_pipeline.settings import Settings
from jsna_pipeline.sources.published_file import PublishedFile
from tests.builds import (
    CASELOAD,
    EDITION,
    JSNA,
    Build,
    build_in_process,
    digests,
    environment,
    files_containing,
    forbidding,
    hear_interrupts,
    jsna,
    pdf_pages,
    plant,
    settings_in,
    spoken_text,
)

FILES = {
    "index.html",
    "jsna.pdf",
    "jsna-data.xlsx",
    "manifest.json",
    *("infographic.html", "infographic.pdf", "easy-read.html", "accessibility.html", "figures/index.html"),
    *(f"data/{table}.{form}" for table in (*PUBLISHED, *LOCAL, *STEERING, *FUTURE) for form in ("csv", "parquet")),
    *(f"data/{table}.csv" for table in REFERENCE),
    *(f"data/star/{table}.parquet" for table in STAR),
    *(f"data/{name}" for name in ("datapackage.json", "README.md", "LICENCE.txt", "CITATION.cff")),
}
NOTE = "LAST-BUILD-FAILED.txt"
# A pupil's number in the wrong column: of the right form, of no pupil.
PUPIL = "A123456789012"
LINKS = {"a"}  # elements whose address is followed by a reader, not loaded by the page


class Loaded(HTMLParser):
    """Addresses that a browser fetches when it opens a page, and the scripts in it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "xlink:href") or (name == "href" and tag not in LINKS):
                self.addresses.append(value or "")


def assert_self_contained(page: str) -> None:
    loaded = Loaded()
    loaded.feed(page)
    assert not [address for address in loaded.addresses if not address.startswith(("data:", "#"))]
    assert not {"iframe", "link", "base", "object", "embed"} & loaded.elements
    # A script runs only where the page's policy names it by its digest.
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert page.count("<script") == len(scripts)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert not [digest for digest in digests if f"script-src 'sha256-{digest}'" not in page]
    assert not re.findall(r"url\(\s*(?![\"']?(?:data:|#))[^)]{0,60}", page) and "@import" not in page


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def assert_manifest_is_true(folder: Path, landing: Path) -> None:
    """Every file it lists has that digest, and every input does, read again from where it lies.

    What the area wrote lies below the published files.
    """
    told = manifest(folder)
    present = digests(folder)
    assert present.pop("manifest.json") and told["files"] == present
    published = [entry for entry in told["inputs"] if entry["dataset_id"] != "contributions"]
    for entry in (entry for entry in published if entry["role"] != "missing"):
        file = PublishedFile(landing / entry["file"], entry["file"], entry["member"] or None)
        assert (file.sha256, len(file.content)) == (entry["sha256"], entry["bytes"]), entry["file"]
        assert entry["licence"] and entry["page"].startswith("https://") and entry["publisher"]
    assert {entry["dataset_id"] for entry in published} == set(datasets())
    written = landing / "contributions" / EDITION / folder.name
    told_of_it = {entry["file"]: entry["sha256"] for entry in told["inputs"] if entry["dataset_id"] == "contributions"}
    assert told_of_it == (digests(written) if written.is_dir() else {})
    assert all(told["checks"].values()) and told["checks"]
    tables = {name: len(pd.read_parquet(folder / "data" / f"{name}.parquet")) for name in ("observations", "trends")}
    assert tables.items() <= told["row_counts"].items()


def landing_settings(copy: Build) -> Settings:
    return settings_in(copy.folder, source="landing", landing=copy.folder / "landing")


# --- what a build leaves -----------------------------------------------------------------------


def test_a_build_prints_where_its_files_are(seeds_build: Build) -> None:
    folder = seeds_build.report()
    drawings = {path.relative_to(folder).as_posix() for path in folder.glob("figures/*.svg")}
    assert set(digests(folder)) - drawings == FILES and 20 < len(drawings) <= 40
    assert 'href="2025/wigan/figures/index.html"' in (folder.parents[1] / "index.html").read_text("utf-8")
    lines = seeds_build.printed.splitlines()
    assert lines[0].startswith("Source: seeds (") and lines[0].endswith("edition 2025.")
    assert {line for line in lines if line.startswith("/")} == {
        str(folder / name) for name in ("index.html", "jsna.pdf", "data", "jsna-data.xlsx", "manifest.json")
    }
    assert re.match(r"Done\. landed \d+\.\d s, core ", lines[-1])
    assert not re.search("warning|error|traceback", seeds_build.printed, re.I)
    assert {path.name for path in seeds_build.folder.iterdir()} == {".jsna", "reports"}


def test_a_report_is_of_the_size_it_was_designed_for(seeds_build: Build) -> None:
    folder = seeds_build.report()
    assert (folder / "index.html").stat().st_size <= 3_000_000
    assert (folder / "jsna.pdf").stat().st_size <= 5_000_000


def test_the_page_opens_from_disk_alone(seeds_build: Build) -> None:
    assert_self_contained((seeds_build.report() / "index.html").read_text("utf-8"))


def test_synthetic_figures_are_marked_on_every_page(seeds_build: Build) -> None:
    text = spoken_text((seeds_build.report() / "index.html").read_text("utf-8"))
    assert "Illustrative. Synthetic data" in text
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    pages = pdf_pages(seeds_build.report() / "jsna.pdf")
    assert 10 < len(pages) <= 44  # forty, and a few for the fonts of another machine
    assert not [number for number, page in enumerate(pages, 1) if "ILLUSTRATIVE: synthetic data" not in page]


def test_the_manifest_is_true(seeds_build: Build) -> None:
    import seeds

    assert_manifest_is_true(seeds_build.report(), Path(seeds.__file__).parent)
    told = manifest(seeds_build.report())
    assert told["illustrative"] and told["draft"] and told["source"] == "seeds"


def test_the_data_hold_the_area_its_comparators_and_nobody_else(seeds_build: Build) -> None:
    folder = seeds_build.report() / "data"
    table = pd.read_parquet(folder / "observations.parquet")
    areas = table.drop_duplicates("area_code").groupby("area_level")["area_code"].nunique()
    assert areas["england"] == areas["region"] == 1 and areas["local_authority"] == 11
    assert set(table["indicator_id"]) <= set(indicators()) and len(set(table["indicator_id"])) >= 40
    assert set(table["source_id"]) <= set(datasets())
    assert set(pd.read_parquet(folder / "comparisons.parquet")["area_code"]) == {"E08000010"}
    for name in ("observations", "comparisons", "trends"):
        stored = pd.read_parquet(folder / f"{name}.parquet")
        text = pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)
        assert list(text.columns) == list(stored.columns) and len(text) == len(stored) > 0
        assert (text["indicator_id"] == stored["indicator_id"].astype("str")).all()


# --- the same again ----------------------------------------------------------------------------


class Tomorrow(date):
    """The calendar of the day after."""

    @classmethod
    def today(cls) -> Self:
        return cls.fromordinal(date.today().toordinal() + 1)


def test_a_second_build_reuses_the_tables_and_gives_the_same_bytes(
    seeds_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day later."""
    folder, out = tmp_path / "copy", tmp_path / "again"
    shutil.copytree(seeds_build.folder, folder)
    for module in (view, of_area, local):
        monkeypatch.setattr(module, "date", Tomorrow)
    assert build_in_process(settings_in(folder, out=out), ["Wigan"], ["html", "pdf", "data"]).tables_reused
    assert digests(out / EDITION / "wigan") == digests(seeds_build.report())


def test_data_alone_need_no_weasyprint_and_are_the_same_bytes(small_copy: Build, tmp_path: Path) -> None:
    """As the page in `test_packaging.py`, on a machine that cannot import it."""
    out = tmp_path / "again"
    guard = forbidding(tmp_path / "guard", "weasyprint")
    run = jsna(small_copy.folder, "build", "E08000010", "--landing", "landing", "--only", "data", "--out", out, **guard)
    assert run.returncode == 0, run.stderr
    assert "nothing has changed, reused" in run.stdout
    before, now = digests(small_copy.report()), digests(out / EDITION / "wigan")
    data = {name for name in before if name.startswith("data/")} | {"jsna-data.xlsx"}
    assert {name: now[name] for name in data} == {name: before[name] for name in data}
    assert "index.html" not in now and "jsna.pdf" not in now


# --- failures ----------------------------------------------------------------------------------


def test_a_failed_build_leaves_the_last_good_report_and_says_so(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, state = small_copy.report(), small_copy.state
    good = digests(folder)
    path = small_copy.folder / "landing" / EDITION / CASELOAD
    published = path.read_text("utf-8")
    plant(path, "ehcplans", 3, PUPIL)
    failed = jsna(small_copy.folder, "build", "Wigan", "--landing", "landing", "--only", "html")
    assert failed.returncode == 2
    sentences = failed.stderr.strip().splitlines()
    assert len(sentences) == 1 and "caseload.csv" in sentences[0] and "column 'ehcplans', line 3" in sentences[0]
    now = digests(folder)
    assert now.pop(NOTE) and now == good
    note = (folder / NOTE).read_text("utf-8")
    assert "column 'ehcplans', line 3" in note and "last good report and are unchanged" in note
    assert {entry.name for entry in folder.parent.iterdir()} == {"wigan"}
    assert not list(state.rglob("*.tmp"))
    assert PUPIL not in failed.stdout + failed.stderr
    assert not files_containing(PUPIL, state, small_copy.folder / "reports")

    path.write_text(published, "utf-8")
    assert not build_in_process(landing_settings(small_copy), ["Wigan"], ["html"]).tables_reused
    assert digests(folder) == good, "the same input gives the same report, and the note is gone"


def stopped_while_writing(copy: Build, with_signal: signal.Signals) -> tuple[int, str]:
    """Exit code and standard error of a build that gets a signal once it has begun to write the report."""
    command = [JSNA, "build", "Wigan", "--landing", "landing"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = {"cwd": copy.folder, "env": environment(), "preexec_fn": hear_interrupts}
    with subprocess.Popen(command, **started, **pipes) as running:
        assert running.stdout is not None and running.stderr is not None
        for line in running.stdout:
            if line.startswith("Wigan: writing"):
                time.sleep(1)  # into the middle of it: the PDF takes several seconds
                running.send_signal(with_signal)
                break
        said = running.stderr.read()
    return running.returncode, said


def test_a_build_that_is_stopped_leaves_the_last_good_report(
    small_copy: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the person at the keyboard, who is told; or killed, when nothing of the process can tidy up."""
    good = digests(small_copy.report())
    code, said = stopped_while_writing(small_copy, signal.SIGINT)
    assert (code, said) == (1, "jsna: The build was interrupted; start it again.\n")
    now = digests(small_copy.report())
    assert now.pop(NOTE) and now == good

    code, _ = stopped_while_writing(small_copy, signal.SIGKILL)
    assert code == -signal.SIGKILL
    now = digests(small_copy.report())
    assert now.pop(NOTE) and now == good

    assert build_in_process(landing_settings(small_copy), ["Wigan"], ["html"]).tables_reused
    assert digests(small_copy.report()) == good


def test_an_optional_file_that_is_missing_is_a_gap_that_the_report_names(small_build: Build) -> None:
    text = spoken_text((small_build.report() / "index.html").read_text("utf-8"))
    missing = datasets()["dfe__sen2_annual_reviews"]
    assert f"'{missing.title}' ({missing.publication}) was not supplied" in text
    told = {entry["dataset_id"]: entry["role"] for entry in manifest(small_build.report())["inputs"]}
    assert told["dfe__sen2_caseload"] == "used" and told["dfe__sen2_annual_reviews"] == "missing"


def test_a_zip_may_be_dropped_in_whole(seeds_build: Build) -> None:
    """The seeds hold the EHC-plan release as the zip that a person downloads; its members are the inputs."""
    told = [entry for entry in manifest(seeds_build.report())["inputs"] if entry["dataset_id"] == "dfe__sen2_caseload"]
    import seeds

    with zipfile.ZipFile(Path(seeds.__file__).parent / told[0]["file"]) as archive:
        content = archive.read(told[0]["member"])
    assert hashlib.sha256(content).hexdigest() == told[0]["sha256"]
