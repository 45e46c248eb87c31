"""Prevalence studies: each sound, cited, honest about its interval, and faults told by file and line."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.catalogue.prevalence import Checked, Interval, Prevalence, Sex, prevalences
from jsna_pipeline.core_tables import schema_of
from jsna_pipeline.errors import InputError

GOOD = """\
group: autism
preferred: true
name: Autism
condition: Autism.
would: would be autistic
study: {authors: A, title: T, publisher: P, year: 2020, sample: pupils, country: England, fieldwork: "2019", short: S}
page: https://www.gov.uk/
definition: Recorded by schools.
rates:
  - {age_from: 5, age_to: 10, sex: male, rate: 2, lower: 1.72, upper: 2.33, interval: wilson, cases: 160, sample: 8000}
  - {age_from: 5, age_to: 10, sex: female, rate: 0.5, lower: 0.4, upper: 0.6, interval: published}
identified: {table: dfe__sen2_primary_needs, columns: [autism], named: named autism as the first need, note: A part.}
limits: [It is old.]
checked: read
checked_note: The abstract.
owner: Head of SEND
reviewed: 2026-11-22
"""


def _parsed(text: str) -> Prevalence:
    return parse(text, Prevalence, "prevalence/own.yml", "own")


def test_each_condition_has_one_study_that_a_summary_prints() -> None:
    found = prevalences().values()
    groups = {one.group for one in found}
    assert len(groups) >= 14
    assert Counter(one.group for one in found if one.preferred) == Counter(groups)


@pytest.mark.parametrize("record", prevalences().values(), ids=prevalences().keys())
def test_a_record_can_be_checked_by_its_reader(record: Prevalence) -> None:
    """A computed interval and a figure from memory say so; the rest is the loader's."""
    assert record.reviewed == date(2026, 11, 22)
    assert record.study.year >= 1995 and record.study.authors and record.study.publisher
    if record.checked is Checked.FROM_MEMORY:
        assert "from memory" in record.checked_note
    if any(one.interval is Interval.WILSON for one in [*record.rates, *([record.whole] if record.whole else [])]):
        assert any("Wilson" in text for text in record.limits)
    for text in (record.no_interval, record.extended, record.not_compared):
        assert not text or text.endswith(".")


def test_what_is_identified_stands_in_a_core_table_by_age() -> None:
    compared = [one.identified for one in prevalences().values() if one.identified]
    assert len(compared) >= 6
    for one in compared:
        dataset = datasets()[one.table]
        assert set(one.columns) <= set(schema_of(dataset).columns)
        assert "age" in (dataset.dimensions or {}).values()


def test_the_figures_that_were_read() -> None:
    """From the abstracts: JAMA Pediatrics 2021, Lancet 2006, JCPP 2016, BMJ 2001, Palliative Medicine 2021."""
    published = {
        "autism_screened": (1.161, 0.904, 1.418),
        "developmental_language_disorder": (7.58, 5.33, 10.66),
        "language_disorder_all": (9.92, 7.38, 13.20),
        "hearing_impairment": (0.205, 0.202, 0.208),
        "life_limiting_condition": (0.664, 0.660, 0.668),
        "adhd_reported": (1.4, 1.2, 1.7),
    }
    for key, expected in published.items():
        (one,) = prevalences()[key].rates
        assert (one.rate, *one.limits) == expected
    by_sex = {one.sex: (one.rate, *one.limits) for one in prevalences()["autism_school_records"].rates}
    assert by_sex == {Sex.MALE: (2.81, 2.79, 2.83), Sex.FEMALE: (0.65, 0.64, 0.66)}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("upper: 2.33", "upper: 2.53", "Wilson's limits are 1.72 and 2.33"),
        (", cases: 160", "", "Wilson's interval needs cases and sample"),
        ("rate: 0.5, ", "rate: 0.7, ", "the rate is outside its limits"),
        (", interval: published", "", "limits are given, but not whose they are"),
        ("age_to: 10, sex: female", "age_to: 9, sex: female", "the ages have a gap or stand twice"),
        ("sex: female", "sex: persons", "of persons, or of both sexes"),
        ("lower: 0.4, upper: 0.6, interval: published", "sample: 90", "some rates have an interval and some have none"),
        ("limits: [It is old.]", "no_interval: None seen.\nlimits: [It is old.]", "just where no interval is given"),
        ("limits: [It is old.]", "not_compared: Nothing.\nlimits: [It is old.]", "just where nothing is identified"),
        ("[It is old.]", "[It is old]", "line 13: limits: .*not a sentence"),
        ("dfe__sen2_primary_needs", "dfe__sen2_needs", "line 12: .*no dataset 'dfe__sen2_needs'"),
        ("age_from: 5", "age_from: 2", "published for ages 0 to 2 together"),
        ("checked: read", "checked: seen", "line 14: "),
        ("https:", "http:", "line 7: "),
    ],
)
def test_a_fault_is_told_by_file_and_line(old: str, new: str, says: str) -> None:
    assert _parsed(GOOD).age_to == 10
    with pytest.raises(InputError, match=rf"catalogue/prevalence/own\.yml, .*{says}"):
        _parsed(GOOD.replace(old, new))


def test_the_interval_of_the_whole_stands_only_for_rates_without_one() -> None:
    whole = "whole: {age_from: 5, age_to: 10, sex: persons, rate: 1.2, lower: 1.0, upper: 1.4, interval: published}\n"
    with pytest.raises(InputError, match="the interval of the whole stands for rates that have none"):
        _parsed(GOOD + whole)
