"""Requests, open cases, and plans issued and ended: which year, which stage, how many weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from jsna_pipeline.local.process import process_populations
from jsna_pipeline.local.units import Population
from tests.local.record_tables import CENSUS, births, records

REQUEST = date(2024, 3, 4)
REQUEST_CELLS = {"received_date", "outcome", "outcome_date", "moved_away"}


def made(*cases: dict[str, Any]) -> dict[str, Population]:
    """One request a person; `assessed`, `started`, `ceased`, `active` say how far each went."""
    people, requests, assessments, plans, active = [], [], [], [], []
    for key, case in enumerate(cases, start=1):
        people.append({"person_key": key, "person": f"p{key}", "birth_month": births(case.get("age", 6)), "sex": "F"})
        request = {"person_key": key, "request_key": key, "received_date": REQUEST, "outcome": "A"}
        requests.append(
            request | {k: v for k, v in case.items() if k in {"received_date", "outcome", "outcome_date", "moved_away"}}
        )
        if "assessed" in case:
            outcome = {"outcome": case["assessed"], "outcome_date": case.get("assessed_on")}
            assessments.append({"assessment_key": key, "request_key": key, **outcome})
        if "started" in case:
            ended = {"cease_date": case.get("ceased"), "cease_reason": case.get("reason")}
            plans.append({"assessment_key": key, "named_plan_key": key, "start_date": case["started"], **ended})
        if case.get("active"):
            active.append({"active_plan_key": key, "request_key": key})
    area = records(
        sen2__person=people, sen2__request=requests, sen2__assessment=assessments, sen2__named_plan=plans,
        sen2__active_plan=active,
    )  # fmt: skip
    return {each.id: each for each in process_populations(area)}


def test_requests_are_those_of_the_year_and_late_from_the_43rd_day() -> None:
    requests = made(
        {"outcome": "Y", "outcome_date": REQUEST + timedelta(days=42)},
        {"outcome": "N", "outcome_date": REQUEST + timedelta(days=43)},
        {"outcome": "A"},
        {"outcome": "W", "outcome_date": REQUEST},
        {"outcome": "Y", "received_date": date(2023, 12, 31)},
        {"outcome": "Y", "received_date": date(2025, 1, 1)},
        {"outcome": "H"},
    )["requests"]
    assert requests.units["decided_in_6_weeks"].to_list() == ["yes", "no", "not_decided", "not_decided"]
    assert requests.units["decision"].to_list() == ["assess", "not_assess", "not_yet_decided", "withdrawn"]
    assert (requests.period, requests.period_type, set(requests.units["month"])) == (
        "2024",
        "calendar_year",
        {"2024-03"},
    )


@pytest.mark.parametrize(
    ("case", "stage"),
    [
        ({"outcome": "A"}, "deciding_whether_to_assess"),
        ({"outcome": "Y"}, "assessing"),
        ({"outcome": "Y", "assessed": "A"}, "assessing"),
        ({"outcome": "Y", "assessed": "Y"}, "writing_the_plan"),
        ({"outcome": "N"}, None),
        ({"outcome": "W"}, None),
        ({"outcome": "H", "active": True}, None),
        ({"outcome": "Y", "assessed": "N"}, None),
        ({"outcome": "Y", "assessed": "Y", "started": date(2024, 9, 1)}, None),
        ({"outcome": "A", "moved_away": "350"}, None),
        ({"outcome": "A", "moved_away": "true"}, None),
        ({"outcome": "A", "moved_away": "false"}, "deciding_whether_to_assess"),
        ({"outcome": "A", "received_date": CENSUS + timedelta(days=1)}, None),
    ],
)
def test_the_stage_at_which_a_case_is_open(case: dict[str, Any], stage: str | None) -> None:
    units = made(case, {"outcome": "A"})["open_cases"].units
    assert units["stage"].to_list() == [found for found in (stage, "deciding_whether_to_assess") if found]


def test_a_case_is_open_too_long_after_20_full_weeks() -> None:
    units = made(*({"received_date": CENSUS - timedelta(days=days)} for days in (0, 140, 141, 365)))["open_cases"].units
    assert units.select("weeks_open", "over_20_weeks").rows() == [
        ("0-6", "no"),
        ("16-20", "no"),
        ("20-26", "yes"),
        ("over_52", "yes"),
    ]


def test_a_plan_is_in_time_on_the_140th_day_and_counts_in_the_year_it_started() -> None:
    issued = made(
        {"outcome": "Y", "assessed": "Y", "started": REQUEST + timedelta(days=140)},
        {"outcome": "Y", "assessed": "Y", "started": REQUEST + timedelta(days=141)},
        {"outcome": "Y", "assessed": "Y", "started": date(2025, 1, 3)},
    )["issued_plans"].units
    assert issued["within_20_weeks"].to_list() == ["yes", "no"]


def test_a_plan_written_anew_is_not_a_new_plan() -> None:
    area = made({"outcome": "Y", "assessed": "Y", "started": date(2023, 5, 1)})
    assert area["issued_plans"].units.is_empty()


def test_plans_end_in_the_year_of_the_reason() -> None:
    began = {"outcome": "H", "assessed": "H", "started": date(2019, 1, 1)}
    ended = made(
        began | {"ceased": date(2024, 7, 1), "reason": "2", "age": 17},
        began | {"ceased": date(2023, 7, 1), "reason": "1"},
    )["ceased_plans"].units
    assert ended.select("reason", "age_band", "years_held").rows() == [("needs_met", "16-19", "3-5")]


def test_decided_assessments() -> None:
    units = made(
        {"outcome": "Y", "assessed": "Y", "assessed_on": date(2024, 6, 1)},
        {"outcome": "Y", "assessed": "N", "assessed_on": date(2024, 6, 1)},
        {"outcome": "Y", "assessed": "A"},
    )["assessments"].units
    assert units["outcome"].to_list() == ["plan", "no_plan"]
