"""One generic engine: every indicator of the catalogue, for every area at once.

Here: turning records and core tables into observations, and observations into comparisons and
trends, by joins on area, period and breakdown. Not here: the statistics themselves (`statistics/`),
what an indicator means (`catalogue/indicators/`), or anything computed for one area alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.indicators import Category, Filters, Indicator, Side
from jsna_pipeline.core_rows import CoreRows, Mask
from jsna_pipeline.errors import InputError
from jsna_pipeline.schemas.base import status_column
from jsna_pipeline.statistics import proportions, rates, rounding
from jsna_pipeline.vocabulary import TOTAL, Method, PeriodType, Status

GROUP = ["area_code", "period", "dimension", "category"]
ROW_KEYS = ["area_code", "area_name", "area_level", "period", "period_type", "dimension", "category"]
# When several cells make one number, the reason that it is missing is the gravest of theirs.
STATUS_GRAVITY = [
    Status.OK.value,
    Status.LOW_RELIABILITY.value,
    Status.ROUNDS_TO_ZERO.value,
    Status.NOT_APPLICABLE.value,
    Status.UNAVAILABLE.value,
    Status.SUPPRESSED.value,
]
OBSERVATION_COLUMNS = [
    "indicator_id",
    "area_code",
    "area_name",
    "area_level",
    "period",
    "period_type",
    "dimension",
    "category",
    "numerator",
    "denominator",
    "value",
    "lower_ci",
    "upper_ci",
    "unit",
    "status",
    "source_id",
    "edition",
]


def observations(records: Mapping[str, Indicator], tables: Mapping[str, pd.DataFrame], edition: str) -> pd.DataFrame:
    """Every observation of `records`, one row per indicator, area, period and breakdown.

    `tables` are core tables by dataset id. Values are rounded half up on exact fractions to the
    indicator's decimals; intervals are 95 % and unrounded. An indicator whose numerator table is
    empty (its optional dataset is missing) has no rows.
    """
    core = {name: CoreRows(table) for name, table in tables.items()}
    computable = [record for record in records.values() if len(core[record.numerator.table])]
    if not computable:
        raise InputError("No indicator could be computed: none of the catalogued datasets was found in the source.")
    # The parts are not kept beside their whole: a million rows stand here.
    found = pd.concat([_observe(record, core) for record in computable], ignore_index=True)
    found = found.sort_values(["area_code", "indicator_id", *GROUP[1:]], ignore_index=True)
    return found.assign(
        unit=found["indicator_id"].map({record.id: record.unit for record in computable}),
        source_id=found["indicator_id"].map({record.id: record.source for record in computable}),
        edition=edition,
    )[OBSERVATION_COLUMNS]


def definitions(records: Mapping[str, Indicator], edition: str) -> pd.DataFrame:
    """Which definition of each indicator a run computes with: indicator_id, digest, edition."""
    known = [(record.id, record.digest, edition) for record in records.values()]
    return pd.DataFrame(known, columns=["indicator_id", "digest", "edition"], dtype="str")


def _observe(record: Indicator, core: Mapping[str, CoreRows]) -> pd.DataFrame:
    top = _side(record, record.numerator, core[record.numerator.table], "numerator")
    if record.denominator is not None:
        bottom = _side(record, record.denominator, core[record.denominator.table], "denominator")
        top = _with_denominator(record, top, bottom)
    else:
        top = top.assign(denominator=np.nan, denominator_status=Status.OK.value)
    return _with_value(record, _as_census_count(record, top)).assign(indicator_id=record.id)


def _as_census_count(record: Indicator, found: pd.DataFrame) -> pd.DataFrame:
    """A compilation may label the January census with its academic year: the record knows better."""
    if record.period_type is not PeriodType.JANUARY_SNAPSHOT:
        return found
    labelled = found["period_type"] == PeriodType.ACADEMIC_YEAR.value
    return found.assign(period_type=found["period_type"].mask(labelled, PeriodType.JANUARY_SNAPSHOT.value))


def _side(record: Indicator, side: Side, core: CoreRows, role: str) -> pd.DataFrame:
    """One side as a column `role` and `<role>_status` by area, period, dimension and category."""
    wanted = core.matching(record.filters | side.filters)
    if side.categories:
        wanted &= core.matching({"dimension": TOTAL})
        parts = [
            _summed(core, wanted & core.matching(category.filters), category.columns or side.columns, role).assign(
                dimension=side.dimension if name != TOTAL else TOTAL, category=name
            )
            for name, category in _with_total(side).items()
        ]
        found = pd.concat(parts, ignore_index=True)
    elif side.sum_over == "category":
        found = _summed(core, wanted, side.columns, role)
        whole = _added_over_categories(found, role, _categories_wanted(record.filters | side.filters))
        parts = [whole, _split(found, core.take(wanted, [side.split_by]), side.split_by)] if side.split_by else [whole]
        found = pd.concat(parts, ignore_index=True)
    else:
        found = _summed(core, wanted & core.matching({"dimension": record.breakdowns}), side.columns, role)
    found["period"] = _aligned(found["period"], side)
    _refuse_duplicates(record, found, role)
    return found


def _with_total(side: Side) -> dict[str, Category]:
    """The categories of a composed side; its own columns, if any, are the whole."""
    total = {TOTAL: Category(columns=side.columns)} if side.columns and not _filters_differ(side) else {}
    return total | side.categories


def _filters_differ(side: Side) -> bool:
    return any(category.filters for category in side.categories.values())


def _summed(core: CoreRows, wanted: Mask, columns: list[str], role: str) -> pd.DataFrame:
    """The sum of `columns` in each wanted row; null, with the gravest status, where any of them is null."""
    rows = core.take(wanted, [*ROW_KEYS, *columns, *map(status_column, columns)])
    values = rows[columns].sum(axis=1, skipna=False) if len(columns) > 1 else rows[columns[0]]
    return rows[ROW_KEYS].assign(**{role: values.astype("float64"), f"{role}_status": _gravest(rows, columns)})


def _gravest(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    if len(columns) == 1:
        return rows[status_column(columns[0])]
    gravity = {status: position for position, status in enumerate(STATUS_GRAVITY)}
    worst = pd.Series(0, index=rows.index)
    for column in columns:
        worst = np.maximum(worst, rows[status_column(column)].map(gravity).astype("int64"))
    return worst.map(dict(enumerate(STATUS_GRAVITY))).astype("str")


def _categories_wanted(filters: Filters) -> int:
    """How many categories a sum must find; 0 where the filters do not list them."""
    listed = filters.get("category")
    return len(listed) if isinstance(listed, list) else 0


def _added_over_categories(found: pd.DataFrame, role: str, wanted: int) -> pd.DataFrame:
    """Categories added into one total per area and period; null where one of them is null or absent.

    A row is absent where a listed category is, or where other areas have more rows in the same period.
    """
    gravity = {status: position for position, status in enumerate(STATUS_GRAVITY)}
    keys = [name for name in ROW_KEYS if name not in {"dimension", "category"}]
    ranked = found.assign(gravity=found[f"{role}_status"].map(gravity))
    grouped = ranked.groupby(keys, sort=False, as_index=False).agg(
        total=(role, "sum"),
        rows=(role, "size"),
        counted=(role, "count"),
        categories=("category", "nunique"),
        gravity=("gravity", "max"),
    )
    fewer = grouped["rows"] < grouped.groupby(["period", "period_type"])["rows"].transform("max")
    absent = fewer | (grouped["categories"] < wanted)
    total = grouped["total"].where((grouped["rows"] == grouped["counted"]) & ~absent)
    status = grouped["gravity"].map(dict(enumerate(STATUS_GRAVITY)))
    status = status.mask(absent & (status == Status.OK.value), Status.UNAVAILABLE.value)
    return grouped[keys].assign(
        dimension=TOTAL, category=TOTAL, **{role: total, f"{role}_status": status.astype("str")}
    )


def _split(found: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The parts of a sum, crossed with a filter column: age 7 and female become `female_7`."""
    return found.assign(
        dimension=found["dimension"] + "_and_" + column, category=rows[column].astype("str") + "_" + found["category"]
    )


