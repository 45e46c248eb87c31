"""Places against children: frames and bars on one scale, the gap as a number, expected years with their interval."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import Expected, PlaceRow, PlacesFigure, data_table
from jsna_pipeline.report.charts.places import draw_places, gap_words
from tests.report.chart_checks import faults

TEXT = charts.FigureText("places", "Title", "Subtitle", "What it shows", "Source")
COUNTS = st.none() | st.integers(0, 40_000).map(float)
SPECIAL = PlaceRow("Special schools", 545.0, 560.0, 479.0)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(COUNTS, COUNTS, COUNTS, st.integers(0, 3)), min_size=1, max_size=5),
    st.sampled_from(["Special schools", "Resourced provision in mainstream schools of every phase and for every need"]),
)
def test_places_are_sound_whatever_is_known(
    rows: list[tuple[float | None, float | None, float | None, int]], name: str
) -> None:
    made = tuple(
        PlaceRow(
            name,
            places,
            filled,
            plans,
            tuple(Expected(str(2026 + year), 500.0 + year, 640.0, 12_345.0) for year in range(years)),
            "c",
        )
        for places, filled, plans, years in rows
    )
    assert faults(PlacesFigure(TEXT, made)) == []


def test_what_is_filled_beyond_the_places_is_hatched_and_said() -> None:
    drawing = draw_places(PlacesFigure(TEXT, (SPECIAL, PlaceRow("SEN units", 63.0, 56.0))))
    full, free = drawing.bars[-2:]
    frame, other = drawing.capacities
    assert full.width / frame.width == pytest.approx(560 / 545)
    assert free.width / other.width == pytest.approx(56 / 63)
    assert frame.width / other.width == pytest.approx(545 / 63)
    assert len(drawing.hatches) == 1
    assert {"15 over", "7 free", "560 filled of 545 places; 479 plans"} <= {label.text for label in drawing.labels}


@pytest.mark.parametrize(
    ("places", "filled", "words"),
    [(10.0, 10.0, "full"), (10.0, 0.0, "10 free"), (None, 10.0, "c"), (10.0, None, "c"), (0.0, 3.0, "3 over")],
)
def test_the_gap_is_told_only_of_two_printed_numbers(places: float | None, filled: float | None, words: str) -> None:
    assert gap_words(PlaceRow("A", places, filled, note="c")) == words


def test_expected_years_stand_under_their_row_on_its_scale() -> None:
    years = (Expected("2027", 500.0, 545.0, 590.0), Expected("2030", 520.0, 600.0, 680.0))
    figure = PlacesFigure(TEXT, (PlaceRow("Special schools", 545.0, 560.0, expected=years),))
    drawing = draw_places(figure)
    assert {"2027", "545 (500–590)", "2030", "600 (520–680)"} <= {label.text for label in drawing.labels}
    columns, (row,) = data_table(figure)
    assert columns[-2:] == ("Expected in 2027 (95% interval)", "Expected in 2030 (95% interval)")
    assert row == ("Special schools", "545", "560", "15 over", "545 (500–590)", "600 (520–680)")
