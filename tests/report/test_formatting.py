"""What is printed: the forms the field uses, half-up rounding, and a label for every enumeration value."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline import vocabulary
from jsna_pipeline.report import formatting as f
from jsna_pipeline.vocabulary import PeriodType


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, 0, "1,234,567"),
        (2.5, 0, "3"),  # numpy and Python would print 2
        (0.15, 1, "0.2"),  # the nearest binary fraction lies below 0.15
        (1.005, 2, "1.01"),
        (-1234.5, 0, "−1,235"),
        (-0.04, 1, "0.0"),  # no "−0.0"
        (99.95, 1, "100.0"),
    ],
)
def test_numbers_round_half_up_with_separators(value: float, decimals: int, text: str) -> None:
    assert f.number(value, decimals) == text


@given(st.decimals(-1_000_000, 1_000_000, places=3), st.integers(0, 2))
def test_number_is_the_half_up_rounding_of_the_decimal_it_was_given(value: Decimal, decimals: int) -> None:
    printed = Decimal(f.number(float(value), decimals).replace(",", "").replace("−", "-"))
    assert printed == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        f.number(float("nan"))


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (42.6, "percent", 1, "42.6%"),
        (42.6, "%", 1, "42.6%"),
        (12.34, "per_1000", 1, "12.3 per 1,000"),
        (12.34, "per 10,000 children", 1, "12.3 per 10000 children".replace("10000", "10,000")),
        (14.84, "per 100", 1, "14.8 per 100"),
        (-3.8, "percentage_points", 1, "−3.8 percentage points"),
        (1, "percentage points", 0, "1 percentage point"),
        (2966, "plans", 0, "2,966 plans"),
        (2966, "count", 0, "2,966"),
        (-1250, "£", 0, "−£1,250"),
        (None, "percent", 1, "not available"),
    ],
)
def test_measures_carry_their_unit(value: float | None, unit: str, decimals: int, text: str) -> None:
    assert f.measure(value, unit, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(29_259_000, "£29.3 million"), (999_999, "£999,999"), (1_000_000, "£1.0 million"), (123_400_000, "£123 million"),
     (99_960_000, "£100 million"), (-1_250_000, f"{f.MINUS}£1.3 million"), (640, "£640")],
)  # fmt: skip
def test_pounds_from_a_million_are_said_in_millions(value: float, text: str) -> None:
    assert f.pounds(value) == text


def test_intervals() -> None:
    # Wigan 2024, plans issued within 20 weeks: the sentence a report prints.
    assert f.with_interval(42.6, 38.7, 46.6, "percent") == "42.6% (95% CI 38.7–46.6)"
    assert f.with_interval(42.6, None, 46.6, "percent") == "42.6%"
    assert f.interval(-2.1, 3) == "−2.1 to 3.0"  # a dash before a minus sign would mislead


def test_counts_and_frequencies() -> None:
    assert f.of(257, 603) == "257 of 603"
    assert [f.one_in(p) for p in (4.2, 5.0, 42.6, 97.0)] == ["1 in 24", "1 in 20", "4 in 10", "9 in 10"]
    with pytest.raises(ValueError, match="between 0 and 100"):
        f.one_in(0)
    assert [f.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 88, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "88th", "102nd", "111th",
    ]  # fmt: skip
    assert (f.counted(1, "area"), f.counted(2013, "area"), f.counted(0, "child", "children")) == (
        "1 area",
        "2,013 areas",
        "0 children",
    )
    assert (f.listed([]), f.listed(["Bury"]), f.listed(["Bury", "Bolton", "Leigh"])) == (
        "",
        "Bury",
        "Bury, Bolton and Leigh",
    )


@pytest.mark.parametrize(
    ("period", "kind", "text"),
    [
        ("2024/25", PeriodType.ACADEMIC_YEAR, "2024/25"),
        ("2024/25", PeriodType.JANUARY_SNAPSHOT, "January 2025"),  # DfE's label of the January 2025 census
        ("1999/00", PeriodType.JANUARY_SNAPSHOT, "January 2000"),
        ("2024", PeriodType.CALENDAR_YEAR, "calendar year 2024"),
        ("2024/25", PeriodType.FINANCIAL_YEAR, "financial year 2024/25"),
        ("2025", PeriodType.REPORTING_YEAR, "reporting year 2025"),
        ("2024/25 Autumn term", PeriodType.TERM, "autumn term 2024/25"),
        ("2025 Week 37", PeriodType.WEEK, "week 37 of 2025"),
        ("2025-05", PeriodType.MONTH, "May 2025"),
        ("2021-23", PeriodType.ROLLING, "2021 to 2023"),
        ("2022-02 to 2022-04", PeriodType.ROLLING, "February to April 2022"),
        ("2021-12 to 2022-11", PeriodType.ROLLING, "December 2021 to November 2022"),
        ("as published", PeriodType.MONTH, "as published"),
    ],
)
def test_periods_in_words(period: str, kind: PeriodType, text: str) -> None:
    assert f.period_words(period, kind) == text


def test_dates_and_ages() -> None:
    assert f.date_words(date(2025, 6, 26)) == "26 June 2025"
    assert f.age_of_figure(date(2025, 1, 16), date(2025, 6, 26)) == "5 months old"
    assert f.age_of_figure(date(2025, 1, 31), date(2025, 2, 28)) == "less than a month old"
    assert f.age_of_figure(date(2023, 5, 1), date(2025, 6, 26)) == "2 years 1 month old"
    assert f.age_of_figure(date(2024, 6, 26), date(2025, 6, 26)) == "1 year old"


def test_every_enumeration_value_has_its_own_label() -> None:
    labels = {
        name.removesuffix("_LABELS").replace("_", "").lower(): table
        for name, table in vars(f).items()
        if name.endswith("_LABELS") and name != "TONE_LABELS"
    }
    enumerations = {
        name.lower(): members
        for name, members in vars(vocabulary).items()
        if isinstance(members, type) and issubclass(members, StrEnum) and members is not StrEnum
    }
    assert labels.keys() == enumerations.keys()
    for name, members in enumerations.items():
        assert set(labels[name]) == set(members), name
        assert len(set(labels[name].values())) == len(members), name
