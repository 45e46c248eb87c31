"""Pupils on roll and at school: the January census and attendance.

Here: "Schools, pupils and their characteristics" (pupils by type of school, language, ethnicity, free
school meals and year group) and the year-to-date file of "Pupil attendance in schools". Not here:
alternative provision (`alternative_provision`), or pupils' needs and attainment, which the pipeline takes
from LAIT (`lait`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from seeds.generator import alternative_provision, plans
from seeds.generator.country import Floats, Ints, Vintage, country, stream
from seeds.generator.figures import (
    LEVELS,
    apportion,
    as_text,
    column_names,
    expand,
    half_up,
    identifiers,
    in_published_order,
)
from seeds.generator.plans import ETHNICITIES
from seeds.generator.writing import csv_bytes, gzip_bytes, write

JANUARIES = (2020, 2021, 2022, 2023, 2024, 2025)
PHASES = (
    "State-funded primary", "State-funded secondary", "State-funded special school", "State-funded nursery",
    "Pupil referral unit",
)  # fmt: skip
# Wigan's education strategy says 47,780 pupils. They are given to January 2025, whose pupils the embedded returns
# hold one by one; the special schools have room for the plans placed in them and a few visitors.
WIGAN_2025 = (27_210, 19_520, 560, 320, 170)
LANGUAGES = ("Known or believed to be English", "Known or believed to be other than English", "Language unclassified")
MEALS = ("Known to be eligible for free school meals", "Not known to be eligible for free school meals")
SPC_ORDER = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_name", "region_code", "old_la_code", "la_name", "new_la_code",
)  # fmt: skip


@cache
def pupils() -> Ints:
    """Pupils on roll in January by authority, year and type of school: shape (153, 6, 5)."""
    place = country()
    rng = stream("pupils")
    years = np.array(JANUARIES)
    own = np.exp(rng.normal(0, 0.05, (place.size, 1, len(PHASES))))
    share = np.array([0.377, 0.296, 0.0118, 0.0031, 0.0010])
    change = np.stack(
        [
            1 - 0.004 * (years - 2021),
            1 + 0.012 * (years - 2021),
            1 + 0.045 * (years - 2021),
            0 * years + 1,
            1 + 0.03 * (years - 2021),
        ]
    ).T
    drift = np.exp(np.cumsum(rng.normal(0, 0.004, (place.size, len(years), len(PHASES))), axis=1))
    table = np.rint(place.children[:, None, None] * share * own * change * drift).astype(np.int64)
    wigan = place.index_of("wigan")
    course = table[wigan] / table[wigan, JANUARIES.index(2025)]
    table[wigan] = np.rint(np.array(WIGAN_2025) * course)
    return table


def publish_census(folder: Path) -> list[Path]:
    language, meals = language_table(), meals_table()
    return [
        write(folder / "spc_pupils_ethnicity_and_language.csv.gz", gzip_bytes(csv_bytes(language))),
        write(folder / "spc_pupils_fsm_ethnicity_yrgp.csv.gz", gzip_bytes(csv_bytes(meals))),
        *alternative_provision.publish(folder),
    ]


def publish_attendance(folder: Path) -> list[Path]:
    return [write(folder / "EES_ytd_data.csv.gz", gzip_bytes(csv_bytes(attendance_table(), quote_all=True)))]


def _with_total(by_phase: Ints) -> Ints:
    """Adds the total over the types of school as a last entry of axis 1."""
    return np.concatenate([by_phase, by_phase.sum(axis=1, keepdims=True)], axis=1)


def _academic(january: int) -> str:
    return f"{january - 1}{january % 100:02d}"


def language_table() -> pd.DataFrame:
    """Pupils by type of school and first language in all years, and by ethnic group in the last."""
    place = country()
    rng = stream("language")
    level = np.clip(0.16 * np.exp(0.7 * rng.standard_normal(place.size)), 0.015, 0.6)
    london = (place.areas["region_code"] == "E12000007").to_numpy()
    level = np.where(london, np.clip(level + 0.28, 0.1, 0.75), level)
    parts = []
    for at, january in enumerate(JANUARIES):
        vintage = place.at(f"{january}-01-15")
        ids = identifiers(place, vintage, _academic(january), "Academic year", SPC_ORDER)
        other = np.clip(level * 1.03 ** (january - 2022), 0, 0.8)[:, None, None]
        chances = np.broadcast_to(
            np.concatenate([0.994 - other, other, 0 * other + 0.006], axis=2), (place.size, len(PHASES), 3)
        )
        split = _with_total(rng.multinomial(pupils()[:, at], chances))
        counts = vintage.roll_up(np.concatenate([split, split.sum(axis=2, keepdims=True)], axis=2))
        phases, languages = (*PHASES, "Total"), (*LANGUAGES, "Total")
        filters = {
            "phase_type_grouping": np.repeat(phases, len(languages)).tolist(),
            "ethnicity": ["Total"] * (len(phases) * len(languages)),
            "language": list(languages) * len(phases),
        }
        totals = np.broadcast_to(counts[:, :, -1:], counts.shape)
        parts.append(expand(ids, filters, {"headcount": counts, "_all": totals}))
        if january == JANUARIES[-1]:
            parts.append(_ethnicity_rows(ids, vintage, pupils()[:, at].sum(axis=1)))
    table = in_published_order(pd.concat(parts, ignore_index=True))
    table = table[table["_all"] > 0]
    share = half_up(table["headcount"].to_numpy(), table["_all"].to_numpy(), dp=9)
    return table.drop(columns="_all").assign(percent_of_pupils=as_text(share))


def _ethnicity_rows(ids: pd.DataFrame, vintage: Vintage, everyone: Ints) -> pd.DataFrame:
    """All pupils by ethnic group, with the mix of each authority's plans as its mix of pupils."""
    people = plans.caseload(2025)
    shape = (country().size, len(ETHNICITIES))
    mix = np.bincount(people.authority * shape[1] + people.ethnicity, minlength=shape[0] * shape[1]).reshape(shape)
    chances = (mix + 0.5) / (mix + 0.5).sum(axis=1, keepdims=True)
    counts = vintage.roll_up(stream("ethnicity of pupils").multinomial(everyone, chances))
    filters = {"phase_type_grouping": ["Total"] * shape[1], "ethnicity": ETHNICITIES, "language": ["Total"] * shape[1]}
    totals = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
    return expand(ids, filters, {"headcount": counts, "_all": totals})


