"""The restricted store: pseudonymised records of one area and edition, readable by their owner alone.

Here: writing, reading and purging record tables, and the index that says what is kept and until when. Not
here: making records (`intake.py`), published and protected tables (`storage.py`), or anything a report reads
unprotected.

`<root>/<edition>/<area>/<table>.parquet` with `index.json` beside it; folders are 0700, files 0600. The root
holds a `.gitignore` of everything, so that no records enter a repository by accident.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from jsna_pipeline.catalogue.returns import Return, returns
from jsna_pipeline.errors import BuildError, InputError
from jsna_pipeline.linking import Pseudonyms
from jsna_pipeline.storage import write_private

if TYPE_CHECKING:
    from jsna_pipeline.returns.intake import AreaIntake

INDEX = "index.json"
ALIASES = "aliases"
FOLDER_MODE = 0o700
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True)
class Purged:
    """One table that was deleted: what it was, never what it held."""

    edition: str
    area: str
    table: str


class RecordStore:
    """Record tables under `root`, which no folder of `published` (reports, downloads) may contain or lie in.

    `beside` are folders of what was made of the records (`<folder>/<edition>/<area>/`); it goes when they go.
    Raises InputError for a root inside a published folder.
    """

    def __init__(self, root: Path, published: Sequence[Path] = (), beside: Sequence[Path] = ()) -> None:
        self.root, self.beside = root.resolve(), tuple(beside)
        for folder in (path.resolve() for path in published):
            if self.root.is_relative_to(folder) or folder.is_relative_to(self.root):
                raise InputError(
                    f"{root}: records of children must not lie with the reports in {folder}; set `state` to a folder "
                    "outside it that only the owners of the data can read."
                )

    def keep(self, area: AreaIntake, pseudonyms: Pseudonyms, taken_in: date) -> None:
        """Write all records of an area and edition with their index; tables no longer delivered are deleted."""
        earlier = self.names(area.edition, area.area_slug)
        for name, table in area.records.items():
            self.write(area.edition, area.area_slug, name, table)
        self.write(area.edition, area.area_slug, ALIASES, area.aliases)
        self._write_index(area.edition, area.area_slug, _index(area, pseudonyms, taken_in))
        for name in set(earlier) - {*area.records, ALIASES}:
            self._path(area.edition, area.area_slug, name).unlink()

    def write(self, edition: str, area_slug: str, name: str, table: pl.DataFrame) -> None:
        """One table, first under a temporary name: a reader never meets half a file."""
        write_private(self._private_folder(edition, area_slug) / _file_of(name), table.write_parquet)

    def scan(self, edition: str, area_slug: str, name: str) -> pl.LazyFrame:
        """One table, read when collected. Raises BuildError where it is not kept."""
        path = self._path(edition, area_slug, name)
        if not path.is_file():
            raise BuildError(
                f"{name} of {area_slug}, {edition}: no such records are kept; run `jsna build` to take them in."
            )
        return pl.scan_parquet(path)

    def names(self, edition: str, area_slug: str) -> list[str]:
        """The tables kept of an area and edition, sorted; empty where there are none."""
        return sorted(path.stem for path in self._folder(edition, area_slug).glob("*.parquet"))

    def index(self, edition: str, area_slug: str) -> dict[str, Any]:
        """What is kept, since when, until when, and under which key's check; empty where nothing is."""
        path = self._folder(edition, area_slug) / INDEX
        return json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def earlier_aliases(self, edition: str, area_slug: str, key_check: str) -> list[pl.DataFrame]:
        """What other editions of the area equate, where they were made under the same key."""
        return [
            self.scan(other, area_slug, ALIASES).collect()
            for other, slug in self._kept()
            if slug == area_slug
            and other != edition
            and self.index(other, slug).get("key_check") == key_check
            and ALIASES in self.names(other, slug)
        ]

    def purge(
        self, edition: str | None = None, area_slug: str | None = None, expired_on: date | None = None
    ) -> list[Purged]:
        """Delete the records of an edition, of an area, or of both; with a day, only those whose retention has ended.

        Each table goes when its own return's retention ends. Returns what was deleted, in order. Raises InputError
        where nothing says what to delete.
        """
        if edition is None and area_slug is None and expired_on is None:
            raise InputError(
                "Nothing says what to delete: name an edition, an area, or the day for which to judge age."
            )
        purged: list[Purged] = []
        for kept_edition, slug in self._kept():
            if edition in (None, kept_edition) and area_slug in (None, slug):
                purged += self._purge_area(kept_edition, slug, expired_on)
        return purged

    def _purge_area(self, edition: str, area_slug: str, expired_on: date | None) -> list[Purged]:
        folder, index = self._folder(edition, area_slug), self.index(edition, area_slug)
        tables = index.get("tables", {})
        # A table that the index does not list was left by a build that broke off: nothing says it may stay.
        expired = [
            name
            for name in self.names(edition, area_slug)
            if expired_on is None or name not in tables or tables[name]["retention_until"] < expired_on.isoformat()
        ]
        broken_off = folder.glob(".*.tmp")
        for path in (*(folder / _file_of(name) for name in expired), *broken_off):
            path.unlink()
        kept = {name: entry for name, entry in tables.items() if name not in expired}
        if kept:
            self._write_index(edition, area_slug, index | {"tables": kept})
        else:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            if not any(folder.parent.iterdir()):
                folder.parent.rmdir()
            for made in (path / edition / area_slug for path in self.beside):
                shutil.rmtree(made, ignore_errors=True)
        return [Purged(edition, area_slug, name) for name in expired]

    def _kept(self) -> Iterator[tuple[str, str]]:
        """Every edition and area of which there is a folder, in order."""
        folders = sorted(self.root.glob("*/*/")) if self.root.is_dir() else []
        names = ((folder.parent.name, folder.name) for folder in folders)
        return ((edition, area) for edition, area in names if _NAME.fullmatch(edition) and _NAME.fullmatch(area))

    def _folder(self, edition: str, area_slug: str) -> Path:
        return self.root / _checked(edition) / _checked(area_slug)

    def _path(self, edition: str, area_slug: str, name: str) -> Path:
        return self._folder(edition, area_slug) / _file_of(name)

    def _private_folder(self, edition: str, area_slug: str) -> Path:
        """The folder of an area, made with every folder above it up to the root closed to others."""
        folder = self._folder(edition, area_slug)
        self.root.parent.mkdir(parents=True, exist_ok=True)
        for path in (self.root, folder.parent, folder):
            path.mkdir(mode=FOLDER_MODE, exist_ok=True)
            path.chmod(FOLDER_MODE)
        ignored = self.root / ".gitignore"
        if not ignored.exists():
            write_private(ignored, b"*\n")
        return folder

    def _write_index(self, edition: str, area_slug: str, index: dict[str, Any]) -> None:
        content = json.dumps(index, indent=1, sort_keys=True).encode()
        write_private(self._private_folder(edition, area_slug) / INDEX, content)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or ".." in name:
        raise InputError("An edition, area or table has a name that is none; use small letters, digits, `-` and `_`.")
    return name


