"""Core tables of the Department for Education: EHC plans (SEN2), pupils, children in need and in care.

Here: which published columns each table keeps, what they mean and in which unit. Not here: where
the file lies (`catalogue/datasets/`) or how an indicator combines columns (`catalogue/indicators/`).
Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column, number, percentage


class Sen2Caseload(CoreTable):
    """EHC plans maintained at the January census, by where the child or young person is placed."""

    ehc_plans: float = count("EHC plans maintained", published_as=["ehcplans", "num_caseload"], unit="plans")
    mainstream: float = count("Placed in mainstream schools", published_as=["mainstream_total"], unit="plans")
    mainstream_resourced_la: float = count(
        "Resourced provision in mainstream schools maintained by the authority",
        published_as=["mainstream_la_maintained_resourced_provision"],
        unit="plans",
    )
    mainstream_resourced_academy: float = count(
        "Resourced provision in mainstream academies",
        published_as=["mainstream_academy_resourced_provision"],
        unit="plans",
    )
    mainstream_resourced_free: float = count(
        "Resourced provision in mainstream free schools",
        published_as=["mainstream_free_school_resourced_provision"],
        unit="plans",
    )
    mainstream_unit_la: float = count(
        "SEN units in mainstream schools maintained by the authority",
        published_as=["mainstream_la_maintained_senunit"],
        unit="plans",
    )
    mainstream_unit_academy: float = count(
        "SEN units in mainstream academies", published_as=["mainstream_academy_senunit"], unit="plans"
    )
    mainstream_unit_free: float = count(
        "SEN units in mainstream free schools", published_as=["mainstream_free_school_senunit"], unit="plans"
    )
    mainstream_independent: float = count(
        "Mainstream independent schools", published_as=["mainstream_independent"], unit="plans"
    )
    mainstream_percent: float = percentage("Share in mainstream schools", published_as=["mainstream_total_pc"])
    special: float = count("Placed in special schools", published_as=["special_total"], unit="plans")
    special_independent: float = count(
        "Independent special schools", published_as=["special_independent"], unit="plans"
    )
    special_non_maintained: float = count(
        "Non-maintained special schools", published_as=["special_non_maintained"], unit="plans"
    )
    special_percent: float = percentage("Share in special schools", published_as=["special_total_pc"])
    alternative_provision: float = count(
        "Placed in alternative provision or a pupil referral unit", published_as=["ap_pru_total"], unit="plans"
    )
    further_education: float = count("Placed in further education", published_as=["fe_total"], unit="plans")
    specialist_post_16: float = count(
        "Specialist post-16 institutions", published_as=["specialist_post_16_institutions"], unit="plans"
    )
    educated_elsewhere: float = count("Educated elsewhere", published_as=["ed_elsewhere"], unit="plans")
    elective_home_education: float = count(
        "Electively home educated", published_as=["elective_home_education"], unit="plans"
    )
    other_arrangements: float = count(
        "Other arrangements made by the authority", published_as=["other_arrangements_la"], unit="plans"
    )
    neet: float = count("Not in education, employment or training", published_as=["neet"], unit="plans")
    no_education_school_age: float = count(
        "Not in education or training, of compulsory school age", published_as=["neet_other_csa"], unit="plans"
    )
    early_years: float = count("Non-maintained early years", published_as=["nm_early_years"], unit="plans")
    placement_unknown: float = count("Placement not recorded", published_as=["placement_unknown"], unit="plans")


class Sen2Timeliness(CoreTable):
    """New EHC plans issued in the calendar year, by whether the 20 weeks of the law were kept."""

    issued: float = count("New plans issued, with exceptions", published_as=["plans_issued_den"], unit="plans")
    issued_excl: float = count(
        "New plans issued, without those to which an exception applied",
        published_as=["plans_issued_den_ex"],
        unit="plans",
    )
    within_20_weeks: float = count(
        "Issued within 20 weeks, with exceptions", published_as=["plans_issued_within_20_weeks"], unit="plans"
    )
    within_20_weeks_excl: float = count(
        "Issued within 20 weeks, without exceptions", published_as=["plans_issued_20_weeks_ex"], unit="plans"
    )
    within_20_weeks_percent: float = percentage(
        "Share within 20 weeks, with exceptions", published_as=["pc_plans_issued_within_20_weeks"]
    )
    within_20_weeks_excl_percent: float = percentage(
        "Share within 20 weeks, without exceptions", published_as=["PC_plans_issued_20_weeks_ex"]
    )
    over_one_year: float = count(
        "Issued more than a year after the request, with exceptions",
        published_as=["plans_issued_gt_1_year"],
        unit="plans",
    )
    over_one_year_percent: float = percentage(
        "Share issued after more than a year, with exceptions", published_as=["pc_plans_issued_gt_1_year"]
    )


class Sen2Requests(CoreTable):
    """Initial requests for an EHC needs assessment received in the calendar year."""

    requests: float = count("Requests received", published_as=["requests_received_in_year"], unit="requests")
    decided_to_assess: float = count("Decided to assess", published_as=["requests_decided_to_assess"], unit="requests")
    decided_not_to_assess: float = count(
        "Decided not to assess", published_as=["requests_decided_not_to_assess"], unit="requests"
    )
    not_assessed_percent: float = percentage(
        "Share of requests refused", published_as=["request_not_assess_pc"], unit="percent"
    )
    within_6_weeks: float = count(
        "Decision within 6 weeks", published_as=["request_outcome_six_weeks"], unit="requests"
    )
    over_6_weeks: float = count(
        "Decision after 6 weeks", published_as=["request_outcome_over_6_weeks"], unit="requests"
    )
    within_6_weeks_percent: float = percentage(
        "Share decided within 6 weeks", published_as=["request_outcome_six_weeks_pc"]
    )


class Sen2Assessments(CoreTable):
    """EHC needs assessments completed in the calendar year."""

    assessments: float = count("Assessments completed", published_as=["assess_in_year"], unit="assessments")
    plan_issued: float = count("A plan was issued", published_as=["assess_issued"], unit="assessments")
    plan_issued_percent: float = percentage("Share with a plan issued", published_as=["assess_issued_pc"])


class Sen2NewPlans(CoreTable):
    """EHC plans made for the first time in the calendar year."""

    new_plans: float = count("New plans", published_as=["new_ehc_plans"], unit="plans")


class Sen2CeasedPlans(CoreTable):
    """EHC plans that ceased in the calendar year, by reason."""

    ceased: float = count("Plans ceased", published_as=["total_ceased"], unit="plans")
    needs_met: float = count("Needs met without a plan", published_as=["needs_met"], unit="plans")
    maximum_age: float = count("Reached the maximum age", published_as=["max_age"], unit="plans")
    higher_education: float = count("Moved to higher education", published_as=["he"], unit="plans")
    employment: float = count("Moved to employment", published_as=["employ"], unit="plans")
    transferred: float = count("Transferred to another authority", published_as=["transfer"], unit="plans")


class Sen2AnnualReviews(CoreTable):
    """Annual reviews of EHC plans: meetings expected, held in the reference year, and decisions."""

    plans: float = count("EHC plans maintained", published_as=["total_ehc_plans"], unit="plans")
    reviews_expected: float = count("Reviews expected", published_as=["review_expected"], unit="reviews")
    held_in_year: float = count(
        "Most recent meeting in the reference year", published_as=["review_meeting_24"], unit="reviews"
    )
    held_earlier: float = count(
        "Most recent meeting before the reference year: overdue",
        published_as=["review_meeting_prior_24"],
        unit="reviews",
    )
    no_meeting: float = count("No meeting recorded", published_as=["no_review_meeting"], unit="reviews")
    decision_within_4_weeks: float = count(
        "Decision within 4 weeks of the meeting", published_as=["number_decsion_4weeks"], unit="reviews"
    )
    decision_over_4_weeks: float = count(
        "Decision more than 4 weeks after the meeting", published_as=["number_decision_gt_4weeks"], unit="reviews"
    )
    decision_within_4_weeks_percent: float = percentage(
        "Share decided within 4 weeks", published_as=["pc_decsion_4weeks"]
    )


class Sen2PrimaryNeeds(CoreTable):
    """EHC plans at the January census by primary type of need."""

    ehc_plans: float = count("EHC plans maintained", published_as=["ehc_plans"], unit="plans")
    autism: float = count("Autistic spectrum disorder", published_as=["number_asd"], unit="plans")
    hearing: float = count("Hearing impairment", published_as=["number_hi"], unit="plans")
    moderate_learning: float = count("Moderate learning difficulty", published_as=["number_mld"], unit="plans")
    multi_sensory: float = count("Multi-sensory impairment", published_as=["number_msi"], unit="plans")
    other: float = count("Other difficulty or disability", published_as=["number_oth"], unit="plans")
    physical: float = count("Physical disability", published_as=["number_pd"], unit="plans")
    profound_learning: float = count(
        "Profound and multiple learning difficulty", published_as=["number_pmld"], unit="plans"
    )
    semh: float = count("Social, emotional and mental health", published_as=["number_semh"], unit="plans")
    speech_language: float = count(
        "Speech, language and communication needs", published_as=["number_slcn"], unit="plans"
    )
    severe_learning: float = count("Severe learning difficulty", published_as=["number_sld"], unit="plans")
    specific_learning: float = count("Specific learning difficulty", published_as=["number_spld"], unit="plans")
    vision: float = count("Visual impairment", published_as=["number_vi"], unit="plans")
    unknown: float = count("Primary need not recorded", published_as=["number_need_unknown"], unit="plans")
    autism_percent: float = percentage("Share with autism", published_as=["asd_pc"])
    semh_percent: float = percentage("Share with social, emotional and mental health needs", published_as=["semh_pc"])
    speech_language_percent: float = percentage(
        "Share with speech, language and communication needs", published_as=["slcn_pc"]
    )


class Sen2WorkPlacements(CoreTable):
    """Young people with an EHC plan on a work-based placement at the January census."""

    supported_internships: float = count(
        "Supported internships", published_as=["open_supp_intern"], unit="young people"
    )
    apprenticeships: float = count("Apprenticeships", published_as=["open_apprentice"], unit="young people")
    traineeships: float = count("Traineeships", published_as=["open_trainee"], unit="young people")
    placements: float = count("All work-based placements", published_as=["open_wbp"], unit="young people")


class Sen2PersonalBudgets(CoreTable):
    """EHC plans with a personal budget."""

    personal_budgets: float = count("Personal budgets in place", published_as=["personal_budget"], unit="plans")


class Sen2Residential(CoreTable):
    """EHC plans with a residential placement at the January census."""

    weeks_38_to_51: float = count("Residential, 38 to 51 weeks a year", published_as=["Res_3851"], unit="plans")
    weeks_52: float = count("Residential, 52 weeks a year", published_as=["Res_52"], unit="plans")
    residential: float = count("All residential placements", published_as=["Res_tot"], unit="plans")


class PupilsByLanguage(CoreTable):
    """Pupils on roll at the January school census, by phase, ethnic group and first language."""

    phase: str = filter_column("Phase of the school", published_as=["phase_type_grouping"])
    ethnicity: str = filter_column("Ethnic group", published_as=["ethnicity"])
    language: str = filter_column("First language", published_as=["language"])
    pupils: float = count("Pupils on roll", published_as=["headcount"], unit="pupils")
    pupils_percent: float = percentage("Share of pupils", published_as=["percent_of_pupils"])


class PupilsByFreeMeals(CoreTable):
    """Pupils on roll at the January school census, by phase and eligibility for free school meals."""

    phase: str = filter_column("Phase of the school", published_as=["phase_type_grouping"])
    characteristic_group: str = filter_column("Characteristic", published_as=["characteristic_group"])
    characteristic: str = filter_column("Group", published_as=["characteristic"])
    eligibility: str = filter_column("Eligibility for free school meals", published_as=["fsm_eligibility"])
    pupils: float = count("Pupils in the group", published_as=["number_of_pupils"], unit="pupils")
    all_pupils: float = count("All pupils of the characteristic", published_as=["denominator"], unit="pupils")
    pupils_percent: float = percentage("Share of pupils", published_as=["percent_of_pupils"])


class ChildrenInNeed(CoreTable):
    """Children in need during the year and on 31 March."""

    episodes_at_31_march: float = count(
        "Episodes of need open on 31 March", published_as=["At31_episodes"], unit="episodes"
    )
    children_during_year: float = count("Children in need at any point", published_as=["Anypoint_child"])
    children_started: float = count("Children who started an episode", published_as=["Started_child"])


class ChildrenInNeedDisability(CoreTable):
    """Children in need on 31 March with a disability recorded."""

    episodes_at_31_march: float = count(
        "Episodes of need open on 31 March", published_as=["At31_episodes"], unit="episodes"
    )
    disability_recorded: float = count(
        "Episodes with a disability recorded", published_as=["At31_episodes_disability_recorded"], unit="episodes"
    )
    disability_recorded_percent: float = percentage(
        "Share with a disability recorded", published_as=["At31_episodes_disability_recorded_percent"]
    )
    autism_percent: float = percentage("Of those, autism", published_as=["Autism_percent"])
    learning_percent: float = percentage("Of those, learning", published_as=["Learning_Difficulties_percent"])


class ChildrenLookedAfter(CoreTable):
    """Children looked after by the authority, with the population they are a rate of."""

    population_type: str = filter_column("Which children", published_as=["population_type"])
    children: float = count("Children", published_as=["children_count"])
    population: float = count("Children aged 0 to 17 resident", published_as=["population_estimate"])
    rate: float = number("Published rate", published_as=["rate_per_10000"], unit="per 10,000 children", ge=0)


class AbsenceBySocialCare(CoreTable):
    """Absence of pupils in contact with social care, by social care group and phase."""

    social_care_group: str = filter_column("Social care group", published_as=["social_care_group"])
    phase: str = filter_column("Phase of the school", published_as=["phase_type_grouping"])
    pupils: float = count("Pupils", published_as=["t_pupils"], unit="pupils")
    persistent_absentees: float = count(
        "Pupils missing 10 % or more of sessions", published_as=["t_pupils_pa_10_exact"], unit="pupils"
    )
    persistent_percent: float = percentage(
        "Share missing 10 % or more of sessions", published_as=["pt_pupils_pa_10_exact"]
    )
    severe_absentees: float = count(
        "Pupils missing 50 % or more of sessions", published_as=["t_pupils_pa_50_exact"], unit="pupils"
    )
    severe_percent: float = percentage("Share missing 50 % or more of sessions", published_as=["pt_pupils_pa_50_exact"])


class KeyStage2BySocialCare(CoreTable):
    """Key stage 2 attainment of pupils in contact with social care."""

    social_care_group: str = filter_column("Social care group", published_as=["social_care_group"])
    eligible: float = count(
        "Pupils eligible for reading, writing and mathematics", published_as=["t_rwm_eligible_pupils"], unit="pupils"
    )
    met_standard: float = count(
        "Pupils at the expected standard in all three", published_as=["t_rwm_met_expected_standard"], unit="pupils"
    )
    met_standard_percent: float = percentage(
        "Share at the expected standard in all three", published_as=["pt_rwm_met_expected_standard"]
    )


class Participation(CoreTable):
    """Young people aged 16 and 17 who are not in education, employment or training, or not known."""

    cohort: float = count("Average cohort, December to February", published_as=["Cohort_DJFavg"], unit="young people")
    neet_or_unknown_percent: float = percentage("NEET or not known", published_as=["NEET_not_known_percent"])
    neet_percent: float = percentage("NEET", published_as=["NEET_percent"])
    neet_or_unknown_no_sen_percent: float = percentage(
        "NEET or not known, no SEN", published_as=["NEET_NK_noSEN_percent"]
    )
    neet_or_unknown_support_percent: float = percentage(
        "NEET or not known, SEN support", published_as=["NEET_NK_SENDsupport_percent"]
    )
    neet_or_unknown_ehcp_percent: float = percentage(
        "NEET or not known, EHC plan", published_as=["NEET_NK_EHCP_percent"]
    )


class AlternativeProvisionPlacements(CoreTable):
    """Pupils placed by schools in alternative provision on census day, by kind of setting."""

    setting: str = filter_column("Kind of setting", published_as=["setting_type"])
    placements: float = count("Placements", published_as=["placements"], unit="placements")


class PopulationUnder18(CoreTable):
    """Residents aged 0 to 17 at mid-year, as the Department republishes the ONS estimates."""

    age_group: str = filter_column("Age group", published_as=["age_group"])
    residents: float = count("Residents aged 0 to 17", published_as=["population_estimate"], unit="residents")
