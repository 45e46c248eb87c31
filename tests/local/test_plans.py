"""Who is counted as having a plan, where each learns, and what falls due."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jsna_pipeline.local.plans import plan_populations
from tests.local.record_tables import records, with_plans

REGISTER = [
    {"urn": "1", "name": "A", "type": "Community special school", "la_code": "359"},
    {"urn": "2", "name": "B", "type": "Other independent special school", "la_code": "350"},
    {"urn": "3", "name": "C", "type": "Academy converter", "la_code": "359"},
    {"urn": "4", "name": "D", "type": "Special post 16 institution", "la_code": "359"},
    {"urn": "5", "name": "E", "type": "Academy alternative provision converter", "la_code": "359"},
    {"urn": "6", "name": "F", "type": "Local authority nursery school", "la_code": "359"},
    {"urn": "7", "name": "G", "type": "Non-maintained special school", "la_code": "359"},
]


def plans(*given: dict[str, object], **more: list[dict[str, object]]) -> pl.DataFrame:
    return plan_populations(with_plans(*given, establishments__row=REGISTER, **more))[0].units


@pytest.mark.parametrize(
    ("cells", "provision", "placement", "in_area"),
    [
        ({"urn": "1"}, "state_special", "special", "yes"),
        ({"urn": "2"}, "independent_special", "special", "no"),
        ({"urn": "3"}, "mainstream", "mainstream", "yes"),
        ({"urn": "3", "resourced_provision": True}, "resourced_or_unit", "mainstream", "yes"),
        # A flag on a special school is a mistake of the return: the school is what it is.
        ({"urn": "1", "sen_unit": True}, "state_special", "special", "yes"),
        ({"urn": "4"}, "further_education", "further_education", "yes"),
        ({"urn": "5"}, "alternative_provision", "alternative_provision", "yes"),
        ({"urn": "6"}, "early_years", "early_years", "yes"),
        ({"urn": "7"}, "independent_special", "special", "yes"),
        ({"ukprn": "10001"}, "further_education", "further_education", "not_known"),
        ({"urn": "99"}, "not_known", "not_known", "not_known"),
        ({"setting": "EHE"}, "educated_elsewhere", "educated_elsewhere", "no_setting"),
        ({"setting": "NEET"}, "not_in_education", "educated_elsewhere", "no_setting"),
    ],
)
def test_the_kind_of_a_setting(cells: dict[str, object], provision: str, placement: str, in_area: str) -> None:
    # A second plan keeps every column from being unknown throughout, and so left out.
    units = plans(cells, {"urn": "1"}).select("provision", "placement", "in_area")
    assert units.row(0) == (provision, placement, in_area)


def test_ages_are_those_of_31_august_and_nest_in_their_bands() -> None:
    units = plans(
        {"birth_month": date(2013, 8, 1)},  # 11 on 31 August 2024: year 7
        {"birth_month": date(2013, 9, 1)},  # not yet: year 6
        {"birth_month": date(2004, 9, 1)},
        {"birth_month": date(2020, 8, 1)},
    )
    assert units["year_of_age"].to_list() == ["year_7", "year_6", "age_19", "reception"]
    assert units["age_band"].to_list() == ["11-15", "5-10", "16-19", "0-4"]
    assert units["aged_16_or_over"].to_list() == ["no", "no", "yes", "no"]


def test_the_placement_of_census_day_counts_and_the_move_to_it() -> None:
    tables = with_plans({"urn": "3", "entry_date": date(2022, 9, 1), "leaving_date": date(2024, 8, 31)}).tables
    later = tables["sen2_placement"].with_columns(
        placement_key=pl.lit(2, pl.Int64),
        urn=pl.lit("1"),
        entry_date=date(2024, 9, 2),
        leaving_date=pl.lit(None, pl.Date),
    )
    area = with_plans({}, establishments__row=REGISTER)
    placed = {**tables, "sen2_placement": pl.concat([tables["sen2_placement"], later])}
    placed["establishments_row"] = area.tables["establishments_row"]
    held, moves = plan_populations(type(area)(placed, area.year, area.la_code))
    assert held.units["provision"].to_list() == ["state_special"]
    assert moves.units.select("moved_from", "moved_to", "between_kinds").rows() == [("mainstream", "special", "yes")]
    assert (moves.period, moves.rule()) == ("2024-01 to 2025-01", "education")


def test_reviews_and_their_decisions() -> None:
    units = plans(
        {"review_meeting": date(2024, 3, 1), "last_review": date(2024, 3, 29)},  # 28 days: in time
        {"review_meeting": date(2024, 3, 1), "last_review": date(2024, 3, 30)},
        {"review_meeting": date(2025, 1, 10)},  # four weeks are not over
        {"review_meeting": date(2023, 12, 1), "last_review": date(2023, 12, 5)},  # too long ago
        {"start_date": date(2024, 6, 1)},  # the first review is not yet due
    )
    assert units["review_held"].to_list() == ["yes", "yes", "yes", "no", "not_yet_due"]
    decided = ["yes", "no", "not_yet_due", "no_review", "no_review"]
    assert units["review_decided_in_4_weeks"].to_list() == decided


def test_transfers_to_the_next_phase() -> None:
    due = date(2024, 2, 15)
    units = plans(
        {"age": 11, "transfer_due": due, "transfer_final": due},
        {"age": 11, "transfer_due": due, "transfer_final": date(2024, 2, 16)},
        {"age": 16, "transfer_due": date(2024, 3, 31)},
        {"age": 4, "transfer_due": due, "transfer_final": date(2024, 1, 9)},
        {"age": 8},
    )
    assert units["phase_transfer"].to_list() == ["year_6_to_7", "year_6_to_7", "into_post_16", "into_school", "none"]
    assert units["transfer_in_time"].to_list() == ["yes", "no", "no", "yes", "none_due"]


def test_a_person_reported_twice_has_one_plan() -> None:
    area = with_plans({}, {})
    request = area.tables["sen2_request"].with_columns(person_key=pl.lit(1, pl.Int64))
    twice = type(area)({**area.tables, "sen2_request": request}, area.year, area.la_code)
    assert plan_populations(twice)[0].units.height == 1


def test_a_plan_takes_the_stricter_rule_of_social_care_only_where_it_shows_it() -> None:
    child = [{"person": "p1", "child_key": 7}]
    episode = [{"person": "p1", "child_key": 7, "episode_key": 1, "referral_date": date(2024, 1, 1)}]
    area = with_plans({}, {}, {"person": None}, children_in_need__child=child, children_in_need__episode=episode)
    made = plan_populations(area)[0]
    assert made.units["social_care"].to_list() == ["child_in_need", "none", "not_known"]
    assert made.rule("age_band") == "education"
    assert made.rule("age_band", "social_care") == "social_care"


def test_without_sen2_there_are_no_plans() -> None:
    assert plan_populations(records()) == []


def test_without_a_lookup_of_small_areas_there_is_no_ward() -> None:
    assert "ward" not in plan_populations(with_plans({}))[0].attributes
