"""The rules of templates come from the names of their columns; each form of rule is broken by its example."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import templates
from tests.returns.rules.examples import Rows, changed, checked, places

YEAR, DAY = 2025, date(2025, 7, 31)
GOOD: dict[str, dict[str, str]] = {
    "therapies": {"service": "Audiology", "referral_date": "2024-09-01", "first_contact_date": "2024-10-01",
                  "discharge_date": "2024-11-01", "closed_reason": "treated"},
    "elective_home_education": {"start_date": "2024-09-01", "end_date": "2025-01-06", "reason": "lifestyle",
                                "returned_to": "school"},
    "early_help": {"opened_date": "2024-09-01", "closed_date": "2024-10-01"},
    "transport": {"mode": "taxi", "amount": "£1,200.00", "financial_year": "2024-25"},
    "special_place_capacity": {"establishment": "A school", "kind": "special_school", "phase": "primary", "need": "ASD",
                               "places_commissioned": "10", "places_filled": "10", "as_at": "2025-01-16"},
}  # fmt: skip
BROKEN = [
    ("therapies", "first_contact_date.before.referral_date", {"first_contact_date": "2024-08-31"}),
    ("therapies", "discharge_date.before.first_contact_date", {"discharge_date": "2024-09-30"}),
    ("therapies", "discharge_date.before.referral_date", {"first_contact_date": None, "discharge_date": "2024-08-31"}),
    ("therapies", "closed_reason.without.discharge_date", {"discharge_date": None}),
    ("elective_home_education", "end_date.before.start_date", {"end_date": "2024-08-31"}),
    ("elective_home_education", "returned_to.without.end_date", {"end_date": None}),
    ("early_help", "closed_date.before.opened_date", {"closed_date": "2024-08-31"}),
    ("transport", "amount.negative", {"amount": "-1"}),
    ("special_place_capacity", "places_filled.above.places_commissioned", {"places_filled": "11"}),
]


@pytest.mark.parametrize("return_id", list(GOOD))
def test_a_template_in_order_has_no_finding(return_id: str) -> None:
    assert checked(return_id, {"row": [GOOD[return_id]]}, YEAR, DAY).findings["rule_id"].to_list() == []


@pytest.mark.parametrize(("return_id", "rule", "cells"), BROKEN, ids=[f"{one}.{rule}" for one, rule, _ in BROKEN])
def test_each_rule_finds_its_example(return_id: str, rule: str, cells: dict[str, str | None]) -> None:
    rows: Rows = changed({"row": [GOOD[return_id]]}, ("row", 0, cells))
    assert places(checked(return_id, rows, YEAR, DAY), f"{return_id}.{rule}") == [("row", 0)]


def test_every_template_with_dates_of_a_course_holds_them_in_order() -> None:
    for record in returns().values():
        if record.kind == "template":
            columns = record.tables["row"].columns
            wanted = any(sum(name in columns for name in course) > 1 for course in templates.COURSES)
            made = [rule for rule in templates.rules(record, YEAR, DAY) if ".before." in rule.id]
            assert bool(made) == wanted, record.id
