"""Worse and getting worse: which measures are looked at, which are listed, and that chance rarely lists one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from jsna_pipeline.comparisons import comparisons
from jsna_pipeline.geography import local_authorities
from jsna_pipeline.priorities import PRIORITY_COLUMNS, priorities
from jsna_pipeline.published_tables import Priorities, checked
from jsna_pipeline.trend_table import trend_table
from tests.invented_indicators import ENGLAND, WIGAN, series

CUT_OFF = date(2025, 12, 31)
YEARS = [str(year) for year in range(2020, 2025)]
NO_NEIGHBOURS = pd.DataFrame({"area_code": [], "neighbour_code": [], "rank": []}, dtype="str")


def _listed(values: dict, cut_off: date = CUT_OFF, **changes: str) -> pd.DataFrame:
    record, observed = series(values, **changes)
    records = {record.id: record}
    compared = comparisons(records, observed, NO_NEIGHBOURS, "2025")
    table = priorities(records, observed, compared, trend_table(records, observed, "2025"), cut_off, "2025")
    assert list(checked(table, Priorities)) == PRIORITY_COLUMNS
    return table


def _years(counts: list[int], denominator: int = 1000) -> dict[str, tuple[int, int]]:
    return {year: (count, denominator) for year, count in zip(YEARS, counts, strict=True)}


LEVEL = {ENGLAND: _years([60_000] * 5, 100_000)}


def test_worse_than_england_and_falling_is_listed() -> None:
    row = _listed(LEVEL | {WIGAN: _years([600, 550, 500, 450, 400])}).iloc[0]
    assert (row["worse"], row["worsening"], row["listed"]) == (True, True, True)
    assert (row["value"], row["comparator_value"]) == (40.0, 60.0)


def test_worse_but_rising_and_falling_but_no_worse_are_looked_at_and_not_listed() -> None:
    rising = _listed(LEVEL | {WIGAN: _years([200, 250, 300, 350, 400])}).iloc[0]
    assert (rising["worse"], rising["worsening"], rising["listed"]) == (True, False, False)
    falling = _listed(LEVEL | {WIGAN: _years([900, 850, 800, 750, 700])}).iloc[0]
    assert (falling["worse"], falling["worsening"], falling["listed"]) == (False, True, False)


def test_what_cannot_be_tested_both_ways_is_not_looked_at() -> None:
    falling = {WIGAN: _years([600, 550, 500, 450, 400])}
    assert _listed(LEVEL | falling, polarity="none").empty
    assert _listed(falling).empty  # nothing to compare with
    assert _listed(LEVEL | {WIGAN: {"2024": (400, 1000)}}).empty  # one point has no trend
    assert _listed(LEVEL | falling, cut_off=date(2027, 12, 31)).empty  # too old to lead


def test_chance_alone_lists_almost_nothing() -> None:
    """150 areas with England's own true share in every year: one in forty looks worse, none both."""
    rng = np.random.default_rng(20251231)
    codes = local_authorities()["area_code"].iloc[:150]
    values = {code: _years(rng.binomial(500, 0.6, 5).tolist(), 500) for code in codes}
    found = _listed(LEVEL | values)
    assert len(found) == 150
    assert 0 < found["worse"].mean() < 0.06
    assert found["listed"].sum() <= 1
