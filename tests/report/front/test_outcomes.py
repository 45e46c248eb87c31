"""Worse and getting worse first; then children with SEN; and how many chance would list."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jsna_pipeline.report.front.outcomes import outcomes
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of
from tests.report.front.known_facts import beside, facts

BOTH = "level_2_english_maths_at_19"
ABSENT, LEVEL, NEET, KS2 = "persistent_absence_children_in_need", "level_2_at_19", "neet_16_17", "ks2_disadvantage"


def view_with(*listed: str, of: int = 40) -> AreaView:
    rows = [{"indicator_id": name, "worse": True, "worsening": True, "listed": True} for name in listed]
    rows += [
        {"indicator_id": f"other_{k}", "worse": False, "worsening": False, "listed": False}
        for k in range(of - len(listed))
    ]
    columns = ["indicator_id", "worse", "worsening", "listed"]
    return replace(view_of(), prioritised=pd.DataFrame(rows, columns=columns).astype({"listed": bool}))


KNOWN = {
    NEET: facts(NEET, 9.9, comparisons={"england": beside(5.6, rank=151, quartile=4)}),
    LEVEL: facts(LEVEL, 9.8, comparisons={"england": beside(30.5, rank=140, quartile=4)}),
    ABSENT: facts(ABSENT, 60.0, comparisons={"england": beside(46.0, "worse", rank=130, quartile=4)}),
    KS2: facts(KS2, 60.0, comparisons={"england": beside(46.0, "similar", rank=2, quartile=1)}),
}


def test_listed_ones_lead_with_what_chance_would_list() -> None:
    part = outcomes(view_with(ABSENT), KNOWN)
    assert [one.label for one in part.statements] == [
        "Worse and getting worse", "In England’s worst quarter", "In England’s worst quarter"
    ]  # fmt: skip
    assert [one.anchor for one in part.statements] == [ABSENT, LEVEL, NEET]
    assert part.lead == (
        "Of 40 measures with enough years to test, 1 is both worse than England and getting worse; "
        "chance alone would rarely give one."
    )


def test_without_any_the_worst_are_told_as_that() -> None:
    part = outcomes(view_with(), KNOWN)
    assert part.lead == (
        "Of 40 measures with enough years to test, none is both worse than England and getting worse. "
        "Furthest behind England:"
    )
    assert [one.label for one in part.statements][1] == "Worse than England"  # tested, before the untested rank


def test_two_measures_of_one_subject_count_as_one_and_the_tested_one_is_told() -> None:
    both = facts(BOTH, 9.8, counts=(13.0, 132.0), comparisons={"england": beside(16.9, "worse")})
    other_level = facts("level_3_at_19", 4.6, comparisons={"england": beside(14.2, rank=140, quartile=4)})
    part = outcomes(view_with(), {LEVEL: KNOWN[LEVEL], BOTH: both, "level_3_at_19": other_level})
    assert [one.anchor for one in part.statements] == [BOTH, "level_3_at_19"]
    assert "were recorded at level 3 (2024, counts not published); England 14.2%." in part.statements[1].text


def test_nothing_old_leads() -> None:
    assert outcomes(view_with(of=0), {LEVEL: replace(KNOWN[LEVEL], period="2022")}).statements == ()
