"""The facts of the companions: the law first, only what is recent and public, counts as they stand in the tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.findings import Comparison, Facts
from jsna_pipeline.report.companions.glance import CASELOAD, REQUESTS, glance
from jsna_pipeline.vocabulary import AreaLevel, Comparator, PeriodType

CUT_OFF = date(2025, 12, 31)
NO_VOICE: Any = SimpleNamespace(newest=lambda: (), table=pd.DataFrame())


def facts(indicator_id: str, value: float, period: str = "2024", **others: Any) -> Facts:
    record = indicators()[indicator_id]
    made = Facts(
        record=record, area_name="Merrowdale", area_level=AreaLevel.LOCAL_AUTHORITY, region_name="North",
        period=period, period_type=PeriodType(record.period_type), value=value, lower=None, upper=None, numerator=None,
        denominator=None, comparisons={}, direction="", judgement="", first_period="", last_period="", points=0,
        cut_off=CUT_OFF,
    )  # fmt: skip
    return replace(made, **others)


def known(*given: Facts) -> dict[str, Facts]:
    return {one.record.id: one for one in given}


def test_standards_lead_by_weight_and_late_ones_are_counted() -> None:
    made = glance(
        known(
            facts("ehcp_caseload", 2132, "2024/25"),
            facts("ehcp_reviews_held", 62.5, numerator=1018.0, denominator=1628.0),
            facts("ehcp_within_20_weeks_excl", 47.2, numerator=182.0, denominator=386.0),
        ),
        NO_VOICE, [], CUT_OFF,
    )  # fmt: skip
    assert [one.indicator_id for one in made.figures] == ["ehcp_within_20_weeks_excl", "ehcp_reviews_held", CASELOAD]
    first, last = made.figures[0], made.figures[-1]
    assert (first.late, first.count, first.out_of, first.printed) == (204, 182, 386, "47.2%")
    assert first.late_words == "plans were issued after 20 weeks" and first.when == "In 2024"
    assert (last.printed, last.period, last.late) == ("2,132", "January 2025", None)
    assert made.standards == made.figures[:2] and made.get(REQUESTS) is None


def test_what_is_old_does_not_lead_and_a_year_before_is_said_of_counts_alone() -> None:
    before = {Comparator.PREVIOUS: Comparison(527.0, 1, 82.0, "not_tested", None, None, None)}
    made = glance(
        known(
            facts("ehcp_requests", 609, "2024", comparisons=before),
            facts("ehcp_caseload", 2132, "2021/22", comparisons=before),
            facts("sen_support_prevalence", 16.2, "2024/25", comparisons=before),
            facts("health_cyp_waits_over_52_weeks", 9.3, "2025-08", area_level=AreaLevel.PROVIDER,
                  area_name="Merrow NHS Trust"),
        ),
        NO_VOICE, [], CUT_OFF,
    )  # fmt: skip
    assert [(one.indicator_id, one.before) for one in made.figures] == [
        (REQUESTS, 527.0), ("sen_support_prevalence", None), ("health_cyp_waits_over_52_weeks", None)]  # fmt: skip
    assert [one.covers for one in made.figures] == ["", "", "Merrow NHS Trust"]


@pytest.mark.parametrize(("ended", "heard"), [(date(2025, 3, 1), 2), (date(2023, 11, 1), 0), (date(2026, 2, 1), 0)])
def test_the_least_positive_answers_of_recent_surveys_are_heard(ended: date, heard: int) -> None:
    rows = [("q1", "positive", "total", 40.0), ("q2", "positive", "total", 20.0), ("q3", "positive", "sex", 5.0),
            ("q4", "net", "total", 1.0), ("q5", "positive", "total", None)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["question_id", "measure", "dimension", "value"]).assign(
        survey="s", wave="2025", question=lambda d: d["question_id"] + " wording. ", respondents=90
    )
    survey = SimpleNamespace(plan=SimpleNamespace(survey="s", wave="2025", population="parents"), ended=ended)
    voice: Any = SimpleNamespace(newest=lambda: (survey,), table=table)
    told = [(one.question, one.share, one.answers) for one in glance({}, voice, [], CUT_OFF).heard]
    assert told == [("q2 wording", 20.0, 90), ("q1 wording", 40.0, 90)][:heard]
    assert all(one.audience == "parents and carers" for one in glance({}, voice, [], CUT_OFF).heard)


def test_decisions_keep_their_order() -> None:
    asked: Any = [SimpleNamespace(decision="b", board="", by=date(2026, 1, 1)),
                  SimpleNamespace(decision="a", board="Forum", by=date(2026, 2, 1))]  # fmt: skip
    assert [one.decision for one in glance({}, NO_VOICE, asked, CUT_OFF).sought] == ["b", "a"]
