"""When periods end, how old a figure is, and when it is too old to lead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.periods import may_be_headline, months_between, period_end
from jsna_pipeline.vocabulary import PeriodType

YEARLY = ["academic_year", "january_snapshot", "financial_year", "reporting_year", "calendar_year"]


@pytest.mark.parametrize(
    ("period", "period_type", "end"),
    [
        ("2024/25", "academic_year", date(2025, 8, 31)),
        ("2024/25", "january_snapshot", date(2025, 1, 31)),
        ("2024/25", "financial_year", date(2025, 3, 31)),
        ("2025", "reporting_year", date(2025, 3, 31)),
        ("2024", "calendar_year", date(2024, 12, 31)),
        ("1999/00", "academic_year", date(2000, 8, 31)),
        ("2024-02", "month", date(2024, 2, 29)),
        ("2010-12", "month", date(2010, 12, 31)),
        # The same text is three years as a rolling period.
        ("2010-12", "rolling", date(2012, 12, 31)),
        ("2019 - 21", "rolling", date(2021, 12, 31)),
        ("2014-16", "rolling", date(2016, 12, 31)),
        ("2019-2021", "rolling", date(2021, 12, 31)),
        ("1998 - 00", "rolling", date(2000, 12, 31)),
        ("2013/14-15/16", "rolling", date(2016, 12, 31)),
        ("2006/07 - 08/09", "rolling", date(2009, 12, 31)),
        ("2022-07 to 2022-09", "rolling", date(2022, 9, 30)),
        ("2024-13", "month", None),
        ("", "calendar_year", None),
        ("unknown", "academic_year", None),
    ],
)
def test_the_last_day_of_a_period(period: str, period_type: str, end: date | None) -> None:
    assert period_end(period, period_type) == end


@given(st.integers(1950, 2098), st.sampled_from(YEARLY))
def test_a_later_period_ends_later(year: int, period_type: str) -> None:
    def label(start: int) -> str:
        single = period_type in {"calendar_year", "reporting_year"}
        return str(start) if single else f"{start}/{(start + 1) % 100:02d}"

    earlier, later = (period_end(label(start), PeriodType(period_type)) for start in (year, year + 1))
    assert earlier is not None and later is not None
    assert months_between(earlier, later) == 12 and earlier < later


@given(st.dates(), st.dates())
def test_months_between_counts_whole_months(one: date, two: date) -> None:
    earlier, later = sorted((one, two))
    months = months_between(earlier, later)
    assert months >= 0 and months <= (later - earlier).days / 28
    assert months_between(earlier, earlier) == 0


def test_a_figure_leads_until_it_is_two_years_old() -> None:
    assert may_be_headline("2024/25", "january_snapshot", date(2025, 12, 31))
    assert may_be_headline("2023", "calendar_year", date(2025, 12, 31))
    assert may_be_headline("2023", "calendar_year", date(2026, 1, 30))
    assert not may_be_headline("2023", "calendar_year", date(2026, 1, 31))
    assert not may_be_headline("2019 - 21", "rolling", date(2025, 12, 31))
    assert not may_be_headline("no year", "calendar_year", date(2025, 12, 31))
