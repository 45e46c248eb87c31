"""Gaps between a group and its reference group: GAP_CLOSING_FASTER.

Here: the gap in every year, whether it closed each year, and its change beside a comparator's, the difference
in differences with its interval. Not here: the two groups (the evaluation fills them in), gaps of areas from
each other (`comparators.py`).

A gap is counted from its side at the baseline: above 0 then, and closing when it falls. It may close because
the group did better or because its reference group did worse; the sentence says who moved.

The target has two parts, and both are needed. `Faster` is met where the interval of the difference in
differences lies below 0, and the area's own gap clearly closed. `Every year` is then read from the printed
gaps: where numbers are large enough to show the first, one year without closing fails the second. A year
that clearly widened fails in any case. Where the first is not clear, a single year's wobble tells nothing.
A gap that is published as one figure, or groups without counts, are judged as printed, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.estimates import (
    Basis,
    Difference,
    Estimate,
    Run,
    beyond,
    common_periods,
    difference,
    few,
    own_run,
    run_of,
)
from jsna_pipeline.strategies.rules.periods import span
from jsna_pipeline.strategies.series import Series
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import Method


@dataclass(frozen=True)
class Gap:
    """The gap of one period (reference minus group), and the estimates it is made of, if it is made of any."""

    period: str
    found: Difference
    group: Estimate | None = None
    reference: Estimate | None = None

    @property
    def few(self) -> bool:
        return few(one for one in (self.group, self.reference) if one is not None)


@dataclass(frozen=True)
class Gaps:
    """The gaps of one area through time, the oldest first; `run` gives their unit."""

    run: Run
    gaps: tuple[Gap, ...]
    name: str

    def at(self, period: str) -> Gap:
        return next(gap for gap in self.gaps if gap.period == period)

    def has(self, period: str) -> bool:
        return any(gap.period == period for gap in self.gaps)


def gap_closing_faster(question: Question) -> Outcome:
    """Whether a gap closed in every year, and faster than the comparators'."""
    own = _own_gaps(question)
    if isinstance(own, Outcome):
        return own
    known: dict[str, Gaps] = {
        key: gaps for key in question.target.comparators if (gaps := _comparator_gaps(question, key, own))
    }
    missing = [wording.comparator_name(key, "") for key in question.target.comparators if key not in known]
    if not known:
        return wording.no_data(f"of the gap for {formatting.listed(missing)}", missing_series="comparator")
    shared = [gap for gap in own.gaps if all(other.has(gap.period) for other in known.values())]
    found = span(question, shared)
    if not found.known:
        return wording.no_data(f"of the gap {found.missing}", missing_series="baseline")
    return _judged(question, own, known, (found.then, found.now), missing)


def _judged(
    question: Question, own: Gaps, known: Mapping[str, Gaps], ends: tuple[str, str], missing: Sequence[str]
) -> Outcome:
    then, now = own.at(ends[0]), own.at(ends[1])
    side = _side(then)
    told = [_own_sentence(question, own, then, now)]
    evidence = _own_evidence(own, then, now)
    if side == 0:
        return wording.outcome(Verdict.NO_JUDGEMENT, *told, "There was no gap to close.", evidence=evidence)
    change = _change(own, then, now)
    faster: dict[str, Difference] = {}
    for key, other in known.items():
        theirs = _change(other, other.at(ends[0]), other.at(ends[1]))
        faster[key] = beyond(change, theirs, own.run.decimals)
        told.append(_beside(own.run, other, theirs, faster[key]))
        evidence |= {f"change_{key}": theirs.value, f"difference_of_changes_{key}": faster[key].value}
        evidence |= wording.limits_evidence(faster[key], f"_of_changes_{key}")
    if missing:
        told.append(f"There is no figure of the gap for {formatting.listed(missing)}.")
    between = own.gaps[own.gaps.index(then) : own.gaps.index(now) + 1]
    years = [_step(own, side, *pair) for pair in pairwise(between)]
    evidence |= {"years_closed": sum(closed for closed, _ in years), "years": len(years)}
    verdict = _verdict(change, list(faster.values()), years, then.few or now.few)
    seen = max((one.detectable for one in (change, *faster.values()) if one.detectable is not None), default=None)
    told.append(f"It closed in {sum(closed for closed, _ in years)} of {formatting.counted(len(years), 'step')}.")
    told.append(_reason(own, verdict, change, seen, then.few or now.few))
    if verdict is Verdict.MET and (who := _who_moved(question, then, now)):
        told.append(who)
    return wording.outcome(verdict, *told, evidence=evidence, detectable=seen)


def _verdict(
    change: Difference, faster: Sequence[Difference], years: Sequence[tuple[bool, bool]], too_few: bool
) -> Verdict:
    """From the own change, the differences in differences, and each year's (closed, clearly widened)."""
    every_year = all(closed for closed, _ in years)
    if too_few or change.basis is Basis.EVENTS:
        return Verdict.CANNOT_TELL
    if change.basis is Basis.PRINTED:
        return Verdict.MET if every_year and all(one.value < 0 for one in faster) else Verdict.NOT_MET
    if change.clearly(1) or any(one.clearly(1) for one in faster) or any(widened for _, widened in years):
        return Verdict.NOT_MET
    if change.clearly(-1) and all(one.clearly(-1) for one in faster):
        return Verdict.MET if every_year else Verdict.NOT_MET
    return Verdict.CANNOT_TELL


