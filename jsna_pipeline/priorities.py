"""Worse and getting worse: the measures that must lead an area's priorities, and how many chance would list.

Here: joining comparison and trend of each headline, for all areas at once. Not here: the tests
themselves (`comparisons.py`, `trend_table.py`), weighing a priority against others, or its wording.

A measure is looked at where both tests could be made of the same current series. It is listed where its
95 % interval lies on the bad side of England's value and its recent trend worsens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.periods import may_be_headline
from jsna_pipeline.vocabulary import AreaLevel, Comparator, Direction, Judgement, PeriodType, Polarity, Significance

SERIES = ["indicator_id", "area_code", "dimension", "category"]
PRIORITY_COLUMNS = [
    *SERIES,
    "period",
    "value",
    "comparator_value",
    "difference",
    "rank",
    "out_of",
    "worse",
    "worsening",
    "listed",
    "edition",
]


def priorities(
    records: Mapping[str, Indicator],
    observed: pd.DataFrame,
    compared: pd.DataFrame,
    trended: pd.DataFrame,
    cut_off: date,
    edition: str,
) -> pd.DataFrame:
    """One row per authority and headline that was looked at, with `worse`, `worsening` and `listed`.

    `observed`, `compared` and `trended` are the national tables. The rows of an area are the measures that
    its expected number of false alarms counts.
    """
    heads = _headlines(records)
    rows = observed.loc[(observed["area_level"] == AreaLevel.LOCAL_AUTHORITY.value) & observed["value"].notna()].merge(
        heads, on=["indicator_id", "dimension", "category"], validate="m:1"
    )
    newest = rows.sort_values("period", kind="stable").drop_duplicates(SERIES, keep="last")
    newest = newest.loc[_current(newest, cut_off), [*SERIES, "period", "value"]]
    england = compared.loc[
        (compared["comparator"] == Comparator.ENGLAND.value)
        & (compared["significance"] != Significance.NOT_TESTED.value),
        [*SERIES, "period", "comparator_value", "difference", "rank", "out_of", "significance"],
    ]
    trends = trended.loc[trended["direction"] != Direction.CANNOT_BE_CALCULATED.value]
    trends = trends[[*SERIES, "last_period", "judgement"]].rename(columns={"last_period": "period"})
    looked_at = newest.merge(england, on=[*SERIES, "period"], validate="1:1").merge(trends, on=[*SERIES, "period"])
    worse = looked_at["significance"] == Significance.WORSE.value
    worsening = looked_at["judgement"] == Judgement.WORSENING.value
    found = looked_at.assign(worse=worse, worsening=worsening, listed=worse & worsening, edition=edition)
    return found[PRIORITY_COLUMNS].sort_values(["area_code", "indicator_id"], ignore_index=True)


def _headlines(records: Mapping[str, Indicator]) -> pd.DataFrame:
    """The group that speaks for each indicator of which more, or less, is good."""
    judged = [record for record in records.values() if record.polarity is not Polarity.NONE]
    return pd.DataFrame(
        [(record.id, *record.headline_group) for record in judged],
        columns=["indicator_id", "dimension", "category"],
        dtype="str",
    )


def _current(rows: pd.DataFrame, cut_off: date) -> pd.Series:
    """Whether each row's period may lead: nothing more than 24 months old at the cut-off may."""
    kinds = rows[["period", "period_type"]].drop_duplicates()
    may = [may_be_headline(kind.period, PeriodType(kind.period_type), cut_off) for kind in kinds.itertuples()]
    lookup = pd.Series(may, index=pd.MultiIndex.from_frame(kinds), dtype=bool)
    return pd.Series(
        lookup.reindex(pd.MultiIndex.from_frame(rows[["period", "period_type"]])).to_numpy(), index=rows.index
    )
