"""Sentences and tables of the area's own records: made of printed figures alone, and readable without the catalogue."""

from __future__ import annotations

import re
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.report.formatting import HIDDEN_NOTE
from jsna_pipeline.report.local_section import ABSENT_NOTE, LEFT_OUT_NOTE, local_sections
from jsna_pipeline.report.model import Section, Table
from tests.report.protected_tables import EVERYBODY, Groups, counts, statistics, view

STAGES = ("no_sen", "sen_support", "ehc_plan")


def section(chapter: str, *, restricted: bool = False, **tables: pd.DataFrame) -> Section:
    (made,) = local_sections(view(restricted=restricted, **tables), chapter)
    return made


def said(made: Section) -> str:
    return " ".join(statement.text for statement in made.statements)


def pairs(first: tuple[str, tuple[str, ...]], second: tuple[str, tuple[str, ...]], inner: list[list[int | None]]):
    """Two dimensions and their margins; a margin with a hidden part is hidden."""

    def total(cells: list[int | None]) -> int | None:
        return None if None in cells else sum(filter(None, cells))

    (down, rows), (across, columns) = first, second
    groups = {
        ((down, row), (across, column)): inner[r][c]
        for (r, row), (c, column) in product(enumerate(rows), enumerate(columns))
    }
    groups |= {((down, row),): total(inner[r]) for r, row in enumerate(rows)}
    groups |= {((across, column),): total([line[c] for line in inner]) for c, column in enumerate(columns)}
    return groups | {EVERYBODY: total([cell for line in inner for cell in line])}


def body(table: Table) -> list[tuple[str, ...]]:
    return [table.columns, *table.rows]


# --- shares -------------------------------------------------------------------------------------------

REVIEWS = pairs(("review_held", ("yes", "no", "not_yet_due")), ("age_band", ("5-10", "11-15", "16-19")),
                [[60, 90, 12], [40, 60, 3], [10, 20, 5]])  # fmt: skip


def test_a_share_is_said_with_its_counts_and_by_group() -> None:
    made = section("ehc_system", local_counts=counts("reviews_held", REVIEWS))
    # 162 of 265; ages 16 to 19 are 15, of whom one child would be more than six points
    assert said(made) == (
        "In January 2025, 61.1% of plans had a review meeting in twelve months (162 of 265). "
        "By age: ages 5 to 10 (60.0%) and ages 11 to 15 (60.0%)."
    )
    assert "The share leaves out: not yet due." in made.method


@pytest.mark.parametrize("hidden", ["yes", "no"])
def test_a_share_with_a_hidden_part_is_not_said(hidden: str) -> None:
    made = section("ehc_system", local_counts=counts("reviews_held", REVIEWS | {(("review_held", hidden),): None}))
    assert said(made) == (
        "In January 2025, there were 300 plans. The largest groups by age are ages 11 to 15 (170), "
        "ages 5 to 10 (110) and ages 16 to 19 (20)."
    )


def test_a_group_with_a_hidden_part_has_no_share() -> None:
    made = section("ehc_system", local_counts=counts("reviews_held", REVIEWS | {
        (("review_held", "no"), ("age_band", "5-10")): None, (("review_held", "no"), ("age_band", "16-19")): 40
    }))  # fmt: skip
    assert "By age: ages 11 to 15 (60.0%) and ages 16 to 19 (23.1%)." in said(made)
    assert "ages 5 to 10 (" not in said(made)


def test_a_group_of_which_most_are_not_known_has_no_share() -> None:
    stages = pairs(("age_band", ("5-10", "11-15", "16-19")), ("sen_stage", (*STAGES, "not_known")),
                   [[40, 30, 30, 10], [50, 25, 25, 10], [0, 0, 35, 125]])  # fmt: skip
    made = section("social_care", local_counts=counts("children_in_need_sen", stages))
    assert "By age: ages 5 to 10 (30.0%) and ages 11 to 15 (25.0%)." in said(made)


def test_of_many_groups_the_highest_are_named_and_doubt_is_said() -> None:
    wards = tuple(f"Ward {letter}" for letter in "ABCDEFG")
    inner: list[list[int | None]] = [[100 - n, n, 0] for n in (10, 20, 30, 40, 50, 60, 70)]
    pupils = counts("pupils_by_ward", pairs(("ward", wards), ("sen_stage", STAGES), inner))
    assert "Highest by ward: Ward G (70.0%), Ward F (60.0%) and Ward E (50.0%)." in said(
        section("population", local_counts=pupils)
    )
    hidden = counts("pupils_by_ward", pairs(("ward", wards), ("sen_stage", STAGES), inner) | {
        (("ward", "Ward A"), ("sen_stage", "sen_support")): None
    })  # fmt: skip
    assert "Highest by ward, among groups large enough to tell: Ward G" in said(
        section("population", local_counts=hidden)
    )


