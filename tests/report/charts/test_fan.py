"""Forecasts: bands inside each other from the last known point, scenarios by name, or the reason for none."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report.charts import FanFigure, FanPoint, FigureText, LinePoint, Scenario, SeriesBreak, data_table
from jsna_pipeline.report.charts.fan import draw_fan
from tests.report.chart_checks import faults

TEXT = FigureText("fan", "Title", "Subtitle", "What it shows", "Source")
HISTORY = tuple(LinePoint(str(2018 + k), 2000.0 + 100 * k, None, None) for k in range(7))
FORECAST = tuple(
    FanPoint(
        str(2025 + k),
        2700.0 + 100 * k,
        (2680.0 - 20 * k + 100 * k, 2720.0 + 120 * k),
        (2650.0 + 60 * k, 2750.0 + 140 * k),
        (2600.0 + 20 * k, 2800.0 + 180 * k),
    )
    for k in range(5)
)
WORKED = FanFigure(
    TEXT,
    "count",
    0,
    "Plans",
    HISTORY,
    FORECAST,
    (Scenario("Requests stay as they are", (("2025", 2650.0), ("2029", 2800.0))),),
    (SeriesBreak("2021", "new return"),),
)


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def test_each_band_lies_inside_the_one_before_and_all_open_at_the_last_known_point() -> None:
    drawing = draw_fan(WORKED)
    widest, middle, narrowest = (corners(band.d) for band in drawing.bands)
    for outer, inner in ((widest, middle), (middle, narrowest)):
        ends = len(outer) // 2
        for k in range(1, ends):  # upper edges, then lower ones from the end backwards
            assert outer[k][1] < inner[k][1]
            assert outer[-1 - k][1] > inner[-1 - k][1]
    assert widest[0] == middle[0] == narrowest[0] == widest[-1]
    assert len({band.fill for band in drawing.bands}) == 3


def test_the_history_stops_at_a_break_and_the_forecast_is_dashed() -> None:
    drawing = draw_fan(WORKED)
    whole = [stroke for stroke in drawing.strokes if not stroke.dash]
    assert [len(corners(stroke.d)) for stroke in whole] == [3, 4]
    assert {label.text for label in drawing.labels} >= {"Break", "Forecast", "95 in 100", "80 in 100", "50 in 100"}
    assert len({stroke.dash for stroke in drawing.strokes if stroke.dash}) == 2


def test_a_forecast_that_is_withheld_says_why_and_draws_none() -> None:
    figure = FanFigure(TEXT, "count", 0, "Plans", HISTORY[-3:], withheld="Only 3 comparable years; 6 are needed.")
    drawing = draw_fan(figure)
    assert drawing.bands == () and len(drawing.panel) == 1
    words = " ".join(label.text for label in drawing.labels)
    assert "Plans 2,600 in 2024 No forecast. Only 3 comparable years; 6 are needed." in words
    assert any("6 are needed" in note for note in drawing.notes)
    assert data_table(figure)[1][-1] == ("2024", "2,600")


def test_of_very_few_the_bands_are_drawn_and_the_middle_is_not() -> None:
    figure = replace(WORKED, forecast=FORECAST[:1], scenarios=(), middle=False)
    drawing = draw_fan(figure)
    assert len(drawing.bands) == 3 and not [stroke for stroke in drawing.strokes if stroke.dash]
    assert not [label for label in drawing.labels if label.text.startswith("Forecast 2")]
    assert data_table(figure)[1][-1][2] == "–" and faults(figure) == []


def test_the_table_has_a_row_for_every_period_and_the_bands_as_ranges() -> None:
    columns, rows = data_table(WORKED)
    assert columns[2:] == ("Forecast", "50 in 100", "80 in 100", "95 in 100", "Requests stay as they are")
    assert [row[0] for row in rows] == [str(year) for year in range(2018, 2030)]
    assert rows[-1] == ("2029", "–", "3,100", "3,000–3,200", "2,890–3,310", "2,680–3,520", "2,800")


@settings(max_examples=50)
@given(
    st.lists(st.none() | st.floats(0, 99_999).map(round), max_size=10),
    st.lists(st.tuples(st.floats(0, 99_999), st.floats(0, 5000)), max_size=6),
    st.lists(
        st.sampled_from(["If early support doubles", "Requests stay as they are", "All"]), max_size=3, unique=True
    ),
    st.booleans(),
    st.sampled_from(["Plans", "Bournemouth, Christchurch and Poole", "Northamptonshire"]),
)
def test_labels_are_sound(
    known: list[float | None], ahead: list[tuple[float, float]], names: list[str], withheld: bool, name: str
) -> None:
    history = tuple(LinePoint(str(2010 + k), value, None, None) for k, value in enumerate(known))
    first = 2010 + len(known)
    forecast = tuple(
        FanPoint(str(first + k), middle, *((max(middle - w * wide, 0.0), middle + w * wide) for w in (1, 2, 3)))
        for k, (middle, wide) in enumerate(ahead)
    )
    scenarios = tuple(Scenario(one, ((str(first), 100.0), (str(first + 1), 300.0))) for one in names)
    if not history and not forecast and not scenarios:
        return
    figure = FanFigure(
        TEXT, "count", 0, name, history, forecast, scenarios, withheld="Too few years." if withheld else ""
    )
    assert faults(figure) == []
    assert faults(replace(figure, breaks=(SeriesBreak("2012", "a"), SeriesBreak("2013", "b")))) == []
