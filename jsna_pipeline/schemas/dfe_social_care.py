"""Children in need and looked after, and their schooling: core tables of the Department for Education.

Here: which published columns each table keeps, what they mean and in which unit. Not here: where
the file lies (`catalogue/datasets/`) or how an indicator combines columns (`catalogue/indicators/`).
Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column, number, percentage


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
    behaviour_percent: float = percentage("Of those, behaviour", published_as=["Behaviour_percent"])
    communication_percent: float = percentage("Of those, communication", published_as=["Communication_percent"])
    consciousness_percent: float = percentage("Of those, consciousness", published_as=["Consciousness_percent"])
    hand_function_percent: float = percentage("Of those, hand function", published_as=["Hand_Function_percent"])
    hearing_percent: float = percentage("Of those, hearing", published_as=["Hearing_percent"])
    incontinence_percent: float = percentage("Of those, incontinence", published_as=["Incontinence_percent"])
    learning_percent: float = percentage("Of those, learning", published_as=["Learning_Difficulties_percent"])
    mobility_percent: float = percentage("Of those, mobility", published_as=["Mobility_percent"])
    personal_care_percent: float = percentage("Of those, personal care", published_as=["Personal_care_percent"])
    vision_percent: float = percentage("Of those, vision", published_as=["Vision_percent"])
    other_percent: float = percentage("Of those, another disability", published_as=["Other_percent"])


class ChildrenInNeedPrimaryNeed(CoreTable):
    """Episodes of need open on 31 March by the main reason why the child was in need when assessed."""

    episodes_at_31_march: float = count(
        "Episodes of need open on 31 March", published_as=["At31_episodes"], unit="episodes"
    )
    abuse_or_neglect: float = count("Abuse or neglect", published_as=["N1_Abuse_or_neglect"], unit="episodes")
    child_disability: float = count(
        "The child's disability or illness", published_as=["N2_Childs_disability_or_illness"], unit="episodes"
    )
    parent_disability: float = count(
        "A parent's disability or illness", published_as=["N3_Parents_disability_or_illness"], unit="episodes"
    )
    family_in_stress: float = count(
        "Family in acute stress", published_as=["N4_Family_in_acute_stress"], unit="episodes"
    )
    family_dysfunction: float = count("Family dysfunction", published_as=["N5_Family_dysfunction"], unit="episodes")
    unacceptable_behaviour: float = count(
        "Socially unacceptable behaviour", published_as=["N6_Socially_unacceptable_behaviour"], unit="episodes"
    )
    low_income: float = count("Low income", published_as=["N7_Low_income"], unit="episodes")
    absent_parenting: float = count("Absent parenting", published_as=["N8_Absent_parenting"], unit="episodes")
    other_case: float = count(
        "Cases other than children in need", published_as=["N9_Cases_other_than_CIN"], unit="episodes"
    )
    not_stated: float = count("Not stated", published_as=["N0_Not_stated"], unit="episodes")


class AssessmentFactors(CoreTable):
    """Factors found at the end of assessments in the year; one assessment can have several."""

    episodes: float = count(
        "Episodes with an assessment and its factors", published_as=["Episodes_with_assessment_factor"], unit="episodes"
    )
    alcohol_child: float = count("Alcohol misuse by the child", published_as=["Alcohol_Misuse_child"], unit="episodes")
    alcohol_parent: float = count(
        "Alcohol misuse by a parent or carer", published_as=["Alcohol_Misuse_parent"], unit="episodes"
    )
    drugs_child: float = count("Drug misuse by the child", published_as=["Drug_Misuse_child"], unit="episodes")
    drugs_parent: float = count(
        "Drug misuse by a parent or carer", published_as=["Drug_Misuse_parent"], unit="episodes"
    )
    domestic_abuse_child: float = count(
        "Domestic abuse of the child", published_as=["Domestic_Abuse_child"], unit="episodes"
    )
    domestic_abuse_parent: float = count(
        "Domestic abuse of a parent or carer", published_as=["Domestic_Abuse_parent"], unit="episodes"
    )
    mental_health_child: float = count(
        "Mental health of the child", published_as=["Mental_Health_child"], unit="episodes"
    )
    mental_health_parent: float = count(
        "Mental health of a parent or carer", published_as=["Mental_Health_parent"], unit="episodes"
    )
    learning_disability_child: float = count(
        "Learning disability of the child", published_as=["Learning_Disability_child"], unit="episodes"
    )
    learning_disability_parent: float = count(
        "Learning disability of a parent or carer", published_as=["Learning_Disability_parent"], unit="episodes"
    )
    physical_disability_child: float = count(
        "Physical disability or illness of the child", published_as=["Physical_Disability_child"], unit="episodes"
    )
    physical_disability_parent: float = count(
        "Physical disability or illness of a parent or carer",
        published_as=["Physical_Disability_parent"],
        unit="episodes",
    )
    young_carer: float = count("The child is a young carer", published_as=["Young_Carer"], unit="episodes")
    going_missing: float = count("Going missing", published_as=["Going_missing"], unit="episodes")
    self_harm: float = count("Self-harm", published_as=["Self_harm"], unit="episodes")
    neglect: float = count("Neglect", published_as=["Neglect"], unit="episodes")
    emotional_abuse: float = count("Emotional abuse", published_as=["Emotional_Abuse"], unit="episodes")
    sexual_exploitation: float = count(
        "Child sexual exploitation", published_as=["Child_sexual_exploitation"], unit="episodes"
    )
    criminal_exploitation: float = count(
        "Child criminal exploitation", published_as=["Child_criminal_exploitation"], unit="episodes"
    )


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


class SenBySocialCare(CoreTable):
    """School-age children in contact with social care by stage of special educational needs and primary need."""

    social_care_group: str = filter_column("Social care group", published_as=["social_care_group"])
    pupils: float = count("Pupils matched to the school census", published_as=["t_pupils"], unit="pupils")
    no_sen: float = count("Without identified SEN", published_as=["t_no_identified_SEN"], unit="pupils")
    any_sen: float = count("With SEN support or an EHC plan", published_as=["t_all_SEN"], unit="pupils")
    sen_support: float = count("With SEN support", published_as=["t_SEN_support"], unit="pupils")
    ehc_plan: float = count("With an EHC plan", published_as=["t_statement_or_EHC_plan"], unit="pupils")
    autism: float = count("Of those with SEN: autistic spectrum disorder", published_as=["t_ASD"], unit="pupils")
    hearing: float = count("Of those with SEN: hearing impairment", published_as=["t_HI"], unit="pupils")
    moderate_learning: float = count(
        "Of those with SEN: moderate learning difficulty", published_as=["t_MLD"], unit="pupils"
    )
    multi_sensory: float = count("Of those with SEN: multi-sensory impairment", published_as=["t_MSI"], unit="pupils")
    no_specialist_assessment: float = count(
        "Of those with SEN: SEN support but no specialist assessment of the type of need",
        published_as=["t_NSA"],
        unit="pupils",
    )
    other_difficulty: float = count(
        "Of those with SEN: another difficulty or disability", published_as=["t_OTH"], unit="pupils"
    )
    physical: float = count("Of those with SEN: physical disability", published_as=["t_PD"], unit="pupils")
    profound_multiple: float = count(
        "Of those with SEN: profound and multiple learning difficulty", published_as=["t_PMLD"], unit="pupils"
    )
    social_emotional_mental: float = count(
        "Of those with SEN: social, emotional and mental health", published_as=["t_SEMH"], unit="pupils"
    )
    speech_language: float = count(
        "Of those with SEN: speech, language and communication", published_as=["t_SLCN"], unit="pupils"
    )
    severe_learning: float = count(
        "Of those with SEN: severe learning difficulty", published_as=["t_SLD"], unit="pupils"
    )
    specific_learning: float = count(
        "Of those with SEN: specific learning difficulty", published_as=["t_SPLD"], unit="pupils"
    )
    vision: float = count("Of those with SEN: vision impairment", published_as=["t_VI"], unit="pupils")
    any_sen_percent: float = percentage("Share with SEN support or an EHC plan", published_as=["pt_all_SEN"])
    sen_support_percent: float = percentage("Share with SEN support", published_as=["pt_SEN_support"])
    ehc_plan_percent: float = percentage("Share with an EHC plan", published_as=["pt_statement_or_EHC_plan"])


class LookedAfterHealth(CoreTable):
    """Health, convictions and substance misuse of children looked after for at least 12 months."""

    subject: str = filter_column("Subject and ages of the children", published_as=["characteristic"])
    outcome: str = filter_column("Outcome within the subject", published_as=["breakdown"])
    # One row of each area holds the average score of the questionnaire in the column of counts.
    children: float = count("Children, or the average score", published_as=["children_count"])
    children_percent: float = percentage("Share of the children of the subject", published_as=["children_percent"])
