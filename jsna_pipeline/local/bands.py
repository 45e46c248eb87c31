"""The groups in which persons are counted (age, school year, provision, length of a wait) and what nests in what.

Here: expressions from codes and dates to categories, and the nests among the categories. Not here: joining
tables (`plans.py`, `pupils.py`, …) or counting (`counts.py`).

Categories carry the words of the published indicators where these count the same thing (`primary_need`,
`placement`), so that a local cell can be held against a published one.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jsna_pipeline.catalogue.returns import code_lists

NOT_KNOWN = "not_known"
YES, NO = "yes", "no"

NEEDS = {
    "ASD": "autism",
    "SEMH": "semh",
    "SLCN": "speech_language_and_communication",
    "MLD": "moderate_learning_difficulty",
    "SLD": "severe_learning_difficulty",
    "PMLD": "profound_and_multiple_learning_difficulty",
    "SPLD": "specific_learning_difficulty",
    "PD": "physical_disability",
    "HI": "hearing_impairment",
    "VI": "vision_impairment",
    "MSI": "multi_sensory_impairment",
    "OTH": "other_difficulty_or_disability",
    # The published figures count Down syndrome here, and a local count must be comparable with them.
    "DS": "other_difficulty_or_disability",
    "NSA": "no_specialist_assessment",
    "BESD": "semh",
}
# The four broad areas of the SEND code of practice (2015), 6.28 to 6.35.
AREA_OF_NEED = {
    "autism": "communication_and_interaction",
    "speech_language_and_communication": "communication_and_interaction",
    "moderate_learning_difficulty": "cognition_and_learning",
    "severe_learning_difficulty": "cognition_and_learning",
    "profound_and_multiple_learning_difficulty": "cognition_and_learning",
    "specific_learning_difficulty": "cognition_and_learning",
    "semh": "social_emotional_and_mental_health",
    "physical_disability": "sensory_and_physical",
    "hearing_impairment": "sensory_and_physical",
    "vision_impairment": "sensory_and_physical",
    "multi_sensory_impairment": "sensory_and_physical",
    "other_difficulty_or_disability": "other_or_not_assessed",
    "no_specialist_assessment": "other_or_not_assessed",
    "none": "none",
    NOT_KNOWN: NOT_KNOWN,
}
SEN_STAGES = {
    "N": "no_sen",
    "K": "sen_support",
    "A": "sen_support",
    "P": "sen_support",
    "E": "ehc_plan",
    "S": "ehc_plan",
}
SEN = {"no_sen": NO, "sen_support": YES, "ehc_plan": YES, NOT_KNOWN: NOT_KNOWN}
PLACEMENT = {
    "mainstream": "mainstream",
    "resourced_or_unit": "mainstream",
    "independent_mainstream": "mainstream",
    "state_special": "special",
    "independent_special": "special",
    "alternative_provision": "alternative_provision",
    "further_education": "further_education",
    "early_years": "early_years",
    "educated_elsewhere": "educated_elsewhere",
    "not_in_education": "educated_elsewhere",
    NOT_KNOWN: NOT_KNOWN,
}
SETTINGS = {
    "OLA": "educated_elsewhere",
    "OPA": "educated_elsewhere",
    "EHE": "educated_elsewhere",
    "EYP": "early_years",
    "OTH": NOT_KNOWN,
    "NEET": "not_in_education",
    "NIEC": "not_in_education",
    "NIEO": "not_in_education",
}
# The first part of a type's name that is found decides: a special post-16 institution is no special school, and
# an academy for alternative provision no mainstream academy.
ESTABLISHMENT_TYPES = (
    ("special post 16|further education|sixth form|16 to 19|16-19|higher education", "further_education"),
    ("pupil referral|alternative provision", "alternative_provision"),
    ("independent special|non-maintained special", "independent_special"),
    ("special", "state_special"),
    ("independent", "independent_mainstream"),
    ("nursery|children's centre", "early_years"),
    ("online provider|welsh establishment|hospital|secure unit|offshore", "educated_elsewhere"),
)
AGES = ["under_3", "nursery", "reception"] + [f"year_{year}" for year in range(1, 14)]
AGES += [f"age_{age}" for age in range(18, 26)]
AGE_BANDS = {(0, 4): "0-4", (5, 10): "5-10", (11, 15): "11-15", (16, 19): "16-19", (20, 25): "20-25"}
SIXTEEN_OR_OVER = {"0-4": NO, "5-10": NO, "11-15": NO, "16-19": YES, "20-25": YES, NOT_KNOWN: NOT_KNOWN}
YEAR_GROUPS = {"E1": "nursery", "E2": "nursery", "N1": "nursery", "N2": "nursery", "R": "reception"}
YEAR_GROUPS |= {str(year): f"year_{year}" for year in range(1, 15)} | {"M": "not_by_year", "X": "not_by_year"}
PHASE = {"nursery": "nursery", "reception": "primary", "not_by_year": "not_by_year", NOT_KNOWN: NOT_KNOWN}
PHASE |= {
    f"year_{year}": "primary" if year <= 6 else "secondary" if year <= 11 else "after_16" for year in range(1, 15)
}
# A case is open for too long from 20 weeks on; decisions are due at 6 and 16.
WEEKS_OPEN = ((6, "0-6"), (16, "6-16"), (20, "16-20"), (26, "20-26"), (39, "26-39"), (52, "39-52"))
OVER_20_WEEKS = {"0-6": NO, "6-16": NO, "16-20": NO, "20-26": YES, "26-39": YES, "39-52": YES, "over_52": YES}
WEEKS_TO_PLAN = ((20, "up_to_20"), (26, "20-26"), (39, "26-39"), (52, "39-52"))
WEEKS_WAITED = ((6, "0-6"), (12, "6-12"), (18, "12-18"), (26, "18-26"), (52, "26-52"))
OVER_18_WEEKS = {"0-6": NO, "6-12": NO, "12-18": NO, "18-26": YES, "26-52": YES, "over_52": YES}
WEEKS_LASTED = ((6, "up_to_6_weeks"), (12, "6_to_12_weeks"), (26, "12_to_26_weeks"), (52, "26_to_52_weeks"))
YEARS_HELD = ((1, "under_1"), (3, "1-2"), (6, "3-5"), (10, "6-9"))
ACTIVITIES = {
    "school": "in_education_or_training",
    "college": "in_education_or_training",
    "apprenticeship": "in_education_or_training",
    "supported_internship": "in_education_or_training",
    "training": "in_education_or_training",
    "employment": "in_work",
    "neet_seeking": "neet",
    "neet_not_available": "neet",
    NOT_KNOWN: NOT_KNOWN,
}


def academic_age(birth_month: pl.Expr, on: date | pl.Expr) -> pl.Expr:
    """Age in whole years on the 31 August before a day.

    Whole months of birth are enough: a child born on any day of August has had that birthday by then.
    """
    day = pl.lit(on) if isinstance(on, date) else on
    starts = day.dt.year().cast(pl.Int32) - (day.dt.month() < 9).cast(pl.Int32)
    return starts - birth_month.dt.year().cast(pl.Int32) - (birth_month.dt.month() > 8).cast(pl.Int32)


def age_band(age: pl.Expr) -> pl.Expr:
    """0-4, 5-10, 11-15, 16-19 or 20-25; null outside 0 to 25."""
    return pl.coalesce(pl.when(age.is_between(low, high)).then(pl.lit(band)) for (low, high), band in AGE_BANDS.items())


def year_of_age(age: pl.Expr) -> pl.Expr:
    """The school year that belongs to an academic age: 4 is reception, 5 is year 1; from 18 on the age itself."""
    known = pl.when(age.is_between(0, 25)).then((age - 2).clip(0, len(AGES) - 1))
    return known.replace_strict(dict(enumerate(AGES)), return_dtype=pl.String, default=None)


def recoded(code: pl.Expr, categories: dict[str, str]) -> pl.Expr:
    """The category of each code; null for a code that has none."""
    return code.replace_strict(categories, return_dtype=pl.String, default=None)


def ethnic_group(code: pl.Expr) -> pl.Expr:
    """White, mixed, Asian, Black or other; null where refused or not obtained."""
    groups = {code: entry.group.lower().replace(" ", "_") for code, entry in code_lists()["ethnicity"].codes.items()}
    return recoded(code.str.slice(0, 4), groups)


def sex(code: pl.Expr) -> pl.Expr:
    return recoded(code, {"M": "male", "1": "male", "F": "female", "2": "female"})


def yes_no(flag: pl.Expr) -> pl.Expr:
    """`yes` or `no`; null stays null."""
    return pl.when(flag).then(pl.lit(YES)).when(~flag).then(pl.lit(NO))


def weeks_between(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Weeks from one day to another, with fractions."""
    return (end - start).dt.total_days() / 7


