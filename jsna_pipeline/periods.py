"""When a period ends: what tells a figure's age and whether it may still be a headline.

Here: the end date of each kind of period. Not here: how a period is printed (`report/formatting.py`)
or how a publisher writes it (`readers/`).
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from jsna_pipeline.vocabulary import PeriodType

HEADLINE_AGE_IN_MONTHS = 24

_YEAR_ENDS = {
    PeriodType.ACADEMIC_YEAR: (8, 31),
    PeriodType.JANUARY_SNAPSHOT: (1, 31),
    PeriodType.FINANCIAL_YEAR: (3, 31),
    PeriodType.REPORTING_YEAR: (3, 31),
    PeriodType.CALENDAR_YEAR: (12, 31),
}


def period_end(period: str, period_type: PeriodType | str) -> date | None:
    """The last day of a period; None for a label whose end cannot be told.

    `2024/25` ends in 2025: on 31 August as an academic year, on 31 January as a census count. Several
    years (`2019 - 21`, `2013/14-15/16`) or months (`2022-07 to 2022-09`) end with the last of them.
    """
    kind = PeriodType(period_type)
    # `2010-12` is a December as a month and three years as a rolling period: the kind decides.
    if (kind is PeriodType.MONTH or " to " in period) and (found := re.findall(r"(\d{4})-(\d{2})(?!\d)", period)):
        year, month = int(found[-1][0]), int(found[-1][1])
        return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None
    last = _last_year(period)
    return None if last is None else date(last, *_YEAR_ENDS.get(kind, (12, 31)))


def _last_year(period: str) -> int | None:
    """The last year that a label names, its short forms (`/25`, `- 21`) counted on from the year before them."""
    year = None
    for full, short in re.findall(r"(\d{4})|[/–-]\s*(\d{2})(?!\d)", period):
        if full:
            year = int(full)
        elif year is not None:
            year += (int(short) - year) % 100
    return year


def months_between(earlier: date, later: date) -> int:
    """Whole months from `earlier` to `later`."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)


def may_be_headline(period: str, period_type: PeriodType | str, cut_off: date) -> bool:
    """Whether a figure of this period may lead: at most 24 months old at the cut-off, and begun by then.

    A year that is under way may lead, with what was published of it; a year that had not begun may not, though
    its figures (places offered for next September) lie in a file that came after the cut-off.
    """
    end = period_end(period, period_type)
    return end is not None and -12 < months_between(end, cut_off) <= HEADLINE_AGE_IN_MONTHS
