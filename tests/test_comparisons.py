"""Comparisons: each comparator by its rule, ranks among authorities, and the published figures of 2024."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import Indicator
from jsna_pipeline.comparisons import COMPARISON_COLUMNS, comparisons
from jsna_pipeline.geography import local_authorities
from jsna_pipeline.published_tables import Comparisons, checked
from jsna_pipeline.statistics import proportions
from tests.invented_indicators import ENGLAND, REGION, WIGAN, WOLVERHAMPTON, direct, series
from tests.published_release import PublishedTables

NO_NEIGHBOURS = pd.DataFrame({"area_code": [], "neighbour_code": [], "rank": []}, dtype="str")
OTHERS = [code for code in local_authorities()["area_code"] if code not in {WIGAN, WOLVERHAMPTON}]


def compared(indicator: Indicator, observed: pd.DataFrame, neighbours: pd.DataFrame = NO_NEIGHBOURS) -> pd.DataFrame:
    table = comparisons({indicator.id: indicator}, observed, neighbours, "2025")
    checked(table, Comparisons)
    assert list(table) == COMPARISON_COLUMNS
    return table


def only(table: pd.DataFrame, comparator: str, area: str = WIGAN, period: str = "2024") -> pd.Series:
    rows = table.query("comparator == @comparator and area_code == @area and period == @period")
    assert len(rows) == 1
    return rows.iloc[0]


def neighbours_of(area: str, codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"area_code": area, "neighbour_code": codes, "rank": range(1, len(codes) + 1)})


# --- a larger comparator ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("polarity", "england", "word"),
    [
        ("high", (46400, 100000), "similar"),
        ("high", (3000, 100000), "better"),
        ("high", (90000, 100000), "worse"),
        ("low", (3000, 100000), "worse"),
        ("low", (90000, 100000), "better"),
        ("none", (3000, 100000), "higher"),
        ("none", (90000, 100000), "lower"),
    ],
)
def test_the_areas_interval_against_englands_value_by_polarity(polarity: str, england: tuple, word: str) -> None:
    table = compared(*series({ENGLAND: {"2024": england}, WIGAN: {"2024": (257, 603)}}, polarity=polarity))
    row = only(table, "england")
    assert (row["significance"], row["confidence"], row["comparator_count"]) == (word, 0.95, 1)
    assert row["comparator_value"] == england[0] // 100 / 10
    assert row["difference"] == pytest.approx(42.6 - row["comparator_value"], abs=0.051)


def test_nobody_is_compared_with_itself_or_a_region_with_its_region() -> None:
    points = {"2024": (50, 100)}
    table = compared(*series(dict.fromkeys((ENGLAND, REGION, WIGAN, WOLVERHAMPTON), points)))
    pairs = set(zip(table["area_code"], table["comparator"], strict=True))
    # Wolverhampton's region has no figure here, so it is compared with England alone.
    assert pairs == {(REGION, "england"), (WIGAN, "england"), (WIGAN, "region"), (WOLVERHAMPTON, "england")}
    assert only(table, "region")["comparator_value"] == 50


def test_a_gap_in_the_comparator_is_no_comparison() -> None:
    table = compared(*series({ENGLAND: {"2024": (0, 0)}, WIGAN: {"2024": (5, 10), "2023": (5, 10)}}))
    assert set(table["comparator"]) == {"previous"}


def test_a_value_without_interval_is_not_tested_but_stands_beside_england() -> None:
    points = {ENGLAND: {"2024": (50, 100)}, WIGAN: {"2024": (99, 100), "2023": (1, 100)}}
    table = compared(*series(points, independent_events=False))
    assert set(table["significance"]) == {"not_tested"} and table["confidence"].isna().all()
    assert only(table, "england")["difference"] == 49 and only(table, "previous")["difference"] == 98


def test_counts_stand_only_beside_their_own_past_untested() -> None:
    points = {area: {"2023": (10, 1), "2024": (3579, 1)} for area in (ENGLAND, REGION, WIGAN)}
    indicator, observed = series(points, method="count", multiplier=1, decimals=0, denominator=None)
    table = compared(indicator, observed, neighbours_of(WIGAN, [WOLVERHAMPTON]))
    assert set(table["comparator"]) == {"previous"} and set(table["significance"]) == {"not_tested"}
    assert only(table, "previous")["difference"] == 3569


def test_nhs_places_are_neither_compared_nor_ranked() -> None:
    indicator, observed = series({ENGLAND: {"2024": (5, 10)}, WIGAN: {"2024": (5, 10)}})
    trust = observed.tail(1).assign(area_code="RRF", area_level="provider", area_name="A trust")
    table = compared(indicator, pd.concat([observed, trust], ignore_index=True))
    assert set(table["area_code"]) == {WIGAN} and set(table["out_of"].dropna()) == {1}


# --- neighbours ---------------------------------------------------------------------------------------


def test_the_mean_of_printed_values_and_the_pooled_value_differ() -> None:
    # 10 of 100 and 999 of 1000: the mean of 10.0 and 99.9 is 54.95, printed 55.0; together 1009 of 1100.
    points = {WIGAN: {"2024": (50, 100)}, OTHERS[0]: {"2024": (10, 100)}, OTHERS[1]: {"2024": (999, 1000)}}
    table = compared(*series(points), neighbours_of(WIGAN, OTHERS[:3]))
    mean, pooled = only(table, "neighbours_mean"), only(table, "neighbours_pooled")
    assert (mean["comparator_value"], mean["comparator_count"]) == (55.0, 2)
    assert (pooled["comparator_value"], pooled["comparator_count"]) == (91.7, 2)
    assert (mean["difference"], pooled["difference"]) == (-5.0, -41.7)


@pytest.mark.parametrize("tenths", range(5, 1000, 49))
def test_a_mean_that_ends_in_a_half_goes_up(tenths: int) -> None:
    """Printed values whose mean is exactly halfway: floating point would lose some of them."""
    points = {WIGAN: {"2024": (500, 1000)}, OTHERS[0]: {"2024": (tenths, 1000)}}
    points |= {code: {"2024": (tenths + place, 1000)} for place, code in enumerate(OTHERS[1:10])}
    shared = sum([tenths, *(tenths + place for place in range(9))])  # in tenths, over ten neighbours
    table = compared(*series(points), neighbours_of(WIGAN, OTHERS[:10]))
    assert only(table, "neighbours_mean")["comparator_value"] == (2 * shared + 10) // 20 / 10


def test_a_missing_neighbour_is_not_nought() -> None:
    points = {WIGAN: {"2024": (50, 100)}, OTHERS[0]: {"2024": (80, 100)}, OTHERS[1]: {"2023": (1, 100)}}
    table = compared(*series(points), neighbours_of(WIGAN, OTHERS[:10]))
    assert only(table, "neighbours_mean")["comparator_count"] == 1
    assert only(table, "neighbours_mean")["comparator_value"] == 80
    nobody = compared(*series({WIGAN: {"2024": (50, 100)}}), neighbours_of(WIGAN, OTHERS[:10]))
    assert nobody.empty


def test_values_without_counts_have_a_mean_and_no_pool() -> None:
    points = {code: {"2024": (place, 1)} for place, code in enumerate([WIGAN, *OTHERS[:2]], start=40)}
    indicator, observed = series(points, method="published", multiplier=1, denominator=None)
    table = compared(indicator, observed, neighbours_of(WIGAN, OTHERS[:2]))
    assert table["comparator"].tolist() == ["neighbours_mean"] and table["comparator_value"].tolist() == [41.5]


def test_differences_are_not_pooled_into_a_ratio() -> None:
    points = {code: {"2024": (10, 4)} for code in (WIGAN, *OTHERS[:2])}
    indicator, observed = series(points, method="difference", multiplier=1)
    table = compared(indicator, observed, neighbours_of(WIGAN, OTHERS[:2]))
    assert table[["comparator", "comparator_value"]].to_numpy().tolist() == [["neighbours_mean", 6.0]]


# --- the period before --------------------------------------------------------------------------------


def test_previous_is_tested_by_the_interval_of_the_difference() -> None:
    # 42 % and 51 % of 200: last year's point lies outside this year's interval, yet 0 lies inside Newcombe's.
    indicator, observed = series({WIGAN: {"2023": (84, 200), "2024": (102, 200)}})
    before, now = observed.sort_values("period").to_dict("records")
    assert now["lower_ci"] > before["value"]
    _, lower, upper = proportions.newcombe_difference(102, 200, 84, 200)
    assert lower < 0 < upper
    row = only(compared(indicator, observed), "previous")
    assert (row["significance"], row["comparator_value"], row["difference"]) == ("similar", 42.0, 9.0)


@pytest.mark.parametrize(
    ("method", "polarity", "now", "word"),
    [
        ("proportion", "high", (900, 1000), "better"),
        ("proportion", "low", (900, 1000), "worse"),
        ("rate", "low", (100, 1000), "better"),
        ("rate", "none", (900, 1000), "higher"),
        ("ratio", "high", (900, 1000), "not_tested"),
    ],
)
def test_a_clear_change_by_method_and_polarity(method: str, polarity: str, now: tuple, word: str) -> None:
    points = {WIGAN: {"2023": (500, 1000), "2024": now}}
    table = compared(*series(points, method=method, polarity=polarity))
    assert only(table, "previous")["significance"] == word and len(table) == 1


@pytest.mark.parametrize(
    ("periods", "kind", "breaks", "expected"),
    [
        (["2022", "2023", "2024"], "calendar_year", [], ["2023", "2024"]),
        (["2021", "2022", "2024"], "calendar_year", [], ["2022"]),  # a gap is no previous year
        (["2022", "2023"], "calendar_year", [{"from": "2023", "kind": "definition", "reason": "x"}], []),
        (["2022", "2023"], "calendar_year", [{"from": "2023", "kind": "boundary", "reason": "x"}], []),
        (["2022", "2023"], "calendar_year", [{"from": "2023", "kind": "collection", "reason": "x"}], ["2023"]),
        # A break named by the year alone holds for the school year that begins in it.
        (["2022/23", "2023/24"], "academic_year", [{"from": "2023", "kind": "definition", "reason": "x"}], []),
        (["2021/22", "2022/23", "2023/24"], "academic_year",
         [{"from": "2022/23", "kind": "definition", "reason": "x"}], ["2023/24"]),
        (["2023-12", "2024-01", "2024-03"], "month", [], ["2024-01"]),
        (["2024-03", "2024-04"], "month", [{"from": "2024-04", "kind": "definition", "reason": "x"}], []),
        (["2024-04", "2024-05"], "month", [{"from": "2024-04", "kind": "definition", "reason": "x"}], ["2024-05"]),
        (["2017 - 19", "2018 - 20"], "rolling", [], []),  # overlapping windows
        (["2024", "2023"], "term", [], []),
    ],
)  # fmt: skip
def test_which_period_is_the_previous_one(periods: list, kind: str, breaks: list, expected: list) -> None:
    points = {WIGAN: dict.fromkeys(periods, (50, 100))}
    table = compared(*series(points, period_type=kind, breaks=breaks))
    assert table["period"].tolist() == expected


# --- ranks --------------------------------------------------------------------------------------------


def rank_of(values: dict[str, tuple], **changes: object) -> pd.DataFrame:
    table = compared(*series({code: {"2024": point} for code, point in values.items()}, **changes))
    return table.query("comparator == 'england'").set_index("area_code")[["rank", "out_of", "quartile"]]


def test_ranks_at_printed_precision_with_ties_small_denominators_and_regions_left_out() -> None:
    values = {ENGLAND: (500, 1000), REGION: (999, 1000), WIGAN: (9004, 10000), WOLVERHAMPTON: (9001, 10000)}
    values |= {OTHERS[0]: (95, 100), OTHERS[1]: (10, 100), OTHERS[2]: (9, 9), OTHERS[3]: (1, 10), OTHERS[4]: (0, 0)}
    ranks = rank_of(values)
    # 90.04 and 90.01 print the same 90.0 and share a rank; 9 of 9 is too small to be ranked at all.
    assert ranks["rank"].dropna().to_dict() == {OTHERS[0]: 1, WIGAN: 2, WOLVERHAMPTON: 2, OTHERS[1]: 4, OTHERS[3]: 4}
    assert set(ranks["out_of"].dropna()) == {5} and ranks.loc[OTHERS[0], "quartile"] == 1
    assert ranks.loc[[REGION, OTHERS[2]], "rank"].isna().all() and OTHERS[4] not in ranks.index
    assert rank_of(values, polarity="low").loc[OTHERS[1], "rank"] == 1
    assert rank_of(values, polarity="none").loc[OTHERS[0], "rank"] == 1


def test_values_without_a_denominator_are_ranked_and_no_other_comparator_carries_a_rank() -> None:
    points = {code: {"2024": (place, 1), "2023": (1, 1)} for place, code in enumerate([ENGLAND, WIGAN, *OTHERS[:3]])}
    indicator, observed = series(points, method="published", multiplier=1, denominator=None)
    table = compared(indicator, observed, neighbours_of(WIGAN, OTHERS[:2]))
    assert table.loc[table["comparator"] != "england", ["rank", "out_of", "quartile"]].isna().all(axis=None)
    newest = table.query("comparator == 'england' and period == '2024'")
    assert newest.set_index("area_code")["rank"].to_dict() == {
        WIGAN: 4,
        **dict(zip(OTHERS[:3], (3, 2, 1), strict=True)),
    }


def test_indicators_periods_and_breakdowns_are_ranked_apart() -> None:
    indicator, _ = series({WIGAN: {"2024": (1, 2)}})
    cells = [
        {"area_code": area, "period": period, "dimension": dimension, "category": dimension, "value": value,
         "numerator": value, "denominator": 100.0, "lower_ci": value - 1, "upper_ci": value + 1}
        for period, dimension, values in (("2024", "total", (50, 60, 70)), ("2024", "sex", (50, 9, 3)),
                                          ("2023", "total", (50, 1, 2)))
        for area, value in zip((ENGLAND, WIGAN, WOLVERHAMPTON), values, strict=True)
    ]  # fmt: skip
    table = compared(indicator, direct(indicator, cells)).query("comparator == 'england' and area_code == @WIGAN")
    assert dict(zip(zip(table["period"], table["dimension"], strict=True), table["rank"], strict=True)) == {
        ("2023", "total"): 2, ("2024", "sex"): 1, ("2024", "total"): 2,
    }  # fmt: skip


# --- the release of 2025 ------------------------------------------------------------------------------


def test_wigan_in_2024(published_tables: PublishedTables) -> None:
    def beside(comparator: str) -> pd.Series:
        return published_tables.row(
            "compared", indicator_id="ehcp_within_20_weeks_excl", area_code=WIGAN, period="2024", comparator=comparator
        )

    england = beside("england")
    assert (england["comparator_value"], england["significance"]) == (46.4, "similar")
    assert (england["rank"], england["out_of"]) == (88, 149)
    mean, pooled = beside("neighbours_mean"), beside("neighbours_pooled")
    assert (mean["comparator_value"], mean["comparator_count"]) == (54.2, 10)
    assert (pooled["comparator_value"], pooled["comparator_count"]) == (49.7, 10)
    assert beside("previous")["significance"] == "worse"


@pytest.mark.parametrize(
    ("area", "value", "significance", "rank"),
    [("E08000031", 55.8, "better", 70), ("E06000058", 77.6, "better", 42), ("E06000063", 42.6, "similar", None)],
)
def test_other_areas_in_2024(
    published_tables: PublishedTables, area: str, value: float, significance: str, rank: int | None
) -> None:
    where = {"indicator_id": "ehcp_within_20_weeks_excl", "area_code": area, "period": "2024"}
    assert published_tables.row("observed", **where)["value"] == value
    row = published_tables.row("compared", **where, comparator="england")
    assert row["significance"] == significance and row["out_of"] == 149
    assert rank is None or row["rank"] == rank


def test_the_real_table_keeps_its_contract(published_tables: PublishedTables) -> None:
    table = checked(published_tables.compared, Comparisons)
    assert set(table.loc[table["indicator_id"] == "ehcp_caseload", "comparator"]) == {"previous"}
    assert not np.isinf(table[["comparator_value", "difference"]].to_numpy()).any()
    assert table["comparator_count"].max() == 10
    assert not table.query("comparator == 'previous' and area_code == 'E06000063' and period == '2023'").size


# --- the statutory target -----------------------------------------------------------------------------


def test_a_single_late_case_is_below_what_the_law_requires_of_all() -> None:
    law = {"rule": "The law says so", "late": "came late"}
    table = compared(*series({WIGAN: {"2023": (603, 603), "2024": (602, 603)}}, standard=law))
    missed, kept = only(table, "target"), only(table, "target", period="2023")
    assert (missed["comparator_value"], missed["significance"]) == (100.0, "worse")
    assert (kept["difference"], kept["significance"]) == (0.0, "similar")


def test_no_target_is_set_where_the_law_sets_none() -> None:
    table = compared(*series({WIGAN: {"2024": (602, 603)}}))
    assert "target" not in set(table["comparator"])
