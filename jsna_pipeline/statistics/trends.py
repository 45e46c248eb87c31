"""The recent trend: is there a steady rise or fall over the last five points, more than chance would give?

Here: the Fingertips method, a chi-square test for linear trend with a guard against a single outlier,
over many series at once. Not here: which periods belong to a series and where a break stops it (the
catalogue and the indicator engine), projections into the future.

Points must be equally spaced periods of the same type. The test functions see only the five numbers and
take their spacing on trust; `latest_points` chooses them from a wide table and refuses unequal spacing.

Method: Public Health England, Fingertips recent trends: alpha 0.002 two-sided, so a chi-square (1 df)
above 9.5495, and the slope keeps its sign when any one point is left out. Reference calculation:
ukhsa-collaboration/fingertips-open, Analysis/TrendMarkers/TrendMarkerCalculator.cs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jsna_pipeline.statistics.comparison import TextArray, polarity_sign
from jsna_pipeline.statistics.proportions import FloatArray, as_floats, as_parts
from jsna_pipeline.vocabulary import Direction, Judgement

POINTS = 5
CRITICAL_CHI_SQUARE = 9.54953570608324  # 1 degree of freedom, alpha 0.002
INTERVAL_WIDTH_IN_STANDARD_ERRORS = 3.92  # of a 95 % interval; the published method's own rounding of 2 z

_PERIODS = np.arange(POINTS) - POINTS // 2  # -2 to 2: only spacing matters, and centring keeps precision
# Row 0 keeps all five points, each other row leaves one out.
_KEPT = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)])


@dataclass(frozen=True)
class RecentTrend:
    """The result for each series, every field of the shape of the input without its last axis.

    `statistic` is the chi-square, `slope` the change per period (of the value; of the log odds for
    proportions on counts), `consistent` whether every slope with one point left out has the sign of the
    whole, `points` how many of the five were usable. Statistic and slope are nan, and consistent is
    False, where the direction is `cannot_be_calculated`.
    """

    direction: TextArray
    statistic: FloatArray
    slope: FloatArray
    consistent: npt.NDArray[np.bool_]
    points: npt.NDArray[np.int_]


def recent_trend(
    values: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    *,
    count: npt.ArrayLike | None = None,
    denominator: npt.ArrayLike | None = None,
) -> RecentTrend:
    """Weighted chi-square for trend, from values and their 95 % limits, oldest point first.

    Arrays are (..., 5); the standard error of a point is the width of its interval over 3.92. Cannot be
    calculated where a point or limit is missing or an interval has no width. Given `count` and
    `denominator` as well, neither where one is missing or a count equals its denominator, as the
    published method has it. ValueError where the last axis is not five long.
    """
    value, low, high = np.broadcast_arrays(_five(values), _five(lower), _five(upper))
    error = (high - low) / INTERVAL_WIDTH_IN_STANDARD_ERRORS
    usable = np.isfinite(value) & np.isfinite(error) & (error > 0)
    if count is not None and denominator is not None:
        part, whole = as_parts(_five(count), _five(denominator))
        usable = usable & (part < whole)
    complete = usable.all(axis=-1, keepdims=True)
    weights = 1 / np.where(complete, error, np.nan) ** 2
    slopes, spread = _slopes(np.where(complete, value, np.nan), weights)
    return _judge(slopes, slopes[..., 0] ** 2 * spread, usable)


def recent_trend_proportions(counts: npt.ArrayLike, denominators: npt.ArrayLike) -> RecentTrend:
    """Chi-square for trend (Cochran-Armitage) on counts out of denominators, oldest point first.

    Arrays are (..., 5). The outlier guard looks at unweighted slopes of the log odds, as the published
    method does, so a point with nobody or everybody has no log odds and the trend cannot be calculated;
    nor where a point is missing. ValueError where a count is negative, not whole or exceeds its
    denominator, or the last axis is not five long.

    Armitage P (1955), Tests for linear trends in proportions and frequencies, Biometrics 11: 375-86.
    """
    part, whole = as_parts(_five(counts), _five(denominators))
    usable = (part > 0) & (part < whole)
    complete = usable.all(axis=-1, keepdims=True)
    part, whole = np.where(complete, part, np.nan), np.where(complete, whole, np.nan)
    events, people = part.sum(axis=-1), whole.sum(axis=-1)
    share = events / people
    departure = (part * _PERIODS).sum(axis=-1) - share * (whole * _PERIODS).sum(axis=-1)
    spread = (whole * _PERIODS**2).sum(axis=-1) - (whole * _PERIODS).sum(axis=-1) ** 2 / people
    statistic = departure**2 / (share * (1 - share) * spread)
    slopes, _ = _slopes(np.log(part / (whole - part)), np.ones_like(part))
    return _judge(slopes, statistic, usable)


def latest_points(
    *series: npt.ArrayLike, equal_spacing: bool = True
) -> tuple[npt.NDArray[np.int_], tuple[FloatArray, ...]]:
    """The last five points of each series that are present in every array, and their column numbers.

    Arrays are (series, periods) of one shape, columns being consecutive periods, oldest first. Returns
    the column numbers (series, 5) and the arrays cut to (series, 5), ready for `recent_trend`. Where
    there are fewer than five points, or unequal gaps between them (unless `equal_spacing` is False), the
    column numbers are -1 and the values nan.
    """
    arrays = [as_floats(values) for values in series]
    missing_columns = max(POINTS - arrays[0].shape[-1], 0)
    padding = [(0, 0)] * (arrays[0].ndim - 1) + [(missing_columns, 0)]
    arrays = [np.pad(values, padding, constant_values=np.nan) for values in arrays]
    present = ~np.isnan(np.stack(arrays)).any(axis=0)
    # A stable sort of present after absent leaves the latest present points last, still oldest first.
    columns = np.argsort(present, axis=-1, kind="stable")[..., -POINTS:]
    usable = np.take_along_axis(present, columns, axis=-1).all(axis=-1, keepdims=True)
    if equal_spacing:
        gaps = np.diff(columns, axis=-1)
        usable &= (gaps == gaps[..., :1]).all(axis=-1, keepdims=True)
    chosen = tuple(np.where(usable, np.take_along_axis(values, columns, axis=-1), np.nan) for values in arrays)
    return np.where(usable, columns - missing_columns, -1), chosen


def judgement(direction: npt.ArrayLike, polarity: npt.ArrayLike) -> TextArray:
    """Whether a direction is good, as `Judgement` words; both arguments broadcast.

    `no_judgement` where the indicator has no polarity, whatever its direction, and where the direction
    could not be calculated.
    """
    directions, signs = np.broadcast_arrays(np.asarray(direction, dtype=str), polarity_sign(polarity))
    rising, falling = directions == Direction.INCREASING.value, directions == Direction.DECREASING.value
    words = np.select(
        [
            (signs == 0) | (directions == Direction.CANNOT_BE_CALCULATED.value),
            directions == Direction.NO_CHANGE.value,
            (rising & (signs > 0)) | (falling & (signs < 0)),
            rising | falling,
        ],
        [
            Judgement.NO_JUDGEMENT.value,
            Judgement.NO_CHANGE.value,
            Judgement.IMPROVING.value,
            Judgement.WORSENING.value,
        ],
        default="",
    )
    if (words == "").any():
        raise ValueError("direction is not one of the words of vocabulary.Direction")
    return np.asarray(words, dtype=str)


def _five(values: npt.ArrayLike) -> FloatArray:
    points = as_floats(values)
    if points.ndim == 0 or points.shape[-1] != POINTS:
        raise ValueError(f"the recent trend takes exactly {POINTS} points along the last axis")
    return points


def _slopes(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted slopes (..., 6) of all points and without each one, and the slope's inverse variance (...)."""
    centred = values - values.mean(axis=-1, keepdims=True)
    total = weights @ _KEPT.T
    time = (weights * _PERIODS) @ _KEPT.T
    time_squared = (weights * _PERIODS**2) @ _KEPT.T
    value = (weights * centred) @ _KEPT.T
    product = (weights * centred * _PERIODS) @ _KEPT.T
    determinant = total * time_squared - time**2
    return (total * product - time * value) / determinant, determinant[..., 0] / total[..., 0]


def _judge(slopes: FloatArray, statistic: FloatArray, usable: npt.NDArray[np.bool_]) -> RecentTrend:
    calculable = usable.all(axis=-1)
    falls = slopes < 0  # a level slope counts as a rise, as in the published calculation
    consistent = calculable & (falls == falls[..., :1]).all(axis=-1)
    trend = consistent & (statistic > CRITICAL_CHI_SQUARE)
    direction = np.select(
        [~calculable, trend & (slopes[..., 0] > 0), trend & (slopes[..., 0] < 0)],
        [Direction.CANNOT_BE_CALCULATED.value, Direction.INCREASING.value, Direction.DECREASING.value],
        default=Direction.NO_CHANGE.value,
    )
    return RecentTrend(
        direction=np.asarray(direction, dtype=str),
        statistic=np.asarray(statistic),
        slope=slopes[..., 0],
        consistent=np.asarray(consistent),
        points=np.asarray(usable.sum(axis=-1)),
    )