YEAR_GROUPS = ("Reception", *(f"Year {number}" for number in range(1, 12)))
_PRIMARY_YEARS = 7


def meals_table() -> pd.DataFrame:
    """Pupils by type of school and eligibility for free school meals in all years, by year group in the last."""
    place = country()
    rng = stream("free meals")
    level = 0.225 * np.exp(0.33 * place.deprivation + 0.12 * rng.standard_normal(place.size))
    by_phase = np.array([1.0, 0.95, 1.9, 0.4, 2.3])
    parts = []
    for at, january in enumerate(JANUARIES):
        vintage = place.at(f"{january}-01-15")
        ids = identifiers(place, vintage, _academic(january), "Academic year", SPC_ORDER)
        chance = np.clip(level[:, None] * by_phase * (1 + 0.055 * (january - 2022)), 0.01, 0.9)
        everyone = pupils()[:, at]
        eligible = rng.binomial(everyone, chance)
        both = _with_total(np.stack([eligible, everyone - eligible], axis=2))
        counts = vintage.roll_up(both)
        phases = (*PHASES, "Total")
        filters = {
            "phase_type_grouping": np.repeat(phases, 2).tolist(),
            "characteristic_group": ["Total"] * (2 * len(phases)),
            "characteristic": ["Total"] * (2 * len(phases)),
            "fsm_eligibility": list(MEALS) * len(phases),
        }
        totals = np.broadcast_to(counts.sum(axis=2, keepdims=True), counts.shape)
        parts.append(expand(ids, filters, {"number_of_pupils": counts, "denominator": totals}))
        if january == JANUARIES[-1]:
            parts.append(_year_group_rows(ids, vintage, everyone, chance))
    table = in_published_order(pd.concat(parts, ignore_index=True))
    table = table[table["denominator"] > 0]
    share = half_up(table["number_of_pupils"].to_numpy(), table["denominator"].to_numpy(), dp=2)
    return table.assign(percent_of_pupils=as_text(share))


def year_groups(roll: Ints) -> Ints:
    """Pupils of primary and secondary schools in each year from Reception to 11: (153, 12), from the roll by type."""
    rng = stream("year groups")
    parts = ((0, _PRIMARY_YEARS), (1, len(YEAR_GROUPS) - _PRIMARY_YEARS))
    return np.concatenate([rng.multinomial(roll[:, at], np.full(count, 1 / count)) for at, count in parts], axis=1)


