"""Digests of what a build depends on: input files, reviewed definitions and code.

Here: telling whether anything has changed, so that nothing national is computed twice. Not here:
the provenance of single files (`sources/`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def digest(*parts: str) -> str:
    """One SHA-256 over texts, in order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def folder_digest(folder: Path) -> str:
    """Names and bytes of every file below `folder`."""
    entries = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                entries.append(
                    f"{path.relative_to(folder).as_posix()} {hashlib.file_digest(stream, 'sha256').hexdigest()}"
                )
    return digest(*entries)


@cache
def catalogue_digest() -> str:
    """Every reviewed definition."""
    return _resources_digest(files("jsna_pipeline.catalogue"), (".yml", ".csv"))


@cache
def code_digest() -> str:
    """Every module and template that a table or a report can depend on."""
    return digest(
        _resources_digest(files("jsna_pipeline"), (".py",)),
        _resources_digest(files("report_templates"), (".j2", ".css", ".js", ".woff2")),
    )


def _resources_digest(root: Traversable, suffixes: tuple[str, ...]) -> str:
    return digest(
        *(f"{name} {hashlib.sha256(entry.read_bytes()).hexdigest()}" for name, entry in _walk(root, "", suffixes))
    )


def _walk(folder: Traversable, prefix: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, name, suffixes)
        elif entry.name.endswith(suffixes):
            yield name, entry
