"""The engine on tables of a few rows: each method, breakdown, join and fault."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.errors import InputError
from jsna_pipeline.indicator_engine import OBSERVATION_COLUMNS, observations, period_number
from jsna_pipeline.published_tables import Observations, checked
from tests.invented_indicators import OTHER, TABLE, WIGAN, WOLVERHAMPTON, core, observed, record


def one(table: pd.DataFrame, **where: str) -> pd.Series:
    rows = table
    for name, value in where.items():
        rows = rows.loc[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def made(rows: list[dict], other: list[dict] | None = None, **changes: object) -> pd.DataFrame:
    table = observed(record(**changes), tables={TABLE: core(rows), OTHER: core(other or [{"p": 1}])})
    checked(table, Observations)
    return table


# --- methods ------------------------------------------------------------------------------------------


def test_a_proportion_has_its_wilson_interval() -> None:
    row = one(made([{"n": 257, "d": 603}]))
    assert (row["value"], row["numerator"], row["denominator"], row["status"]) == (42.6, 257, 603, "ok")
    assert (round(row["lower_ci"], 1), round(row["upper_ci"], 1)) == (38.7, 46.6)
    assert (row["unit"], row["source_id"], row["edition"]) == ("percent", TABLE, "2025")
    assert list(made([{"n": 1, "d": 2}])) == OBSERVATION_COLUMNS


@pytest.mark.parametrize(
    ("changes", "rows", "value", "interval"),
    [
        ({"method": "proportion"}, {"n": 1, "d": 16}, 6.3, True),  # 6.25 exactly
        ({"method": "proportion"}, {"n": 0, "d": 16}, 0.0, True),
        ({"method": "proportion", "independent_events": False}, {"n": 1, "d": 16}, 6.3, False),
        ({"method": "proportion"}, {"n": 1.5, "d": 16}, 9.4, False),  # averages over days have no interval
        ({"method": "rate", "multiplier": 10000}, {"n": 105, "d": 2000}, 525.0, True),
        ({"method": "rate", "multiplier": 1000}, {"n": 2.5, "d": 1000}, 2.5, False),
        ({"method": "rate", "multiplier": 1000, "independent_events": False}, {"n": 9, "d": 1000}, 9.0, False),
        ({"method": "rate", "multiplier": 1}, {"n": 30, "d": 20}, 1.5, True),  # a rate may pass one
        ({"method": "ratio", "multiplier": 1}, {"n": 5, "d": 4}, 1.3, False),
        ({"method": "mean", "multiplier": 1, "decimals": 0}, {"n": 5, "d": 2}, 3.0, False),
        ({"method": "difference", "multiplier": 1}, {"n": 0.35, "d": 0.1}, 0.3, False),  # 0.25 in decimals
        ({"method": "difference", "multiplier": 1}, {"n": 10, "d": 12.25}, -2.3, False),
        ({"method": "count", "multiplier": 1, "decimals": 0, "denominator": None}, {"n": 2.5, "d": 1}, 3.0, False),
        ({"method": "published", "multiplier": 1, "denominator": None}, {"n": 42.65, "d": 1}, 42.7, False),
        ({"method": "published", "decimals": 0, "denominator": None}, {"n": 0.145, "d": 1}, 15.0, False),
    ],
)  # fmt: skip
def test_each_method_and_whether_it_has_an_interval(changes: dict, rows: dict, value: float, interval: bool) -> None:
    row = one(made([rows], **changes))
    assert row["value"] == value and row["status"] == "ok"
    assert pd.notna(row["lower_ci"]) == pd.notna(row["upper_ci"]) == interval


def test_a_published_value_is_no_count() -> None:
    row = one(made([{"n": 42.6, "d": 1}], method="published", multiplier=1, denominator=None))
    assert pd.isna(row["numerator"]) and pd.isna(row["denominator"])


def test_a_standardised_rate_needs_its_own_function() -> None:
    with pytest.raises(InputError, match=r"catalogue/indicators/held\.yml: a standardised rate needs its own"):
        made([{"n": 1, "d": 2}], method="dsr")


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 5000)), min_size=1, max_size=99))
def test_a_value_is_rounded_half_up_within_its_interval(pairs: list[tuple[int, int]]) -> None:
    counts = [(min(pair), max(pair)) for pair in pairs]
    table = made([{"n": n, "d": d, "period": f"{1900 + place}"} for place, (n, d) in enumerate(counts)])
    assert table["value"].tolist() == [(2000 * n + d) // (2 * d) / 10 for n, d in counts]
    assert (table["lower_ci"] - 0.05 <= table["value"]).all() and (table["value"] <= table["upper_ci"] + 0.05).all()


# --- what is missing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ({"n": "suppressed", "d": 10}, "suppressed"),
        ({"n": 3, "d": "suppressed"}, "suppressed"),
        ({"n": "not_applicable", "d": 10}, "not_applicable"),
        ({"n": "rounds_to_zero", "d": 10}, "rounds_to_zero"),
        ({"n": "low_reliability", "d": 10}, "low_reliability"),
        ({"n": 0, "d": 0}, "not_applicable"),
        ({"n": 11, "d": 10}, "unavailable"),  # impossible: a finding of data quality
    ],
)
def test_no_value_says_why_and_is_never_nought(rows: dict, status: str) -> None:
    row = one(made([rows]))
    assert pd.isna(row["value"]) and pd.isna(row["lower_ci"]) and pd.isna(row["upper_ci"])
    assert row["status"] == status


def test_a_sum_of_columns_is_missing_for_the_gravest_reason_of_its_parts() -> None:
    side = {"table": TABLE, "columns": ["a", "b", "c"]}
    rows = [
        {"period": "2021", "a": 1, "b": 2, "c": 3, "d": 10},
        {"period": "2022", "a": 1, "b": "not_applicable", "c": "unavailable", "d": 10},
        {"period": "2023", "a": "suppressed", "b": "unavailable", "c": 3, "d": 10},
        {"period": "2024", "a": 0, "b": 0, "c": "rounds_to_zero", "d": 10},
    ]
    table = made(rows, numerator=side)
    assert table["status"].tolist() == ["ok", "unavailable", "suppressed", "rounds_to_zero"]
    assert table["value"].tolist()[0] == 60 and table["value"].isna().sum() == 3


def test_a_dataset_that_is_missing_gives_no_rows_and_none_at_all_is_an_error() -> None:
    empty = core([{"n": 1, "d": 2}]).head(0)
    tables = {TABLE: core([{"n": 1, "d": 2}]), OTHER: empty}
    gone = record(id="gone", numerator={"table": OTHER, "columns": ["n"]})
    half = record(id="half", denominator={"table": OTHER, "columns": ["d"]})
    assert observed(record(), gone, half, tables=tables)["indicator_id"].tolist() == ["held"]
    with pytest.raises(InputError, match="none of the catalogued datasets was found in the source"):
        observed(record(), tables={TABLE: empty})


# --- breakdowns and joins -----------------------------------------------------------------------------


def test_filters_are_equality_or_membership_and_only_named_breakdowns_remain() -> None:
    rows = [
        {"n": 1, "d": 10, "f_phase": "Primary"},
        {"n": 2, "d": 10, "f_phase": "Total"},
        {"n": 3, "d": 10, "f_phase": "Total", "dimension": "sex", "category": "Female"},
        {"n": 4, "d": 10, "f_phase": "All", "dimension": "age", "category": "5"},
    ]
    table = made(rows, filters={"f_phase": ["Total", "All"]}, breakdowns=["total", "age"])
    assert table[["dimension", "category", "value"]].to_numpy().tolist() == [
        ["age", "5", 40.0],
        ["total", "total", 20.0],
    ]


def test_sides_meet_on_area_period_and_breakdown() -> None:
    rows = [{"n": 5, "period": "2023"}, {"n": 5}, {"n": 5, "area_code": WOLVERHAMPTON}, {"n": 5, "dimension": "age"}]
    other = [{"p": 50}, {"p": 10, "area_code": WOLVERHAMPTON}, {"p": 99, "dimension": "sex"}]
    table = made(rows, other, denominator={"table": OTHER, "columns": ["p"]}, breakdowns=["total", "age", "sex"])
    assert table[["area_code", "period", "value"]].to_numpy().tolist() == [
        [WIGAN, "2024", 10.0],
        [WOLVERHAMPTON, "2024", 50.0],
    ]


def test_residents_at_mid_year_serve_the_january_after() -> None:
    rows = [{"n": 10, "period": "2023/24"}, {"n": 20, "period": "1999/00"}]
    other = [{"p": 1000, "period": "2023"}, {"p": 4000, "period": "1999"}, {"p": 1, "period": "2024"}]
    denominator = {"table": OTHER, "columns": ["p"], "align": "mid_year_before_january"}
    table = made(rows, other, denominator=denominator, method="rate", multiplier=1000)
    assert dict(zip(table["period"], table["value"], strict=True)) == {"1999/00": 5.0, "2023/24": 10.0}


AGES = {"table": TABLE, "columns": ["n"], "filters": {"dimension": "age", "category": ["0", "1", "2"]},
        "sum_over": "category"}  # fmt: skip
COUNT = {"method": "count", "multiplier": 1, "decimals": 0, "denominator": None}


def ages(area: str, values: dict[str, object], **also: str) -> list[dict]:
    return [
        {"area_code": area, "dimension": "age", "category": age, "n": value} | also for age, value in values.items()
    ]


@pytest.mark.parametrize(
    ("values", "total", "status"),
    [
        ({"0": 1, "1": 2, "2": 3, "3": 100}, 6, "ok"),
        ({"0": 0, "1": 0, "2": 0}, 0, "ok"),
        ({"0": 1, "1": "suppressed", "2": 3}, None, "suppressed"),
        ({"0": 1, "1": "unavailable", "2": "suppressed"}, None, "suppressed"),
        ({"0": 1, "2": 3}, None, "unavailable"),  # a row that is not there is not a nought
    ],
)
def test_a_sum_over_categories_is_null_unless_it_has_all(values: dict, total: float | None, status: str) -> None:
    row = one(made(ages(WIGAN, values), numerator=AGES, **COUNT))
    assert (row["value"] if total is not None else None) == total and pd.isna(row["value"]) == (total is None)
    assert (row["status"], row["dimension"], row["category"]) == (status, "total", "total")


def test_a_sum_split_by_sex_keeps_its_parts_and_needs_both() -> None:
    side = AGES | {"split_by": "f_sex", "filters": AGES["filters"] | {"f_sex": ["female", "male"]}}
    both = {"0": 1, "1": 2, "2": 3}
    rows = ages(WIGAN, both, f_sex="female") + ages(WIGAN, {"0": 5, "1": 5, "2": 5}, f_sex="male")
    rows += ages(WIGAN, {"0": 99}, f_sex="persons")
    rows += ages(WOLVERHAMPTON, both, f_sex="female") + ages(WOLVERHAMPTON, {"0": 1, "2": 1}, f_sex="male")
    table = made(rows, numerator=side, **COUNT)
    assert one(table, area_code=WIGAN, dimension="total")["value"] == 21
    parts = table.query("area_code == @WIGAN and dimension == 'age_and_f_sex'")
    assert dict(zip(parts["category"], parts["value"], strict=True))["female_2"] == 3 and len(parts) == 6
    lacking = one(table, area_code=WOLVERHAMPTON, dimension="total")
    assert pd.isna(lacking["value"]) and lacking["status"] == "unavailable"


def test_categories_by_columns_share_the_denominator_of_the_whole() -> None:
    side = {
        "table": TABLE,
        "dimension": "place",
        "categories": {"special": {"columns": ["a", "b"]}, "other": {"columns": ["c"]}},
    }
    rows = [{"a": 1, "b": 2, "c": 7, "d": 10}, {"a": 9, "b": 9, "c": 9, "d": 9, "dimension": "sex", "category": "F"}]
    table = made(rows, numerator=side, headline="place/special")
    assert table[["dimension", "category", "value", "denominator"]].to_numpy().tolist() == [
        ["place", "other", 70.0, 10.0],
        ["place", "special", 30.0, 10.0],
    ]
    # With columns of its own the side has its whole as well.
    whole = made(rows, numerator=side | {"columns": ["a", "b", "c"]})
    assert one(whole, dimension="total", category="total")["value"] == 100


def test_categories_by_filters_on_both_sides() -> None:
    categories = {"boys": {"filters": {"f_sex": "M"}}, "girls": {"filters": {"f_sex": "F"}}}
    rows = [{"n": 2, "d": 10, "f_sex": "M"}, {"n": 3, "d": 30, "f_sex": "F"}, {"n": 5, "d": 40, "f_sex": "T"}]
    sides = {
        name: {"table": TABLE, "columns": [column], "dimension": "sex", "categories": categories}
        for name, column in (("numerator", "n"), ("denominator", "d"))
    }
    table = made(rows, **sides)
    assert dict(zip(table["category"], table["value"], strict=True)) == {"boys": 20.0, "girls": 10.0}


@pytest.mark.parametrize("role", ["numerator", "denominator"])
def test_filters_that_leave_several_rows_are_an_error_of_the_record(role: str) -> None:
    rows = [{"n": 1, "d": 2, "f_phase": "Primary"}, {"n": 1, "d": 2, "f_phase": "Total"}]
    sides = {"numerator": {"table": TABLE, "columns": ["n"], "filters": {"f_phase": "Total"}},
             "denominator": {"table": TABLE, "columns": ["d"], "filters": {"f_phase": "Total"}}}  # fmt: skip
    assert len(made(rows, **sides)) == 1
    sides[role] = sides[role] | {"filters": {}}
    said = rf"indicators/held\.yml: the filters of the {role} leave several rows for Wigan, 2024, total/total; name"
    with pytest.raises(InputError, match=said):
        made(rows, **sides)


def test_records_do_not_touch_each_other_and_rows_come_in_order() -> None:
    rows = [{"n": 1, "d": 2, "period": period, "area_code": area} for period in ("2024", "2023")
            for area in (WOLVERHAMPTON, WIGAN)]  # fmt: skip
    alone = observed(record(), tables={TABLE: core(rows)})
    both = observed(record(), record(id="also", polarity="none"), tables={TABLE: core(rows)})
    pd.testing.assert_frame_equal(both.query("indicator_id == 'held'").reset_index(drop=True), alone)
    assert both.equals(both.sort_values(["area_code", "indicator_id", "period"], kind="stable"))


def test_a_census_in_a_compilation_is_a_january_count() -> None:
    rows = [{"n": 1, "d": 2, "period": "2024/25", "period_type": "academic_year"}]
    assert one(made(rows, period_type="january_snapshot"))["period_type"] == "january_snapshot"
    assert one(made(rows, period_type="academic_year"))["period_type"] == "academic_year"


def test_the_tables_given_are_not_changed() -> None:
    table = core([{"n": 11, "d": 10}])
    before = table.copy()
    observations({"held": record()}, {TABLE: table}, "2025")
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("periods", "kind", "numbers"),
    [
        (["2023/24", "2024/25"], "academic_year", [2023, 2024]),
        (["2023-12", "2024-01"], "month", [2023 * 12 + 12, 2024 * 12 + 1]),
        (["2018 - 20", "2019 - 21"], "rolling", [None, None]),
        (["2024", "2024"], "term", [None, None]),
        (["2022", "unknown"], "calendar_year", [2022, None]),
    ],
)
def test_periods_are_numbered_by_one_where_they_follow_each_other(periods: list, kind: str, numbers: list) -> None:
    found = period_number(pd.Series(periods), pd.Series([kind] * len(periods)))
    assert [None if pd.isna(number) else number for number in found] == numbers


def test_a_published_percentage_beyond_100_is_no_value() -> None:
    """An authority's offers to 100.2 % of its young people are a fault of the return, not a figure."""
    published = record(method="published", denominator=None, multiplier=1)
    rows = [{"period": "2022", "n": 100.2}, {"period": "2023", "n": 100.0}, {"period": "2024", "n": -1.0}]
    table = observed(published, tables={TABLE: core(rows)}).set_index("period")
    assert table["value"].dropna().to_dict() == {"2023": 100.0, "2024": -1.0}
    assert table.loc["2022", "status"] == "unavailable"
