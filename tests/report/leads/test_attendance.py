"""What leads the chapter on attendance: types of school beside England, and the area's own pupils by stage of SEN."""

from __future__ import annotations

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.charts import DumbbellMark
from jsna_pipeline.report.leads.attendance import lead_figures, schools_figure, stages_figure
from tests.invented_area import view_of
from tests.invented_indicators import ENGLAND, WIGAN, direct
from tests.report.invented_facts import a_fact
from tests.report.protected_tables import Groups, counts

ABSENT = "persistent_absence"


def test_the_type_of_school_with_most_absence_is_named_beside_england() -> None:
    rows = [
        {"area_code": area, "period": "2024/25", "dimension": "school_type", "category": kind, "value": value}
        for area, values in {WIGAN: (16.2, 23.2, 34.8), ENGLAND: (13.4, 23.0, 35.3)}.items()
        for kind, value in zip(("primary", "secondary", "special"), values, strict=True)
    ]
    view = view_of(observed=direct(indicators()[ABSENT], rows))
    figure = schools_figure(view, {ABSENT: a_fact(ABSENT, counts=None, value=20.0)})
    assert figure is not None
    assert figure.text.title == "Persistent absence is highest in special schools: 34.8%, and 35.3% in England"
    assert [row.name for row in figure.panels[0].rows] == ["Primary", "Secondary", "Special"]
    assert figure.panels[0].rows[0].marks == (DumbbellMark(16.2), DumbbellMark(13.4))
    assert [series.name for series in figure.series] == ["Wigan", "England"]


def own(groups: Groups) -> dict[str, object]:
    return empty_tables() | {"local_counts": counts("absence_by_need", groups)}


def pupils(stage: str, answer: str) -> tuple[tuple[str, str], ...]:
    return ("persistent_absence", answer), ("sen_stage", stage)


def test_own_shares_are_of_those_known_either_way_and_a_hidden_part_hides_its_share() -> None:
    groups = {
        pupils("no_sen", "yes"): 20, pupils("no_sen", "no"): 80,
        pupils("sen_support", "yes"): 6, pupils("sen_support", "no"): None,
        pupils("ehc_plan", "yes"): 30, pupils("ehc_plan", "no"): 70,
    }  # fmt: skip
    figure = stages_figure(view_of(local=own(groups)))
    assert figure is not None
    row = figure.panels[0].rows[0]
    assert [mark.value for mark in row.marks] == [20.0, None, 30.0]
    assert row.marks[1].note == "c"
    title = "30.0% of pupils with an EHC plan missed a tenth of school or more, and 20.0% of those without SEN"
    assert figure.text.title == title
    assert "SEN support hidden" in figure.text.alternative


def test_one_stage_alone_is_no_comparison() -> None:
    groups = {pupils("no_sen", "yes"): 20, pupils("no_sen", "no"): 80, pupils("ehc_plan", "yes"): None}
    assert stages_figure(view_of(local=own(groups))) is None
    assert lead_figures(view_of(), {}) == ()