def _file_of(name: str) -> str:
    return f"{_checked(name)}.parquet"


def _index(area: AreaIntake, pseudonyms: Pseudonyms, taken_in: date) -> dict[str, Any]:
    """What the folder holds: tables with their return, rows, reference date and end of retention."""
    tables = {
        name: _entry(returns()[intake.return_id], intake.reference_date, taken_in, area.records[name].height)
        for intake in area.intakes.values()
        for name in intake.records
    }
    # What equates the numbers of persons outlives none of the records that it joins.
    shortest = min(entry["retention_until"] for entry in tables.values())
    tables[ALIASES] = {"return": "", "rows": area.aliases.height, "reference_date": None, "retention_until": shortest}
    return {
        "edition": area.edition,
        "area": area.area_slug,
        "taken_in": taken_in.isoformat(),
        "key_check": pseudonyms.key_check,
        "cross_edition": pseudonyms.cross_edition,
        "tables": tables,
    }


def _entry(record: Return, reference_date: date | None, taken_in: date, rows: int) -> dict[str, Any]:
    """Retention runs from the day the return refers to, else from the day it was taken in."""
    start = reference_date or taken_in
    day = min(start.day, 28) if start.month == 2 else start.day  # 29 February ends with the 28th
    return {
        "return": record.id,
        "rows": rows,
        "reference_date": reference_date and reference_date.isoformat(),
        "retention_until": start.replace(year=start.year + record.retention_years, day=day).isoformat(),
    }
