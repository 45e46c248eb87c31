"""Which published files an edition has, which are late, and what each feeds.

Here: `jsna status`. Releases come through the year, so a file may rightly not exist yet. Not here:
reading a file's content beyond its presence.
"""

from __future__ import annotations

import calendar
from datetime import date

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.datasets import Dataset, datasets
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.editions import year_and_number
from jsna_pipeline.settings import Settings
from jsna_pipeline.sources.folder import FoundFiles, LandingFolder
from jsna_pipeline.storage import TableFolder


def status_table(settings: Settings, edition: str, today: date | None = None) -> list[list[str]]:
    """Rows of state, dataset, file, months of release and chapters fed, the urgent states first.

    States: `missing` (required), `late` (its month of release in the edition's year has passed),
    `expected` (not due yet), `new` (not in the tables built last), `present`.
    """
    folder = LandingFolder(settings.published_files, edition)
    built = _digests_built(settings, edition)
    moment = min(today or date.today(), settings.cut_off_of(edition))
    rows = []
    for dataset in datasets().values():
        found = folder.find(dataset)
        names = ", ".join(file.name for file in found.chosen) or dataset.files[0].place
        months = ", ".join(calendar.month_abbr[month] for month in dataset.release_months)
        months = "most months" if len(dataset.release_months) > 6 else months
        rows.append([_state(dataset, found, built, edition, moment), dataset.id, names, months, _feeds(dataset)])
    order = ["missing", "late", "new", "expected", "present"]
    return sorted(rows, key=lambda row: (order.index(row[0]), row[1]))


def _state(dataset: Dataset, found: FoundFiles, built: set[str], edition: str, moment: date) -> str:
    if found.chosen:
        return "present" if all(file.sha256 in built for file in found.chosen) else "new"
    if dataset.required:
        return "missing"
    # A series that has ended came out with its last edition, however long ago.
    last_edition = min(dataset.files[0].edition or edition, edition, key=year_and_number)
    due = date(int(last_edition[:4]), max(dataset.release_months), 1)
    return "late" if moment >= date(due.year, due.month, calendar.monthrange(due.year, due.month)[1]) else "expected"


def _digests_built(settings: Settings, edition: str) -> set[str]:
    """Digests of the files that the stored tables of this edition were built from."""
    path = TableFolder(settings.tables).path("evidence_sources", edition)
    return set(TableFolder(settings.tables).read("evidence_sources", edition)["sha256"]) if path.exists() else set()


def _feeds(dataset: Dataset) -> str:
    titles = {name: chapter.title for name, chapter in chapters().items()}
    fed = {
        titles[record.chapter]
        for record in indicators().values()
        if dataset.id in {record.numerator.table, record.denominator.table if record.denominator else ""}
    }
    return "; ".join(sorted(fed)) or "comparisons and look-ups"
