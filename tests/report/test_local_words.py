"""Words and order of the categories of local tables."""

from __future__ import annotations

import pytest

from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.local import bands
from jsna_pipeline.report.local_words import (
    ANSWERS,
    HELD_WORDS,
    category_words,
    dimension_words,
    place_on_scale,
    within_sentence,
)


@pytest.mark.parametrize(
    ("dimension", "category", "words"),
    [
        ("age_band", "5-10", "ages 5 to 10"),
        ("weeks_open", "26-39", "26 to 39 weeks"),
        ("weeks_open", "over_52", "over 52 weeks"),
        ("weeks_from_request", "up_to_20", "up to 20 weeks"),
        ("years_held", "1-2", "1 to 2 years"),
        ("years_held", "under_1", "under a year"),
        ("length", "6_to_12_weeks", "6 to 12 weeks"),
        ("month", "2024-04", "April 2024"),
        ("month_begun", "before", "earlier"),
        ("year_group", "year_7", "year 7"),
        ("year_of_age", "age_18", "age 18"),
        ("sen_stage", "no_sen", "no SEN"),
        ("sen_stage", "ehc_plan", "EHC plan"),
        ("primary_need", "semh", "social, emotional and mental health"),
        ("area_of_need", "social_emotional_and_mental_health", "social, emotional and mental health"),
        ("primary_need", "none", "no SEN"),
        ("social_care", "none", "not known to social care"),
        ("review_held", "yes", "review held"),
        ("review_held", "no", "no review"),
        ("review_held", "not_yet_due", "not yet due"),
        ("upheld", "part", "upheld in part"),  # from the labels of the returns' codes
        ("service", "speech_and_language", "speech and language therapy"),
        ("basis", "section_19_health", "section 19, health"),
        ("matter", "assessment", "EHC needs assessment"),
        ("pathway", "both", "autism and ADHD"),
        ("outcome", "moved", "moved"),  # two returns mean different moves
        ("locality", "Ashton", "Ashton"),
        ("locality", "not_known", "not known"),
    ],
)
def test_a_category_in_words(dimension: str, category: str, words: str) -> None:
    assert category_words(dimension, category) == words


@pytest.mark.parametrize(
    "scale",
    [
        ["under_3", "nursery", "reception", "year_1", "year_2", "year_10", "age_18", "age_25", "not_by_year"],
        ["up_to_20", "20-26", "26-39", "39-52", "not_known"],
        ["0-6", "6-16", "16-20", "20-26", "over_52"],
        ["under_1", "1-2", "3-5", "6-9", "10_and_over", "not_known"],
        ["up_to_6_weeks", "6_to_12_weeks", "12_to_26_weeks", "over_52_weeks"],
        ["yes", "no", "not_yet_due", "not_known"],
        ["no_sen", "sen_support", "ehc_plan", "not_known"],
        ["red", "amber", "green"],
        ["one", "two", "ombudsman"],
        ["before", "2023-12", "2024-01", "2024-11"],
        ["early_years", "primary", "secondary", "all_through", "post_16"],
        ["autism", "other", "none", "not_known"],
    ],
)
def test_categories_stand_in_the_order_of_their_scale(scale: list[str]) -> None:
    backwards = scale[::-1]
    assert sorted(backwards, key=place_on_scale) == scale


def test_yes_and_no_have_words_wherever_a_table_shows_them() -> None:
    answered = {name for record in local_tables().values() for name in record.dimensions} & {
        name for _, name in bands.NESTS if name.startswith("over_")
    }
    assert answered and answered <= ANSWERS.keys()
    assert all(yes != no and "yes" not in (yes, no) for yes, no in ANSWERS.values())


def test_every_filter_of_the_catalogue_adds_to_the_units() -> None:
    assert {name for record in local_tables().values() for name in record.filters} <= HELD_WORDS.keys()


def test_no_dimension_is_said_by_its_id() -> None:
    for record in local_tables().values():
        for name in record.dimensions:
            assert "_" not in dimension_words(name)


@pytest.mark.parametrize(("label", "said"), [("Diagnosis confirmed", "diagnosis confirmed"), ("SEN support",) * 2])
def test_an_abbreviation_keeps_its_capitals(label: str, said: str) -> None:
    assert within_sentence(label) == said
