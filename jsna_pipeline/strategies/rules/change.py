"""An area's own figures, latest against baseline: REDUCE, INCREASE, REDUCE_WINDOW and MAINTAIN_AND_IMPROVE.

Here: the change between two periods, the verdict on it, and levels that are to be reached. Not here: which
periods they are (`periods.py`), monthly series (`months.py`), changes beside other areas (`intervention.py`).

A change of tested figures meets a target where its two-sided 95 % interval lies wholly on the wanted side, and
fails it where it lies wholly on the other; else it cannot be told. Fewer than ten counted never tell.

Values without counts are judged as printed, and the sentence says so. Where three or more are known, a change
that is smaller than the mean step from one to the next cannot be told from the usual ups and downs; nor can no
change as printed. What stays at 0, the least there can be, meets a target to reduce it; likewise all of a share.

Events that one child may have often bear no test of chance: the verdict is that it cannot be told, unless
every one of five periods or more moved the same way. That needs no independent events, only years that follow
no order of their own: five values fall in one given order with a chance of 1 in 120, and all fall or all rise
with 1 in 60, below the 1 in 20 of the interval (Kendall's tau of 1 or -1: Mann HB (1945), Econometrica 13:
245-59). Four values would do so 1 time in 12, so they do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jsna_pipeline.catalogue.strategies import TargetRule
from jsna_pipeline.report import formatting
from jsna_pipeline.statistics.comparison import polarity_sign
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.comparators import tolerated
from jsna_pipeline.strategies.rules.estimates import (
    Basis,
    Difference,
    Estimate,
    Run,
    difference,
    few,
    final,
    own_run,
    usual_step,
    within_usual,
)
from jsna_pipeline.strategies.rules.periods import Span, part, span, time_left, window_span
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import Method, Polarity

PERIODS_ONE_WAY = 5
COUNTED = (Method.COUNT, Method.RATE, Method.PROPORTION)
PER = re.compile(r"per[ _]")


@dataclass(frozen=True)
class Change:
    """An area's change from one period to another, and whether the periods between all moved one way."""

    run: Run
    then: Estimate
    now: Estimate
    difference: Difference
    one_way: int = 0  # 1 or -1 where five periods or more all rose or all fell
    usual: float | None = None  # mean step from one printed value to the next, of the same part of the year

    @property
    def few(self) -> bool:
        return few((self.then, self.now))

    def at_best(self, sign: int) -> bool:
        """Whether it was at the end of its scale in both periods: none to reduce, or all of a share."""
        ends = (self.then, self.now)
        if sign > 0:
            return formatting.is_percent(self.run.unit) and all(one.value == one.exact == 100 for one in ends)
        # A score or a difference may lie below 0; what is counted, and a share or rate of it, may not.
        counted = self.run.method in COUNTED or formatting.is_percent(self.run.unit) or PER.match(self.run.unit)
        return bool(counted) and all(one.value == one.exact == 0 for one in ends)

    @property
    def within_usual(self) -> bool:
        return self.difference.basis is Basis.PRINTED and within_usual(self.difference.value, self.usual)


def change_of(question: Question, run: Run, found: Span) -> Change:
    then, now = run.at(found.then), run.at(found.now)
    if then is None or now is None:
        raise ValueError("a change needs a figure in both periods")
    between = run.estimates[run.estimates.index(then) : run.estimates.index(now) + 1]
    steady = one_way([one.value for one in _of_the_same_part(question, between, now)])
    usual = usual_step(_of_the_same_part(question, run.estimates, now))
    return Change(run, then, now, difference(run, now, then), steady, usual)


def _of_the_same_part(question: Question, estimates: Sequence[Estimate], now: Estimate) -> list[Estimate]:
    kind = question.period_type
    return [one for one in estimates if part(one.period, kind) == part(now.period, kind)]


def one_way(values: Sequence[float]) -> int:
    """1 or -1 where five values or more each rose or each fell against the one before; else 0."""
    steps = np.sign(np.diff(np.asarray(values, dtype="float64")))
    if len(values) < PERIODS_ONE_WAY or not np.all(steps == steps[0]):
        return 0
    return int(steps[0])


def judged(change: Change, sign: int) -> Verdict:
    """Whether a change is the one wanted (`sign` 1 for up, -1 for down)."""
    found = change.difference
    if change.few:
        return Verdict.CANNOT_TELL
    if change.at_best(sign):
        return Verdict.MET
    if found.basis is Basis.TESTED:
        return Verdict.MET if found.clearly(sign) else Verdict.NOT_MET if found.clearly(-sign) else Verdict.CANNOT_TELL
    if found.basis is Basis.PRINTED:
        if found.value == 0 or change.within_usual:
            return Verdict.CANNOT_TELL
        return Verdict.MET if found.value * sign > 0 else Verdict.NOT_MET
    return {sign: Verdict.MET, -sign: Verdict.NOT_MET}.get(change.one_way, Verdict.CANNOT_TELL)


