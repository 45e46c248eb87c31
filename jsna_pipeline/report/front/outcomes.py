"""Outcomes that are worst, or getting worse.

Here: choosing at most three, and how many chance alone would list. Not here: the tests (`priorities.py`,
`statistics/multiplicity.py`). First what is worse than England and getting worse; then children with SEN before all
children, and what could be tested before what could not.
"""

from __future__ import annotations

from collections.abc import Mapping

from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.front import words
from jsna_pipeline.report.model import FrontSection
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.statistics import multiplicity
from jsna_pipeline.vocabulary import Significance

HEADING = "What is worse, and getting worse?"
CHAPTERS = ("early_years", "outcomes", "attendance", "social_care", "adulthood", "health")
WITH_SEN = frozenset({"sen_provision", "sen_stage", "sen_status", "primary_need"})  # dimensions of a headline
MOST = 3


def outcomes(view: AreaView, known: Mapping[str, Facts]) -> FrontSection:
    listed = set(view.prioritised.loc[view.prioritised["listed"], "indicator_id"])
    bad = [one for one in known.values() if _leads(one, listed)]
    bad.sort(key=lambda one: (one.record.id not in listed, not _of_sen(one), not _tested(one), -_behind(one)))
    said = tuple(words.sentence(one, view.area.name, "worse", _why(one, listed)) for one in bad[:MOST])
    return FrontSection(HEADING, _tested_both_ways(view), said, "outcomes")


def _leads(one: Facts, listed: set[str]) -> bool:
    named = one.record.id in listed or one.record.chapter in CHAPTERS
    return one.may_lead and one.is_bad_beside_england and one.record.standard is None and named


def _of_sen(one: Facts) -> bool:
    return one.record.headline_group[0] in WITH_SEN


def _tested(one: Facts) -> bool:
    england = one.against_england
    return england is not None and england.significance == Significance.WORSE


def _behind(one: Facts) -> float:
    england = one.against_england
    return england.rank / england.out_of if england and england.rank and england.out_of else 0.0


def _why(one: Facts, listed: set[str]) -> str:
    if one.record.id in listed:
        return "Worse and getting worse"
    return "Worse than England" if _tested(one) else "In England’s worst quarter"


def _tested_both_ways(view: AreaView) -> str:
    """How many measures were looked at, how many are listed, and how many chance alone would list."""
    looked_at = view.prioritised
    if looked_at.empty:
        return "No measure here can be tested for both. These are the worst."
    number, listed = len(looked_at), int(looked_at["listed"].sum())
    measures = formatting.counted(number, "measure")
    if not listed:
        return f"Of {measures} that can be tested for both, none is both; these are the worst."
    return (
        f"Of {measures} that can be tested for both, {listed} {'is' if listed == 1 else 'are'} both "
        f"({_by_chance(float(multiplicity.expected_false_alarms(number)))} expected by chance)."
    )


def _by_chance(expected: float) -> str:
    return f"about {formatting.number(expected, 1)}" if expected >= 0.1 else "fewer than 0.1"
