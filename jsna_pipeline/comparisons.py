"""Every observation beside its comparators: England, region, statistical neighbours, previous period.

Here: the comparisons table of the data package, for all areas at once, by DESIGN's rules of
comparison. Not here: the tests themselves (`statistics/comparison.py`) or the words for people.

A larger comparator is compared by the area's interval against its value; the previous period by the
interval of the difference. An area is never compared with itself. Ranks stand on the `england` row,
among local authorities with a denominator of at least ten.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.indicator_engine import break_numbers, period_number
from jsna_pipeline.statistics import comparison, proportions, rates, rounding
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Method, PeriodType, Significance

CONFIDENCE = 0.95
MINIMUM_RANKED_DENOMINATOR = 10
POOLABLE = [method.value for method in (Method.PROPORTION, Method.RATE, Method.RATIO, Method.MEAN)]
CELL = ["indicator_id", "period", "dimension", "category"]
COMPARISON_COLUMNS = [
    "indicator_id",
    "area_code",
    "period",
    "dimension",
    "category",
    "comparator",
    "comparator_value",
    "comparator_count",
    "difference",
    "significance",
    "confidence",
    "rank",
    "out_of",
    "quartile",
    "edition",
]


def comparisons(
    records: Mapping[str, Indicator], observed: pd.DataFrame, neighbours: pd.DataFrame, edition: str
) -> pd.DataFrame:
    """The comparisons of every valued observation at register levels (England, regions, authorities).

    `observed` is the observations table; `neighbours` has area_code, neighbour_code and rank. NHS
    areas are compared with nobody: their figures are never ranked among authorities.
    """
    levels = [AreaLevel.ENGLAND.value, AreaLevel.REGION.value, AreaLevel.LOCAL_AUTHORITY.value]
    rows = observed.loc[observed["area_level"].isin(levels) & observed["value"].notna()].reset_index(drop=True)
    rows = rows.assign(
        polarity=rows["indicator_id"].map({key: record.polarity.value for key, record in records.items()}),
        method=rows["indicator_id"].map({key: record.method.value for key, record in records.items()}),
        decimals=rows["indicator_id"].map({key: record.decimals for key, record in records.items()}),
        multiplier=rows["indicator_id"].map({key: record.multiplier for key, record in records.items()}),
        region_code=geography.attributes(rows["area_code"])["region_code"].to_numpy(),
    )
    found = pd.concat(
        [
            _ranked(_against_england(rows)),
            _against_region(rows),
            _against_neighbours(rows, neighbours),
            _against_previous(records, rows),
        ],
        ignore_index=True,
    )
    found["difference"] = _rounded(found["value"] - found["comparator_value"], found["decimals"])
    found = found.assign(confidence=np.where(found["significance"] == Significance.NOT_TESTED, np.nan, CONFIDENCE))
    return found.assign(edition=edition)[COMPARISON_COLUMNS].sort_values(
        ["indicator_id", "area_code", "period", "dimension", "category", "comparator"], ignore_index=True
    )


def _rounded(values: pd.Series, decimals: pd.Series) -> pd.Series:
    """Each value rounded half up to its own number of decimals."""
    return pd.Series(rounding.half_up_value(values, decimals), index=values.index)


def _tested(rows: pd.DataFrame, comparator: Comparator) -> pd.DataFrame:
    """Significance of the area's interval against `comparator_value`; counts have no test."""
    significance = comparison.compare(
        rows["value"], rows["lower_ci"], rows["upper_ci"], rows["comparator_value"], rows["polarity"].to_numpy(str)
    )
    return rows.assign(comparator=comparator.value, significance=significance)


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose size says something beside another area's: all but plain counts."""
    return rows.loc[rows["method"] != Method.COUNT.value]


def _against_england(rows: pd.DataFrame) -> pd.DataFrame:
    rows = _comparable(rows)
    england = rows.loc[rows["area_level"] == AreaLevel.ENGLAND.value, [*CELL, "value"]]
    beside = rows.loc[rows["area_level"] != AreaLevel.ENGLAND.value].merge(
        england.rename(columns={"value": "comparator_value"}), on=CELL, validate="m:1"
    )
    return _tested(beside.assign(comparator_count=1), Comparator.ENGLAND)


def _ranked(against_england: pd.DataFrame) -> pd.DataFrame:
    large_enough = against_england["denominator"].isna() | (
        against_england["denominator"] >= MINIMUM_RANKED_DENOMINATOR
    )
    eligible = large_enough & (against_england["area_level"] == AreaLevel.LOCAL_AUTHORITY.value)
    rank, out_of = comparison.rank_within(
        against_england[CELL], against_england["value"], against_england["polarity"].to_numpy(str), eligible
    )
    return against_england.assign(rank=rank, out_of=out_of, quartile=comparison.quartile(rank, out_of))


