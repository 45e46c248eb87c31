"""Levels beside England, the region or the statistical neighbours: IN_LINE_OR_BETTER and NOT_ABOVE.

Here: the area's interval against the comparator's printed value, for every comparator that the target names.
Not here: changes of the area itself (`change.py`), gaps between groups (`gaps.py`).

`In line` is not proved by want of numbers. A similar figure meets the target only where a gap that matters
would most likely have been seen: at most eight percentage points, and at most half of the comparator's value
(or half of what is left to 100, where that is less). The target's own margin takes the place of both.

Values without counts are judged as printed, and the sentence says so: equal or better meets the target, worse
does not, unless by less than the mean step of the area's own values from one period to the next. Events that one
child may have often are judged only by where the area stood in five periods that follow each other: on one side
in every one of them, or it cannot be told.

A target with a window of years is judged at the last of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from jsna_pipeline.report import formatting
from jsna_pipeline.statistics.comparison import compare, polarity_sign
from jsna_pipeline.statistics.detectable import detectable_gaps
from jsna_pipeline.statistics.equivalence import detectable_difference
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
    own_run,
    rounded,
    run_of,
    usual_step,
    within_usual,
)
from jsna_pipeline.strategies.rules.periods import in_window, span, time_left, within_years
from jsna_pipeline.strategies.series import Series
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import Method, Polarity, Significance

LARGEST_GAP_UNSEEN = 8.0  # percentage points, as in the findings: beyond it the numbers are too small to say
LARGEST_SHARE_UNSEEN = 0.5  # of the comparator's value, or of what is left to 100
PERIODS_ON_ONE_SIDE = 5
TURNED, TOO_SHORT = "sometimes better and sometimes worse than", "seen for too few periods beside"
ORDER = (Verdict.NOT_MET, Verdict.CANNOT_TELL, Verdict.MET)


@dataclass(frozen=True)
class Standing:
    """The area beside one comparator in their latest common period."""

    key: str
    name: str
    own: Estimate
    value: float
    verdict: Verdict
    words: str  # how it compares: "better than", "in line with"
    basis: Basis
    detectable: float | None = None


def comparator_series(question: Question) -> tuple[dict[str, Series], list[str]]:
    """The comparators that the target names and that have values, and the names of those that have none.

    An area is never its own comparator.
    """
    found: dict[str, Series] = {}
    missing = []
    own = own_run(question).name
    for key in question.target.comparators:
        series = question.comparators.get(key)
        if series is None or not series.valued or (own and series.name == own):
            missing.append(wording.comparator_name(key, series.name if series else ""))
        else:
            found[key] = series
    return found, missing


def in_line_or_better(question: Question) -> Outcome:
    """Met where the area is better than, or similar to, every comparator; see the module for what similar takes."""
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    if not in_window(question, run.estimates):
        asked = " to ".join(question.target.window or ())
        return wording.no_data(f"from {asked}, the years that are asked for", missing_series="area")
    known, missing = comparator_series(question)
    standings = [found for key, series in known.items() if (found := _standing(question, run, key, series))]
    missing += [
        wording.comparator_name(key, series.name)
        for key, series in known.items()
        if key not in {one.key for one in standings}
    ]
    if not standings:
        return wording.no_data(f"for {formatting.listed(missing)} to compare with", missing_series="comparator")
    evidence = level_evidence(run, standings)
    told = [_beside(question, run, standings), *_missing(missing)]
    if question.polarity is Polarity.NONE:
        return wording.outcome(
            Verdict.NO_JUDGEMENT, *told, "Neither higher nor lower is wanted here.", evidence=evidence
        )
    verdict = next(one for one in ORDER if one in {standing.verdict for standing in standings})
    deciding = next(standing for standing in standings if standing.verdict is verdict)
    told.append(_reason(run, deciding))
    if question.target.window is not None:
        told.append(wording.after_the_window(question, run, deciding.own.period))
    if verdict is Verdict.NOT_MET and question.target.due is not None and time_left(question):
        improving = _clear_improvement(question, run)
        if improving:
            verdict = Verdict.ON_COURSE
            told.append(f"It moves the right way, and the day is {formatting.date_words(question.target.due)}.")
    return wording.outcome(verdict, *told, evidence=evidence, detectable=deciding.detectable)


def not_above(question: Question) -> Outcome:
    """Met where the level is not clearly above any comparator, and has grown no faster than the comparator's.

    Growth is from the baseline to the latest period that both have: the area's change less the comparator's,
    with its interval. Above is above whatever the polarity. One leg that clearly fails is enough; without an
    earlier figure the level alone does not meet the target.
    """
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    known, missing = comparator_series(question)
    outcomes = [_not_above_one(question, run, key, series) for key, series in known.items()]
    if not outcomes:
        return wording.no_data(f"for {formatting.listed(missing)} to compare with", missing_series="comparator")
    order = (Verdict.NOT_MET, Verdict.NO_DATA, Verdict.CANNOT_TELL, Verdict.MET)
    first = next(one for verdict in order for one in outcomes if one.verdict is verdict)
    merged = {name: value for one in reversed(outcomes) for name, value in one.evidence.items()}
    return Outcome(first.verdict, wording.joined(first.sentence, *_missing(missing)), merged, first.detectable)


def standing(question: Question, run: Run, own: Estimate, value: float, polarity: Polarity) -> tuple[Verdict, str]:
    """Verdict and words of one estimate beside a comparator's value, for figures that can be compared once."""
    sign = int(polarity_sign(polarity.value))
    if run.basis(own) is Basis.PRINTED:
        gap = rounded(own.value - value, run.decimals)
        if own.few:
            return Verdict.CANNOT_TELL, "too few to set beside"
        if gap == 0:
            return Verdict.MET, "the same as"
        in_line = abs(gap) <= (question.target.margin or 0.0)
        if not in_line and gap * sign < 0 and within_usual(gap, usual_step(run.estimates)):
            return Verdict.CANNOT_TELL, "not clearly different from"
        words = "within the margin of" if in_line else "better than" if gap * sign > 0 else "worse than"
        return (Verdict.MET if in_line or gap * sign > 0 else Verdict.NOT_MET), words
    if own.few or own.limits is None:
        return Verdict.CANNOT_TELL, "too few to set beside"
    word = str(compare(own.exact, *own.limits, value, polarity.value))
    if word == Significance.SIMILAR:
        seen = smallest_gap_seen(run, own, value, sign)
        enough = seen is not None and seen <= tolerated(question, run, value)
        return (Verdict.MET, "similar to") if enough else (Verdict.CANNOT_TELL, "not clearly different from")
    better = word == Significance.BETTER
    return (Verdict.MET if better else Verdict.NOT_MET), "better than" if better else "worse than"


