"""Printing a count to the nearest 5, and what a reader can conclude from a printed one.

Here: the printed value and its interval. Not here: whether a count is printed at all (`primary`, `secondary`).
"""

from __future__ import annotations

import numpy as np


def printed(count: np.ndarray, round_to: np.ndarray) -> np.ndarray:
    """Counts to the nearest multiple of `round_to` (1 or 5, per cell); whole counts have no ties at 5."""
    return np.floor(count / round_to + 0.5) * round_to


def interval(value: np.ndarray, round_to: np.ndarray, suppress_to: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest count behind each printed value.

    A printed value that is not 0 also says that the count is above the refused range, and 0 that it is 0.
    """
    half = (round_to - 1) // 2
    lower = np.where(value > 0, np.maximum(value - half, np.minimum(suppress_to + 1, value + half)), 0)
    return lower, np.where((value > 0) | (suppress_to == 0), value + half, 0)