def _year_group_rows(ids: pd.DataFrame, vintage: Vintage, roll: Ints, chance: Floats) -> pd.DataFrame:
    """Reception to year 11 of primary and secondary schools by eligibility, all types of school together."""
    rng = stream("free meals by year group")
    years = len(YEAR_GROUPS)
    groups = year_groups(roll)
    level = np.repeat(chance[:, :2], (_PRIMARY_YEARS, years - _PRIMARY_YEARS), axis=1)
    eligible = rng.binomial(groups, level)
    counts = vintage.roll_up(np.stack([eligible, groups - eligible], axis=2))
    filters = {
        "phase_type_grouping": ["Total"] * (2 * years),
        "characteristic_group": ["NC year group"] * (2 * years),
        "characteristic": np.repeat(YEAR_GROUPS, 2).tolist(),
        "fsm_eligibility": list(MEALS) * years,
    }
    totals = np.broadcast_to(counts.sum(axis=2, keepdims=True), counts.shape)
    return expand(ids, filters, {"number_of_pupils": counts, "denominator": totals})


ATTENDANCE_HEADER = column_names("""
time_period geographic_level country_code country_name region_code region_name new_la_code la_name
old_la_code education_phase num_schools enrolments present_sessions overall_attendance
approved_educational_activity overall_absence authorised_absence unauthorised_absence late_sessions
possible_sessions reason_present_am reason_present_pm reason_present
reason_l_present_late_before_registers_closed reason_i_authorised_illness reason_m_authorised_medical_dental
reason_r_authorised_religious_observance reason_s_authorised_study_leave reason_t_authorised_mobile_child
reason_h_authorised_holiday reason_e_authorised_excluded reason_c_authorised_other
reason_c1_authorised_regulated_performance reason_j1_authorised_interview
reason_c2_authorised_temp_reduced_timetable reason_b_aea_education_off_site reason_j_aea_interview
reason_p_aea_approved_sporting_activity reason_v_aea_educational_visit_trip reason_w_aea_work_experience
reason_k_aea_education_arranged_by_la reason_g_unauthorised_holiday
reason_u_unauthorised_late_after_registers_closed reason_o_other_unauthorised reason_n_no_reason_yet
total_num_schools total_enrolments attendance_perc overall_absence_perc authorised_absence_perc
unauthorised_absence_perc illness_perc appointments_perc unauth_hol_perc unauth_oth_perc
unauth_late_registers_closed_perc unauth_not_yet_perc auth_religious_perc auth_study_perc auth_mob_perc
auth_excluded_perc auth_performance_perc auth_interview_perc auth_part_time_perc auth_other_perc pa_perc
time_identifier
""")
_AUTHORISED = {
    "i_authorised_illness": 0.7,
    "m_authorised_medical_dental": 0.073,
    "r_authorised_religious_observance": 0.013,
    "s_authorised_study_leave": 0.01,
    "t_authorised_mobile_child": 0.002,
    "h_authorised_holiday": 0.0002,
    "e_authorised_excluded": 0.034,
    "c_authorised_other": 0.09,
    "c1_authorised_regulated_performance": 0.001,
    "j1_authorised_interview": 0.004,
    "c2_authorised_temp_reduced_timetable": 0.0728,
}
_UNAUTHORISED = {"g_unauthorised_holiday": 0.19, "u_unauthorised_late_after_registers_closed": 0.10,
                 "o_other_unauthorised": 0.69, "n_no_reason_yet": 0.02}  # fmt: skip
_APPROVED = {
    "b_aea_education_off_site": 0.2,
    "j_aea_interview": 0.0002,
    "p_aea_approved_sporting_activity": 0.0868,
    "v_aea_educational_visit_trip": 0.57,
    "w_aea_work_experience": 0.106,
    "k_aea_education_arranged_by_la": 0.037,
}
_SHARES = {
    "attendance_perc": "overall_attendance", "overall_absence_perc": "overall_absence",
    "authorised_absence_perc": "authorised_absence", "unauthorised_absence_perc": "unauthorised_absence",
    "illness_perc": "reason_i_authorised_illness", "appointments_perc": "reason_m_authorised_medical_dental",
    "unauth_hol_perc": "reason_g_unauthorised_holiday", "unauth_oth_perc": "reason_o_other_unauthorised",
    "unauth_late_registers_closed_perc": "reason_u_unauthorised_late_after_registers_closed",
    "unauth_not_yet_perc": "reason_n_no_reason_yet", "auth_religious_perc": "reason_r_authorised_religious_observance",
    "auth_study_perc": "reason_s_authorised_study_leave", "auth_mob_perc": "reason_t_authorised_mobile_child",
    "auth_excluded_perc": "reason_e_authorised_excluded",
    "auth_performance_perc": "reason_c1_authorised_regulated_performance",
    "auth_interview_perc": "reason_j1_authorised_interview",
    "auth_part_time_perc": "reason_c2_authorised_temp_reduced_timetable",
    "auth_other_perc": "reason_c_authorised_other",
}  # fmt: skip
_PHASES_AT_SCHOOL = ("Primary", "Secondary", "Special")
_ABSENCE = np.array([[0.0373, 0.0155], [0.0522, 0.0327], [0.0957, 0.0360]])
_PERSISTENT = np.array([0.137, 0.237, 0.360])
_SCHOOL_SIZE = np.array([270, 1040, 150])


