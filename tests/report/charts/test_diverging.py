"""Answers around the neutral middle: lengths, the line through all rows, numbers of answers, withheld rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import DivergingFigure, DivergingRow, PossibleAnswer, data_table
from jsna_pipeline.report.charts.diverging import draw_diverging
from tests.report.chart_checks import faults

TEXT = charts.FigureText("diverging", "Title", "Subtitle", "What it shows", "Source")
SCALE = (
    PossibleAnswer("Strongly disagree", "negative"),
    PossibleAnswer("Disagree", "negative"),
    PossibleAnswer("Neither agree nor disagree", "neutral"),
    PossibleAnswer("Agree", "positive"),
    PossibleAnswer("Strongly agree", "positive"),
)
WITHHELD = DivergingRow(
    "Too few were asked this", (None,) * 5, None, None, None, None, note="withheld: fewer than 10 answered"
)


def row(shares: tuple[float, ...], question: str = "We are heard") -> DivergingRow:
    positive = sum(shares[3:])
    return DivergingRow(
        question, shares, positive, max(positive - 5, 0), min(positive + 5, 100), 502, positive - sum(shares[:2])
    )


def divided(weights: list[int]) -> tuple[float, ...]:
    whole = sum(weights) or 1
    return tuple(100 * weight / whole for weight in weights)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 100), min_size=5, max_size=5), max_size=6),
    st.sampled_from(["Yes?", "Professionals listen to what we say about our child, and act on it when they can do so"]),
)
def test_bars_are_sound_for_any_answers(weights: list[list[int]], question: str) -> None:
    rows = tuple(row(divided(one), question) for one in weights)
    assert faults(DivergingFigure(TEXT, SCALE, (*rows, WITHHELD))) == []


def test_negative_answers_end_and_positive_ones_begin_about_one_middle() -> None:
    figure = DivergingFigure(TEXT, SCALE, (row((10, 20, 20, 30, 20)), row((40, 40, 0, 10, 10))))
    drawing = draw_diverging(figure)
    assert len({rule.x1 for rule in drawing.middle}) == 1
    middle = drawing.middle[0].x1
    bars = drawing.bars[5:]
    first, second = bars[:5], bars[5:]
    # Half of the neutral answers lie on each side; without them the sides meet in the middle.
    assert middle - first[2].x == pytest.approx(first[2].width / 2)
    assert second[1].x + second[1].width == pytest.approx(middle) == pytest.approx(second[2].x)
    unit = first[0].width / 10
    assert [bar.width / unit for bar in (*first, *second)] == pytest.approx([10, 20, 20, 30, 20, 40, 40, 10, 10])


def test_the_number_of_answers_and_the_interval_stand_beside_every_bar() -> None:
    words = [label.text for label in draw_diverging(DivergingFigure(TEXT, SCALE, (row((10, 20, 20, 30, 20)),))).labels]
    assert {"n = 502", "50.0% (45.0–55.0)", "Agree (95% interval)"} <= set(words)


def test_a_low_base_is_withheld_with_the_word_and_has_no_bar() -> None:
    figure = DivergingFigure(TEXT, SCALE, (row((10, 20, 20, 30, 20)), WITHHELD))
    drawing = draw_diverging(figure)
    assert len(drawing.bars) == 5 + 5 and len(drawing.middle) == 1
    assert WITHHELD.note in {label.text for label in drawing.labels}
    _, (_, hidden) = data_table(figure)
    assert set(hidden[1:]) == {WITHHELD.note, "–"}
