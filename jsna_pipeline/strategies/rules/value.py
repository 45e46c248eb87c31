"""Cost beside outcome and volume: BEST_VALUE.

Here: a unit cost, the volume it paid for and the outcome reached, through one span of time. Not here: whether a
cost is high (nothing here judges cost alone), or prices: costs are in cash, and the sentence says so.

Only dominance is judged, as on the plane of cost and effect (Black WC (1990), Med Decis Making 10: 212-4): a
better outcome for no more money is met, a worse one for no less money is not. Where both rise or both
fall there is a trade to weigh, and people weigh it. Without outcome or volume there is no judgement at all.

The area's series is the unit cost: value in pounds, its denominator the volume. The first leg is the outcome;
a second leg is the volume where the cost has no denominator.
"""

from __future__ import annotations

from jsna_pipeline.report import formatting
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.change import Change, change_of
from jsna_pipeline.strategies.rules.context import context
from jsna_pipeline.strategies.rules.estimates import Run, own_run, run_of
from jsna_pipeline.strategies.rules.linked import leg
from jsna_pipeline.strategies.rules.periods import span
from jsna_pipeline.strategies.verdict import Outcome, Verdict

COST_ALONE = "Cost alone is not judged."


def best_value(question: Question) -> Outcome:
    """Met or not met where cost and outcome point one way; otherwise shown, and left to people."""
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    if formatting.is_percent(run.unit):
        return context(question)  # a share beside the costs is no cost
    found = span(question, run.estimates)
    if not found.known:
        latest = run.estimates[-1]
        shown = f"{wording.value(run, latest.value)} in {wording.when(question, latest.period)}"
        evidence: dict[str, float | str] = {"value": latest.value, "period": latest.period, "unit": run.unit}
        alone = f"{formatting.sentence(wording.own_name(run))}: {shown}, in cash."
        words = wording.joined(alone, f"There is no figure {found.missing}.", COST_ALONE)
        return Outcome(Verdict.NO_JUDGEMENT, words, evidence)
    change = change_of(question, run, found)
    told = [wording.then_and_now(question, run, change.then, change.now), "Prices are in cash."]
    evidence = wording.change_evidence(run, change.then, change.now, change.difference)
    volume = _volume(question, change)
    if volume is None or not question.legs:
        lacking = [name for name, there in (("outcome", question.legs), ("volume", volume)) if not there]
        told.append(f"There is no figure of the {' or the '.join(lacking)} beside it. {COST_ALONE}")
        return wording.outcome(Verdict.NO_JUDGEMENT, *told, evidence=evidence)
    evidence |= {"baseline_volume": volume[0], "volume": volume[1]}
    told.append(f"The volume was {formatting.number(volume[0])}, and is {formatting.number(volume[1])}.")
    series, want = question.legs[0]
    name = question.leg_names[0] if question.leg_names else "Outcome"
    outcome = leg(question, series, want, name)
    evidence |= {f"outcome_{key}": value for key, value in outcome.evidence.items()}
    verdict, why = _dominance(change, outcome)
    return wording.outcome(verdict, *told, outcome.sentence, why, evidence=evidence, detectable=outcome.detectable)


def _volume(question: Question, change: Change) -> tuple[float, float] | None:
    """Volumes of the two periods: the cost's denominators, else the second leg's values."""
    if change.then.denominator and change.now.denominator:
        return change.then.denominator, change.now.denominator
    if len(question.legs) < 2:
        return None
    run: Run = run_of(question.legs[1][0])
    then, now = run.at(change.then.period), run.at(change.now.period)
    return None if then is None or now is None else (then.value, now.value)


def _dominance(change: Change, outcome: Outcome) -> tuple[Verdict, str]:
    dearer = change.difference.value
    if outcome.verdict is Verdict.MET and dearer <= 0:
        return Verdict.MET, "The outcome is better, for no more money."
    if outcome.verdict is Verdict.NOT_MET and dearer >= 0:
        return Verdict.NOT_MET, "The outcome is worse, for no less money."
    if outcome.verdict is Verdict.CANNOT_TELL:
        return Verdict.CANNOT_TELL, f"Whether the outcome changed cannot be told. {COST_ALONE}"
    if outcome.verdict is Verdict.NO_DATA:
        return Verdict.NO_JUDGEMENT, COST_ALONE
    return Verdict.NO_JUDGEMENT, "Cost and outcome point different ways: a trade for people to weigh."
