"""What leads the chapter on identified need: common needs here and in England, and printed counts of the area's own."""

from __future__ import annotations

import pandas as pd

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import facts
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.leads.identified_need import lead_figures, plans_figure, stages_figure
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of
from tests.invented_indicators import ENGLAND, WIGAN, direct
from tests.report.protected_tables import counts

MIX = "ehcp_primary_need_mix"


def mix(shares: dict[str, dict[str, float | None]]) -> AreaView:
    rows = [
        {"area_code": area, "period": "2024/25", "period_type": "january_snapshot", "dimension": "primary_need",
         "category": need, "value": value, "status": "ok" if value is not None else "suppressed"}
        for area, needs in shares.items() for need, value in needs.items()
    ]  # fmt: skip
    return view_of(observed=direct(indicators()[MIX], rows))


def own(groups: dict[tuple[tuple[str, str], ...], int | None]) -> AreaView:
    """A view with the area's own pupils by need; the stage of SEN says that they have SEN, as in the real table."""
    table = counts("absence_by_need", groups).assign(table_id="pupils_with_sen_by_need")
    return view_of(local=empty_tables() | {"local_counts": table})


def stage(name: str, need: str | None = None) -> tuple[tuple[str, str], ...]:
    return (("sen_stage", name),) if need is None else (("primary_need", need), ("sen_stage", name))


def test_the_commonest_need_here_comes_first_and_rare_ones_are_left_out() -> None:
    view = mix(
        {
            WIGAN: {"autism": 27.0, "semh": 29.5, "hearing_impairment": 0.4, "vision_impairment": None,
                    "moderate_learning_difficulty": 8.3, "not_recorded": 12.0},
            ENGLAND: {"autism": 31.9, "semh": 20.6, "hearing_impairment": 1.1, "vision_impairment": 2.4},
        }
    )  # fmt: skip
    known = facts(view, indicators()[MIX])
    assert known is not None
    figure = plans_figure(view, {MIX: known})
    assert figure is not None
    assert [row.name for row in figure.panels[0].rows] == [
        "Social, emotional and mental health", "Autism", "Moderate learning difficulty", "Vision impairment",
    ]  # fmt: skip
    assert [one.name for one in figure.series] == ["All plans", "England"]  # without new plans, no mark of them
    assert figure.panels[0].rows[3].marks[0].value is None
    title = "Social, emotional and mental health is the commonest need: 29.5% of plans here, 20.6% in England"
    assert figure.text.title == title


def test_own_shares_are_made_of_printed_counts_and_a_hidden_one_stays_hidden() -> None:
    view = own(
        {
            stage("sen_support"): 1000, stage("ehc_plan"): 200,
            stage("sen_support", "autism"): 115, stage("ehc_plan", "autism"): 55,
            stage("sen_support", "severe_learning_difficulty"): 30,
            stage("ehc_plan", "severe_learning_difficulty"): None,
            stage("sen_support", "hearing_impairment"): 10, stage("ehc_plan", "hearing_impairment"): 3,
        }
    )  # fmt: skip
    figure = stages_figure(view)
    assert figure is not None
    rows = {row.name: [mark.value for mark in row.marks] for row in figure.panels[0].rows}
    assert rows == {"Autism": [11.5, 27.5], "Severe learning difficulty": [3.0, None]}
    assert figure.panels[0].rows[1].marks[1].note == "c"
    assert figure.text.title == "Autism is 11.5% of SEN support and 27.5% of plans"
    assert "provisional" in figure.text.subtitle and "c: hidden to protect children" in figure.text.subtitle


def test_no_share_is_made_where_the_whole_is_hidden() -> None:
    groups = {stage("sen_support"): None, stage("ehc_plan"): None, stage("sen_support", "autism"): 115}
    assert stages_figure(own(groups)) is None
    assert lead_figures(view_of(observed=pd.DataFrame(columns=["indicator_id"])), {}) == ()