def banded(amount: pl.Expr, bands: tuple[tuple[float, str], ...], beyond: str, *, closed: bool = True) -> pl.Expr:
    """The first band whose upper end is not exceeded (`closed`) or not reached; `beyond` above the last."""
    within = [amount <= end if closed else amount < end for end, _ in bands]
    named = [pl.when(test).then(pl.lit(band)) for test, (_, band) in zip(within, bands, strict=True)]
    return pl.when(amount.is_not_null()).then(pl.coalesce(*named, pl.lit(beyond)))


def establishment_provision(type_name: pl.Expr) -> pl.Expr:
    """Kind of provision from the register's name of the type of establishment; any other school is mainstream."""
    lower = type_name.str.to_lowercase()
    named = [pl.when(lower.str.contains(pattern)).then(pl.lit(kind)) for pattern, kind in ESTABLISHMENT_TYPES]
    return pl.when(type_name.is_not_null()).then(pl.coalesce(*named, pl.lit("mainstream")))


def _years_in_bands() -> dict[str, str]:
    ages = {name: place + 2 for place, name in enumerate(AGES)}
    return {name: next(b for (_, high), b in AGE_BANDS.items() if age <= high) for name, age in ages.items()}


# Child dimension and parent dimension, with the category in which each category lies.
NESTS: dict[tuple[str, str], dict[str, str]] = {
    ("year_of_age", "age_band"): _years_in_bands() | {NOT_KNOWN: NOT_KNOWN},
    ("age_band", "aged_16_or_over"): SIXTEEN_OR_OVER,
    ("year_group", "phase"): PHASE,
    ("sen_stage", "sen"): SEN,
    ("primary_need", "area_of_need"): AREA_OF_NEED,
    ("provision", "placement"): PLACEMENT,
    ("weeks_open", "over_20_weeks"): OVER_20_WEEKS | {NOT_KNOWN: NOT_KNOWN},
    ("weeks_waited", "over_18_weeks"): OVER_18_WEEKS | {NOT_KNOWN: NOT_KNOWN, "not_waiting": "not_waiting"},
    ("activity", "participation"): ACTIVITIES,
}

# Categories that a table's filter rules out by definition, so that their 0 is no figure.
RULED_OUT: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("sen", YES): {"primary_need": ("none",), "area_of_need": ("none",)},
    ("aged_16_or_over", YES): {"after_16": ("under_16",)},
    ("transfer_due", YES): {"phase_transfer": ("none",), "transfer_in_time": ("none_due",)},
}
