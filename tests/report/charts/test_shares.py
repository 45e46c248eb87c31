"""Shares beside England and the neighbours: lengths from zero, absent values said, sound at any length of name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import ShareRow, SharesFigure, data_table
from jsna_pipeline.report.charts.shares import draw_shares
from jsna_pipeline.report.geometry import PALETTE
from tests.report.chart_checks import faults

TEXT = charts.FigureText("shares", "Title", "Subtitle", "What it shows", "Source")
SHARE = st.none() | st.floats(0, 100).map(lambda value: round(value, 1))
NAMES = st.sampled_from(["Mainstream schools", "Children’s independent special schools far from home", "Not recorded"])


def figure(*rows: ShareRow, area: str = "Wigan") -> SharesFigure:
    return SharesFigure(TEXT, area, "percent", 1, rows)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(NAMES, SHARE, SHARE, SHARE, st.booleans()), min_size=1, max_size=9),
    st.sampled_from(["Wigan", "Bournemouth, Christchurch and Poole", "Kingston upon Hull, City of"]),
)
def test_shares_are_sound_whatever_is_known(
    rows: list[tuple[str, float | None, float | None, float | None, bool]], area: str
) -> None:
    made = figure(
        *(
            ShareRow(
                name, value, 0.0 if value else None, 100.0 if value else None, 7, england, mean, "£73,840 a child", on
            )
            for name, value, england, mean, on in rows
        ),
        area=area,
    )
    assert faults(made) == []


def test_a_bar_is_as_long_as_its_share_and_the_marked_row_stands_on_a_band() -> None:
    drawing = draw_shares(figure(ShareRow("One", 40.0), ShareRow("Two", 10.0, marked=True)))
    long, short = drawing.bars
    assert long.width == pytest.approx(4 * short.width)
    (band,) = drawing.bands
    assert band.y < short.y < band.y + band.height and band.y > long.y + long.height
    assert [label.weight for label in drawing.labels if label.text in ("One", "Two")] == [400, 600]


def test_an_absent_share_is_said_and_a_zero_is_drawn() -> None:
    made = figure(ShareRow("Hidden", None, england=5.0, note="suppressed"), ShareRow("None", 0.0, england=5.0))
    drawing = draw_shares(made)
    words = [label.text for label in drawing.labels]
    assert "suppressed" in words and "0.0%" in words
    assert (
        len([bar for bar in drawing.bars if bar.fill == PALETTE["area"]]) == 2
    )  # the key's swatch and the zero's sliver
    _, rows = data_table(made)
    assert [row[1] for row in rows] == ["suppressed", "0.0"]


def test_columns_without_anything_to_say_are_left_out_of_the_table() -> None:
    columns, rows = data_table(figure(ShareRow("One", 40.0, england=38.5)))
    assert columns == ("Group", "Wigan (%)", "England (%)")
    assert rows == (("One", "40.0", "38.5"),)