def reason(change: Change, verdict: Verdict, subject: str = "That") -> str:
    """Why a change is judged as it is, in one or two sentences; `subject` says which, where several are told."""
    run, found = change.run, change.difference
    if change.few:
        return wording.joined("Fewer than 10 were counted.", wording.unseen(run, found.detectable))
    if verdict is Verdict.MET and found.value == 0 and (change.at_best(-1) or change.at_best(1)):
        end = "lower" if change.now.value == 0 else "higher"
        rests = wording.ON_PRINTED if found.basis is Basis.PRINTED else ""
        return wording.joined(f"It was the same in both, and cannot be {end}.", rests)
    if found.basis is Basis.EVENTS:
        if verdict is Verdict.CANNOT_TELL:
            return wording.joined(f"{subject} is {wording.moved(run, found)}.", wording.NO_TEST)
        word = "rose" if change.one_way > 0 else "fell"
        return wording.joined(f"It {word} in every period from one to the next.", wording.NO_TEST)
    if found.basis is Basis.PRINTED:
        usual = ""
        if verdict is Verdict.CANNOT_TELL and found.value != 0 and change.usual is not None:
            usual = f", less than its average move from one period to the next ({wording.size(run, change.usual)})"
        return wording.joined(f"{subject} is {wording.moved(run, found)}{usual}.", wording.ON_PRINTED)
    told = f"{subject} is {wording.moved(run, found)} ({wording.limits(run, found)})"
    if verdict is Verdict.CANNOT_TELL:
        return wording.joined(f"{told}, which may be chance.", wording.unseen(run, found.detectable))
    return f"{told}, more than chance would give."


def change_as_wanted(rule: TargetRule, question: Question) -> Outcome:
    """REDUCE and INCREASE: the latest figure against the baseline, in the direction that the strategy wants.

    The polarity of the question is that direction; without one the rule's own word is. With a level to be
    reached, the printed figure reaches it or not; short of it, a clear move towards it is on course while there
    is time. A clear move ahead of the due day is on course too: until then it may turn.
    """
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    sign = wanted(rule, question)
    found = span(question, run.estimates)
    if question.target.level is not None:
        return _level(question, run, found, sign)
    if not found.known:
        return _no_baseline(question, run, found)
    change = change_of(question, run, found)
    verdict = judged(change, sign)
    told = [_told(question, change), reason(change, verdict)]
    if verdict is Verdict.MET and question.target.due is not None and time_left(question):
        verdict = Verdict.ON_COURSE
        told.append(f"The day is {formatting.date_words(question.target.due)}.")
    return _outcome(verdict, told, change)


def reduce_window(question: Question) -> Outcome:
    """From the first period of the window to its last, the same part of the year where figures are of a part.

    While the last period has no figure yet, the latest before it is judged so far: a clear move the right way
    is on course. Without polarity the shift is told and not judged.
    """
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    found, still_open = window_span(question, run.estimates)
    if not found.known:
        return wording.no_data(found.missing, missing_series="baseline")
    change = change_of(question, run, found)
    sign = int(polarity_sign(question.polarity.value))
    verdict = judged(change, sign) if sign else Verdict.NO_JUDGEMENT
    told = [_told(question, change), reason(change, Verdict.CANNOT_TELL if not sign and _unclear(change) else verdict)]
    if not sign:
        told.append("No direction is wanted here, so the shift is not judged.")
    elif still_open:
        told.append("The last year of the window has no figure yet.")
        verdict = Verdict.ON_COURSE if verdict is Verdict.MET else verdict
    told.append(wording.after_the_window(question, run, change.now.period))
    return _outcome(verdict, told, change)


def maintain_and_improve(question: Question) -> Outcome:
    """Met where the latest figure is not clearly worse than the baseline, and the slope is not the wrong way.

    A clear improvement meets it too. A figure that merely holds meets it only where a fall that matters would
    most likely have been seen (as in `comparators.py`). Held on a falling slope, it cannot be told: the fall
    may be chance. The slope is the least-squares line through the printed values since the baseline.
    """
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    sign = int(polarity_sign(question.polarity.value))
    found = span(question, run.estimates)
    if not found.known:
        return _no_baseline(question, run, found)
    change = change_of(question, run, found)
    if not sign:
        told = [_told(question, change), "The strategy names no direction, so it is not judged."]
        return _outcome(Verdict.NO_JUDGEMENT, told, change)
    verdict, why = _held(question, change, sign)
    return _outcome(verdict, [_told(question, change), why], change)


