"""Facts about two figures that are to move together: LINKED."""

import pytest

from jsna_pipeline.vocabulary import PeriodType
from tests.strategies.rules.asked import (
    CANNOT_TELL,
    MET,
    NO_DATA,
    NOT_MET,
    NOTHING,
    ON_COURSE,
    answer,
    ask,
    events,
    printed,
    shares,
)

NAMES = ("Places in resourced provision", "Part-time timetables")
UP = shares("Wigan", {"2020": (100, 1000), "2024": (200, 1000)})
DOWN = shares("Wigan", {"2020": (200, 1000), "2024": (100, 1000)})
STILL = shares("Wigan", {"2020": (150, 1000), "2024": (151, 1000)})


def pair(first, second, **more):
    legs = ((first, "increase"), (second, "reduce"))
    return answer("LINKED", ask(NOTHING, legs=legs, leg_names=NAMES, **more))


def test_both_legs_make_the_verdict() -> None:
    both = pair(UP, DOWN)
    assert both.verdict is MET and both.evidence["leg_2_verdict"] == "met"
    assert both.sentence.endswith("That both moved does not show that one brought about the other.")
    assert pair(UP, DOWN, target={"due": "2026-01-01"}).verdict is ON_COURSE
    assert pair(DOWN, DOWN).verdict is NOT_MET
    assert pair(UP, UP).verdict is NOT_MET
    unclear = pair(UP, STILL)
    assert unclear.verdict is CANNOT_TELL and unclear.detectable == pytest.approx(4.5, abs=0.1)
    assert pair(DOWN, NOTHING).verdict is NOT_MET  # one that clearly fails is enough
    missing = pair(UP, NOTHING)
    assert missing.verdict is NO_DATA and "“Part-time timetables” for Wigan" in missing.sentence
    single = pair(UP, shares("Wigan", {"2024": (5, 100)}))
    assert single.verdict is NO_DATA and "earlier period" in single.sentence
    assert pair(UP, events("Wigan", {"2020": 5.0, "2024": 4.0})).verdict is CANNOT_TELL


def test_one_side_is_no_pair_and_a_want_is_one_of_two() -> None:
    assert answer("LINKED", ask(NOTHING, legs=((UP, "increase"),))).verdict is NO_DATA
    assert answer("LINKED", ask(NOTHING)).verdict is NO_DATA
    with pytest.raises(ValueError, match="increase or to reduce"):
        answer("LINKED", ask(NOTHING, legs=((UP, "rise"), (DOWN, "fall"))))


def test_resourced_provision_and_alternative_provision_in_wigan_both_rose() -> None:
    """Children with an EHC plan in resourced provision, and in alternative provision, January 2023 and 2025. DfE,
    Education, health and care plans 2025, `caseload` (ehcp_resourced_or_unit, ehcp_alternative_provision). 14 of 2,607
    to 48 of 3,579 is 0.54 (Wilson 0.32 to 0.90) to 1.34 % (1.01 to 1.77): 0.80, at least
    0.80 - sqrt(0.33^2 + 0.36^2) = 0.32. 4 of 2,607 to 28 of 3,579 is 0.15 (0.06 to 0.39) to 0.78 % (0.54 to 1.13):
    0.63, at least 0.63 - sqrt(0.24^2 + 0.24^2) = 0.29, and it was to fall."""
    resourced = shares("Wigan", {"2022/23": (14, 2607), "2024/25": (48, 3579)})
    alternative = shares("Wigan", {"2022/23": (4, 2607), "2024/25": (28, 3579)})
    outcome = pair(resourced, alternative)
    assert outcome.verdict is NOT_MET
    assert (outcome.evidence["leg_1_verdict"], outcome.evidence["leg_2_verdict"]) == ("met", "not_met")
    assert outcome.evidence["leg_1_lower"] == pytest.approx(0.32, abs=0.01)
    assert outcome.evidence["leg_2_lower"] == pytest.approx(0.29, abs=0.01)


def test_each_side_names_its_own_periods_and_shows_what_it_has() -> None:
    """Row 89: plans counted in January beside sessions of a school year, of which there is one only."""
    places = shares("Wigan", {"2019/20": (18, 1930), "2024/25": (48, 3579)})
    missed = printed("Wigan", {"2025/26": 1.4}, "per 1,000")
    kinds = (PeriodType.JANUARY_SNAPSHOT, PeriodType.ACADEMIC_YEAR)
    legs = ((places, "increase"), (missed, "reduce"))
    question = ask(places, legs=legs, leg_names=("Places", "Part-time timetables"), leg_kinds=kinds)
    found = answer("LINKED", question)
    assert found.verdict is NO_DATA
    assert "(48 of 3,579) in January 2025." in found.sentence
    assert found.sentence.endswith(
        "Part-time timetables: 1.4 per 1,000 in 2025/26. There is no figure for an earlier period to compare with."
    )
