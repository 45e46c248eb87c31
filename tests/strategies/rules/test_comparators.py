"""Facts about levels beside comparators: IN_LINE_OR_BETTER and NOT_ABOVE."""

from datetime import date

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.strategies.rules.asked import (
    CANNOT_TELL,
    HIGH,
    LOW,
    MET,
    NEITHER,
    NO_DATA,
    NO_JUDGEMENT,
    NOT_MET,
    NOTHING,
    ON_COURSE,
    answer,
    ask,
    events,
    printed,
    shares,
)

# EHC plans issued within 20 weeks, exceptions left out, by calendar year. DfE, Education, health and care
# plans 2025, `timeliness` (ehcp_within_20_weeks_excl in the real landing of 2025).
WIGAN = shares("Wigan", {"2022": (334, 398), "2023": (259, 402), "2024": (257, 603)})
ENGLAND = printed("England", {"2022": 49.2, "2023": 50.3, "2024": 46.4}, "percent")
NORTH_WEST = printed("North West", {"2022": 62.7, "2023": 56.7, "2024": 50.5}, "percent")


def against(own: int, of: int, value: float, polarity=HIGH, **target):
    england = printed("England", {"2024": value}, "percent")
    return answer(
        "IN_LINE_OR_BETTER",
        ask(shares("Wigan", {"2024": (own, of)}), polarity, target, comparators={"england": england}),
    )


def test_wigan_in_2024_is_in_line_with_england_and_not_with_its_region() -> None:
    """Worked by hand: 257 of 603 is 42.62 %. Wilson: centre (257 + 1.9207) / (603 + 3.8415) = 42.67 %, half width
    1.96 sqrt(603 * 0.4262 * 0.5738 + 0.9604) / 606.84 = 3.94, so 38.7 to 46.6. England's 46.4 lies inside, the
    North West's 50.5 does not. Beside 46.4, 603 children show a gap of 1.96 * 2.031 = 3.98 below it, and with
    80 % power 0.84 * 2.00 = 1.69 more: 5.7 percentage points, less than the eight that may stay unseen."""
    england = answer("IN_LINE_OR_BETTER", ask(WIGAN, comparators={"england": ENGLAND}))
    assert england.verdict is MET
    assert england.evidence["value"] == 42.6 and england.evidence["england"] == 46.4
    assert england.evidence["numerator"] == 257 and england.evidence["denominator"] == 603
    assert (england.evidence["lower"], england.evidence["upper"]) == pytest.approx((38.73, 46.60), abs=0.01)
    assert england.evidence["detectable"] == pytest.approx(5.7, abs=0.05)
    assert england.sentence.startswith("Wigan: 42.6% (257 of 603) in 2024, beside 46.4% for England. It is similar")
    both = answer(
        "IN_LINE_OR_BETTER",
        ask(
            WIGAN, target={"comparators": ["england", "region"]}, comparators={"england": ENGLAND, "region": NORTH_WEST}
        ),
    )
    assert both.verdict is NOT_MET and both.evidence["verdict_england"] == "met"
    assert both.sentence.endswith("It is worse than the North West.")


def test_better_worse_and_the_limit_itself() -> None:
    assert against(300, 500, 46.4).verdict is MET
    assert against(300, 500, 46.4, LOW).verdict is NOT_MET
    low, high = proportion_confint(300, 500, method="wilson")
    assert against(300, 500, 100 * low + 0.01).verdict is MET
    assert against(300, 500, 100 * high - 0.01).verdict is MET  # still inside
    assert against(300, 500, 100 * high + 0.01).verdict is NOT_MET


def test_few_children_are_not_in_line_for_want_of_numbers() -> None:
    """20 of 40 beside 46.4 %: a gap of some 20 points would not be seen."""
    few = against(20, 40, 46.4)
    assert few.verdict is CANNOT_TELL
    assert few.detectable == pytest.approx(21.0, abs=0.5)
    assert "A gap of under 21" in few.sentence
    assert against(20, 40, 46.4, margin=25).verdict is MET  # the strategy itself allows for it
    assert against(4, 4, 46.4).verdict is CANNOT_TELL  # better by the interval, and fewer than ten
    assert against(0, 9, 99.0).verdict is CANNOT_TELL
    assert against(0, 10, 90.0).verdict is NOT_MET
    # Three of 100 beside 2.5 %: a share twice as large would not be seen.
    assert against(3, 100, 2.5, LOW).verdict is CANNOT_TELL


