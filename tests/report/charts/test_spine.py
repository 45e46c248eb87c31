"""Where an area stands: England upright through every row, better to the right, and marks that are shapes and words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import SpineFigure, SpineRow
from jsna_pipeline.report.charts.spine import place_on_spine
from tests.report.chart_checks import faults

TEXT = charts.FigureText("overview-spine", "Title", "Subtitle", "Words", "Source")
ROW = SpineRow("Reviews held", 62.5, 60.0, 10.0, 50.0, 70.0, 98.0, "similar", "high", "percent", 1)
VALUES = st.lists(st.floats(-1e5, 1e5).map(lambda value: round(value, 1)), min_size=5, max_size=5).map(sorted)


@st.composite
def rows(drawn: st.DrawFn) -> SpineRow:
    least, lower, middle, upper, most = drawn(VALUES)
    verdict = drawn(st.sampled_from(["better", "worse", "similar", "higher", "lower", "not_tested"]))
    sense = drawn(st.sampled_from(["high", "low", "none"]))
    name = drawn(
        st.sampled_from(["Absence", "Expected standard in reading, writing and maths at 11: EHC plan", "x" * 90])
    )
    value = drawn(st.sampled_from([least, lower, middle, most]))
    return SpineRow(name, value, middle, least, lower, upper, most, verdict, sense, "score", 1)  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(st.lists(rows(), min_size=1, max_size=6))
def test_no_label_or_mark_is_covered_or_outside_whatever_the_spread(drawn: list[SpineRow]) -> None:
    assert faults(SpineFigure(TEXT, "Wigan", tuple(drawn))) == []


@settings(max_examples=100, deadline=None)
@given(rows(), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_the_better_of_two_values_never_lies_further_left(row: SpineRow, one: float, other: float) -> None:
    better = min if row.sense == "low" else max
    assert place_on_spine(row, better(one, other)) >= max(place_on_spine(row, one), place_on_spine(row, other)) - 1e-9


def test_england_is_the_spine_and_the_longer_side_reaches_the_edge() -> None:
    drawing = charts.draw(SpineFigure(TEXT, "Wigan", (ROW, replace(ROW, sense="low"))))
    spine = drawing.spines[0].x1
    assert place_on_spine(ROW, ROW.england) == 0
    assert place_on_spine(ROW, ROW.least) == -1
    # England at 60 of 10 to 98: the left side is 50 long, the right 38.
    first = drawing.ranges[0]
    assert (spine - first.x1) / (first.x2 - spine) == pytest.approx(50 / 38)
    mirrored = drawing.ranges[1]
    assert mirrored.x2 - spine == pytest.approx(spine - first.x1)


def test_equal_authorities_all_lie_on_the_spine() -> None:
    flat = SpineRow("Same", 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, "similar", "high", "percent", 1)
    drawing = charts.draw(SpineFigure(TEXT, "Wigan", (flat,)))
    assert drawing.ranges[0].x1 == drawing.ranges[0].x2 == drawing.spines[0].x1


def test_measures_without_a_good_side_stand_apart_and_say_so() -> None:
    neutral = replace(ROW, name="EHC plans per 1,000", sense="none", verdict="higher")
    texts = [label.text for label in charts.draw(SpineFigure(TEXT, "Wigan", (neutral, ROW))).labels]
    assert (
        texts.index("Better")
        < texts.index("Reviews held")
        < texts.index("Higher")
        < texts.index("Neither side is better")
    )
    assert {"similar", "higher"} <= set(texts) and "worse" not in texts  # the key holds only the marks that are used


def test_the_table_gives_the_ends_and_the_quarters() -> None:
    assert charts.data_table(SpineFigure(TEXT, "Wigan", (ROW,)))[1] == (
        ("Reviews held", "62.5%", "60.0%", "10.0%", "50.0%", "70.0%", "98.0%", "similar"),
    )
