"""Counting, rounding and laying out, the same for all publications.

Here: published rounding (half up on exact fractions), apportionment, categorical draws and the
identifying columns of an Explore Education Statistics file. Not here: writing bytes, and the
columns of any one publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from seeds.generator.country import Country, Floats, Ints, Vintage

LEVELS = ("Local authority", "Regional", "National")


def half_up(numerator: NDArray[np.generic], denominator: NDArray[np.generic], dp: int, multiplier: int = 100) -> Floats:
    """`multiplier * numerator / denominator` rounded half up at `dp` decimals; NaN where the denominator is 0."""
    scale = multiplier * 10**dp
    top = np.asarray(numerator, dtype=np.int64)
    bottom = np.asarray(denominator, dtype=np.int64)
    safe = np.where(bottom == 0, 1, bottom)
    rounded = (2 * top * scale + safe) // (2 * safe)
    return np.where(bottom == 0, np.nan, rounded / 10**dp)


def round_to(values: NDArray[np.generic], step: int) -> Ints:
    """Counts rounded half up to a multiple of `step`, as publishers round national counts to 10."""
    whole = np.asarray(values, dtype=np.int64)
    return (2 * whole + step) // (2 * step) * step


def as_text(values: NDArray[np.generic] | pd.Series, missing: str = "x") -> NDArray[np.object_]:
    """Numbers as a publisher prints them: no trailing zeros, no exponent, `missing` for NaN."""
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.astype(str).astype(object)
    unique, inverse = np.unique(array, return_inverse=True)
    words = np.array(
        [missing if np.isnan(value) else f"{value:.9f}".rstrip("0").rstrip(".") for value in unique], object
    )
    return words[inverse].reshape(array.shape)


def apportion(total: int, weights: Floats) -> Ints:
    """Whole numbers in proportion to `weights` that add up to `total` (largest remainder)."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def draw(rng: np.random.Generator, probabilities: Floats, rows: Ints) -> Ints:
    """For each person a category drawn from row `rows[person]` of `probabilities`.

    Done row by row of the table (hundreds), never person by person: the persons of one row are
    cut by one sorted search.
    """
    cumulative = np.cumsum(probabilities, axis=1)
    cumulative /= cumulative[:, -1:]
    points = rng.random(len(rows)) + rows
    edges = (cumulative + np.arange(len(cumulative))[:, None]).ravel()
    found = np.searchsorted(edges, points, side="right")
    return np.minimum(found - rows * probabilities.shape[1], probabilities.shape[1] - 1)


def count(shape: Sequence[int], *index: Ints, where: NDArray[np.bool_] | None = None) -> Ints:
    """How many persons fall into each cell of a table of `shape`, one index array per axis."""
    flat = np.ravel_multi_index(index if where is None else tuple(part[where] for part in index), tuple(shape))
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def column_names(text: str) -> tuple[str, ...]:
    """The headings of a table, written as words in the publisher's order."""
    return tuple(text.split())


def identifiers(country: Country, vintage: Vintage, period: str, identifier: str, order: Sequence[str]) -> pd.DataFrame:
    """The identifying columns, one row per published area, then the regions, then England."""
    areas, regions = vintage.areas, country.regions
    blank = [""] * 10
    region_name = regions["area_name"].reindex(vintage.region).tolist()
    columns = {
        "time_period": period,
        "time_identifier": identifier,
        "geographic_level": [LEVELS[0]] * len(areas) + [LEVELS[1]] * 9 + [LEVELS[2]],
        "country_code": "E92000001",
        "country_name": "England",
        "region_code": [*areas["region_code"], *regions["area_code"], ""],
        "region_name": [*region_name, *regions["area_name"], ""],
        "new_la_code": [*areas["area_code"], *blank],
        "old_la_code": [*areas["dfe_code"], *blank],
        "la_name": [*areas["area_name"], *blank],
    }
    return pd.DataFrame(columns)[list(order)]


def expand(
    ids: pd.DataFrame, filters: Mapping[str, Sequence[str]], values: Mapping[str, NDArray[np.generic]]
) -> pd.DataFrame:
    """One row per area and category: `values` are arrays of areas x categories."""
    width = len(next(iter(filters.values())))
    frame = ids.loc[ids.index.repeat(width)].reset_index(drop=True)
    labels = {name: np.tile(np.array(words, dtype=object), len(ids)) for name, words in filters.items()}
    flat = {name: array.reshape(len(ids) * width) for name, array in values.items()}
    return pd.concat([frame, pd.DataFrame({**labels, **flat})], axis=1)


def in_published_order(table: pd.DataFrame, then: Sequence[str] = ()) -> pd.DataFrame:
    """National rows first, then regions, then authorities, each by code, within a period."""
    rank = table["geographic_level"].map({"National": 0, "Regional": 1, "Local authority": 2})
    keys = ["time_period", "_rank", "region_code", "la_name", *then]
    return table.assign(_rank=rank).sort_values(keys, kind="stable").drop(columns="_rank").reset_index(drop=True)
