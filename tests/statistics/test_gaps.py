"""Facts about gaps: the interval of four proportions, every outcome, and coverage by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from jsna_pipeline.statistics.gaps import GapOutcome, TwoGroups, difference_of_gaps, gap, gap_change
from jsna_pipeline.statistics.proportions import newcombe_difference

parts = st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def percentages(group: float, reference: float, people: int = 20_000) -> TwoGroups:
    return TwoGroups(round(group * people / 100), people, round(reference * people / 100), people)


@given(st.tuples(parts, parts, parts, parts), st.sampled_from([0.95, 0.998]))
def test_the_change_joins_the_four_wilson_intervals(cells: tuple[tuple[int, int], ...], confidence: float) -> None:
    now, then = TwoGroups(*cells[0], *cells[1]), TwoGroups(*cells[2], *cells[3])
    change = gap_change(now, then, confidence)
    share = np.array([count / people for count, people in cells])
    limits = [proportion_confint(*cell, alpha=1 - confidence, method="wilson") for cell in cells]
    low, high = np.array(limits).T
    sign = np.array([1, -1, -1, 1])
    below = np.where(sign > 0, share - low, high - share)
    above = np.where(sign > 0, high - share, share - low)
    value = (sign * share).sum()
    expected = value, value - np.sqrt((below**2).sum()), value + np.sqrt((above**2).sum())
    np.testing.assert_allclose(change.change, expected, atol=1e-9)
    np.testing.assert_allclose(change.group_change - change.reference_change, change.change[0], atol=1e-12)
    turned = gap_change(then, now, confidence).change
    np.testing.assert_allclose(turned, [-expected[0], -expected[2], -expected[1]], atol=1e-9)
    assert gap(now) == newcombe_difference(*cells[0], *cells[1])


@pytest.mark.parametrize(
    ("then", "now", "outcome"),
    [
        ((20, 60), (35, 60), GapOutcome.CLOSED_GROUP_ROSE),
        ((20, 60), (35, 65), GapOutcome.CLOSED_GROUP_ROSE),  # both rose, the group by more
        ((20, 60), (20, 45), GapOutcome.CLOSED_REFERENCE_FELL),
        ((20, 60), (15, 40), GapOutcome.CLOSED_REFERENCE_FELL),  # both fell: nothing to praise
        ((20, 60), (30, 50), GapOutcome.CLOSED_BOTH_MOVED),
        ((20, 60), (20, 70), GapOutcome.WIDENED),
        ((20, 60), (20.2, 60), GapOutcome.NO_CLEAR_CHANGE),
        ((20, 60), (60, 50), GapOutcome.REVERSED),
        ((20, 60), (60.2, 60), GapOutcome.CLOSED_GROUP_ROSE),  # a hair past, and not clearly
        ((60, 20), (40, 20), GapOutcome.CLOSED_GROUP_FELL),  # absence: the group's is the higher
        ((60, 20), (60, 40), GapOutcome.CLOSED_REFERENCE_ROSE),
        ((60, 20), (50, 30), GapOutcome.CLOSED_BOTH_MOVED),
        ((60, 20), (20, 40), GapOutcome.REVERSED),
        ((40, 40), (30, 40), GapOutcome.WIDENED),
    ],
)
def test_outcomes_name_who_moved(then: tuple[float, float], now: tuple[float, float], outcome: GapOutcome) -> None:
    assert gap_change(percentages(*now), percentages(*then)).outcome == outcome


def test_small_numbers_show_nothing_and_missing_ones_are_not_tested() -> None:
    assert gap_change(percentages(35, 60, 40), percentages(20, 60, 40)).outcome == "no_clear_change"
    now = TwoGroups([5, None, 0], [10, 10, 0], 6, 10)
    outcome = gap_change(now, TwoGroups(5, 10, 6, 10)).outcome
    assert outcome.tolist() == ["no_clear_change", "not_tested", "not_tested"]
    with pytest.raises(ValueError, match="count exceeds denominator"):
        gap_change(TwoGroups(5, 4, 1, 2), now)


def test_difference_in_differences_holds_the_truth_nineteen_times_in_twenty() -> None:
    """An area of 60 children and 900 others beside a country of 3,000 and 50,000, twice."""
    random, runs = np.random.default_rng(20), 20_000

    def drawn(group: float, reference: float, people: tuple[int, int]) -> TwoGroups:
        counts = random.binomial(people, (group, reference), (runs, 2)).T
        return TwoGroups(counts[0], people[0], counts[1], people[1])

    area = gap_change(drawn(0.30, 0.62, (60, 900)), drawn(0.22, 0.60, (60, 900)))
    england = gap_change(drawn(0.25, 0.63, (3000, 50_000)), drawn(0.24, 0.61, (3000, 50_000)))
    for estimate, truth in ((area.change, 0.06), (difference_of_gaps(area.change, england.change), 0.07)):
        held = (estimate[1] <= truth) & (truth <= estimate[2])
        assert held.mean() == pytest.approx(0.95, abs=0.012)