def smallest_gap_seen(run: Run, own: Estimate, value: float, sign: int) -> float | None:
    """The gap on the worse side that these numbers would most likely show; None where none could be seen."""
    if own.limits is None:
        return None
    if run.method is Method.PROPORTION and own.denominator and 0 <= value <= 100:
        below, above = detectable_gaps(own.denominator, value / 100)
        seen = float(below if sign > 0 else above) * 100
    else:
        seen = float(detectable_difference(*own.limits))
    return None if math.isnan(seen) else seen


def tolerated(question: Question, run: Run, value: float) -> float:
    """The largest gap that may stay unseen while `similar` still meets a target."""
    if question.target.margin is not None:
        return question.target.margin
    if not formatting.is_percent(run.unit):
        return LARGEST_SHARE_UNSEEN * abs(value)
    return min(LARGEST_GAP_UNSEEN, LARGEST_SHARE_UNSEEN * min(value, 100 - value))


def level_evidence(run: Run, standings: list[Standing]) -> dict[str, float | str]:
    first = standings[0]
    evidence: dict[str, float | str] = {
        "value": first.own.value,
        "period": first.own.period,
        "basis": first.basis.value,
        "unit": run.unit,
    }
    evidence |= wording.counts(first.own)
    evidence |= wording.limits_evidence(first.own)
    for one in standings:
        evidence |= {
            one.key: one.value,
            f"difference_{one.key}": rounded(one.own.value - one.value, run.decimals),
            f"verdict_{one.key}": one.verdict.value,
        }
        if one.own.period != first.own.period:
            evidence |= {f"period_{one.key}": one.own.period, f"value_{one.key}": one.own.value}
    return evidence


