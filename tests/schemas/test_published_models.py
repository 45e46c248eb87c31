"""Models of the formats other than EES: what a good table must have and what a bad one cannot pass."""

import importlib

import pandas as pd
import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.core_tables import READERS
from jsna_pipeline.errors import InputError
from jsna_pipeline.schemas.base import CoreTable, table_schema, value_columns
from jsna_pipeline.schemas.lait import StatisticalNeighbours
from jsna_pipeline.schemas.mhclg import Deprivation
from jsna_pipeline.schemas.nhs import MonthlyMeasures
from jsna_pipeline.schemas.validation import validate

FORMATS = set(READERS) - {"ees_csv"}
RECORDS = [dataset for dataset in datasets().values() if dataset.format in FORMATS]


def test_every_format_has_a_dataset() -> None:
    assert {dataset.format for dataset in RECORDS} == FORMATS


@pytest.mark.parametrize("dataset", RECORDS, ids=lambda dataset: dataset.id)
def test_every_column_is_described_and_every_value_has_a_unit_and_status(dataset) -> None:
    module, name = dataset.table.split(".")
    model = getattr(importlib.import_module(f"jsna_pipeline.schemas.{module}"), name)
    schema = table_schema(model) if issubclass(model, CoreTable) else model.to_schema()
    assert schema.strict and schema.coerce
    assert all(column.description for column in schema.columns.values())
    for value in value_columns(model):
        assert schema.columns[value].metadata["unit"] and schema.columns[value].nullable
        assert f"{value}_status" in schema.columns


def measure(**changes: object) -> pd.DataFrame:
    row = {
        "area_code": "02H",
        "area_name": "NHS Greater Manchester ICB - 02H",
        "area_level": "sub_icb",
        "period": "2022-09",
        "period_type": "month",
        "dimension": "total",
        "category": "total",
        "source_file": "a.csv",
        "source_line": 2,
        "measure": "ASD16b",
        "value": 15.0,
        "value_status": "ok",
    }
    return pd.DataFrame([row | changes])


def test_a_monthly_measure_passes() -> None:
    assert len(validate(measure(), table_schema(MonthlyMeasures), name="autism")) == 1


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"area_level": "local_authority_district"}, "area_level"),
        ({"period_type": "quarter"}, "period_type"),
        ({"value": -1.0}, "value"),
        ({"value_status": "withheld"}, "value_status"),
        ({"measure": None}, "measure"),
        ({"note": "a column of the publisher's"}, "column_in_schema: note"),
    ],
)
def test_a_bad_measure_is_refused_by_the_name_of_its_column(changes: dict[str, object], column: str) -> None:
    with pytest.raises(InputError, match=column):
        validate(measure(**changes), table_schema(MonthlyMeasures), name="autism")


def test_an_authority_has_one_neighbour_at_each_rank() -> None:
    pair = {
        "area_code": "E08000010",
        "neighbour_code": "E10000017",
        "rank": 1,
        "closeness": "very close",
        "model_year": "2025",
        "source_file": "sn.xlsx",
        "source_line": 4,
    }
    schema = StatisticalNeighbours.to_schema()
    assert len(validate(pd.DataFrame([pair, pair | {"rank": 2}]), schema, name="neighbours")) == 2
    with pytest.raises(InputError):
        validate(pd.DataFrame([pair, pair]), schema, name="neighbours")
    with pytest.raises(InputError, match="closeness"):
        validate(pd.DataFrame([pair | {"closeness": "near"}]), schema, name="neighbours")


def test_a_small_area_stands_once() -> None:
    area = {
        "lsoa_code": "E01006212",
        "lsoa_name": "Wigan 026A",
        "district_code": "E08000010",
        "area_code": "E08000010",
        "rank": 14456,
        "decile": 5,
        "source_file": "File_1.csv",
        "source_line": 2,
    }
    assert len(validate(pd.DataFrame([area]), Deprivation.to_schema(), name="deprivation")) == 1
    with pytest.raises(InputError, match="lsoa_code"):
        validate(pd.DataFrame([area, area]), Deprivation.to_schema(), name="deprivation")
