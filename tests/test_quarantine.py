"""What is split off before a schema runs: duplicates, impossible cells, and the limit of one in a hundred."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.errors import InputError
from jsna_pipeline.quarantine import quarantine
from jsna_pipeline.readers.result import REJECT_COLUMNS, ReadResult, no_rejects, rejects
from jsna_pipeline.schemas.base import table_schema, value_columns
from jsna_pipeline.schemas.dfe_plans import Sen2Assessments
from jsna_pipeline.schemas.dfe_schools import AlternativeProvisionPlacements
from jsna_pipeline.schemas.validation import validate


def table(number: int, **columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "area_code": "E08000010",
            "area_name": "Wigan",
            "area_level": "local_authority",
            "period": [str(1500 + place) for place in range(number)],
            "period_type": "calendar_year",
            "dimension": "total",
            "category": "total",
            "source_file": "a.csv",
            "source_line": range(2, number + 2),
        }
    )
    values = dict.fromkeys(value_columns(Sen2Assessments), 0.0)
    values |= {"assessments": 10.0, "plan_issued": 5.0, "plan_issued_percent": 50.0}
    frame = frame.assign(**values, **{f"{name}_status": "ok" for name in values})
    return frame.assign(**columns)


def of(frame: pd.DataFrame, rows_read: int | None = None) -> ReadResult:
    return quarantine(ReadResult(frame, rows_read or len(frame)), Sen2Assessments, file="a.csv")


def test_neither_of_two_rows_of_one_group_is_kept() -> None:
    frame = table(400)
    frame.loc[[7, 9, 11], "period"] = "1507"
    result = of(frame)
    assert result.rejects["line"].tolist() == [9, 11, 13] and list(result.rejects) == REJECT_COLUMNS
    assert len(result.table) == 397 and result.table["source_line"].tolist()[7] == 10
    assert result.table.index.tolist() == list(range(397))


def test_a_filter_column_is_part_of_the_group() -> None:
    frame = table(2).drop(
        columns=[name for name in table(1) if name.removesuffix("_status") in value_columns(Sen2Assessments)]
    )
    frame = frame.assign(period="2024", setting=["a", "b"], placements=1.0, placements_status="ok")
    result = quarantine(ReadResult(frame, 2), AlternativeProvisionPlacements, file="a.csv")
    assert len(result.table) == 2 and result.rejects.empty


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("assessments", -1.0, "below 0, the smallest possible value"),
        ("plan_issued_percent", -0.1, "below 0, the smallest possible value"),
        ("plan_issued_percent", 100.1, "above 100, the largest possible value"),
    ],
)
def test_an_impossible_cell_is_blanked_and_its_row_kept(column: str, value: float, reason: str) -> None:
    frame = table(3)
    frame.loc[1, column] = value
    result = of(frame)
    assert pd.isna(result.table.loc[1, column]) and result.table.loc[1, f"{column}_status"] == "unavailable"
    assert result.table.drop(index=1).equals(frame.drop(index=1)) and frame.loc[1, column] == value
    assert result.rejects.to_dict("records") == [
        {"file": "a.csv", "line": 3, "column": column, "scope": "cell", "reason": reason}
    ]
    validate(result.table, table_schema(Sen2Assessments), name="a")


def test_the_bounds_themselves_are_possible() -> None:
    frame = table(3, plan_issued_percent=[0.0, 100.0, float("nan")], assessments=[0.0, 1e9, 0.5])
    assert of(frame).rejects.empty and of(frame).table.equals(frame)


@pytest.mark.parametrize(("bad", "stops"), [(0, False), (4, False), (5, True), (400, True)])
def test_more_bad_rows_than_the_limit_stop_the_file(bad: int, stops: bool) -> None:
    found = rejects("a.csv", list(range(401 - bad, 401)), "", "row", "the row has the wrong number of fields")
    result = ReadResult(table(400 - bad), 400, found if bad else no_rejects())
    if stops:
        said = rf"a\.csv: {bad} of 400 rows are unusable, more than 1% \(first: line {401 - bad}, the row has"
        with pytest.raises(InputError, match=said):
            quarantine(result, Sen2Assessments, file="a.csv")
    else:
        assert len(quarantine(result, Sen2Assessments, file="a.csv").rejects) == bad


def test_impossible_cells_do_not_count_as_bad_rows() -> None:
    assert len(of(table(10, assessments=-1.0)).rejects) == 10


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.data())
def test_kept_and_refused_rows_are_all_rows(periods: list[int], data: st.DataObject) -> None:
    frame = table(len(periods), period=[f"{1500 + period}" for period in periods])
    counts = data.draw(st.lists(st.integers(-2, 5), min_size=len(periods), max_size=len(periods)))
    # Read as part of a long file, so that the limit does not stop it.
    result = of(frame.assign(assessments=[float(count) for count in counts]), rows_read=100_000)
    refused = result.rejects.loc[result.rejects["scope"] == "row", "line"]
    assert sorted([*result.table["source_line"], *refused]) == frame["source_line"].tolist()
    assert not result.table.duplicated("period").any() and (result.table["assessments"].dropna() >= 0).all()
    assert result.table["assessments"].isna().sum() == (result.rejects["scope"] == "cell").sum()
