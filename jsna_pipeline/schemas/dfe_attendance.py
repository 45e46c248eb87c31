"""School sessions attended and missed: core tables of the Department for Education.

Here: daily attendance in the school year to date, and the sessions of pupils in contact with social
care: which published columns each table keeps, what they mean and in which unit. Not here: persistent
absence of pupils in contact with social care (`dfe_social_care.py`), or the full-year rates of all
pupils, which the pipeline takes from LAIT (`lait.py`).
Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from typing import Any

from jsna_pipeline.schemas.base import CoreTable, count, filter_column, percentage


def sessions(description: str, *, published_as: list[str]) -> Any:
    """A number of half-day sessions, never negative."""
    return count(description, published_as=published_as, unit="sessions")


class AttendanceToDate(CoreTable):
    """Sessions recorded in daily registers since the start of the school year, by type of school."""

    school_type: str = filter_column(
        "Type of school: Total, Primary, Secondary or Special", published_as=["education_phase", "school_type"]
    )
    possible: float = sessions("Sessions that pupils could attend", published_as=["possible_sessions"])
    attended: float = sessions(
        "Sessions attended, approved activities elsewhere included", published_as=["overall_attendance"]
    )
    missed: float = sessions("Sessions missed for any reason", published_as=["overall_absence"])
    authorised: float = sessions("Sessions missed with leave", published_as=["authorised_absence"])
    unauthorised: float = sessions("Sessions missed without leave", published_as=["unauthorised_absence"])
    late: float = sessions("Sessions for which the pupil came late", published_as=["late_sessions"])
    illness: float = sessions("Sessions missed through illness (code I)", published_as=["reason_i_authorised_illness"])
    appointments: float = sessions(
        "Sessions missed for medical or dental appointments (code M)",
        published_as=["reason_m_authorised_medical_dental"],
    )
    part_time: float = sessions(
        "Sessions missed by an agreed part-time timetable (code C2)",
        published_as=["reason_c2_authorised_temp_reduced_timetable"],
    )
    suspended: float = sessions(
        "Sessions missed while suspended or excluded (code E)", published_as=["reason_e_authorised_excluded"]
    )
    off_site: float = sessions(
        "Sessions of approved education off site (code B)", published_as=["reason_b_aea_education_off_site"]
    )
    arranged_by_authority: float = sessions(
        "Sessions of education arranged by the authority (code K)",
        published_as=["reason_k_aea_education_arranged_by_la"],
    )
    persistent_percent: float = percentage(
        "Share of pupils who missed 10 % or more of sessions so far", published_as=["pa_perc"]
    )


class SocialCareSessions(CoreTable):
    """Sessions missed by pupils in contact with social care, by social care group and type of school."""

    social_care_group: str = filter_column("Social care group", published_as=["social_care_group"])
    phase: str = filter_column("Type of school", published_as=["phase_type_grouping"])
    possible: float = sessions("Sessions that pupils could attend", published_as=["t_sess_possible"])
    missed: float = sessions("Sessions missed for any reason", published_as=["t_sess_overall"])
    missed_percent: float = percentage("Share of sessions missed", published_as=["pt_overall"])
    authorised: float = sessions("Sessions missed with leave", published_as=["t_sess_authorised"])
    authorised_percent: float = percentage("Share missed with leave", published_as=["pt_sess_authorised"])
    unauthorised: float = sessions("Sessions missed without leave", published_as=["t_sess_unauthorised"])
    unauthorised_percent: float = percentage("Share missed without leave", published_as=["pt_sess_unauthorised"])
