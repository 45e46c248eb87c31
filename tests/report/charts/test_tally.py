"""A tally: counts as given, hidden ones as c, and lines of years on one scale of time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import TallyFigure, TallyPoint, TallyRow, data_table
from jsna_pipeline.report.charts.tally import draw_tally
from tests.report.chart_checks import faults

TEXT = charts.FigureText("tally", "Title", "Subtitle", "What it shows", "Source")
COUNTS = st.none() | st.integers(0, 2_000_000).map(float)


def run(*counts: float | None) -> tuple[TallyPoint, ...]:
    return tuple(TallyPoint(f"January {2026 - len(counts) + place}", count) for place, count in enumerate(counts))


def row(count: float | None, *before: float | None, provisional: bool = False) -> TallyRow:
    points = run(*before, count) if before else ()
    return TallyRow(
        "Home educated", "January 2025", count, provisional, "1.3% of plans", points, "" if count is not None else "c"
    )


def xs(path: str) -> list[float]:
    return [float(x) for x in re.findall(r"[ML]([\d.]+) ", path)]


@settings(max_examples=60)
@given(st.lists(st.tuples(COUNTS, st.lists(COUNTS, max_size=6), st.booleans()), min_size=1, max_size=8))
def test_a_tally_is_sound_whatever_is_hidden(rows: list[tuple[float | None, list[float | None], bool]]) -> None:
    made = tuple(row(count, *before, provisional=own) for count, before, own in rows)
    assert faults(TallyFigure(TEXT, "Children", made)) == []


def test_a_year_is_as_long_in_every_row_and_the_newest_stand_under_one_another() -> None:
    drawing = draw_tally(TallyFigure(TEXT, "Children", (row(28.0, 16.0, 17.0, 24.0, 23.0), row(65.0, 53.0))))
    five, two = (xs(path.d) for path in drawing.lines)
    assert five[-1] == pytest.approx(two[-1])
    assert two[-1] - two[-2] == pytest.approx(five[-1] - five[-2], abs=0.02)
    assert {"28", "16", "65", "53", "5 years"} <= {label.text for label in drawing.labels}


def test_a_line_breaks_at_an_absent_year() -> None:
    drawing = draw_tally(TallyFigure(TEXT, "Children", (row(28.0, 16.0, 17.0, None, 23.0),)))
    assert [path.d.count("M") for path in drawing.lines] == [2]


def test_a_hidden_count_is_a_c_and_has_no_line_of_its_own() -> None:
    figure = TallyFigure(TEXT, "Children", (row(None, provisional=True),))
    drawing = draw_tally(figure)
    assert drawing.lines == () and "c" in {label.text for label in drawing.labels}
    _, ((_, source, count, _, _),) = data_table(figure)
    assert (source, count) == ("January 2025, the area’s own records (provisional)", "c")


def test_rows_of_one_source_stand_under_one_heading() -> None:
    rows = (row(1.0), row(2.0), row(3.0, provisional=True))
    words = [label.text for label in draw_tally(TallyFigure(TEXT, "Children", rows)).labels]
    assert words.count("January 2025, published") == 1
    assert words.count("January 2025, the area’s own records (provisional)") == 1
