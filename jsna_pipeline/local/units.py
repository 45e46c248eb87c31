"""What every population is made with: the area's record tables, their dates, and what is known of a person elsewhere.

Here: `AreaRecords`, `Population`, and the attributes that one return gives to the persons of another (stage
of SEN, social care). Not here: the populations themselves (`plans.py`, `pupils.py`, `process.py`,
`services.py`), reading records (`returns/`) or counting (`counts.py`).

Persons are joined by pseudonym alone. A record without one keeps its own attributes and has `not_known` for
those of other returns; it is never dropped.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from jsna_pipeline.catalogue.disclosure import strictest
from jsna_pipeline.catalogue.returns import ColumnKind, returns
from jsna_pipeline.errors import InputError
from jsna_pipeline.local import bands
from jsna_pipeline.local.bands import NOT_KNOWN, recoded
from jsna_pipeline.vocabulary import PeriodType

# Dates that lie ahead of the day on which an extract was drawn.
PLANNED = frozenset({"expected_end_date"})
OPEN_RULE = "open"


@dataclass(frozen=True)
class Population:
    """One row per unit (a plan, a pupil, a wait, …) with its attributes as text, `not_known` where missing.

    `draws_on` names the returns behind every unit; `attributes_from` those that an attribute adds. A column
    that is no attribute (weeks, pounds, a person's pseudonym) stands in `measures` and is never counted.
    """

    id: str
    units: pl.DataFrame
    period: str
    period_type: PeriodType
    draws_on: tuple[str, ...]
    attributes_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset(self.units.columns) - frozenset(self.measures)

    def rule(self, *attributes: str) -> str:
        """Id of the strictest disclosure rule among the returns behind the units and these attributes."""
        added = [name for attribute in attributes for name in self.attributes_from.get(attribute, ())]
        return strictest([OPEN_RULE, *(returns()[name].disclosure for name in (*self.draws_on, *added))])


@dataclass(frozen=True)
class AreaRecords:
    """The record tables of one area and edition, by name; a return that is not held has none.

    `year` is the collection year, whose January is that of the school census and of SEN2. `la_code` is the
    authority's number at the Department for Education, which says whether a setting lies in the area.
    `extract_days` gives the day on which an extract was drawn; where it is not given, the last day that the
    extract itself records is taken, up to `cut_off`.
    """

    tables: Mapping[str, pl.DataFrame]
    year: int
    la_code: str
    cut_off: date | None = None
    extract_days: Mapping[str, date] = field(default_factory=dict)

    def held(self, *names: str) -> bool:
        return all(name in self.tables for name in names)

    def table(self, name: str) -> pl.DataFrame:
        """A record table; of rows that share a key, which a return may not have, the first."""
        table, key = self.tables[name], _row_key(name)
        return table if key is None else table.filter(pl.col(key).is_null() | pl.col(key).is_first_distinct())

    @cached_property
    def census_day(self) -> date:
        day = returns()["sen2"].reference_date(self.year)
        if day is None:
            raise InputError("catalogue/returns/sen2.yml: reference: the local tables need a fixed day.")
        return day

    @property
    def january(self) -> tuple[str, PeriodType]:
        """The January count of the collection year, in the Department's label."""
        return f"{self.year - 1}/{self.year % 100:02d}", PeriodType.JANUARY_SNAPSHOT

    @property
    def year_before(self) -> tuple[date, date]:
        """First and last day of the calendar year that SEN2 reports on."""
        return date(self.year - 1, 1, 1), date(self.year - 1, 12, 31)

    @property
    def calendar_year(self) -> tuple[str, PeriodType]:
        return str(self.year - 1), PeriodType.CALENDAR_YEAR

    def extract_day(self, return_id: str) -> date | None:
        """The day on which an extract was drawn; None where it is not held, or holds no date."""
        if not self.held(f"{return_id}_row"):
            return None
        if return_id in self.extract_days:
            return self.extract_days[return_id]
        record = returns()[return_id].tables["row"]
        dates = [name for name in record.of_kind(ColumnKind.DATE) if name not in PLANNED]
        rows = self.table(f"{return_id}_row")
        days = pl.concat([rows[name].rename("day") for name in dates if name in rows.columns])
        if self.cut_off is not None:
            days = days.filter(days <= self.cut_off)
        last = days.max()
        return last if isinstance(last, date) else None

    def window(self, return_id: str) -> tuple[date, date] | None:
        """The twelve months that end on the day of an extract."""
        last = self.extract_day(return_id)
        return None if last is None else (months_before(last, 12) + timedelta(days=1), last)

    @cached_property
    def sen_stages(self) -> tuple[pl.DataFrame, tuple[str, ...]]:
        """Stage of SEN of each person known to SEN2 or the school census, a plan first; and the returns used."""
        known, used = [], []
        if self.held("sen2_active_plan"):
            plans = self.table("sen2_active_plan").select("person", sen_stage=pl.lit("ehc_plan"))
            known, used = [plans], ["sen2"]
        if self.held("school_census_pupil"):
            stages = recoded(pl.col("sen_provision"), bands.SEN_STAGES)
            known.append(self.table("school_census_pupil").select("person", sen_stage=stages))
            used.append("school_census")
        schema = {"person": pl.String, "sen_stage": pl.String}
        every = pl.concat(known).drop_nulls() if known else pl.DataFrame(schema=schema)
        # In the order of the alphabet a plan comes before no SEN and SEN support; support must come before none.
        order = pl.col("sen_stage").replace_strict({"ehc_plan": 0, "sen_support": 1, "no_sen": 2}, default=3)
        return every.sort("person", order).unique("person", keep="first", maintain_order=True), tuple(used)


def _row_key(name: str) -> str | None:
    """The column that names a row of a record table; None where the catalogue gives none."""
    for record in returns().values():
        for table, layout in record.tables.items():
            if record.record_table(table) == name:
                return next(iter(layout.of_kind(ColumnKind.ROW_KEY)), None)
    return None


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    place = day.year * 12 + day.month - 1 - months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_label(first: date, last: date) -> str:
    return f"{first:%Y-%m} to {last:%Y-%m}"


def population(
    name: str,
    units: pl.DataFrame,
    period: tuple[str, PeriodType],
    draws_on: tuple[str, ...],
    attributes_from: Mapping[str, tuple[str, ...]] | None = None,
    measures: tuple[str, ...] = (),
) -> Population:
    """A population whose attributes are complete: flags are yes or no, and a missing one is `not_known`.

    An attribute that nobody has is left out, so that no table is made of it: a ward without a lookup, a review
    in a year that did not collect it.
    """
    empty = [column for column in units.columns if column not in measures and units[column].null_count() == len(units)]
    units = units.drop(empty)
    plain = [
        (bands.yes_no(pl.col(column)) if dtype == pl.Boolean else pl.col(column).cast(pl.String))
        .fill_null(NOT_KNOWN)
        .alias(column)
        for column, dtype in units.schema.items()
        if column not in measures
    ]
    return Population(name, units.with_columns(plain), *period, draws_on, attributes_from or {}, measures)


def with_stage(records: AreaRecords, units: pl.DataFrame, own: str = "") -> pl.DataFrame:
    """`sen_stage` and `sen` of each unit: its own record of it where `own` names one, else what is known elsewhere."""
    stages, _ = records.sen_stages
    joined = units.join(stages.rename({"sen_stage": "_known"}), on="person", how="left", validate="m:1")
    recorded = recoded(pl.col(own), bands.SEN_STAGES) if own in units.columns else pl.lit(None, pl.String)
    stage = pl.coalesce(recorded, pl.col("_known"), pl.lit(NOT_KNOWN))
    return joined.with_columns(sen_stage=stage).drop("_known").with_columns(parent("sen_stage", "sen"))


def parent(child: str, name: str) -> pl.Expr:
    """The parent dimension `name` of a child dimension that the units already have."""
    categories = bands.NESTS[child, name]
    return recoded(pl.col(child).fill_null(NOT_KNOWN), categories).alias(name)


def with_age(units: pl.DataFrame, on: date | pl.Expr) -> pl.DataFrame:
    """`age_band` and `aged_16_or_over` by academic age on a day; as they are where births are not recorded."""
    if "birth_month" not in units.columns:
        return units
    age = bands.age_band(bands.academic_age(pl.col("birth_month"), on)).fill_null(NOT_KNOWN)
    return units.with_columns(age_band=age).with_columns(parent("age_band", "aged_16_or_over"))
