"""The order of commissioning: a worked example by hand, what is missing, and what must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsna_pipeline.catalogue.chapters import chapters
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.commissioning.prioritisation import (
    CRITERIA,
    RECORDING,
    STEPS,
    AreaEvidence,
    prioritise,
    scores_of,
    topics_of,
)
from jsna_pipeline.published_tables import CommissioningPriorities, checked
from tests.commissioning.invented_evidence import GROUPS, HELD, LATE, MEASURES, RECORDS, VOICE, evidence, group, measure


def _table(known: AreaEvidence = HELD, **given: Any) -> pd.DataFrame:
    return checked(prioritise(RECORDS, known, "2025", **given), CommissioningPriorities).set_index("topic")


def test_worked_by_hand() -> None:
    """Normal scores from printed tables: 119.5/150 → 0.8298, 74.5/150 → −0.0084, 9.5/150 → −1.5274."""
    row = _table().loc["ehc_system"]
    assert row["size"] == pytest.approx(40 / 10_000 * 1000)  # 40 late, 30 and 10 on the wrong side of the others
    assert row["severity"] == pytest.approx(100 / 3)
    assert row["inequality"] == 3.0  # the limit nearest to no gap
    assert row["trend"] == 50.0  # one of the two that have a trend
    assert row["gap"] == pytest.approx((0.8298 - 0.0084 - 1.5274) / 3, abs=1e-4)
    assert row["evidence"] == 100.0
    assert [row[f"{name}_score"] for name in CRITERIA] == [3, 4, 2, 4, 1, 3, 4]
    assert row["total"] == 75.0  # 21 of 28
    assert (row["rank"], row["standards_failed"], row["missing"]) == (1, 1, "")


def test_what_is_not_known_is_left_out_named_and_lowers_evidence_alone() -> None:
    row = _table().loc["health"]
    assert row["missing"] == "size; inequality; trend; voice"
    assert row["severity"] == pytest.approx(100 / 3)  # rank 130 of 150 is in the last quarter
    assert row["evidence"] == pytest.approx((50 + 100 / 3) / 2)  # untested figures count half; two of six known
    assert row["total"] == 50.0  # 3, 1 and 2 of 12
    heard = _table(replace(HELD, voice={"health": 6.0})).loc["health"]
    assert heard["missing"] == "size; inequality; trend"
    assert heard["evidence"] > row["evidence"]


def test_context_alone_is_not_ranked() -> None:
    table = _table()
    assert list(table.index) == ["ehc_system", "health", "money"]
    money = table.loc["money"]
    assert money["measures"] == 0 and pd.isna(money["rank"]) and pd.isna(money["total"])


def test_two_measures_say_too_little_of_a_chapter() -> None:
    table = _table(evidence([row for row in MEASURES if row["indicator_id"] != "b3"]))
    assert pd.isna(table.loc["health", "rank"]) and table.loc["ehc_system", "rank"] == 1


def test_only_the_areas_own_current_figures_count() -> None:
    elsewhere = [{**row, "area_code": "E06000063", "value": 0.0, "rank": 150.0, "quartile": 4.0} for row in MEASURES]
    older = [{**row, "period": "2020", "value": 1.0, "rank": 150.0} for row in MEASURES]
    with_others = evidence([*MEASURES, *elsewhere, *older], GROUPS, VOICE)
    pd.testing.assert_frame_equal(_table(with_others), _table())
    assert _table(replace(HELD, cut_off=date(2028, 12, 31)))["rank"].isna().all()


def test_without_the_number_of_residents_no_size_is_guessed() -> None:
    assert _table(evidence(MEASURES, GROUPS, VOICE, residents=None))["size"].isna().all()


def test_a_standard_that_is_failed_is_severe_even_beside_a_worse_england() -> None:
    kind = {**LATE, "significance": "better", "rank": 20.0, "quartile": 1.0}
    row = _table(evidence([kind, *MEASURES[1:]])).loc["ehc_system"]
    assert (row["severity"], row["severity_score"]) == (0.0, 3)


def test_an_empty_area_gives_every_chapter_and_no_order() -> None:
    table = checked(prioritise(indicators(), evidence([], residents=None), "2025"), CommissioningPriorities)
    assert set(table["topic"]) == set(chapters())
    assert table["rank"].isna().all() and not table["evidence"].any()


def test_topics_are_the_judged_measures_of_each_chapter() -> None:
    assert topics_of(RECORDS) == {"ehc_system": ("a1", "a2", "a3"), "health": ("b1", "b2", "b3"), "money": ()}


def test_how_well_something_is_recorded_is_no_need() -> None:
    """Wolverhampton records no placement for 824 plans of January 2025: a fault of the data, not of provision."""
    assert indicators().keys() >= RECORDING
    assert not RECORDING & {one for ids in topics_of(indicators()).values() for one in ids}


def test_thresholds_rise_and_each_has_its_reason() -> None:
    for steps in STEPS.values():
        assert list(steps.bounds) == sorted(set(steps.bounds)) and steps.why and steps.figure


def test_the_table_gives_back_its_scores() -> None:
    scores = scores_of(_table().reset_index())
    assert list(scores.columns) == list(CRITERIA) and list(scores.index) == ["ehc_system", "health"]


WORDS = ("better", "similar", "worse")
TRENDS = ("improving", "no_change", "worsening")


@st.composite
def _figure(draw: st.DrawFn) -> tuple[float, int, str, str, float]:
    """Of 100 children those on the wrong side, rank, test, trend, a group's least gap: each from good to bad."""
    return (
        draw(st.integers(0, 100)),
        draw(st.integers(1, 150)),
        draw(st.sampled_from(WORDS)),
        draw(st.sampled_from(TRENDS)),
        draw(st.floats(0.1, 40)),
    )


def _with(figure: tuple[float, int, str, str, float]) -> AreaEvidence:
    wrong, rank, word, trend, least = figure
    row = measure("a1", 100 - wrong, rank, numerator=100 - wrong, denominator=100, significance=word, judgement=trend)
    gap = group("a1", -least - 5, -least, "worse")
    return evidence([row, *MEASURES[1:]], [gap], VOICE)


@settings(max_examples=25)  # each orders two whole areas
@given(_figure(), _figure())
def test_a_better_figure_never_raises_the_priority(
    one: tuple[float, int, str, str, float], other: tuple[float, int, str, str, float]
) -> None:
    better = (
        min(one[0], other[0]),
        min(one[1], other[1]),
        min(one[2], other[2], key=WORDS.index),
        min(one[3], other[3], key=TRENDS.index),
        min(one[4], other[4]),
    )
    after, before = (
        prioritise(RECORDS, _with(figure), "2025").set_index("topic").loc["ehc_system"] for figure in (better, one)
    )
    assert after["total"] <= before["total"]
    assert all(after[f"{name}_score"] <= before[f"{name}_score"] for name in CRITERIA)
