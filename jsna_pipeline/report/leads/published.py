"""What leads read of published measures: one group of one period in the area, England and its neighbours.

Here: looking it up and putting it into a row of a figure. Not here: computing any of it (`indicator_engine.py`,
`comparisons.py`), or the figures themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.findings import Facts
from jsna_pipeline.report import formatting
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.vocabulary import TOTAL, Comparator


@dataclass(frozen=True)
class Published:
    """A published figure and its comparators; None where one is not published."""

    value: float | None
    lower: float | None
    upper: float | None
    count: float | None
    whole: float | None
    england: float | None
    neighbours: float | None
    compared: int = 0  # neighbours that the mean is of


def published(view: AreaView, known: Facts, dimension: str = TOTAL, category: str = TOTAL) -> Published:
    """A group of the measure in its newest period."""
    group = {"period": known.period, "dimension": dimension, "category": category}
    code, _ = view.speaks_for(known.record)
    own = view.observations(known.record.id, area_code=code, **group)
    england = view.observations(known.record.id, area_code=geography.ENGLAND, **group)
    means = view.comparisons(known.record.id, comparator=Comparator.NEIGHBOURS_MEAN.value, **group)
    value, lower, upper, count, whole = (
        _first(own, column) for column in ("value", "lower_ci", "upper_ci", "numerator", "denominator")
    )
    compared = _first(means, "comparator_count")
    return Published(
        value,
        lower,
        upper,
        count,
        whole,
        _first(england, "value"),
        _first(means, "comparator_value"),
        int(compared) if compared is not None else 0,
    )


def _first(rows: pd.DataFrame, column: str) -> float | None:
    return None if rows.empty or pd.isna(rows[column].iloc[0]) else float(rows[column].iloc[0])


def when(known: Facts) -> str:
    """The period of the measure in words: "January 2025"."""
    return formatting.period_words(known.period, known.period_type)


def source_of(known: Sequence[Facts]) -> str:
    """Publisher and publication of measures, each named once."""
    records = [datasets()[one.record.source] for one in known]
    return "; ".join(dict.fromkeys(f"{one.publisher}, {one.publication}" for one in records))


def found(known: Mapping[str, Facts], *names: str) -> list[Facts]:
    """Those of the measures that have a value here, in the order asked."""
    return [known[name] for name in names if name in known]
