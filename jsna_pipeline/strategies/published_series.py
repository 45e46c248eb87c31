"""The published figures of one area as series: its own, its comparators', and the two sides of a gap.

Here: finding a series in the observations, cutting it where its meaning or its boundary changes, and the
mean of the neighbours. Not here: judging a series (`rules/`), or which one a measure asks for (`evaluation.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.geography import Area
from jsna_pipeline.indicator_engine import period_number
from jsna_pipeline.statistics import rounding
from jsna_pipeline.strategies.series import Point, Series
from jsna_pipeline.trend_table import since_breaks
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Method, PeriodType

Group = tuple[str, str]  # dimension and category
Cell = tuple[str, str, str]  # indicator, dimension, category
KEY = ["indicator_id", "dimension", "category", "area_code"]
COLUMNS = [*KEY, "area_name", "area_level", "period", "period_type", "numerator", "denominator", "value"]
NEIGHBOURS = "neighbours"  # stands for an area's code
NEIGHBOURS_NAME = "the mean of its statistical neighbours"


@dataclass(frozen=True)
class Found:
    """A series of the area, or of the NHS body that serves it, with what it may be compared with.

    `comparators` are empty for counts, whose size says nothing beside a whole country, and for the NHS.
    """

    record: Indicator
    group: Group
    code: str
    name: str  # whose figures they are, as the publisher names it
    level: AreaLevel
    period_type: PeriodType
    area: Series
    comparators: Mapping[str, Series]

    @property
    def newest(self) -> Point:
        return self.area.valued[-1]

    @property
    def of_nhs(self) -> bool:
        return self.level is not AreaLevel.LOCAL_AUTHORITY


class PublishedFigures:
    """The observations of an area, its comparators and its NHS bodies, ready to be asked for series.

    `observed` may hold other areas and indicators; `asked` are the groups that will be asked for (indicator,
    dimension, category); `neighbours` are the codes of the statistical neighbours, `nhs_bodies` those of the NHS
    organisations that serve the area, the preferred first.
    """

    def __init__(
        self,
        observed: pd.DataFrame,
        asked: Collection[Cell],
        area: Area,
        neighbours: Collection[str] = (),
        nhs_bodies: Collection[str] = (),
    ) -> None:
        self.area = area
        self._own = (area.code, *(code for code in nhs_bodies if code))
        codes = [*self._own, geography.ENGLAND, area.region_code, *neighbours]
        rows = _since_breaks(observed, set(asked), codes)
        theirs = rows.loc[rows["area_code"].isin(list(neighbours))]
        every = pd.concat([rows, _mean_of(theirs)], ignore_index=True)
        every_row = list(every.itertuples())  # once: a table of a few rows takes as long as one of thousands
        positions = every.groupby(KEY, sort=False, observed=True).indices
        self._rows = {key: [every_row[i] for i in found] for key, found in positions.items()}

    def find(self, indicator_id: str, group: Group) -> Found | None:
        """The series of a group, or None where nothing with a value is published for the area or its NHS bodies."""
        record = indicators()[indicator_id]
        for code in self._own:
            rows = self._rows.get((indicator_id, *group, code), [])
            newest = next((row for row in reversed(rows) if not pd.isna(row.value)), None)
            if newest is not None:
                return self._found(record, group, rows, newest)
        return None

    def _found(self, record: Indicator, group: Group, rows: list[Any], newest: Any) -> Found:
        kind, level = PeriodType(newest.period_type), AreaLevel(newest.area_level)
        name = self.area.name if level is AreaLevel.LOCAL_AUTHORITY else str(newest.area_name)
        compared = level is AreaLevel.LOCAL_AUTHORITY and record.method is not Method.COUNT
        return Found(
            record=record,
            group=group,
            code=str(newest.area_code),
            name=name,
            level=level,
            period_type=kind,
            area=_series(record, kind, rows, name),
            comparators=self._comparators(record, group, kind) if compared else {},
        )

    def _comparators(self, record: Indicator, group: Group, kind: PeriodType) -> dict[str, Series]:
        """England, region and the mean of the neighbours: those of which anything is published."""
        whose = {
            Comparator.ENGLAND.value: (geography.ENGLAND, "England"),
            Comparator.REGION.value: (self.area.region_code, geography.area(self.area.region_code).name),
            Comparator.NEIGHBOURS_MEAN.value: (NEIGHBOURS, NEIGHBOURS_NAME),
        }
        made = {
            comparator: _series(record, kind, self._rows.get((record.id, *group, code), []), name)
            for comparator, (code, name) in whose.items()
        }
        return {comparator: series for comparator, series in made.items() if series.valued}


def _since_breaks(observed: pd.DataFrame, asked: set[Cell], codes: Collection[str]) -> pd.DataFrame:
    """The rows of the groups and areas since their latest break, the oldest period first."""
    ids = {cell[0] for cell in asked}
    rows = observed.loc[observed["area_code"].isin(codes) & observed["indicator_id"].isin(ids), COLUMNS]
    cells = pd.DataFrame(sorted(asked), columns=KEY[:3], dtype="str")
    rows = rows.merge(cells, on=KEY[:3], how="inner", validate="m:1")
    rows = rows.assign(number=period_number(rows["period"], rows["period_type"]))
    return since_breaks({name: indicators()[name] for name in ids}, rows).sort_values("period", kind="stable")


def _mean_of(theirs: pd.DataFrame) -> pd.DataFrame:
    """The simple mean of the neighbours' printed values in each period, rounded as they are."""
    valued = theirs.loc[theirs["value"].notna()]
    grouped = valued.groupby([*KEY[:3], "period_type", "period"], as_index=False, sort=True)["value"].agg(
        total="sum", count="size"
    )
    decimals = grouped["indicator_id"].map(lambda name: indicators()[name].decimals).astype("int64")
    # Printed values are whole numbers of their last digit: so added, a mean that ends in a half is exact.
    digit = 10.0**decimals
    mean = rounding.half_up((grouped["total"] * digit).round(), grouped["count"] * digit, decimals, 1)
    return grouped.assign(value=mean, area_code=NEIGHBOURS, numerator=np.nan, denominator=np.nan)


def _series(record: Indicator, kind: PeriodType, rows: list[Any], name: str) -> Series:
    points = tuple(
        Point(str(row.period), _number(row.value), _number(row.numerator), _number(row.denominator))
        for row in rows
        if row.period_type == kind.value
    )
    return Series(
        points=points,
        method=record.method,
        unit=record.unit,
        decimals=record.decimals,
        multiplier=record.multiplier,
        # Years that overlap hold the same events twice, and bear no test of chance.
        independent=record.independent_events and kind is not PeriodType.ROLLING,
        name=name,
    )


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
