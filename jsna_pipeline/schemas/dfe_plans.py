"""EHC plans (SEN2): core tables of the yearly release of the Department for Education.

Here: every published column of the release's files, what it means and in which unit. Not here: where
the file lies, or which columns add up to which (`catalogue/datasets/`), or how an indicator combines
columns (`catalogue/indicators/`). Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, percentage

# Columns of the annual reviews are named after the year that the release is about. A release has that
# year's columns and the following year's; the first spelling that it has is taken, so that the reference
# year is sought from the oldest on and the year after it from the newest on.
REFERENCE_YEARS = range(24, 40)
FOLLOWING_YEARS = range(40, 24, -1)


class Sen2Placements(CoreTable):
    """Where children and young people with a plan are placed: the columns that two files share.

    The three kinds of mainstream place (ordinary, resourced provision, SEN unit) do not overlap.
    """

    mainstream: float = count("Placed in mainstream schools", published_as=["mainstream_total"], unit="plans")
    mainstream_la: float = count(
        "Ordinary places in mainstream schools maintained by the authority",
        published_as=["mainstream_la_maintained"],
        unit="plans",
    )
    mainstream_resourced_la: float = count(
        "Resourced provision in mainstream schools maintained by the authority",
        published_as=["mainstream_la_maintained_resourced_provision"],
        unit="plans",
    )
    mainstream_unit_la: float = count(
        "SEN units in mainstream schools maintained by the authority",
        published_as=["mainstream_la_maintained_senunit"],
        unit="plans",
    )
    mainstream_academy: float = count(
        "Ordinary places in mainstream academies", published_as=["mainstream_academy"], unit="plans"
    )
    mainstream_resourced_academy: float = count(
        "Resourced provision in mainstream academies",
        published_as=["mainstream_academy_resourced_provision"],
        unit="plans",
    )
    mainstream_unit_academy: float = count(
        "SEN units in mainstream academies", published_as=["mainstream_academy_senunit"], unit="plans"
    )
    mainstream_free: float = count(
        "Ordinary places in mainstream free schools", published_as=["mainstream_free_school"], unit="plans"
    )
    mainstream_resourced_free: float = count(
        "Resourced provision in mainstream free schools",
        published_as=["mainstream_free_school_resourced_provision"],
        unit="plans",
    )
    mainstream_unit_free: float = count(
        "SEN units in mainstream free schools", published_as=["mainstream_free_school_senunit"], unit="plans"
    )
    mainstream_independent: float = count(
        "Mainstream independent schools", published_as=["mainstream_independent"], unit="plans"
    )
    mainstream_percent: float = percentage("Share in mainstream schools", published_as=["mainstream_total_pc"])
    special: float = count("Placed in special schools", published_as=["special_total"], unit="plans")
    special_la: float = count(
        "Special schools maintained by the authority", published_as=["special_la_maintained"], unit="plans"
    )
    special_academy_free: float = count(
        "Special academies and free schools", published_as=["special_academy_free"], unit="plans"
    )
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
    alternative_provision_academy: float = count(
        "Alternative provision academies", published_as=["ap_pru_academy"], unit="plans"
    )
    alternative_provision_free: float = count(
        "Alternative provision free schools", published_as=["ap_pru_free_school"], unit="plans"
    )
    alternative_provision_la: float = count(
        "Pupil referral units maintained by the authority", published_as=["ap_pru_la_maintained"], unit="plans"
    )
    alternative_provision_percent: float = percentage(
        "Share in alternative provision or a pupil referral unit", published_as=["AP_PRU_total_pc"]
    )
    further_education: float = count("Placed in further education", published_as=["fe_total"], unit="plans")
    further_education_colleges: float = count(
        "General further education and tertiary colleges", published_as=["general_fe_tertiary_colleges"], unit="plans"
    )
    specialist_post_16: float = count(
        "Specialist post-16 institutions", published_as=["specialist_post_16_institutions"], unit="plans"
    )
    ukrlp_provider: float = count(
        "Other providers of learning on the UK register (UKRLP)", published_as=["ukrlp_provider"], unit="plans"
    )
    further_education_percent: float = percentage("Share in further education", published_as=["fe_total_pc"])
    educated_elsewhere: float = count("Educated elsewhere", published_as=["ed_elsewhere"], unit="plans")
    elective_home_education: float = count(
        "Electively home educated", published_as=["elective_home_education"], unit="plans"
    )
    other_arrangements: float = count(
        "Other arrangements made by the authority", published_as=["other_arrangements_la"], unit="plans"
    )
    other_arrangements_parents: float = count(
        "Other arrangements made by parents", published_as=["other_arrangements_parents"], unit="plans"
    )
    online_provider: float = count("Online providers", published_as=["online_provider"], unit="plans")
    welsh_settings: float = count("Schools and settings in Wales", published_as=["w_settings"], unit="plans")
    other_schools: float = count(
        "Other schools: service schools, offshore, secure units and the like",
        published_as=["other_schools"],
        unit="plans",
    )
    other_settings: float = count(
        "Other settings, including those awaiting a place or with no setting named",
        published_as=["other_placement_settings"],
        unit="plans",
    )
    neet: float = count("Not in education, employment or training", published_as=["neet"], unit="plans")
    neet_notice_to_cease: float = count(
        "Not in education or training, with a notice to cease the plan", published_as=["neet_ntci"], unit="plans"
    )
    neet_other: float = count(
        "Not in education or training, of other ages than compulsory school age",
        published_as=["neet_other"],
        unit="plans",
    )
    no_education_school_age: float = count(
        "Not in education or training, of compulsory school age", published_as=["neet_other_csa"], unit="plans"
    )
    educated_elsewhere_percent: float = percentage("Share educated elsewhere", published_as=["ed_elsewhere_pc"])
    early_years: float = count("Non-maintained early years", published_as=["nm_early_years"], unit="plans")
    early_years_percent: float = percentage(
        "Share in non-maintained early years settings", published_as=["nm_early_years_pc"]
    )
    placement_unknown: float = count("Placement not recorded", published_as=["placement_unknown"], unit="plans")
    placement_unknown_percent: float = percentage(
        "Share whose placement is not recorded", published_as=["placement_unknown_pc"]
    )
    awaiting_provision: float = count(
        "Awaiting provision (collected before 2023 only)", published_as=["await_prov_2022"], unit="plans"
    )
    permanently_excluded: float = count(
        "Permanently excluded (collected before 2023 only)", published_as=["perm_ex_2022"], unit="plans"
    )


class Sen2Caseload(Sen2Placements):
    """EHC plans maintained at the January census, by where the child or young person is placed."""

    ehc_plans: float = count("EHC plans maintained", published_as=["ehcplans", "num_caseload"], unit="plans")


class Sen2AgeBandsTo2022(CoreTable):
    """Statements of SEN and EHC plans together, maintained in January, by age band; the series ended in 2022."""

    plans: float = count("Statements and EHC plans maintained", published_as=["Total_all"], unit="plans")


class Sen2RequestsTo2021(CoreTable):
    """Initial requests for an EHC needs assessment received in the calendar year; this series ended in 2021."""

    requests: float = count("Requests received", published_as=["InreqEHC"], unit="requests")
    decided_not_to_assess: float = count("Decided not to assess", published_as=["AssRefusedEHC"], unit="requests")


class Sen2NewPlans(Sen2Placements):
    """EHC plans made for the first time in the calendar year, by the placement that they name."""

    new_plans: float = count("New plans", published_as=["new_ehc_plans"], unit="plans")


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
        "Share issued within 20 weeks, with exceptions", published_as=["pc_plans_issued_within_20_weeks"]
    )
    within_20_weeks_excl_percent: float = percentage(
        "Share issued within 20 weeks, without exceptions", published_as=["PC_plans_issued_20_weeks_ex"]
    )
    over_20_weeks_within_year: float = count(
        "Issued after 20 weeks but within a year, with exceptions",
        published_as=["plans_issued_gt20weeks_ltYear"],
        unit="plans",
    )
    over_20_weeks_within_year_excl: float = count(
        "Issued after 20 weeks but within a year, without exceptions",
        published_as=["plans_issued_gt20weeks_ltYear_ex"],
        unit="plans",
    )
    over_20_weeks_within_year_percent: float = percentage(
        "Share issued after 20 weeks but within a year, with exceptions",
        published_as=["pc_plans_issued_gt20weeks_ltYear"],
    )
    over_20_weeks_within_year_excl_percent: float = percentage(
        "Share issued after 20 weeks but within a year, without exceptions",
        published_as=["PC_plans_issued_gt20weeks_ltYear_ex"],
    )
    over_one_year: float = count(
        "Issued more than a year after the request, with exceptions",
        published_as=["plans_issued_gt_1_year"],
        unit="plans",
    )
    over_one_year_excl: float = count(
        "Issued more than a year after the request, without exceptions",
        published_as=["plans_issued_gt_1_year_ex"],
        unit="plans",
    )
    over_one_year_percent: float = percentage(
        "Share issued more than a year after the request, with exceptions", published_as=["pc_plans_issued_gt_1_year"]
    )
    over_one_year_excl_percent: float = percentage(
        "Share issued more than a year after the request, without exceptions",
        published_as=["PC_plans_issued_gt_1_year_ex"],
    )


class Sen2Requests(CoreTable):
    """Initial requests for an EHC needs assessment received in the calendar year."""

    requests: float = count("Requests received", published_as=["requests_received_in_year"], unit="requests")
    requests_youth_accommodation: float = count(
        "Requests for a child or young person in relevant youth accommodation",
        published_as=["requests_rya"],
        unit="requests",
    )
    decided_to_assess: float = count("Decided to assess", published_as=["requests_decided_to_assess"], unit="requests")
    decided_not_to_assess: float = count(
        "Decided not to assess", published_as=["requests_decided_not_to_assess"], unit="requests"
    )
    outstanding: float = count(
        "Decision still to be made", published_as=["requests_decision_not_made"], unit="requests"
    )
    withdrawn: float = count("Withdrawn before a decision", published_as=["requests_withdrawn"], unit="requests")
    to_assess_percent: float = percentage(
        "Share of requests that led to an assessment", published_as=["request_assess_pc"]
    )
    not_assessed_percent: float = percentage("Share of requests refused", published_as=["request_not_assess_pc"])
    outstanding_percent: float = percentage(
        "Share of requests still to be decided", published_as=["request_outstanding_pc"]
    )
    withdrawn_percent: float = percentage("Share of requests withdrawn", published_as=["request_withdrawn_pc"])
    within_6_weeks: float = count(
        "Decision within 6 weeks", published_as=["request_outcome_six_weeks"], unit="requests"
    )
    over_6_weeks: float = count(
        "Decision after 6 weeks", published_as=["request_outcome_over_6_weeks"], unit="requests"
    )
    within_6_weeks_percent: float = percentage(
        "Share decided within 6 weeks", published_as=["request_outcome_six_weeks_pc"]
    )
    over_6_weeks_percent: float = percentage(
        "Share decided after 6 weeks", published_as=["request_outcome_over_6_weeks_pc"]
    )
    mediation: float = count("Requests taken to mediation", published_as=["mediation_related_request"], unit="requests")
    tribunal: float = count(
        "Requests taken to the tribunal", published_as=["tribunal_related_request"], unit="requests"
    )
    tribunal_after_mediation: float = count(
        "Requests taken to the tribunal after mediation",
        published_as=["tribunal_after_mediation_request"],
        unit="requests",
    )


class Sen2Assessments(CoreTable):
    """EHC needs assessments completed in the calendar year."""

    assessments: float = count("Assessments completed", published_as=["assess_in_year"], unit="assessments")
    plan_issued: float = count("A plan was issued", published_as=["assess_issued"], unit="assessments")
    plan_issued_percent: float = percentage("Share with a plan issued", published_as=["assess_issued_pc"])
    plan_not_issued: float = count(
        "Decided not to issue a plan", published_as=["assess_not_issued"], unit="assessments"
    )
    plan_not_issued_percent: float = percentage(
        "Share with a decision not to issue a plan", published_as=["assess_not_issued_pc"]
    )
    outstanding: float = count("Decision still to be made", published_as=["assess_not_made"], unit="assessments")
    outstanding_percent: float = percentage(
        "Share with a decision still to be made", published_as=["assess_not_made_pc"]
    )
    withdrawn: float = count("Withdrawn", published_as=["assess_withdrawn"], unit="assessments")
    withdrawn_percent: float = percentage("Share withdrawn", published_as=["assess_withdrawn_pc"])
    refused_within_16_weeks: float = count(
        "Decision not to issue a plan given within 16 weeks",
        published_as=["outcome_decision_within_time"],
        unit="assessments",
    )
    refused_over_16_weeks: float = count(
        "Decision not to issue a plan given after 16 weeks",
        published_as=["outcome_decision_over_time"],
        unit="assessments",
    )
    refused_within_16_weeks_percent: float = percentage(
        "Share of decisions not to issue a plan given within 16 weeks", published_as=["outcome_decision_within_time_pc"]
    )
    refused_over_16_weeks_percent: float = percentage(
        "Share of decisions not to issue a plan given after 16 weeks", published_as=["outcome_decision_over_time_pc"]
    )
    mediation: float = count(
        "Mediations about the decision", published_as=["number_assess_mediation"], unit="assessments"
    )
    tribunal: float = count("Tribunals about the decision", published_as=["number_assess_tribunal"], unit="assessments")
    tribunal_after_mediation: float = count(
        "Tribunals about the decision that followed mediation",
        published_as=["number_asssess_mediation_tribunal"],
        unit="assessments",
    )
    mediation_other: float = count(
        "Mediations for other reasons", published_as=["number_other_mediation"], unit="assessments"
    )
    tribunal_other: float = count(
        "Tribunals for other reasons", published_as=["number_other_tribunal"], unit="assessments"
    )
    tribunal_other_after_mediation: float = count(
        "Tribunals for other reasons that followed mediation",
        published_as=["number_other_mediation_tribunal"],
        unit="assessments",
    )


class Sen2CeasedPlans(CoreTable):
    """EHC plans that ceased in the calendar year, by reason."""

    ceased: float = count("Plans ceased", published_as=["total_ceased"], unit="plans")
    needs_met: float = count("Needs met without a plan", published_as=["needs_met"], unit="plans")
    maximum_age: float = count("Reached the maximum age", published_as=["max_age"], unit="plans")
    higher_education: float = count("Moved to higher education", published_as=["he"], unit="plans")
    employment: float = count("Moved to employment", published_as=["employ"], unit="plans")
    transferred: float = count("Transferred to another authority", published_as=["transfer"], unit="plans")
    no_longer_engages: float = count(
        "No longer wishes to engage in education or training", published_as=["no_engage"], unit="plans"
    )
    moved_outside_england: float = count("Moved outside England", published_as=["moved_outside_eng"], unit="plans")
    died: float = count("The child or young person died", published_as=["deceased"], unit="plans")
    reason_not_recorded: float = count(
        "Reason not recorded by the column's name, another reason by the guidance",
        published_as=["not_rec"],
        unit="plans",
    )
    other_reason: float = count(
        "Another reason by the column's name, not recorded by the guidance", published_as=["other"], unit="plans"
    )


class Sen2AnnualReviews(CoreTable):
    """Annual reviews of EHC plans: meetings expected, held in the reference year, and decisions.

    `held_earlier` is published twice in the 2025 release, with equal figures; the first is read.
    """

    plans: float = count("EHC plans maintained", published_as=["total_ehc_plans"], unit="plans")
    reviews_expected: float = count("Reviews expected", published_as=["review_expected"], unit="reviews")
    reviews_not_expected: float = count(
        "Plans for which no review was expected", published_as=["review_not_expected"], unit="plans"
    )
    meetings: float = count(
        "Review meetings recorded, of whatever year", published_as=["total_review_meeting"], unit="reviews"
    )
    held_after_year: float = count(
        "Most recent meeting after the reference year",
        published_as=[f"review_meeting_{year}" for year in FOLLOWING_YEARS],
        unit="reviews",
    )
    held_in_year: float = count(
        "Most recent meeting in the reference year",
        published_as=[f"review_meeting_{year}" for year in REFERENCE_YEARS],
        unit="reviews",
    )
    held_earlier: float = count(
        "Most recent meeting before the reference year: overdue",
        published_as=[f"review_meeting_prior_{year}" for year in REFERENCE_YEARS],
        unit="reviews",
    )
    no_meeting: float = count("No meeting recorded", published_as=["no_review_meeting"], unit="reviews")
    decided_after_year: float = count(
        "Decision recorded after the reference year",
        published_as=[f"review_decision{year}" for year in FOLLOWING_YEARS],
        unit="reviews",
    )
    decided_in_year: float = count(
        "Decision recorded in the reference year",
        published_as=[f"review_decision{year}" for year in REFERENCE_YEARS],
        unit="reviews",
    )
    decided_earlier: float = count(
        "Decision recorded before the reference year",
        published_as=[f"review_decision_prior{year}" for year in REFERENCE_YEARS],
        unit="reviews",
    )
    decision_not_due: float = count("Decision not yet due", published_as=["review_decision_not_due"], unit="reviews")
    decision_outstanding: float = count(
        "Decision outstanding", published_as=["review_decision_outstanding"], unit="reviews"
    )
    outcome_amend: float = count("Decided to amend the plan", published_as=["outcome_amend"], unit="reviews")
    outcome_cease: float = count("Decided to cease the plan", published_as=["outcome_cease"], unit="reviews")
    outcome_maintain: float = count(
        "Decided to keep the plan as it is", published_as=["outcome_maintan", "outcome_maintain"], unit="reviews"
    )
    no_outcome: float = count("No outcome recorded", published_as=["no_outcome"], unit="reviews")
    decision_within_4_weeks: float = count(
        "Decision within 4 weeks of the meeting", published_as=["number_decsion_4weeks"], unit="reviews"
    )
    decision_over_4_weeks: float = count(
        "Decision more than 4 weeks after the meeting", published_as=["number_decision_gt_4weeks"], unit="reviews"
    )
    decision_within_4_weeks_percent: float = percentage(
        "Share decided within 4 weeks", published_as=["pc_decsion_4weeks"]
    )
    decision_over_4_weeks_percent: float = percentage(
        "Share decided after 4 weeks", published_as=["pc_decision_gt_4weeks"]
    )


class Sen2PrimaryNeeds(CoreTable):
    """EHC plans at the January census by primary type of need."""

    ehc_plans: float = count("EHC plans", published_as=["ehc_plans"], unit="plans")
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
    hearing_percent: float = percentage("Share with a hearing impairment", published_as=["hi_pc"])
    moderate_learning_percent: float = percentage("Share with a moderate learning difficulty", published_as=["mld_pc"])
    multi_sensory_percent: float = percentage("Share with a multi-sensory impairment", published_as=["msi_pc"])
    other_percent: float = percentage("Share with another difficulty or disability", published_as=["oth_pc"])
    physical_percent: float = percentage("Share with a physical disability", published_as=["pd_pc"])
    profound_learning_percent: float = percentage(
        "Share with a profound and multiple learning difficulty", published_as=["pmld_pc"]
    )
    semh_percent: float = percentage("Share with social, emotional and mental health needs", published_as=["semh_pc"])
    speech_language_percent: float = percentage(
        "Share with speech, language and communication needs", published_as=["slcn_pc"]
    )
    severe_learning_percent: float = percentage("Share with a severe learning difficulty", published_as=["sld_pc"])
    specific_learning_percent: float = percentage("Share with a specific learning difficulty", published_as=["spld_pc"])
    vision_percent: float = percentage("Share with a visual impairment", published_as=["vi_pc"])
    unknown_percent: float = percentage("Share whose primary need is not recorded", published_as=["unknown_pc"])


class Sen2NewPlanNeeds(Sen2PrimaryNeeds):
    """EHC plans made for the first time in the calendar year, by primary type of need: the same columns."""


class Sen2WorkPlacements(CoreTable):
    """Young people with an EHC plan on a work-based placement at the January census."""

    supported_internships: float = count(
        "Supported internships", published_as=["open_supp_intern"], unit="young people"
    )
    apprenticeships: float = count("Apprenticeships", published_as=["open_apprentice"], unit="young people")
    traineeships: float = count("Traineeships", published_as=["open_trainee"], unit="young people")
    placements: float = count("All work-based placements", published_as=["open_wbp"], unit="young people")


class Sen2PersonalBudgets(CoreTable):
    """EHC plans with a personal budget at the January census, by what it pays for."""

    personal_budgets: float = count("Personal budgets in place", published_as=["personal_budget"], unit="plans")
    organised_arrangements: float = count(
        "Budgets kept by the authority or school and used as agreed (organised arrangements)",
        published_as=["org_arrangments"],
        unit="plans",
    )
    health_only: float = count("Personal budgets for health only", published_as=["pb_health"], unit="plans")
    education_only: float = count("Personal budgets for education only", published_as=["pb_education"], unit="plans")
    social_care_only: float = count("Personal budgets for social care only", published_as=["pb_social"], unit="plans")
    integrated: float = count(
        "Personal budgets for any combination of education, health and social care",
        published_as=["pb_integrated"],
        unit="plans",
    )


class Sen2Residential(CoreTable):
    """EHC plans with a residential placement at the January census."""

    weeks_38_to_51: float = count("Residential, 38 to 51 weeks a year", published_as=["Res_3851"], unit="plans")
    weeks_52: float = count("Residential, 52 weeks a year", published_as=["Res_52"], unit="plans")
    residential: float = count("All residential placements", published_as=["Res_tot"], unit="plans")
