"""Digests change with what a build depends on, and with nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from jsna_pipeline import fingerprints


def test_a_folder_is_its_names_and_bytes_not_its_dates_or_place(tmp_path: Path) -> None:
    def folder(name: str, files: dict[str, str]) -> Path:
        for relative, content in files.items():
            path = tmp_path / name / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return tmp_path / name

    files = {"a/x.csv": "1", "b/y.csv": "2"}
    first = fingerprints.folder_digest(folder("one", files))
    os.utime(tmp_path / "one/a/x.csv", (0, 0))
    assert first == fingerprints.folder_digest(tmp_path / "one")
    assert first == fingerprints.folder_digest(folder("two", files))
    others = [
        folder("changed", files | {"a/x.csv": "3"}),
        folder("renamed", {"a/z.csv": "1", "b/y.csv": "2"}),
        folder("moved", {"b/x.csv": "1", "b/y.csv": "2"}),
        folder("added", files | {"c.csv": ""}),
        folder("less", {"a/x.csv": "1"}),
    ]
    digests = {fingerprints.folder_digest(other) for other in others}
    assert len(digests) == len(others) and first not in digests


def test_parts_are_told_apart() -> None:
    assert fingerprints.digest("a", "b") == fingerprints.digest("a", "b")
    assert len({fingerprints.digest("a", "b"), fingerprints.digest("b", "a"), fingerprints.digest("ab")}) == 3


def test_catalogue_and_code_are_read_from_the_installed_packages() -> None:
    assert fingerprints.catalogue_digest() != fingerprints.code_digest()
    assert len(fingerprints.catalogue_digest()) == len(fingerprints.code_digest()) == 64
