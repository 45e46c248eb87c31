"""Before and after an intervention, beside comparators: VS_PRIOR_TO_INTERVENTION.

Here: the area's change from the last period before to the latest since, and that change less the comparator's
(the difference in differences) with its interval. Not here: which interventions there were (the target names
the first period after), or whether they were the cause, which no such comparison shows.

Two legs, and both are needed: the area moved the right way since, and more so than every comparator that the
target names. Either that clearly fails is enough to fail. One period stands for `before` and one for `after`:
added years would count the same children often, and the interval would promise too much. Values without counts
are judged as printed; events of which one child may have many cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from jsna_pipeline.report import formatting
from jsna_pipeline.statistics.comparison import polarity_sign
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.change import Change, change_of, judged, reason
from jsna_pipeline.strategies.rules.comparators import comparator_series, growth
from jsna_pipeline.strategies.rules.estimates import Basis, Difference, Run, own_run, run_of
from jsna_pipeline.strategies.rules.periods import before_and_after, time_left
from jsna_pipeline.strategies.verdict import Outcome, Verdict


def vs_prior_to_intervention(question: Question) -> Outcome:
    """Whether figures are better than before an intervention, and have gained more than the comparators'."""
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    found = before_and_after(question, run.estimates)
    if not found.known:
        return wording.no_data(found.missing, missing_series="baseline")
    known, missing = comparator_series(question)
    others = {key: run_of(series) for key, series in known.items()}
    both = {key: one for key, one in others.items() if one.at(found.then) and one.at(found.now)}
    missing += [wording.comparator_name(key, one.name) for key, one in others.items() if key not in both]
    change = change_of(question, run, found)
    told = [wording.then_and_now(question, run, change.then, change.now)]
    evidence = wording.change_evidence(run, change.then, change.now, change.difference)
    if not both:
        gap = wording.no_data(
            f"for {formatting.listed(missing)} before and after", missing_series="comparator", period=found.now
        )
        return Outcome(gap.verdict, wording.joined(*told, gap.sentence), gap.evidence)
    sign = int(polarity_sign(question.polarity.value))
    beyond_all = []
    for key, other in both.items():
        _, theirs, more = growth(run, other, found.then, found.now)
        beyond_all.append(more)
        told.append(wording.beside_change(run, wording.comparator_name(key, other.name), theirs, more))
        evidence |= {f"change_{key}": theirs.value, f"difference_of_changes_{key}": more.value}
        evidence |= wording.limits_evidence(more, f"_of_changes_{key}")
    if missing:
        told.append(f"There is no figure for {formatting.listed(missing)} before and after.")
    if not sign:
        told.append("The strategy names no direction, so it is not judged.")
        return wording.outcome(Verdict.NO_JUDGEMENT, *told, evidence=evidence)
    verdict = _verdict(change, beyond_all, sign)
    seen = max((one.detectable for one in (change.difference, *beyond_all) if one.detectable), default=None)
    told.append(_reason(run, change, verdict, seen))
    if question.target.window is not None:
        told.append(wording.after_the_window(question, run, found.now))
    if verdict is Verdict.MET and question.target.due is not None and time_left(question):
        verdict = Verdict.ON_COURSE
        told.append(f"The day is {formatting.date_words(question.target.due)}.")
    return wording.outcome(verdict, *told, evidence=evidence, detectable=seen)


def _verdict(change: Change, beyond_all: Sequence[Difference], sign: int) -> Verdict:
    own = judged(change, sign)
    if change.few or change.difference.basis is Basis.EVENTS:
        return Verdict.CANNOT_TELL
    if change.difference.basis is Basis.PRINTED:
        if own is Verdict.CANNOT_TELL:
            return own
        more = all(one.value * sign > 0 for one in beyond_all)
        return Verdict.MET if own is Verdict.MET and more else Verdict.NOT_MET
    if own is Verdict.NOT_MET or any(one.clearly(-sign) for one in beyond_all):
        return Verdict.NOT_MET
    return Verdict.MET if own is Verdict.MET and all(one.clearly(sign) for one in beyond_all) else Verdict.CANNOT_TELL


def _reason(run: Run, change: Change, verdict: Verdict, seen: float | None) -> str:
    own = f"Its own is {wording.moved(run, change.difference)}"
    if change.difference.basis is Basis.EVENTS:
        return wording.joined(f"{own}.", wording.NO_TEST)
    if change.difference.basis is Basis.PRINTED and not change.few:
        return reason(change, verdict, "Its own")
    if verdict is Verdict.CANNOT_TELL:
        few = "fewer than 10 were counted" if change.few else "part of this may be chance"
        return wording.joined(f"{own}; {few}.", wording.unseen(run, seen))
    less = "and more than elsewhere" if verdict is Verdict.MET else "which is not better, or not more than elsewhere"
    return f"{own}, {less}."
