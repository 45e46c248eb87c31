"""Facts about all of something, or a share of it: ALL and RECORD."""

from dataclasses import replace

import pytest

from jsna_pipeline.strategies.question import Reported
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import Method
from tests.strategies.rules.asked import (
    HIGH,
    LOW,
    MET,
    NO_DATA,
    NOT_MET,
    NOTHING,
    ON_COURSE,
    answer,
    ask,
    printed,
    shares,
)


def of(part: float, whole: float, rule: str = "ALL", exceptions=(), **target):
    points = (Point("2025", None, part, whole),)
    reported = Reported(points, "Schools", "organisations", name="Wigan", exceptions=tuple(exceptions))
    return answer(rule, ask(NOTHING, HIGH, target, reported=reported))


def test_all_are_all() -> None:
    assert of(8, 8).verdict is MET  # complete counts: few are not too few
    one = of(7, 8, exceptions=["Example Primary School"])
    assert one.verdict is NOT_MET and one.evidence["exceptions"] == 1
    assert one.sentence.endswith("1 is the exception: Example Primary School.")
    many = of(4, 9, exceptions=["A", "B", "C", "D", "E"])
    assert many.sentence.endswith("5 are the exceptions: A, B and C and others.")
    assert many.evidence["exceptions_named"] == "A; B; C; D; E"


def test_a_share_is_decided_on_the_counts() -> None:
    assert of(19, 20, share=95).verdict is MET
    assert of(9499, 10000, share=95).verdict is NOT_MET  # prints as 95.0 %
    assert of(1999, 2000).verdict is NOT_MET  # prints as 100.0 %
    assert of(2, 3, share=66.6).verdict is MET
    assert of(2, 3, share=66.7).verdict is NOT_MET


def test_health_assessments_of_children_looked_after_in_wigan() -> None:
    """Children looked after with an annual health assessment: 430 of 431 in 2021, published as 100 %, and 516 of 516
    in 2025. DfE, Children looked after in England, `health` (cla_health_checks in the real landing of 2025)."""
    assert answer("ALL", ask(shares("Wigan", {"2021": (430, 431)}))).verdict is NOT_MET
    real = answer("ALL", ask(shares("Wigan", {"2021": (430, 431), "2025": (516, 516)})))
    assert real.verdict is MET and real.sentence == "Wigan: 100.0% (516 of 516) in 2025; 100% is asked for."


def test_placements_without_a_record_in_wigan() -> None:
    """Children with an EHC plan whose placement is not recorded: 153 of 2,607 in January 2023, 19 of 3,579 in January
    2025. DfE, Education, health and care plans 2025 (ehcp_placement_unknown). 3,560 of 3,579 is 99.47 %."""
    unknown = shares("Wigan", {"2022/23": (153, 2607), "2024/25": (19, 3579)})
    real = answer("RECORD", ask(unknown, LOW, {"share": 99}))
    assert real.verdict is MET and "19 have no record." in real.sentence and "at most 1%" in real.sentence
    assert "; none is to be left." in answer("RECORD", ask(unknown, LOW)).sentence
    assert answer("RECORD", ask(unknown, LOW)).verdict is NOT_MET
    assert answer("RECORD", ask(unknown, LOW, {"due": "2025-12-31"})).verdict is ON_COURSE
    assert answer("RECORD", ask(unknown, LOW, {"due": "2025-09-29"})).verdict is NOT_MET
    rising = shares("Wigan", {"2023/24": (10, 2607), "2024/25": (153, 3579)})
    assert answer("RECORD", ask(rising, LOW, {"due": "2025-12-31"})).verdict is NOT_MET


def test_a_rate_of_children_among_those_counted_is_a_share_of_them() -> None:
    """Children of school age with a plan and no education in Cumberland: 11 of 2,171 in January 2025
    (ehcp_no_education_school_age in the real landing of 2025), printed as 5.1 per 1,000."""
    points = (Point("2024/25", 5.1, 11, 2171),)
    rate = Series(points, Method.RATE, "per 1,000", 1, 1000.0, name="Cumberland")
    real = answer("ALL", ask(rate, LOW))
    assert real.verdict is NOT_MET
    assert real.sentence == (
        "Cumberland: 5.1 per 1,000 (11 of 2,171) in 2024/25; none is to be left. 11 are the exceptions."
    )
    assert answer("ALL", ask(replace(rate, independent=False), LOW)).verdict is NO_DATA


def test_printed_percentages_and_what_is_missing() -> None:
    full = answer("ALL", ask(printed("Wigan", {"2025": 100.0}, "percent")))
    assert full.verdict is MET and "printed percentage" in full.sentence
    assert answer("ALL", ask(printed("Wigan", {"2025": 99.9}, "percent"))).verdict is NOT_MET
    assert answer("ALL", ask(printed("Wigan", {"2025": 0.0}, "percent"), LOW)).verdict is MET
    for no_share in (printed("Wigan", {"2025": 350.0}, "places"), printed("Wigan", {"2025": -1.8}, "percent")):
        assert answer("ALL", ask(no_share)).verdict is NO_DATA
    for rule in ("ALL", "RECORD"):
        assert answer(rule, ask(NOTHING)).verdict is NO_DATA
    nobody = Reported((Point("2025", None, 0, 0),), "Schools", "organisations")
    assert answer("ALL", ask(NOTHING, reported=nobody)).verdict is NO_DATA


@pytest.mark.parametrize(("part", "record"), [(95, MET), (94, NOT_MET)])
def test_records_reach_their_share_or_not(part: int, record) -> None:
    assert of(part, 100, "RECORD", share=95).verdict is record
