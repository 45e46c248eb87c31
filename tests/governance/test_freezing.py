"""Frozen editions: a seal over every file, which any change breaks and no later build replaces."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jsna_pipeline.errors import BuildError, InputError
from jsna_pipeline.governance import freezing
from jsna_pipeline.governance.freezing import SEAL, freeze, frozen, next_correction, refuse_frozen, verify
from jsna_pipeline.report import output

ON = date(2026, 3, 2)
FILES = {"index.html": b"<p>one</p>", "jsna.pdf": b"%PDF", "data/trends.csv": b"a\n"}


def published(tmp_path: Path, edition: str = "2025", **changed: Any) -> Path:
    """A report as the build publishes it, approved unless told otherwise."""
    folder = output.report_folder(tmp_path, edition, "wigan")
    manifest = {"fingerprint": "f", "area": {"name": "Wigan"}, "edition": edition, "draft": False, **changed}
    output.publish(folder, FILES, manifest)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_names_are_those_of_the_report() -> None:
    """The report asks this module before it writes, so this module cannot ask the report."""
    assert (freezing.MANIFEST, freezing.FAILURE_NOTE) == (output.MANIFEST, output.FAILURE_NOTE)


def test_a_seal_holds_the_digest_of_every_file_and_is_read_back(tmp_path: Path) -> None:
    folder = published(tmp_path)
    before = contents(folder)
    assert frozen(folder) is None and verify(folder) == ()
    seal = freeze(folder, ON)
    assert seal.files == {name: hashlib.sha256(content).hexdigest() for name, content in before.items()}
    assert (seal.edition, seal.area, seal.frozen_on) == ("2025", "Wigan", ON)
    assert frozen(folder) == seal and verify(folder) == ()
    assert contents(folder).keys() == {*before, SEAL}, "no unfinished file is left"
    listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(seal.files.items()))
    assert seal.digest == hashlib.sha256(listing.encode()).hexdigest()


def test_freezing_again_keeps_the_first_seal(tmp_path: Path) -> None:
    folder = published(tmp_path)
    seal = freeze(folder, ON)
    written = (folder / SEAL).read_bytes()
    assert freeze(folder, date(2026, 4, 1)) == seal and (folder / SEAL).read_bytes() == written


def test_every_kind_of_tampering_is_named(tmp_path: Path) -> None:
    folder = published(tmp_path)
    freeze(folder, ON)
    (folder / "index.html").write_bytes(b"<p>two</p>")
    (folder / "jsna.pdf").unlink()
    (folder / "data" / "more.csv").write_bytes(b"b\n")
    (folder / output.MANIFEST).write_bytes((folder / output.MANIFEST).read_bytes() + b"\n")
    assert verify(folder) == (
        "data/more.csv is new",
        "index.html is changed",
        "jsna.pdf is missing",
        "manifest.json is changed",
    )
    with pytest.raises(InputError, match=r"frozen on 2026-03-02 and has changed since \(data/more\.csv is new\)"):
        freeze(folder, ON)
    (folder / "data" / "more.csv").unlink()
    output_of = published(tmp_path / "again")
    for name, content in contents(output_of).items():
        (folder / name).write_bytes(content)
    assert verify(folder) == (), "what was put back is what was sealed"


def test_a_failed_build_leaves_no_note_in_a_sealed_folder_and_an_old_note_breaks_no_seal(tmp_path: Path) -> None:
    folder = published(tmp_path)
    freeze(folder, ON)
    output.mark_failed(folder, "edition 2025 is frozen")
    assert not (folder / output.FAILURE_NOTE).exists()
    (folder / output.FAILURE_NOTE).write_text("A build failed.")
    assert verify(folder) == ()


def test_a_draft_is_not_frozen(tmp_path: Path) -> None:
    folder = published(tmp_path, draft=True)
    with pytest.raises(InputError, match=r"Edition 2025 of Wigan is a draft"):
        freeze(folder, ON)
    assert not (folder / SEAL).exists()


def test_only_what_the_build_wrote_is_frozen(tmp_path: Path) -> None:
    folder = published(tmp_path)
    (folder / "index.html").write_bytes(b"<p>by hand</p>")
    with pytest.raises(InputError, match=r"not as the build left it \(index\.html is changed\)"):
        freeze(folder, ON)
    assert not (folder / SEAL).exists()


@pytest.mark.parametrize("manifest", [None, b"{", b"[]", b"{}", b'{"edition": "2025", "area": "Wigan"}', b"\xff"])
def test_a_folder_without_a_whole_report_is_not_frozen(tmp_path: Path, manifest: bytes | None) -> None:
    if manifest is not None:
        (tmp_path / output.MANIFEST).write_bytes(manifest)
    with pytest.raises(InputError, match=r"holds no whole report \(manifest\.json\)"):
        freeze(tmp_path, ON)


def test_publishing_over_a_frozen_edition_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = published(tmp_path)
    refuse_frozen(folder)
    refuse_frozen(tmp_path / "nothing" / "here")
    freeze(folder, ON)
    with pytest.raises(BuildError) as refused:
        refuse_frozen(folder)
    assert str(refused.value) == "Edition 2025 of Wigan is published and frozen; publish a correction as 2025.1."


def test_the_next_correction_is_the_first_that_is_not_frozen(tmp_path: Path) -> None:
    folder = published(tmp_path)
    freeze(folder, ON)
    for edition in ("2025.1", "2025.2"):
        assert next_correction(folder, "2025") == edition
        correction = published(tmp_path, edition)
        assert next_correction(folder, "2025") == edition, "a correction may be built until it is frozen"
        freeze(correction, ON)
    assert next_correction(folder, "2025") == "2025.3"
    with pytest.raises(BuildError, match=r"Edition 2025\.1 of Wigan is published and frozen; .* as 2025\.3\."):
        refuse_frozen(output.report_folder(tmp_path, "2025.1", "wigan"))
    assert next_correction(output.report_folder(tmp_path, "2025", "cumberland"), "2025") == "2025.1"


@pytest.mark.parametrize("written", [b"", b"{", b"[]", b'{"edition": "2025"}', b'{"edition": "2025", "files": 1}'])
def test_a_damaged_seal_still_keeps_the_folder_from_being_replaced(tmp_path: Path, written: bytes) -> None:
    folder = published(tmp_path)
    (folder / SEAL).write_bytes(written)
    for guarded in (refuse_frozen, verify, freeze):
        with pytest.raises(BuildError, match=r"frozen\.json: cannot be read as a seal"):
            guarded(folder)


def test_names_in_a_seal_open_no_file_elsewhere(tmp_path: Path) -> None:
    folder = published(tmp_path)
    (tmp_path / "secret").write_text("s")
    seal = freeze(folder, ON)
    digest = hashlib.sha256(b"s").hexdigest()
    text = json.loads((folder / SEAL).read_text())
    text["files"] = {**seal.files, "../../secret": digest}
    (folder / SEAL).write_text(json.dumps(text))
    assert verify(folder) == ("../../secret is missing",)


def test_a_seal_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = published(tmp_path)
    before = contents(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match=r"frozen\.json: cannot be written \(No space left on device\)"):
        freeze(folder, ON)
    assert contents(folder) == before and frozen(folder) is None
