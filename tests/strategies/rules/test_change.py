"""Facts about changes against a baseline: REDUCE, INCREASE, REDUCE_WINDOW, MAINTAIN_AND_IMPROVE."""

from datetime import date

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from jsna_pipeline.strategies.question import Answers, Reported, Wave
from jsna_pipeline.strategies.rules.change import one_way
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import Method, PeriodType
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

# Children with an EHC plan in mainstream schools, January counts. DfE, Education, health and care plans 2025,
# `caseload` (ehcp_mainstream in the real landing of 2025).
MAINSTREAM = shares("Wigan", {"2018/19": (753, 1804), "2019/20": (775, 1930), "2024/25": (1549, 3579)})


def test_mainstream_places_in_wigan_rose_since_the_strategy_began() -> None:
    """Worked by hand: January 2020 775 of 1,930 is 40.16 % (Wilson 37.99 to 42.36), January 2025 1,549 of 3,579 is
    43.28 % (41.67 to 44.91). The difference is 3.13, from 3.13 - sqrt(1.61^2 + 2.20^2) = 0.40 to
    3.13 + sqrt(1.63^2 + 2.16^2) = 5.83: above 0. January 2019 lies before the strategy."""
    question = ask(MAINSTREAM, years=(2020, 2030), period_type=PeriodType.JANUARY_SNAPSHOT)
    outcome = answer("INCREASE", question)
    assert outcome.verdict is MET and outcome.evidence["baseline_period"] == "2019/20"
    oracle = confint_proportions_2indep(1549, 3579, 775, 1930, method="newcomb")
    assert (outcome.evidence["lower"], outcome.evidence["upper"]) == pytest.approx(
        [100 * one for one in oracle], abs=0.001
    )
    assert (outcome.evidence["lower"], outcome.evidence["upper"]) == pytest.approx((0.40, 5.83), abs=0.01)
    assert outcome.sentence == (
        "Wigan: 40.2% (775 of 1,930) in January 2020 and 43.3% (1,549 of 3,579) in January 2025. "
        "That is a rise of 3.1 percentage points (95% CI 0.4–5.8), more than chance would give."
    )


# Children looked after who are persistently absent. DfE, Outcomes for children in need 2025, `absence`
# (persistent_absence_social_care in the real landing of 2025); nothing is published for 2019/20.
ABSENT = shares("Wigan", {"2018/19": (30, 255), "2020/21": (105, 285), "2023/24": (64, 313), "2024/25": (45, 316)})


def test_absence_of_children_looked_after_fell_since_2020() -> None:
    """105 of 285 is 36.8 %, 45 of 316 is 14.2 %: a fall of 22.6, standard error sqrt(0.0286^2 + 0.0197^2) = 3.5."""
    outcome = answer("REDUCE", ask(ABSENT, LOW, years=(2020, 2030)))
    assert outcome.verdict is MET and outcome.evidence["difference"] == -22.6
    assert answer("REDUCE", ask(ABSENT, LOW)).verdict is CANNOT_TELL  # 11.8 % to 14.2 % since 2018/19


def changed(rule: str, then: tuple[int, int], now: tuple[int, int], polarity=LOW, **more):
    return answer(rule, ask(shares("Wigan", {"2020": then, "2024": now}), polarity, **more))


def test_the_interval_of_the_difference_decides_in_both_directions() -> None:
    assert changed("REDUCE", (300, 500), (257, 603)).verdict is MET
    assert changed("REDUCE", (257, 603), (300, 500)).verdict is NOT_MET
    unclear = changed("REDUCE", (30, 60), (25, 60))
    assert unclear.verdict is CANNOT_TELL
    # Half the width of Newcombe's interval (17.5) and 0.84 / 1.96 of it more.
    lower, upper = confint_proportions_2indep(25, 60, 30, 60, method="newcomb")
    assert unclear.detectable == pytest.approx(50 * (upper - lower) * (1 + 0.8416 / 1.96), abs=0.02)
    assert f"A change of under {unclear.detectable:.1f} percentage points could not be seen." in unclear.sentence
    assert changed("REDUCE", (9, 9), (0, 9)).verdict is CANNOT_TELL  # fewer than ten never tell


