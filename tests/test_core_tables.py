"""From landing folder to validated core table: readers by name, several files as one, empty tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jsna_pipeline import core_tables, geography
from jsna_pipeline.catalogue.datasets import FilePattern, datasets
from jsna_pipeline.schemas.base import CoreTable
from jsna_pipeline.schemas.validation import validate
from jsna_pipeline.sources.folder import LandingFolder
from tests.published_text import ASSESSMENTS, EHC_PLANS, land, row, text

ALL = list(datasets().values())


@pytest.mark.parametrize("dataset", ALL, ids=lambda dataset: dataset.id)
def test_an_optional_dataset_that_is_missing_is_an_empty_table_of_its_schema(dataset, tmp_path: Path) -> None:
    assert dataset.format in core_tables.READERS
    (tmp_path / "2025").mkdir()
    folder = LandingFolder(tmp_path, "2025")
    made = core_tables.core_table(dataset.model_copy(update={"required": False}), folder)
    assert made.table.empty and made.rows_read == 0 and made.rejects.empty
    assert list(made.table) == list(core_tables.schema_of(dataset).columns)
    validate(made.table, core_tables.schema_of(dataset), name=dataset.id)
    assert issubclass(core_tables.model_of(dataset), CoreTable) == ("area_level" in made.table)


def test_several_files_of_one_dataset_are_one_table_and_repeat_england_once(tmp_path: Path) -> None:
    england, wigan = row((200, 150, 75), area="E92000001"), row((40, 10, 25))
    wolverhampton = row((30, 15, 50), area="E08000031")
    root = land(
        tmp_path,
        {
            "assessments_north.csv": text([england, wigan]),
            "assessments_west.csv": text([england, wolverhampton]),
        },
    )
    every = ASSESSMENTS.model_copy(update={"files": [FilePattern(folder=EHC_PLANS, name="assessments*", take="all")]})
    made = core_tables.core_table(every, LandingFolder(root, "2025"))
    assert made.table["area_code"].tolist() == ["E08000010", "E92000001", "E08000031"] and made.rows_read == 4
    assert made.table["source_file"].nunique() == 2 and made.table.index.tolist() == [0, 1, 2]
    # The file whose name comes last is the newest: its row is the one that is kept.
    assert made.table.loc[made.table["area_code"] == "E92000001", "source_file"].item().endswith("west.csv")


def test_records_of_landed_files_have_their_columns_even_when_empty(tmp_path: Path) -> None:
    (tmp_path / "2025").mkdir()
    record = core_tables.landed_record(ASSESSMENTS, LandingFolder(tmp_path, "2025"))
    assert list(record) == core_tables.PROVENANCE_COLUMNS and record["bytes"].dtype == "int64"


def test_published_rows_all_reach_the_core_table(landing: Path) -> None:
    """Nothing of the real release is refused, and each row stands where its file has it."""
    dataset = datasets()["dfe__sen2_requests"]
    folder = LandingFolder(landing, "2025")
    made = core_tables.core_table(dataset, folder)
    assert made.rejects.empty and made.rows_read == len(made.table)
    (file,) = folder.find(dataset).chosen
    lines = file.content.decode("utf-8-sig").splitlines()
    sample = made.table.sample(20, random_state=1)
    for code, line in zip(sample["area_code"], sample["source_line"], strict=True):
        assert code in set(geography.canonical_codes(pd.Series(lines[line - 1].split(","))))
    wigan = made.table.query("area_code == 'E08000010' and dimension == 'total' and period == '2024'")
    assert pd.notna(wigan["requests"]).all() and len(wigan) == 1
