"""Every observation beside its comparators: England, region, neighbours, previous period, statutory target.

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
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, Comparator, Method, PeriodType, Significance

CONFIDENCE = 0.95
MINIMUM_RANKED_DENOMINATOR = 10
POOLABLE = [method.value for method in (Method.PROPORTION, Method.RATE, Method.RATIO, Method.MEAN)]
CELL = ["indicator_id", "period", "dimension", "category"]
COMPARATORS = sorted(member.value for member in Comparator)
KEYS = ["area_code", "area_level", "period_type", *CELL]
FIGURES = ["numerator", "denominator", "value", "lower_ci", "upper_ci"]
KEPT = ["area_code", *CELL, "value", "decimals", "comparator_value", "comparator_count"]
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
    """Comparisons of valued observations at register levels (England, regions, authorities).

    The whole and the headline group are compared in every period, every other group in the indicator's
    newest: that is all a report says of it, and half of what there would be.

    `observed` is the observations table; `neighbours` has area_code, neighbour_code and rank. NHS
    areas are compared with nobody: their figures are never ranked among authorities.
    """
    rows = _comparable_rows(records, observed)
    found = pd.concat(
        [
            _against_england(rows),
            _against_region(rows),
            _against_neighbours(rows, neighbours),
            _against_previous(records, rows),
            _against_target(records, rows),
        ],
        ignore_index=True,
    )
    found["difference"] = _rounded(found["value"] - found["comparator_value"], found["decimals"])
    found = found.assign(confidence=np.where(found["significance"] == Significance.NOT_TESTED, np.nan, CONFIDENCE))
    found = found.drop(columns=["value", "decimals"])
    found = found.sort_values(["area_code", *CELL, "comparator"], ignore_index=True)
    words = [name for name in COMPARISON_COLUMNS if isinstance(found.dtypes.get(name), pd.CategoricalDtype)]
    return found.assign(edition=edition)[COMPARISON_COLUMNS].astype(dict.fromkeys(words, "str"))


def _comparable_rows(records: Mapping[str, Indicator], observed: pd.DataFrame) -> pd.DataFrame:
    """Valued rows at register levels with what their records say; words as codes, which join and sort fast."""
    levels = [AreaLevel.ENGLAND.value, AreaLevel.REGION.value, AreaLevel.LOCAL_AUTHORITY.value]
    chosen = observed["area_level"].isin(levels) & observed["value"].notna()
    rows = observed.loc[chosen, [*KEYS, *FIGURES]].reset_index(drop=True)
    rows = rows.astype(dict.fromkeys(KEYS, "category"))
    of_record = rows["indicator_id"].astype("str").map
    areas = rows["area_code"].cat.categories
    regions = geography.attributes(pd.Series(areas, dtype="str"))["region_code"].to_numpy()
    headlines = pd.MultiIndex.from_tuples([(record.id, *record.headline_group) for record in records.values()])
    spoken_for = pd.MultiIndex.from_frame(rows[["indicator_id", "dimension", "category"]].astype("str"))
    place = rows["period"].cat.codes
    newest = place == place.groupby(rows["indicator_id"].cat.codes).transform("max")
    return rows.assign(
        compared=spoken_for.isin(headlines) | (rows["dimension"] == TOTAL) | newest,
        polarity=of_record({key: record.polarity.value for key, record in records.items()}).astype("category"),
        method=of_record({key: record.method.value for key, record in records.items()}).astype("category"),
        decimals=of_record({key: record.decimals for key, record in records.items()}),
        multiplier=of_record({key: record.multiplier for key, record in records.items()}),
        region_code=pd.Categorical.from_codes(
            areas.get_indexer(regions)[rows["area_code"].cat.codes], dtype=rows["area_code"].dtype
        ),
    )


def _rounded(values: pd.Series, decimals: pd.Series) -> pd.Series:
    """Each value rounded half up to its own number of decimals."""
    return pd.Series(rounding.half_up_value(values, decimals), index=values.index)


def _tested(rows: pd.DataFrame, comparator: Comparator) -> pd.DataFrame:
    """Significance of the area's interval against `comparator_value`; counts have no test."""
    significance = comparison.compare(
        rows["value"], rows["lower_ci"], rows["upper_ci"], rows["comparator_value"], rows["polarity"].to_numpy(str)
    )
    return _lean(rows, comparator, significance)


def _lean(rows: pd.DataFrame, comparator: Comparator, significance: np.ndarray) -> pd.DataFrame:
    """What the table keeps of a comparison: some millions of rows stand together before it is written."""
    words = [member.value for member in Significance]
    return rows[KEPT].assign(
        comparator=pd.Categorical([comparator.value], COMPARATORS).repeat(len(rows)),
        significance=pd.Categorical(significance, words),
    )


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose size says something beside another area's: all but plain counts."""
    return rows.loc[rows["compared"] & (rows["method"] != Method.COUNT.value)]


def _against_england(rows: pd.DataFrame) -> pd.DataFrame:
    rows = _comparable(rows)
    england = rows.loc[rows["area_level"] == AreaLevel.ENGLAND.value, [*CELL, "value"]]
    beside = rows.loc[rows["area_level"] != AreaLevel.ENGLAND.value].merge(
        england.rename(columns={"value": "comparator_value"}), on=CELL, validate="m:1"
    )
    rank, out_of = _rank(beside)
    tested = _tested(beside.assign(comparator_count=1), Comparator.ENGLAND)
    return tested.assign(rank=rank, out_of=out_of, quartile=comparison.quartile(rank, out_of))


def _rank(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Rank and number ranked, among authorities large enough."""
    large_enough = rows["denominator"].isna() | (rows["denominator"] >= MINIMUM_RANKED_DENOMINATOR)
    eligible = large_enough & (rows["area_level"] == AreaLevel.LOCAL_AUTHORITY.value)
    return comparison.rank_within(rows[CELL], rows["value"], rows["polarity"].to_numpy(str), eligible)


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
    areas = rows["area_code"].dtype
    pairs = neighbours[["area_code", "neighbour_code"]]
    pairs = pairs.loc[pairs.isin(areas.categories).all(axis=1)].astype(areas)
    values = rows[[*CELL, "area_code", "value", "numerator", "denominator"]]
    theirs = pairs.merge(values.rename(columns={"area_code": "neighbour_code"}), on="neighbour_code")
    grouped = theirs.groupby(["area_code", *CELL], as_index=False, sort=False, observed=True).agg(
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
    beside = rows.loc[rows["compared"]].merge(before, on=keys, suffixes=("", "_before"), validate="1:1")
    beside = beside.loc[~_after_break(records, beside)]
    beside = beside.assign(comparator_value=beside["value_before"], comparator_count=1)
    return _lean(beside, Comparator.PREVIOUS, _difference_significance(records, beside))


def _against_target(records: Mapping[str, Indicator], rows: pd.DataFrame) -> pd.DataFrame:
    """What the law requires, where it does: a share below it is met only if its interval reaches it."""
    targets = {key: record.standard.target for key, record in records.items() if record.standard is not None}
    beside = rows.loc[rows["compared"] & rows["indicator_id"].isin(list(targets))]
    beside = beside.assign(comparator_value=beside["indicator_id"].map(targets).astype("float64"), comparator_count=1)
    return _tested(beside, Comparator.TARGET)


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
