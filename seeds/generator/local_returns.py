"""The returns of the imaginary person-level Wigan: which there are, in which edition, and where they lie.

Here: `returns/<edition>/wigan/<return>/<files>`. Not here: what any of them holds (the modules `local_*` beside).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from seeds.generator import local_census, local_health, local_places, local_sen2, local_services, local_social_care
from seeds.generator.local_people import EDITIONS
from seeds.generator.writing import csv_bytes, gzip_bytes, write

AREA = "wigan"
PACKED_FROM = 40_000
"""Bytes from which a CSV file is packed."""

# Returns that are files of their own layout, and the editions that hold them.
FILES: dict[str, tuple[Callable[[Path, int], list[Path]], tuple[int, ...]]] = {
    "sen2": (local_sen2.publish, EDITIONS),
    "school_census": (local_census.publish, EDITIONS),
    "children_in_need": (local_social_care.children_in_need, EDITIONS),
    "looked_after": (local_social_care.looked_after, EDITIONS),
    "annex_a": (local_social_care.annex_a, EDITIONS[-1:]),
}
LOOKUPS: dict[str, Callable[[], pd.DataFrame]] = {
    "small_areas": local_places.small_areas, "establishments": local_places.register_of_schools,
}  # fmt: skip


def publish(destination: Path) -> list[Path]:
    """Writes every return of every edition below `destination` and returns the files."""
    written: list[Path] = []
    for edition in EDITIONS:
        area = destination / str(edition) / AREA
        for name, (files, editions) in FILES.items():
            written += files(area / name, edition) if edition in editions else []
        tables = {name: extract(edition) for name, extract in (local_health.EXTRACTS | local_services.EXTRACTS).items()}
        tables |= {name: lookup() for name, lookup in LOOKUPS.items()}
        written += [_template(area / name, name, table) for name, table in tables.items()]
    return written


def _template(folder: Path, name: str, table: pd.DataFrame) -> Path:
    content = csv_bytes(table)
    if len(content) < PACKED_FROM:
        return write(folder / f"{name}.csv", content)
    return write(folder / f"{name}.csv.gz", gzip_bytes(content))
