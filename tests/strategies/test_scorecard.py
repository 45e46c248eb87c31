"""The scorecard as a table: one row a measure, every column documented, blank where nothing may be printed."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.errors import InputError
from jsna_pipeline.published_tables import Scorecard, ScorecardExceptions, checked
from jsna_pipeline.strategies.scorecard import scorecard_table
from jsna_pipeline.strategies.series import Point
from jsna_pipeline.strategies.verdict import Verdict
from tests.strategies.invented_strategies import AREA, figure, measure, result, strategy

POINTS = (Point("2023", 64.4), Point("2024", 42.6))


def test_a_row_holds_the_figure_that_decides() -> None:
    plan = strategy(measure(references=["all", "introduction"], owner="Head of SEND"))
    decides = figure(
        Verdict.NOT_MET, name="In time", unit="percent", recent=POINTS, comparators={"england": 46.4, "region": 51.0}
    )
    found = result(Verdict.NOT_MET, figure(Verdict.MET, recent=(Point("2024", 99.0),)), decides, of=plan)
    row = scorecard_table([found], "2025", AREA).iloc[0]
    assert (row["figure"], row["period"], row["value"], row["unit"]) == ("In time", "2024", 42.6, "percent")
    assert (row["england_value"], row["region_value"]) == (46.4, 51.0)
    assert pd.isna(row["neighbours_mean_value"])
    assert (row["references"], row["owner"], row["holder"]) == ("all; introduction", "Head of SEND", "")
    assert (row["verdict"], row["area_code"], row["edition"]) == ("not_met", AREA.code, "2025")


def test_a_measure_without_data_has_its_holder_and_no_figure() -> None:
    row = scorecard_table([result(Verdict.NO_DATA)], "2025", AREA).iloc[0]
    assert (row["holder"], row["owner"], row["figure"], row["period"]) == ("the data team", "The board", "", "")
    assert pd.isna(row["value"])


def test_a_gap_without_a_holder_is_refused() -> None:
    table = scorecard_table([result(Verdict.NO_DATA)], "2025", AREA)
    with pytest.raises(InputError, match="names who holds it"):
        checked(table.assign(holder=""), Scorecard)


def test_no_results_are_an_empty_table_with_its_columns() -> None:
    assert list(scorecard_table([], "2025", AREA)) == list(Scorecard.to_schema().columns)


@pytest.mark.parametrize("model", [Scorecard, ScorecardExceptions])
def test_what_a_reader_cannot_guess_is_described(model: type[Scorecard | ScorecardExceptions]) -> None:
    plain = {"area_code", "edition", "measure", "owner", "row", "strategy_id", "period", "unit", "action", "verdict"}
    plain |= {"england_value", "region_value", "neighbours_mean_value", "decided_on"}
    columns = model.to_schema().columns
    assert {name for name, column in columns.items() if not column.description} <= plain
