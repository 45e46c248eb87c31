"""Facts about figures that are neither good nor bad: CONTEXT."""

from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.vocabulary import Method, PeriodType
from tests.strategies.rules.asked import NEITHER, NO_DATA, NO_JUDGEMENT, NOTHING, answer, ask, shares


def test_ehc_plans_in_wigan() -> None:
    """EHC plans: 1,930 in January 2020, 3,579 in January 2025. DfE, Education, health and care plans 2025
    (ehcp_caseload in the real landing of 2025)."""
    points = tuple(
        Point(period, plans, plans) for period, plans in (("2018/19", 1804.0), ("2019/20", 1930.0), ("2024/25", 3579.0))
    )
    plans = Series(points, Method.COUNT, "plans", 0, 1.0, name="Wigan")
    outcome = answer("CONTEXT", ask(plans, NEITHER, years=(2020, 2030), period_type=PeriodType.JANUARY_SNAPSHOT))
    assert outcome.verdict is NO_JUDGEMENT
    assert outcome.sentence == (
        "Wigan: 3,579 plans in January 2025. It was 1,930 plans in January 2020. That is a rise of 1,649 plans."
    )


def test_one_figure_comparators_and_none() -> None:
    one = shares("Wigan", {"2024": (70, 1000)})
    beside = {"england": shares("England", {"2024": (200, 1000)}), "region": shares("London", {"2024": (300, 1000)})}
    target = {"comparators": ["england", "region"]}
    outcome = answer("CONTEXT", ask(one, NEITHER, target, comparators=beside))
    assert outcome.sentence.endswith("Beside it: 20.0% for England and 30.0% for London.")
    assert answer("CONTEXT", ask(one, NEITHER)).verdict is NO_JUDGEMENT
    assert answer("CONTEXT", ask(NOTHING, NEITHER)).verdict is NO_DATA
