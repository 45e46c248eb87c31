"""The figures of one area that a commentary may use, as the report prints them.

Here: the lookup behind placeholders, and the figures of a chapter that a typed one is held against. Not here:
the syntax (`placeholders.py`), or how a figure agrees (`typed_figures.py`).

A group's figure is of the same period as the headline, never of an older one: the words beside it name one
period for both. A figure that is too old to lead is printed with its period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import Indicator, indicators
from jsna_pipeline.commentary.placeholders import Group, Part, Placeholder
from jsna_pipeline.commentary.typed_figures import RANK, PrintedFigure, PrintedFigures
from jsna_pipeline.periods import may_be_headline
from jsna_pipeline.report import formatting
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import Comparator

YEARS = 8  # of the headline's series: as many as the report's tables print
_COMPARATORS = {
    Part.PREVIOUS: Comparator.PREVIOUS,
    Part.ENGLAND: Comparator.ENGLAND,
    Part.REGION: Comparator.REGION,
    Part.NEIGHBOURS: Comparator.NEIGHBOURS_MEAN,
}
_PARTS = {comparator: part for part, comparator in _COMPARATORS.items()}


class AreaFigures:
    """Printed figures of the area of a view; satisfies `placeholders.Figures`."""

    def __init__(self, view: AreaView) -> None:
        self._view = view
        self._printed: dict[str, PrintedFigures] = {}
        self._rows: dict[str, tuple[pd.DataFrame, str | None]] = {}

    def value(self, indicator_id: str, group: Group | None, what: Part) -> str | None:
        """The figure as the report prints it, None where there is none."""
        record = indicators().get(indicator_id)
        row = None if record is None else self._row(record, group or record.headline_group)
        if record is None or row is None:
            return None
        if what in (Part.NUMBER, Part.DENOMINATOR):
            count = row["numerator" if what is Part.NUMBER else "denominator"]
            return None if pd.isna(count) else formatting.number(count)
        if what is Part.PERIOD:
            return _when(row)
        if what is Part.VALUE:
            current = may_be_headline(str(row["period"]), record.period_type, self._view.cut_off)
            return f"{_measure(record, row['value'])}{'' if current else f' ({_when(row)})'}"
        found = self._compared(record, row)
        if what is Part.RANK:
            england = found.get(Comparator.ENGLAND.value)
            if england is None or pd.isna(england["rank"]):
                return None
            return f"{formatting.ordinal(int(england['rank']))} of {formatting.number(england['out_of'])}"
        beside = found.get(_COMPARATORS[what].value)
        return None if beside is None else _measure(record, beside["comparator_value"])

    def printed(self, chapter_id: str) -> PrintedFigures:
        """The figures of a chapter: its headlines over the years, their counts and comparators, and the groups.

        The present headlines lead, with their counts and comparators.

        A chapter that the report makes of all indicators has the figures of all.
        """
        if chapter_id not in self._printed:
            own = [each for each in indicators().values() if each.chapter == chapter_id or chapter_id not in chapters()]
            self._printed[chapter_id] = PrintedFigures(figure for record in own for figure in self._figures(record))
        return self._printed[chapter_id]

    def placeholders(self, chapter_id: str) -> tuple[tuple[str, str, str], ...]:
        """Placeholder, meaning and present figure of each headline of a chapter, and of its comparator England."""
        rows = []
        for record in indicators().values():
            if record.chapter != chapter_id:
                continue
            for part, meaning in ((Part.VALUE, ""), (Part.NUMBER, ", count"), (Part.ENGLAND, ", England")):
                text = self.value(record.id, None, part)
                # A count's numerator is the count itself.
                if text is not None and (part is not Part.NUMBER or record.unit in ("percent",)):
                    period = self.value(record.id, None, Part.PERIOD)
                    rows.append((str(Placeholder(record.id, None, part)), f"{record.name}{meaning}, {period}", text))
        return tuple(rows)

    def _own(self, record: Indicator) -> tuple[pd.DataFrame, str | None]:
        """The valued rows of the area, and the newest period of the headline, None where there are no rows."""
        if record.id not in self._rows:
            code, _ = self._view.speaks_for(record)
            rows = self._view.observations(record.id, area_code=code)
            rows = rows.loc[rows["value"].notna()]
            dimension, category = record.headline_group
            headline = rows.loc[(rows["dimension"] == dimension) & (rows["category"] == category)]
            periods = headline["period"] if len(headline) else rows["period"]
            self._rows[record.id] = rows, None if periods.empty else str(periods.max())
        return self._rows[record.id]

    def _row(self, record: Indicator, group: Group) -> Mapping[str, Any] | None:
        rows, newest = self._own(record)
        found = rows.loc[
            (rows["period"] == newest)
            & (rows["dimension"] == group[0])
            & (rows["category"].str.casefold() == group[1].casefold())
        ]
        return None if found.empty else found.iloc[0].to_dict()

    def _compared(self, record: Indicator, row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        where = {name: str(row[name]) for name in ("period", "dimension", "category")}
        rows = self._view.comparisons(record.id, **where)
        # The comparisons of an NHS body stand under its own code, and are not the area's.
        rows = rows.loc[rows["area_code"] == row["area_code"]]
        return {str(each["comparator"]): each for each in rows.to_dict("records")}

    def _figures(self, record: Indicator) -> Iterator[PrintedFigure]:
        rows, newest = self._own(record)
        if newest is None:
            return
        dimension, category = record.headline_group
        headline = (rows["dimension"] == dimension) & (rows["category"] == category)
        shown = rows.loc[
            (headline & rows["period"].isin(sorted(rows["period"].unique())[-YEARS:])) | (rows["period"] == newest)
        ]
        for row in shown.to_dict("records"):
            is_headline = (row["dimension"], row["category"]) == (dimension, category)
            group = None if is_headline else (row["dimension"], row["category"])
            current = row["period"] == newest
            yield from _of_observation(record, row, group, current)
            if is_headline and current:
                yield from self._of_comparisons(record, row)

    def _of_comparisons(self, record: Indicator, row: Mapping[str, Any]) -> Iterator[PrintedFigure]:
        for comparator, beside in self._compared(record, row).items():
            name = formatting.COMPARATOR_LABELS[Comparator(comparator)]
            about = f"{record.name}, {name}, {_when(row)}"
            if not pd.isna(beside["comparator_value"]):
                part = _PARTS.get(Comparator(comparator))
                bound = str(Placeholder(record.id, None, part)) if part else ""
                yield PrintedFigure(float(beside["comparator_value"]), record.unit, record.decimals, about, bound)
            if not pd.isna(beside["difference"]):
                unit = "percentage points" if formatting.is_percent(record.unit) else record.unit
                yield PrintedFigure(float(beside["difference"]), unit, record.decimals, f"{about}, difference")
            if not pd.isna(beside["rank"]):
                bound = str(Placeholder(record.id, None, Part.RANK))
                yield PrintedFigure(float(beside["rank"]), RANK, 0, f"{record.name}, rank", bound)
                yield PrintedFigure(float(beside["out_of"]), "areas", 0, f"{record.name}, areas ranked")


def _of_observation(
    record: Indicator, row: Mapping[str, Any], group: Group | None, current: bool
) -> Iterator[PrintedFigure]:
    """A figure, the counts behind it and its interval; only what is current can be bound."""
    name = record.name if group is None else f"{record.name}, {formatting.category_label(group[1])}"
    about = f"{name}, {_when(row)}"
    leading = group is None and current

    def bound(part: Part) -> str:
        return str(Placeholder(record.id, group, part)) if current else ""

    yield PrintedFigure(float(row["value"]), record.unit, record.decimals, about, bound(Part.VALUE), leading)
    if formatting.is_percent(record.unit):
        for part, column in ((Part.NUMBER, "numerator"), (Part.DENOMINATOR, "denominator")):
            if not pd.isna(row[column]):
                yield PrintedFigure(float(row[column]), "count", 0, f"{about}, {column}", bound(part), leading)
    if leading:
        yield from _of_headline(record, row, about)


def _of_headline(record: Indicator, row: Mapping[str, Any], about: str) -> Iterator[PrintedFigure]:
    """What is printed of a present headline besides: its interval, and how many missed what the law requires."""
    for column in ("lower_ci", "upper_ci"):
        if not pd.isna(row[column]):
            yield PrintedFigure(float(row[column]), record.unit, record.decimals, f"{about}, interval", leading=False)
    if record.standard is not None and not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        yield PrintedFigure(float(row["denominator"] - row["numerator"]), "count", 0, f"{about}, standard not met")


def _when(row: Mapping[str, Any]) -> str:
    return formatting.period_words(str(row["period"]), str(row["period_type"]))


def _measure(record: Indicator, value: float) -> str | None:
    return None if pd.isna(value) else formatting.measure(value, record.unit, record.decimals)
