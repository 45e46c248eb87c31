"""Sentences derived from observations: the number first, the law before the comparison, no false comfort."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from jsna_pipeline import findings, geography
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.contributions.gather import Contributions
from jsna_pipeline.local_area import empty_tables
from jsna_pipeline.report.view import AreaView
from jsna_pipeline.settings import NhsCover

WIGAN = geography.area("Wigan")
TWENTY_WEEKS = indicators()["ehcp_within_20_weeks_excl"]


def observation(**given: object) -> dict[str, object]:
    base = {
        "indicator_id": TWENTY_WEEKS.id,
        "area_code": WIGAN.code,
        "area_name": "Wigan",
        "area_level": "local_authority",
        "period": "2024",
        "period_type": "calendar_year",
        "dimension": "total",
        "category": "total",
        "numerator": 257.0,
        "denominator": 603.0,
        "value": 42.6,
        "lower_ci": 38.732,
        "upper_ci": 46.602,
        "unit": "percent",
        "status": "ok",
    }
    return base | given


def comparison(comparator: str, value: float, significance: str, **given: object) -> dict[str, object]:
    base = {
        "indicator_id": TWENTY_WEEKS.id,
        "area_code": WIGAN.code,
        "period": "2024",
        "dimension": "total",
        "category": "total",
        "comparator": comparator,
        "comparator_value": value,
        "comparator_count": 10 if comparator.startswith("neighbours") else 1,
        "difference": round(42.6 - value, 1),
        "significance": significance,
        "rank": float("nan"),
        "out_of": float("nan"),
        "quartile": float("nan"),
    }
    return base | given


def view(
    observed: list[dict],
    compared: list[dict] | None = None,
    trended: list[dict] | None = None,
    prioritised: list[dict] | None = None,
) -> AreaView:
    trend_columns = ["indicator_id", "area_code", "dimension", "category", "direction", "judgement", "points"]
    sources = pd.DataFrame({"dataset_id": [], "title": [], "role": [], "sha256": []})
    return AreaView(
        area=WIGAN,
        edition="2025",
        cut_off=date(2025, 12, 31),
        nhs=NhsCover(sub_icb="02H", provider="RRF"),
        observed=pd.DataFrame(observed),
        compared=pd.DataFrame(compared or [], columns=list(comparison("england", 0, "similar"))),
        trended=pd.DataFrame(trended or [], columns=[*trend_columns, "first_period", "last_period"]),
        sources=sources,
        rejects=pd.DataFrame(),
        reconciliation=pd.DataFrame(),
        reconciled=pd.DataFrame(),
        unequal=pd.DataFrame(),
        prioritised=pd.DataFrame(prioritised or [], columns=["indicator_id", "worse", "worsening", "listed"]),
        neighbours=pd.DataFrame({"neighbour_code": [], "name": [], "rank": []}),
        local=empty_tables(),
        contributions=Contributions("2025", date(2025, 12, 31), date(2026, 1, 31)),
    )


WIGAN_2024 = view(
    [observation()],
    [
        comparison("england", 46.4, "similar", rank=88.0, out_of=149.0, quartile=3.0),
        comparison("region", 50.5, "worse"),
        comparison("neighbours_mean", 54.2, "worse"),
        comparison("previous", 64.4, "worse"),
    ],
    [
        {
            "indicator_id": TWENTY_WEEKS.id,
            "area_code": WIGAN.code,
            "dimension": "total",
            "category": "total",
            "direction": "decreasing",
            "judgement": "worsening",
            "points": 5,
            "first_period": "2020",
            "last_period": "2024",
        }
    ],
)


def known(of: AreaView = WIGAN_2024) -> findings.Facts:
    found = findings.facts(of, TWENTY_WEEKS)
    assert found is not None
    return found


def test_the_law_comes_first_with_the_number_late() -> None:
    first, *rest = findings.statements(known())
    assert first.tone == "fails_standard"
    assert first.text.startswith("In 2024, 346 of 603 plans were issued after 20 weeks.")
    assert "regulation 13" in first.text
    assert rest[0].text == (
        "In 2024, 42.6% (257 of 603; 95% CI 38.7–46.6) of new EHC plans were issued within 20 weeks, "
        "not counting cases with a legal exception."
    )


def test_comparators_rank_and_trend_stand_in_one_full_sentence_each() -> None:
    setting = findings.statements(known())[-1].text
    assert setting.startswith(
        "This is similar to England (46.4%), worse than the North West (50.5%) and worse than the mean of its ten "
        "statistical neighbours (54.2%). It ranks 88th of 149 authorities (best first)."
    )
    assert setting.endswith("It has fallen from 2020 to 2024, a worsening.")


@pytest.mark.parametrize("significance", ["better", "similar"])
def test_a_failed_standard_never_reads_as_good_beside_peers(significance: str) -> None:
    beside = comparison("england", 30.0, significance)
    tone, label = findings.tone_of(known(view([observation()], [beside])))
    assert tone == "neutral"
    assert label.endswith("below the standard")


def test_a_kept_standard_may_be_called_better() -> None:
    kept = view(
        [observation(numerator=603.0, value=100.0, lower_ci=99.4, upper_ci=100.0)],
        [comparison("england", 46.4, "better")],
    )
    assert not known(kept).fails_standard
    assert findings.tone_of(known(kept)) == ("better", "Better than England")


def test_fewer_than_five_points_is_said_not_drawn() -> None:
    assert "The trend cannot be calculated: it needs five points and there are 0" in findings.trend_sentence(
        known(view([observation()]))
    )


def test_an_unpublished_headline_is_no_fact() -> None:
    absent = view([observation(value=float("nan"), status="suppressed")])
    assert findings.facts(absent, TWENTY_WEEKS) is None


def test_old_figures_say_that_they_do_not_lead() -> None:
    old = replace(known(), period="2022")
    assert not old.is_current
    assert "3 years old" in findings.age_sentence(old)
    assert findings.age_sentence(known()) == ""


def test_an_nhs_figure_says_whom_it_covers() -> None:
    record = indicators()["health_autism_wait_over_13_weeks"]
    nhs = observation(
        indicator_id=record.id,
        area_code="02H",
        area_name="NHS Greater Manchester ICB - 02H",
        area_level="sub_icb",
        period="2025-06",
        period_type="month",
        lower_ci=float("nan"),
        upper_ci=float("nan"),
    )
    found = findings.facts(view([nhs]), record)
    assert found is not None
    sentence = findings.headline_sentence(found)
    assert "covers NHS Greater Manchester ICB - 02H, not the local authority alone" in sentence
    assert found.comparisons == {}


def test_similar_to_england_on_small_numbers_says_what_would_not_be_seen() -> None:
    """12 of 28 beside 46.4 %: a true share of 25 % would be missed about half the time."""
    few = observation(numerator=12.0, denominator=28.0, value=42.9, lower_ci=26.5, upper_ci=60.9)
    sentence = findings.unseen_sentence(known(view([few], [comparison("england", 46.4, "similar")])))
    assert sentence.startswith("With 28 counted, a gap under 2")
    assert findings.unseen_sentence(known(WIGAN_2024)) == ""  # 603 counted: six points would be seen
    assert findings.unseen_sentence(known(view([few], [comparison("england", 90.0, "worse")]))) == ""


def test_a_handful_cannot_tell_at_all() -> None:
    two = observation(numerator=2.0, denominator=3.0, value=66.7, lower_ci=20.8, upper_ci=93.9)
    beside = comparison("england", 46.4, "similar")
    assert "too few to tell" in findings.unseen_sentence(known(view([two], [beside])))
