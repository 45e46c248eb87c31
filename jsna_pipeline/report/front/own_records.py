"""What page one takes from the area's own records: protected counts and statistics, as they are printed.

Here: looking up a printed figure, and its date. Not here: counting or protecting (`local_area.py`), or the sentence
around it. A hidden figure is not there, and nothing is computed around it; one that is too old to lead is not either.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.periods import may_be_headline, period_end
from jsna_pipeline.report import formatting
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL, PeriodType, Status

LABEL = "Provisional"  # the word that marks every one of these figures
_SLOTS = tuple((f"dimension_{slot}", f"category_{slot}") for slot in (1, 2, 3))


def count(view: AreaView, table_id: str, group: Mapping[str, str]) -> str | None:
    """The printed count of `group` ({"open": "yes"}) in a table, with "about" where it is rounded; None if hidden."""
    rows = _current(view, "local_counts", table_id)
    rows = rows.loc[rows["status"] == Status.OK.value]
    for row in rows.to_dict("records"):
        if {row[name]: row[category] for name, category in _SLOTS if row[name] != TOTAL} == group:
            rounded = not view.restricted and disclosure_rules()[row["rule"]].round_to > 1
            return f"{'about ' if rounded else ''}{formatting.number(row['count'])}"
    return None


def statistics(view: AreaView, table_id: str) -> dict[str, float]:
    """The printed statistics of everybody in a table, by name: weeks, percent, pounds or places."""
    rows = _current(view, "local_statistics", table_id)
    rows = rows.loc[(rows["status"] == Status.OK.value) & (rows["dimension"] == TOTAL)]
    return dict(zip(rows["statistic"], rows["value"].astype(float), strict=True))


def when(view: AreaView, table_id: str) -> str:
    """The month in which the table's period ends, "January 2025"; a financial year keeps its name."""
    rows = pd.concat([_current(view, name, table_id)[["period", "period_type"]] for name in _TABLES])
    period, period_type = rows.iloc[0]
    end = period_end(period, period_type)
    if end is None or period_type == PeriodType.FINANCIAL_YEAR.value:
        return formatting.period_words(period, period_type)
    return f"{formatting.MONTHS[end.month - 1]} {end.year}"


def anchor(table_id: str) -> str:
    """Where both media print what the table says."""
    return f"chapter-{local_tables()[table_id].chapter}-local"


_TABLES = ("local_counts", "local_statistics")


def _current(view: AreaView, name: str, table_id: str) -> pd.DataFrame:
    rows = view.local[name]
    rows = rows.loc[rows["table_id"] == table_id]
    young = [
        may_be_headline(period, period_type, view.cut_off)
        for period, period_type in zip(rows["period"], rows["period_type"], strict=True)
    ]
    return rows.loc[young]
