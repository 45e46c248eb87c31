"""Published figures held against their own counts, and the record of what an edition rests on.

Here: recomputing every published percentage from its counts, listing the exceptions, and the table
of sources and gaps. Not here: correcting a source, which the pipeline never does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jsna_pipeline.catalogue.datasets import Dataset
from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.published_tables import Reconciliation, Sources
from jsna_pipeline.statistics import rounding

KEYS = ["area_code", "area_name", "period", "dimension", "category"]


def reconcile(
    records: Mapping[str, Indicator], tables: Mapping[str, pd.DataFrame], observed: pd.DataFrame, edition: str
) -> tuple[pd.DataFrame, int]:
    """Exceptions (columns of `Reconciliation`) and the number of published figures that were compared.

    A figure is compared where the publisher printed it and its counts are both known, in every area,
    period and breakdown that the indicator covers.
    """
    parts, compared = [], 0
    for record in records.values():
        if record.published and record.denominator is not None:
            beside = _beside_published(record, tables[record.numerator.table], observed)
            compared += len(beside)
            parts.append(beside.loc[(beside["recomputed"] - beside["published"]).abs() > 1e-9])
    columns = list(Reconciliation.to_schema().columns)
    if not parts:
        return pd.DataFrame(columns=columns), 0
    found = pd.concat(parts, ignore_index=True)
    difference = rounding.half_up_value(found["recomputed"] - found["published"], 4)
    return found.assign(difference=difference, edition=edition)[columns], compared


def tables_with_published_figures(records: Mapping[str, Indicator]) -> list[str]:
    """Ids of the datasets that hold a published figure beside its counts."""
    return sorted({r.numerator.table for r in records.values() if r.published and r.denominator is not None})


def _beside_published(record: Indicator, table: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    rows = table
    for column, value in (record.filters | record.numerator.filters).items():
        rows = rows.loc[rows[column].isin(value if isinstance(value, list) else [value])]
    published = rows[[*KEYS, "source_file", "source_line", record.published]].rename(
        columns={record.published: "published"}
    )
    ours = observed.loc[observed["indicator_id"] == record.id].drop(columns="area_name")
    beside = ours.merge(published.dropna(subset="published"), on=[key for key in KEYS if key != "area_name"])
    beside = beside.loc[beside["value"].notna()]
    return beside.assign(
        recomputed=rounding.half_up(beside["numerator"], beside["denominator"], record.decimals, record.multiplier),
        published=rounding.half_up_value(beside["published"], record.decimals),
    )


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
