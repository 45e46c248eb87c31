"""Waits in a window, and the populations of services and young people that stand beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from jsna_pipeline.catalogue.local_tables import LocalTable
from jsna_pipeline.local.amounts import amount_populations, amount_statistics
from jsna_pipeline.local.services import service_populations
from jsna_pipeline.local.statistics import STATISTIC_COLUMNS
from jsna_pipeline.local.waits import in_window, wait_populations, wait_statistics
from tests.local.record_tables import records, with_plans

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
BEGUN = date(2024, 3, 1)


def table(population: str, **given: Any) -> LocalTable:
    fields = {
        "id": "invented", "title": "T", "question": "Q?", "chapter": "health", "order": 1, "description": "D",
        "population": population, "units": "cases", "period_type": "rolling", "owner": "O", "reviewed": "2026-11-22",
    }  # fmt: skip
    return LocalTable.model_validate(fields | given)


def test_a_wait_is_seen_from_the_day_the_window_opens() -> None:
    rows = pl.DataFrame(
        {
            "began": [date(2023, 12, 1), date(2024, 2, 1), date(2024, 2, 1), date(2023, 1, 1), date(2024, 12, 30)],
            "served": [FIRST, date(2024, 3, 1), None, date(2023, 12, 31), date(2025, 1, 6)],
            "left": [None, None, date(2024, 2, 11), None, None],
        },
        schema_overrides={"left": pl.Date},
    )
    seen = in_window(rows, pl.col("began"), pl.col("served"), pl.col("left"), (FIRST, LAST))
    # Served on the first day; within; left; over before the window and so unseen; still waiting when it closed.
    assert seen["days"].to_list() == [31, 29, 10, 1]
    assert seen["served"].to_list() == [True, True, False, False]
    assert seen["entry"].to_list() == [30, None, None, None]


def referral(weeks: int | None, service: str = "audiology", begun: date = BEGUN, **more: Any) -> dict[str, Any]:
    contact = None if weeks is None else begun + timedelta(weeks=weeks)
    dates = {"referral_date": begun, "first_contact_date": contact, "birth_month": date(2016, 1, 1)}
    return {"service": service, **dates, **more}


def test_the_median_wait_counts_those_who_still_wait() -> None:
    # Of four referrals two were served after 4 and 8 weeks; two still wait. Finished waits alone would say 6 weeks.
    rows = [referral(4), referral(8), referral(None), referral(None), referral(0, "vision", date(2025, 1, 1))]
    made = {each.id: each for each in wait_populations(records(therapies__row=rows))}
    found = wait_statistics(made, [table("waits_therapies", wait={"by": ["service"], "after_weeks": [18]})])
    assert list(found.columns) == STATISTIC_COLUMNS
    audiology = found[(found["dimension"] == "service") & (found["category"] == "audiology")].set_index("statistic")
    assert audiology.loc["median", "value"] == 8 and audiology.loc["lower_quartile", "value"] == 4
    assert audiology.loc["waiting_over_18_weeks", "value"] == 50
    assert np.isnan(audiology.loc["upper_quartile", "value"]), "what cannot be estimated has a row without a value"
    assert (audiology["contributors"] == 4).all() and set(found["rule"]) == {"nhs"}


def test_a_referral_withdrawn_is_not_a_decision() -> None:
    begun = date(2024, 3, 1)
    rows = [
        {"pathway": "autism", "referral_date": begun, "decision_date": date(2024, 6, 1), "outcome": outcome}
        for outcome in ("confirmed", "not_confirmed", "withdrawn", "moved")
    ]
    (made,) = wait_populations(records(autism_adhd_pathway__row=rows))
    assert made.units["served"].to_list() == [True, True, False, False]


def test_waiting_now_and_episodes_of_the_last_twelve_months() -> None:
    last = date(2025, 1, 31)
    rows = [
        referral(None, begun=last - timedelta(weeks=19)),
        referral(None, begun=last - timedelta(weeks=18)),
        referral(2, begun=date(2024, 12, 2), discharge_date=last),
        referral(1, begun=date(2023, 1, 2), discharge_date=date(2023, 6, 1)),
    ]
    (made,) = service_populations(records(therapies__row=rows))
    assert made.units["over_18_weeks"].to_list() == ["yes", "no", "not_waiting"]
    assert made.units["month_begun"].to_list() == ["2024-09", "2024-09", "2024-12"]
    assert (made.period, made.measures) == ("2024-02 to 2025-01", ())


def test_stage_of_sen_is_the_services_own_record_before_that_of_other_returns() -> None:
    row = {"reason": "lifestyle", "start_date": date(2024, 9, 1), "birth_month": date(2014, 1, 1)}
    rows = [row | {"person": "p1"}, row | {"person": "p1", "sen_provision": "N"}, row | {"person": None}]
    area = with_plans({}, {}, elective_home_education__row=rows)
    (home, *_) = [each for each in service_populations(area) if each.id == "home_educated"]
    assert home.units["sen_stage"].to_list() == ["ehc_plan", "no_sen", "not_known"]


def test_young_people_count_once_with_their_newest_activity() -> None:
    rows = [
        {"person": "p1", "academic_age": 17, "activity": "neet_seeking", "activity_date": date(2024, 9, 1)},
        {"person": "p1", "academic_age": 17, "activity": "college", "activity_date": date(2024, 11, 1)},
        {"person": "p9", "academic_age": 20, "activity": "neet_seeking", "activity_date": date(2024, 9, 1)},
    ]
    area = with_plans({"age": 17}, participation_tracking__row=rows)
    (young,) = service_populations(area)
    found = set(young.units.select("age_group", "participation", "has_plan").rows())
    assert found == {("16-17", "in_education_or_training", "yes"), ("20-25", "neet", "no")}


def test_sums_name_their_largest_contributor() -> None:
    cells: dict[str, Any] = {"placement": "mainstream", "budget_heading": "top_up", "financial_year": "2024-25"}
    rows = [
        cells | {"person": "p1", "amount": 60.0},
        cells | {"person": "p1", "amount": 15.0},
        cells | {"person": "p2", "amount": 25.0},
        cells | {"person": None, "amount": 50.0, "placement": "other"},
        cells | {"person": "p2", "amount": 999.0, "financial_year": "2023-24"},
    ]
    made = {each.id: each for each in amount_populations(records(high_needs_spend__row=rows))}
    asked = table(
        "high_needs_spend", amount={"columns": ["amount"], "unit": "pounds", "by": ["placement"], "mean": True}
    )
    found = amount_statistics(made, [asked]).set_index(["category", "statistic"])
    mainstream = found.loc[("mainstream", "total_amount")]
    assert mainstream[["value", "contributors", "largest_share"]].tolist() == [100, 2, 75]
    assert found.loc[("mainstream", "mean_amount"), "value"] == 50
    assert found.loc[("total", "total_amount"), ["value", "contributors"]].tolist() == [150, 3]
    assert found.loc[("total", "total_amount"), ["period", "rule"]].tolist() == ["2024/25", "money"]


def test_places_are_those_of_the_newest_date() -> None:
    cells = {"kind": "special_school", "phase": "primary", "need": "ASD"}
    rows = [
        cells | {"establishment": "A", "places_commissioned": 90, "places_filled": 95, "as_at": date(2025, 1, 16)},
        cells | {"establishment": "B", "places_commissioned": 10, "places_filled": 5, "as_at": date(2025, 1, 16)},
        cells | {"establishment": "A", "places_commissioned": 1, "places_filled": 1, "as_at": date(2024, 1, 18)},
    ]
    made = {each.id: each for each in amount_populations(records(special_place_capacity__row=rows))}
    asked = table("special_places", amount={"columns": ["places_commissioned", "places_filled"], "unit": "places"})
    found = amount_statistics(made, [asked]).set_index("statistic")["value"]
    assert found.to_dict() == {"total_places_commissioned": 100, "total_places_filled": 100}


def test_filled_places_are_children_and_commissioned_ones_are_not() -> None:
    cells = {"kind": "sen_unit", "phase": "primary", "need": "VI", "establishment": "A", "as_at": date(2025, 1, 16)}
    rows = [cells | {"places_commissioned": 8, "places_filled": 3}]
    made = {each.id: each for each in amount_populations(records(special_place_capacity__row=rows))}
    asked = table("special_places", amount={"columns": ["places_commissioned", "places_filled"], "unit": "places"})
    found = amount_statistics(made, [asked]).set_index("statistic")
    assert found.loc["total_places_filled", ["contributors", "rule"]].tolist() == [3, "education"]
    assert found.loc["total_places_commissioned", ["contributors", "rule"]].tolist() == [1, "open"]


def test_the_wait_for_a_plan_counts_open_cases_and_forgets_those_of_earlier_years() -> None:
    begun = date(2024, 2, 5)
    area = records(
        sen2__person=[{"person_key": key, "birth_month": date(2016, 1, 1), "sex": "M"} for key in range(1, 6)],
        sen2__request=[
            {"request_key": 1, "person_key": 1, "received_date": begun, "outcome": "Y"},
            {
                "request_key": 2,
                "person_key": 2,
                "received_date": begun,
                "outcome": "N",
                "outcome_date": date(2024, 3, 1),
            },
            {"request_key": 3, "person_key": 3, "received_date": begun, "outcome": "A"},
            {"request_key": 4, "person_key": 4, "received_date": date(2015, 1, 1), "outcome": "H"},
            {"request_key": 5, "person_key": 5, "received_date": begun, "outcome": "N"},  # closed, nobody knows when
        ],
        sen2__assessment=[{"assessment_key": 1, "request_key": 1, "outcome": "Y"}],
        sen2__named_plan=[{"named_plan_key": 1, "assessment_key": 1, "start_date": begun + timedelta(weeks=20)}],
    )
    (made,) = wait_populations(area)
    assert made.units.select("days", "served").rows() == [(140, True), (25, False), (330, False)]


def test_no_wait_statistics_without_waits() -> None:
    found = wait_statistics({}, [table("waits_camhs", wait={})])
    assert isinstance(found, pd.DataFrame) and found.empty and np.array_equal(found.columns, STATISTIC_COLUMNS)