def _aligned(period: pd.Series, side: Side) -> pd.Series:
    """Periods of a stock on the clock of the other side: mid-2023 residents serve January 2024."""
    if side.align == "same":
        return period
    start = pd.to_numeric(period.str[:4]).astype("Int64").astype("str")
    end = (pd.to_numeric(period.str[:4]) + 1).mod(100).astype("int64").astype("str").str.zfill(2)
    return start + "/" + end


def _refuse_duplicates(record: Indicator, found: pd.DataFrame, role: str) -> None:
    repeated = found.duplicated(GROUP)
    if repeated.any():
        row = found.loc[repeated].iloc[0]
        raise InputError(
            f"catalogue/indicators/{record.id}.yml: the filters of the {role} leave several rows for "
            f"{row['area_name']}, {row['period']}, {row['dimension']}/{row['category']}; name the remaining filter."
        )


def _with_denominator(record: Indicator, top: pd.DataFrame, bottom: pd.DataFrame) -> pd.DataFrame:
    """Joined on area, period and breakdown; a composed numerator shares its whole's denominator."""
    columns = ["denominator", "denominator_status"]
    if record.numerator.categories and record.denominator is not None and not record.denominator.categories:
        whole = bottom.loc[bottom["dimension"] == TOTAL, ["area_code", "period", *columns]]
        return top.merge(whole, on=["area_code", "period"], validate="m:1")
    return top.merge(bottom[GROUP + columns], on=GROUP, validate="1:1")


