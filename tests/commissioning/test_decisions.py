"""The decisions sought on page one: order, words, and no more than five."""

from __future__ import annotations

from datetime import date

from jsna_pipeline.commissioning.decisions import ANCHOR, decisions_front
from jsna_pipeline.commissioning.plan import Decision


def _decision(name: str, by: str, **given: object) -> Decision:
    return Decision.model_validate({"decision": name, "lead": "Head of SEND", "by": by} | given)


def test_a_decision_says_board_lead_day_and_cost() -> None:
    one = _decision("agree the plan", "2026-03-31", board="SEND Partnership Board", cost_band="50k_250k")
    (said,) = decisions_front([one], date(2025, 12, 31))
    assert said.text == (
        "Agree the plan. SEND Partnership Board; lead: Head of SEND; by 31 March 2026; £50,000 to £250,000 a year."
    )
    assert (said.label, said.anchor, said.tone) == ("Decision sought", ANCHOR, "neutral")


def test_the_earliest_comes_first_and_a_day_that_has_passed_is_said() -> None:
    two = [_decision("Later", "2026-03-31"), _decision("Sooner", "2025-12-30", cost_band="none")]
    said = [one.text for one in decisions_front(two, date(2025, 12, 31))]
    assert said[0] == "Sooner. Lead: Head of SEND; by 30 December 2025 (that day has passed); no cost."
    assert said[1] == "Later. Lead: Head of SEND; by 31 March 2026; not costed."


def test_page_one_has_at_most_five_and_says_how_many_more_there_are() -> None:
    seven = [_decision(f"Decision {day}", f"2026-03-0{day}") for day in range(1, 8)]
    said = decisions_front(seven)
    assert len(said) == 5 and said[4].text.endswith(" The chapter has 2 more decisions.")
    assert "more decision" not in decisions_front(seven[:5])[4].text
    assert decisions_front([]) == ()
