"""Each rule of the school census is broken by its example, and by that row alone."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import school_census
from tests.returns.rules.examples import OTHER_UPN, UPN, Change, Rows, changed, checked, places

YEAR, DAY = 2025, date(2025, 1, 16)
GOOD: Rows = {
    "pupil": [
        {"pupil_key": "a", "upn": UPN, "surname": "A", "forename": "B", "birth_date": "2015-Sep-01 00:00:00",
         "sex": "M", "entry_date": "2019-Sep-02 00:00:00", "enrolment": "C", "sen_provision": "K", "year_group": "4",
         "sessions_possible": "130.0"},
        {"pupil_key": "b", "upn": OTHER_UPN, "surname": "A", "forename": "B", "birth_date": "2020-08-31", "sex": "F",
         "entry_date": "2024-09-02", "enrolment": "M", "sen_provision": "N", "year_group": "R"},
    ],
    "need": [
        {"need_key": "a", "pupil_key": "a", "need": "ASD", "need_rank": "1.0"},
        {"need_key": "b", "pupil_key": "a", "need": "NSA", "need_rank": "2.0"},
    ],
    "session": [
        {"session_key": "a", "pupil_key": "a", "reason": "I", "sessions": "100.0"},
        {"session_key": "b", "pupil_key": "a", "reason": "U", "sessions": "30.0"},
        {"session_key": "c", "pupil_key": "a", "reason": "X", "sessions": "90.0"},
    ],
    "exclusion": [{"exclusion_key": "a", "pupil_key": "a", "category": "SUSP", "start_date": "2024-09-05"}],
}  # fmt: skip
BROKEN: list[tuple[str, list[Change], list[tuple[str, int | None]]]] = [
    ("CENSUS-C01", [("pupil", 1, {"upn": UPN})], [("pupil", 1)]),
    ("CENSUS-C02", [("pupil", 0, {"year_group": "7"})], [("pupil", 0)]),
    ("CENSUS-C03", [("pupil", 1, {"sen_provision": "E"})], [("pupil", 1)]),
    ("CENSUS-S01", [("pupil", 0, {"sen_provision": "N"})], [("need", 0), ("need", 1)]),
    ("CENSUS-S02", [("need", 1, {"need_rank": "1"})], [("need", 1)]),
    ("CENSUS-A01", [("session", 1, {"sessions": "31"})], [("session", 0), ("session", 1), ("session", 2)]),
    ("CENSUS-A02", [("session", 1, {"reason": "I"})], [("session", 1)]),
    ("CENSUS-E01", [("exclusion", 0, {"start_date": "2024-08-31"})], [("exclusion", 0)]),
]


def test_a_census_in_order_has_no_finding() -> None:
    assert checked("school_census", GOOD, YEAR, DAY).findings.is_empty()


@pytest.mark.parametrize(("rule_id", "changes", "found"), BROKEN, ids=[rule_id for rule_id, _, _ in BROKEN])
def test_each_rule_finds_its_example(rule_id: str, changes: list[Change], found: list[tuple[str, int | None]]) -> None:
    assert places(checked("school_census", changed(GOOD, *changes), YEAR, DAY), rule_id) == found


def test_every_rule_has_an_example() -> None:
    rules = school_census.rules(returns()["school_census"], YEAR, DAY)
    assert {rule.id for rule in rules} == {rule_id for rule_id, _, _ in BROKEN}


def test_two_years_from_the_group_of_the_age_is_in_order() -> None:
    for group in ("2", "6", "X"):
        repeated_year = changed(GOOD, ("pupil", 0, {"year_group": group}))
        assert places(checked("school_census", repeated_year, YEAR, DAY), "CENSUS-C02") == []


def test_a_subsidiary_registration_is_no_second_pupil() -> None:
    dual = changed(GOOD, ("pupil", 1, {"upn": UPN, "enrolment": "S"}))
    assert checked("school_census", dual, YEAR, DAY).findings.is_empty()
