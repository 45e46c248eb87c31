"""Fixtures shared by all tests: the folder of real published files, and builds from the seeds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def landing() -> Path:
    """The landing folder of real published files; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("JSNA_LANDING", PROJECT.parent / "shared" / "landing"))
    if not (folder / "2025").is_dir():
        pytest.skip("no folder of real published files (JSNA_LANDING)")
    return folder
