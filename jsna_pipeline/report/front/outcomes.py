"""Outcomes that are worst, or getting worse.

Here: choosing at most three, and how many chance alone would list. Not here: the tests (`priorities.py`,
`statistics/multiplicity.py`). First what is worse than England and getting worse; then children with SEN before all
children, and what could be tested before what could not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    shown = _one_of_a_subject(bad)[:MOST]
    said = tuple(words.sentence(one, view.area.name, "worse", _why(one, listed)) for one in shown)
    lead = _tested_both_ways(view)
    return FrontSection(HEADING, f"{lead} Furthest behind England:" if said and not listed else lead, said, "outcomes")


def _one_of_a_subject(ordered: Sequence[Facts]) -> list[Facts]:
    """The first of each subject, in the given order."""
    kept: list[Facts] = []
    for one in ordered:
        if not any(_same_subject(one, other) for other in kept):
            kept.append(one)
    return kept


def _same_subject(one: Facts, other: Facts) -> bool:
    """Of one group in one chapter, where one outcome contains the other: level 2, and that with maths."""
    if (one.record.chapter, one.record.headline_group) != (other.record.chapter, other.record.headline_group):
        return False
    these, those = (set(record.name.lower().split()) for record in (one.record, other.record))
    return these <= those or those <= these


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
        return "No measure here has enough years to test whether it is getting worse."
    number, listed = len(looked_at), int(looked_at["listed"].sum())
    measures = f"{formatting.counted(number, 'measure')} with enough years to test"
    if not listed:
        return f"Of {measures}, none is both worse than England and getting worse."
    chance = _by_chance(float(multiplicity.expected_false_alarms(number)))
    verb = "is" if listed == 1 else "are"
    return f"Of {measures}, {listed} {verb} both worse than England and getting worse; chance alone would {chance}."


def _by_chance(expected: float) -> str:
    return f"give about {words.number_word(round(expected))}" if expected >= 0.5 else "rarely give one"
