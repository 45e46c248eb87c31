"""Decisions with lead and date, the earliest first; where nobody has written any, the questions that remain."""

from __future__ import annotations

from pathlib import Path

from jsna_pipeline.report.front.people import decisions, families, sought
from jsna_pipeline.report.front.standards import standards
from jsna_pipeline.voice.results import voice_results
from tests.invented_area import view_of, write
from tests.report.front.known_facts import facts

HEAD = "decision,why,lead,by,board,options,chapter,cost_band"
PLANS = "ehcp_within_20_weeks_excl"


def test_a_decision_has_its_lead_its_day_and_its_board(tmp_path: Path) -> None:
    rows = [f"decide on matter {day},,A lead,2026-03-{day:02d},A board,,," for day in range(7, 0, -1)]
    rows[-1] = f"{'word ' * 30},,{'name ' * 12},2025-03-01,,,,"
    part = decisions(view_of(write(tmp_path, {"decisions.csv": "\n".join([HEAD, *rows])})), [])
    assert len(part.statements) == 5 and part.lead == "The first 5 by date; the chapter on commissioning has 2 more."
    first, second, *_ = part.statements
    assert first.text.startswith(f"Word {' '.join(['word'] * 20)} …. Lead: {' '.join(['name'] * 9)} …; by 1 March 2025")
    assert len(first.text) <= 260
    assert "(that day has passed)" in first.text
    assert second.text == (
        "Decide on matter 2. For decision by the A board. Lead: A lead; by 2 March 2026; not costed."
    )
    assert {one.anchor for one in part.statements} == {"commissioning-decisions"}


def test_a_decision_leads_to_the_chapter_that_it_names_and_costs_are_of_a_year(tmp_path: Path) -> None:
    rows = ["agree a team,,A lead,2026-03-07,The Cabinet,,money,50k_250k", "agree,,A lead,2026-02-28,,,outcomes,none"]
    view = view_of(write(tmp_path, {"decisions.csv": "\n".join([HEAD, *rows])}))
    worst = facts(PLANS, 47.2, counts=(182.0, 386.0))
    part = decisions(view, [], worst)
    assert [one.anchor for one in part.statements] == ["chapter-outcomes", "chapter-money"]
    assert part.statements[1].text == (
        "Agree a team. For decision by The Cabinet. Lead: A lead; by 7 March 2026; £50,000 to £250,000 a year."
    )
    assert part.lead == "No decision here is about the standard furthest from the law: plans within 20 weeks."
    assert sought(view) == "Two decisions are sought, the first by 28 February 2026."
    rows.append("decide on matters,,A lead,2026-04-01,,,,")  # of several chapters: nobody can tell
    untold = view_of(write(tmp_path, {"decisions.csv": "\n".join([HEAD, *rows])}))
    assert decisions(untold, [], worst).lead == ""


def test_where_nobody_decides_failed_standards_are_put_as_questions() -> None:
    cards = standards({PLANS: facts(PLANS, 47.2, counts=(182.0, 386.0))}).cards
    part = decisions(view_of(), cards)
    assert part.lead.startswith("No decision has been put forward")
    (asked,) = part.statements
    assert asked.text == "Plans within 20 weeks: 204 of 386 late. Who will put this right, how and by when?"
    assert asked.label == "Question for the board"


def test_families_who_were_not_heard_are_named_as_missing() -> None:
    (said,) = families(view_of(), voice_results((), {}, "2025")).statements
    assert said.tone == "unknown" and "missing from this edition" in said.text
