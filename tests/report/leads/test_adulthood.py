"""After 16: young people with a plan first, beside those without SEN, England and the neighbours."""

from __future__ import annotations

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.charts import SharesFigure
from jsna_pipeline.report.leads.adulthood import lead_figures
from jsna_pipeline.report.view import AreaView
from tests.invented_indicators import ENGLAND, WIGAN, direct
from tests.report.leads.bare_view import bare_view, known_of

MEASURES = ("ks4_sustained_destination", "neet_or_unknown_16_17")


def view(period: str, **shares: float | None) -> AreaView:
    rows = [
        {"area_code": area, "period": period, "period_type": "academic_year",
         "dimension": "sen_provision", "category": stage, "numerator": None,
         "denominator": None, "value": None if share is None else share + more, "lower_ci": None, "upper_ci": None,
         "status": "ok" if share is not None else "suppressed"}
        for area, more in ((WIGAN, 0.0), (ENGLAND, 2.0))
        for stage, share in shares.items()
    ]  # fmt: skip
    return bare_view(observed=direct(indicators()["ks4_sustained_destination"], rows))


def drawn(one: AreaView) -> tuple[object, ...]:
    known = known_of(one, MEASURES)
    return lead_figures(one, known)


def test_those_with_a_plan_lead_and_are_set_against_those_without_sen() -> None:
    (figure,) = drawn(view("2023/24", no_sen=95.1, sen_support=83.1, ehc_plan=83.4))
    assert isinstance(figure, SharesFigure)
    assert [(row.name, row.value, row.england, row.marked) for row in figure.rows] == [
        ("With an EHC plan", 83.4, 85.4, True),
        ("With SEN support", 83.1, 85.1, False),
        ("Without SEN", 95.1, 97.1, False),
    ]
    assert figure.text.title.startswith("83.4% of those with a plan stayed in education")
    assert figure.text.title.endswith("against 95.1% of those without SEN")
    assert figure.remarks == ()


def test_an_old_figure_says_so() -> None:
    (figure,) = drawn(view("2021/22", no_sen=95.1, sen_support=83.1, ehc_plan=83.4))
    assert isinstance(figure, SharesFigure)
    assert figure.remarks == ("The newest figures are of 2021/22, over two years old",)


def test_nothing_is_drawn_of_an_area_without_such_figures() -> None:
    assert drawn(bare_view()) == ()