def test_a_share_of_rounded_counts_has_no_decimals_and_the_table_says_how_it_is_rounded() -> None:
    waiting = pairs(("over_18_weeks", ("yes", "no", "not_waiting")), ("team", ("crisis", "getting_help")),
                    [[10, 25], [70, 100], [170, 685]])  # fmt: skip
    made = section("health", local_counts=counts("camhs_waiting_now", waiting, rule="nhs"))
    assert said(made) == (
        "In the twelve months to January 2025, about 17% of referrals to mental health services that are still open "
        "had waited over 18 weeks (35 of 205). By team: getting help (20%) and crisis (13%)."
    )
    assert made.tables[0].notes == ("Rounded to the nearest 5.",)
    exact = section("health", restricted=True, local_counts=counts("camhs_waiting_now", waiting, rule="nhs"))
    assert "17.1% of referrals" in said(exact) and not exact.tables[0].notes


def test_where_one_group_alone_has_any_the_others_are_said_to_have_none() -> None:
    disputed = pairs(("decision", ("assess", "not_assess")), ("appeal", ("yes", "no")), [[0, 438], [8, 93]])
    made = section("ehc_system", local_counts=counts("requests_disputed", disputed))
    assert said(made) == (
        "In 2024, 1.5% of requests led to an appeal (8 of 539). "
        "By decision: not to assess (7.9%) and none of the others."
    )


# --- groups -------------------------------------------------------------------------------------------


def test_the_largest_groups_are_those_that_no_hidden_one_can_exceed() -> None:
    needs: Groups = {EVERYBODY: 100, **{(("primary_need", name),): size for name, size in {
        "autism": 50, "semh": 25, "hearing_impairment": 11, "vision_impairment": None, "other": None, "not_known": 2,
    }.items()}}  # fmt: skip
    made = section("identified_need", local_counts=counts("plans_by_need_and_place", needs))
    # 12 are hidden: a hidden group may be larger than the 11
    assert said(made) == (
        "In January 2025, there were 100 plans. The largest groups by first need are autism (50) and social, "
        "emotional and mental health (25). The groups are too small for a table."
    )


def test_units_name_what_a_filter_holds_and_months_are_busy() -> None:
    needs = counts("pupils_with_sen_by_need", {EVERYBODY: 90} | {
        (("primary_need", name),): size for name, size in (("autism", 60), ("semh", 30))
    })  # fmt: skip
    assert "there were 90 pupils with SEN. The largest" in said(section("identified_need", local_counts=needs))
    months = {(("month", f"2024-0{month}"),): 10 * month for month in range(1, 5)}
    requests = section("ehc_system", local_counts=counts("requests_by_month", {EVERYBODY: 100} | months))
    assert said(requests).endswith("the busiest months were April 2024 (40), March 2024 (30) and February 2024 (20).")
    (table,) = requests.tables
    assert table.caption == "Requests by month, 2024 (provisional)"
    assert body(table)[:3] == [("Month", "Requests"), ("January 2024", "10"), ("February 2024", "20")]
    assert table.rows[-1] == ("All", "100")


# --- tables of counts ---------------------------------------------------------------------------------


def test_a_table_has_its_margins_in_the_order_of_its_scales_and_says_what_c_is() -> None:
    inner: list[list[int | None]] = [[7, None, 30], [50, 60, 70], [None, None, 40]]
    stages, absent = ("ehc_plan", "no_sen", "sen_support"), ("not_known", "yes", "no")
    absence = pairs(("sen_stage", stages), ("severe_absence", absent), inner)
    absence |= {EVERYBODY: 300, (("sen_stage", "ehc_plan"),): 41}
    (table,) = section("attendance", local_counts=counts("absence_by_need", absence)).tables
    assert table.caption == "Pupils by stage of SEN and severe absence, January 2025 (provisional)"
    assert body(table) == [
        ("Stage of SEN", "Severely absent", "Not severely absent", "Not known", "All"),
        ("No SEN", "60", "70", "50", "180"),
        ("SEN support", "c", "40", "c", "c"),
        ("EHC plan", "c", "30", "7", "41"),
        ("All", "c", "140", "c", "300"),
    ]
    assert table.notes == (HIDDEN_NOTE,) and HIDDEN_NOTE.startswith("c: hidden to protect children")
    assert table.numeric == (False, True, True, True, True) and not table.in_pdf