def _standing(question: Question, run: Run, key: str, series: Series) -> Standing | None:
    other = run_of(series)
    shared = in_window(question, [one for one in run.estimates if other.at(one.period)])
    periods = within_years(question, [one.period for one in shared])
    if not periods:
        return None
    own, theirs = run.at(periods[-1]), other.at(periods[-1])
    if own is None or theirs is None:
        return None
    name = wording.comparator_name(key, series.name)
    if run.events:
        verdict, words = _on_one_side(question, run, other, periods)
        return Standing(key, name, own, theirs.value, verdict, words, Basis.EVENTS)
    verdict, words = standing(question, run, own, theirs.value, question.polarity)
    seen = smallest_gap_seen(run, own, theirs.value, int(polarity_sign(question.polarity.value)))
    return Standing(key, name, own, theirs.value, verdict, words, run.basis(own), seen)


def _on_one_side(question: Question, run: Run, other: Run, periods: list[str]) -> tuple[Verdict, str]:
    """Where the area stood in five periods: a standing that never changed is no accident of one year."""
    sign = int(polarity_sign(question.polarity.value))
    sides = [(one.value - two.value) * sign for one, two in _pairs(run, other, periods[-PERIODS_ON_ONE_SIDE:])]
    if len(sides) == PERIODS_ON_ONE_SIDE and all(side >= 0 for side in sides):
        return Verdict.MET, "as good as or better than"
    if len(sides) == PERIODS_ON_ONE_SIDE and all(side < 0 for side in sides):
        return Verdict.NOT_MET, "worse than"
    return Verdict.CANNOT_TELL, TURNED if len(sides) == PERIODS_ON_ONE_SIDE else TOO_SHORT


def _pairs(run: Run, other: Run, periods: list[str]) -> list[tuple[Estimate, Estimate]]:
    return [(one, two) for at in periods if (one := run.at(at)) is not None and (two := other.at(at)) is not None]


def _beside(question: Question, run: Run, standings: list[Standing]) -> str:
    """Value and comparators; each period of its own gets its own sentence."""
    sentences = []
    for period in dict.fromkeys(one.own.period for one in standings):
        those = [one for one in standings if one.own.period == period]
        name = formatting.sentence(wording.own_name(run))
        own = f"{name}: {wording.figure(run, those[0].own)} in {wording.when(question, period)}"
        if len(those) == 1:
            sentences.append(f"{own}, beside {wording.value(run, those[0].value)} for {those[0].name}.")
        else:
            beside = [f"{wording.short_value(run, one.value)} for {one.name}" for one in those]
            sentences.append(f"{own}. Beside it: {formatting.listed(beside)}.")
    return " ".join(sentences)


def _reason(run: Run, one: Standing) -> str:
    if one.basis is Basis.EVENTS:
        steady = f"Over {PERIODS_ON_ONE_SIDE} periods it was always {one.words} {one.name}."
        unclear = f"It was {one.words} {one.name}; {PERIODS_ON_ONE_SIDE} periods on one side would tell."
        return wording.joined(unclear if one.verdict is Verdict.CANNOT_TELL else steady, wording.NO_TEST)
    if one.verdict is Verdict.CANNOT_TELL and one.basis is Basis.PRINTED and not one.own.few:
        usual = f"It is worse than {one.name}, but by less than its average move from one period to the next."
        return wording.joined(usual, wording.ON_PRINTED)
    if one.verdict is Verdict.CANNOT_TELL:
        few = "Fewer than 10 were counted." if one.own.few else f"It is {one.words} {one.name}."
        return wording.joined(few, wording.unseen(run, one.detectable, "gap"))
    return wording.joined(f"It is {one.words} {one.name}.", wording.basis_sentence(one.basis))


def _missing(names: list[str]) -> list[str]:
    return [f"There is no figure for {formatting.listed(names)}."] if names else []