def test_the_polarity_of_the_figures_is_the_direction_wanted() -> None:
    """A measure wants better attendance (INCREASE); its figure is absence, which has to fall."""
    assert changed("INCREASE", (300, 500), (257, 603), LOW).verdict is MET
    assert changed("INCREASE", (300, 500), (257, 603), NEITHER).verdict is NOT_MET
    assert changed("REDUCE", (300, 500), (257, 603), NEITHER).verdict is MET


def test_a_due_day_ahead_is_on_course_and_a_level_is_reached_or_not() -> None:
    ahead, past = {"due": date(2025, 9, 30)}, {"due": date(2025, 9, 29)}  # the due day itself is ahead
    assert changed("REDUCE", (300, 500), (257, 603), target=ahead).verdict is ON_COURSE
    assert changed("REDUCE", (300, 500), (257, 603), target=past).verdict is MET
    assert changed("REDUCE", (257, 603), (300, 500), target=ahead).verdict is NOT_MET
    for level, due, verdict in ((42.6, past, MET), (42.5, past, NOT_MET), (40.0, ahead, ON_COURSE), (43.0, ahead, MET)):
        assert changed("REDUCE", (300, 500), (257, 603), target={"level": level} | due).verdict is verdict
    # No due day: the strategy's last year is.
    assert changed("REDUCE", (300, 500), (257, 603), target={"level": 40}, years=(2020, 2030)).verdict is ON_COURSE
    assert changed("REDUCE", (300, 500), (257, 603), target={"level": 40}).verdict is NOT_MET
    assert changed("REDUCE", (30, 60), (25, 60), target={"level": 40} | ahead).verdict is CANNOT_TELL
    assert changed("REDUCE", (3, 9), (0, 9), target={"level": 40} | past).verdict is CANNOT_TELL


def test_missing_figures_and_baselines_are_named() -> None:
    assert answer("REDUCE", ask(NOTHING, LOW)).verdict is NO_DATA
    one = answer("REDUCE", ask(shares("Wigan", {"2024": (257, 603)}), LOW, years=(2020, 2030)))
    assert one.verdict is NO_DATA and "an earlier period from 2020 on" in one.sentence and "42.6%" in one.sentence
    lost = changed("REDUCE", (300, 500), (257, 603), target={"baseline": "2019"})
    assert lost.verdict is NO_DATA and "2019, the baseline" in lost.sentence
    named = ask(MAINSTREAM, target={"baseline": "2018/19"}, years=(2020, 2030))
    assert answer("INCREASE", ask(named.area, target={"baseline": "2018/19"})).evidence["baseline_period"] == "2018/19"
    year = ask(MAINSTREAM, target={"baseline": "2019"})  # January 2019
    assert answer("INCREASE", year).evidence["baseline_period"] == "2018/19"


def test_an_ended_strategy_is_judged_within_its_years_or_not_at_all() -> None:
    area = shares("Wigan", {"2020": (300, 500), "2022": (250, 500), "2024": (450, 500)})
    assert answer("REDUCE", ask(area, LOW, years=(2020, 2023))).evidence["period"] == "2022"
    after = shares("Wigan", {"2023/24": (300, 500), "2024/25": (200, 500)})
    late = answer("REDUCE", ask(after, LOW, years=(2018, 2021)))
    assert late.verdict is NO_DATA
    assert "There is no figure within the years of the strategy, which ended in 2021." in late.sentence


def test_values_without_counts_are_judged_as_printed() -> None:
    for now, verdict in ((45.9, NOT_MET), (46.0, CANNOT_TELL), (46.1, MET)):
        outcome = answer("INCREASE", ask(printed("Wigan", {"2020/21": 46.0, "2024/25": now})))
        assert outcome.verdict is verdict and "printed figures" in outcome.sentence
    few = Series((Point("2020", 40.0, None, 9), Point("2024", 50.0, None, 9)), Method.MEAN, "score", 1)
    assert answer("INCREASE", ask(few)).verdict is CANNOT_TELL


