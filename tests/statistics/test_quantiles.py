"""Facts about quantiles: an independent implementation, ties, polarity, and groups that are too small."""

import numpy as np
import pandas as pd
import PHStatsMethods
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsna_pipeline.statistics.quantiles import quantile_within

areas = st.lists(st.tuples(st.sampled_from("ab"), st.one_of(st.none(), st.integers(0, 30))), min_size=1, max_size=60)


@given(areas, st.sampled_from([2, 3, 5, 10]), st.sampled_from(["high", "low"]))
@pytest.mark.filterwarnings("ignore:One or more groups")
def test_quantiles_equal_phstatsmethods(rows: list[tuple[str, int | None]], number: int, polarity: str) -> None:
    table = pd.DataFrame(rows, columns=["group", "value"]).astype({"value": "float64"})
    ours = quantile_within(table["group"], table["value"], polarity, number)
    theirs = PHStatsMethods.ph_quantile(table, "value", ["group"], nquantiles=number, invert=polarity == "low")
    np.testing.assert_array_equal(ours, theirs["quantile"].to_numpy("float64"))


def test_uneven_quantiles_and_one_on_an_edge() -> None:
    tenths = quantile_within(np.zeros(21), np.arange(21), "high", 10)
    np.testing.assert_array_equal(np.bincount(tenths.astype(int))[1:], [3, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    np.testing.assert_array_equal(quantile_within(np.zeros(21), np.arange(21), "low", 10), tenths[::-1])
    # 21 from the last of 28, in twentieths: 15 whole twentieths, which 21 / (28 / 20) in floating point exceeds.
    assert quantile_within(np.zeros(28), np.arange(28), "high", 20)[7] == 6


@given(st.integers(2, 10), st.integers(1, 12))
def test_areas_without_ties_fill_the_quantiles_evenly(number: int, each: int) -> None:
    quantiles = quantile_within(np.zeros(number * each), np.arange(number * each), "none", number)
    np.testing.assert_array_equal(quantiles, np.repeat(np.arange(1, number + 1), each))


def test_ties_share_a_quantile_and_small_groups_and_gaps_have_none() -> None:
    quantiles = quantile_within(list("aaaaaabb"), [1, 1, 1, 1, 5, None, 1, 2], "high", 3)
    np.testing.assert_array_equal(quantiles, [1, 1, 1, 1, 3, np.nan, np.nan, np.nan])
    with pytest.raises(ValueError, match="at least 2"):
        quantile_within([1], [1], "high", 1)
