"""Tables on disk: Parquet, written whole or not at all, read in full or for a few areas.

Here: the one way to write and read a stored table, and where each lies. Not here: what a table
means. Paths may be any fsspec URL, through UPath.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow.parquet as pq
from upath import UPath

from jsna_pipeline.editions import year_and_number
from jsna_pipeline.errors import BuildError

# National tables stand area by area, so that a report skips the groups that hold none of its own.
ROWS_PER_GROUP = 65_536


def write_table(table: pd.DataFrame, path: UPath) -> None:
    """`table` at `path`, first under a temporary name: a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            table.to_parquet(stream, engine="pyarrow", index=False, row_group_size=ROWS_PER_GROUP)
        temporary.replace(path) if isinstance(path, Path) else temporary.rename(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def write_private(path: Path, content: bytes | Callable[[IO[bytes]], Any]) -> None:
    """A file whole or not at all, readable by its owner alone from its first byte on; `content` may write itself."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            content(stream) if callable(content) else stream.write(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_table(
    path: UPath, filters: list[tuple[str, str, object]] | None = None, columns: list[str] | None = None
) -> pd.DataFrame:
    """The table at `path`, or the rows of it that match Parquet `filters` and the `columns` named."""
    if not path.exists():
        raise BuildError(f"{path}: the table is not there; run `jsna build` to make it.")
    with path.open("rb") as stream:
        return pd.read_parquet(stream, engine="pyarrow", filters=filters, columns=columns)


@dataclass(frozen=True)
class TableFolder:
    """The stored tables of one source: `<root>/<asset>/<edition>.parquet`, local ones a folder for each area."""

    root: str

    def path(self, asset: str, edition: str, area_slug: str = "") -> UPath:
        folder = UPath(self.root) / asset
        return (folder / area_slug if area_slug else folder) / f"{edition}.parquet"

    def read(self, asset: str, edition: str, area_slug: str = "") -> pd.DataFrame:
        return read_table(self.path(asset, edition, area_slug))

    def read_other_editions(self, asset: str, edition: str, area_slug: str) -> pd.DataFrame | None:
        """A local table of every other edition that is stored, older or newer; None where there is none."""
        folder = self.path(asset, edition, area_slug).parent
        others = sorted(path for path in folder.glob("*.parquet") if path.stem != edition) if folder.exists() else []
        found = [table for path in others if len(table := read_table(path))]
        return pd.concat(found, ignore_index=True) if found else None

    def read_edition_before(
        self, asset: str, edition: str, area_slug: str = "", area_codes: Iterable[str] = ()
    ) -> pd.DataFrame | None:
        """A table of the newest edition before this one, only the rows of areas if named; None where none is stored."""
        folder = self.path(asset, edition, area_slug).parent
        stored = {year_and_number(path.stem): path for path in folder.glob("*.parquet")} if folder.exists() else {}
        earlier = [order for order in stored if order < year_and_number(edition)]
        filters: list[tuple[str, str, object]] | None = [("area_code", "in", list(area_codes))] if area_codes else None
        return read_table(stored[max(earlier)], filters) if earlier else None

    def read_periods(self, asset: str, edition: str) -> pd.DataFrame:
        """One row per row of the table, with its `period` where it has one: enough to say how far it reaches."""
        path = self.path(asset, edition)
        with path.open("rb") as stream:
            names = pq.read_schema(stream).names
        return read_table(path, columns=[name for name in names if name == "period"] or names[:1])

    def read_areas(self, asset: str, edition: str, area_codes: Iterable[str]) -> pd.DataFrame:
        """Only the rows of these areas: a report never reads the whole country."""
        return read_table(self.path(asset, edition), [("area_code", "in", list(area_codes))])