def _clear_improvement(question: Question, run: Run) -> bool:
    found = span(question, run.estimates)
    then, now = run.at(found.then), run.at(found.now)
    if then is None or now is None or then.few or now.few:
        return False
    return difference(run, now, then).clearly(int(polarity_sign(question.polarity.value)))


def _not_above_one(question: Question, run: Run, key: str, series: Series) -> Outcome:
    other = run_of(series)
    level = _standing_low(question, run, key, series)
    name = wording.comparator_name(key, series.name)
    if level is None:
        return wording.no_data(f"for {name} of the same period", missing_series="comparator")
    evidence = level_evidence(run, [level])
    told = [_beside(question, run, [level])]
    if level.verdict is Verdict.NOT_MET:
        return wording.outcome(Verdict.NOT_MET, *told, _above(level), evidence=evidence)
    shared = [run.at(period) for period in common_periods([run, other])]
    found = span(question, [one for one in shared if one is not None])
    if not found.known:
        return wording.no_data(found.missing, missing_series="baseline", **_only_words(evidence))
    grown = growth(run, other, found.then, found.now)
    evidence |= _growth_evidence(found.then, grown, key)
    told.append(_growth_sentence(question, run, found.then, grown, name))
    verdict, reason, seen = _joint(run, level, grown[2])
    return wording.outcome(verdict, *told, reason, evidence=evidence, detectable=seen)


def _standing_low(question: Question, run: Run, key: str, series: Series) -> Standing | None:
    low = Question(
        area=question.area,
        polarity=Polarity.LOW,
        target=question.target,
        today=question.today,
        reported=question.reported,
        answers=question.answers,
    )
    return _standing(low, run, key, series)


def growth(run: Run, other: Run, then: str, now: str) -> tuple[Difference, Difference, Difference]:
    """The area's change between two periods, its comparator's, and the one less the other."""
    ends = [(one.at(now), one.at(then)) for one in (run, other)]
    changes = [difference(one, *_both(pair)) for one, pair in zip((run, other), ends, strict=True)]
    return changes[0], changes[1], beyond(changes[0], changes[1], run.decimals)


def _both(pair: tuple[Estimate | None, Estimate | None]) -> tuple[Estimate, Estimate]:
    if pair[0] is None or pair[1] is None:
        raise ValueError("a change needs a figure in both periods")
    return pair[0], pair[1]


def _joint(run: Run, level: Standing, faster: Difference) -> tuple[Verdict, str, float | None]:
    """Level and growth together; the level is already not clearly above."""
    if faster.clearly(1):
        return Verdict.NOT_MET, f"It has grown faster than {level.name}.", None
    if level.basis is Basis.EVENTS:
        return Verdict.CANNOT_TELL, wording.NO_TEST, None
    if level.basis is Basis.PRINTED and faster.value > 0:
        return Verdict.NOT_MET, f"It has grown faster than {level.name}. {wording.ON_PRINTED}", None
    if level.verdict is Verdict.CANNOT_TELL:
        return Verdict.CANNOT_TELL, _reason(run, level), level.detectable
    return Verdict.MET, f"It is not above {level.name}, nor has it grown faster.", None


def _above(level: Standing) -> str:
    return wording.joined(f"It is above {level.name}.", wording.basis_sentence(level.basis))


def _growth_sentence(
    question: Question, run: Run, then: str, grown: tuple[Difference, Difference, Difference], name: str
) -> str:
    own, theirs, faster = grown
    since = f"Since {wording.when(question, then)} it is {wording.moved(run, own)}."
    return wording.joined(since, wording.beside_change(run, name, theirs, faster))


def _growth_evidence(
    then: str, grown: tuple[Difference, Difference, Difference], key: str
) -> Mapping[str, float | str]:
    own, theirs, faster = grown
    evidence: dict[str, float | str] = {
        "baseline_period": then,
        "difference": own.value,
        f"change_{key}": theirs.value,
        f"difference_of_changes_{key}": faster.value,
    }
    return evidence | wording.limits_evidence(faster, f"_of_changes_{key}")


def _only_words(evidence: Mapping[str, float | str]) -> dict[str, str]:
    return {name: value for name, value in evidence.items() if isinstance(value, str) and name in ("period", "unit")}
