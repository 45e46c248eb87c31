"""Pupils on roll: who is counted once, and what a term's sessions say."""

from __future__ import annotations

from datetime import date
from typing import Any

from jsna_pipeline.local.pupils import pupil_populations
from jsna_pipeline.local.units import Population
from tests.local.record_tables import records


def pupils(*given: dict[str, Any], **tables: Any) -> Population:
    cells = [
        {"pupil_key": key, "person": f"p{key}", "year_group": "7", "sen_provision": "N", "sex": "F", **pupil}
        for key, pupil in enumerate(given, start=1)
    ]
    return pupil_populations(records(school_census__pupil=cells, **tables))[0]


def absent(key: int, **sessions: int) -> list[dict[str, Any]]:
    return [{"pupil_key": key, "reason": reason, "sessions": number} for reason, number in sessions.items()]


def test_a_pupil_of_two_schools_counts_once_and_a_guest_not_at_all() -> None:
    units = pupils({"enrolment": "M"}, {"enrolment": "S"}, {"enrolment": "G"}, {"person": "p1"}, {"person": None}).units
    assert units.height == 2


def test_absence_of_a_tenth_is_persistent_and_of_half_severe() -> None:
    units = pupils(
        *({"sessions_possible": 140},) * 4,
        {"sessions_possible": 0},
        school_census__session=[
            *absent(1, I=14),
            *absent(2, I=13, X=60),  # not required to attend is no absence
            *absent(3, U=60, I=10),
            *absent(5, U=5),
        ],
    ).units
    assert units["persistent_absence"].to_list() == ["yes", "no", "yes", "no", "not_known"]
    assert units["severe_absence"].to_list() == ["no", "no", "yes", "no", "not_known"]
    assert units["absent_for_health"].to_list() == ["yes", "no", "no", "no", "not_known"]


def test_part_time_timetables_come_from_the_code_and_from_the_register() -> None:
    on_register = [
        {"person": "p2", "start_date": date(2024, 11, 1)},
        {"person": "p3", "start_date": date(2024, 11, 1), "end_date": date(2024, 12, 1)},
    ]
    made = pupils(
        *({"sessions_possible": 140},) * 3,
        school_census__session=absent(1, C2=20),
        part_time_timetables__row=on_register,
    )
    assert made.units["part_time_timetable"].to_list() == ["yes", "yes", "no"]
    assert made.rule("part_time_timetable") == "education"


def test_suspended_pupils_are_told_from_those_permanently_excluded() -> None:
    rows = [
        {"pupil_key": 1, "category": "SUSP"},
        {"pupil_key": 1, "category": "SUSP"},
        {"pupil_key": 2, "category": "PERM"},
    ]
    units = pupils({}, {}, {}, school_census__exclusion=rows).units
    assert units.select("suspended", "permanently_excluded").rows() == [("yes", "no"), ("no", "yes"), ("no", "no")]


def test_need_is_the_first_in_rank_and_nobody_without_sen_has_one() -> None:
    needs = [
        {"pupil_key": 1, "need_key": 1, "need": "HI", "need_rank": 2},
        {"pupil_key": 1, "need_key": 2, "need": "SLCN", "need_rank": 1},
        {"pupil_key": 3, "need_key": 3, "need": "ASD", "need_rank": 1},
    ]
    units = pupils(*({"sen_provision": stage} for stage in "KEN"), school_census__need=needs).units
    assert units.select("sen_stage", "sen", "primary_need", "area_of_need").rows() == [
        ("sen_support", "yes", "speech_language_and_communication", "communication_and_interaction"),
        ("ehc_plan", "yes", "not_known", "not_known"),
        ("no_sen", "no", "none", "none"),
    ]
    assert units["phase"].unique().to_list() == ["secondary"]
    assert "ward" not in units.columns