def _against_region(rows: pd.DataFrame) -> pd.DataFrame:
    rows = _comparable(rows)
    nine = set(geography.regions()["area_code"])
    region = rows.loc[rows["area_code"].isin(nine), [*CELL, "area_code", "value"]]
    region = region.rename(columns={"area_code": "region_code", "value": "comparator_value"})
    authorities = rows.loc[rows["area_level"] == AreaLevel.LOCAL_AUTHORITY.value]
    beside = authorities.merge(region, on=[*CELL, "region_code"], validate="m:1")
    return _tested(beside.assign(comparator_count=1), Comparator.REGION)


def _against_neighbours(rows: pd.DataFrame, neighbours: pd.DataFrame) -> pd.DataFrame:
    """Simple mean of the neighbours' printed values, and the pooled value where counts exist."""
    rows = _comparable(rows)
    pairs = neighbours[["area_code", "neighbour_code"]]
    values = rows[[*CELL, "area_code", "value", "numerator", "denominator"]]
    theirs = pairs.merge(values.rename(columns={"area_code": "neighbour_code"}), on="neighbour_code")
    grouped = theirs.groupby(["area_code", *CELL], as_index=False, sort=False).agg(
        total=("value", "sum"),
        comparator_count=("value", "size"),
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        counted=("denominator", "count"),
    )
    beside = rows.merge(grouped, on=["area_code", *CELL], suffixes=("", "_pool"), validate="1:1")
    # Printed values are whole numbers of their last digit: so added, a mean that ends in a half is exact.
    digit = 10.0 ** beside["decimals"]
    mean = beside.assign(
        comparator_value=rounding.half_up(
            (beside["total"] * digit).round(), beside["comparator_count"] * digit, beside["decimals"], 1
        )
    )
    whole = (beside["counted"] == beside["comparator_count"]) & (beside["denominator_pool"] > 0)
    pooled = beside.loc[whole & beside["method"].isin(POOLABLE)]
    pooled = pooled.assign(
        comparator_value=rounding.half_up(
            pooled["numerator_pool"], pooled["denominator_pool"], pooled["decimals"], pooled["multiplier"]
        )
    )
    return pd.concat(
        [_tested(mean, Comparator.NEIGHBOURS_MEAN), _tested(pooled, Comparator.NEIGHBOURS_POOLED)], ignore_index=True
    )


def _against_previous(records: Mapping[str, Indicator], rows: pd.DataFrame) -> pd.DataFrame:
    """The period just before, of the same type and on the same side of any break in definition."""
    rows = rows.assign(number=period_number(rows["period"], rows["period_type"]))
    rows = rows.loc[rows["number"].notna()]
    keys = ["indicator_id", "area_code", "dimension", "category", "period_type", "number"]
    before = rows[[*keys, "value", "lower_ci", "numerator", "denominator"]].assign(number=rows["number"] + 1)
    beside = rows.merge(before, on=keys, suffixes=("", "_before"), validate="1:1")
    beside = beside.loc[~_after_break(records, beside)]
    beside = beside.assign(
        comparator=Comparator.PREVIOUS.value, comparator_value=beside["value_before"], comparator_count=1
    )
    return beside.assign(significance=_difference_significance(records, beside))


def _after_break(records: Mapping[str, Indicator], rows: pd.DataFrame) -> pd.Series:
    """True where the row's period is the first of a new definition or boundary."""
    breaks = break_numbers(records)
    monthly = rows["period_type"] == PeriodType.MONTH.value
    cells = pd.MultiIndex.from_arrays([rows["indicator_id"], monthly, rows["number"]])
    return pd.Series(cells.isin(pd.MultiIndex.from_frame(breaks)), index=rows.index)


def _difference_significance(records: Mapping[str, Indicator], rows: pd.DataFrame) -> np.ndarray:
    lower, upper = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    tested = rows["lower_ci"].notna() & rows["lower_ci_before"].notna()
    for method, interval in ((Method.PROPORTION, _proportion_difference), (Method.RATE, _rate_difference)):
        chosen = (tested & (rows["method"] == method.value)).to_numpy()
        lower[chosen], upper[chosen] = interval(rows.loc[chosen])
    return comparison.compare_difference(lower, upper, rows["polarity"].to_numpy(str))


def _proportion_difference(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    _, lower, upper = proportions.newcombe_difference(
        rows["numerator"], rows["denominator"], rows["numerator_before"], rows["denominator_before"]
    )
    return lower, upper


def _rate_difference(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    _, lower, upper = rates.rate_difference_interval(
        rows["numerator"], rows["denominator"], rows["numerator_before"], rows["denominator_before"]
    )
    return lower, upper
