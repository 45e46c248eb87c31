"""What leads read of the area's own tables: printed counts and statistics, one at a time.

Here: looking them up, protected as they are stored; a hidden one is None and stays so. Not here: counting or
protecting (`local_area.py`), or the sections that print whole tables (`report/local_section.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.report import formatting
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Status

HIDDEN = "c"
HIDDEN_REMARK = "c: hidden to protect children"
SOURCE = "the area’s own returns, provisional"


@dataclass(frozen=True)
class Statistic:
    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, eq=False)
class OwnRecords:
    """The rows of one of the area's own tables, counts and statistics."""

    counts: pd.DataFrame
    statistics: pd.DataFrame
    rounded: int = 0  # counts are rounded to the nearest multiple of it; 0 where they are exact

    @property
    def when(self) -> str:
        """ "January 2025"; a year of returns is named by the month in which it ends."""
        rows = self.counts if len(self.counts) else self.statistics
        period, kind = str(rows["period"].iloc[0]), PeriodType(rows["period_type"].iloc[0])
        words = formatting.period_words(period, kind)
        return words.rpartition(" to ")[2] if kind is PeriodType.ROLLING else words

    def categories(self, dimension: str) -> list[str]:
        """Categories of a dimension, counted or measured, by name."""
        counted = {
            category
            for slot in (1, 2, 3)
            for category in self.counts.loc[self.counts[f"dimension_{slot}"] == dimension, f"category_{slot}"]
        }
        measured = self.statistics.loc[self.statistics["dimension"] == dimension, "category"]
        return sorted(counted | set(measured))

    def count(self, **group: str) -> int | None:
        """The printed count of a group, by dimension and category; None where it is hidden or not counted."""
        rows = self.counts
        named = rows[[f"dimension_{slot}" for slot in (1, 2, 3)]].ne(TOTAL).sum(axis=1)
        chosen = named == len(group)
        for dimension, category in group.items():
            inside = [
                (rows[f"dimension_{slot}"] == dimension) & (rows[f"category_{slot}"] == category) for slot in (1, 2, 3)
            ]
            chosen &= inside[0] | inside[1] | inside[2]
        found = rows.loc[chosen, "count"]
        return None if found.empty or pd.isna(found.iloc[0]) else int(found.iloc[0])

    def statistic(self, name: str, dimension: str = TOTAL, category: str = TOTAL) -> Statistic | None:
        """A printed statistic with its limits; None where it is hidden or cannot be told."""
        rows = self.statistics
        chosen = (rows["statistic"] == name) & (rows["dimension"] == dimension) & (rows["category"] == category)
        found = rows.loc[chosen & (rows["status"] == Status.OK.value)]
        if found.empty or pd.isna(found["value"].iloc[0]):
            return None
        value, lower, upper = (found[name].iloc[0] for name in ("value", "lower", "upper"))
        return Statistic(
            float(value), None if pd.isna(lower) else float(lower), None if pd.isna(upper) else float(upper)
        )


def own_records(view: AreaView, table_id: str) -> OwnRecords | None:
    """The area's own table, or None where its returns give nothing of it."""
    counts, statistics = (
        rows.loc[rows["table_id"] == table_id] for rows in (view.local["local_counts"], view.local["local_statistics"])
    )
    if counts.empty and statistics.empty:
        return None
    steps = set() if view.restricted else {disclosure_rules()[rule].round_to for rule in counts["rule"].unique()}
    return OwnRecords(counts, statistics, max(steps - {1}, default=0))
