"""Facts about before and after an intervention: VS_PRIOR_TO_INTERVENTION."""

import pytest

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

# Children looked after who are persistently absent. DfE, Outcomes for children in need 2025, `absence`
# (persistent_absence_social_care in the real landing of 2025).
WIGAN = shares("Wigan", {"2018/19": (30, 255), "2023/24": (64, 313), "2024/25": (45, 316)})
ENGLAND = shares("England", {"2018/19": (4040, 33380), "2023/24": (7210, 34660), "2024/25": (6890, 33930)})
AFTER = {"intervention": "2024/25"}


def test_absence_in_wigan_fell_since_2023_24_and_that_it_fell_more_than_elsewhere_may_be_chance() -> None:
    """Worked by hand: 20.45 to 14.24 % is -6.21, Wilson 16.35 to 25.25 and 10.81 to 18.53, so from
    -6.21 - sqrt(3.43^2 + 4.80^2) = -12.1 to -6.21 + sqrt(4.29^2 + 4.10^2) = -0.27: a clear fall. England fell from
    20.80 to 20.31 by 0.50, known to 0.61 either way. The difference is -5.71, to
    -5.71 + sqrt(5.93^2 + 0.61^2) = +0.25: it may be chance."""
    outcome = answer("VS_PRIOR_TO_INTERVENTION", ask(WIGAN, LOW, AFTER, comparators={"england": ENGLAND}))
    assert outcome.verdict is CANNOT_TELL
    assert outcome.evidence["upper"] == pytest.approx(-0.27, abs=0.01)
    assert outcome.evidence["upper_of_changes_england"] == pytest.approx(0.25, abs=0.01)
    assert outcome.detectable == pytest.approx(8.5, abs=0.1)


def before_after(own, england, polarity=HIGH, **target):
    area = shares("Wigan", {"2021": own[0], "2024": own[1]})
    other = shares("England", {"2021": england[0], "2024": england[1]})
    question = ask(area, polarity, {"intervention": "2022"} | target, comparators={"england": other})
    return answer("VS_PRIOR_TO_INTERVENTION", question)


LEVEL = ((50_000, 100_000), (50_000, 100_000))


def test_both_legs_are_needed() -> None:
    assert before_after(((500, 1000), (600, 1000)), LEVEL).verdict is MET
    assert before_after(((500, 1000), (600, 1000)), LEVEL, LOW).verdict is NOT_MET
    assert before_after(((500, 1000), (600, 1000)), LEVEL, NEITHER).verdict is NO_JUDGEMENT
    assert before_after(((500, 1000), (600, 1000)), LEVEL, due="2026-01-01").verdict is ON_COURSE
    # England gained more; gained as much; and the area fell while England fell more.
    assert before_after(((500, 1000), (600, 1000)), (LEVEL[0], (70_000, 100_000))).verdict is NOT_MET
    assert before_after(((500, 1000), (600, 1000)), (LEVEL[0], (60_000, 100_000))).verdict is CANNOT_TELL
    assert before_after(((500, 1000), (400, 1000)), (LEVEL[0], (20_000, 100_000))).verdict is NOT_MET
    assert before_after(((5, 9), (9, 9)), LEVEL).verdict is CANNOT_TELL


def test_printed_values_and_events() -> None:
    then_now = [
        printed(name, {"2021": then, "2024": now}) for name, then, now in (("Wigan", 40, 45), ("England", 40, 42))
    ]
    question = ask(then_now[0], target={"intervention": "2022"}, comparators={"england": then_now[1]})
    assert answer("VS_PRIOR_TO_INTERVENTION", question).verdict is MET
    turned = ask(then_now[1], target={"intervention": "2022"}, comparators={"england": then_now[0]})
    assert answer("VS_PRIOR_TO_INTERVENTION", turned).verdict is NOT_MET
    rate = events("Wigan", {"2021": 5.0, "2024": 4.0})
    other = {"england": events("England", {"2021": 5.0, "2024": 5.0})}
    untested = answer("VS_PRIOR_TO_INTERVENTION", ask(rate, LOW, {"intervention": "2022"}, comparators=other))
    assert untested.verdict is CANNOT_TELL and untested.detectable is None


def test_a_window_of_years_ends_what_counts_as_after() -> None:
    """Wigan asks for outcomes of 2022 and 2023 that show recovery from the pandemic: 67 % reached the expected
    standard at 11 in 2019, 64 % in 2023 (ks2_reading_writing_maths in the real landing of 2025)."""
    wigan = printed("Wigan", {"2018/19": 67, "2021/22": 61, "2022/23": 64, "2024/25": 68}, "percent", decimals=0)
    england = printed("England", {"2018/19": 65, "2021/22": 59, "2022/23": 60, "2024/25": 62}, "percent", decimals=0)
    target = {"baseline": "2018/19", "intervention": "2021/22", "window": ("2021/22", "2022/23")}
    found = answer("VS_PRIOR_TO_INTERVENTION", ask(wigan, HIGH, target, comparators={"england": england}))
    assert (found.evidence["period"], found.evidence["difference"]) == ("2022/23", -3)
    assert "the difference in changes is 2 percentage points" in found.sentence
    assert found.sentence.endswith("After the window it was 68% in 2024/25.")
    without = answer("VS_PRIOR_TO_INTERVENTION", ask(wigan, HIGH, target | {"baseline": "2016/17"}))
    assert without.sentence.endswith("There is no figure for 2016/17, the baseline.")


def test_what_is_missing_is_named() -> None:
    england = {"england": ENGLAND}
    assert "no intervention" in answer("VS_PRIOR_TO_INTERVENTION", ask(WIGAN, LOW, comparators=england)).sentence
    later = answer("VS_PRIOR_TO_INTERVENTION", ask(WIGAN, LOW, {"intervention": "2025/26"}, comparators=england))
    assert later.verdict is NO_DATA and "2025/26" in later.sentence
    first = answer("VS_PRIOR_TO_INTERVENTION", ask(WIGAN, LOW, {"intervention": "2018/19"}, comparators=england))
    assert first.verdict is NO_DATA and "from before 2018/19" in first.sentence
    alone = answer("VS_PRIOR_TO_INTERVENTION", ask(WIGAN, LOW, AFTER))
    assert alone.verdict is NO_DATA and "England before and after" in alone.sentence
    assert answer("VS_PRIOR_TO_INTERVENTION", ask(NOTHING, LOW, AFTER)).verdict is NO_DATA
    named = ask(WIGAN, LOW, {"baseline": "2019"}, comparators=england)  # before the pandemic: 2018/19
    assert answer("VS_PRIOR_TO_INTERVENTION", named).evidence["baseline_period"] == "2018/19"
