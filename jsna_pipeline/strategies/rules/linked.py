"""Two figures that are to move together: LINKED.

Here: each leg's change against its own baseline, and the joint verdict. Not here: how a change is judged
(`change.py`).

Both legs are needed. One that clearly moves the wrong way fails the pair; one without figures leaves an owned
gap; one that cannot be told leaves the pair so. That both moved as wanted does not show that one brought about
the other, and the sentence says so.
"""

from __future__ import annotations

from dataclasses import replace

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.change import change_of, judged, reason
from jsna_pipeline.strategies.rules.estimates import run_of
from jsna_pipeline.strategies.rules.periods import span, time_left
from jsna_pipeline.strategies.series import Series
from jsna_pipeline.strategies.verdict import Outcome, Verdict

ORDER = (Verdict.NOT_MET, Verdict.NO_DATA, Verdict.CANNOT_TELL, Verdict.MET)
NO_CAUSE = "That both moved does not show that one brought about the other."


def linked(question: Question) -> Outcome:
    """The joint verdict of the legs, each wanted to increase or to reduce."""
    if len(question.legs) < 2:
        return wording.no_data("for both sides of the pair", missing_series="leg")
    names = [
        *question.leg_names,
        *(f"Side {place + 1}" for place in range(len(question.leg_names), len(question.legs))),
    ]
    kinds = [*question.leg_kinds, *[question.period_type] * (len(question.legs) - len(question.leg_kinds))]
    outcomes = [
        leg(replace(question, period_type=kind), *each, name)
        for each, name, kind in zip(question.legs, names, kinds, strict=False)
    ]
    verdict = next(one for one in ORDER if one in {outcome.verdict for outcome in outcomes})
    detectable = next((one.detectable for one in outcomes if one.detectable is not None), None)
    evidence = {
        f"leg_{place}_{name}": value
        for place, one in enumerate(outcomes, start=1)
        for name, value in ({"verdict": one.verdict.value} | dict(one.evidence)).items()
    }
    told = [one.sentence for one in outcomes]
    if verdict is Verdict.MET:
        told.append(NO_CAUSE)
        if question.target.due is not None and time_left(question):
            verdict = Verdict.ON_COURSE
            told.append(f"The day is {formatting.date_words(question.target.due)}.")
    return Outcome(verdict, wording.joined(*told), evidence, detectable if verdict is Verdict.CANNOT_TELL else None)


def leg(question: Question, series: Series, want: str, name: str) -> Outcome:
    """One side: its latest figure against its own baseline, in the direction `want` ("increase" or "reduce")."""
    if want not in ("increase", "reduce"):
        raise ValueError("a leg is wanted to increase or to reduce")
    run = run_of(series)
    if not run.estimates:
        return wording.no_data(f"of “{name}” for {run.name or 'the area'}", missing_series="leg")
    found = span(question, run.estimates)
    if not found.known:
        latest = run.estimates[-1]
        gap = wording.no_data(found.missing, missing_series="baseline", period=latest.period)
        shown = f"{name}: {wording.figure(run, latest)} in {wording.when(question, latest.period)}."
        return Outcome(gap.verdict, wording.joined(shown, gap.sentence), gap.evidence)
    change = change_of(question, run, found)
    verdict = judged(change, 1 if want == "increase" else -1)
    told = (
        f"{name}: {wording.figure(run, change.then)} in {wording.when(question, change.then.period)} and "
        f"{wording.figure(run, change.now)} in {wording.when(question, change.now.period)}."
    )
    evidence = wording.change_evidence(run, change.then, change.now, change.difference)
    return wording.outcome(
        verdict, told, reason(change, verdict), evidence=evidence, detectable=change.difference.detectable
    )
