"""Series as the rules weigh them: printed values with their limits, where the figures bear a test of chance.

Here: estimates of points, whose own series a question has, and differences of two estimates. Not here: which
two are compared (`periods.py`), how a figure is said (`wording.py`), or what follows from it (the rules).

Three kinds of figures are kept apart. Counts of independent things are TESTED by the interval of the
difference. Values published without counts are compared as PRINTED, and the sentence says so. EVENTS that one
child can have often (sessions, suspensions) bear no test at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from jsna_pipeline.statistics import equivalence, proportions, rates, rounding
from jsna_pipeline.strategies.question import Answers, Question, Reported
from jsna_pipeline.strategies.rules.periods import within_years
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import Method

FEWEST_COUNTED = 10  # fewer children than this say nothing, whatever they score; fewer answers are not printed
COUNTED_AS_PEOPLE = (Method.PROPORTION, Method.MEAN, Method.PUBLISHED, Method.DIFFERENCE)


class Basis(StrEnum):
    TESTED = "tested"
    PRINTED = "printed"
    EVENTS = "events"


@dataclass(frozen=True)
class Estimate:
    """A figure of one period: `value` as printed, `exact` from its counts, limits where they can be had.

    `counted` is the number of people it rests on, None where that is not known or not the measure of its size.
    """

    period: str
    value: float
    exact: float
    lower: float | None = None
    upper: float | None = None
    counted: float | None = None
    numerator: float | None = None
    denominator: float | None = None

    @property
    def limits(self) -> tuple[float, float] | None:
        return None if self.lower is None or self.upper is None else (self.lower, self.upper)

    @property
    def few(self) -> bool:
        return self.counted is not None and self.counted < FEWEST_COUNTED


@dataclass(frozen=True)
class Run:
    """Estimates of one series, the oldest first; `too_few` are periods left out because too few answered."""

    estimates: tuple[Estimate, ...]
    unit: str
    decimals: int
    name: str
    method: Method
    events: bool = False
    too_few: int = 0

    def at(self, period: str) -> Estimate | None:
        return next((one for one in self.estimates if one.period == period), None)

    def basis(self, *compared: Estimate) -> Basis:
        """What a comparison of these estimates can rest on."""
        if self.events:
            return Basis.EVENTS
        return Basis.TESTED if all(one.lower is not None for one in compared) else Basis.PRINTED


@dataclass(frozen=True)
class Difference:
    """First minus second: `value` as the printed figures show it, `exact` with its 95 % limits where tested."""

    value: float
    basis: Basis
    exact: float
    lower: float | None = None
    upper: float | None = None

    @property
    def limits(self) -> tuple[float, float] | None:
        return None if self.lower is None or self.upper is None else (self.lower, self.upper)

    def clearly(self, sign: int) -> bool:
        """Whether the limits leave out 0 on the side of `sign`."""
        return self.limits is not None and (self.limits[0] > 0 if sign > 0 else self.limits[1] < 0)

    @property
    def detectable(self) -> float | None:
        """The difference that these numbers would most likely have shown."""
        return None if self.limits is None else float(equivalence.detectable_difference(*self.limits))

    def turned(self, sign: int) -> Difference:
        """Itself for 1; second minus first for -1."""
        if sign > 0:
            return self
        lower, upper = (None, None) if self.limits is None else (-self.limits[1], -self.limits[0])
        return Difference(0.0 - self.value, self.basis, 0.0 - self.exact, lower, upper)


def run_of(series: Series, confidence: float = 0.95) -> Run:
    """A series as estimates; points without a value are left out."""
    return Run(
        estimates=tuple(_estimate(point, series, confidence) for point in series.valued),
        unit=series.unit,
        decimals=series.decimals,
        name=series.name,
        method=series.method,
        events=not series.independent,
    )


def own_run(question: Question, confidence: float = 0.95) -> Run:
    """The area's own figures: published, else reported, else of a survey; empty where there are none."""
    if question.area.valued:
        return run_of(question.area, confidence)
    if question.reported is not None and question.reported.points:
        return run_of(reported_series(question.reported), confidence)
    if question.answers is not None and question.answers.waves:
        return _run_of_answers(question.answers)
    return run_of(question.area, confidence)


def rests_on_reported(question: Question) -> bool:
    """Whether `own_run` is what the area reports itself."""
    return not question.area.valued and question.reported is not None and bool(question.reported.points)


def reported_series(reported: Reported) -> Series:
    """Reported figures as a series: a numerator and a denominator make a percentage, a bare numerator a count."""
    shares = any(point.denominator is not None for point in reported.points)
    counts = not shares and all(point.numerator is not None for point in reported.points)
    method = Method.PROPORTION if shares else Method.COUNT if counts else Method.PUBLISHED
    points = (_with_value(point, shares, reported.decimals) for point in reported.points)
    return Series(
        points=tuple(points),
        method=method,
        unit="percent" if shares else reported.unit,
        decimals=0 if counts else reported.decimals,
        multiplier=100.0 if shares else 1.0,
        independent=reported.about not in ("events", "money"),
        name=reported.name,
    )