def attendance_table() -> pd.DataFrame:
    """Sessions of the school year to date by type of school; special schools of very small areas are `c`."""
    place = country()
    counts = _sessions()
    vintage = place.at("2025-03-31")
    phases = (*_PHASES_AT_SCHOOL, "Total")
    rolled = {name: vintage.roll_up(np.column_stack([table, table.sum(axis=1)])) for name, table in counts.items()}
    ids = identifiers(place, vintage, "202526", "Academic year", SPC_ORDER)
    table = expand(ids, {"education_phase": phases}, rolled)
    for name, column in _SHARES.items():
        table[name] = _precise(100 * table[column] / table["possible_sessions"])
    table["pa_perc"] = _precise(100 * table["_persistent"] / table["enrolments"])
    # A head count averaged over the days of the year is no whole number.
    days = 61
    table["num_schools"] = _precise(table["total_num_schools"] * (1 - 2 / days))
    table["enrolments"] = _precise(table["enrolments"] - (table["enrolments"] % days) / days)
    table = in_published_order(table).astype(dict.fromkeys(ATTENDANCE_HEADER[10:-1], object))
    few = (table["geographic_level"] == LEVELS[0]) & (table["total_num_schools"].astype(int) < 2)
    table.loc[few, list(ATTENDANCE_HEADER[10:-1])] = "c"
    return table.loc[:, list(ATTENDANCE_HEADER)]


def _precise(values: pd.Series) -> pd.Series:
    """Fifteen significant digits as text, as the real file prints its percentages."""
    return values.map(lambda value: f"{value:.15g}")


def _sessions() -> dict[str, Ints]:
    """Every count of the attendance file by authority and type of school, shape (153, 3)."""
    place = country()
    rng = stream("attendance")
    roll = pupils()[:, -1, :3]
    level = np.exp(0.07 * place.deprivation - 0.03 * place.outcomes + 0.03 * rng.standard_normal(place.size))[:, None]
    enrolled = np.rint(roll * 0.92).astype(np.int64)
    possible = enrolled * 363
    authorised = np.rint(possible * _ABSENCE[:, 0] * level).astype(np.int64)
    unauthorised = np.rint(possible * _ABSENCE[:, 1] * level**2).astype(np.int64)
    attended = possible - authorised - unauthorised
    approved = np.rint(
        possible * np.array([0.0103, 0.0156, 0.0156]) * np.exp(0.1 * rng.standard_normal((place.size, 1)))
    ).astype(np.int64)
    present = attended - approved
    late = np.rint(present * np.array([0.012, 0.031, 0.009])).astype(np.int64)
    morning = np.rint((present - late) * 0.496).astype(np.int64)
    counts = {
        "present_sessions": present, "overall_attendance": attended, "approved_educational_activity": approved,
        "overall_absence": authorised + unauthorised, "authorised_absence": authorised,
        "unauthorised_absence": unauthorised, "possible_sessions": possible, "reason_present_am": morning,
        "reason_present_pm": present - late - morning, "reason_present": present - late,
        "reason_l_present_late_before_registers_closed": late, "enrolments": enrolled,
        "_persistent": np.rint(enrolled * np.clip(_PERSISTENT * level**1.8, 0, 0.9)).astype(np.int64),
        "total_num_schools": np.maximum(1, np.rint(roll / _SCHOOL_SIZE)).astype(np.int64) * (roll > 0),
        "total_enrolments": roll,
    }  # fmt: skip
    for reasons, total in ((_AUTHORISED, authorised), (_UNAUTHORISED, unauthorised), (_APPROVED, approved)):
        counts |= _split(total, reasons)
    counts["late_sessions"] = late + counts["reason_u_unauthorised_late_after_registers_closed"]
    return counts


def _split(total: Ints, reasons: dict[str, float]) -> dict[str, Ints]:
    """A count of sessions divided among its reasons so that they add up to it."""
    weights: Floats = np.array(list(reasons.values()))
    cells = np.array([apportion(int(value), weights) for value in total.ravel()])
    return {f"reason_{name}": cells[:, at].reshape(total.shape) for at, name in enumerate(reasons)}
