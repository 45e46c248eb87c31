"""The record of what an edition rests on: every file, and every dataset of the catalogue without one.

Here: the table of sources and gaps. Not here: finding or digesting the files (`sources/`,
`core_tables.py`), or whether their figures add up (`reconciliation/`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.published_tables import Sources


def sources(
    datasets: Mapping[str, Dataset], landed: Mapping[str, pd.DataFrame], core: Mapping[str, pd.DataFrame], edition: str
) -> pd.DataFrame:
    """One row per file, and one with role `missing` per dataset of the catalogue without a file."""
    parts = []
    for dataset in datasets.values():
        record = landed[dataset.id]
        if record.empty:
            record = pd.DataFrame([_missing(dataset)])
        table = core.get(dataset.id, pd.DataFrame())
        latest = str(table["period"].max()) if "period" in table.columns and len(table) else ""
        parts.append(record.assign(latest_period=latest, rows=len(table)))
    columns = list(Sources.to_schema().columns)
    return pd.concat(parts, ignore_index=True).assign(edition=edition)[columns]


def _missing(dataset: Dataset) -> dict[str, object]:
    return {
        "dataset_id": dataset.id,
        "publisher": dataset.publisher,
        "publication": dataset.publication,
        "title": dataset.title,
        "file": "",
        "member": "",
        "bytes": 0,
        "sha256": "",
        "released": "",
        "licence": dataset.licence,
        "page": dataset.page,
        "role": "missing",
    }
