"""Facts about figures that are to be the same: CONSISTENT."""

import pytest

from tests.strategies.rules.asked import (
    CANNOT_TELL,
    MET,
    NEITHER,
    NO_DATA,
    NOT_MET,
    NOTHING,
    answer,
    ask,
    events,
    printed,
    shares,
)


def beside(first, second, margin=5.0, **more):
    names = {"group_name": "year 7", "reference_name": "year 6"}
    target = {} if margin is None else {"margin": margin}
    return answer("CONSISTENT", ask(NOTHING, NEITHER, target, group=first, reference=second, **names | more))


def pair(first: tuple[int, int], second: tuple[int, int], margin: float | None = 5.0):
    return beside(shares("Wigan", {"2024": first}), shares("Wigan", {"2024": second}), margin)


def test_both_one_sided_tests_must_pass() -> None:
    assert pair((900, 1000), (910, 1000)).verdict is MET
    assert pair((800, 1000), (910, 1000)).verdict is NOT_MET
    assert pair((860, 1000), (910, 1000)).verdict is CANNOT_TELL
    small = pair((90, 100), (90, 100))
    assert small.verdict is CANNOT_TELL  # no difference seen, and up to seven points could not be
    assert small.detectable is not None and small.detectable > 5
    assert pair((90, 100), (90, 100), 20).verdict is MET
    assert pair((9, 9), (9, 9), 90).verdict is CANNOT_TELL


def test_boys_and_girls_in_wigan_at_five_are_not_within_five_points() -> None:
    """Good level of development 2018/19: boys 1,156 of 1,883, girls 1,318 of 1,762. DfE, Early years foundation stage
    profile (good_level_to_2019 in the real landing of 2025). Worked by hand: 61.39 - 74.80 = -13.41, standard error
    sqrt(0.0112^2 + 0.0103^2) = 1.53, so the 90 % interval is -15.9 to -10.9: wholly beyond 5."""
    boys, girls = shares("Wigan", {"2018/19": (1156, 1883)}), shares("Wigan", {"2018/19": (1318, 1762)})
    outcome = beside(boys, girls, group_name="boys", reference_name="girls")
    assert outcome.verdict is NOT_MET
    assert (outcome.evidence["lower"], outcome.evidence["upper"]) == pytest.approx((-15.9, -10.9), abs=0.05)


def test_printed_values_events_and_what_is_missing() -> None:
    assert beside(printed("Wigan", {"2024": 93.0}), printed("Wigan", {"2024": 95.0})).verdict is MET
    assert beside(printed("Wigan", {"2024": 89.9}), printed("Wigan", {"2024": 95.0})).verdict is NOT_MET
    assert beside(printed("Wigan", {"2024": 90.0}), printed("Wigan", {"2024": 95.0})).verdict is MET  # at the margin
    assert beside(events("Wigan", {"2024": 93.0}), events("Wigan", {"2024": 93.1})).verdict is CANNOT_TELL
    assert "year 7" in beside(NOTHING, shares("Wigan", {"2024": (90, 100)})).sentence
    assert pair((900, 1000), (910, 1000), None).verdict is NO_DATA
    apart = beside(shares("Wigan", {"2023": (90, 100)}), shares("Wigan", {"2024": (90, 100)}))
    assert apart.verdict is NO_DATA and "one period" in apart.sentence
    assert answer("CONSISTENT", ask(NOTHING, NEITHER)).verdict is NO_DATA
    legs = ((shares("Wigan", {"2024": (900, 1000)}), "increase"), (shares("Wigan", {"2024": (910, 1000)}), "increase"))
    assert answer("CONSISTENT", ask(NOTHING, NEITHER, {"margin": 5}, legs=legs)).verdict is MET
