"""Facts about monthly series: MONTHLY_REDUCE."""

import pytest

from tests.strategies.rules.asked import CANNOT_TELL, HIGH, LOW, MET, NO_DATA, NOT_MET, NOTHING, answer, ask, printed

WOBBLE = [50, 52, 49, 51, 48, 52, 50, 49, 51, 50, 52, 48, 50, 51]


def monthly(values, polarity=LOW, skip=()):
    periods = [f"{2024 + month // 12}-{month % 12 + 1:02d}" for month in range(len(values))]
    kept = {period: value for period, value in zip(periods, values, strict=True) if period not in skip}
    return answer("MONTHLY_REDUCE", ask(printed("Wigan", kept, "children", decimals=0), polarity))


def test_the_chart_decides_and_the_steps_are_counted() -> None:
    falling = monthly([*WOBBLE, 44])
    # Mean of the 15 months 49.8, mean of 14 moving ranges 2.57 (none above 3.267 times it): limits 49.8 ± 6.84. 44
    # lies inside, so it only varies as it always does.
    assert falling.verdict is CANNOT_TELL
    assert falling.evidence["lower"] == pytest.approx(49.8 - 2.66 * 36 / 14, abs=0.001)
    assert falling.detectable == pytest.approx(2.66 * 36 / 14, abs=0.001)
    assert falling.evidence["steps_as_wanted"] == 7 and "fell in 7 of 14 steps" in falling.sentence
    assert monthly([*WOBBLE, 30]).verdict is MET
    assert monthly([*WOBBLE, 70]).verdict is NOT_MET
    assert monthly([*WOBBLE, 70], HIGH).verdict is MET
    assert monthly([*range(60, 40, -1)]).verdict is MET
    assert monthly([*range(40, 60)]).verdict is NOT_MET


def test_few_months_gaps_and_other_periods() -> None:
    eleven = monthly([*range(60, 49, -1)])
    assert eleven.verdict is CANNOT_TELL and "it takes 12" in eleven.sentence
    assert monthly([*range(60, 48, -1)]).verdict is MET
    alone = monthly(
        [50, 60] * 13, skip=[f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(2, 13, 2)]
    )
    assert alone.verdict is CANNOT_TELL and "follow each other" in alone.sentence
    yearly = answer("MONTHLY_REDUCE", ask(printed("Wigan", {"2023": 5, "2024": 4}, "children"), LOW))
    assert yearly.verdict is NO_DATA and "by month" in yearly.sentence
    assert answer("MONTHLY_REDUCE", ask(NOTHING, LOW)).verdict is NO_DATA


def test_three_months_of_autism_waits_are_too_few() -> None:
    """Children waiting over 13 weeks for an autism assessment, percent: 33, 33, 67. NHS England, Autism statistics,
    July to September 2022, Greater Manchester 02H (health_autism_wait_over_13_weeks in the real landing of 2025)."""
    waits = printed("Greater Manchester 02H", {"2022-07": 33, "2022-08": 33, "2022-09": 67}, "percent", decimals=0)
    outcome = answer("MONTHLY_REDUCE", ask(waits, LOW))
    assert outcome.verdict is CANNOT_TELL and "67% in September 2022" in outcome.sentence
    assert "fell in 0 of 2 steps" in outcome.sentence