def difference(run: Run, first: Estimate, second: Estimate) -> Difference:
    """First minus second of two estimates of the same kind.

    Joins their limits by the method of variance estimates recovery: Newcombe's interval for proportions, and
    its like for rates (`statistics/proportions.py`).
    """
    printed, basis = rounded(first.value - second.value, run.decimals), run.basis(first, second)
    if basis is not Basis.TESTED or first.limits is None or second.limits is None:
        return Difference(printed, basis, first.exact - second.exact)
    exact, lower, upper = proportions.difference_from_limits(first.exact, *first.limits, second.exact, *second.limits)
    return Difference(printed, basis, float(exact), float(lower), float(upper))


def beyond(area: Difference, other: Difference, decimals: int) -> Difference:
    """First minus second of two differences: a gap from two groups' changes, or the difference in differences.

    A comparator without limits (the neighbours' mean) counts as known, as larger comparators do throughout. A
    comparator that holds the area moves a little with it: the interval is then rather too wide than too narrow.
    Where the area itself bears no test, nor does the result.
    """
    printed = rounded(area.value - other.value, decimals)
    if area.limits is None:
        return Difference(printed, area.basis, area.exact - other.exact)
    low, high = other.limits or (other.exact, other.exact)
    exact, lower, upper = proportions.difference_from_limits(area.exact, *area.limits, other.exact, low, high)
    return Difference(printed, area.basis, float(exact), float(lower), float(upper))


def rounded(value: float, decimals: int) -> float:
    return float(rounding.half_up_value(value, decimals)) + 0.0


def common_periods(runs: Sequence[Run]) -> list[str]:
    """Periods in which every run has a figure, in the order of the first."""
    return [one.period for one in runs[0].estimates if all(other.at(one.period) for other in runs[1:])]


def _estimate(point: Point, series: Series, confidence: float) -> Estimate:
    value = float(point.value if point.value is not None else 0.0)
    limits = _limits(point, series, confidence) if series.independent else None
    counted = point.denominator if series.method in COUNTED_AS_PEOPLE else None
    plain = Estimate(point.period, value, value, None, None, counted, point.numerator, point.denominator)
    if limits is None:
        return plain
    exact, lower, upper = limits
    return replace(plain, exact=exact, lower=lower, upper=upper)


def _limits(point: Point, series: Series, confidence: float) -> tuple[float, float, float] | None:
    """Exact value and limits in the unit of the series; None where the counts are not such as can be tested."""
    part, whole = point.numerator, point.denominator
    if series.method is Method.COUNT:
        part, whole = (point.value if part is None else part), 1.0
    if part is None or whole is None or whole <= 0 or not _whole(part):
        return None
    if series.method is Method.PROPORTION and _whole(whole) and part <= whole:
        lower, upper = proportions.wilson_interval(part, whole, confidence)
        return part / whole * series.multiplier, float(lower) * series.multiplier, float(upper) * series.multiplier
    if series.method in (Method.RATE, Method.COUNT):
        multiplier = series.multiplier if series.method is Method.RATE else 1.0
        value, lower, upper = rates.rate(part, whole, multiplier, confidence)
        return float(value), float(lower), float(upper)
    return None


def _whole(count: float) -> bool:
    return count >= 0 and float(count).is_integer()


def _with_value(point: Point, shares: bool, decimals: int) -> Point:
    """A share or a count follows from its counts, whatever else stands beside them."""
    if point.numerator is None or (shares and not point.denominator):
        return point
    if not shares:
        return replace(point, value=float(point.numerator))
    return replace(point, value=float(rounding.half_up(point.numerator, point.denominator or 0.0, decimals)))


def _run_of_answers(answers: Answers) -> Run:
    printable = [wave for wave in answers.waves if wave.respondents >= FEWEST_COUNTED]
    return Run(
        estimates=tuple(
            Estimate(
                wave.period,
                rounded(wave.share, 1),
                wave.share,
                wave.lower,
                wave.upper,
                # Weights make answers worth less: what they are worth decides whether they are few.
                counted=min(float(wave.respondents), wave.effective),
            )
            for wave in printable
        ),
        unit="percent",
        decimals=1,
        name=answers.name,
        method=Method.PROPORTION,
        too_few=len(answers.waves) - len(printable),
    )


def final(question: Question, run: Run) -> Estimate:
    """The latest estimate of the strategy's years, or the latest of all where none is so old."""
    period = within_years(question, [one.period for one in run.estimates])[-1]
    return next(one for one in run.estimates if one.period == period)


def usual_step(estimates: Sequence[Estimate]) -> float | None:
    """The mean size of the moves from one printed value to the next; None of fewer than three values.

    No test of chance, but a bar for values that bear none: a change, or a gap, that is smaller than the series
    moves anyway says little. It is the mean moving range of the XmR chart (`statistics/process_control.py`).
    """
    moves = [abs(two.value - one.value) for one, two in pairwise(estimates)]
    return sum(moves) / len(moves) if len(moves) > 1 else None


def within_usual(size: float, usual: float | None) -> bool:
    """Whether a printed difference is smaller than the usual step; never where that is not known.

    Printed values are sums of decimals: the last digits of their binary form decide nothing.
    """
    return usual is not None and abs(size) < usual - 1e-9


def few(estimates: Iterable[Estimate]) -> bool:
    """Whether any of these rests on fewer than ten people."""
    return any(one.few for one in estimates)
