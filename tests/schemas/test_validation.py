"""The one way to hold a table against its model: what it says, and what it must never say."""

from __future__ import annotations

import traceback

import pandas as pd
import pandera.pandas as pa
import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.schemas.base import CoreTable, count, percentage, table_schema
from jsna_pipeline.schemas.validation import validate

PUPIL = "A123456789012"  # of the form of a unique pupil number


class Pupils(CoreTable):
    pupils: float = count("Pupils", published_as=["pupils"])
    share: float = percentage("Share", published_as=["share"])


def table(**changes: object) -> pd.DataFrame:
    cells = {
        "area_code": "E08000010",
        "area_name": "Wigan",
        "area_level": "local_authority",
        "period": "2024/25",
        "period_type": "academic_year",
        "dimension": "total",
        "category": "total",
        "source_file": "a.csv",
        "source_line": 2,
        "pupils": 5,
        "share": 50.0,
        "pupils_status": "ok",
        "share_status": "ok",
    }
    return pd.DataFrame([cells | changes] * 3)


def test_a_good_table_is_coerced() -> None:
    made = validate(table(pupils="7"), table_schema(Pupils), name="pupils")
    assert made["pupils"].dtype == "float64" and made["source_line"].dtype == "int64"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (table(area_level="parish"), r"column 'area_level' fails isin\(.*\) \(3 rows, first at table row 0\)"),
        (table(share=100.5), r"column 'share' fails less_than_or_equal_to\(100\) \(3 rows"),
        (table(pupils=-1), r"column 'pupils' fails greater_than_or_equal_to\(0\)"),
        (table(source_line=0), r"column 'source_line' fails greater_than_or_equal_to\(1\)"),
        (table(share_status="missing"), "column 'share_status' fails isin"),
        (table(area_code=None), "column 'area_code' fails not_nullable"),
        (table(pupils="many"), "column 'pupils' fails coerce_dtype"),
        (table(surname="x"), "column_in_schema: surname"),
        (table().drop(columns="share"), "column_in_dataframe: share"),
    ],
)
def test_a_bad_table_names_column_rule_and_row_count(changed: pd.DataFrame, said: str) -> None:
    with pytest.raises(InputError, match=f"^DfE: pupils: .*{said}") as caught:
        validate(changed, table_schema(Pupils), name="DfE: pupils")
    assert "\n" not in str(caught.value) and str(caught.value).endswith("layout in the catalogue.")


def test_several_faults_are_all_named() -> None:
    with pytest.raises(InputError, match=r"'pupils' fails.*'share' fails"):
        validate(table(pupils=-1, share=101), table_schema(Pupils), name="x")


@pytest.mark.parametrize("changes", [{"area_level": PUPIL}, {"pupils": PUPIL}, {"share_status": PUPIL}])
def test_no_value_of_the_table_reaches_the_error_or_its_chain(changes: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        validate(table(**changes), table_schema(Pupils), name="x")
    said = "".join(traceback.format_exception(caught.value, chain=True))
    assert PUPIL not in said and caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("off", ["False", "false", "0"])
def test_validation_that_is_switched_off_stops_everything(monkeypatch: pytest.MonkeyPatch, off: str) -> None:
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", off)
    with pytest.raises(InputError, match=r"PANDERA_VALIDATION_ENABLED is off.*unset it and build again"):
        validate(table(), table_schema(Pupils), name="x")


def test_a_schema_that_is_not_lazy_is_safe_too() -> None:
    schema = pa.DataFrameSchema({"a": pa.Column(str, pa.Check(lambda cells: cells.str.len() < 5, name="short"))})
    with pytest.raises(InputError, match="column 'a' fails short") as caught:
        validate(pd.DataFrame({"a": [PUPIL]}), schema, name="x")
    assert PUPIL not in str(caught.value)
