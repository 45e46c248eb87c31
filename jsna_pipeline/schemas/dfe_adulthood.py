"""Young people after 16: core tables of the Department for Education.

Here: which published columns each table keeps, what they mean and in which unit. Not here: where
the file lies (`catalogue/datasets/`) or how an indicator combines columns (`catalogue/indicators/`).
Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, percentage


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
    neet_or_unknown_vulnerable_percent: float = percentage(
        "NEET or not known, vulnerable groups", published_as=["VG_NEET_NK_percentage"]
    )
    unknown_percent: float = percentage("Activity not known", published_as=["Notknown_percent"])
    no_sen_percent: float = percentage("Of the cohort, no SEN", published_as=["cohort_noSEN_percent"])
    sen_support_percent: float = percentage("Of the cohort, SEN support", published_as=["cohort_SENDsupport_percent"])
    ehcp_percent: float = percentage("Of the cohort, EHC plan", published_as=["cohort_EHCP_percent"])
    full_time_percent: float = percentage("In full-time education", published_as=["Full_time_education_percent"])
    apprenticeship_percent: float = percentage("In an apprenticeship", published_as=["Apprenticeship_percent"])
    other_training_percent: float = percentage(
        "In other education or training", published_as=["Other_education_and_training_percent"]
    )
    participating_percent: float = percentage(
        "In education or training, all kinds", published_as=["TOTAL_participating_in_education_and_training_percent"]
    )
