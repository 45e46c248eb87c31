"""Tornados: bars from the middle to both values, told apart without colour, with a number and its value at each end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import html
from jsna_pipeline.report.charts import FigureText, TornadoBar, TornadoFigure, data_table
from jsna_pipeline.report.charts.tornado import draw_tornado
from tests.report.chart_checks import faults

TEXT = FigureText("tornado", "Title", "Subtitle", "What it shows", "Source")
NEW = TornadoBar("New plans a year", "a tenth fewer", "a tenth more", 5961.0, 7151.0)
CEASED = TornadoBar("Plans that end", "4 of 100", "9 of 100", 6761.0, 6351.0)
WORKED = TornadoFigure(TEXT, "plans", 0, 6551.0, "If things go on", (NEW, CEASED))


def said(figure: TornadoFigure) -> dict[str, tuple[float, str]]:
    return {label.text: (label.x, label.anchor) for label in draw_tornado(figure).labels}


def test_bars_begin_at_the_middle_and_reach_both_values() -> None:
    low, high = draw_tornado(WORKED).bars[2:4]  # after the two swatches of the key
    assert low.x + low.width == pytest.approx(high.x)
    assert low.width / high.width == pytest.approx(590 / 600, rel=1e-6)


def test_each_end_has_its_number_and_under_it_the_value_that_gives_it() -> None:
    labels = said(WORKED)
    assert labels["5,961"][1] == "end" and labels["7,151"][1] == "start"
    assert labels["a tenth fewer"] == (0, "start") and labels["a tenth more"][1] == "end"
    # More plans that end give fewer plans: the high value stands on the left.
    assert labels["9 of 100"][1] == "start" and labels["4 of 100"][1] == "end"
    assert "If things go on: 6,551" in labels


def test_low_and_high_differ_in_hatching_too() -> None:
    drawing = draw_tornado(WORKED)
    assert len(drawing.hatches) == 1 + len(WORKED.bars)  # the key's, and each low value's
    assert str(html.svg(drawing)).count("<title>What it shows</title>") == 1


def test_values_on_one_side_of_the_middle_have_a_lane_each() -> None:
    low, high = draw_tornado(replace(WORKED, bars=(TornadoBar("Both up", "a", "b", 6600.0, 6900.0),))).bars[2:4]
    assert low.y + low.height == pytest.approx(high.y) and low.x == high.x


def test_millions_are_printed_as_such_and_the_table_holds_every_number() -> None:
    columns, rows = data_table(WORKED)
    assert columns == ("Driver", "Low value", "At low (plans)", "High value", "At high (plans)", "Apart")
    assert rows[0] == ("New plans a year", "a tenth fewer", "5,961", "a tenth more", "7,151", "1,190")
    cost = TornadoFigure(
        TEXT, "pounds", 1, 108e6, "If things go on", (TornadoBar("A", "low", "high", 97.1e6, 122.1e6),), 1e6
    )
    assert {"£97.1", "£122.1", "If things go on: £108.0"} <= set(said(cost))
    assert data_table(cost)[1][0][-1] == "25.0"


@settings(max_examples=60)
@given(
    st.floats(0, 2e6),
    st.lists(st.tuples(st.floats(0, 2e6), st.floats(0, 2e6)), max_size=6),
    st.sampled_from(["Share in independent special schools (eight of ten simulated futures)", "Plans"]),
    st.sampled_from(
        ["a tenth fewer", "as in the slowest two years of all the years that have been counted so far", ""]
    ),
)
def test_labels_are_sound(central: float, ends: list[tuple[float, float]], name: str, value: str) -> None:
    bars = tuple(TornadoBar(name, value, value, low, high) for low, high in ends)
    assert faults(TornadoFigure(TEXT, "plans", 0, central, "If things go on", bars)) == []
