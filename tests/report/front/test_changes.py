"""Only what a test bears out is a change; one of a chapter; the law's own first."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.front.changes import changes
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of
from tests.report.front.known_facts import beside, facts

PLANS, ALL_PLANS, YEAR_LATE = "ehcp_within_20_weeks_excl", "ehcp_within_20_weeks_all", "ehcp_over_one_year"
PLACE, NEET = "ehcp_placement_unknown", "participation_16_17_sen"


def moved(name: str, value: float, before: float, way: str, period: str = "2024") -> Facts:
    return facts(name, value, period, counts=(value, 100.0), comparisons={"previous": beside(before, way)})


KNOWN = {
    ALL_PLANS: moved(ALL_PLANS, 40.0, 70.0, "worse"),
    PLANS: moved(PLANS, 47.2, 69.5, "worse"),
    PLACE: moved(PLACE, 26.2, 1.1, "worse"),
    NEET: moved(NEET, 90.0, 80.0, "better"),
    YEAR_LATE: moved(YEAR_LATE, 5.0, 5.1, "similar"),
}


def before(*rows: tuple[str, str]) -> AreaView:
    table = pd.DataFrame([{"indicator_id": i, "period": p, "value": 1.0, "edition": "2024"} for i, p in rows])
    return replace(view_of(), observed_before=table)


def test_the_largest_tested_changes_of_each_chapter_the_law_first() -> None:
    part = changes(view_of(), KNOWN)
    assert [one.anchor for one in part.statements] == [PLANS, PLACE, NEET]
    assert [one.label for one in part.statements] == ["Got worse", "Got worse", "Got better"]
    assert part.statements[0].text.endswith("; it was 69.5% in 2023.")
    assert part.statements[1].text.endswith("; it was 1.1% in the period before.")  # which is not in the tables here
    assert part.lead == (
        "Since the period before, as no earlier edition is held. Of 5 measures tested, 3 got worse and 1 better; "
        "chance alone would rarely give one. The main ones:"
    )


def test_beside_an_earlier_edition_only_newer_figures_count() -> None:
    same_but_one = before((PLANS, "2024"), (ALL_PLANS, "2024"), (PLACE, "2023"), (NEET, "2024"), (YEAR_LATE, "2024"))
    part = changes(same_but_one, KNOWN)
    assert [one.anchor for one in part.statements] == [PLACE]
    assert part.lead.startswith(
        "Since the 2024 edition, 1 measure has a newer figure. Of 1 measure tested, 1 got worse"
    )
    assert "main ones" not in part.lead


def test_what_could_not_be_tested_is_no_change() -> None:
    untested = {PLANS: moved(PLANS, 47.2, 69.5, "not_tested")}
    part = changes(view_of(), untested)
    assert part.statements == () and part.lead.endswith("None could be tested against the period before.")
