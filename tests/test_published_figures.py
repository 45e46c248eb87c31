"""The tables made from the real release state what the publisher published."""

from __future__ import annotations

import pytest

from jsna_pipeline.published_tables import Observations, checked
from tests.invented_indicators import WIGAN
from tests.published_release import PublishedTables


def test_the_tables_of_the_release_state_the_published_figures(published_tables: PublishedTables) -> None:
    checked(published_tables.observed, Observations)
    assert list(published_tables.series("ehcp_caseload", WIGAN).values()) == [1804, 1930, 2111, 2337, 2607, 2966, 3579]
    assert list(published_tables.series("ehcp_caseload", WIGAN))[::6] == ["2018/19", "2024/25"]
    assert published_tables.series("ehcp_within_20_weeks_excl", WIGAN) == {
        "2019": 98.6, "2020": 80.4, "2021": 83.5, "2022": 83.9, "2023": 64.4, "2024": 42.6,
    }  # fmt: skip
    row = published_tables.row("observed", indicator_id="ehcp_within_20_weeks_excl", area_code=WIGAN, period="2024")
    assert (row["numerator"], row["denominator"]) == (257, 603)
    assert (round(row["lower_ci"], 1), round(row["upper_ci"], 1)) == (38.7, 46.6)
    reviews = published_tables.row("observed", indicator_id="ehcp_reviews_held", area_code=WIGAN, period="2024")
    assert (reviews["value"], reviews["numerator"], reviews["denominator"]) == (64.4, 1797, 2792)


@pytest.mark.parametrize(("area", "predecessor"), [("E06000063", "E10000006"), ("E06000058", "E06000028")])
def test_no_series_is_glued_over_a_boundary_change(
    published_tables: PublishedTables, area: str, predecessor: str
) -> None:
    now = published_tables.series("ehcp_caseload", area)
    before = published_tables.series("ehcp_caseload", predecessor)
    assert now and before and max(before) < min(now)
