"""The account of the area's own records: which returns, what agrees, whom the census misses, what is hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.report.local_chapter import NEAREST, NO_CHILDREN, NOT_PERSONS, local_chapter
from jsna_pipeline.report.model import Chapter, Section
from tests.report.protected_tables import EVERYBODY, counts, returned, statistics, view

RETURNS = pd.DataFrame([
    returned("camhs", "Children's mental health services", "registered_patients"),
    returned("special_places", "Special places", "services", persons=None, with_plan=None, on_roll=None),
    returned("school_census", "School census", "pupils_on_roll", reference_date="2025-01-16", rows_read=186_360),
    returned("autism_adhd_pathway", "Autism and ADHD", "registered_patients", with_plan=None, on_roll=None),
    returned("sen2", "SEN2 person-level return", "plans", reference_date="2025-01-16"),
]).astype({"persons": "Int64", "with_plan": "Int64", "on_roll": "Int64"})  # fmt: skip
SUPPRESSION = pd.DataFrame({
    "table_id": ["reviews_held", "camhs_waits", "plans_by_age"], "cells": [88, 85, 78], "suppressed": [12, 26, 0],
    "edition": "2025",
})  # fmt: skip
KEY = {"period": "2024/25", "edition": "2025"}
AGREEMENT = pd.DataFrame([
    KEY | {"table_id": "plans_by_age", "population": "plans", "dimension": dimension, "category": category,
           "local_count": local, "published_count": published, "agreement": agreement}
    for dimension, category, local, published, agreement in (
        ("total", "total", 2132, 2132, "agrees"), ("sex", "female", 640, 641, "differs"),
        ("sex", "male", 1492, None, "not_yet_published"), ("year_of_age", "age_25", None, 4, "not_printed"),
    )
]).astype({"local_count": "Int64", "published_count": "Int64"})  # fmt: skip
UNSEEN = pd.DataFrame({
    "reason": ["college", "independent", "early_years"], "plans": pd.array([60, 260, 0], "Int64"), "edition": "2025",
    "sentence": ["plans are at a college", "plans are at an independent school", "plans are at a nursery"],
})  # fmt: skip
TABLES = {
    "local_returns": RETURNS, "local_suppression": SUPPRESSION, "local_agreement": AGREEMENT, "local_unseen": UNSEEN,
    "local_counts": counts("plans_by_age", {EVERYBODY: 2132}),
    "local_statistics": statistics("camhs_waits", ("total", "total", "median", 8.0, 7, 9, "weeks"), rule="nhs"),
}  # fmt: skip


def chapter(*, restricted: bool = False, **tables: pd.DataFrame) -> Chapter:
    made = local_chapter(view(restricted=restricted, **(TABLES | tables)), 15)
    assert made is not None
    return made


def section(name: str, **given: object) -> Section:
    return {one.section_id: one for one in chapter(**given).sections}[f"own-records-{name}"]  # type: ignore[arg-type]


def said(one: Section) -> list[str]:
    return [statement.text for statement in one.statements]


def test_an_area_that_delivered_nothing_has_no_chapter() -> None:
    assert local_chapter(view(), 15) is None


def test_every_section_says_something() -> None:
    made = chapter()
    assert [one.section_id.removeprefix("own-records-") for one in made.sections] == [
        "returns", "agreement", "unseen", "protection"
    ]  # fmt: skip
    assert all(one.statements and one.heading.endswith("?") and one.method for one in made.sections)
    absent = chapter(local_agreement=AGREEMENT.iloc[:0], local_unseen=UNSEEN.assign(plans=0))
    assert len(absent.sections) == 2


def test_sen2_and_the_census_come_first_and_what_counts_no_children_says_so() -> None:
    (table,) = section("returns").tables
    assert [row[0] for row in table.rows] == [
        "SEN2 person-level return", "School census", "Autism and ADHD", "Children's mental health services",
        "Special places",
    ]  # fmt: skip
    assert table.rows[1][1:] == (
        "Pupils on roll", "16 January 2025",
        "186,360", "0", "90", "20", "80",
    )  # fmt: skip
    assert table.rows[2][2:] == ("Its own dates", "100", "0", "90", "–", "–")
    assert table.rows[4][1] == NOT_PERSONS and table.rows[4][-3:] == ("–", "–", "–")
    assert table.notes == (
        "Plans: children and young people for whom the authority maintains or considers an EHC plan.",
        "Pupils on roll: pupils on the roll of the area's state-funded schools, wherever they live.",
        "Patients: patients of the area's GP practices, wherever they live.",
        NEAREST,
        NO_CHILDREN,
    )
    assert said(section("returns"))[0].startswith("Wigan delivered 5 returns. ")
    assert said(section("returns", local_returns=RETURNS.iloc[:1]))[0].startswith("Wigan delivered 1 return. ")


def test_agreement_is_of_printed_counts_and_a_difference_shows_both() -> None:
    one = section("agreement")
    assert said(one) == [
        "1 of 2 printed local counts equal the figure that the Department for Education published for the same "
        "children and day.",
        "1 count runs ahead of publication and will be held against it.",
    ]
    (table,) = one.tables
    assert table.rows == (("EHC plans by school year, age and sex", "Female", "640", "641"),)
    early = section("agreement", local_agreement=AGREEMENT.iloc[2:3])
    assert said(early)[0] == "No printed local count refers to a day for which figures have been published."
    assert early.tables == ()


def test_children_whom_the_census_does_not_see_are_counted_most_first() -> None:
    assert said(section("unseen")) == [
        "About 260 children and young people with a plan are at an independent school.",
        "About 60 children and young people with a plan are at a college.",
    ]


def test_what_is_hidden_is_counted_by_table_and_the_rules_in_use_say_why() -> None:
    one = section("protection")
    assert said(one)[0].startswith("38 of 251 local figures are hidden: small ones, ")
    assert [row[1:] for row in one.tables[0].rows] == [("85", "26"), ("88", "12"), ("78", "0")]
    used = {name for name, rule in disclosure_rules().items() if rule.title in one.method}
    assert used == {"education", "nhs"}


@pytest.mark.parametrize("restricted", [True, False])
def test_a_copy_for_named_readers_does_not_say_that_it_hides_anything(restricted: bool) -> None:
    made = chapter(restricted=restricted)
    protection = said(section("protection", restricted=restricted))[0]
    assert protection.startswith("In the public report 38 of 251") is restricted
    assert ("This copy is for named readers: small numbers are not hidden in it." in made.opening[1]) is restricted
    assert ("Small numbers were hidden" in made.opening[1]) is not restricted