def test_a_printed_change_smaller_than_the_usual_step_cannot_be_told() -> None:
    """Early education with good or outstanding providers in Wigan, January 2020 to 2024 (early_education_good_providers
    in the real landing of 2025). The steps are 0.3, 0.6, 1.1 and 1.3, so 0.825 on average; it rose by 0.1."""
    years = {"2019/20": 96.1, "2020/21": 95.8, "2021/22": 96.4, "2022/23": 97.5, "2023/24": 96.2}
    real = answer("INCREASE", ask(printed("Wigan", years, "percent")))
    assert real.verdict is CANNOT_TELL and "a rise of 0.1 percentage points" in real.sentence
    assert "less than its average move from one period to the next (0.8 percentage points)" in real.sentence
    # Steps of 0.1 and 0.3 are 0.2 on average: a change of that size is told, whatever its binary form.
    assert answer("INCREASE", ask(printed("Wigan", {"2022": 0.3, "2023": 0.2, "2024": 0.5}))).verdict is MET
    assert answer("REDUCE", ask(printed("Wigan", {"2022": 0.3, "2023": 0.2, "2024": 0.5}), LOW)).verdict is NOT_MET


def test_none_stays_none_and_all_stay_all() -> None:
    """Permanent exclusions from special schools in Wigan: 0.00 per 100 in 2018/19 and in 2023/24
    (permanent_exclusion_rate in the real landing of 2025). There is nothing left to reduce."""
    none = printed("Wigan", {"2018/19": 0.0, "2023/24": 0.0}, "per 100", decimals=2)
    real = answer("REDUCE", ask(none, LOW))
    assert real.verdict is MET and "It was the same in both, and cannot be lower." in real.sentence
    assert "printed figures" in real.sentence
    assert answer("INCREASE", ask(none, HIGH)).verdict is CANNOT_TELL
    assert changed("REDUCE", (0, 720), (0, 800)).verdict is MET
    assert changed("REDUCE", (0, 9), (0, 9)).verdict is CANNOT_TELL
    assert changed("INCREASE", (720, 720), (800, 800), HIGH).verdict is MET
    assert answer("REDUCE", ask(printed("Wigan", {"2020": 0.0, "2024": 0.0}), LOW)).verdict is CANNOT_TELL  # a score
    tiny = shares("Wigan", {"2020": (1, 9000), "2024": (4, 9000)})  # prints as 0.0 and is not none
    assert answer("REDUCE", ask(tiny, LOW)).verdict is CANNOT_TELL


def test_suspensions_in_wigan_rose_in_every_year_since_2019_20() -> None:
    """Suspensions per 100 pupils. DfE, Suspensions and permanent exclusions in England (suspension_rate)."""
    years = {"2019/20": 4.27, "2020/21": 4.35, "2021/22": 6.62, "2022/23": 7.95, "2023/24": 8.68}
    real = answer("REDUCE", ask(events("Wigan", years), LOW, years=(2020, 2030)))
    assert real.verdict is NOT_MET and "It rose in every period" in real.sentence
    four = dict(list(years.items())[1:])
    unclear = answer("REDUCE", ask(events("Wigan", four), LOW))
    assert unclear.verdict is CANNOT_TELL and "no test of chance" in unclear.sentence and unclear.detectable is None
    assert answer("REDUCE", ask(events("Wigan", years | {"2021/22": 4.35}), LOW)).verdict is CANNOT_TELL
    assert [one_way(row) for row in ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [1, 2, 3, 4], [1, 2, 2, 3, 4], [])] == [
        1,
        -1,
        0,
        0,
        0,
    ]


