"""Worse and getting worse first; then children with SEN; and how many chance would list."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jsna_pipeline.report.front.outcomes import outcomes
from jsna_pipeline.report.view import AreaView
from tests.invented_area import view_of
from tests.report.front.known_facts import beside, facts

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
    assert part.lead == "Of 40 measures that can be tested for both, 1 is both (fewer than 0.1 expected by chance)."


def test_without_any_the_worst_are_told_as_that() -> None:
    part = outcomes(view_with(), KNOWN)
    assert part.lead == "Of 40 measures that can be tested for both, none is both; these are the worst."
    assert [one.label for one in part.statements][1] == "Worse than England"  # tested, before the untested rank


def test_nothing_old_leads() -> None:
    assert outcomes(view_with(of=0), {LEVEL: replace(KNOWN[LEVEL], period="2022")}).statements == ()