def _own_gaps(question: Question) -> Gaps | Outcome:
    """The area's gaps: from its two groups, else from a series that is itself a gap."""
    if question.group is not None and question.reference is not None:
        group, reference = run_of(question.group), run_of(question.reference)
        for run, name in ((group, question.group_name), (reference, question.reference_name)):
            if not run.estimates:
                return wording.no_data(f"for {name} in {run.name or 'the area'}", missing_series="group")
        gaps = _from_groups(group, reference, group.name or question.area.name or "The area")
        return gaps if gaps.gaps else wording.no_data("of both groups for one period", missing_series="group")
    run = own_run(question)
    if run.method is not Method.DIFFERENCE:
        return wording.no_data("of the two groups between which the gap is", missing_series="group")
    return _from_published(run, run.name or "The area") if run.estimates else wording.no_own_figure(question, run)


def _comparator_gaps(question: Question, key: str, own: Gaps) -> Gaps | None:
    group, reference = question.comparator_group.get(key), question.comparator_reference.get(key)
    if group is not None and reference is not None:
        gaps = _from_groups(run_of(group), run_of(reference), wording.comparator_name(key, group.name))
    else:
        published: Series | None = question.comparators.get(key)
        if published is None or own.gaps[0].group is not None:
            return None
        gaps = _from_published(run_of(published), wording.comparator_name(key, published.name))
    return gaps if gaps.gaps and gaps.name != own.name else None


def _from_groups(group: Run, reference: Run, name: str) -> Gaps:
    pairs = [(group.at(at), reference.at(at)) for at in common_periods([group, reference])]
    gaps = [
        Gap(one.period, difference(group, two, one), one, two)
        for one, two in pairs
        if one is not None and two is not None
    ]
    return Gaps(group, tuple(gaps), name)


def _from_published(run: Run, name: str) -> Gaps:
    gaps = tuple(Gap(one.period, Difference(one.value, Basis.PRINTED, one.exact)) for one in run.estimates)
    return Gaps(run, gaps, name)


def _side(gap: Gap) -> int:
    return (gap.found.value > 0) - (gap.found.value < 0)


def _change(gaps: Gaps, then: Gap, now: Gap) -> Difference:
    """Change of the gap as counted from its side at the baseline: below 0 where it closed."""
    side = _side(then) or 1
    return beyond(now.found, then.found, gaps.run.decimals).turned(side)


def _step(gaps: Gaps, side: int, before: Gap, after: Gap) -> tuple[bool, bool]:
    change = beyond(after.found, before.found, gaps.run.decimals).turned(side)
    return change.value < 0, change.clearly(1)


def _own_sentence(question: Question, own: Gaps, then: Gap, now: Gap) -> str:
    first, last = (wording.size(own.run, gap.found.value) for gap in (then, now))
    turned = " on the other side" if _side(now) == -_side(then) and _side(now) else ""
    return (
        f"{formatting.sentence(own.name)}: a gap of {first} in {wording.when(question, then.period)} and of {last}"
        f"{turned} in {wording.when(question, now.period)}."
    )


def _beside(run: Run, other: Gaps, theirs: Difference, faster: Difference) -> str:
    word = "widened" if theirs.value > 0 else "closed"
    moved = f"{word} by {wording.size(run, theirs.value)}" if theirs.value else "did not change as printed"
    shown = wording.limits(run, faster)
    difference_words = f"; the difference in changes is {wording.signed(run, faster.value)}"
    return f"For {other.name} it {moved}{difference_words}{f' ({shown})' if shown else ''}."


def _own_evidence(own: Gaps, then: Gap, now: Gap) -> dict[str, float | str]:
    evidence: dict[str, float | str] = {
        "value": now.found.value,
        "period": now.period,
        "baseline": then.found.value,
        "baseline_period": then.period,
        "difference": _change(own, then, now).value,
        "basis": now.found.basis.value,
        "unit": own.run.unit,
    }
    evidence |= wording.limits_evidence(_change(own, then, now))
    for gap, prefix in ((now, ""), (then, "baseline_")):
        for one, who in ((gap.group, "group"), (gap.reference, "reference")):
            if one is not None:
                evidence |= {f"{prefix}{who}": one.value} | wording.counts(one, f"{prefix}{who}_")
    return evidence


def _reason(own: Gaps, verdict: Verdict, change: Difference, seen: float | None, too_few: bool) -> str:
    if verdict is Verdict.CANNOT_TELL and change.basis is Basis.EVENTS:
        return wording.NO_TEST
    if verdict is Verdict.CANNOT_TELL:
        few_words = "Fewer than 10 were counted." if too_few else "The difference may be chance."
        return wording.joined(few_words, wording.unseen(own.run, seen))
    if change.basis is Basis.PRINTED:
        return wording.ON_PRINTED
    return "That is faster, and in every step." if verdict is Verdict.MET else "That is not faster in every step."


def _who_moved(question: Question, then: Gap, now: Gap) -> str:
    """Said where the gap closed although the group itself did not move towards its reference group."""
    if then.group is None or now.group is None:
        return ""
    side = _side(then)
    if (now.group.value - then.group.value) * side > 0:
        return ""
    return f"It closed because the figure of {question.reference_name} {'fell' if side > 0 else 'rose'}."