def test_counts_of_the_area_itself_and_its_surveys_are_judged_too() -> None:
    points = (Point("2020", None, 40, 100), Point("2024", None, 70, 100))
    reported = Reported(points, "Staff who feel able", "staff", name="Wigan")
    outcome = answer("INCREASE", ask(NOTHING, reported=reported))
    assert outcome.verdict is MET and "40.0% (40 of 100)" in outcome.sentence
    waves = (Wave("2023", 200, 150, 60.0, 52.0, 67.5), Wave("2024", 220, 160, 75.0, 67.8, 81.1))
    survey = answer("INCREASE", ask(NOTHING, answers=Answers("Engaged", waves, name="Wigan")))
    # 15 - sqrt(7.2^2 + 7.5^2) = 4.6: above 0
    assert survey.verdict is MET and survey.evidence["lower"] == pytest.approx(4.60, abs=0.01)
    low = tuple(Wave(wave.period, 9, 9, 60.0, 30.0, 80.0) for wave in waves)
    few = answer("INCREASE", ask(NOTHING, answers=Answers("Engaged", low)))
    assert few.verdict is CANNOT_TELL and "60" not in few.sentence


# Children with an EHC plan in alternative provision, January counts; as MAINSTREAM (ehcp_alternative_provision).
ALTERNATIVE = shares("Wigan", {"2018/19": (9, 1804), "2021/22": (16, 2337), "2024/25": (28, 3579)})


def test_alternative_provision_in_wigan_from_2019_to_2022() -> None:
    """January 2019 0.50 % (Wilson 0.26 to 0.95), January 2022 0.68 % (0.42 to 1.11): the difference of 0.19 lies
    from 0.19 - sqrt(0.26^2 + 0.45^2) = -0.33 to 0.19 + sqrt(0.43^2 + 0.24^2) = 0.67."""
    outcome = answer("REDUCE_WINDOW", ask(ALTERNATIVE, LOW, {"window": ("2019", "2022")}))
    assert outcome.verdict is CANNOT_TELL and outcome.evidence["baseline_period"] == "2018/19"
    assert (outcome.evidence["lower"], outcome.evidence["upper"]) == pytest.approx((-0.33, 0.67), abs=0.01)


def windowed(counts, polarity=LOW, window=("2019", "2022"), **more):
    return answer("REDUCE_WINDOW", ask(shares("Wigan", counts), polarity, {"window": window}, **more))


def test_windows_have_both_ends_or_are_still_open() -> None:
    full = {"2019": (300, 500), "2020": (500, 500), "2022": (200, 500), "2024": (400, 500)}
    met = windowed(full)
    assert met.verdict is MET  # what came after the window does not count, and is told
    assert met.sentence.endswith("After the window it was 80.0% (400 of 500) in 2024.")
    assert windowed(full, HIGH).verdict is NOT_MET
    shift = windowed(full, NEITHER)
    assert shift.verdict is NO_JUDGEMENT and "a fall of 20.0 percentage points" in shift.sentence
    still = windowed(full, window=("2019", "2026"), today=date(2024, 12, 1))
    assert still.verdict is NOT_MET and still.evidence["period"] == "2024"
    falling = {"2019": (300, 500), "2024": (200, 500)}
    opened = windowed(falling, window=("2019", "2026"))
    assert opened.verdict is ON_COURSE and "has no figure yet" in opened.sentence
    assert windowed(falling, today=date(2026, 1, 1), window=("2019", "2025")).verdict is ON_COURSE  # not yet out
    gone = windowed({"2019": (300, 500), "2020": (200, 500)})
    assert gone.verdict is NO_DATA and "2022, where the window ends" in gone.sentence
    assert "2022, where the window ends" in windowed(falling).sentence
    assert "2019, where the window begins" in windowed({"2022": (1, 50)}).sentence
    years = answer("REDUCE_WINDOW", ask(shares("Wigan", full), LOW, years=(2019, 2022)))
    assert years.verdict is MET
    assert answer("REDUCE_WINDOW", ask(shares("Wigan", full), LOW)).verdict is NO_DATA
    assert answer("REDUCE_WINDOW", ask(NOTHING, LOW, {"window": ("2019", "2022")})).verdict is NO_DATA


