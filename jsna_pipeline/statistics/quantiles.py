"""Quantiles: areas put into fifths, tenths and so on by the rank of their value, as deprivation deciles are.

Here: the assignment, inside each group at once. Not here: the quarter of a league table, in which rank 1
is best (`comparison.quartile`), and the deprivation scores themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from jsna_pipeline.statistics.comparison import polarity_sign, rank_within
from jsna_pipeline.statistics.proportions import FloatArray
from jsna_pipeline.vocabulary import Polarity


def quantile_within(
    groups: npt.ArrayLike | pd.DataFrame, value: npt.ArrayLike, polarity: npt.ArrayLike, number: int = 5
) -> FloatArray:
    """The quantile, 1 to `number`, of each value inside its group: 1 holds the worst, as in deprivation.

    `groups` is one label per row, or a frame of key columns. By polarity, 1 holds the lowest values where
    high is good and the highest where low is good; the lowest where polarity is `none`. Equal values share
    the quantile of their smallest rank, so quantiles may differ in size. nan where the value or the group
    is missing, and in a whole group that has fewer values than quantiles. ValueError where `number` is
    under 2 or polarity differs inside a group.

    Office for Health Improvement and Disparities, Technical Guide: Assigning Deprivation Categories
    (Fingertips). Divided as whole numbers: 21 / (28 / 20) exceeds 15 in floating point.
    """
    if number < 2:
        raise ValueError("there are at least 2 quantiles")
    lowest_first = np.where(polarity_sign(polarity) < 0, Polarity.NONE.value, Polarity.LOW.value)
    rank, out_of = rank_within(groups, value, lowest_first, True)
    from_last = out_of + 1 - rank
    from_last_quantile = np.ceil(from_last * number / np.where(out_of < number, np.nan, out_of))
    return np.asarray(number + 1 - from_last_quantile)
