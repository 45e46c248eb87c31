"""The rows of the tables of future need that one area's chapter reads.

Here: choosing them, and the few facts that several parts of the chapter share. Not here: wording them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from jsna_pipeline.future.tables import NATIONAL, OF_AREA, Measure, Standing
from jsna_pipeline.published_tables import empty_table
from jsna_pipeline.report.view import AreaView, each_row
from jsna_pipeline.vocabulary import TOTAL

CASELOAD = "ehcp_caseload"
BASELINE = "baseline"


def table(view: AreaView, name: str) -> pd.DataFrame:
    """The table `name` of `future/tables.py`; an empty one where the view holds none."""
    held = view.future.get(name)
    return empty_table((NATIONAL | OF_AREA)[name]) if held is None else held


def own(view: AreaView, name: str) -> pd.DataFrame:
    """The area's own rows of the table."""
    rows = table(view, name)
    return rows.loc[rows["area_code"] == view.area.code]


def ahead(view: AreaView, name: str) -> pd.DataFrame:
    """The area's own rows of the years after its last count."""
    rows = own(view, name)
    seen = outlook(view)
    return rows if seen is None else rows.loc[rows["year"] > seen.base_year]


def projected(
    view: AreaView, dimension: str = TOTAL, measure: Measure = Measure.EHC_PLANS, area_code: str = ""
) -> pd.DataFrame:
    """Projections of one breakdown by year; of the area itself unless told otherwise."""
    rows = table(view, "future_projections")
    chosen = (
        (rows["measure"] == measure.value)
        & (rows["area_code"] == (area_code or view.area.code))
        & (rows["dimension"] == dimension)
    )
    return rows.loc[chosen].sort_values("year", kind="stable")


def notes(view: AreaView, subject: str) -> tuple[str, ...]:
    """What a reader has to know of `subject`, in sentences and in order."""
    told = own(view, "future_notes")
    return tuple(told.loc[told["subject"] == subject].sort_values("position")["sentence"])


@dataclass(frozen=True)
class Outlook:
    """The area's plans in the coming Januaries: what is said, what is not, and why."""

    base: float | None
    base_year: int
    model: str
    years: tuple[Any, ...]  # rows with a figure, in order
    withheld: tuple[Any, ...]  # rows without one
    widened: str = ""  # why the ranges are wider than the method's own

    @property
    def next(self) -> Any | None:
        """The row of the first year, if it has a figure."""
        return next((row for row in self.years if row.year == self.base_year + 1), None)

    @property
    def last(self) -> Any | None:
        return self.years[-1] if self.years else None

    @property
    def only_next(self) -> bool:
        """Whether nothing is said beyond the next year: then the range is said, and no middle."""
        return len(self.years) == 1 and bool(self.withheld)

    @property
    def reason(self) -> str:
        """Why a year has no figure; blank where every year has one."""
        return next((row.reason for row in self.withheld if row.reason), "")


def outlook(view: AreaView) -> Outlook | None:
    """The outlook of the area's plans; None where nothing is projected for it."""
    rows = list(each_row(projected(view)))
    if not rows:
        return None
    told = tuple(row for row in rows if row.status != Standing.WITHHELD.value and pd.notna(row.central))
    return Outlook(
        base=None if pd.isna(rows[0].base) else float(rows[0].base),
        base_year=int(rows[0].base_year),
        model=str(rows[0].model),
        years=told,
        withheld=tuple(row for row in rows if row not in told),
        widened=next((row.reason for row in told if row.status == Standing.WIDENED.value), ""),
    )


def history(view: AreaView) -> dict[int, float]:
    """Plans of each January as published, by year, the oldest first."""
    rows = view.observations(CASELOAD, area_code=view.area.code, dimension=TOTAL, category=TOTAL)
    known = rows.loc[rows["value"].notna()]
    pairs = sorted(zip(known["period"], known["value"], strict=True))
    return {int(period[:4]) + 1: float(value) for period, value in pairs}
