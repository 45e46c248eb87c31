"""Counting: every margin, one name for one cell, and sums that hold."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.local_tables import LocalTable, local_tables
from jsna_pipeline.errors import InputError
from jsna_pipeline.local.agreement import agreement, known_cells, known_groups
from jsna_pipeline.local.counts import CELL_COLUMNS, COUNT_COLUMNS, count_tables, nests
from jsna_pipeline.local.populations import populations
from jsna_pipeline.local.units import Population, population
from jsna_pipeline.vocabulary import PeriodType
from tests.local.record_tables import with_plans

JANUARY = ("2024/25", PeriodType.JANUARY_SNAPSHOT)


def table(**given: Any) -> LocalTable:
    fields = {
        "id": "invented", "title": "T", "question": "Q?", "chapter": "provision", "order": 1, "description": "D",
        "population": "plans", "units": "plans", "period_type": "january_snapshot", "owner": "O",
        "reviewed": date(2026, 11, 22),
    }  # fmt: skip
    return LocalTable.model_validate(fields | given)


def plans(rows: list[tuple[str, str, str]]) -> dict[str, Population]:
    units = pl.DataFrame(rows, schema=dict.fromkeys(["sen_stage", "sex", "sen"], pl.String), orient="row")
    return {"plans": population("plans", units, JANUARY, ("sen2",))}


THREE = [("ehc_plan", "male", "yes"), ("sen_support", "male", "yes"), ("no_sen", "female", "no")]


def cells(counts: pd.DataFrame) -> dict[tuple[str, ...], int]:
    return {tuple(row[:-1]): row[-1] for row in counts[[*CELL_COLUMNS, "count"]].itertuples(index=False)}


def test_a_cross_has_all_its_margins_its_zeros_and_dimensions_in_order() -> None:
    counts = count_tables(plans(THREE), [table(crosses=[["sex", "sen"]])])
    rest = ("total", "total")
    assert cells(counts) == {
        ("sen", "yes", "sex", "male", *rest): 2,
        ("sen", "yes", "sex", "female", *rest): 0,
        ("sen", "no", "sex", "male", *rest): 0,
        ("sen", "no", "sex", "female", *rest): 1,
        ("sen", "yes", *rest, *rest): 2,
        ("sen", "no", *rest, *rest): 1,
        ("sex", "male", *rest, *rest): 2,
        ("sex", "female", *rest, *rest): 1,
        (*rest, *rest, *rest): 3,
    }
    assert list(counts.columns) == COUNT_COLUMNS and counts["count"].dtype == "Int64"
    assert set(counts["rule"]) == {"education"} and set(counts["period"]) == {"2024/25"}


def test_a_filter_names_the_cell_and_a_nested_dimension_says_it_already() -> None:
    counts = cells(count_tables(plans(THREE), [table(filters={"sen": "yes"}, crosses=[["sex"], ["sen_stage"]])]))
    rest = ("total", "total")
    assert counts == {
        ("sen", "yes", *rest, *rest): 2,
        ("sen", "yes", "sex", "male", *rest): 2,
        ("sen", "yes", "sex", "female", *rest): 0,  # to leave the row out would tell the 0, and could not be withheld
        ("sen_stage", "ehc_plan", *rest, *rest): 1,
        ("sen_stage", "sen_support", *rest, *rest): 1,
    }


def test_what_the_returns_do_not_give_is_left_out() -> None:
    asked = [
        table(crosses=[["sex"], ["sex", "ward"]]),
        table(id="filtered", filters={"in_area": "no"}, crosses=[["sex"]]),
        table(id="elsewhere", population="pupils", crosses=[["sex"]]),
    ]
    counts = count_tables(plans(THREE), asked)
    assert set(counts["table_id"]) == {"invented"} and len(counts) == 3
    assert count_tables({}, asked).columns.tolist() == COUNT_COLUMNS


@settings(max_examples=25)
@given(st.lists(st.tuples(*(st.sampled_from("abc") for _ in range(3))), min_size=1, max_size=60))
def test_every_margin_is_the_sum_of_its_cells(rows: list[tuple[str, str, str]]) -> None:
    counts = count_tables(plans(rows), [table(crosses=[["sen_stage", "sex", "sen"]])])
    depth = (counts[["dimension_1", "dimension_2", "dimension_3"]] != "total").sum(axis=1)
    assert not counts.duplicated(CELL_COLUMNS).any()
    for level in range(4):
        # Each cell of a level lies in as many margins as there are dimensions to leave out at that level.
        margins = {0: 1, 1: 3, 2: 3, 3: 1}[level]
        assert counts.loc[depth == level, "count"].sum() == margins * len(rows)


def test_nests_hold_in_every_population() -> None:
    made = populations(with_plans(*({"age": age, "need": "ASD", "urn": "1"} for age in range(26))))
    nested = nests(made)
    for (child, parent), pairs in nested.groupby(["dimension", "parent_dimension"]):
        allowed = set(zip(pairs["category"], pairs["parent_category"], strict=True))
        for each in made.values():
            if {child, parent} <= each.attributes:
                assert set(each.units.select(child, parent).unique().rows()) <= allowed, (each.id, child)
    assert not nested.duplicated(["dimension", "category", "parent_dimension"]).any()


def test_a_ward_in_two_localities_is_refused() -> None:
    units = pl.DataFrame({"ward": ["Abram", "Abram"], "locality": ["Leigh", "Wigan"]})
    with pytest.raises(InputError, match="ward 'Abram' lies in more than one locality"):
        nests({"plans": population("plans", units, JANUARY, ("sen2",))})


def test_agreement_with_what_is_published_of_the_same_period() -> None:
    asked = table(
        crosses=[["sex"]],
        published_as=[
            {"indicator": "ehcp_caseload"},
            {
                "indicator": "ehcp_caseload",
                "dimension": "sex",
                "published": "sex",
                "categories": {"male": "Male", "female": "Female"},
            },
        ],
    )
    published = pd.DataFrame(
        [
            ("E08000010", "2024/25", "total", "total", 3.0),
            ("E08000010", "2024/25", "sex", "Male", 1.0),
            ("E08000010", "2023/24", "sex", "Female", 1.0),
            ("E08000031", "2024/25", "sex", "Female", 1.0),
        ],
        columns=["area_code", "period", "dimension", "category", "numerator"],
    ).assign(indicator_id="ehcp_caseload", period_type="january_snapshot")
    counts = count_tables(plans(THREE), [asked])
    found = agreement(counts, published, [asked], "E08000010").set_index("category")
    assert found["agreement"].to_dict() == {"total": "agrees", "male": "differs", "female": "not_yet_published"}
    assert found.loc[["total", "male"], "difference"].tolist() == [0, 1]
    known = known_cells(agreement(counts, published, [asked], "E08000010"))
    assert list(known.columns) == COUNT_COLUMNS
    assert known[["dimension_1", "category_1", "count", "rule"]].values.tolist() == [["total", "total", 3, "open"]]


def test_published_figures_of_groups_within_groups_count_as_known_where_they_agree() -> None:
    area = with_plans({"age": 4}, {"age": 4}, {"age": 9}, {"age": 17})
    units = populations(area)["plans"].units.with_columns(placement=pl.Series(["special"] * 3 + ["mainstream"]))
    made = {"plans": population("plans", units, JANUARY, ("sen2",))}
    published = pd.DataFrame(
        [("4", 2.0), ("9", 5.0), ("10", 0.0), ("17", None)], columns=["category", "numerator"]
    ).assign(
        indicator_id="provision_special_share",
        area_code="E1",
        period="2024/25",
        period_type="january_snapshot",
        dimension="age",
    )
    known = cells(known_groups(made, published, "E1"))
    inside = ("placement", "special", "year_of_age")
    assert {key: count for key, count in known.items() if "year_of_age" in key} == {
        (*inside, "reception", "total", "total"): 2,
        (*inside, "year_6", "total", "total"): 0,
    }, "that of age 9 differs, that of age 17 is not published"
    assert ("age_band", "0-4", "placement", "special", "total", "total") in known
    assert ("age_band", "5-10", "placement", "special", "total", "total") not in known


def test_one_cell_has_one_count_in_all_tables_of_the_catalogue() -> None:
    # Cells of different tables are linked by their name, so two tables may not count one name differently.
    tables = list(local_tables().values())
    given = [
        {"age": age, "need": need, "urn": "1", "sex": "FM"[age % 2]} for age in range(26) for need in ("ASD", "HI")
    ]
    counts = count_tables(populations(with_plans(*given)), tables)
    assert counts.groupby(["population", "period", *CELL_COLUMNS])["count"].nunique().max() == 1
    assert counts["table_id"].nunique() >= 5
    used = counts[["dimension_1", "dimension_2", "dimension_3"]].to_numpy()
    assert all([name for name in row if name != "total"] == sorted(n for n in row if n != "total") for row in used)
    assert all(left != "total" or right == "total" for row in used for left, right in pairwise(row))
