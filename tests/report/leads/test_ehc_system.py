"""What leads the chapter on the EHC system: the gravest limit first, and the way to a plan from its own year alone."""

from __future__ import annotations

import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Facts
from jsna_pipeline.report.charts import FlowFigure, StandardsFigure, data_table
from jsna_pipeline.report.leads.ehc_system import flow_figure, lead_figures, standards_figure
from tests.invented_area import view_of
from tests.invented_indicators import WIGAN, direct
from tests.report.invented_facts import a_fact, beside

IN_TIME, HELD = "ehcp_within_20_weeks_excl", "ehcp_reviews_held"
COUNTS = {
    "ehcp_requests": (609.0, 609.0),
    "ehcp_requests_refused": (101.0, 609.0),
    "ehcp_requests_outstanding": (54.0, 609.0),
    "ehcp_assessments_leading_to_plan": (416.0, 429.0),
    "ehcp_caseload": (2132.0, 2132.0),
    "ehcp_ceased": (146.0, 146.0),
}


def way(**changes: Facts | None) -> dict[str, Facts]:
    """Facts of the whole way to a plan; a changed one that is None is not known."""
    given = {name: a_fact(name, counts=counts) for name, counts in COUNTS.items()} | changes
    return {name: one for name, one in given.items() if one is not None}


# --- the limits of the law ---------------------------------------------------------------------


def test_the_gravest_limit_leads_with_the_number_let_down() -> None:
    known = {
        "ehcp_decision_within_6_weeks": a_fact("ehcp_decision_within_6_weeks", counts=(462, 540)),
        IN_TIME: a_fact(IN_TIME, counts=(182, 386), comparisons={"england": beside(50.2, -3.0, "similar")}),
    }
    figure = standards_figure(view_of(), known)
    assert isinstance(figure, StandardsFigure)
    assert figure.text.title == "204 of 386 plans were issued after 20 weeks, and one other limit of the law was missed"
    first = figure.standards[0]
    assert (first.late, first.total, first.england, first.neighbours) == (204, 386, 50.2, None)
    assert "204 of 386 late" in figure.text.alternative and "England 50.2%" in figure.text.alternative


def test_a_limit_without_a_figure_keeps_its_row_and_says_why() -> None:
    hidden = direct(indicators()[HELD], [{"area_code": WIGAN, "period": "2024", "status": "suppressed"}])
    figure = standards_figure(view_of(observed=hidden), {IN_TIME: a_fact(IN_TIME, counts=(386, 386))})
    assert figure is not None
    notes = {row.name: row.note for row in figure.standards}
    assert notes["Annual reviews held in the year"] == "suppressed"
    assert notes["Decisions on requests within 6 weeks"] == "not published"
    assert len(figure.standards) == 4
    assert figure.text.title == "Every limit of the law that is published was kept"


def test_rows_of_different_years_carry_their_year() -> None:
    known = {IN_TIME: a_fact(IN_TIME), HELD: a_fact(HELD, period="2023")}
    figure = standards_figure(view_of(), known)
    assert figure is not None
    assert [row.name[-6:] for row in figure.standards[:2]] == [", 2024", ", 2023"]
    assert "2024" not in figure.text.subtitle


# --- from request to plan ----------------------------------------------------------------------


def test_the_way_to_a_plan_holds_every_number_and_the_rest_is_what_is_left() -> None:
    figure = flow_figure(view_of(), way())
    assert isinstance(figure, FlowFigure)
    asked, assessed = figure.stages
    assert [part.count for part in (*asked.aside, asked.onward)] == [101, 54, 609 - 101 - 54]
    assert asked.onward.share == pytest.approx(100 * 454 / 609)
    assert [part.count for part in (*assessed.aside, assessed.onward)] == [429 - 416, 416]
    assert figure.stock is not None and figure.stock.when == "January 2025"
    assert figure.text.title == "416 plans began and 146 ended in 2024"
    assert sum(int(row[2].replace(",", "")) for row in data_table(figure)[1][1:4]) == 609


@pytest.mark.parametrize("absent", ["ehcp_requests", "ehcp_requests_refused", "ehcp_requests_outstanding"])
def test_without_one_part_of_the_requests_the_rest_is_not_guessed(absent: str) -> None:
    assert flow_figure(view_of(), way(**{absent: None})) is None


def test_stages_of_different_years_are_not_one_way() -> None:
    old = a_fact("ehcp_assessments_leading_to_plan", counts=(416, 429), period="2023")
    assert flow_figure(view_of(), way(ehcp_assessments_leading_to_plan=old)) is None
    later = a_fact("ehcp_caseload", counts=(2132, 2132), period="2025/26")
    figure = flow_figure(view_of(), way(ehcp_caseload=later))
    assert figure is not None and figure.stock is None
    assert figure.text.title == "609 requests and 416 new plans in 2024"


def test_a_year_of_a_few_requests_is_not_drawn() -> None:
    few = {
        name: a_fact(name, counts=(part, 19.0))
        for name, part in {"ehcp_requests_refused": 3.0, "ehcp_requests_outstanding": 1.0}.items()
    }
    assert flow_figure(view_of(), way(ehcp_requests=a_fact("ehcp_requests", counts=(19.0, 19.0)), **few)) is None
    assessed = a_fact("ehcp_assessments_leading_to_plan", counts=(12.0, 19.0))
    assert flow_figure(view_of(), way(ehcp_assessments_leading_to_plan=assessed)) is None


def test_an_area_without_figures_has_no_lead() -> None:
    assert lead_figures(view_of(), {}) == ()
