"""An invented area's tables, a row a measure, for tests of the order of commissioning.

Here: builders that state a measure by what is known of it. Not here: any published figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.commissioning.prioritisation import AreaEvidence
from tests.invented_indicators import WIGAN, record

CUT_OFF = date(2025, 12, 31)
STANDARD = {"target": 100, "rule": "The law.", "late": "were late"}


def counted(key: str, chapter: str = "ehc_system", **changes: Any) -> Indicator:
    """A proportion of children, more being better."""
    return record(id=key, chapter=chapter, **changes)


def published(key: str, chapter: str = "health", **changes: Any) -> Indicator:
    """A percentage without counts, which no test can be made of."""
    return record(id=key, chapter=chapter, method="published", published="p", denominator=None, **changes)


def measure(key: str, value: float, rank: float, **given: Any) -> dict[str, Any]:
    """What the tables say of one measure; `quartile` follows from the rank of 150."""
    base = {
        "indicator_id": key,
        "area_code": WIGAN,
        "period": "2024",
        "period_type": "calendar_year",
        "dimension": "total",
        "category": "total",
        "numerator": None,
        "denominator": None,
        "value": value,
        "significance": "not_tested",
        "rank": rank,
        "out_of": 150.0,
        "quartile": float(min(4, int((rank - 1) // 37.5) + 1)),
        "judgement": None,
    }
    return base | given


def group(key: str, lower: float, upper: float, significance: str, **given: Any) -> dict[str, Any]:
    """One group of a measure beside the rest."""
    base = {
        "indicator_id": key,
        "area_code": WIGAN,
        "period": "2024",
        "dimension": "age",
        "category": "16",
        "lower_ci": lower,
        "upper_ci": upper,
        "significance": significance,
    }
    return base | given


def evidence(
    measures: Sequence[Mapping[str, Any]],
    groups: Sequence[Mapping[str, Any]] = (),
    voice: Mapping[str, float | None] | None = None,
    residents: float | None = 10_000,
    cut_off: date = CUT_OFF,
) -> AreaEvidence:
    rows = pd.DataFrame([*measures], columns=list(measure("x", 0, 1)))
    keys = ["indicator_id", "area_code", "dimension", "category"]
    observed = rows[[*keys, "period", "period_type", "numerator", "denominator", "value"]]
    if residents is not None:
        people = {**measure("residents_0_17", residents, 1), "denominator": None}
        observed = pd.concat([observed, pd.DataFrame([people])[observed.columns]], ignore_index=True)
    numbers = ["numerator", "denominator", "value"]
    trends = rows.assign(
        direction=rows["judgement"].notna().map({True: "no_change", False: "cannot_be_calculated"}),
        judgement=rows["judgement"].fillna("no_judgement"),
    )
    return AreaEvidence(
        area_code=WIGAN,
        cut_off=cut_off,
        observed=observed.astype(dict.fromkeys(numbers, "float64")),
        compared=rows.loc[rows["rank"].notna()].assign(comparator="england"),
        trended=trends[[*keys, "direction", "judgement"]].drop_duplicates(keys),
        unequal=pd.DataFrame([*groups], columns=list(group("x", 0, 0, ""))),
        voice=voice or {},
    )


# One area: a chapter of which all is known, one of which little is, and one that is context.
RECORDS = {
    one.id: one
    for one in (
        counted("a1", standard=STANDARD),
        counted("a2", polarity="low"),
        counted("a3"),
        published("b1"),
        published("b2"),
        published("b3"),
        counted("c1", "money", polarity="none"),
    )
}
LATE = measure(
    "a1", 60.0, 120, numerator=60, denominator=100, significance="worse", judgement="worsening"
)  # 40 children, and the law is broken
MEASURES = [
    LATE,
    measure("a2", 15.0, 75, numerator=30, denominator=200, significance="similar", judgement="no_change"),
    measure("a3", 90.0, 10, numerator=90, denominator=100, significance="better"),
    measure("b1", 50.0, 130),
    measure("b2", 50.0, 60),
    measure("b3", 50.0, 20),
    measure("c1", 50.0, 20, numerator=50, denominator=100, significance="higher"),
]
GROUPS = [group("a3", -12.0, -3.0, "worse"), group("a3", -4.0, 4.0, "similar"), group("c1", 20.0, 30.0, "higher")]
VOICE: dict[str, float | None] = {"ehc_system": 12.0, "health": None}
HELD = evidence(MEASURES, GROUPS, VOICE)
