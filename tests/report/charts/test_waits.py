"""Waiting lists: bands that add up to their bar, hidden numbers that stay hidden, and their order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import WaitGroup, WaitRow, WaitsFigure, data_table
from jsna_pipeline.report.charts.waits import by_longest, draw_waits
from tests.report.chart_checks import faults

TEXT = charts.FigureText("waits", "Title", "Subtitle", "What it shows", "Source")
BANDS = ("up to 18 weeks", "18 to 52 weeks", "over 52 weeks")
COUNTS = st.none() | st.integers(0, 30_000).map(float)
NAMES = st.sampled_from(["ADHD", "Learning disability nursing and continence", "Speech and language therapy"])


def figure(*rows: WaitRow, bands: tuple[str, ...] = BANDS) -> WaitsFigure:
    return WaitsFigure(TEXT, (WaitGroup("A trust, August 2025", bands, "Over 18 weeks", rows),))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(NAMES, st.tuples(COUNTS, COUNTS, COUNTS)), min_size=1, max_size=8),
    st.sampled_from(["Trust", "Wrightington, Wigan and Leigh NHS Foundation Trust, August 2025"]),
    st.sampled_from(["", "24 (21–25)", "47.7%"]),
)
def test_waits_are_sound_whatever_is_hidden(
    rows: list[tuple[str, tuple[float | None, float | None, float | None]]], heading: str, measure: str
) -> None:
    made = tuple(
        WaitRow(name, counts, None if None in counts else sum(count or 0 for count in counts), measure, "c: hidden")
        for name, counts in rows
    )
    groups = (
        WaitGroup(heading, BANDS, "Half within, weeks (95% CI)", made),
        WaitGroup("Another", BANDS, "Half within, weeks (95% CI)", made[:1]),
    )
    assert faults(WaitsFigure(TEXT, groups)) == []


def test_bands_divide_the_bar_as_the_children_and_the_number_waiting_is_printed() -> None:
    drawing = draw_waits(figure(WaitRow("Audiology", (60.0, 30.0, 10.0), 100.0, "40%")))
    *_, first, second, third = drawing.bars
    assert (first.width, second.width) == (pytest.approx(6 * third.width), pytest.approx(3 * third.width))
    assert first.x + first.width == pytest.approx(second.x) and second.x + second.width == pytest.approx(third.x)
    assert len({first.fill, second.fill, third.fill}) == 3
    words = [label.text for label in drawing.labels]
    assert {"100", "60", "40%", *BANDS} <= set(words)


def test_a_list_with_a_hidden_band_shows_neither_bar_nor_total() -> None:
    hidden = WaitRow("Podiatry", (65.0, None), None, "11 (9–12)", "c: hidden")
    made = figure(hidden, bands=("up to 18 weeks", "over 18 weeks"))
    drawing = draw_waits(made)
    assert len(drawing.bars) == 2  # the key alone
    words = " ".join(label.text for label in drawing.labels)
    assert "c: hidden" in words and "65" not in words and "11 (9–12)" in words
    _, (row,) = data_table(made)
    assert row == ("Podiatry", "A trust, August 2025", "65", "c: hidden", "c: hidden", "11 (9–12)")


def test_an_empty_list_says_that_none_waits() -> None:
    drawing = draw_waits(figure(WaitRow("Dietetics", (0.0, 0.0, 0.0), 0.0)))
    assert "none waiting" in {label.text for label in drawing.labels}


def test_a_key_stands_once_for_groups_of_the_same_bands() -> None:
    row = WaitRow("Audiology", (60.0, 40.0), 100.0)
    two = ("up to 18 weeks", "over 18 weeks")
    alike = WaitsFigure(TEXT, (WaitGroup("A", two, "M", (row,)), WaitGroup("B", two, "M", (row,))))
    other = ("under 13 weeks", "13 weeks or more")
    unlike = WaitsFigure(TEXT, (WaitGroup("A", two, "M", (row,)), WaitGroup("B", other, "M", (row,))))
    swatches = [len(draw_waits(one).bars) - 4 for one in (alike, unlike)]
    assert swatches == [2, 4]


def test_rows_stand_by_their_printed_wait_and_hidden_ones_by_name() -> None:
    def row(name: str) -> WaitRow:
        return WaitRow(name, (None, None), None)

    order = by_longest([(None, row("B")), (5.0, row("short")), (None, row("A")), (50.0, row("long"))])
    assert [one.name for one in order] == ["long", "short", "A", "B"]
