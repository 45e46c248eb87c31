"""Each rule of the SEN2 return is broken by its example, and by that row alone."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import sen2
from tests.returns.rules.examples import OTHER_UPN, UPN, Change, Rows, changed, checked, places

YEAR, DAY = 2025, date(2025, 1, 16)
GOOD: Rows = {
    "person": [
        {"person_key": "1", "surname": "A", "forename": "B", "birth_date": "2012-05-01", "sex": "M",
         "ethnicity": "WBRI", "postcode": "WN1 1AA", "upn": UPN},
        {"person_key": "2", "surname": "C", "forename": "D", "birth_date": "2021-05-01", "sex": "F",
         "ethnicity": "WBRI", "postcode": "WN1 1AA"},
    ],
    "request": [
        {"request_key": "1", "person_key": "1", "received_date": "2022-01-10", "request_source": "1",
         "outcome_date": "2022-02-10", "outcome": "Y"},
        {"request_key": "2", "person_key": "2", "received_date": "2024-12-10", "request_source": "2", "outcome": "A"},
    ],
    "assessment": [{"assessment_key": "1", "request_key": "1", "outcome": "Y", "outcome_date": "2022-04-20"}],
    "named_plan": [{"named_plan_key": "1", "assessment_key": "1", "start_date": "2022-05-20"}],
    "plan_detail": [{"plan_detail_key": "1", "named_plan_key": "1", "urn": "100001"}],
    "active_plan": [{"active_plan_key": "1", "request_key": "1", "review_meeting": "2023-05-01",
                     "last_review": "2023-05-20"}],
    "placement": [{"placement_key": "1", "active_plan_key": "1", "setting": "EHE", "entry_date": "2022-06-01"}],
    "need": [
        {"need_key": "1", "active_plan_key": "1", "need": "ASD", "need_rank": "1"},
        {"need_key": "2", "active_plan_key": "1", "need": "SLCN", "need_rank": "2"},
    ],
}  # fmt: skip
UNNUMBERED: list[Change] = [("person", row, {"person_key": str(row + 1), "upn": None}) for row in range(2, 7)]
BROKEN: list[tuple[str, list[Change], tuple[str, int | None]]] = [
    ("SEN2-P01", [("person", 0, {"birth_date": "1999-01-16"})], ("person", 0)),
    ("SEN2-P02", [("person", 0, {"upn_unknown": "UN1"})], ("person", 0)),
    ("SEN2-P03", [("person", 1, {"upn": UPN})], ("person", 1)),
    ("SEN2-P04", [("person", 1, {"birth_date": "2019-01-16"})], ("person", 1)),
    ("SEN2-P05", UNNUMBERED, ("person", None)),
    ("SEN2-R01", [("request", 0, {"outcome_date": "2022-01-09"})], ("request", 0)),
    ("SEN2-R02", [("request", 0, {"outcome_date": None})], ("request", 0)),
    ("SEN2-R03", [("request", 1, {"outcome_date": "2025-01-05"})], ("request", 1)),
    ("SEN2-A01", [("assessment", 0, {"outcome_date": "2022-01-09"})], ("assessment", 0)),
    ("SEN2-A02", [("assessment", 0, {"outcome_date": "2022-02-09"})], ("assessment", 0)),
    ("SEN2-A03", [("assessment", 0, {"outcome_date": None})], ("assessment", 0)),
    ("SEN2-A04", [("request", 0, {"outcome": "N"})], ("assessment", 0)),
    ("SEN2-N01", [("named_plan", 0, {"start_date": "2022-04-19"})], ("named_plan", 0)),
    ("SEN2-N02", [("named_plan", 0, {"cease_date": "2022-05-19", "cease_reason": "2"})], ("named_plan", 0)),
    ("SEN2-N03", [("named_plan", 0, {"cease_reason": "2"})], ("named_plan", 0)),
    ("SEN2-N04", [("named_plan", 0, {"start_date": "2022-01-09"})], ("named_plan", 0)),
    ("SEN2-N05", [("assessment", 0, {"outcome": "N"})], ("named_plan", 0)),
    ("SEN2-V01", [("active_plan", 1, {"active_plan_key": "2"})], ("active_plan", 1)),
    ("SEN2-V02", [("active_plan", 0, {"review_meeting": "2023-05-21"})], ("active_plan", 0)),
    ("SEN2-V03", [("active_plan", 0, {"review_meeting": None, "last_review": "2022-05-19"})], ("active_plan", 0)),
    ("SEN2-V04", [("need", 0, {"need_rank": "2"})], ("active_plan", 0)),
    ("SEN2-L01", [("placement", 0, {"leaving_date": "2022-05-31"})], ("placement", 0)),
    ("SEN2-L02", [("placement", 0, {"setting": None})], ("placement", 0)),
    ("SEN2-L03", [("plan_detail", 0, {"urn": None})], ("plan_detail", 0)),
    ("SEN2-S01", [("need", 1, {"need_rank": "1"})], ("need", 1)),
    ("SEN2-S02", [("need", 1, {"need": "NSA"})], ("need", 1)),
]


def test_a_return_in_order_has_no_finding() -> None:
    assert checked("sen2", GOOD, YEAR, DAY).findings.is_empty()


@pytest.mark.parametrize(("rule_id", "changes", "place"), BROKEN, ids=[rule_id for rule_id, _, _ in BROKEN])
def test_each_rule_finds_its_example(rule_id: str, changes: list[Change], place: tuple[str, int | None]) -> None:
    assert places(checked("sen2", changed(GOOD, *changes), YEAR, DAY), rule_id) == [place]


def test_every_rule_has_an_example() -> None:
    assert [rule.id for rule in sen2.rules(returns()["sen2"], YEAR, DAY)] and {rule_id for rule_id, _, _ in BROKEN} == {
        rule.id for rule in sen2.rules(returns()["sen2"], YEAR, DAY)
    }


@pytest.mark.parametrize(
    ("rule_id", "changes"),
    [
        ("SEN2-P01", [("person", 0, {"birth_date": "1999-01-17"})]),  # 26 tomorrow
        ("SEN2-P03", [("person", 1, {"upn": OTHER_UPN})]),
        ("SEN2-P04", [("person", 1, {"birth_date": "2019-01-16", "upn_unknown": "UN5"})]),
        ("SEN2-P05", UNNUMBERED[:-1]),
        ("SEN2-R01", [("request", 0, {"outcome_date": "2022-01-10"})]),
        ("SEN2-R02", [("request", 0, {"outcome": "H", "outcome_date": None})]),
        ("SEN2-N03", [("named_plan", 0, {"cease_date": "2024-05-20", "cease_reason": "2"})]),
    ],
)
def test_what_is_on_the_limit_is_in_order(rule_id: str, changes: list[Change]) -> None:
    assert places(checked("sen2", changed(GOOD, *changes), YEAR, DAY), rule_id) == []


def test_a_review_that_cannot_be_is_blank_and_its_plan_stays() -> None:
    found = checked("sen2", changed(GOOD, ("active_plan", 0, {"review_meeting": "2023-05-21"})), YEAR, DAY)
    plans = found.tables["active_plan"].collect()
    assert plans.select("active_plan_key", "review_meeting", "last_review").rows() == [("1", None, None)]
    assert found.rows_refused == dict.fromkeys(GOOD, 0)


def test_a_refused_person_takes_along_all_that_hangs_on_it() -> None:
    found = checked("sen2", changed(GOOD, ("person", 0, {"birth_date": "unknown"})), YEAR, DAY)
    left = {name: table.collect().height for name, table in found.tables.items()}
    assert left == {"person": 1, "request": 1} | dict.fromkeys(list(GOOD)[2:], 0)
    assert found.rows_refused["need"] == 2
