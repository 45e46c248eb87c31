"""Totals against their parts: a table that adds up has no exception, and one wrong figure is found and classed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.reconciliation import classes, shares, totals
from jsna_pipeline.reconciliation.exceptions import together
from tests.invented_indicators import ENGLAND, REGION, WIGAN, WOLVERHAMPTON
from tests.reconciliation.invented_tables import changed, consistent, held

SALFORD, TRAFFORD, BURY = "E08000006", "E08000009", "E08000002"
COUNTS = {
    WIGAN: (130, 170, 127, 176),
    SALFORD: (40, 10, 60, 15),
    TRAFFORD: (7, 3, 9, 1),
    BURY: (25, 75, 80, 20),
    WOLVERHAMPTON: (90, 60, 110, 40),
}
ROWS = consistent(COUNTS)
GIRLS = {"area_code": WIGAN, "category": "Female"}
ALL = {"area_code": WIGAN, "category": "total"}


def all_rules(rows: list[dict[str, Any]], **changes: Any) -> pd.DataFrame:
    table = held(rows, **changes)
    rules = (shares.find, totals.parts_and_whole, totals.levels_add_up, totals.categories_add_up)
    return together(rule(table) for rule in rules)[0]


@given(
    st.fixed_dictionaries(dict.fromkeys(COUNTS, st.tuples(*[st.integers(0, 5000)] * 4))),
    st.sampled_from(["in_time", "late"]),
    st.integers(1, 500),
)
@settings(max_examples=8)
def test_only_what_was_planted_is_found(counts: dict[str, tuple[int, int, int, int]], column: str, error: int) -> None:
    rows = consistent(counts)
    assert all_rules(rows).empty
    row = next(row for row in rows if row["area_code"] == WIGAN and row["category"] == "Female")
    found = all_rules(changed(rows, GIRLS, **{column: row[column] + error}))
    held_against = set(zip(found["rule"], found["area_code"], found["column"], strict=True))
    assert ("parts_and_whole", WIGAN, "issued") in held_against
    assert ("levels_add_up", REGION, column) in held_against
    assert ("categories_add_up", WIGAN, column) in held_against
    assert set(found["area_code"]) <= {WIGAN, REGION}  # England is held against its regions, which are right


def test_coverage_counts_what_was_compared_and_what_could_not_be() -> None:
    withheld = changed(ROWS, GIRLS, in_time="suppressed")
    table = held(withheld)
    columns = ["column", "compared", "not_comparable"]
    coverage = {
        rule.__name__: rule(table)[1][columns].groupby("column").sum().loc["in_time"].tolist()
        for rule in (totals.levels_add_up, totals.categories_add_up)
    }
    # Two sexes and the total: 9 regions and England each; of 163 areas with a total one has a part withheld.
    assert coverage == {"levels_add_up": [29, 1], "categories_add_up": [162, 1]}
    assert totals.parts_and_whole(table)[1][["compared", "not_comparable"]].values.tolist() == [[488, 1]]
    assert all_rules(withheld).empty


def test_a_part_that_cannot_be_is_none_and_one_that_is_not_known_proves_nothing() -> None:
    rows = changed(ROWS, GIRLS, late="not_applicable", issued=130, in_time=130)
    found = totals.parts_and_whole(held(rows))[0]
    assert found.empty
    assert totals.parts_and_whole(held(changed(ROWS, GIRLS, late="unavailable", issued=999)))[0].empty


@pytest.mark.parametrize(("without", "compared"), [(SALFORD, [24, 3]), (REGION, [24, 0])])
def test_an_area_without_a_row_leaves_the_total_over_it_unproved(without: str, compared: list[int]) -> None:
    rows = [row for row in ROWS if row["area_code"] != without]
    exceptions, coverage = totals.levels_add_up(held(rows))
    assert exceptions.empty
    issued = coverage.loc[coverage["column"].eq("issued")]
    assert issued["compared"].tolist() == compared and issued["not_comparable"].sum() == 3


@pytest.mark.parametrize(("off", "exceptions"), [(0, 0), (10, 1)])
def test_rounded_totals_may_miss_exact_parts_by_their_own_rounding_alone(off: int, exceptions: int) -> None:
    region = {"area_code": REGION, "category": "total"}
    exact = next(row["issued"] for row in ROWS if row["area_code"] == REGION and row["category"] == "total")
    rows = changed(ROWS, region, issued=round(exact, -1) + off)
    only = {"shares": [], "parts": [], "levels": ["issued"], "complete_dimensions": []}
    found = all_rules(rows, tolerance=5, exact_levels=["local_authority"], **only)
    assert len(found) == exceptions  # England's room is that of nine rounded regions and its own


# --- classes --------------------------------------------------------------------------------------------


def test_a_total_that_is_the_regions_is_a_defect_that_says_so() -> None:
    region = next(row for row in ROWS if row["area_code"] == REGION and row["category"] == "total")
    rows = changed(ROWS, ALL, issued=region["issued"])
    found = all_rules(rows, shares=[]).set_index("rule")
    said = f"The {region['issued']:,} printed is the figure of North West; the parts of this area add up to 603."
    for rule in ("parts_and_whole", "categories_add_up"):
        assert found.loc[rule, "exception_class"] == "source_defect" and found.loc[rule, "evidence"] == said


def test_what_a_region_misses_because_one_authority_does_is_carried_from_it() -> None:
    place = {"category": "total"}
    rows = ROWS
    for area in (WIGAN, REGION, ENGLAND):
        was = next(row["issued"] for row in rows if row["area_code"] == area and row["category"] == "total")
        rows = changed(rows, place | {"area_code": area}, issued=was + 6)
    found = totals.parts_and_whole(held(rows))[0].set_index("area_code")
    assert found.loc[WIGAN, "exception_class"] == "unexplained"
    assert found.loc[[REGION, ENGLAND], "exception_class"].tolist() == ["source_defect"] * 2
    assert found.loc[REGION, "evidence"] == "It is 6 more than its parts, as the figures of Wigan are."
    assert found.loc[ENGLAND, "evidence"] == "It is 6 more than its parts, as the figures of North West are."


def test_a_total_that_two_ways_of_adding_up_contradict_alike_is_a_defect() -> None:
    found = all_rules(changed(ROWS, ALL, issued=700), shares=[], levels=["issued"])
    assert found["exception_class"].tolist() == ["unexplained"] * 3
    judged = classes.corroborated(found).set_index("rule")
    assert judged.loc[["parts_and_whole", "categories_add_up"], "exception_class"].tolist() == ["source_defect"] * 2
    assert judged.loc["parts_and_whole", "evidence"].endswith("2 ways of adding up agree on 603.")
    assert judged.loc["levels_add_up", "exception_class"] == "unexplained"  # one way alone gives that region


def test_a_sum_with_a_doubtful_addend_is_a_defect_and_with_a_footnoted_one_documented() -> None:
    rows = changed(ROWS, ALL, in_time=300)
    only = {"shares": [], "parts": [], "complete_dimensions": []}
    line = held(rows).table.query("area_code == @WIGAN and category == 'total'")["source_line"].iloc[0]
    doubt = pd.DataFrame(
        [["dfe__cin", "in_time", "a.csv", line, "It repeats 2023."]],
        columns=["dataset_id", "column", "source_file", "source_line", "evidence"],
    )
    note = {"areas": [WIGAN], "effect": "other_basis", "says": "Wigan amended its figures.", "where": "note 2"}
    table = held(rows, footnotes=[note], **only)
    by_note = totals.levels_add_up(table)[0]
    by_doubt = totals.levels_add_up(table, doubt)[0]
    assert by_note[["area_code", "exception_class"]].values.tolist() == [[REGION, "documented_footnote"]]
    assert by_doubt["exception_class"].tolist() == ["source_defect"]
    assert by_doubt["evidence"].iloc[0] == "The figure of Wigan is itself in doubt. It repeats 2023."
