"""Facts about cost beside outcome and volume: BEST_VALUE."""

from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import Method
from tests.strategies.rules.asked import (
    CANNOT_TELL,
    MET,
    NEITHER,
    NO_DATA,
    NO_JUDGEMENT,
    NOT_MET,
    NOTHING,
    answer,
    ask,
    printed,
    shares,
)

BETTER = shares("Wigan", {"2020": (500, 1000), "2024": (600, 1000)})
WORSE = shares("Wigan", {"2020": (600, 1000), "2024": (500, 1000)})
SAME = shares("Wigan", {"2020": (50, 100), "2024": (52, 100)})


def cost(then: float, now: float, volumes: tuple[float | None, float | None] = (200, 220)) -> Series:
    points = (Point("2020", then, None, volumes[0]), Point("2024", now, None, volumes[1]))
    return Series(points, Method.RATIO, "pounds", 0, 1.0, name="Wigan")


def value(area: Series, *outcome: Series):
    legs = tuple((series, "increase") for series in outcome)
    return answer("BEST_VALUE", ask(area, NEITHER, legs=legs, leg_names=("Placements that lasted",)))


def test_only_dominance_is_judged() -> None:
    assert value(cost(5000, 4800), BETTER).verdict is MET
    assert value(cost(5000, 5000), BETTER).verdict is MET
    assert value(cost(5000, 5200), WORSE).verdict is NOT_MET
    assert value(cost(5000, 5000), WORSE).verdict is NOT_MET
    for trade in (value(cost(5000, 5200), BETTER), value(cost(5000, 4800), WORSE)):
        assert trade.verdict is NO_JUDGEMENT and "for people to weigh" in trade.sentence
    unclear = value(cost(5000, 4800), SAME)
    assert unclear.verdict is CANNOT_TELL and unclear.detectable is not None
    held = printed("Wigan", {"2020": 50.0, "2024": 50.0})
    assert value(cost(5000, 5200), held).verdict is CANNOT_TELL  # the same as printed is not worse


def test_cost_is_never_judged_alone() -> None:
    for alone in (value(cost(5000, 100)), value(cost(5000, 100, (None, None)), BETTER), value(cost(1, 9), NOTHING)):
        assert alone.verdict is NO_JUDGEMENT and "Cost alone is not judged." in alone.sentence
    volume = printed("Wigan", {"2020": 200.0, "2024": 220.0}, "places", decimals=0)
    beside = value(cost(5000, 4800, (None, None)), BETTER, volume)
    assert beside.verdict is MET and beside.evidence["volume"] == 220
    one = answer("BEST_VALUE", ask(printed("Wigan", {"2024": 100.0}, "pounds"), NEITHER))
    assert one.verdict is NO_JUDGEMENT and "£100.0" in one.sentence
    assert value(NOTHING, BETTER).verdict is NO_DATA


def test_weekly_cost_of_sen_services_in_wigan() -> None:
    """Pounds a week on services for children with SEN: 110 in 2019/20 and 100 in 2024/25, without volume. DfE, Local
    authority interactive tool (sen_services_weekly_cost in the real landing of 2025)."""
    real = answer("BEST_VALUE", ask(printed("Wigan", {"2019/20": 110, "2024/25": 100}, "pounds", decimals=0), NEITHER))
    assert real.verdict is NO_JUDGEMENT and real.evidence["difference"] == -10
    assert "There is no figure of the outcome or the volume beside it." in real.sentence


def test_a_share_is_no_cost() -> None:
    """Plans in independent special schools in Cumberland: 83 of 2,656, then 80 of 2,893."""
    found = answer("BEST_VALUE", ask(shares("Cumberland", {"2023/24": (83, 2656), "2024/25": (80, 2893)}), NEITHER))
    assert found.verdict is NO_JUDGEMENT and "cash" not in found.sentence and "Cost" not in found.sentence
