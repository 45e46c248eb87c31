"""Totals, ranks and sensitivity: by hand, at ties and gaps, and against what must hold for any scores."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jsna_pipeline.commissioning.weighing import AS_SET, DRAWS, full_weights, ranks, sensitivity, totals
from jsna_pipeline.errors import InputError

NAMES = ("size", "voice", "trend")
EQUAL = full_weights(None, NAMES)


def _scores(*rows: list[float], names: tuple[str, ...] = NAMES) -> pd.DataFrame:
    return pd.DataFrame([*rows], columns=list(names), index=[f"topic {place}" for place in range(len(rows))])


def test_weights_add_up_to_one_and_what_is_not_named_weighs_one() -> None:
    assert full_weights({"voice": 2}, NAMES).tolist() == [0.25, 0.5, 0.25]
    assert full_weights({"size": 0}, NAMES).tolist() == [0.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ({"sise": 1}, r"priority_weights: no criterion 'sise'; the criteria are size, voice, trend\."),
        ({"size": -1}, "numbers of 0 or more"),
        ({"size": math.nan}, "numbers of 0 or more"),
        ({"size": 0, "voice": 0, "trend": 0}, "at least one above 0"),
    ],
)
def test_faulty_weights_are_refused_with_the_remedy(weights: dict[str, float], says: str) -> None:
    with pytest.raises(InputError, match=says):
        full_weights(weights, NAMES)


def test_a_total_is_the_weighted_mean_of_the_known_scores_of_a_hundred() -> None:
    scores = np.array([[4.0, 2.0, 0.0], [4.0, np.nan, 0.0], [np.nan, np.nan, np.nan]])
    found = totals(scores, np.array([EQUAL, [0.5, 0.25, 0.25]]))
    assert found[0].tolist()[:2] == [50.0, 50.0] and np.isnan(found[:, 2]).all()
    assert found[1, 0] == pytest.approx(62.5)  # (4 × 0.5 + 2 × 0.25) of 4
    assert found[1, 1] == pytest.approx(100 * 2 / 3)  # 4 × 0.5 of 4 × 0.75


def test_ties_share_the_better_rank_and_what_has_no_total_has_none() -> None:
    found = ranks(np.array([[50.0, 75.0, 50.0, np.nan]]))[0]
    assert found[:3].tolist() == [2, 1, 2] and np.isnan(found[3])


def test_the_order_turns_when_what_it_rests_on_is_left_out() -> None:
    found = sensitivity(_scores([4, 0, 2], [1, 3, 1]), EQUAL)
    assert found[AS_SET].tolist() == [1, 2]
    assert found["without size"].tolist() == [2, 1]
    assert found["double voice"].tolist() == [2, 1]  # 6 against 8 of 16
    assert found["without voice"].tolist() == [1, 2]
    assert found[["best", "worst"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def test_random_weights_agree_with_the_share_that_geometry_gives() -> None:
    """One topic scores 4 and 0, five score 2 and 2: it is in the first five where its first weight is above a half.

    Of weights drawn evenly that is one half; of 1,000 draws all but one set in a thousand lies within 5.2 points.
    """
    names = ("size", "voice")
    found = sensitivity(_scores([4, 0], *[[2, 2]] * 5, names=names), full_weights(None, names))
    assert found["top_five_share"].iloc[0] == pytest.approx(50, abs=5.2)
    assert found["top_five_share"].iloc[1:].eq(100).all()  # the five tie, at rank 1 or 2
    assert found["top_five_share"].iloc[0] * DRAWS % 100 == pytest.approx(0)


def test_the_same_scores_give_the_same_shares() -> None:
    scores = _scores([4, 0, 1], [3, 2, 2], [0, 4, 4], [1, 1, 1], [2, 0, 3], [3, 3, 0])
    pd.testing.assert_frame_equal(sensitivity(scores, EQUAL), sensitivity(scores, EQUAL))


def test_a_criterion_without_weight_stays_out_of_every_scenario() -> None:
    scores = _scores([4, 0, 4], [1, 4, 1])
    found = sensitivity(scores, full_weights({"voice": 0}, NAMES))
    assert "without voice" not in found and "double voice" not in found
    assert found["worst"].tolist() == [1, 2]
    alone = sensitivity(scores, full_weights({"voice": 0, "trend": 0}, NAMES))
    assert list(alone) == [AS_SET, "double size", "best", "worst", "top_five_share"]


SCORES = arrays(float, st.tuples(st.integers(1, 9), st.just(3)), elements=st.sampled_from([0, 1, 2, 3, 4, math.nan]))


@given(SCORES, st.lists(st.floats(0.01, 5), min_size=3, max_size=3))
def test_ranges_hold_the_rank_as_set_and_shares_are_percentages(values: np.ndarray, weights: list[float]) -> None:
    found = sensitivity(_scores(*values), full_weights(dict(zip(NAMES, weights, strict=True)), NAMES))
    ranked = found.loc[found[AS_SET].notna()]
    assert ((ranked["best"] <= ranked[AS_SET]) & (ranked[AS_SET] <= ranked["worst"])).all()
    assert ranked["top_five_share"].between(0, 100).all()
    if 0 < len(ranked) <= 5:
        assert ranked["top_five_share"].eq(100).all()


@given(SCORES, st.lists(st.floats(0.01, 10), min_size=3, max_size=3), st.floats(0.01, 1000))
def test_scaling_all_weights_changes_nothing(values: np.ndarray, weights: list[float], factor: float) -> None:
    given_weights = dict(zip(NAMES, weights, strict=True))
    scaled = {name: weight * factor for name, weight in given_weights.items()}
    one, other = full_weights(given_weights, NAMES), full_weights(scaled, NAMES)
    np.testing.assert_allclose(totals(values, one[None]), totals(values, other[None]), atol=1e-8)
    scores = _scores(*values)
    pd.testing.assert_frame_equal(sensitivity(scores, one), sensitivity(scores, other))


@given(SCORES)
def test_whoever_is_best_in_everything_is_first_whatever_the_weights(values: np.ndarray) -> None:
    found = sensitivity(_scores([4, 4, 4], *values), EQUAL)
    assert found.iloc[0][["best", "worst", "top_five_share"]].tolist() == [1, 1, 100]
