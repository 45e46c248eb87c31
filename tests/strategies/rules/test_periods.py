"""Facts about periods: the year they end in, the part of the year they are, and which of them compare."""

import pytest

from jsna_pipeline.strategies.rules.estimates import run_of
from jsna_pipeline.strategies.rules.periods import matching, part, span, year
from jsna_pipeline.vocabulary import PeriodType
from tests.strategies.rules.asked import ask, printed


@pytest.mark.parametrize(
    ("period", "kind", "ends", "of_the_year"),
    [
        ("2024/25", PeriodType.ACADEMIC_YEAR, 2025, ""),
        ("2024/25", PeriodType.JANUARY_SNAPSHOT, 2025, ""),
        ("2024", PeriodType.CALENDAR_YEAR, 2024, ""),
        ("2024/25", None, 2025, ""),
        ("2024-09", PeriodType.MONTH, 2024, "-09"),
        ("2024-09", None, 2024, "-09"),
        ("2024/25 Autumn term", PeriodType.TERM, 2025, "autumn term"),
        ("2025 week 30", PeriodType.WEEK, 2025, "week 30"),
        ("2022-07 to 2022-09", PeriodType.ROLLING, 2022, "-07 to -09"),
        ("2010-12", PeriodType.ROLLING, 2012, ""),  # three years, and no December
        ("2019 - 21", PeriodType.ROLLING, 2021, ""),
        ("unknown", None, None, "unknown"),
    ],
)
def test_year_and_part(period: str, kind: PeriodType | None, ends: int | None, of_the_year: str) -> None:
    assert (year(period, kind), part(period, kind)) == (ends, of_the_year)


def test_a_label_comes_before_the_year_it_may_mean() -> None:
    years = run_of(printed("Wigan", {"2018/19": 1, "2019": 2, "2019/20": 3})).estimates
    assert [one.period for one in matching(years, "2019")] == ["2019"]
    assert [one.period for one in matching(years, "2020")] == ["2019/20"]
    assert matching(years, "2019/21") == []


def test_spans_begin_with_the_strategy_and_end_with_it() -> None:
    years = run_of(printed("Wigan", {f"{start}/{start % 100 + 1}": 1.0 for start in range(2017, 2025)})).estimates

    def ends(**more) -> tuple[str, str]:
        found = span(ask(printed("Wigan", {}), **more), years)
        return found.then, found.now

    assert ends() == ("2017/18", "2024/25")
    assert ends(years=(2020, 2023)) == ("2019/20", "2022/23")
    assert ends(years=(2025, 2030)) == ("", "")
    assert ends(years=(2020, 2023), target={"baseline": "2018/19"}) == ("2018/19", "2022/23")
    assert span(ask(printed("Wigan", {})), ()).missing
