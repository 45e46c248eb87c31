"""What is not known, counted in words that a parent understands."""

from __future__ import annotations

from jsna_pipeline.report.front.unknowns import unknowns
from tests.invented_area import view_of
from tests.report.front.known_facts import facts

PLANS, LEVEL = "ehcp_within_20_weeks_excl", "level_2_at_19"


def test_old_figures_short_series_and_unpublished_things_are_counted() -> None:
    part = unknowns(view_of(), {PLANS: facts(PLANS, 47.2), LEVEL: facts(LEVEL, 9.8, "2021")})
    said = {one.label: one.text for one in part.statements}
    assert list(said) == ["Out of date", "No trend", "No public source", "Not known"]
    assert said["Out of date"].startswith("1 figure is more than two years old")
    assert said["No trend"].startswith("For 1 measure there are too few years")
    assert said["Not known"].endswith("measures have no figure for Wigan.")
    assert all(one.tone == "unknown" and one.anchor == "data-quality" for one in part.statements)


def test_what_is_nought_is_not_told() -> None:
    part = unknowns(view_of(), {PLANS: facts(PLANS, 47.2, direction="decreasing")})
    assert {"Out of date", "No trend"}.isdisjoint(one.label for one in part.statements)
