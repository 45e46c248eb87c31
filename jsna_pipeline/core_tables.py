"""From published files to one validated core table per dataset.

Here: choosing the reader and model that a dataset record names, reading each of its files,
quarantining, joining and validating. Not here: any format (`readers/`), any column (`schemas/`) or
where tables are kept (`assets/`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.datasets import Dataset, FilePattern
from jsna_pipeline.errors import InputError
from jsna_pipeline.quarantine import quarantine
from jsna_pipeline.readers.result import ReadResult, no_rejects
from jsna_pipeline.schemas.base import KEY_COLUMNS, CoreTable, filter_columns, table_schema
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.sources.published_file import PublishedFile

# Format named in a dataset record -> module and function of `readers`. Imported when first used, so
# that listing areas never waits for a spreadsheet library.
READERS: dict[str, str] = {
    "ees_csv": "ees.read",
    "lait_parquet": "lait.read",
    "statistical_neighbours_xlsx": "neighbours.read",
    "fingertips_csv": "fingertips.read",
    "nhs_community_waits_xlsx": "nhs.read_community_waits",
    "nhs_monthly_csv": "nhs.read_monthly_csv",
    "ons_single_year_xlsx": "population.read",
    "ons_projections_csv": "projections.read",
    "deprivation_csv": "deprivation.read",
    "deprivation_population_csv": "deprivation.read_population",
    "la_lad_hierarchy_csv": "district_hierarchy.read",
    "dfe_qualifications_csv": "qualifications_by_19.read",
    "send_tribunal_csv": "tribunals.read",
    "school_places_csv": "school_places.read",
    "school_offers_csv": "school_places.read_offers",
    "schools_grant_totals_xlsx": "schools_grant.read_totals",
    "schools_grant_blocks_ods": "schools_grant.read_blocks",
}

PROVENANCE_COLUMNS = [
    "dataset_id",
    "publisher",
    "publication",
    "title",
    "file",
    "member",
    "bytes",
    "sha256",
    "released",
    "licence",
    "page",
    "role",
]


@dataclass(frozen=True)
class CoreBuild:
    """A core table with what was refused on the way and what its files had to say."""

    table: pd.DataFrame
    rejects: pd.DataFrame
    notes: tuple[str, ...]
    rows_read: int


def model_of(dataset: Dataset) -> Any:
    """The pandera model that the record names."""
    module, name = dataset.table.split(".")
    return getattr(import_module(f"jsna_pipeline.schemas.{module}"), name)


def schema_of(dataset: Dataset) -> Any:
    """The full schema of the stored table: for a core table, the model and a status beside each value."""
    model = model_of(dataset)
    return table_schema(model) if issubclass(model, CoreTable) else model.to_schema()


def landed_record(dataset: Dataset, folder: LandingFolder) -> pd.DataFrame:
    """Provenance of each file of `dataset`, with digests; no rows where an optional file is missing."""
    found = folder.require(dataset) if dataset.required else folder.find(dataset)
    files = [(file, "used") for file in found.chosen] + [(file, "superseded") for file in found.superseded]
    if found.chosen:
        files += [(file, "companion") for file in _companions(dataset, folder).values()]
    rows = [
        {
            "dataset_id": dataset.id,
            "publisher": dataset.publisher,
            "publication": dataset.publication,
            "title": dataset.title,
            "file": file.relative,
            "member": file.member or "",
            "bytes": len(file.content),
            "sha256": file.sha256,
            "released": str(dataset.released.get(dataset.files[0].edition or folder.edition, "")),
            "licence": dataset.licence,
            "page": dataset.page,
            "role": role,
        }
        for file, role in files
    ]
    return pd.DataFrame(rows, columns=PROVENANCE_COLUMNS).astype(
        dict.fromkeys(PROVENANCE_COLUMNS, "str") | {"bytes": "int64"}
    )


def core_table(dataset: Dataset, folder: LandingFolder) -> CoreBuild:
    """The validated core table of `dataset`; empty with its columns where an optional file is missing.

    Raises InputError for a missing required file and for any fault of a file.
    """
    model = model_of(dataset)
    found = folder.require(dataset) if dataset.required else folder.find(dataset)
    if not found.chosen:
        return CoreBuild(_empty(dataset), no_rejects(), (), 0)
    results = [_read(dataset, file, model, folder) for file in found.chosen]
    joined = _join(results, model)
    table = validate(joined.table, schema_of(dataset), name=f"{dataset.publication}: {dataset.title}")
    return CoreBuild(table.reset_index(drop=True), joined.rejects, joined.notes, joined.rows_read)


def _read(dataset: Dataset, file: PublishedFile, model: Any, folder: LandingFolder) -> ReadResult:
    module, function = READERS[dataset.format].split(".")
    reader: Callable[..., ReadResult] = getattr(import_module(f"jsna_pipeline.readers.{module}"), function)
    companions = _companions(dataset, folder)
    result = reader(file, dataset, model, companions) if companions else reader(file, dataset, model)
    if issubclass(model, CoreTable):
        return quarantine(result, model, file=file.name)
    return result


def _companions(dataset: Dataset, folder: LandingFolder) -> dict[str, PublishedFile]:
    """The second files that a reader needs beside the dataset's own, such as a dictionary."""
    companions = {}
    for role, pattern in dataset.options.get("companions", {}).items():
        wanted = FilePattern.model_validate(pattern)
        file = folder.find_companion(wanted)
        if file is None:
            raise InputError(
                f"{folder.folder / wanted.folder}: no file like {wanted.name!r}, the {role} that "
                f"'{dataset.title}' is read with; download it from {dataset.page}."
            )
        companions[role] = file
    return companions


def _join(results: list[ReadResult], model: Any) -> ReadResult:
    """Several files of one dataset as one; a row that they repeat (England in each region's file) once.

    The files come oldest first by name, so the newest's row is the one kept.
    """
    if len(results) == 1:
        return results[0]
    table = pd.concat([result.table for result in results], ignore_index=True)
    if issubclass(model, CoreTable):
        table = table.drop_duplicates(KEY_COLUMNS + list(filter_columns(model)), keep="last")
    return ReadResult(
        table,
        sum(result.rows_read for result in results),
        pd.concat([result.rejects for result in results], ignore_index=True),
        tuple(note for result in results for note in result.notes),
    )


def _empty(dataset: Dataset) -> pd.DataFrame:
    schema = schema_of(dataset)
    return schema.coerce_dtype(pd.DataFrame({name: pd.Series(dtype="object") for name in schema.columns}))
