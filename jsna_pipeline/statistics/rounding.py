"""Rounding as the publishers do it: halves go up, decided on exact numbers.

Here: numbers to a number of decimal places. Numpy, Python and pandas round halves to even and decide on
the binary value, so 1 of 16 as a percentage (6.25) becomes 6.2 where the Department prints 6.3. Not
here: rounding to a base for disclosure control (`disclosure`), thousands separators and units
(`report/formatting.py`).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from jsna_pipeline.statistics.proportions import FloatArray, as_floats

# Twice the dividend plus the divisor must stay inside int64; half of its range leaves room.
_LARGEST_SAFE = 2.0**62
# A decimal of at most 15 significant digits is the shortest text of the float it is read as.
_LARGEST_DECIMAL = 1e15


def half_up(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, dp: npt.ArrayLike, multiplier: npt.ArrayLike = 100
) -> FloatArray:
    """`numerator * multiplier / denominator` to `dp` decimal places, a half rounded away from zero.

    All four broadcast. Wherever floating point could mistake a half, whole numbers (counts, the usual
    case) are divided as integers and others as exact fractions. A fractional input counts as the decimal
    that Python prints for it (0.1 is one tenth, not the binary number beside it). nan where anything is
    missing or infinite, or the denominator is 0. A negative `dp` rounds to tens, hundreds and so on.
    """
    top, bottom, places, factor = np.broadcast_arrays(*map(as_floats, (numerator, denominator, dp, multiplier)))
    up, down = _powers(places)
    sign = np.sign(top) * np.sign(factor) * np.sign(bottom)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scaled = np.abs(top * factor / bottom) * up / down
        size = 2 * np.abs(top * factor) * up + 2 * np.abs(bottom) * down
        whole = (top % 1 == 0) & (bottom % 1 == 0) & (factor % 1 == 0) & (size < _LARGEST_SAFE)
        known = np.isfinite(top + bottom + factor + places) & (bottom != 0)
        near = known & _near_half(scaled)
        units = np.where(known, np.floor(scaled + 0.5), np.nan)
    exact = near & whole
    units[exact] = _divide_whole(*(part[exact] for part in (top, bottom, factor, up, down)))
    result = _signed(sign, units / up * down)
    for index in np.argwhere(near & ~whole):  # fractional or enormous, and within a hair of a half: rare
        at = tuple(index)
        share = _decimal(top[at]) * _decimal(factor[at]) / _decimal(bottom[at])
        result[at] = _round_fraction(share, int(places[at]))
    return result


def half_up_value(value: npt.ArrayLike, dp: npt.ArrayLike) -> FloatArray:
    """`value` to `dp` decimal places, a half rounded away from zero, as spreadsheets do.

    The value counts as the shortest decimal that reads back as the same float, which is what the
    publisher wrote: 2.675 to 2 places is 2.68, though its binary value lies below. Minus 0.25 to 1 place
    is minus 0.3. nan and infinity stay as they are. Prefer `half_up` where the counts are at hand.
    """
    given, places = np.broadcast_arrays(as_floats(value), as_floats(dp))
    size = np.abs(given)
    up, down = _powers(places)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = size * up / down
        below = np.floor(scaled)
        near = np.isfinite(given) & np.isfinite(places) & _near_half(scaled)
        # A decimal that ends in 5 one place further on, and reads back as this float, is the half itself.
        half_digits = below * 10 + 5
        half = near & (half_digits < _LARGEST_DECIMAL) & (half_digits * down / (up * 10) == size)
        rounded = np.where(half, below + 1, np.floor(scaled + 0.5)) / up * down
    result = np.where(np.isinf(given), given, _signed(np.sign(given), rounded))
    for index in np.argwhere(near & ~half):
        at = tuple(index)
        result[at] = _round_fraction(_decimal(given[at]), int(places[at]))
    return result


def _powers(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ten to the places, and to the places before the point; both whole, so both exact."""
    return 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)


def _near_half(scaled: FloatArray) -> npt.NDArray[np.bool_]:
    """Where floating point cannot be trusted to say on which side of a half the exact number lies.

    A handful of correctly rounded operations errs by less than 1e-15 of the number, so the band is ample;
    from 5e13 on it takes in everything, and so does an overflow.
    """
    distance = np.abs(scaled - np.floor(scaled) - 0.5)
    return np.asarray(~(distance > 1e-14 * (scaled + 1)))


def _signed(sign: FloatArray, size: FloatArray) -> FloatArray:
    return np.asarray(sign * size + 0.0)  # the added 0 turns minus nought into nought


def _divide_whole(
    top: FloatArray, bottom: FloatArray, factor: FloatArray, up: FloatArray, down: FloatArray
) -> FloatArray:
    dividend = np.abs(top).astype("int64") * np.abs(factor).astype("int64") * up.astype("int64")
    divisor = np.abs(bottom).astype("int64") * down.astype("int64")
    return np.asarray((2 * dividend + divisor) // (2 * divisor), dtype="float64")


def _decimal(value: float) -> Fraction:
    return Fraction(repr(float(value)))


def _round_fraction(exact: Fraction, places: int) -> float:
    scaled = abs(exact) * Fraction(10) ** places
    rounded = Fraction(int(2 * scaled + 1) // 2) / Fraction(10) ** places
    return float(-rounded if exact < 0 else rounded)
