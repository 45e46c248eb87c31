"""The records of local tables: what they may say, and that every name in them exists."""

from __future__ import annotations

from itertools import combinations

import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.loading import parse
from jsna_pipeline.catalogue.local_tables import LocalTable, local_tables
from jsna_pipeline.catalogue.strategies import EvidenceKind, strategies
from jsna_pipeline.errors import InputError
from jsna_pipeline.local.bands import NESTS

RECORD = """
title: T
question: Q?
chapter: provision
order: 1
description: D
population: plans
units: plans
period_type: january_snapshot
owner: O
reviewed: 2026-11-22
"""


def read(text: str) -> LocalTable:
    return parse(RECORD + text, LocalTable, "local_tables/invented.yml", "invented")


@pytest.mark.parametrize("field", ["trend: true", "comparator: england", "polarity: high", "target: 90", "previous: x"])
def test_a_provisional_figure_has_no_place_for_a_comparison(field: str) -> None:
    assert LocalTable.provisional
    with pytest.raises(InputError, match=field.split(":")[0]):
        read("crosses: [[sex]]\n" + field)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "neither crosses, a wait nor an amount"),
        ("crosses: [[sex, age_band, ward, locality]]", "needs 1 to 3 dimensions"),
        ("crosses: [[sex, age_band, ward]]\nfilters: {sen: 'yes'}", "needs 1 to 2 dimensions"),
        ("crosses: [[sex, sex]]", "names a dimension twice"),
        ("crosses: [[sex]]\nfilters: {sex: male}", "names a dimension twice"),
        ("crosses: [[sex]]\nlead: ward", "'ward' is in no cross"),
        ("crosses: [[sex]]\nsensitive: [ward]", "'ward' is in no cross"),
        (
            "crosses: [[sex]]\nshare: {dimension: sex, category: male, among: [female], phrase: p}",
            "must contain 'male'",
        ),
    ],
)
def test_records_that_contradict_themselves_are_refused(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read(text)


def test_no_cross_holds_a_dimension_and_the_one_that_it_lies_in() -> None:
    # Most of such a cross is empty by definition; the nest already gives the wider figure.
    nested = {frozenset(pair) for pair in NESTS} | {frozenset(("ward", "locality"))}
    for table in local_tables().values():
        for cross in table.crosses:
            assert not nested & {frozenset(pair) for pair in combinations(cross, 2)}, (table.id, cross)


def test_orders_are_unique_within_a_chapter() -> None:
    places = [(table.chapter, table.order) for table in local_tables().values()]
    assert len(places) == len(set(places))


def test_published_counterparts_are_of_the_same_kind_of_period_and_category() -> None:
    for table in local_tables().values():
        for same in table.published_as:
            indicator = indicators()[same.indicator]
            assert indicator.period_type == table.period_type, (table.id, same.indicator)
            # Two local categories of one published one could not be told apart in it.
            assert len(set(same.categories.values())) == len(same.categories)


def test_measures_name_tables_that_exist_and_no_survey_is_answered_by_a_count() -> None:
    named = [
        (measure, table_id)
        for strategy in strategies().values()
        for measure in strategy.measures
        for table_id in measure.local_tables
    ]
    assert len({measure.row for measure, _ in named}) >= 30
    assert {table_id for _, table_id in named} <= local_tables().keys()
    assert not any(measure.evidence is EvidenceKind.SURVEY for measure, _ in named)
