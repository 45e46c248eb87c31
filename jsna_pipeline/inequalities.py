"""Inequality inside each area: every group of an indicator beside the rest of the same children.

Here: the inequalities table, for all areas at once, from observations with counts by group. Not here:
the statistics (`proportions.py` and `disproportionality.py` of `statistics/`), gaps that strategies want
closed, or a gradient over authorities, which says nothing of inequality inside any.

A group is compared with everybody else of the area, never with a whole that holds it. Many groups are
looked at, so the interval is the 99.8 % one: by chance alone about one group in five hundred differs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.statistics import comparison, disproportionality, proportions, rounding
from jsna_pipeline.vocabulary import TOTAL, AreaLevel, Method

CONFIDENCE = 0.998
MINIMUM_DENOMINATOR = 10  # of the group and of the rest: below it a percentage is a handful of children
CELL = ["indicator_id", "area_code", "period"]
INEQUALITY_COLUMNS = [
    *CELL,
    "dimension",
    "category",
    "value",
    "denominator",
    "rest_value",
    "difference",
    "lower_ci",
    "upper_ci",
    "ratio",
    "ratio_lower",
    "ratio_upper",
    "children",
    "significance",
    "confidence",
    "edition",
]


def inequalities(records: Mapping[str, Indicator], observed: pd.DataFrame, edition: str) -> pd.DataFrame:
    """Each group of each area's newest period beside the rest, in percentage points.

    `observed` is the observations table. Used are proportions of independent events whose record has
    breakdowns, so that a group's denominator is a part of the whole's; groups or rests of fewer than ten
    are left out. `ratio` is the relative risk of the group against the rest, null where nobody of the rest
    has the outcome; the test is that of the difference. `children` is the difference times the group's
    denominator: how many more or fewer than if the group had fared as the rest did.
    """
    chosen = [key for key, record in records.items() if _has_groups(record)]
    rows = observed.loc[
        observed["indicator_id"].isin(chosen)
        & observed["value"].notna()
        & observed["numerator"].notna()
        & observed["area_level"].isin([AreaLevel.ENGLAND.value, AreaLevel.REGION.value, AreaLevel.LOCAL_AUTHORITY])
    ]
    beside = _beside_rest(_newest(rows))
    decimals = beside["indicator_id"].map({key: records[key].decimals for key in chosen})
    polarity = beside["indicator_id"].map({key: records[key].polarity.value for key in chosen})
    difference, lower, upper = proportions.newcombe_difference(
        beside["numerator"], beside["denominator"], beside["rest_numerator"], beside["rest_denominator"], CONFIDENCE
    )
    ratio = disproportionality.relative_risk(
        beside["numerator"], beside["denominator"], beside["rest_numerator"], beside["rest_denominator"], CONFIDENCE
    )
    rest_value = rounding.half_up(beside["rest_numerator"], beside["rest_denominator"], decimals, 100)
    return beside.assign(
        rest_value=rest_value,
        difference=rounding.half_up_value(beside["value"] - rest_value, decimals),
        lower_ci=lower * 100,
        upper_ci=upper * 100,
        ratio=ratio.value,
        ratio_lower=ratio.lower,
        ratio_upper=ratio.upper,
        children=rounding.half_up_value(difference * beside["denominator"], 0),
        significance=comparison.compare_difference(lower, upper, polarity.to_numpy(str)),
        confidence=CONFIDENCE,
        edition=edition,
    )[INEQUALITY_COLUMNS].sort_values([*CELL, "dimension", "category"], ignore_index=True)


def _has_groups(record: Indicator) -> bool:
    return (
        record.method is Method.PROPORTION
        and record.independent_events
        and not record.numerator.categories
        and any(dimension != TOTAL for dimension in record.breakdowns)
    )


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest period in which the area's whole has a value."""
    wholes = rows.loc[rows["dimension"] == TOTAL]
    newest = wholes.groupby(["indicator_id", "area_code"], as_index=False)["period"].max()
    return rows.merge(newest, on=CELL, validate="m:1")


def _beside_rest(rows: pd.DataFrame) -> pd.DataFrame:
    """Groups with the counts of everybody else; a group that is no part of its whole is left out."""
    whole = rows.loc[rows["dimension"] == TOTAL, [*CELL, "numerator", "denominator"]]
    whole = whole.rename(columns={"numerator": "whole_numerator", "denominator": "whole_denominator"})
    groups = rows.loc[(rows["dimension"] != TOTAL) & ~rows["dimension"].str.contains("_and_")]
    found = groups.merge(whole, on=CELL, validate="m:1")
    found = found.assign(
        rest_numerator=found["whole_numerator"] - found["numerator"],
        rest_denominator=found["whole_denominator"] - found["denominator"],
    )
    counts = found[["numerator", "denominator", "rest_numerator", "rest_denominator"]]
    usable = (
        (found[["denominator", "rest_denominator"]] >= MINIMUM_DENOMINATOR).all(axis=1)
        & (found["rest_numerator"] >= 0)
        & (found["rest_numerator"] <= found["rest_denominator"])
        & np.isclose(counts % 1, 0).all(axis=1)
    )
    return found.loc[usable].reset_index(drop=True)
