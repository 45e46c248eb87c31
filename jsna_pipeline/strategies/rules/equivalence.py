"""Two figures that are to be the same: CONSISTENT.

Here: two groups of the latest period within a margin, by the 90 % interval of their difference. Not here: the
test (`statistics/equivalence.py`), gaps that are to close (`gaps.py`).

That no difference is seen does not make two figures the same: small numbers show none. So both one-sided tests
must pass: the whole 90 % interval within the margin is met, wholly beyond it is not met, else it cannot be told.
The margin is the strategy's; without one there is nothing to hold the difference against.
"""

from __future__ import annotations

from jsna_pipeline.report import formatting
from jsna_pipeline.statistics import equivalence
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.estimates import (
    Basis,
    Difference,
    Estimate,
    Run,
    common_periods,
    difference,
    few,
    run_of,
)
from jsna_pipeline.strategies.series import Series
from jsna_pipeline.strategies.verdict import Outcome, Verdict

VERDICTS = {
    equivalence.Equivalence.SAME: Verdict.MET,
    equivalence.Equivalence.DIFFERENT: Verdict.NOT_MET,
    equivalence.Equivalence.UNCERTAIN: Verdict.CANNOT_TELL,
}


def consistent(question: Question) -> Outcome:
    """Whether group and reference group (or the first two legs) are the same within the target's margin."""
    pair, names = _pair(question)
    if pair is None:
        return wording.no_data("of the two groups that are to be consistent", missing_series="group")
    runs = [run_of(series, equivalence.CONFIDENCE) for series in pair]
    lacking = [name for run, name in zip(runs, names, strict=True) if not run.estimates]
    if lacking:
        return wording.no_data(f"for {formatting.listed(lacking)}", missing_series="group")
    periods = common_periods(runs)
    if not periods:
        return wording.no_data("of both groups for one period", missing_series="group")
    first, second = runs[0].at(periods[-1]), runs[1].at(periods[-1])
    if first is None or second is None or question.target.margin is None:
        return wording.no_data("for the margin within which they count as the same", missing_series="margin")
    return _judged(question, runs[0], (first, second), names)


def _judged(question: Question, run: Run, pair: tuple[Estimate, Estimate], names: tuple[str, str]) -> Outcome:
    margin = float(question.target.margin or 0.0)
    found = difference(run, *pair)
    verdict = _verdict(found, margin, run, few(pair))
    evidence: dict[str, float | str] = {
        "value": pair[0].value,
        "reference": pair[1].value,
        "period": pair[0].period,
        "difference": found.value,
        "margin": margin,
        "basis": found.basis.value,
        "unit": run.unit,
    }
    evidence |= wording.counts(pair[0]) | wording.counts(pair[1], "reference_") | wording.limits_evidence(found)
    told = [
        f"{formatting.sentence(names[0])}: {wording.figure(run, pair[0])}; {names[1]}: {wording.figure(run, pair[1])} "
        f"in {wording.when(question, pair[0].period)}.",
        f"They differ by {wording.size(run, found.value)}; up to {wording.size(run, margin)} counts as the same.",
    ]
    seen = None
    if found.limits is not None:
        shown = formatting.interval(*found.limits, max(run.decimals, 1))
        told.append(f"The 90% interval of the difference is {shown}.")
        seen = float(
            equivalence.detectable_difference(*found.limits, confidence=equivalence.CONFIDENCE),
        )
    told.append(_reason(run, found, verdict, seen))
    return wording.outcome(verdict, *told, evidence=evidence, detectable=seen)


def _verdict(found: Difference, margin: float, run: Run, too_few: bool) -> Verdict:
    if too_few or found.basis is Basis.EVENTS:
        return Verdict.CANNOT_TELL
    if found.limits is None:
        return Verdict.MET if abs(found.value) <= margin else Verdict.NOT_MET
    return VERDICTS[equivalence.Equivalence(str(equivalence.equivalence(*found.limits, margin)))]


def _reason(run: Run, found: Difference, verdict: Verdict, seen: float | None) -> str:
    if found.basis is Basis.EVENTS:
        return wording.NO_TEST
    if verdict is Verdict.CANNOT_TELL:
        return wording.unseen(run, seen, "difference")
    if found.basis is Basis.PRINTED:
        return wording.ON_PRINTED
    return "It lies within the margin." if verdict is Verdict.MET else "It lies beyond the margin."


def _pair(question: Question) -> tuple[tuple[Series, Series] | None, tuple[str, str]]:
    if question.group is not None and question.reference is not None:
        return (question.group, question.reference), (question.group_name, question.reference_name)
    if len(question.legs) >= 2:
        names = (
            (*question.leg_names, "the first", "the second")[:2] if question.leg_names else ("the first", "the second")
        )
        return (question.legs[0][0], question.legs[1][0]), (names[0], names[1])
    return None, ("", "")
