"""Each rule of the two inspection lists is broken by its example."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import annex_a
from tests.returns.rules.examples import OTHER_UPN, UPN, Change, Rows, changed, checked, places

YEAR, DAY = 2025, date(2025, 6, 30)
PERSON = {"birth_date": "2012-05-01", "sex": "1", "ethnicity": "WBRI", "need": "ASD"}
BOTH = [PERSON | {"local_id": "a", "upn": UPN}, PERSON | {"local_id": "b", "upn": OTHER_UPN}]
DATES = {"issued_date": "2020-01-01", "amended_date": "2021-01-01", "reviewed_date": "2024-01-01"}
GOOD: Rows = {"plan": [row | DATES for row in BOTH], "sen_support": BOTH}
BROKEN: list[tuple[str, Change]] = [
    (f"{prefix}{number}", (table, 1, cells))
    for table, prefix in annex_a.LISTS.items()
    for number, cells in {
        "01": {"birth_date": "1999-06-30"},
        "02": {"birth_date": "2000-06-30"},
        "03": {"upn": None},
        "04": {"upn": UPN},
    }.items()
] + [
    ("ANNEXA-105", ("plan", 0, {"amended_date": "2019-12-31"})),
    ("ANNEXA-106", ("plan", 0, {"reviewed_date": "2019-12-31"})),
]


def test_lists_in_order_have_no_finding() -> None:
    assert checked("annex_a", GOOD, YEAR, DAY).findings["rule_id"].to_list() == []


@pytest.mark.parametrize(("rule_id", "change"), BROKEN, ids=[rule_id for rule_id, _ in BROKEN])
def test_each_rule_finds_its_example(rule_id: str, change: Change) -> None:
    assert places(checked("annex_a", changed(GOOD, change), YEAR, DAY), rule_id) == [change[:2]]


def test_every_rule_has_an_example() -> None:
    assert {rule.id for rule in annex_a.rules(returns()["annex_a"], YEAR, DAY)} == {rule_id for rule_id, _ in BROKEN}