def test_part_years_are_compared_with_the_same_part() -> None:
    terms = {
        "2018/19 Autumn term": (100, 500),
        "2018/19 Spring term": (300, 500),
        "2021/22 Autumn term": (50, 500),
        "2021/22 Spring term": (150, 500),
    }
    outcome = windowed(terms)
    assert outcome.evidence["baseline_period"] == "2018/19 Spring term" and outcome.verdict is MET
    unmatched = windowed({"2018/19 Autumn term": (100, 500), "2021/22 Spring term": (150, 500)})
    assert unmatched.verdict is NO_DATA and "the same part" in unmatched.sentence
    months = shares("Wigan", {"2023-09": (1, 90), "2023-12": (60, 90), "2024-09": (2, 90), "2024-12": (20, 90)})
    assert answer("REDUCE", ask(months, LOW)).evidence["baseline_period"] == "2023-12"
    only = answer("REDUCE", ask(shares("Wigan", {"2024-09": (60, 90), "2024-12": (20, 90)}), LOW))
    assert only.verdict is NO_DATA and "the same part of an earlier year" in only.sentence


def test_first_choice_of_primary_school_in_wigan_fell() -> None:
    """Offers of the first preference, percent of applicants, by year of entry. DfE, Secondary and primary school
    applications and offers 2026 (first_preference_offers): 91.3 for 2023/24, 88.7 for 2026/27, without counts."""
    years = {"2023/24": 91.3, "2024/25": 92.2, "2025/26": 89.7, "2026/27": 88.7}
    real = answer("MAINTAIN_AND_IMPROVE", ask(printed("Wigan", years, "percent")))
    assert real.verdict is NOT_MET and "a fall of 2.6 percentage points" in real.sentence
    # An invented series that ends where it began, on a falling line.
    level = printed("Wigan", {"2023/24": 91.1, "2024/25": 92.0, "2025/26": 89.5, "2026/27": 91.1}, "percent")
    falling = answer("MAINTAIN_AND_IMPROVE", ask(level))
    assert falling.verdict is CANNOT_TELL and "goes the wrong way" in falling.sentence
    assert answer("MAINTAIN_AND_IMPROVE", ask(printed("Wigan", dict.fromkeys(years, 91.1)))).verdict is MET


def test_care_leavers_homes_in_wigan_held_on_a_falling_line() -> None:
    """Care leavers of 19 to 21 in suitable homes. DfE, Local authority interactive tool (care_leavers_suitable_home).
    92.0 to 91.5 % is no clear fall, and sum((-3..3) * values) = -14.8: the line falls, so it cannot be told."""
    counts = {
        "2018/19": (103, 112),
        "2019/20": (113, 120),
        "2020/21": (113, 125),
        "2021/22": (124, 139),
        "2022/23": (128, 150),
        "2023/24": (155, 172),
        "2024/25": (215, 235),
    }
    assert answer("MAINTAIN_AND_IMPROVE", ask(shares("Wigan", counts))).verdict is CANNOT_TELL


def test_to_hold_takes_numbers_that_would_show_a_fall() -> None:
    def held(then, middle, now, polarity=HIGH):
        area = shares("Wigan", {"2020": then, "2022": middle, "2024": now})
        return answer("MAINTAIN_AND_IMPROVE", ask(area, polarity))

    assert held((900, 1000), (905, 1000), (910, 1000)).verdict is MET
    assert held((100, 1000), (95, 1000), (90, 1000), LOW).verdict is MET
    assert held((910, 1000), (905, 1000), (900, 1000)).verdict is CANNOT_TELL
    assert held((900, 1000), (850, 1000), (800, 1000)).verdict is NOT_MET
    assert held((800, 1000), (850, 1000), (900, 1000)).verdict is MET
    small = held((18, 20), (18, 20), (18, 20))
    assert small.verdict is CANNOT_TELL and small.detectable is not None
    assert held((900, 1000), (905, 1000), (910, 1000), NEITHER).verdict is NO_JUDGEMENT
    assert answer("MAINTAIN_AND_IMPROVE", ask(NOTHING)).verdict is NO_DATA
    assert answer("MAINTAIN_AND_IMPROVE", ask(shares("Wigan", {"2024": (9, 90)}))).verdict is NO_DATA
    assert answer("MAINTAIN_AND_IMPROVE", ask(events("Wigan", {"2020": 4.0, "2024": 5.0}))).verdict is CANNOT_TELL
