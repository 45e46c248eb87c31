"""Marks on a line: places in proportion, labels over their marks and never over each other, absence in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import DumbbellFigure, DumbbellMark, DumbbellPanel, DumbbellRow, DumbbellSeries
from jsna_pipeline.report.geometry import spread_closely
from tests.report.chart_checks import faults

TEXT = charts.FigureText("outcomes-gaps", "Title", "Subtitle", "Words", "Source")
ROLES = ("area", "england", "newer", "neighbours")
NAMES = st.sampled_from(
    ["Wigan", "Bournemouth, Christchurch and Poole", "Speech, language and communication", "Special",
     "Good level of development: ethnic group Mixed/multiple ethnic groups, 2024/25"]
)  # fmt: skip


def figure(rows: list[DumbbellRow], count: int, **more: object) -> DumbbellFigure:
    names = ("Westmorland and Furness", "England", "New plans", "Neighbours")
    series = tuple(DumbbellSeries(name, role) for name, role in zip(names, ROLES, strict=True))[:count]  # type: ignore[arg-type]
    return DumbbellFigure(TEXT, series, (DumbbellPanel(tuple(rows)),), **more)  # type: ignore[arg-type]


def marks(*values: float | None) -> tuple[DumbbellMark, ...]:
    return tuple(DumbbellMark(value, note="" if value is not None else "c") for value in values)


@st.composite
def figures(drawn: st.DrawFn) -> DumbbellFigure:
    count, unit = drawn(st.integers(2, 4)), drawn(st.sampled_from(["percent", "score", "per_100"]))
    low = 0 if unit == "percent" else -50
    value = st.none() | st.floats(low, 100).map(lambda number: round(number, 1))
    rows = [
        DumbbellRow(drawn(NAMES), marks(*(drawn(value) for _ in range(count)))) for _ in range(drawn(st.integers(1, 5)))
    ]
    made = figure(rows, count, own_scales=drawn(st.booleans()))
    panels = tuple(DumbbellPanel(one.rows, unit, 1, title) for one in made.panels for title in ("First", ""))
    return DumbbellFigure(TEXT, made.series, panels, made.own_scales)


@settings(max_examples=80, deadline=None)
@given(figures())
def test_no_label_is_covered_or_outside_whatever_the_values(drawn: DumbbellFigure) -> None:
    assert faults(drawn) == []


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), min_size=1, max_size=6))
def test_blocks_spread_closely_stay_apart_inside_and_in_order(wanted: list[tuple[float, float]]) -> None:
    centres, sizes = (list(column) for column in zip(*wanted, strict=True))
    starts = spread_closely(centres, sizes, 0, 300)
    order = sorted(range(len(centres)), key=lambda i: (centres[i], i))
    assert all(starts[a] + sizes[a] <= starts[b] + 1e-6 for a, b in pairwise(order))
    assert min(starts) >= -1e-6 and max(start + size for start, size in zip(starts, sizes, strict=True)) <= 300 + 1e-6


def test_blocks_that_want_one_place_move_to_both_sides_of_it() -> None:
    assert spread_closely([100, 100], [20, 20], 0, 300) == (80, 100)
    assert spread_closely([100, 200], [20, 20], 0, 300) == (90, 190)


def test_marks_lie_in_proportion_on_an_axis_from_zero() -> None:
    drawing = charts.draw(figure([DumbbellRow("Autism", marks(20.0, 40.0))], 2))
    # Names take 122 units and 8 are kept clear on each side: 0 to 40% lie on 130 to 352.
    join = drawing.joins[0]
    assert (join.x1, join.x2) == pytest.approx((241, 352))
    assert "0%" in [label.text for label in drawing.labels]


def test_each_series_is_named_once_at_its_first_mark() -> None:
    rows = [DumbbellRow("Autism", marks(20.0, None)), DumbbellRow("Vision", marks(1.0, 2.0))]
    texts = [label.text for label in charts.draw(figure(rows, 2)).labels]
    assert texts.count("England") == 1
    assert texts.index("England") > texts.index("Vision")  # the first row has no mark of it
    assert "England: c" in texts


def test_limits_are_drawn_only_where_they_are_known() -> None:
    row = DumbbellRow("Boys", (DumbbellMark(60.0, 52.0, 68.0), DumbbellMark(74.0)))
    drawing = charts.draw(figure([row], 2, interval="99.8%"))
    assert len(drawing.whiskers) == 2  # its pale edge and the line
    assert drawing.notes == ("Lines with end caps show 99.8% intervals.",)
    columns, rows = charts.data_table(figure([row], 2, interval="99.8%"))
    assert columns == ("What", "Westmorland and Furness (%)", "99.8% interval", "England (%)")
    assert rows == (("Boys", "60.0", "52.0–68.0", "74.0"),)


def test_panels_of_one_unit_share_a_scale_and_its_labels() -> None:
    def drawn(own_scales: bool) -> charts.Drawing:
        panels = tuple(
            DumbbellPanel((DumbbellRow("Row", marks(1.0, value)),), title=str(value)) for value in (5.0, 80.0)
        )
        return charts.draw(DumbbellFigure(TEXT, figure([], 2).series, panels, own_scales))

    def zeros(drawing: charts.Drawing) -> int:
        return sum(label.text == "0%" for label in drawing.labels)

    assert (zeros(drawn(own_scales=False)), zeros(drawn(own_scales=True))) == (1, 2)
    shared = drawn(own_scales=False).joins
    assert shared[0].x2 - shared[0].x1 < 15 < 100 < shared[1].x2 - shared[1].x1