def _with_value(record: Indicator, found: pd.DataFrame) -> pd.DataFrame:
    """Value, interval and status from the two sides, by the record's method."""
    n, d = found["numerator"].to_numpy("float64"), found["denominator"].to_numpy("float64")
    lower = upper = np.full(len(found), np.nan)
    match record.method:
        case Method.PROPORTION:
            n, d, impossible = _possible_proportions(n, d)
            value = rounding.half_up(n, d, record.decimals, record.multiplier)
            if record.independent_events:
                low, high = proportions.wilson_interval(*_whole_counts(n, d))
                lower, upper = low * record.multiplier, high * record.multiplier
            found = found.assign(numerator_status=found["numerator_status"].mask(impossible, Status.UNAVAILABLE.value))
        case Method.RATE:
            value = rounding.half_up(n, d, record.decimals, record.multiplier)
            if record.independent_events:
                _, lower, upper = rates.rate(np.where(n % 1 == 0, n, np.nan), d, record.multiplier)
        case Method.RATIO | Method.MEAN:
            value = rounding.half_up(n, d, record.decimals, record.multiplier)
        case Method.DIFFERENCE:
            # Both sides are printed decimals: the noise of their difference must not decide a half.
            value = rounding.half_up(np.round(n - d, 9), 1, record.decimals, record.multiplier)
        case Method.COUNT | Method.PUBLISHED:
            # Below 0 a printed percentage may be a change; above 100 it is a share of more than all.
            impossible = (record.method is Method.PUBLISHED and record.unit == "percent") & (n > 100)
            n = np.where(impossible, np.nan, n)
            found = found.assign(numerator_status=found["numerator_status"].mask(impossible, Status.UNAVAILABLE.value))
            value = rounding.half_up(n, 1, record.decimals, record.multiplier)
        case Method.DSR:
            raise InputError(f"catalogue/indicators/{record.id}.yml: a standardised rate needs its own function.")
    return _publish(record, found, value, lower, upper)


def _whole_counts(n: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts of people; averages over days and modelled counts are not whole and have no interval."""
    whole = (n % 1 == 0) & (d % 1 == 0)
    return np.where(whole, n, np.nan), np.where(whole, d, np.nan)


def _possible_proportions(n: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A numerator above its denominator is impossible: not a value, but a finding of data quality."""
    impossible = n > d
    return np.where(impossible, np.nan, n), np.where(impossible, np.nan, d), impossible


def _publish(
    record: Indicator, found: pd.DataFrame, value: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> pd.DataFrame:
    status = found["numerator_status"].where(found["numerator_status"].ne(Status.OK.value), found["denominator_status"])
    value = np.asarray(value, dtype="float64")
    no_value = np.isnan(value)
    status = status.mask(no_value & (status == Status.OK.value), Status.NOT_APPLICABLE.value)
    # Published values stand in the columns of counts only while they are computed with: they count nobody.
    valued = record.method in {Method.PUBLISHED, Method.DIFFERENCE}
    sides = {"numerator": np.nan, "denominator": np.nan} if valued else {}
    return found.assign(
        value=value,
        lower_ci=np.where(no_value, np.nan, lower),
        upper_ci=np.where(no_value, np.nan, upper),
        status=status,
        **sides,
    )


def start_year(period: pd.Series) -> pd.Series:
    """The first four-digit year of each period: what orders a series and measures its steps."""
    return _by_label(period, lambda label: pd.to_numeric(label.str.extract(r"(\d{4})")[0], errors="coerce"))


def month_number(period: pd.Series) -> pd.Series:
    """Months since year 0 of a `YYYY-MM` period, for series that step by month."""
    return _by_label(period, _months)


def _months(period: pd.Series) -> pd.Series:
    parts = period.str.extract(r"(\d{4})-(\d{2})")
    return pd.to_numeric(parts[0], errors="coerce") * 12 + pd.to_numeric(parts[1], errors="coerce")


def _by_label(period: pd.Series, number: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """`number` of each period, worked out once for each label: there are some hundred in a million rows."""
    codes, labels = pd.factorize(period.astype("str"))
    numbers = number(pd.Series(labels, dtype="str")).to_numpy("float64")
    return pd.Series(numbers[codes] if len(labels) else np.nan, index=period.index, dtype="float64")


def period_number(period: pd.Series, period_type: pd.Series) -> pd.Series:
    """A number that rises by one from each period to the next of the same type.

    Null for rolling periods, whose windows overlap, so that no two of them are independent points, and
    for terms and weeks, which a year does not number.
    """
    monthly = period_type == PeriodType.MONTH.value
    number = month_number(period).where(monthly, start_year(period)).astype("float64")
    return number.mask(period_type.isin([PeriodType.ROLLING.value, PeriodType.TERM.value, PeriodType.WEEK.value]))


def break_numbers(records: Mapping[str, Indicator]) -> pd.DataFrame:
    """Where series stop, as `period_number` counts: indicator_id, monthly, number, one row per break and step.

    Breaks in collection are left out: those series go on. A year is also its January, for monthly series.
    """
    found = [
        (record.id, known.from_period)
        for record in records.values()
        for known in record.all_breaks
        if known.kind != "collection"
    ]
    breaks = pd.DataFrame(found, columns=["indicator_id", "period"], dtype="str")
    years = start_year(breaks["period"]).astype("float64")
    months = month_number(breaks["period"]).fillna(years * 12 + 1)
    parts = [breaks.assign(monthly=False, number=years), breaks.assign(monthly=True, number=months)]
    return pd.concat(parts, ignore_index=True)[["indicator_id", "monthly", "number"]]
