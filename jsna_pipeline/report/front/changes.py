"""What has changed since the edition before or, where none is held, since the period before.

Here: the largest changes that a test bears out. Not here: the test, which is of the difference between two periods
(the comparator `previous`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jsna_pipeline.findings import Facts
from jsna_pipeline.report.front import words
from jsna_pipeline.report.model import FrontSection, FrontStatement
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.statistics import multiplicity
from jsna_pipeline.vocabulary import Comparator, Significance

HEADING = "What has changed?"
MOST, MOST_WORSE = 3, 2
# What one unit is in percentage points, so that shares and rates can be put in one order.
POINTS = {"percent": 1.0, "per 100": 1.0, "per 1,000": 0.1, "per 10,000": 0.01, "per 100,000": 0.001}


def changes(view: AreaView, known: Mapping[str, Facts]) -> FrontSection:
    newer, since = _newer(view, known)
    tested = [one for one in newer if _change(one) in {*_MOVED, Significance.SIMILAR}]
    worse = _largest(one for one in tested if _change(one) == Significance.WORSE)
    better = _largest(one for one in tested if _change(one) == Significance.BETTER)
    kept = worse[:MOST_WORSE]
    kept += better[: MOST - len(kept)]
    kept += worse[MOST_WORSE : MOST_WORSE + MOST - len(kept)]
    lead = since + _how_many(tested) + (" The main ones:" if len(worse) + len(better) > 1 else "")
    return FrontSection(HEADING, lead, tuple(_sentence(view, one) for one in kept), "changes")


_MOVED = (Significance.WORSE, Significance.BETTER)


def _newer(view: AreaView, known: Mapping[str, Facts]) -> tuple[list[Facts], str]:
    """The measures whose figure is newer than in the edition before; all current ones where no such edition is held."""
    current = [one for one in known.values() if one.is_current]
    before = view.observed_before
    if before is None or before.empty:
        return current, "Since the period before, as no earlier edition is held. "
    valued = before.loc[before["value"].notna()]
    newest = valued.groupby("indicator_id")["period"].max()
    newer = [one for one in current if one.period > newest.get(one.record.id, "")]
    edition = str(before["edition"].iloc[0])
    figures = "1 measure has a newer figure" if len(newer) == 1 else f"{len(newer)} measures have newer figures"
    return newer, f"Since the {edition} edition, {figures}. "


def _change(one: Facts) -> Significance | None:
    before = one.comparisons.get(Comparator.PREVIOUS)
    return Significance(before.significance) if before else None


def _how_many(tested: list[Facts]) -> str:
    if not tested:
        return "None could be tested against the period before."
    worse, better = (sum(_change(one) == way for one in tested) for way in _MOVED)
    measures = "1 measure" if len(tested) == 1 else f"{len(tested)} measures"
    expected = len(tested) * multiplicity.COMPARISON_CHANCE
    chance = f"give about {words.number_word(round(expected))} either way" if expected >= 0.5 else "rarely give one"
    either = f"; chance alone would {chance}" if worse or better else ""
    return f"Of {measures} tested, {worse} got worse and {better} better{either}."


def _largest(found: Iterable[Facts]) -> list[Facts]:
    """The law's own first, then the largest change; one of a chapter, since its measures overlap."""
    ordered = sorted(found, key=lambda one: (one.record.standard is None, -_size(one), one.record.id))
    kept: dict[str, Facts] = {}
    for one in ordered:
        kept.setdefault(one.record.chapter, one)
    return list(kept.values())


def _size(one: Facts) -> float:
    before = one.comparisons[Comparator.PREVIOUS]
    return abs(one.value - before.value) * POINTS.get(one.record.unit.replace("_", " "), 0.0)


def _sentence(view: AreaView, one: Facts) -> FrontStatement:
    key, before = words.figure(one), words.figure(one, one.comparisons[Comparator.PREVIOUS].value)
    text = f"{key} {words.phrase(one)} ({words.counted(one)}); it was {before} {_period_before(view, one)}."
    if _change(one) == Significance.WORSE:
        return FrontStatement(text, "worse", "Got worse", one.record.id, key)
    return FrontStatement(text, "better", "Got better", one.record.id, key)


def _period_before(view: AreaView, one: Facts) -> str:
    """ "in 2023": the period that the comparison `previous` is with, the last valued one before the headline's."""
    code, _ = view.speaks_for(one.record)
    dimension, category = one.record.headline_group
    rows = view.observations(one.record.id, area_code=code, dimension=dimension, category=category)
    earlier = rows.loc[
        rows["value"].notna() & (rows["period"] < one.period) & (rows["period_type"] == one.period_type.value), "period"
    ]
    if earlier.empty:
        return "in the period before"
    before = words.when(replace(one, period=str(earlier.max())))
    return f"in {'the ' if before.startswith('year') else ''}{before}"
