"""The decisions sought: their order and their words."""

from __future__ import annotations

from datetime import date

from jsna_pipeline.commissioning.decisions import decision_sentence, in_order
from jsna_pipeline.commissioning.plan import Decision

CUT_OFF = date(2025, 12, 31)


def _decision(name: str, by: str, **given: object) -> Decision:
    return Decision.model_validate({"decision": name, "lead": "Head of SEND", "by": by} | given)


def test_a_decision_says_board_lead_day_and_cost() -> None:
    one = _decision("agree the plan", "2026-03-31", board="SEND Partnership Board", cost_band="50k_250k")
    assert decision_sentence(one, CUT_OFF) == (
        "Agree the plan. SEND Partnership Board; lead: Head of SEND; by 31 March 2026; £50,000 to £250,000 a year."
    )


def test_the_earliest_comes_first_and_a_day_that_has_passed_is_said() -> None:
    two = [_decision("Later", "2026-03-31"), _decision("Sooner", "2025-12-30", cost_band="none")]
    assert [decision_sentence(one, CUT_OFF) for one in in_order(two)] == [
        "Sooner. Lead: Head of SEND; by 30 December 2025 (that day has passed); no cost.",
        "Later. Lead: Head of SEND; by 31 March 2026; not costed.",
    ]
