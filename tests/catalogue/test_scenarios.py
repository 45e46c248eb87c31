"""The catalogue's scenarios: for any authority, reviewed, and worded as what would follow, never as what should be."""

from __future__ import annotations

import re

import pytest

from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.catalogue.scenarios import BASELINE, RIGHTS, Certainty, Exclusion, Scenario, scenarios
from jsna_pipeline.errors import InputError

GOOD = """\
name: More new plans
question: What if more plans were issued?
description: A tenth more new plans each year.
changes:
  - kind: new_plan_rate
    factor: 1.1
    from: 2027
assumptions:
  - {assumption: It is so., basis: Supposed., certainty: assumed, would_change: Nothing.}
owner: JSNA team
reviewed: 2026-11-22
"""


def _parsed(text: str, name: str = "own") -> Scenario:
    return parse(text, Scenario, f"scenarios/{name}.yml", name)


def test_things_going_on_comes_first_and_alone_changes_nothing() -> None:
    assert next(iter(scenarios())) == BASELINE
    assert [key for key, one in scenarios().items() if not one.changes] == [BASELINE]
    assert len({one.order for one in scenarios().values()}) == len(scenarios())


def test_every_scenario_names_what_it_supposes() -> None:
    for key, one in scenarios().items():
        assert key == BASELINE or Certainty.ASSUMED in {each.certainty for each in one.assumptions}, key


def test_no_scenario_is_worded_as_a_target_or_as_money_saved() -> None:
    for one in scenarios().values():
        text = " ".join([one.name, one.question, one.description])
        assert not re.search(r"\b(sav(e|es|ing|ings)|refus|afford|cut)", text, re.IGNORECASE), one.id
        assert "target" not in text or "no target" in text
        assert not one.fewer_new_plans or RIGHTS in one.description


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("name: More new plans", "name: The target for new plans", 1, "no target, no saving and no refusal"),
        ("What if more plans were issued?", "How much would refusing plans bring?", 2, "no refusal"),
        ("kind: new_plan_rate", "kind: wish", 5, "has to have a kind"),
        ("    from: 2027\n", "", 5, "Field required"),
        ("factor: 1.1", "factor: -1", 6, "greater than or equal to 0"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(InputError, match=rf"own\.yml, line {line}: .*{what}"):
        _parsed(GOOD.replace(old, new))


def test_only_things_going_on_may_change_nothing() -> None:
    with pytest.raises(InputError, match="only that of things going on has none"):
        _parsed(GOOD, BASELINE)


def test_an_exclusion_is_a_shift_to_or_from_alternative_provision() -> None:
    def shift(points: float) -> object:
        return Exclusion.model_validate({"kind": "exclusion", "points": points, "from": 2027, "over": 3}).shift

    away, back = shift(0.5), shift(-0.5)
    assert (away.from_setting, away.to_setting) == ("mainstream", "alternative_provision")  # type: ignore[attr-defined]
    assert (back.from_setting, back.to_setting) == ("alternative_provision", "mainstream")  # type: ignore[attr-defined]
    assert (away.points, away.over, away.from_, shift(0)) == (0.5, 3, 2027, None)  # type: ignore[attr-defined]
