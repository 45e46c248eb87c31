"""Facts about comparison: every word of significance, ranks with ties, and quarters of a ranking."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.statistics.comparison import compare, compare_difference, quartile, rank, rank_within
from jsna_pipeline.statistics.proportions import newcombe_difference, wilson_interval
from jsna_pipeline.vocabulary import Polarity, Significance


@pytest.mark.parametrize(
    ("polarity", "above", "below"),
    [
        (Polarity.HIGH, Significance.BETTER, Significance.WORSE),
        (Polarity.LOW, Significance.WORSE, Significance.BETTER),
        (Polarity.NONE, Significance.HIGHER, Significance.LOWER),
    ],
)
def test_words_by_polarity(polarity: Polarity, above: Significance, below: Significance) -> None:
    lower, upper = np.array([50.1, 40, 50, 40, 45]), np.array([60, 49.9, 60, 50, 55])
    words = compare((lower + upper) / 2, lower, upper, 50, polarity)
    assert words.tolist() == [above, below, Significance.SIMILAR, Significance.SIMILAR, Significance.SIMILAR]


def test_wigans_20_weeks_in_2024_are_similar_to_england() -> None:
    lower, upper = wilson_interval(257, 603)
    assert compare(42.6, 100 * lower, 100 * upper, 46.4, "high") == "similar"
    assert compare(42.6, 100 * lower, 100 * upper, 54.2, "high") == "worse"


def test_anything_missing_is_not_tested() -> None:
    full = [50.0, 45.0, 55.0, 60.0]
    for missing in range(4):
        given_values = [None if index == missing else number for index, number in enumerate(full)]
        assert compare(*given_values, "high") == "not_tested"
    assert compare(50, 55, 45, 60, "high") == "not_tested"  # limits back to front
    assert compare_difference(None, 1, "high") == "not_tested"


def test_polarity_may_differ_by_row_and_must_be_a_known_word() -> None:
    polarity = pd.Series(["high", "low", "none"])
    assert compare(1, 0.5, 1.5, 0, polarity).tolist() == ["better", "worse", "higher"]
    with pytest.raises(ValueError, match=r"^polarity is not one of high, low, none at position 1$"):
        compare(1, 0.5, 1.5, 0, ["high", None])


def test_a_change_is_judged_by_the_interval_of_the_difference() -> None:
    """60 of 100 after 48 of 100: the interval excludes last year's point, yet the change is not shown."""
    lower, upper = wilson_interval(60, 100)
    assert compare(0.60, lower, upper, 0.48, "high") == "better"
    _, low, high = newcombe_difference(60, 100, 48, 100)
    assert compare_difference(low, high, "high") == "similar"
    assert compare_difference([0.1, -0.3, 0], [0.2, -0.1, 0.1], "low").tolist() == [
        "worse",
        "better",
        "similar",
    ]


def test_ties_share_their_smallest_rank_and_the_unranked_have_none() -> None:
    value = [90.0, 85.0, 85.0, 70.0, 99.0, None]
    eligible = [True, True, True, True, False, True]
    for polarity, ranks in {"high": [1, 2, 2, 4], "none": [1, 2, 2, 4], "low": [4, 2, 2, 1]}.items():
        place, out_of = rank(value, polarity, eligible)
        np.testing.assert_array_equal(place, [*ranks, np.nan, np.nan])
        np.testing.assert_array_equal(out_of, [4, 4, 4, 4, np.nan, np.nan])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 6), st.sampled_from([True, False, None])),
        max_size=40,
    ),
    st.sampled_from(["high", "low"]),
)
def test_rank_within_equals_pandas(rows: list[tuple[str, int, bool | None]], polarity: str) -> None:
    table = pd.DataFrame(rows, columns=["group", "value", "eligible"])
    flags = table["eligible"].astype("boolean")
    place, out_of = rank_within(table["group"], table["value"], polarity, flags)
    ranked = table["value"].astype(float).where(flags.fillna(False))
    by_group = ranked.groupby(table["group"])
    expected = by_group.rank(method="min", ascending=polarity == "low")
    np.testing.assert_array_equal(place, expected)
    np.testing.assert_array_equal(out_of, by_group.transform("count").where(ranked.notna()))


def test_groups_may_be_key_columns_and_a_missing_key_is_not_ranked() -> None:
    keys = pd.DataFrame({"indicator_id": ["a", "a", "b", "b", None], "period": ["2024"] * 5})
    place, out_of = rank_within(keys, [1, 2, 1, 2, 3], ["high", "high", "low", "low", "low"], True)
    np.testing.assert_array_equal(place, [2, 1, 1, 2, np.nan])
    np.testing.assert_array_equal(out_of, [2, 2, 2, 2, np.nan])


def test_one_group_has_one_polarity() -> None:
    with pytest.raises(ValueError, match="polarity differs within a group"):
        rank_within(["a", "a"], [1, 2], ["high", "low"], True)


def test_quarters_of_150_areas() -> None:
    quarters = quartile(np.arange(1, 151), 150)
    np.testing.assert_array_equal(np.bincount(quarters.astype(int))[1:], [38, 37, 38, 37])
    np.testing.assert_array_equal(quartile([1, 150, 88, np.nan], [150, 150, 150, 150]), [1, 4, 3, np.nan])


def test_fewer_than_four_areas_have_no_quarters() -> None:
    np.testing.assert_array_equal(quartile([1, 1, 4], [3, 4, 4]), [np.nan, 1, 4])
