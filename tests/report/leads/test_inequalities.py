"""What leads the chapter on inequalities: one gap a measure, those that fare worse first, with their interval."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.report.leads.inequalities import gaps_figure, lead_figures
from tests.invented_area import group, view_of


def groups(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.concat([group("2024").assign(**one) for one in changes], ignore_index=True)


def test_the_interval_of_the_gap_lies_about_the_group_from_the_value_of_the_rest() -> None:
    figure = gaps_figure(view_of(unequal=group("2024")), {})
    assert figure is not None
    own, rest = figure.panels[0].rows[0].marks
    # 30% against 48%, the gap −18 between −29 and −6: 48 − 29 to 48 − 6.
    assert (own.value, own.lower, own.upper, rest.value) == (30.0, 19.0, 42.0, 48.0)
    assert figure.interval == "99.8%"
    assert figure.text.title.endswith("age 11 to 15, 30.0% against 48.0% of the rest")


def test_an_interval_never_leaves_a_percentage() -> None:
    extreme = group("2024").assign(value=1.0, rest_value=4.0, lower_ci=-9.0, upper_ci=120.0)
    figure = gaps_figure(view_of(unequal=extreme), {})
    assert figure is not None
    assert (figure.panels[0].rows[0].marks[0].lower, figure.panels[0].rows[0].marks[0].upper) == (0.0, 100.0)


def test_each_measure_shows_its_largest_gap_and_the_worse_come_first() -> None:
    better = {"indicator_id": "ehcp_reviews_held", "significance": "better", "children": 900.0}
    unequal = groups({"children": 20.0}, {"children": 36.0, "category": "5 to 10", "value": 31.0}, better)
    figure = gaps_figure(view_of(unequal=unequal), {})
    assert figure is not None
    names = [row.name for row in figure.panels[0].rows]
    assert len(names) == 2
    assert "age 5 to 10, 2024" in names[0] and names[1].startswith("Annual reviews held in the year")


@pytest.mark.parametrize(
    "hidden", [{"significance": "similar"}, {"period": "2021"}, {"category": "Placement not recorded"}]
)
def test_gaps_that_chance_explains_that_are_old_or_of_nobody_in_particular_lead_nothing(
    hidden: dict[str, object],
) -> None:
    assert lead_figures(view_of(unequal=groups(hidden)), {}) == ()
