"""The record of sources and gaps."""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import PROVENANCE_COLUMNS
from jsna_pipeline.provenance import sources
from jsna_pipeline.published_tables import Sources, checked
from tests.invented_indicators import OTHER, TABLE, core


def test_sources_list_each_file_and_each_gap() -> None:
    known = {name: datasets()[name] for name in (TABLE, OTHER)}
    landed = dict.fromkeys(PROVENANCE_COLUMNS, "x") | {"dataset_id": TABLE, "bytes": 5, "role": "used"}
    record_of = {
        TABLE: pd.DataFrame([landed, landed | {"role": "superseded"}]),
        OTHER: pd.DataFrame(columns=PROVENANCE_COLUMNS),
    }
    core_of = {TABLE: core([{"n": 1, "period": "2023"}, {"n": 1}]), OTHER: core([{"n": 1}]).head(0)}
    table = checked(sources(known, record_of, core_of, "2025"), Sources)
    assert table["role"].tolist() == ["used", "superseded", "missing"]
    assert table["latest_period"].tolist() == ["2024", "2024", ""] and table["rows"].tolist() == [2, 2, 0]
    gap = table.iloc[2]
    assert (gap["file"], gap["sha256"], gap["page"]) == ("", "", known[OTHER].page)
