"""The limits of the law as drawn: what is late is hatched up to the line of the law, and every word stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import Standard, StandardsFigure
from jsna_pipeline.report.geometry import PALETTE
from tests.report.chart_checks import faults

TEXT = charts.FigureText("ehc_system-standards", "Title", "Subtitle", "Words", "Source")
SHARES = st.floats(0, 100).map(lambda value: round(value, 1))
COUNTS = st.integers(0, 2_000_000)
NAMES = st.sampled_from(
    ["Reviews held", "New EHC plans issued within 20 weeks, without exceptions, calendar year 2024"]
)


def figure(*rows: Standard) -> StandardsFigure:
    return StandardsFigure(TEXT, rows)


@st.composite
def standards(drawn: st.DrawFn) -> Standard:
    met = drawn(SHARES)
    limits = (max(met - drawn(SHARES), 0), min(met + drawn(SHARES), 100)) if drawn(st.booleans()) else (None, None)
    late, others = drawn(COUNTS), [drawn(st.none() | SHARES) for _ in range(2)]
    if drawn(st.integers(0, 9)) == 0:
        return Standard(drawn(NAMES), None, None, None, england=others[0], note="suppressed")
    return Standard(drawn(NAMES), late, late + drawn(COUNTS), met, *limits, *others)


@settings(max_examples=80, deadline=None)
@given(st.lists(standards(), min_size=1, max_size=4))
def test_no_word_is_cut_covered_or_outside_whatever_the_shares(rows: list[Standard]) -> None:
    assert faults(figure(*rows)) == []


@settings(max_examples=60, deadline=None)
@given(SHARES)
def test_met_and_late_fill_the_row_up_to_the_line_of_the_law(met: float) -> None:
    drawing = charts.draw(figure(Standard("Plans", 1, 2, met)))
    law = drawing.law[0].x1
    bars = [bar for bar in drawing.bars if bar.y > 20]  # below the key
    assert sum(bar.width for bar in bars) == pytest.approx(law - 2)
    solid = sum(bar.width for bar in bars if bar.fill == PALETTE["area"])
    assert solid / (law - 2) == pytest.approx(met / 100)


def test_marks_of_others_lie_under_their_ticks_where_there_is_room() -> None:
    drawing = charts.draw(figure(Standard("Plans", 204, 386, 47.2, 42.2, 52.1, england=50.2, neighbours=44.7)))
    labels = {label.text: label for label in drawing.labels}
    # 0 to 100% lie on 2 to 358: England at 180.7, the neighbours at 161.1; their words lead away from each other.
    assert labels["England 50.2%"].x == pytest.approx(180.71 + 8, abs=0.01)
    assert labels["Neighbours 44.7%"].x == pytest.approx(161.13 - 8, abs=0.01)
    assert labels["Neighbours 44.7%"].anchor == "end"


def test_the_number_late_is_the_largest_word_and_none_is_said_in_words() -> None:
    drawing = charts.draw(figure(Standard("Plans", 204, 386, 47.2), Standard("Reviews", 0, 40, 100.0)))
    largest = max(label.size for label in drawing.labels)
    assert [label.text for label in drawing.labels if label.size == largest] == ["204", "None"]
    assert {"of 386 late", "of 40 late", "47.2% in time", "100.0% in time"} <= {one.text for one in drawing.labels}


def test_a_standard_without_a_value_says_why_and_draws_nothing() -> None:
    absent = Standard("Plans", None, None, None, england=50.0, note="suppressed")
    drawing = charts.draw(figure(absent))
    assert "Suppressed" in [label.text for label in drawing.labels]
    assert drawing.law == drawing.ticks == drawing.whiskers == ()
    assert charts.data_table(figure(absent))[1][0][1:5] == ("–", "–", "suppressed", "–")
