"""Small multiples: one scale for all, lines that stop where they must, values at their ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline import geography
from jsna_pipeline.report.charts import FigureText, LinePoint, MultiplesFigure, Panel, SeriesBreak, data_table
from jsna_pipeline.report.charts.multiples import MOST_PANELS, draw_multiples
from tests.report.chart_checks import faults

TEXT = FigureText("multiples", "Title", "Subtitle", "What it shows", "Source")
NEEDS = ("Autism", "Speech, language and communication needs", "Profound and multiple learning difficulty")


def points(values: list[float | None], interval: bool = False) -> tuple[LinePoint, ...]:
    return tuple(
        LinePoint(
            f"{2010 + k}/{11 + k}",
            value,
            None if value is None or not interval else max(value - 2, 0),
            None if value is None or not interval else value + 2,
        )
        for k, value in enumerate(values)
    )


def multiples(panels: list[Panel], **more: object) -> MultiplesFigure:
    return MultiplesFigure(TEXT, "Wigan", "percent", 1, tuple(panels), **more)  # type: ignore[arg-type]


def test_all_panels_have_the_scale_of_the_largest() -> None:
    drawing = draw_multiples(multiples([Panel("Autism", points([40.0, 40.0])), Panel("Hearing", points([2.0, 2.0]))]))
    high, low = drawing.markers
    assert "40%" in {label.text for label in drawing.labels} and "0%" in {label.text for label in drawing.labels}
    y = [float(mark.d.split()[1].split("a")[0]) for mark in (high, low)]
    foot = max(rule.y1 for rule in drawing.grid)
    assert abs((foot - y[0]) - 20 * (foot - y[1])) < 0.1


def test_lines_and_bands_stop_at_breaks_and_at_unpublished_points() -> None:
    area = points([10.0, 11.0, None, 13.0, 14.0, 15.0, 16.0], interval=True)
    figure = multiples([Panel("Autism", area)], breaks=(SeriesBreak("2015/16", "new codes"),))
    drawing = draw_multiples(figure)
    assert len(drawing.strokes) == len(drawing.bands) == 3
    assert len(drawing.breaks) == 1
    assert "Break in the series at 2015/16: new codes" in drawing.notes


def test_the_table_has_every_panel_even_those_that_are_not_drawn() -> None:
    panels = [Panel(f"Need {k}", points([1.0, 2.0]), points([2.0, 3.0])) for k in range(MOST_PANELS + 2)]
    assert len(data_table(multiples(panels))[1]) == 2 * len(panels)
    assert len(draw_multiples(multiples(panels)).markers) == MOST_PANELS


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(NEEDS),
            st.lists(st.none() | st.floats(0, 100).map(lambda v: round(v, 1)), min_size=1, max_size=12),
            st.lists(st.none() | st.floats(0, 100).map(lambda v: round(v, 1)), max_size=12),
        ),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(list(geography.local_authorities()["area_name"])),
)
def test_labels_are_sound(rows: list[tuple[str, list[float | None], list[float | None]]], name: str) -> None:
    panels = tuple(Panel(need, points(area, True), points(england)) for need, area, england in rows)
    assert faults(MultiplesFigure(TEXT, name, "percent", 1, panels)) == []
