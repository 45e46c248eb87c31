"""The catalogue of datasets: each record leads to a reader, a model and a page, and a slip names its line."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from jsna_pipeline.catalogue.datasets import Dataset, FilePattern, datasets
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.core_tables import READERS, model_of, schema_of
from jsna_pipeline.errors import InputError
from jsna_pipeline.schemas.base import CoreTable, filter_columns, published_names, value_columns

ALL = list(datasets().values())
RECORD = """\
publisher: Department for Education
publication: Plans
title: Plans
description: Plans.
files:
  - folder: plans
    name: "plans*.csv"
format: ees_csv
table: dfe_plans.Sen2NewPlans
period_type: calendar_year
geographic_levels: [england]
page: https://example.org
release_months: [6]
"""


@pytest.mark.parametrize("dataset", ALL, ids=lambda dataset: dataset.id)
def test_a_record_leads_to_its_reader_model_and_release(dataset: Dataset) -> None:
    module, function = READERS[dataset.format].split(".")
    reader = getattr(import_module(f"jsna_pipeline.readers.{module}"), function)
    assert list(inspect.signature(reader).parameters)[:3] == ["file", "dataset", "model"]
    model = model_of(dataset)
    assert model.__doc__ and schema_of(dataset).strict
    if issubclass(model, CoreTable):
        assert value_columns(model)
        assert all(published_names(model, name) for name in (*filter_columns(model), *value_columns(model)))
    assert set(dataset.release_months) <= set(range(1, 13)) and dataset.description.endswith(".")
    assert (dataset.landed_asset, dataset.core_asset) == (f"landed_{dataset.id}", f"core_{dataset.id}")


def test_the_two_datasets_without_which_there_is_no_report_are_required() -> None:
    assert {dataset.id for dataset in ALL if dataset.required} == {"dfe__sen2_caseload", "dfe__sen2_timeliness"}


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("newplans*.csv", "newplans.csv", True),
        ("newplans*.csv", "NewPlans_2025.CSV", True),
        ("newplans*.csv", "newplans.csv.gz", True),
        ("newplans*.csv", "sen_need_newplans.csv", False),
        ("newplans*.csv", "newplans.meta.csv", False),
        ("newplans*.csv", "newplans.csv.bak", False),
        ("sn_*.xlsx", "sn_may_2025.xlsx", True),
        ("* 20[0-9][0-9].csv", "northwest 2019.csv", True),
        ("* 20[0-9][0-9].csv", "northwest 1919.csv", False),
    ],
)
def test_a_pattern_is_the_whole_of_the_files_own_name(pattern: str, name: str, matches: bool) -> None:
    assert FilePattern(folder="x", name=pattern).matches(name) is matches


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RECORD + "titel: x\n", r"datasets/x\.yml, line 14: titel: Extra inputs are not permitted"),
        (RECORD.replace("calendar_year", "leap_year"), r"datasets/x\.yml, line 10: period_type: Input should be"),
        (RECORD.replace("    name:", "    nam:"), r"datasets/x\.yml, line 6: files\.0\.name: Field required"),
        (RECORD.replace("[england]", "[england, mars]"), r"line 11: geographic_levels\.1: Input should be"),
        (RECORD.replace("https://example.org", "example.org"), r"line 12: page: String should match"),
        (RECORD.replace("[6]", "[]"), "line 13: release_months: List should have at least 1 item"),
        (RECORD.replace("publisher: Dep", "publisher: [Dep"), r"datasets/x\.yml, line \d+: not valid YAML"),
        ("- a\n- b\n", r"datasets/x\.yml, line 1: expected a mapping of fields"),
        ("", r"datasets/x\.yml, line 1: expected a mapping of fields"),
    ],
)
def test_a_slip_in_a_record_names_file_line_and_field(text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"^catalogue/.*{said}") as caught:
        parse(text, Dataset, "datasets/x.yml", "dfe__x")
    assert "\n" not in str(caught.value)


def test_the_file_name_is_the_id_and_must_be_one() -> None:
    assert parse(RECORD, Dataset, "datasets/dfe__x.yml", "dfe__x").id == "dfe__x"
    with pytest.raises(InputError, match="id: String should match pattern"):
        parse(RECORD, Dataset, "datasets/x.yml", "Plans 2025")
