"""Which two periods a rule compares: the baseline and the latest, from the same part of their years.

Here: reading the year and the part of the year of a period, the strategy's years, windows and due days. Not
here: the figures of those periods (`estimates.py`) or how a period is said (`wording.py`).

A year that a strategy names is the year in which a period ends: 2020 is the school year 2019/20, January 2020
and the calendar year 2020. So the first year of a strategy is the position from which it set out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from jsna_pipeline.periods import period_end
from jsna_pipeline.strategies.question import Question
from jsna_pipeline.vocabulary import PeriodType

WITHIN_A_YEAR = (PeriodType.MONTH, PeriodType.TERM, PeriodType.WEEK)
LONGEST_WAIT = 1  # years until a figure of a year is out
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class Dated(Protocol):
    """Anything of one period."""

    @property
    def period(self) -> str: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class Span:
    """The labels of the two periods that a rule compares, or what is missing for it."""

    then: str = ""
    now: str = ""
    missing: str = ""  # ends "There is no figure …", without a full stop

    @property
    def known(self) -> bool:
        return not self.missing


def year(period: str, kind: PeriodType | None = None) -> int | None:
    """The year in which a period ends; None for a label that names none."""
    guessed = kind or (PeriodType.MONTH if MONTH.fullmatch(period) else PeriodType.CALENDAR_YEAR)
    end = period_end(period, guessed)
    return None if end is None else end.year


def part(period: str, kind: PeriodType | None = None) -> str:
    """What is left of a part-year period without its year ("Autumn term", "-09"); blank for whole years."""
    within = bool(MONTH.fullmatch(period)) if kind is None else kind in WITHIN_A_YEAR
    if within or " to " in period or re.search(r"[A-Za-z]", period):
        return re.sub(r"\d{4}(/\d{2})?", "", period).strip().lower()
    return ""


def matching(dated: Sequence[D], label: str, kind: PeriodType | None = None) -> list[D]:
    """Those of a period's label, or, where the label is a bare year, those that end in that year."""
    exact = [one for one in dated if one.period == label]
    if exact or not re.fullmatch(r"\d{4}", label):
        return exact
    return [one for one in dated if year(one.period, kind) == int(label)]


def span(question: Question, dated: Sequence[Dated]) -> Span:
    """From the target's baseline, or the first of the strategy's years, to the latest of its years.

    What came after its end neither meets nor fails a strategy: where its years hold no two figures that compare,
    the span says what is missing.
    """
    kind, ends = question.period_type, question.years[1]
    return _span(question, [one for one in dated if ends is None or (year(one.period, kind) or ends) <= ends])


def within_years(question: Question, periods: Sequence[str]) -> list[str]:
    """Periods up to the strategy's last year, its final position; all of them where none is that old."""
    ends = question.years[1]
    kind = question.period_type
    inside = [one for one in periods if ends is None or (year(one, kind) or ends) <= ends]
    return inside or list(periods)


def _span(question: Question, dated: Sequence[Dated]) -> Span:
    kind, begins, baseline = question.period_type, question.years[0], question.target.baseline
    if not dated:
        return Span(missing=f"within the years of the strategy, which ended in {question.years[1]}")
    now = dated[-1]
    earlier = _same_part(dated[:-1], now, kind)
    if baseline:
        earlier = matching(earlier, baseline, kind)
    elif begins is not None:
        earlier = [one for one in earlier if (year(one.period, kind) or begins) >= begins]
    if earlier:
        return Span(earlier[0].period, now.period)
    if baseline:
        return Span(missing=f"for {baseline}, the baseline")
    same = "the same part of an earlier year" if part(now.period, kind) else "an earlier period"
    since = f" from {begins} on" if begins is not None else ""
    return Span(missing=f"for {same}{since} to compare with")


def in_window(question: Question, dated: Sequence[D]) -> list[D]:
    """Those of the years that the target's own window names; all of them where it names none."""
    kind, named = question.period_type, question.target.window
    if named is None:
        return list(dated)
    first, last = (year(label, kind) for label in named)
    if first is None or last is None:
        return list(dated)
    return [one for one in dated if first <= (year(one.period, kind) or first - 1) <= last]


def window(question: Question) -> tuple[str, str] | None:
    """The first and last period of the window that a target names, else of the strategy's years."""
    if question.target.window is not None:
        return question.target.window
    first, last = question.years
    return None if first is None or last is None else (str(first), str(last))


def window_span(question: Question, dated: Sequence[Dated]) -> tuple[Span, bool]:
    """From the first period of the window to its last, and whether the window is still open.

    While the last period is ahead, or past so lately that its figure is not out, the latest before it stands in
    for it.
    """
    named, kind = window(question), question.period_type
    if named is None:
        return Span(missing="because the strategy names no window of years"), False
    first, last = (matching(dated, label, kind) for label in named)
    limit = year(named[1], kind)
    awaited = limit is not None and limit >= question.today.year - LONGEST_WAIT
    open_still = not last and bool(dated) and awaited and not _after(dated[-1], limit, kind)
    ends = last or (list(dated[-1:]) if open_still else [])
    if not first:
        return Span(missing=f"for {named[0]}, where the window begins"), open_still
    if not ends:
        return Span(missing=f"for {named[1]}, where the window ends"), open_still
    for now in reversed(ends):
        then = _same_part(first, now, kind)
        if then and then[0].period != now.period:
            return Span(then[0].period, now.period), open_still
    return Span(missing=f"for the same part of {named[0]} and of {named[1]}"), open_still


def before_and_after(question: Question, dated: Sequence[Dated]) -> Span:
    """The last period before the intervention, or the named baseline, and the latest from the intervention on.

    Where the target names a window, the latest within it: later years answer another question.
    """
    kind, target = question.period_type, question.target
    if not target.intervention and not target.baseline:
        return Span(missing="because the strategy names no intervention")
    starts = _place(dated, target.intervention, kind)
    after = list(dated[starts:]) if target.intervention else list(dated)
    if after and target.window:
        after = in_window(question, after)
        if not after:
            return Span(missing=f"from {' to '.join(target.window)}, the years that are asked for")
    if not after:
        return Span(missing=f"from {target.intervention} on, when the intervention began")
    before = _same_part(dated[:starts] if target.intervention else dated[:-1], after[-1], kind)
    if target.baseline:
        before = matching(before, target.baseline, kind)
    if not before and target.baseline:
        return Span(missing=f"for {target.baseline}, the baseline")
    if not before:
        return Span(missing=f"from before {target.intervention}, when the intervention began")
    return Span(before[-1].period, after[-1].period)


def time_left(question: Question) -> bool:
    """Whether the due day is ahead; the due day itself is. Without one, whether the strategy's last year is."""
    if question.target.due is not None:
        return question.target.due >= question.today
    return question.years[1] is not None and question.years[1] >= question.today.year


def _place(dated: Sequence[Dated], label: str, kind: PeriodType | None) -> int:
    """The place of the first period at or after a label."""
    found = matching(dated, label, kind)
    if found:
        return list(dated).index(found[0])
    limit = year(label, kind) if label else None
    ends = [year(one.period, kind) for one in dated]
    return next(
        (at for at, end in enumerate(ends) if limit is not None and end is not None and end >= limit), len(ends)
    )


def _after(one: Dated, limit: int | None, kind: PeriodType | None) -> bool:
    end = year(one.period, kind)
    return end is None or limit is None or end > limit


def _same_part(dated: Sequence[D], now: Dated, kind: PeriodType | None) -> list[D]:
    wanted = part(now.period, kind)
    return [one for one in dated if part(one.period, kind) == wanted]
