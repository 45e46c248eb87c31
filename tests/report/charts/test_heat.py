"""Tinted tables: every value is printed and can be read on its cell, and a withheld one stays a letter."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report.charts import FigureText, HeatCell, HeatFigure, HeatRow, data_table
from jsna_pipeline.report.charts.heat import draw_heat
from jsna_pipeline.report.geometry import PALETTE, TINTS, WIDE, WIDTH, contrast, tint_step
from tests.report.chart_checks import faults

TEXT = FigureText("heat", "Title", "Subtitle", "What it shows", "Source")
WORDS = st.sampled_from(
    ["Autism", "Speech, language and communication", "Profound and multiple learning difficulty", "Not known",
     "Other difficulty or disability"]
)  # fmt: skip
HEADS = st.sampled_from(["0–4", "20–25", "Mainstream school", "Educated other than at a setting", "Year 11", "Other"])
CELLS = st.one_of(
    st.just(HeatCell(None, "c")), st.just(HeatCell(None)), st.floats(0, 99_999).map(lambda v: HeatCell(round(v)))
)


def heat(rows: list[list[HeatCell]], columns: tuple[str, ...] = ("0–4", "5–10"), name: str = "Autism") -> HeatFigure:
    return HeatFigure(
        TEXT, "count", 0, "Main need", columns, tuple(HeatRow(name, tuple(cells)) for cells in rows), ("c: hidden.",)
    )


def test_text_can_be_read_on_every_tint() -> None:
    for tint in TINTS:
        assert max(contrast(PALETTE[ink], tint) for ink in ("ink", "paper")) >= 4.5
    steps = [contrast(tint, PALETTE["paper"]) for tint in TINTS]
    assert steps == sorted(steps) and all(b / a > 1.1 for a, b in pairwise(steps))


def test_equal_steps_from_nought_to_the_largest() -> None:
    assert [tint_step(value, 100) for value in (0, 1, 20, 21, 60, 61, 99, 100)] == [0, 0, 0, 1, 2, 3, 4, 4]
    assert tint_step(0, 0) == 0


def test_what_is_withheld_is_neither_tinted_nor_counted() -> None:
    figure = heat([[HeatCell(100.0), HeatCell(None, "c")], [HeatCell(0.0), HeatCell(20.0)]])
    drawing = draw_heat(figure)
    assert [box.fill for box in drawing.cells] == [TINTS[4], PALETTE["paper"], PALETTE["paper"], TINTS[0]]
    assert data_table(figure)[1] == (("Autism", "100", "c"), ("Autism", "0", "20"))
    assert "c: hidden." in drawing.notes


def test_short_headings_make_a_narrow_table_and_long_ones_a_wide_one() -> None:
    row = [[HeatCell(1.0)] * 6]
    assert draw_heat(heat(row, ("0–4", "5–10", "11–15", "16–19", "20–25", "All"))).width == WIDTH
    assert (
        draw_heat(heat(row, ("Mainstream school", "Special", "Independent", "Alternative", "College", "Early"))).width
        == WIDE
    )


@settings(max_examples=80)
@given(st.integers(1, 8), st.integers(1, 12), st.data())
def test_labels_are_sound(columns: int, rows: int, data: st.DataObject) -> None:
    heads = tuple(data.draw(HEADS) for _ in range(columns))
    cells = [[data.draw(CELLS) for _ in range(columns)] for _ in range(rows)]
    assert faults(heat(cells, heads, data.draw(WORDS))) == []
