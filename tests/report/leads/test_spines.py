"""Which measures stand in a spine chart, and what its title counts."""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.leads.spines import MOST, overview, spine_row
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import AreaLevel
from tests.invented_area import view_of
from tests.report.invented_facts import a_fact, beside

IN_TIME, HELD, DECIDED = "ehcp_within_20_weeks_excl", "ehcp_reviews_held", "ehcp_review_decision_within_4_weeks"


def national(*names: str, period: str = "2024") -> AreaView:
    values = (10.0, 40.0, 50.0, 60.0, 90.0)
    rows = [
        {"indicator_id": name, "area_code": f"E0800000{k}", "period": period, "numerator": None, "denominator": None,
         "value": value}
        for name in names for k, value in enumerate(values)
    ]  # fmt: skip
    return view_of(national=pd.DataFrame(rows))


def placed(name: str, quartile: int, **changes: object) -> Facts:
    return a_fact(name, comparisons={"england": beside(50.0, 0.0, "similar", quartile=quartile)}, **changes)


def test_the_title_counts_quarters_by_rank() -> None:
    view = national(IN_TIME, HELD, "absence")
    known = {IN_TIME: placed(IN_TIME, 1), HELD: placed(HELD, 4)}
    figure = overview(view, known, "inequalities-place")
    assert figure is not None
    assert figure.text.title == "Of 2 measures, 1 is in the worst quarter of authorities and 1 in the best"
    assert [row.verdict for row in figure.rows] == ["similar", "similar"]


def test_an_overview_takes_two_of_a_chapter_in_its_order_and_no_old_figure() -> None:
    view = national(IN_TIME, HELD, DECIDED)
    known = {name: placed(name, 2) for name in (DECIDED, IN_TIME)} | {HELD: placed(HELD, 2, period="2021")}
    figure = overview(view, known, "inequalities-place")
    assert figure is not None and len(figure.rows) == 2 <= MOST
    assert not any("held" in row.name for row in figure.rows)


def test_figures_of_nhs_bodies_and_of_other_years_have_no_place_among_authorities() -> None:
    view = national(IN_TIME)
    assert spine_row(view, placed(IN_TIME, 1, area_level=AreaLevel.SUB_ICB)) is None
    assert spine_row(national(IN_TIME, period="2023"), placed(IN_TIME, 1)) is None
    assert spine_row(view, a_fact(IN_TIME, comparisons={})) is None
    row = spine_row(view, placed(IN_TIME, 1))
    assert row is not None and (row.least, row.lower_quartile, row.upper_quartile, row.most) == (10, 40, 60, 90)


def test_one_measure_alone_is_no_chart() -> None:
    assert overview(national(IN_TIME), {IN_TIME: placed(IN_TIME, 1)}, "inequalities-place") is None
