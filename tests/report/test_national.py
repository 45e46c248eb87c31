"""The headlines of every authority: which rows are read, and how they are spread."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.report.national import NATIONAL_COLUMNS, read_national, spread
from jsna_pipeline.storage import TableFolder, write_table
from tests.invented_area import IN_TIME
from tests.invented_indicators import ENGLAND, WIGAN, WOLVERHAMPTON, direct


def rows(*values: float | None, denominator: float | None = None) -> pd.DataFrame:
    return pd.DataFrame({"value": values, "denominator": denominator}, dtype=float)


def test_quarters_interpolate_between_the_nearest_values() -> None:
    lies = spread(rows(10, 20, 30, 50, 90))
    assert lies is not None
    assert (lies.least, lies.lower_quartile, lies.median, lies.upper_quartile, lies.most) == (10, 20, 30, 50, 90)
    even = spread(rows(10, 20, 30, 40))
    assert even is not None and even.lower_quartile == pytest.approx(17.5)


def test_small_denominators_and_absent_values_are_not_ranked() -> None:
    small = rows(0.0, denominator=9)
    lies = spread(pd.concat([rows(10, 20, 30, 40, None, denominator=10), small], ignore_index=True))
    assert lies is not None and (lies.least, lies.authorities) == (10, 4)
    assert spread(rows(10, 20, 30)) is None
    assert spread(rows()) is None


def test_only_headlines_of_authorities_in_the_newest_period_of_the_area_are_read(tmp_path: object) -> None:
    record = indicators()[IN_TIME]
    observed = direct(
        record,
        [
            {"area_code": WIGAN, "period": "2023", "value": 40.0},
            {"area_code": WIGAN, "period": "2024", "value": None, "status": "suppressed"},
            {"area_code": WIGAN, "period": "2023", "dimension": "sex", "category": "Male", "value": 41.0},
            {"area_code": WOLVERHAMPTON, "period": "2023", "value": 60.0},
            {"area_code": WOLVERHAMPTON, "period": "2024", "value": 61.0},
            {"area_code": ENGLAND, "period": "2023", "value": 50.0},
        ],
    )
    tables = TableFolder(str(tmp_path))
    write_table(observed, tables.path("indicators_observations", "2025"))
    read = read_national(tables, "2025", observed, WIGAN)
    assert list(read.columns) == NATIONAL_COLUMNS
    # Wigan's newest value is of 2023: the others are shown in that year, not in one that it lacks.
    assert dict(zip(read["area_code"], read["value"], strict=True)) == {WIGAN: 40.0, WOLVERHAMPTON: 60.0}
    assert read_national(tables, "2025", observed, "E06000001").empty