def test_a_filter_stands_in_every_cell_but_beside_what_lies_within_it() -> None:
    # Every age band lies within 16 or over or not, so the counts leave the filter out beside an age band.
    frame = counts("plans_after_16", {
        EVERYBODY: 90, (("after_16", "school_or_college"),): 60, (("after_16", "not_in_education"),): 30,
    })  # fmt: skip
    ages = counts("plans_after_16", pairs(("age_band", ("16-19", "20-25")),
                  ("after_16", ("school_or_college", "not_in_education")), [[40, 20], [20, 10]]))  # fmt: skip
    nested = ages.loc[ages[["dimension_1", "dimension_2", "dimension_3"]].eq("age_band").any(axis=1)].copy()
    for slot in (1, 2, 3):
        held = nested[f"dimension_{slot}"] == "aged_16_or_over"
        nested.loc[held, [f"dimension_{slot}", f"category_{slot}"]] = "total"
    (table,) = section("adulthood", local_counts=pd.concat([frame, nested])).tables
    assert table.caption.startswith("Plans of young people of 16 or over by ")
    assert body(table) == [
        ("Where they are after 16", "Ages 16 to 19", "Ages 20 to 25", "All"),
        ("School or college", "40", "20", "60"),
        ("Not in education", "20", "10", "30"),
        ("All", "60", "30", "90"),
    ]


def test_a_dimension_of_one_category_is_not_shown_beside_the_total() -> None:
    units = pairs(("phase", ("primary", "secondary")), ("sen_stage", ("ehc_plan",)), [[45], [32]])
    (table,) = section("provision", local_counts=counts("resourced_pupils", units)).tables
    assert body(table) == [("Phase", "Pupils"), ("Primary", "45"), ("Secondary", "32"), ("All", "77")]
    assert table.caption == "Pupils in resourced provision or a SEN unit by phase, January 2025 (provisional)"


def test_a_group_of_which_all_is_hidden_is_left_out_and_a_table_that_hides_most_too() -> None:
    inner: list[list[int | None]] = [[20, 30, 40], [25, 30, 40], [None, None, None]]
    made = section("attendance", local_counts=counts(
        "absence_by_need", pairs(("sen_stage", (*STAGES,)), ("severe_absence", ("yes", "no", "not_known")), inner)
    ))  # fmt: skip
    (table,) = made.tables
    assert [row[0] for row in table.rows] == ["No SEN", "SEN support", "All"]
    assert table.notes == (HIDDEN_NOTE, LEFT_OUT_NOTE)
    most: list[list[int | None]] = [[20, 30, None], [None, None, None], [None, None, None]]
    hidden = pairs(("sen_stage", (*STAGES,)), ("severe_absence", ("yes", "no", "not_known")), most)
    empty = section("attendance", local_counts=counts("absence_by_need", hidden | {EVERYBODY: 300}))
    assert empty.tables == () and said(empty).endswith("The groups are too small for a table.")


cells = st.lists(st.lists(st.none() | st.integers(0, 400), min_size=3, max_size=3), min_size=4, max_size=4)


@given(cells)
@settings(max_examples=60)
def test_no_number_stands_in_the_words_that_is_not_printed(inner: list[list[int | None]]) -> None:
    wards = ("Ash", "Birch", "Cedar", "Elm")
    made = local_sections(
        view(local_counts=counts("pupils_by_ward", pairs(("ward", wards), ("sen_stage", STAGES), inner))), "population"
    )
    if not made:
        return
    printed = {f"{cell:,}" for line in inner for cell in line if cell is not None}
    margins = pairs(("ward", wards), ("sen_stage", STAGES), inner)
    printed |= {f"{count:,}" for count in margins.values() if count is not None}
    words = re.sub(r"\d+\.\d%|\b2025\b", "", said(made[0]))
    assert set(re.findall(r"\d[\d,]*\d|\d", words)) <= printed


def test_an_area_without_returns_has_no_sections() -> None:
    assert local_sections(view(), "ehc_system") == ()


# --- waits and amounts --------------------------------------------------------------------------------


