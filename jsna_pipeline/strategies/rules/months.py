"""Monthly series that are to fall month on month: MONTHLY_REDUCE.

Here: the rules of statistical process control on the latest month, and how many steps went the right way. Not
here: the chart's limits and rules (`statistics/process_control.py`), yearly figures (`change.py`).

A fall in every single month cannot be had for long, and one month's rise is no failure. So the verdict is the
chart's: the latest month shows special cause in the wanted direction (met), in the other (not met), or the
series only varies as it always does, and then a lasting fall cannot be told from chance. What would have been
seen is the distance from the centre to the limit. Fewer than twelve months never tell. Missing months break a
run and a trend.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from jsna_pipeline.report import formatting
from jsna_pipeline.statistics.comparison import polarity_sign
from jsna_pipeline.statistics.process_control import (
    FEWEST_POINTS,
    Variation,
    latest_variation,
    special_cause,
    xmr_limits,
)
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.strategies.rules import wording
from jsna_pipeline.strategies.rules.estimates import Estimate, Run, own_run, rounded
from jsna_pipeline.strategies.rules.periods import MONTH
from jsna_pipeline.strategies.verdict import Outcome, Verdict
from jsna_pipeline.vocabulary import PeriodType, Polarity

VERDICTS = {Variation.IMPROVEMENT: Verdict.MET, Variation.CONCERN: Verdict.NOT_MET}


def monthly_reduce(question: Question) -> Outcome:
    """Met, not met or not to be told by the latest month's special cause; without polarity a fall is wanted."""
    run = own_run(question)
    if not run.estimates:
        return wording.no_own_figure(question, run)
    months = [one for one in run.estimates if MONTH.fullmatch(one.period)]
    if not months:
        return wording.no_data("by month", missing_series="area")
    sign = int(polarity_sign(question.polarity.value)) or -1
    steps = _steps(months)
    right = sum(1 for step in steps if step * sign > 0)
    told = [_latest(run, months[-1]), _counted(sign, right, len(steps))]
    evidence: dict[str, float | str] = {
        "value": months[-1].value,
        "period": months[-1].period,
        "months": len(months),
        "steps": len(steps),
        "steps_as_wanted": right,
        "unit": run.unit,
    }
    if len(months) < FEWEST_POINTS:
        short = f"With {formatting.counted(len(months), 'month')}, the usual variation is not known; it takes 12."
        return wording.outcome(Verdict.CANNOT_TELL, *told, short, evidence=evidence)
    return _charted(run, months, sign, told, evidence)


def _charted(run: Run, months: list[Estimate], sign: int, told: list[str], evidence: dict[str, float | str]) -> Outcome:
    values = _on_grid(months)
    limits = xmr_limits(values)
    polarity = Polarity.HIGH if sign > 0 else Polarity.LOW
    variation = Variation(str(latest_variation(values, special_cause(values, limits), polarity.value)))
    centre, lower, upper = (float(part[-1]) for part in (limits.centre, limits.lower, limits.upper))
    if not np.isfinite(upper):
        gaps = "No two of its months follow each other, so the usual variation is not known."
        return wording.outcome(Verdict.CANNOT_TELL, *told, gaps, evidence=evidence)
    evidence |= {
        "baseline": rounded(centre, run.decimals),
        "lower": round(lower, 4),
        "upper": round(upper, 4),
        "variation": variation.value,
    }
    verdict = VERDICTS.get(variation, Verdict.CANNOT_TELL)
    mean = f"The mean of {formatting.counted(len(months), 'month')} is {wording.value(run, centre)}."
    if verdict is Verdict.CANNOT_TELL:
        seen = upper - centre
        usual = f"It varies as usual. {wording.unseen(run, seen, 'change from the mean')}"
        return wording.outcome(verdict, *told, mean, usual, evidence=evidence, detectable=seen)
    better = "better" if verdict is Verdict.MET else "worse"
    special = f"The latest month is {better} than the usual variation gives (special cause)."
    return wording.outcome(verdict, *told, mean, special, evidence=evidence)


def _on_grid(months: list[Estimate]) -> np.ndarray:
    """Values on consecutive months, nan where one is missing."""
    places = [_number(one.period) for one in months]
    values = np.full(max(places) - min(places) + 1, np.nan)
    values[np.asarray(places) - min(places)] = [one.value for one in months]
    return values


def _steps(months: list[Estimate]) -> list[float]:
    """Changes between months that follow each other."""
    pairs = pairwise(months)
    return [two.value - one.value for one, two in pairs if _number(two.period) - _number(one.period) == 1]


def _number(period: str) -> int:
    year, month = period.split("-")
    return int(year) * 12 + int(month)


def _latest(run: Run, one: Estimate) -> str:
    month = formatting.period_words(one.period, PeriodType.MONTH)
    return f"{formatting.sentence(wording.own_name(run))}: {wording.figure(run, one)} in {month}."


def _counted(sign: int, right: int, steps: int) -> str:
    if not steps:
        return ""
    return f"It {'rose' if sign > 0 else 'fell'} in {right} of {formatting.counted(steps, 'step')} from month to month."
