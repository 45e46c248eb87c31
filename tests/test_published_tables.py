"""The gate before a national table is stored: columns, types, words, and what must agree within a row."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline import published_tables
from jsna_pipeline.errors import InputError
from jsna_pipeline.published_tables import Observations, PublishedTable, checked
from tests.invented_indicators import TABLE, core, observed, record

# Those of future need have their own room, and are held against it there (`tests/future/`).
MODELS = [model for model in PublishedTable.__subclasses__() if model.__module__ == published_tables.__name__]


def good(**changes: object) -> pd.DataFrame:
    return observed(record(), tables={TABLE: core([{"n": 257, "d": 603}])}).assign(**changes)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_is_strict_typed_and_may_be_empty(model: type[PublishedTable]) -> None:
    schema = model.to_schema()
    assert schema.strict and schema.coerce and model.__doc__
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in schema.columns})
    made = checked(empty, model)
    numbers = {
        name
        for name, column in schema.columns.items()
        if str(column.dtype).lower().startswith(("int", "float", "bool"))
    }
    assert {name for name in made if pd.api.types.is_numeric_dtype(made[name])} == numbers
    with pytest.raises(InputError, match="column_in_schema: surname"):
        checked(empty.assign(surname="x"), model)
    with pytest.raises(InputError, match=f"column_in_dataframe: {next(iter(schema.columns))}"):
        checked(empty.iloc[:, 1:], model)


def test_every_table_that_leaves_the_library_is_held_against_it() -> None:
    assert {model.__name__ for model in MODELS} == {
        "Observations", "Comparisons", "Trends", "Inequalities", "Priorities", "StrategyAnswers", "Definitions",
        "CommissioningPriorities", "Scorecard", "ScorecardExceptions", "SurveyResults",
        "Reconciliation", "ReconciliationCoverage", "Sources", "Rejects",
        "LocalReturns", "LocalCounts", "LocalStatistics", "LocalAgreement", "LocalSuppression", "LocalUnseen",
    }  # fmt: skip
    assert all(getattr(published_tables, model.__name__) is model for model in MODELS)


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({}, ""),
        ({"status": "low_reliability"}, ""),
        ({"status": "low_reliability", "value": None, "lower_ci": None, "upper_ci": None}, ""),
        ({"status": "suppressed"}, "rows fail 'a value is present exactly where its status says so' \\(1 rows"),
        ({"value": None}, "rows fail 'a value is present exactly where its status says so'"),
        ({"lower_ci": 44.0}, "rows fail 'an interval lies on both sides of its value' \\(1 rows, first at table row 0"),
        ({"upper_ci": 41.0}, "rows fail 'an interval lies on both sides of its value'"),
        ({"status": "hidden"}, "column 'status' fails isin"),
        ({"period_type": "leap_year"}, "column 'period_type' fails isin"),
    ],
)
def test_value_status_and_interval_agree_within_a_row(changes: dict, fails: str) -> None:
    if not fails:
        assert len(checked(good(**changes), Observations)) == 1
    else:
        with pytest.raises(InputError, match=f"^Observations: .*{fails}"):
            checked(good(**changes), Observations)


def test_no_observation_stands_twice() -> None:
    with pytest.raises(InputError, match=r"rows fail 'multiple_fields_uniqueness' \(2 rows"):
        checked(pd.concat([good(), good()], ignore_index=True), Observations)
