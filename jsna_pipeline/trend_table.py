"""The recent trend of every series: direction, judgement and the points it rests on.

Here: laying out each series on a line of equal periods, stopping at breaks, and calling the test for
all of them at once. Not here: the test (`statistics/trends.py`) or how a trend is worded.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.indicator_engine import break_numbers, period_number, start_year
from jsna_pipeline.statistics import rates, trends
from jsna_pipeline.vocabulary import Direction, Method, PeriodType

SERIES = ["area_code", "indicator_id", "dimension", "category"]
FIGURES = ["numerator", "denominator", "value", "lower_ci", "upper_ci"]
TESTABLE = (Method.PROPORTION, Method.RATE, Method.COUNT)
TREND_COLUMNS = [
    "indicator_id",
    "area_code",
    "dimension",
    "category",
    "direction",
    "judgement",
    "points",
    "first_period",
    "last_period",
    "statistic",
    "edition",
]


def trend_table(records: Mapping[str, Indicator], observed: pd.DataFrame, edition: str) -> pd.DataFrame:
    """One row per series of `observed` that has at least one value.

    Proportions are tested on their counts; rates and counts by their intervals (a count by its
    Poisson limits). A published value without counts, a score, or a series with fewer than five
    points of equal spacing since the last break cannot be calculated.
    """
    rows = observed.loc[observed["value"].notna(), [*SERIES, "period", "period_type", *FIGURES]]
    rows = rows.assign(
        number=period_number(rows["period"], rows["period_type"]),
        method=rows["indicator_id"].map({key: record.method.value for key, record in records.items()}),
        independent=rows["indicator_id"].map({key: record.independent_events for key, record in records.items()}),
    )
    rows = rows.astype(dict.fromkeys(SERIES, "category"))  # codes join and sort fast, words do not
    rows = since_breaks(records, rows).sort_values([*SERIES, "number"], kind="stable")
    if rows.empty:
        return pd.DataFrame(columns=TREND_COLUMNS)
    ends = rows.groupby(SERIES, sort=False, as_index=False, observed=True).agg(
        last_period=("period", "last"),
        available=("number", "size"),
        method=("method", "last"),
        period_type=("period_type", "last"),
    )
    # Series that step by year and by month are laid out apart: one line for both would be mostly empty.
    tested = pd.concat(
        [_tested(rows, ends, method, kind) for method in TESTABLE for kind in ends["period_type"].unique()],
        ignore_index=True,
    )
    found = ends.merge(tested, on=SERIES, how="left", validate="1:1")
    found["direction"] = found["direction"].fillna(Direction.CANNOT_BE_CALCULATED.value)
    calculated = found["direction"] != Direction.CANNOT_BE_CALCULATED.value
    polarity = found["indicator_id"].astype("str").map({key: record.polarity.value for key, record in records.items()})
    firsts = rows.groupby(SERIES, sort=False, observed=True)["period"].first().rename("earliest").reset_index()
    found = found.merge(firsts, on=SERIES, validate="1:1")
    return (
        found.assign(
            judgement=trends.judgement(found["direction"].to_numpy(str), polarity.to_numpy(str)),
            points=np.where(calculated, trends.POINTS, found["available"]),
            first_period=found["first_period"].where(calculated, found["earliest"]),
            statistic=found["statistic"].astype("float64"),
            edition=edition,
        )[TREND_COLUMNS]
        .sort_values(SERIES, ignore_index=True)
        .astype(dict.fromkeys(SERIES, "str"))
    )


def since_breaks(records: Mapping[str, Indicator], rows: pd.DataFrame) -> pd.DataFrame:
    """Rows since the latest break in definition or boundary; a break in collection is only marked.

    `rows` has indicator_id, period, period_type and number (`period_number`).
    """
    latest = break_numbers(records).groupby(["indicator_id", "monthly"])["number"].max()
    monthly = rows["period_type"] == PeriodType.MONTH.value
    place = rows["number"].fillna(start_year(rows["period"]))
    stop = latest.reindex(pd.MultiIndex.from_arrays([rows["indicator_id"], monthly])).fillna(-np.inf)
    return rows.loc[place.to_numpy() >= stop.to_numpy()]


def _tested(rows: pd.DataFrame, ends: pd.DataFrame, method: Method, period_type: str) -> pd.DataFrame:
    """Direction, statistic and first period of the series of one method and kind of period."""
    chosen = (ends["method"] == method.value) & (ends["period_type"] == period_type)
    series = ends.loc[chosen, SERIES].reset_index(drop=True)
    numbered = rows.loc[(rows["period_type"] == period_type) & rows["number"].notna()]
    points = numbered.merge(series.assign(line=np.arange(len(series))), on=SERIES)
    if points.empty:
        return pd.DataFrame(columns=[*SERIES, "direction", "statistic", "first_period"])
    points = _with_limits(points, method)
    first = points["number"].min()
    width = int(points["number"].max() - first) + 1
    place = (points["line"].to_numpy(), (points["number"] - first).to_numpy("int64"))

    def matrix(column: str) -> np.ndarray:
        laid = np.full((len(series), width), np.nan)
        laid[place] = points[column].to_numpy("float64")
        return laid

    if method is Method.PROPORTION:
        # A point without an interval counts no independent events, and is not tested.
        columns, (counts, denominators, _) = trends.latest_points(
            matrix("numerator"), matrix("denominator"), matrix("lower_ci")
        )
        result = trends.recent_trend_proportions(counts, denominators)
    else:
        columns, (value, lower, upper) = trends.latest_points(matrix("value"), matrix("lower_ci"), matrix("upper_ci"))
        result = trends.recent_trend(value, lower, upper)
    names = points.groupby("number")["period"].first()
    first_period = pd.Series(columns[:, 0] + first).map(names)
    return series.assign(direction=result.direction, statistic=result.statistic, first_period=first_period)


def _with_limits(rows: pd.DataFrame, method: Method) -> pd.DataFrame:
    """A count gets the limits of a Poisson count, so that a large one outweighs a small one."""
    if method is not Method.COUNT:
        return rows
    whole = rows["numerator"].where((rows["numerator"] % 1 == 0) & rows["independent"])
    lower, upper = rates.byars_interval(whole)
    return rows.assign(value=rows["numerator"], lower_ci=lower, upper_ci=upper)
