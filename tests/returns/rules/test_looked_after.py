"""Each rule of the return on looked-after children is broken by its example."""

from __future__ import annotations

from datetime import date

import pytest

from jsna_pipeline.catalogue.returns import returns
from jsna_pipeline.returns.rules import looked_after
from tests.returns.rules.examples import UPN, Change, Rows, changed, checked, places

YEAR, DAY = 2025, date(2025, 3, 31)
EPISODE = {"child_key": "1", "legal_status": "C2", "category_of_need": "N1", "placement": "U6"}
GOOD: Rows = {
    "child": [{"child_key": "1", "sex": "1", "birth_date": "01/05/2012", "ethnicity": "WBRI", "upn": UPN}],
    "episode": [
        EPISODE | {"start_date": "01/04/2024", "end_date": "01/10/2024", "end_reason": "X1", "reason_new_episode": "S"},
        EPISODE | {"start_date": "01/10/2024", "end_date": "01/11/2024", "end_reason": "X1", "reason_new_episode": "P"},
        EPISODE | {"start_date": "01/11/2024", "reason_new_episode": "P"},
    ],
}
BROKEN: list[tuple[str, Change]] = [
    ("CLA-C01", ("child", 0, {"birth_date": "31/03/1999"})),
    ("CLA-C02", ("child", 0, {"upn_unknown": "UN1"})),
    ("CLA-E01", ("episode", 0, {"end_date": "31/03/2024"})),
    ("CLA-E02", ("episode", 1, {"end_reason": None})),
    ("CLA-E03", ("episode", 1, {"start_date": "30/09/2024"})),
]


def test_episodes_one_after_the_other_have_no_finding() -> None:
    assert checked("looked_after", GOOD, YEAR, DAY).findings["rule_id"].to_list() == []


@pytest.mark.parametrize(("rule_id", "change"), BROKEN, ids=[rule_id for rule_id, _ in BROKEN])
def test_each_rule_finds_its_example(rule_id: str, change: Change) -> None:
    assert places(checked("looked_after", changed(GOOD, change), YEAR, DAY), rule_id) == [change[:2]]


def test_an_episode_after_an_open_one_overlaps() -> None:
    still_open = changed(GOOD, ("episode", 1, {"end_date": None, "end_reason": None}))
    assert places(checked("looked_after", still_open, YEAR, DAY), "CLA-E03") == [("episode", 2)]


def test_every_rule_has_an_example() -> None:
    rules = looked_after.rules(returns()["looked_after"], YEAR, DAY)
    assert {rule.id for rule in rules} == {rule_id for rule_id, _ in BROKEN}