def test_printed_values_are_judged_as_printed_and_say_so() -> None:
    for own, polarity, verdict in ((46.0, HIGH, MET), (45.9, HIGH, NOT_MET), (45.9, LOW, MET), (46.1, HIGH, MET)):
        area, england = printed("Wigan", {"2024/25": own}), printed("England", {"2024/25": 46.0})
        outcome = answer("IN_LINE_OR_BETTER", ask(area, polarity, comparators={"england": england}))
        assert outcome.verdict is verdict
        assert "printed figures" in outcome.sentence and outcome.evidence["basis"] == "printed"
    near = ask(printed("Wigan", {"2024/25": 45.5}), HIGH, {"margin": 0.5}, comparators={"england": england})
    assert answer("IN_LINE_OR_BETTER", near).verdict is MET


def test_a_printed_gap_smaller_than_the_usual_step_is_not_called_worse() -> None:
    """Good level of development of children with an EHC plan in Wigan, about 115 a year: 3.5 % beside England's
    4.0 % in 2024/25 (good_level_of_development in the real landing of 2025). Its steps are 2.7, 3.2 and 0.8."""
    wigan = printed("Wigan", {"2021/22": 3.2, "2022/23": 5.9, "2023/24": 2.7, "2024/25": 3.5}, "percent")

    def beside(england: float):
        other = {"england": printed("England", {"2024/25": england}, "percent")}
        return answer("IN_LINE_OR_BETTER", ask(wigan, comparators=other))

    real = beside(4.0)
    assert real.verdict is CANNOT_TELL and "less than its average move" in real.sentence
    assert (beside(5.8).verdict, beside(3.0).verdict) == (NOT_MET, MET)  # the mean step is 2.2


def test_a_target_for_years_is_judged_at_the_last_of_them() -> None:
    """Wigan's strategy asks for a good level of development in line with England "from 2019 – 2022"."""
    wigan = printed("Wigan", {"2021/22": 62.1, "2022/23": 63.4, "2023/24": 63.9, "2024/25": 65.9}, "percent")
    other = {"england": printed("England", {"2021/22": 65.2, "2022/23": 67.2, "2024/25": 68.3}, "percent")}
    asked = ask(wigan, HIGH, {"window": ("2018/19", "2021/22")}, comparators=other)
    found = answer("IN_LINE_OR_BETTER", asked)
    assert (found.verdict, found.evidence["period"]) == (NOT_MET, "2021/22")
    assert found.sentence.endswith("After the window it was 65.9% in 2024/25.")
    missed = answer("IN_LINE_OR_BETTER", ask(wigan, HIGH, {"window": ("2015", "2018")}, comparators=other))
    assert missed.verdict is NO_DATA and "the years that are asked for" in missed.sentence


def test_events_are_judged_only_where_every_one_of_five_years_says_the_same() -> None:
    """Suspensions per 100 pupils. DfE, Suspensions and permanent exclusions in England: Wigan was above England in
    2019/20 and 2020/21 and below it since, so it stood on neither side throughout."""
    years = ("2019/20", "2020/21", "2021/22", "2022/23", "2023/24")
    wigan = events("Wigan", dict(zip(years, (4.27, 4.35, 6.62, 7.95, 8.68), strict=True)))
    england = events("England", dict(zip(years, (3.76, 4.25, 6.91, 9.33, 11.31), strict=True)))
    real = answer("IN_LINE_OR_BETTER", ask(wigan, LOW, comparators={"england": england}))
    assert real.verdict is CANNOT_TELL and "no test of chance" in real.sentence
    above = events("England", dict.fromkeys(years, 9.0))
    assert answer("IN_LINE_OR_BETTER", ask(wigan, LOW, comparators={"england": above})).verdict is MET
    assert answer("IN_LINE_OR_BETTER", ask(wigan, HIGH, comparators={"england": above})).verdict is NOT_MET
    four = events("England", dict.fromkeys(years[1:], 9.0))
    assert answer("IN_LINE_OR_BETTER", ask(wigan, LOW, comparators={"england": four})).verdict is CANNOT_TELL


def test_what_is_missing_is_named() -> None:
    none = answer("IN_LINE_OR_BETTER", ask(NOTHING, comparators={"england": ENGLAND}))
    assert (none.verdict is NO_DATA and "Wigan" in none.sentence) or "the area" in none.sentence
    alone = answer(
        "IN_LINE_OR_BETTER", ask(WIGAN, target={"comparators": ["region"]}, comparators={"england": ENGLAND})
    )
    assert alone.verdict is NO_DATA and "the region" in alone.sentence
    other_year = ask(WIGAN, comparators={"england": printed("England", {"2019": 60.4}, "percent")})
    assert answer("IN_LINE_OR_BETTER", other_year).verdict is NO_DATA
    part = ask(WIGAN, target={"comparators": ["england", "region"]}, comparators={"england": ENGLAND})
    assert "There is no figure for the region." in answer("IN_LINE_OR_BETTER", part).sentence
    country = printed("England", {"2024": 46.4}, "percent")
    assert answer("IN_LINE_OR_BETTER", ask(country, comparators={"england": country})).verdict is NO_DATA