def wanted(rule: TargetRule, question: Question) -> int:
    """1 where the figure is to rise, -1 where it is to fall."""
    if question.polarity is not Polarity.NONE:
        return int(polarity_sign(question.polarity.value))
    return 1 if rule is TargetRule.INCREASE else -1


def slope_sign(question: Question, change: Change) -> int:
    """The direction of the least-squares line through the printed values from `then` to `now`."""
    run = change.run
    values = [
        one.value for one in run.estimates[run.estimates.index(change.then) : run.estimates.index(change.now) + 1]
    ]
    centred = np.arange(len(values)) - (len(values) - 1) / 2
    return int(np.sign(np.round(centred @ np.asarray(values), 9)))


def _held(question: Question, change: Change, sign: int) -> tuple[Verdict, str]:
    strict = judged(change, sign)
    found, run = change.difference, change.run
    if change.few or found.basis is Basis.EVENTS:
        return strict, reason(change, strict)
    slope = slope_sign(question, change) * sign
    if found.basis is Basis.PRINTED:
        if strict is Verdict.NOT_MET or found.value * sign < 0:
            return strict, reason(change, strict)
        if slope >= 0:
            return Verdict.MET, f"It has held: {wording.moved(run, found)}. {wording.ON_PRINTED}"
        line = "The line through the printed values goes the wrong way."
        return Verdict.CANNOT_TELL, wording.joined(reason(change, strict), line)
    if strict is not Verdict.CANNOT_TELL:
        return strict, reason(change, strict)
    seen = found.detectable
    if slope < 0 or seen is None or seen > tolerated(question, run, change.then.value):
        return Verdict.CANNOT_TELL, reason(change, strict)
    shown = wording.limits(run, found)
    return Verdict.MET, f"It has held: {wording.moved(run, found)} ({shown}), and the line is not the wrong way."


def _level(question: Question, run: Run, found: Span, sign: int) -> Outcome:
    level = float(question.target.level or 0.0)
    now = run.at(found.now) or final(question, run)
    evidence: dict[str, float | str] = {"level": level, "value": now.value, "period": now.period, "unit": run.unit}
    evidence |= wording.counts(now)
    name, said = formatting.sentence(wording.own_name(run)), wording.figure(run, now)
    told = [
        f"{name}: {said} in {wording.when(question, now.period)}; the level to be reached is "
        f"{wording.value(run, level)}."
    ]
    if now.few:
        return wording.outcome(Verdict.CANNOT_TELL, *told, "Fewer than 10 were counted.", evidence=evidence)
    if (now.value - level) * sign >= 0:
        return wording.outcome(Verdict.MET, *told, "It is reached.", evidence=evidence)
    if not time_left(question):
        return wording.outcome(Verdict.NOT_MET, *told, "It is not reached.", evidence=evidence)
    if not found.known:
        gap = wording.no_data(found.missing, missing_series="baseline", period=now.period)
        return Outcome(gap.verdict, wording.joined(*told, gap.sentence), gap.evidence)
    change = change_of(question, run, found)
    towards = judged(change, sign)
    verdict = Verdict.ON_COURSE if towards is Verdict.MET else towards
    evidence |= wording.change_evidence(run, change.then, change.now, change.difference)
    told += [_since(question, change), reason(change, towards), "There is time left."]
    return wording.outcome(verdict, *told, evidence=evidence, detectable=change.difference.detectable)


def _since(question: Question, change: Change) -> str:
    return f"It was {wording.figure(change.run, change.then)} in {wording.when(question, change.then.period)}."


def _no_baseline(question: Question, run: Run, found: Span) -> Outcome:
    latest = run.estimates[-1]
    gap = wording.no_data(found.missing, missing_series="baseline", period=latest.period)
    shown = f"{wording.figure(run, latest)} in {wording.when(question, latest.period)}"
    name = formatting.sentence(wording.own_name(run))
    return Outcome(gap.verdict, wording.joined(f"{name}: {shown}.", gap.sentence), gap.evidence)


def _told(question: Question, change: Change) -> str:
    return wording.then_and_now(question, change.run, change.then, change.now)


def _unclear(change: Change) -> bool:
    found = change.difference
    return found.basis is Basis.TESTED and not (found.clearly(1) or found.clearly(-1))


def _outcome(verdict: Verdict, told: Sequence[str], change: Change) -> Outcome:
    evidence = wording.change_evidence(change.run, change.then, change.now, change.difference)
    return wording.outcome(verdict, *told, evidence=evidence, detectable=change.difference.detectable)
