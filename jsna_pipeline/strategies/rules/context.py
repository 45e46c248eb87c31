"""Figures that are neither good nor bad: CONTEXT.

Here: the latest figure, its change since the baseline and its comparators, without judgement. Not here: any
verdict but `no_judgement`, and `no_data` where there is nothing to show.
"""

from __future__ import annotations

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.change import change_of
from jsna_pipeline.strategies.rules.comparators import comparator_series
from jsna_pipeline.strategies.rules.estimates import final, own_run, run_of
from jsna_pipeline.strategies.rules.periods import span
from jsna_pipeline.strategies.verdict import Outcome, Verdict


def context(question: Question) -> Outcome:
    """What is, how it came about since the baseline, and what it is elsewhere."""
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    latest = final(question, run)
    name = formatting.sentence(wording.own_name(run))
    told = [f"{name}: {wording.figure(run, latest)} in {wording.when(question, latest.period)}."]
    evidence: dict[str, float | str] = {"value": latest.value, "period": latest.period, "unit": run.unit}
    evidence |= wording.counts(latest)
    found = span(question, run.estimates)
    if found.known and found.now == latest.period:
        change = change_of(question, run, found)
        evidence = wording.change_evidence(run, change.then, change.now, change.difference)
        before = wording.when(question, found.then)
        told.append(f"It was {wording.value(run, change.then.value)} in {before}.")
        told.append(f"That is {wording.moved(run, change.difference)}.")
    beside = []
    for key, series in comparator_series(question)[0].items():
        other = run_of(series).at(latest.period)
        if other is not None:
            beside.append(f"{wording.short_value(run, other.value)} for {wording.comparator_name(key, series.name)}")
            evidence[key] = other.value
    if beside:
        told.append(f"Beside it: {formatting.listed(beside)}.")
    return wording.outcome(Verdict.NO_JUDGEMENT, *told, evidence=evidence)
