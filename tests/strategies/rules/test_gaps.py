"""Facts about gaps that are to close faster than elsewhere: GAP_CLOSING_FASTER."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from jsna_pipeline.vocabulary import Method
from tests.strategies.rules.asked import (
    CANNOT_TELL,
    LOW,
    MET,
    NO_DATA,
    NO_JUDGEMENT,
    NOT_MET,
    NOTHING,
    answer,
    ask,
    events,
    printed,
    shares,
)

YEARS = ("2021/22", "2022/23", "2023/24")


def gap(group, reference, england_group, england_reference, people=10_000, **more):
    """Percentages of `people` in three years, for the group and its reference group, here and in England."""
    given = zip(
        ("Wigan", "Wigan", "England", "England"), (group, reference, england_group, england_reference), strict=True
    )
    series = [
        shares(name, {year: (round(value * people / 100), people) for year, value in zip(YEARS, values, strict=False)})
        for name, values in given
    ]
    question = ask(
        NOTHING,
        LOW,
        group=series[0],
        reference=series[1],
        comparator_group={"england": series[2]},
        comparator_reference={"england": series[3]},
        **{"group_name": "children with SEN support", "reference_name": "children without SEN"} | more,
    )
    return answer("GAP_CLOSING_FASTER", question)


STEADY = ((20, 20, 20), (60, 60, 60))


def test_verdicts_of_a_large_area() -> None:
    assert gap((20, 24, 28), (60, 60, 60), *STEADY).verdict is MET
    assert gap((20, 18, 28), (60, 60, 60), *STEADY).verdict is NOT_MET  # widened in between
    assert gap((20, 20, 28), (60, 60, 60), *STEADY).verdict is NOT_MET  # stood still in between
    assert gap((20, 24, 28), (60, 60, 60), (20, 26, 32), (60, 60, 60)).verdict is NOT_MET  # England closed faster
    assert gap((20, 18, 16), (60, 60, 60), (20, 15, 10), (60, 60, 60)).verdict is NOT_MET  # widened, less than England
    assert gap((20, 20.2, 20.4), (60, 60, 60), *STEADY).verdict is CANNOT_TELL
    assert gap((60, 56, 52), (20, 20, 20), (60, 60, 60), (20, 20, 20)).verdict is MET  # absence: the group's is higher
    assert gap((40, 44, 48), (40, 40, 40), *STEADY).verdict is NO_JUDGEMENT


def test_who_moved_is_said() -> None:
    fell = gap((20, 20, 20), (60, 56, 52), *STEADY)
    assert fell.verdict is MET
    assert fell.sentence.endswith("It closed because the figure of children without SEN fell.")
    assert "because" not in gap((20, 24, 28), (60, 60, 60), *STEADY).sentence
    beyond = gap((20, 50, 70), (60, 60, 60), *STEADY)
    assert "of 10.0 percentage points on the other side" in beyond.sentence


def test_small_groups_cannot_tell() -> None:
    few = gap((20, 25, 30), (60, 60, 60), *STEADY, people=40)
    assert few.verdict is CANNOT_TELL and few.detectable is not None and few.detectable > 30
    assert gap((10, 20, 90), (60, 60, 60), *STEADY, people=9).verdict is CANNOT_TELL


# Level 2 with English and maths by 19, percent of young people with an EHC plan, and without SEN. DfE, Level 2 and 3
# attainment by young people aged 19 (level_2_english_maths_at_19 in the real landing of 2025).
PLAN = shares("Wigan", {"2015/16": (14, 146), "2018/19": (14, 92), "2021/22": (12, 105)})
NO_SEN = shares("Wigan", {"2015/16": (2442, 2987), "2018/19": (2304, 3071), "2021/22": (2233, 2905)})
ENGLAND_PLAN = shares("England", {"2015/16": (3438, 22351), "2018/19": (3110, 20862), "2021/22": (3598, 20867)})
ENGLAND_NO_SEN = shares(
    "England", {"2015/16": (354652, 453401), "2018/19": (348063, 462114), "2021/22": (362426, 465543)}
)


def wilson(part: int, whole: int) -> tuple[float, float, float]:
    low, high = proportion_confint(part, whole, method="wilson")
    return 100 * part / whole, 100 * low, 100 * high


def test_the_gap_at_19_in_wigan_cannot_be_told_from_englands() -> None:
    """Worked by hand: in Wigan 81.75 - 9.59 = 72.16 points in 2015/16 and 76.87 - 11.43 = 65.44 in 2021/22, 6.7
    less; in England 78.22 - 15.38 = 62.84 and 77.85 - 17.24 = 60.61, 2.2 less. The difference of -4.5 rests on some
    hundred young people with a plan in each year, whose shares are known to 5 or 6 points each."""
    question = ask(
        NOTHING,
        LOW,
        group=PLAN,
        reference=NO_SEN,
        comparator_group={"england": ENGLAND_PLAN},
        comparator_reference={"england": ENGLAND_NO_SEN},
        group_name="young people with an EHC plan",
    )
    outcome = answer("GAP_CLOSING_FASTER", question)
    assert outcome.verdict is CANNOT_TELL
    assert (outcome.evidence["baseline"], outcome.evidence["value"]) == (72.2, 65.5)  # of the printed percentages
    # The eight Wilson intervals, joined: those that enter with plus above, those with minus below.
    terms = [
        (1, wilson(2233, 2905)),
        (-1, wilson(12, 105)),
        (-1, wilson(2442, 2987)),
        (1, wilson(14, 146)),
        (-1, wilson(362426, 465543)),
        (1, wilson(3598, 20867)),
        (1, wilson(354652, 453401)),
        (-1, wilson(3438, 22351)),
    ]
    value = sum(sign * share for sign, (share, _, _) in terms)
    below = np.sqrt(sum((share - low if sign > 0 else high - share) ** 2 for sign, (share, low, high) in terms))
    above = np.sqrt(sum((high - share if sign > 0 else share - low) ** 2 for sign, (share, low, high) in terms))
    assert value == pytest.approx(-4.5, abs=0.05)
    found = outcome.evidence["lower_of_changes_england"], outcome.evidence["upper_of_changes_england"]
    assert found == pytest.approx((value - below, value + above), abs=0.001)


def test_a_published_gap_is_judged_as_printed() -> None:
    """Attainment 8: gap of pupils with an EHC plan to those without SEN. DfE, Key stage 4 performance
    (attainment_8_gap). Wigan closed by 1.8 in five years, not in each, and England by 3.1."""
    years = ("2019/20", "2020/21", "2021/22", "2022/23", "2023/24", "2024/25")
    wigan, england = (
        printed(name, dict(zip(years, values, strict=True)), method=Method.DIFFERENCE)
        for name, values in (
            ("Wigan", (33.6, 35.8, 33.7, 29.2, 32.7, 31.8)),
            ("England", (38.5, 38.8, 38.2, 36.0, 35.6, 35.4)),
        )
    )
    outcome = answer("GAP_CLOSING_FASTER", ask(wigan, LOW, comparators={"england": england}))
    assert outcome.verdict is NOT_MET and outcome.evidence["difference_of_changes_england"] == 1.3
    assert (outcome.evidence["years_closed"], outcome.evidence["years"]) == (3, 5)
    assert "printed figures" in outcome.sentence
    closing = printed("Wigan", dict(zip(years, (40, 38, 36, 34, 32, 30), strict=True)), method=Method.DIFFERENCE)
    assert answer("GAP_CLOSING_FASTER", ask(closing, LOW, comparators={"england": england})).verdict is MET


def test_what_is_missing_is_named_and_events_are_not_tested() -> None:
    two = {"group": PLAN, "reference": NO_SEN}
    assert "England" in answer("GAP_CLOSING_FASTER", ask(NOTHING, LOW, **two)).sentence
    assert answer("GAP_CLOSING_FASTER", ask(NOTHING, LOW)).verdict is NO_DATA
    empty = answer(
        "GAP_CLOSING_FASTER", ask(NOTHING, LOW, group=NOTHING, reference=NO_SEN, group_name="children in care")
    )
    assert empty.verdict is NO_DATA and "children in care in Wigan" in empty.sentence
    apart = answer(
        "GAP_CLOSING_FASTER", ask(NOTHING, LOW, group=PLAN, reference=shares("Wigan", {"2016/17": (2347, 2970)}))
    )
    assert apart.verdict is NO_DATA
    one = gap((20,), (60,), (20,), (60,))
    assert one.verdict is NO_DATA and "earlier period" in one.sentence
    rates = [
        events(name, {"2020": then, "2024": now})
        for name, then, now in (("Wigan", 9, 8), ("Wigan", 4, 4), ("England", 9, 9), ("England", 4, 4))
    ]
    question = ask(
        NOTHING,
        LOW,
        group=rates[0],
        reference=rates[1],
        comparator_group={"england": rates[2]},
        comparator_reference={"england": rates[3]},
    )
    outcome = answer("GAP_CLOSING_FASTER", question)
    assert outcome.verdict is CANNOT_TELL and "no test of chance" in outcome.sentence
