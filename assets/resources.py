"""What assets are given from outside: the landing folder, the stored tables, the settings.

Here: Dagster resources that return plain objects of the library. Not here: logic.
Concept: https://docs.dagster.io/guides/build/external-resources
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
from upath import UPath

from jsna_pipeline.core_tables import CoreBuild
from jsna_pipeline.readers.result import REJECT_COLUMNS
from jsna_pipeline.returns.intake import AreaIntake
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.returns.validation_report import write_report
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.storage import TableFolder, read_table, write_table


@contextlib.contextmanager
def retried_on_lost_connection() -> Iterator[None]:
    """Ask Dagster for two more tries where a read failed below the file: the folder may be a network share.

    A fault of the file itself is an InputError and is not tried again: it would only fail more slowly.
    """
    try:
        yield
    except OSError as error:
        raise dg.RetryRequested(max_retries=2, seconds_to_wait=2) from error


class Landing(dg.ConfigurableResource):
    """The folder of published files of the chosen source."""

    root: str

    def edition(self, edition: str) -> LandingFolder:
        return LandingFolder(Path(self.root), edition)


class Tables(dg.ConfigurableResource):
    """The stored tables, for assets that read a few areas of them rather than the whole."""

    root: str

    def folder(self) -> TableFolder:
        return TableFolder(self.root)


class Restricted(dg.ConfigurableResource):
    """The restricted store of the source: records of persons, faults of returns, and what was hidden and why."""

    root: str
    published: list[str]

    def folder(self) -> Path:
        """The store's own folder, closed to everybody else and to every repository, whatever is written into it."""
        folder = Path(self.root)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / ".gitignore").write_text("*\n", "utf-8")
        return folder

    def records(self) -> RecordStore:
        return RecordStore(self.folder() / "records", [Path(folder) for folder in self.published])

    def keep_validation(self, edition: str, area_slug: str, taken: AreaIntake) -> None:
        """What is wrong with each return, as pages and tables for the officers who mend it."""
        for report in taken.reports:
            write_report(self.folder() / "validation" / edition / area_slug, report.return_id, report)


class Quarantine(dg.ConfigurableResource):
    """Refused rows and readers' notes, beside the tables: written by core assets, gathered as evidence."""

    root: str

    def keep(self, dataset_id: str, edition: str, built: CoreBuild) -> None:
        write_table(built.rejects.assign(dataset_id=dataset_id), self._path(dataset_id, "rejects", edition))
        notes = pd.DataFrame({"dataset_id": dataset_id, "note": list(built.notes)}, columns=["dataset_id", "note"])
        write_table(notes, self._path(dataset_id, "notes", edition))

    def rejects(self, dataset_ids: list[str], edition: str) -> pd.DataFrame:
        kept = [read_table(self._path(dataset_id, "rejects", edition)) for dataset_id in dataset_ids]
        return pd.concat(kept, ignore_index=True)[["dataset_id", *REJECT_COLUMNS]]

    def notes(self, dataset_ids: list[str], edition: str) -> pd.DataFrame:
        return pd.concat(
            [read_table(self._path(dataset_id, "notes", edition)) for dataset_id in dataset_ids], ignore_index=True
        )

    def _path(self, dataset_id: str, kind: str, edition: str) -> UPath:
        return UPath(self.root) / f"quarantine_{kind}" / dataset_id / f"{edition}.parquet"