def test_a_wait_is_said_with_its_interval_and_the_longest_stands_first() -> None:
    made = section("health", local_statistics=statistics(
        "therapy_waits",
        ("total", "total", "lower_quartile", 8.2, 8, 9, "weeks"),
        ("total", "total", "median", 13.5, 12.6, 14.4, "weeks"),
        ("total", "total", "waiting_over_18_weeks", 33.4, 30, 36, "percent"),
        ("total", "total", "waiting_over_52_weeks", 0.2, 0, 1, "percent"),
        ("service", "audiology", "median", 7.9, 7, 9, "weeks"),
        ("service", "audiology", "waiting_over_18_weeks", 99.8, 99, 100, "percent"),
        ("service", "dietetics", "median", None, None, None, "weeks"),
        ("service", "dietetics", "waiting_over_18_weeks", 4.0, 1, 9, "percent"),
        ("service", "vision", "median", 0.3, 0.1, 1, "weeks"),
        ("service", "community_paediatrics", "median", 24.1, 20, 30, "weeks"),
        ("service", "podiatry", "median", None, None, None, "weeks"),
    ))  # fmt: skip
    assert said(made) == (
        "In the twelve months to January 2025, half of the referrals to therapies waited up to 14 weeks (95% interval "
        "13 to 14). Those still waiting are counted in. 33% waited more than 18 and under 1% more than 52 weeks."
    )
    (table,) = made.tables
    assert table.caption == (
        "Weeks from referral to a therapy by service, twelve months to January 2025 (referrals to therapies, "
        "provisional)"
    )
    assert body(table) == [
        ("Service", "A quarter within (weeks)", "Half within (weeks)", "Waited over 18 weeks", "Waited over 52 weeks"),
        ("Community paediatrics", "–", "24", "–", "–"),
        ("Audiology", "–", "8", "over 99%", "–"),
        ("Vision services and orthoptics", "–", "under 1", "–", "–"),
        ("Dietetics", "–", "c", "4%", "–"),
        ("All", "8", "14", "33%", "under 1%"),
    ]
    assert set(table.notes) == {HIDDEN_NOTE, ABSENT_NOTE, LEFT_OUT_NOTE}


@pytest.mark.parametrize(
    ("upper", "limits"), [(float("nan"), " (95% interval from 10 up)"), (16.2, " (95% interval 10 to 16)")]
)
def test_an_interval_that_is_open_above_says_so(upper: float, limits: str) -> None:
    made = section("attendance", local_statistics=statistics(
        "wait_for_school", ("total", "total", "median", 14.0, 10.3, upper, "weeks")
    ))  # fmt: skip
    assert f"half of the episodes of missing education waited up to 14 weeks{limits}. Those still" in said(made)


def test_a_hidden_or_absent_median_is_not_said() -> None:
    rows = [("total", "total", "waiting_over_6_weeks", 73.0, 60, 80, "percent")]
    hidden = statistics("wait_for_school", ("total", "total", "median", None, None, None, "weeks"), *rows)
    for made in (hidden, statistics("wait_for_school", *rows)):
        assert said(section("attendance", local_statistics=made)) == (
            "In the twelve months to January 2025, of episodes of missing education, 73% waited more than 6 weeks. "
            "The groups are too small for a table."
        )


def test_money_is_in_pounds_and_the_largest_stands_first() -> None:
    made = section("money", local_statistics=statistics(
        "high_needs_spend",
        ("total", "total", "total_amount", 29_259_390.0, None, None, "pounds"),
        ("total", "total", "mean_amount", 13_724.0, None, None, "pounds a child"),
        ("placement", "early_years", "total_amount", None, None, None, "pounds"),
        ("placement", "early_years", "mean_amount", None, None, None, "pounds a child"),
        ("placement", "mainstream", "total_amount", 7_411_090.0, None, None, "pounds"),
        ("placement", "mainstream", "mean_amount", 7_570.0, None, None, "pounds a child"),
        ("placement", "special_state", "total_amount", 7_837_490.0, None, None, "pounds"),
        ("placement", "special_state", "mean_amount", 16_362.0, None, None, "pounds a child"),
    ))  # fmt: skip
    assert said(made) == "In the year to March 2025, high-needs spending came to £29,259,390."
    (table,) = made.tables
    assert table.caption == "High-needs spending by placement, year to March 2025 (payments, provisional)"
    assert body(table) == [
        ("Placement", "Spent", "Spent a child"),
        ("State-funded special school", "£7,837,490", "£16,362"),
        ("Mainstream school", "£7,411,090", "£7,570"),
        ("All", "£29,259,390", "£13,724"),
    ]


def test_places_are_counted_in_places() -> None:
    made = section("provision", local_statistics=statistics(
        "special_places",
        ("total", "total", "total_places_commissioned", 855.0, None, None, "places"),
        ("total", "total", "total_places_filled", 844.0, None, None, "places"),
        ("phase", "all_through", "total_places_commissioned", 545.0, None, None, "places"),
        ("phase", "primary", "total_places_commissioned", 114.0, None, None, "places"),
    ))  # fmt: skip
    assert said(made) == "In January 2025, 855 special places were commissioned and 844 were filled."
    assert [row[:2] for row in body(made.tables[0])] == [
        ("Phase", "Places commissioned"), ("Primary", "114"), ("All-through", "545"), ("All", "855")
    ]  # fmt: skip