def test_without_a_direction_nothing_is_judged_and_time_left_counts_only_with_a_clear_gain() -> None:
    assert answer("IN_LINE_OR_BETTER", ask(WIGAN, NEITHER, comparators={"england": ENGLAND})).verdict is NO_JUDGEMENT
    climbing = shares("Wigan", {"2020": (100, 500), "2024": (180, 500)})
    england = {"england": ENGLAND}
    due = {"due": date(2026, 3, 31)}
    assert answer("IN_LINE_OR_BETTER", ask(climbing, HIGH, due, comparators=england)).verdict is ON_COURSE
    assert answer("IN_LINE_OR_BETTER", ask(climbing, HIGH, comparators=england)).verdict is NOT_MET
    past = {"due": date(2025, 9, 29)}
    assert answer("IN_LINE_OR_BETTER", ask(climbing, HIGH, past, comparators=england)).verdict is NOT_MET


def test_the_final_position_of_an_ended_strategy_is_within_its_years() -> None:
    ended = answer("IN_LINE_OR_BETTER", ask(WIGAN, comparators={"england": ENGLAND}, years=(2020, 2023)))
    assert ended.evidence["period"] == "2023" and ended.verdict is MET


# Children with an EHC plan who are educated at home, January counts. DfE, Education, health and care plans 2025,
# `caseload` (ehcp_elective_home_education in the real landing of 2025).
HOME = shares("Wigan", {"2019/20": (0, 1930), "2022/23": (6, 2607), "2024/25": (37, 3579)})
HOME_ENGLAND = shares("England", {"2019/20": (2983, 390109), "2022/23": (4285, 517048), "2024/25": (7155, 638745)})


def test_home_education_in_wigan_is_not_above_england_and_grew_faster() -> None:
    """Worked by hand: 37 of 3,579 is 1.03 %, Wilson 0.75 to 1.42: not above England's 1.1. Since 2019/20 it rose
    from 0 of 1,930 (0 to 0.20) by 1.03, Newcombe 1.03 - sqrt(0.28^2 + 0.20^2) = 0.69 to 1.42. England rose from
    0.765 to 1.120 by 0.355 (0.32 to 0.39). The difference is 0.68, at least 0.68 - sqrt(0.35^2 + 0.04^2) = 0.33."""
    outcome = answer("NOT_ABOVE", ask(HOME, LOW, comparators={"england": HOME_ENGLAND}))
    assert outcome.verdict is NOT_MET and "grown faster than England" in outcome.sentence
    assert outcome.evidence["lower_of_changes_england"] == pytest.approx(0.33, abs=0.005)
    lower, upper = confint_proportions_2indep(37, 3579, 0, 1930, method="newcomb")
    assert (100 * lower, 100 * upper) == pytest.approx((0.687, 1.423), abs=0.01)


def test_not_above_needs_level_and_growth() -> None:
    def outcome(then: tuple[int, int], now: tuple[int, int], **more):
        area = shares("Wigan", {"2019/20": then, "2024/25": now})
        return answer("NOT_ABOVE", ask(area, LOW, comparators={"england": HOME_ENGLAND}, **more))

    assert outcome((60, 8000), (80, 9000)).verdict is MET
    assert outcome((90, 3000), (90, 3500)).verdict is NOT_MET  # 2.6 % is above 1.1 %, though it fell
    assert outcome((2, 200), (2, 210)).verdict is CANNOT_TELL
    alone = answer(
        "NOT_ABOVE", ask(shares("Wigan", {"2024/25": (80, 9000)}), LOW, comparators={"england": HOME_ENGLAND})
    )
    assert alone.verdict is NO_DATA and "earlier period" in alone.sentence
    assert answer("NOT_ABOVE", ask(HOME, LOW)).verdict is NO_DATA
    assert answer("NOT_ABOVE", ask(NOTHING, LOW, comparators={"england": HOME_ENGLAND})).verdict is NO_DATA
    rates = (events("Wigan", {"2020": 1.0, "2024": 1.1}), events("England", {"2020": 1.0, "2024": 1.2}))
    assert answer("NOT_ABOVE", ask(rates[0], LOW, comparators={"england": rates[1]})).verdict is CANNOT_TELL
    values = (printed("Wigan", {"2020": 1.0, "2024": 1.3}), printed("England", {"2020": 1.0, "2024": 1.4}))
    assert answer("NOT_ABOVE", ask(values[0], LOW, comparators={"england": values[1]})).verdict is MET
