"""What children and young people achieve, with counts: core tables of the Department for Education.

Here: the early years foundation stage profile, key stage 4 of pupils in contact with social care and
qualifications by age 19: which published columns each table keeps, what they mean and in which unit.
Not here: attendance (`dfe_attendance.py`), key stage 2 of pupils in contact with social care
(`dfe_social_care.py`), or how an indicator combines columns (`catalogue/indicators/`).
Meanings follow the data guidance that each release carries.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, count, filter_column, number, percentage


class EarlyYearsProfile(CoreTable):
    """The early years foundation stage profile since its goals were rewritten (2021/22 on)."""

    sex: str = filter_column("Sex: Total, Girls or Boys", published_as=["sex", "gender"])
    children: float = count("Children assessed", published_as=["children_number"])
    all_goals: float = count("Children at the expected level in all 17 goals", published_as=["elg_number"])
    all_goals_percent: float = percentage("Share at the expected level in all", published_as=["elg_percentage"])
    communication: float = count(
        "Children at the expected level in communication and language and in literacy",
        published_as=["comm_lang_lit_number"],
    )
    communication_percent: float = percentage(
        "Share at the expected level in communication and language and in literacy",
        published_as=["comm_lang_lit_percentage"],
    )
    good_level: float = count("Children with a good level of development", published_as=["gld_number"])
    good_level_percent: float = percentage("Share with a good level of development", published_as=["gld_percentage"])


class EarlyYearsProfileTo2019(CoreTable):
    """The profile as it was from 2012/13 to 2018/19, under the earlier goals."""

    sex: str = filter_column("Sex: Total, Girls or Boys", published_as=["gender"])
    children: float = count("Children assessed", published_as=["number_of_children"])
    all_goals: float = count("Children at the expected level in all 17 goals", published_as=["elg_number"])
    all_goals_percent: float = percentage("Share at the expected level in all", published_as=["elg_percent"])
    communication: float = count(
        "Children at the expected level in communication and language and in literacy",
        published_as=["comm_lang_lit_number"],
    )
    communication_percent: float = percentage(
        "Share at the expected level in communication and language and in literacy",
        published_as=["comm_lang_lit_percent"],
    )
    good_level: float = count("Children with a good level of development", published_as=["gld_number"])
    good_level_percent: float = percentage("Share with a good level of development", published_as=["gld_percent"])


class KeyStage4BySocialCare(CoreTable):
    """Results at 16 of pupils in contact with social care, by social care group."""

    social_care_group: str = filter_column("Social care group", published_as=["social_care_group"])
    pupils: float = count("Pupils at the end of key stage 4", published_as=["t_pupils"], unit="pupils")
    attainment_8_points: float = number(
        "Attainment 8 points of all pupils together", published_as=["t_att8"], unit="points", ge=0
    )
    attainment_8: float = number("Average Attainment 8 score", published_as=["avg_att8"], unit="score", ge=0, le=90)
    grade_5: float = count(
        "Pupils with grade 5 or above in English and mathematics", published_as=["t_l2basics_95"], unit="pupils"
    )
    grade_5_percent: float = percentage(
        "Share with grade 5 or above in English and mathematics", published_as=["pt_l2basics_95"]
    )
    grade_4: float = count(
        "Pupils with grade 4 or above in English and mathematics", published_as=["t_l2basics_94"], unit="pupils"
    )
    grade_4_percent: float = percentage(
        "Share with grade 4 or above in English and mathematics", published_as=["pt_l2basics_94"]
    )
    progress_8_pupils: float = count("Pupils in the Progress 8 measure", published_as=["t_inp8calc"], unit="pupils")
    progress_8_points: float = number("Progress 8 scores added up", published_as=["t_p8score"], unit="points")
    progress_8: float = number("Average Progress 8 score", published_as=["avg_p8score"], unit="score")


class QualificationsByAge19(CoreTable):
    """Levels reached by age 19 by the young people who were in a state school in the area at 15."""

    sex: str = filter_column("Sex: ALL, Female or Male", published_as=["gender"])
    free_meals: str = filter_column("Free school meals at 15: ALL, eligible or not", published_as=["fsm"])
    sen: str = filter_column("Stage of SEN at 15: ALL, none, without or with a plan", published_as=["sen"])
    cohort: float = count(
        "Young people who were in a state school at 15", published_as=["number_in_ss_cohort"], unit="young people"
    )
    level_2: float = count("Qualified to level 2 by 19", published_as=["l2_by19"], unit="young people")
    level_2_english_maths: float = count(
        "Qualified to level 2 with English and mathematics by 19",
        published_as=["l2_with_em_by19"],
        unit="young people",
    )
    level_3: float = count("Qualified to level 3 by 19", published_as=["l3_by19"], unit="young people")
    english_maths_by_16: float = count(
        "With level 2 in English and mathematics by 16", published_as=["l2_em_by16"], unit="young people"
    )
    # The publication prints the cohort and those with both subjects at 16; the rest is their difference.
    without_english_maths_at_16: float = count(
        "Without level 2 in English and mathematics at 16: the cohort less those with both",
        published_as=["number_in_ss_cohort"],
        unit="young people",
    )
    english_maths_after_16: float = count(
        "Who reached level 2 in English and mathematics between 16 and 19",
        published_as=["l2_em_by19_belowat16"],
        unit="young people",
    )
