"""Inequality inside an area: each group beside the rest, on invented counts and on the release of 2025."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.inequalities import INEQUALITY_COLUMNS, inequalities
from jsna_pipeline.published_tables import Inequalities, checked
from jsna_pipeline.statistics import proportions
from tests.invented_indicators import core, observed, record
from tests.published_release import PublishedTables


def _held(rows: list[dict]) -> pd.DataFrame:
    held = record(breakdowns=["total", "sex"])
    table = inequalities({held.id: held}, observed(held, tables={held.source: core(rows)}), "2025")
    assert list(checked(table, Inequalities)) == INEQUALITY_COLUMNS
    return table


def _row(category: str, n: float, d: float, **more: str) -> dict:
    return {"dimension": "total" if category == "total" else "sex", "category": category, "n": n, "d": d, **more}


def test_a_group_is_compared_with_everybody_else_and_not_with_the_whole() -> None:
    table = _held([_row("total", 60, 100), _row("girls", 45, 50), _row("boys", 15, 50)])
    boys = table.set_index("category").loc["boys"]
    assert (boys["value"], boys["rest_value"], boys["difference"], boys["children"]) == (30.0, 90.0, -60.0, -30.0)
    assert boys["significance"] == "worse"
    _, lower, upper = proportions.newcombe_difference(15, 50, 45, 50, confidence=0.998)
    assert boys["ratio"] == pytest.approx(1 / 3)
    assert boys["ratio_lower"] < boys["ratio"] < boys["ratio_upper"] < 1
    assert (boys["lower_ci"], boys["upper_ci"]) == pytest.approx((lower * 100, upper * 100))


def test_a_gap_that_95_percent_would_flag_is_similar_where_many_groups_are_looked_at() -> None:
    table = _held([_row("total", 100, 200), _row("girls", 58, 100), _row("boys", 42, 100)])
    _, lower, _ = proportions.newcombe_difference(58, 100, 42, 100)
    assert lower > 0
    assert set(table["significance"]) == {"similar"}


@pytest.mark.parametrize(
    ("girls", "rest"),
    [((4, 9), "a group of nine"), ((50, 95), "a rest of five"), ((70, 50), "a group with more than its whole has")],
)
def test_groups_too_small_or_no_part_of_their_whole_are_left_out(girls: tuple, rest: str) -> None:
    assert _held([_row("total", 60, 100), _row("girls", *girls)]).empty, rest


def test_only_the_newest_period_of_the_whole_speaks() -> None:
    older = [_row("total", 60, 100, period="2023"), _row("girls", 10, 50, period="2023")]
    newer = [_row("total", 60, 100, period="2024"), _row("girls", 45, 50, period="2024")]
    table = _held(older + newer)
    assert table["period"].tolist() == ["2024"]


def test_reviews_of_the_real_release_by_age(published_tables: PublishedTables) -> None:
    """Wigan held 52 of 273 reviews of young people of 16 in 2024, and 1,745 of the other 2,519."""
    reviews = {"ehcp_reviews_held": indicators()["ehcp_reviews_held"]}
    table = inequalities(reviews, published_tables.observed, "2025")
    row = table.set_index(["area_code", "dimension", "category"]).loc[("E08000010", "age", "16")]
    assert (row["value"], row["rest_value"], row["denominator"]) == (19.0, 69.3, 273)
    assert row["significance"] == "worse"
