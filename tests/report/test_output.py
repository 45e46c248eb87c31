"""The report's folder: swapped whole or left alone, formats of one build together, a failure noted beside it."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jsna_pipeline.errors import BuildError
from jsna_pipeline.governance import freezing
from jsna_pipeline.report import output
from tests.report import sample_report

HTML = {"index.html": b"<p>one</p>"}
DATA = {"data/trends.csv": b"a\n", "jsna-data.xlsx": b"PK"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return output.report_folder(tmp_path / "reports", "2025", "wigan")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> dict:
    return json.loads((folder / output.MANIFEST).read_text("utf-8"))


def neighbours(folder: Path) -> list[str]:
    """What lies beside the report: scratch folders, if any were left."""
    return [path.name for path in folder.parent.iterdir()]


def test_the_folder_is_replaced_whole_with_a_digest_of_each_file(folder: Path) -> None:
    output.publish(folder, HTML | DATA, {"fingerprint": "f1", "area": {"name": "Wigan"}})
    assert folder.parts[-3:] == ("reports", "2025", "wigan")
    assert {name: hashlib.sha256(content).hexdigest() for name, content in (HTML | DATA).items()} == manifest(folder)[
        "files"
    ]
    output.publish(folder, {"index.html": b"two"}, {"fingerprint": "f2"})
    assert files_of(folder).keys() == {"index.html", "manifest.json"} and manifest(folder)["fingerprint"] == "f2"
    assert neighbours(folder) == ["wigan"]


def test_other_formats_of_the_same_build_are_kept_and_of_another_dropped(folder: Path) -> None:
    output.publish(folder, HTML | DATA, {"fingerprint": "f1"})
    output.publish(folder, {"jsna.pdf": b"%PDF"}, {"fingerprint": "f1"})
    assert (
        files_of(folder).keys()
        == {*HTML, *DATA, "jsna.pdf", "manifest.json"}
        == {
            *manifest(folder)["files"],
            "manifest.json",
        }
    )
    output.publish(folder, HTML, {"fingerprint": "f2"})
    assert files_of(folder).keys() == {"index.html", "manifest.json"}


@pytest.mark.parametrize(
    "written", [b"{", b"{}", b'{"fingerprint": "f1"}', b'{"fingerprint": "f1", "files": {"x": "0"}}']
)
def test_a_folder_whose_manifest_is_damaged_is_replaced(folder: Path, written: bytes) -> None:
    output.publish(folder, HTML, {"fingerprint": "f1"})
    (folder / output.MANIFEST).write_bytes(written)
    output.publish(folder, DATA, {"fingerprint": "f1"})
    assert files_of(folder).keys() == {*DATA, "manifest.json"}


def test_a_file_altered_since_is_not_passed_on_as_the_builds_own(folder: Path) -> None:
    output.publish(folder, HTML | DATA, {"fingerprint": "f1"})
    (folder / "index.html").write_text("edited by hand")
    output.publish(folder, {"jsna.pdf": b"%PDF"}, {"fingerprint": "f1"})
    assert files_of(folder).keys() == {*DATA, "jsna.pdf", "manifest.json"}


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("moment", ["while writing", "before the swap", "between the moves"])
def test_a_crash_midway_leaves_the_last_good_report_and_no_scratch(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str, error: BaseException
) -> None:
    output.publish(folder, HTML | DATA, {"fingerprint": "f1"})
    before = files_of(folder)
    written, moved = Path.write_bytes, Path.replace

    def fails_to_write(self: Path, content: bytes) -> int:
        if self.name == "jsna.pdf":
            raise error
        return written(self, content)

    def fails_to_move(self: Path, target: Path) -> Path:
        if self.name == "wigan" if moment == "before the swap" else ".new." in self.name:
            raise error
        return moved(self, target)

    if moment == "while writing":
        monkeypatch.setattr(Path, "write_bytes", fails_to_write)
    else:
        monkeypatch.setattr(Path, "replace", fails_to_move)
    with pytest.raises(type(error)):
        output.publish(folder, {"index.html": b"half", "jsna.pdf": b"%PDF"}, {"fingerprint": "f2"})
    monkeypatch.undo()
    assert files_of(folder) == before and neighbours(folder) == ["wigan"]


def test_a_first_build_that_crashes_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*parts: object, **options: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(json, "dumps", fails)
    with pytest.raises(OSError, match="disk full"):
        output.publish(folder, HTML, {"fingerprint": "f1"})
    assert neighbours(folder) == []


def test_a_failed_build_is_noted_beside_a_good_report_and_the_next_good_one_clears_it(folder: Path) -> None:
    output.mark_failed(folder, "a.csv: empty.")
    assert not folder.exists()
    output.publish(folder, HTML, {"fingerprint": "f1"})
    before = files_of(folder)
    output.mark_failed(folder, "a.csv: empty.")
    output.mark_failed(folder, "b.csv: empty.")
    note = (folder / output.FAILURE_NOTE).read_text("utf-8")
    assert "failed: b.csv: empty.\n" in note and f"{datetime.now(UTC):%Y}" in note and "are unchanged" in note
    assert files_of(folder).keys() - before.keys() == {output.FAILURE_NOTE}
    output.publish(folder, HTML, {"fingerprint": "f1"})
    assert files_of(folder) == before
    shutil.rmtree(folder)


# --- published and frozen ------------------------------------------------------------------------------


@pytest.fixture
def frozen(folder: Path) -> Path:
    told = {"fingerprint": "f1", "edition": "2025", "area": {"name": "Wigan"}, "draft": False}
    output.publish(folder, HTML | DATA, told)
    freezing.freeze(folder)
    return folder


@pytest.mark.parametrize("fingerprint", ["f1", "f2"], ids=["the same build", "another"])
def test_nothing_is_written_over_a_frozen_report(frozen: Path, fingerprint: str) -> None:
    before = files_of(frozen)
    with pytest.raises(BuildError, match=r"Wigan is published and frozen; publish a correction as 2025\.1\."):
        output.publish(frozen, {"index.html": b"two"}, {"fingerprint": fingerprint})
    assert files_of(frozen) == before and neighbours(frozen) == ["wigan"]
    assert freezing.verify(frozen) == ()


def test_a_failed_build_leaves_no_note_in_a_frozen_folder(frozen: Path) -> None:
    before = files_of(frozen)
    output.mark_failed(frozen, "Edition 2025 of Wigan is published and frozen.")
    assert files_of(frozen) == before


def test_a_correction_is_published_beside_what_is_frozen(frozen: Path) -> None:
    before = files_of(frozen)
    correction = output.report_folder(frozen.parents[1], "2025.1", "wigan")
    output.publish(correction, {"index.html": b"two"}, {"fingerprint": "f2"})
    assert files_of(frozen) == before and files_of(correction)["index.html"] == b"two"


# --- the manifest --------------------------------------------------------------------------------------


def test_what_could_not_be_used_is_kept_and_told_again(folder: Path) -> None:
    assert output.problems_of(folder) == []
    sentences = ["themes.csv, row 2: is blank.", "sign_off.yml, line 3: is no day."]
    told = output.manifest_of(sample_report.build(), "f1", {}, {}, [], sentences)
    output.publish(folder, HTML, told)
    assert output.problems_of(folder) == sentences
    output.publish(folder, HTML, {"fingerprint": "made before there were any"})
    assert output.problems_of(folder) == []
    (folder / output.MANIFEST).write_text("{")
    assert output.problems_of(folder) == []


def test_the_manifest_says_what_the_report_rests_on() -> None:
    report = sample_report.build()
    inputs = [{"file": "a.csv", "sha256": "0" * 64}]
    made = output.manifest_of(report, "f1", {"observations": 3}, {"observations: schema": True}, inputs)
    assert made["area"] == {"name": report.area_name, "code": report.area_code, "slug": report.area_slug}
    assert made["inputs"] == inputs and made["row_counts"] == {"observations": 3} and made["fingerprint"] == "f1"
    assert made["illustrative"] is report.illustrative and made["cut_off"] == report.cut_off.isoformat()
    assert json.loads(json.dumps(made)) == made


def test_a_report_left_aside_by_a_killed_build_comes_back(tmp_path: Path) -> None:
    """Killed between the two renames, a build leaves the good report under `.old.<pid>`: it is not lost."""
    folder = output.report_folder(tmp_path, "2025", "wigan")
    output.publish(folder, {"index.html": b"good"}, {"fingerprint": "one"})
    dead = 2**22 + 1  # above the largest process number
    aside = folder.with_name(f".wigan.old.{dead}")
    aside.mkdir()
    folder.replace(aside / "report")
    folder.with_name(f".wigan.new.{dead}").mkdir()
    output.publish(folder, {"jsna.pdf": b"new"}, {"fingerprint": "one"})
    assert (folder / "index.html").read_bytes() == b"good"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["wigan"]
