"""What leads the chapter on outcomes: the gap at each age, and where pupils with a plan stand among authorities."""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.leads.outcomes import gaps_figure, lead_figures, place_figure
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of
from tests.invented_indicators import ENGLAND, WIGAN, direct
from tests.report.invented_facts import a_fact, beside

KS2, PHONICS = "ks2_reading_writing_maths", "phonics_standard"


def results(indicator_id: str, here: dict[str, float | None], england: dict[str, float]) -> AreaView:
    rows = [
        {"area_code": area, "period": "2024/25", "dimension": "sen_provision", "category": stage, "value": value,
         "status": "ok" if value is not None else "suppressed"}
        for area, values in ((WIGAN, here), (ENGLAND, england)) for stage, value in values.items()
    ]  # fmt: skip
    return view_of(observed=direct(indicators()[indicator_id], rows))


def test_the_gap_is_said_and_drawn_for_the_area_and_for_england() -> None:
    view = results(
        KS2, {"no_sen": 73, "sen_support": 32, "ehc_plan": 7}, {"no_sen": 74, "sen_support": 28, "ehc_plan": 9}
    )
    figure = gaps_figure(view, {KS2: a_fact(KS2, counts=None, value=7.0)})
    assert figure is not None
    assert figure.text.title.endswith("at 11: 7% of pupils with an EHC plan, 73% of those without SEN")
    rows = figure.panels[0].rows
    assert [(row.name, [mark.value for mark in row.marks]) for row in rows] == [
        ("Wigan", [7.0, 32.0, 73.0]),
        ("England", [9.0, 28.0, 74.0]),
    ]


def test_a_suppressed_result_is_named_and_the_next_stage_speaks_for_it() -> None:
    view = results(KS2, {"no_sen": 73, "sen_support": 32, "ehc_plan": None}, {"no_sen": 74, "ehc_plan": 9})
    figure = gaps_figure(view, {KS2: a_fact(KS2, counts=None, value=32.0)})
    assert figure is not None
    assert figure.panels[0].rows[0].marks[0].note == "suppressed"
    assert figure.text.title.endswith("32% of pupils with SEN support, 73% of those without SEN")


def test_old_results_lead_nothing() -> None:
    view = results(KS2, {"no_sen": 73, "ehc_plan": 7}, {"no_sen": 74, "ehc_plan": 9})
    assert gaps_figure(view, {KS2: a_fact(KS2, counts=None, value=7.0, period="2017/18")}) is None


def test_one_stage_alone_is_no_gap() -> None:
    view = results(KS2, {"no_sen": 73, "sen_support": None}, {"no_sen": 74, "sen_support": 28})
    assert gaps_figure(view, {KS2: a_fact(KS2, counts=None, value=73.0)}) is None
    assert lead_figures(view, {}) == ()


def test_pupils_with_a_plan_stand_among_the_authorities() -> None:
    national = pd.DataFrame(
        [
            {"indicator_id": name, "area_code": f"E0800000{k}", "period": "2024/25", "value": float(value),
             "numerator": None, "denominator": None}
            for name in (KS2, PHONICS) for k, value in enumerate((1, 5, 9, 13, 17))
        ]
    )  # fmt: skip
    known = {
        name: a_fact(name, counts=None, value=5.0, comparisons={"england": beside(9.0, -4.0, "not_tested", quartile=4)})
        for name in (PHONICS, KS2)
    }
    figure = place_figure(view_of(national=national), known)
    assert figure is not None
    assert figure.text.title == "Of 2 measures, 2 are in the worst quarter of authorities and none in the best"
    assert (figure.rows[0].least, figure.rows[0].lower_quartile, figure.rows[0].most) == (1.0, 5.0, 17.0)
