"""Simulated futures as arrays: what the other modules of this folder hand to each other.

Here: the container of simulated plans, and how draws become the middle and the intervals that tables print. Not here:
how the draws are made (`forecast.py`, `composition.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jsna_pipeline.future.tables import BANDS, Standing

_PERCENTILES = {
    "central": 50.0,
    "lower_50": 25.0,
    "upper_50": 75.0,
    "lower_80": 10.0,
    "upper_80": 90.0,
    "lower_95": 2.5,
    "upper_95": 97.5,
}


@dataclass(frozen=True)
class Forecast:
    """Simulated plans of A authorities in H coming Januaries, D futures each; NaN where a figure is withheld."""

    areas: tuple[str, ...]  # codes of the authorities of today, ascending
    base: np.ndarray  # (A,) last known plans; NaN where the newest January is missing
    base_year: int
    years: tuple[int, ...]  # H Januaries after `base_year`
    draws: np.ndarray  # (A, D, H)
    model: np.ndarray  # (A,) id of the method that the back-test chose
    status: np.ndarray  # (A, H) values of `Standing`
    reason: np.ndarray  # (A, H) text; blank where the standing is ok

    def position(self, area_code: str) -> int:
        """Where `area_code` stands in `areas`; ValueError if it does not."""
        return self.areas.index(area_code)

    def splits(self) -> np.ndarray:
        """(A,) whether plans may be split by age, need and setting: only where nothing is widened or withheld.

        The mix of a short history is another authority's, and that of a tiny one is a handful of children.
        """
        return np.asarray((self.status == Standing.OK.value).all(axis=1))


def summarise(draws: np.ndarray, axis: int) -> dict[str, np.ndarray]:
    """Median and 50, 80 and 95 limits of `draws` along `axis`; NaN where any draw is."""
    found = np.percentile(draws, list(_PERCENTILES.values()), axis=axis)
    return dict(zip(_PERCENTILES, found, strict=True))


def banded(keys: pd.DataFrame, draws: np.ndarray, axis: int = -1) -> pd.DataFrame:
    """`keys`, a row a number, with the columns `central` and BANDS summarised from `draws` (rows, draws)."""
    return keys.assign(**summarise(draws, axis))


def added(draws: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Sums of areas within each future: (groups, D, H) from (A, D, H), missing areas put aside."""
    return np.stack([np.nansum(draws[members], axis=0) for members in groups])


NUMBERS = ("central", *BANDS)
