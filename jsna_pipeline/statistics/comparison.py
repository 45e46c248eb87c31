"""Comparison of an area with something larger or earlier, and its place among its peers.

Here: significance words, ranks and quartiles from values and intervals already calculated. Not here:
the choice of comparators and who the statistical neighbours are, the intervals themselves
(`proportions`, `rates`), statutory standards, whose failure no comparison makes good.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline.statistics.proportions import FloatArray, as_floats, reject
from jsna_pipeline.vocabulary import Polarity, Significance

IntArray = npt.NDArray[np.int64]
TextArray = npt.NDArray[np.str_]


def polarity_sign(polarity: npt.ArrayLike) -> IntArray:
    """1 where high is good, -1 where low is good, 0 where neither; any other word is a ValueError."""
    words = np.asarray(polarity, dtype=str)
    high, low = words == Polarity.HIGH.value, words == Polarity.LOW.value
    reject(~(high | low | (words == Polarity.NONE.value)), "polarity is not one of high, low, none")
    return np.asarray(high.astype("int64") - low.astype("int64"))


def compare(
    value: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    comparator_value: npt.ArrayLike,
    polarity: npt.ArrayLike,
) -> TextArray:
    """The area's interval against the comparator's value, as `Significance` words.

    All arguments broadcast. An interval that holds or touches the comparator's value is `similar`;
    outside it the word is `better` or `worse` by polarity, or `higher` or `lower` where polarity is
    `none`. `not_tested` where a value, a limit or the comparator is missing, or the limits are back to
    front. For a comparator that is large beside the area, whose own variation can be left out; use
    `compare_difference` against the same area's previous period.

    Public Health England, Technical Guide: RAG rating indicator values (2017).
    """
    low, high, reference = as_floats(lower), as_floats(upper), as_floats(comparator_value)
    tested = ~np.isnan(as_floats(value) + reference) & (low <= high)
    return significance_words(tested, low > reference, high < reference, polarity_sign(polarity))


def compare_difference(
    difference_lower: npt.ArrayLike, difference_upper: npt.ArrayLike, polarity: npt.ArrayLike
) -> TextArray:
    """The interval of a difference (now minus then) as `Significance` words; 0 inside it is `similar`.

    Take the interval from `proportions.newcombe_difference` or `rates.rate_difference_interval`.
    Missing limits give `not_tested`.
    """
    low, high = as_floats(difference_lower), as_floats(difference_upper)
    return significance_words(np.asarray(low <= high), low > 0, high < 0, polarity_sign(polarity))


def rank(value: npt.ArrayLike, polarity: npt.ArrayLike, eligible: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Rank of each area and the number ranked: 1 is best by polarity, or highest where it is `none`.

    `value` is one-dimensional and at published precision, so that areas which print the same number
    share a rank; ties take their smallest rank. Areas not eligible (a denominator under 10) or without a
    value get nan for both.
    """
    return rank_within(np.zeros(as_floats(value).shape), value, polarity, eligible)


def rank_within(
    groups: npt.ArrayLike | pd.DataFrame,
    value: npt.ArrayLike,
    polarity: npt.ArrayLike,
    eligible: npt.ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """`rank` inside each group at once; `groups` is one label per row, or a frame of key columns.

    Rows with a missing label are not ranked. ValueError where polarity differs inside a group.
    """
    values = as_floats(value)
    signs = np.broadcast_to(polarity_sign(polarity), values.shape)
    may_rank = np.broadcast_to(as_floats(eligible) == 1, values.shape)  # a missing flag is not a yes
    codes = _group_codes(groups)
    rows = np.flatnonzero(may_rank & np.isfinite(values) & (codes >= 0))
    best_first = np.where(signs < 0, values, -values)
    order = rows[np.lexsort((best_first[rows], codes[rows]))]

    new_group = _starts(codes[order])
    reject(_starts(signs[order]) & ~new_group, "polarity differs within a group, in order of rank")
    new_value = new_group | _starts(best_first[order])
    place = np.arange(order.size)
    first_of_group = np.maximum.accumulate(np.where(new_group, place, 0))
    first_of_value = np.maximum.accumulate(np.where(new_value, place, 0))
    number = np.cumsum(new_group) - 1

    ranks, out_of = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    ranks[order] = first_of_value - first_of_group + 1
    out_of[order] = np.bincount(number)[number] if order.size else 0
    return ranks, out_of


def quartile(rank: npt.ArrayLike, out_of: npt.ArrayLike) -> FloatArray:
    """Quarter of the ranking that a rank falls in, 1 best to 4; nan where unranked or fewer than four areas.

    The quarter holds the share of areas ahead: under 25 % is 1, so rank 1 is always in the first, and
    ties, which share a rank, share a quarter.
    """
    place, number = as_floats(rank), as_floats(out_of)
    enough = np.where(number >= 4, number, np.nan)
    return np.asarray(np.floor(4 * (place - 1) / enough) + 1)


def significance_words(
    tested: npt.NDArray[np.bool_],
    above: npt.NDArray[np.bool_],
    below: npt.NDArray[np.bool_],
    signs: IntArray,
) -> TextArray:
    """`Significance` words from what was tested, found above or below, and the sign of the polarity."""
    tested, above, below, signs = np.broadcast_arrays(tested, above, below, signs)
    cases: list[tuple[Any, Significance]] = [
        (~tested, Significance.NOT_TESTED),
        (~above & ~below, Significance.SIMILAR),
        ((signs == 0) & above, Significance.HIGHER),
        ((signs == 0) & below, Significance.LOWER),
        (above == (signs > 0), Significance.BETTER),
    ]
    words = np.select([when for when, _ in cases], [word.value for _, word in cases], Significance.WORSE.value)
    return np.asarray(words, dtype=str)


def _group_codes(groups: npt.ArrayLike | pd.DataFrame) -> IntArray:
    if isinstance(groups, pd.DataFrame):
        numbers = groups.groupby(list(groups.columns), sort=False, observed=True).ngroup()
        return np.asarray(numbers.fillna(-1), dtype="int64")
    labels = groups if isinstance(groups, pd.Series | pd.Index) else np.asarray(groups)
    return np.asarray(pd.factorize(labels)[0], dtype="int64")


def _starts(ordered: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """True at the first of each run of equal neighbours."""
    starts = np.ones(ordered.shape, dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    return starts
