"""Each rule of the children in need census is broken by its example."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import children_in_need
from tests.returns.rules.examples import UPN, Change, Rows, changed, checked, places

YEAR, DAY = 2025, date(2025, 3, 31)
DATES = {"start_date": "2024-06-01"}
GOOD: Rows = {
    "child": [
        {"child_key": "1", "child_id": "A1", "upn": UPN, "birth_date": "2015-09-01", "sex": "M", "ethnicity": "WBRI"},
        {"child_key": "2", "child_id": "A2", "upn_unknown": "UN6", "sex": "F", "ethnicity": "WBRI"},
    ],
    "episode": [{"episode_key": "1", "child_key": "1", "referral_date": "2024-05-20", "referral_source": "1A",
                 "no_further_action": "0", "primary_need": "N1"}],
    "assessment": [{"assessment_key": "1", "episode_key": "1", **DATES, "authorised_date": "2024-06-20"}],
    "plan": [{"episode_key": "1", **DATES}],
    "section_47": [{"episode_key": "1", **DATES, "conference_not_required": "0"}],
    "protection_plan": [{"protection_plan_key": "1", "episode_key": "1", **DATES, "end_date": "2024-12-01",
                         "first_category": "NEG", "latest_category": "NEG", "earlier_plans": "0"}],
    "protection_review": [{"protection_plan_key": "1", "review_date": "2024-09-01"}],
}  # fmt: skip
EARLY, LATE = "2024-05-19", "2024-12-02"
BROKEN: list[tuple[str, Change]] = [
    ("CIN-C01", ("child", 0, {"birth_date": "1999-03-31"})),
    ("CIN-C02", ("child", 0, {"upn_unknown": "UN1"})),
    ("CIN-C03", ("child", 1, {"upn_unknown": None})),
    ("CIN-C04", ("child", 1, {"child_id": "A1"})),
    ("CIN-E01", ("episode", 0, {"closure_date": EARLY, "closure_reason": "RC1"})),
    ("CIN-E02", ("episode", 0, {"conference_date": EARLY})),
    ("CIN-E03", ("episode", 0, {"closure_date": LATE})),
    ("CIN-A01", ("assessment", 0, {"authorised_date": "2024-05-31"})),
    ("CIN-A02", ("assessment", 0, {"start_date": EARLY})),
    ("CIN-P01", ("plan", 0, {"end_date": "2024-05-31"})),
    ("CIN-P02", ("plan", 0, {"start_date": EARLY})),
    ("CIN-S01", ("section_47", 0, {"conference_date": "2024-05-31"})),
    ("CIN-S02", ("section_47", 0, {"start_date": EARLY})),
    ("CIN-T01", ("protection_plan", 0, {"end_date": "2024-05-31"})),
    ("CIN-T02", ("protection_plan", 0, {"start_date": EARLY})),
    ("CIN-T03", ("protection_review", 0, {"review_date": "2024-05-31"})),
    ("CIN-T04", ("protection_review", 0, {"review_date": LATE})),
]


def test_a_census_in_order_with_a_child_not_yet_born_has_no_finding() -> None:
    assert checked("children_in_need", GOOD, YEAR, DAY).findings["rule_id"].to_list() == []


@pytest.mark.parametrize(("rule_id", "change"), BROKEN, ids=[rule_id for rule_id, _ in BROKEN])
def test_each_rule_finds_its_example(rule_id: str, change: Change) -> None:
    assert places(checked("children_in_need", changed(GOOD, change), YEAR, DAY), rule_id) == [change[:2]]


def test_every_rule_has_an_example() -> None:
    rules = children_in_need.rules(returns()["children_in_need"], YEAR, DAY)
    assert {rule.id for rule in rules} == {rule_id for rule_id, _ in BROKEN}
