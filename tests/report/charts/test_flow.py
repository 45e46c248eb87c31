"""A way through stages as drawn: one scale for every band, what turns aside leaves, and words never touch."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import FlowFigure, FlowPart, FlowStage, FlowStock
from tests.report.chart_checks import faults

TEXT = charts.FigureText("ehc_system-flow", "Title", "Subtitle", "Words", "Source")
COUNTS = st.one_of(st.integers(0, 5), st.integers(0, 400), st.integers(0, 900_000))


def stage(count: int, *aside: int) -> FlowStage:
    parts = tuple(FlowPart(name, number, 5.5) for name, number in zip(("refused", "not yet decided"), aside))  # noqa: B905
    return FlowStage("requests for an assessment", "2024", count, parts, FlowPart("agreed", count - sum(aside), 74.5))


@st.composite
def flows(drawn: st.DrawFn) -> FlowFigure:
    stages = []
    for _ in range(drawn(st.integers(1, 3))):
        aside = [drawn(COUNTS) for _ in range(drawn(st.integers(0, 2)))]
        stages.append(stage(sum(aside) + drawn(COUNTS), *aside))
    left = drawn(st.none() | COUNTS.map(lambda count: FlowPart("plans ended in 2024", count)))
    stock = drawn(st.none() | COUNTS.map(lambda count: FlowStock("plans in force", "January 2025", count, left)))
    return FlowFigure(TEXT, tuple(stages), stock)


@settings(max_examples=80, deadline=None)
@given(flows())
def test_no_word_or_band_is_covered_or_outside_whatever_the_numbers(figure: FlowFigure) -> None:
    assert faults(figure) == []


def right_edges(path: str) -> list[float]:
    """The x of each corner of a band on its right side, from the top."""
    corners = [float(x) for x, _ in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]
    return corners[1:]


def test_each_aside_takes_its_share_of_the_band() -> None:
    drawing = charts.draw(FlowFigure(TEXT, (stage(600, 120, 60),)))
    edges = right_edges(drawing.bands[0].d)
    # 600 are 150 wide: 120 leave 120, and 60 more leave 105.
    assert max(edges) == pytest.approx(150)
    assert [edge for edge in dict.fromkeys(edges) if edge > 60] == pytest.approx([150, 120, 105])


def test_stages_share_one_scale() -> None:
    drawing = charts.draw(FlowFigure(TEXT, (stage(600), stage(300))))
    assert [max(right_edges(band.d)) for band in drawing.bands] == pytest.approx([150, 75])


def test_a_stock_is_no_band_and_says_that_it_has_no_scale() -> None:
    figure = FlowFigure(TEXT, (stage(600),), FlowStock("plans in force", "January 2025", 900_000))
    drawing = charts.draw(figure)
    assert max(right_edges(drawing.bands[0].d)) == pytest.approx(150)
    assert len(drawing.boxes) == 1
    assert "The box of plans in force is not to scale." in drawing.notes


def test_the_table_has_a_row_for_every_number_drawn() -> None:
    figure = FlowFigure(
        TEXT, (stage(600, 120),), FlowStock("plans in force", "January 2025", 2132, FlowPart("ended", 9))
    )
    _, rows = charts.data_table(figure)
    assert [row[2] for row in rows] == ["600", "120", "480", "2,132", "9"]
    assert rows[1] == ("Requests for an assessment: refused", "2024", "120", "5.5")
