"""Plans by single year of age: the highest column says its count, an absent age is marked, ages stay readable."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report import charts
from jsna_pipeline.report.charts import AgeFigure, AgeSeries
from jsna_pipeline.report.charts.age import draw_age
from tests.report.chart_checks import faults

TEXT = charts.FigureText("ages", "Title", "Subtitle", "What it shows", "Source")
COUNTS = st.none() | st.integers(0, 20_000).map(float)
PLAN_AGES = ("under 3", *(str(age) for age in range(3, 25)), "25 or over")


def figure(now: list[float | None], before: list[float | None], ages: tuple[str, ...] = ()) -> AgeFigure:
    ages = ages or tuple(str(place) for place in range(len(now)))
    return AgeFigure(
        TEXT, "plans", ages, (AgeSeries("January 2025", tuple(now)), AgeSeries("January 2024", tuple(before)))
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=24, max_size=24))
def test_ages_of_plans_are_sound_whatever_is_known(pairs: list[tuple[float | None, float | None]]) -> None:
    now, before = ([pair[side] for pair in pairs] for side in (0, 1))
    assert faults(figure(now, before, PLAN_AGES)) == []


def test_the_highest_column_says_its_count_above_both_years() -> None:
    drawing = draw_age(figure([10.0, 173.0, 150.0], [10.0, 190.0, 120.0]))
    (label,) = [label for label in drawing.labels if label.text == "173"]
    tallest = min(box.y for box in drawing.columns)
    assert label.y < tallest and label.weight == 600
    assert drawing.outline is not None


def test_an_age_that_is_not_published_is_marked_and_explained() -> None:
    drawing = draw_age(figure([None, 20.0, 5.0], [4.0, 18.0, 6.0]))
    assert len(drawing.columns) == 2
    assert [label.text for label in drawing.labels].count("–") == 1
    assert drawing.notes == ("–: not published in January 2025",)
    assert draw_age(figure([1.0, 20.0, 5.0], [4.0, 18.0, 6.0])).notes == ()


def test_ages_under_the_columns_are_those_of_a_ruler_and_the_first_says_what_they_are() -> None:
    texts = [label.text for label in draw_age(figure([9.0] * 24, [8.0] * 24, PLAN_AGES)).labels]
    assert "Age under 3" in texts and {"6", "12", "18", "24"} <= set(texts)
    assert not {"7", "13", "19"} & set(texts)
